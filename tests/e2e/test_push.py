"""Tests of push between a real Home Assistant and the exchange."""

from pathlib import Path

import pytest

from scripts.demo import CALLER, demo
from scripts.home import free_port

RINGS = 5
POLL_INTERVAL = 300
"""Seconds between polls of the active calls, so long that only a push can show a call in time."""
RINGING = "binary_sensor.odorik_1234567_ringing"


@pytest.mark.usefixtures("socket_enabled")
async def test_a_pushed_call_is_shown_without_a_poll(tmp_path: Path) -> None:
    """Each push shows its call. The address of the webhook, which is a secret, is not logged."""
    async with demo(tmp_path, free_port(), "--no-background-traffic", push=True) as (
        exchange,
        home,
    ):
        (entry,) = await home.get("config/config_entries/entry?domain=odorik")
        await home.change_options(
            entry["entry_id"], caller=CALLER, push=True, active_interval=POLL_INTERVAL
        )
        for number in range(RINGS):
            await exchange.do("ring", **{"from": f"77712345{number}"})
            await home.wait_for_state(RINGING, lambda state: state["state"] == "on")
            await exchange.do("end")
            await home.wait_for_state(RINGING, lambda state: state["state"] == "off")
        pushes = await exchange.read("pushes")
        assert [push["outcome"] for push in pushes] == ["rings silently"] * RINGS
        last = await home.state("sensor.odorik_1234567_last_push_received")
        assert (last["attributes"]["announced"], last["attributes"]["proven"]) == (RINGS, True)
        webhook_id = (await home.webhook_path(entry["title"])).rpartition("/")[2]
        assert webhook_id not in home.log + (tmp_path / "console.log").read_text("utf-8")
