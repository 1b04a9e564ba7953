"""Tests of the demo."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.demo import CALLER, DASHBOARD, DEMO_PAGE, PANEL, WORLD, demo
from scripts.home import Home, free_port

from .monthly_totals import assert_totals_match


@pytest.mark.usefixtures("socket_enabled")
async def test_the_demo_shows_a_working_account(tmp_path: Path) -> None:
    """The demo opens with the generated dashboard of an account with five years of statistics."""
    async with demo(tmp_path, free_port(), *WORLD, "--no-background-traffic") as (exchange, home):
        assert await home.command("lovelace/config", url_path=PANEL) == DASHBOARD
        data = await home.command("frontend/get_system_data", key="core")
        assert data["value"] == {"default_panel": PANEL}
        [entry] = await home.get("config/config_entries/entry?domain=odorik")
        assert entry["state"] == "loaded"
        await home.act("odorik.callback", recipient="777 123 456")
        [order] = (await exchange.account())["callbacks"]
        assert order["caller"].endswith(CALLER.replace(" ", ""))
        await home.wait_for_statistics()
        await assert_totals_match(home, exchange, months=60)


async def wait_for_notification(home: Home, fits: Callable[[dict[str, Any]], bool]) -> str:
    """Wait for a notification, and return its text."""
    async with asyncio.timeout(30):
        while True:
            for notification in await home.command("persistent_notification/get"):
                if fits(notification):
                    return str(notification["message"])
            await asyncio.sleep(0.1)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_message_and_a_voicemail_lead_to_notifications(tmp_path: Path) -> None:
    """The message comes from the control page, and the voicemail from the button of the demo."""
    async with demo(tmp_path, free_port(), "--no-background-traffic") as (exchange, home):
        await exchange.do("message", **{"from": "777123456"})
        sensor = "sensor.odorik_1234567_last_call"
        await home.act("homeassistant.update_entity", entity_id=[sensor])
        text = await wait_for_notification(home, lambda shown: shown["title"] == "SMS received")
        assert text == "From Jan Novák mobil"
        await exchange.do("miss", **{"from": "777123456"})
        config = await home.command("lovelace/config", url_path=DEMO_PAGE)
        button, _ = config["views"][0]["cards"]
        await home.act(button["tap_action"]["perform_action"])
        text = await wait_for_notification(home, lambda shown: shown["title"] == "Voicemail")
        assert text == (
            "Jan Novák mobil · +420 777 123 456 · 8 s\n"
            "Ahoj, tady Jan. V pondělí nepřijedu,\n"
            "zavolej mi prosím zpátky."
        )
