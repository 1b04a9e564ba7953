"""The newest Home Assistant and the exchange, each in a process of its own, as at home."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import re
from typing import Any

import pytest

from scripts.exchange import Exchange, exchange as run_exchange
from scripts.home import Home, free_port

from .blocking import WATCH, blocked

USER = "7654321"
PASSWORD = "nobody-may-read-this"
SOON = 30
"""Seconds within which an event has to come."""

ACTIVE_CALLS = f"sensor.odorik_{USER}_active_calls"
LAST_MISSED_CALL = f"sensor.odorik_{USER}_last_missed_call"


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[Exchange]:  # noqa: ARG001
    """An exchange where nothing happens by itself."""
    async with run_exchange("--world", "quiet", "--user", USER, "--password", PASSWORD) as running:
        yield running


@pytest.fixture
async def home(exchange: Exchange, tmp_path: Path) -> AsyncGenerator[Home]:
    """A Home Assistant to which nothing has been added; whatever it does, its log keeps secrets."""
    async with Home(
        folder=tmp_path, port=free_port(), exchange=exchange.url, prelude=WATCH
    ) as running:
        level = {"custom_components.odorik": "debug"}
        await running.post("services/logger/set_level", **level)
        yield running
    log = running.log + (tmp_path / "console.log").read_text("utf-8")
    assert PASSWORD not in log
    assert re.findall(r"https?://\S*\?", log) == []
    assert re.findall(r".* ERROR .*|.*Attempting install.*", log) == []
    assert blocked(tmp_path) == []


def is_up(count: int) -> Callable[[dict[str, Any]], bool]:
    """Tell whether so many calls are up."""
    return lambda state: state["state"] == str(count)


async def test_an_account_from_the_form_to_a_missed_call(home: Home, exchange: Exchange) -> None:
    """Each part works alone, and yet nobody's telephone shows on anybody's wall."""
    refused = await home.add("odorik", username=USER, password="wrong")
    assert (refused["type"], refused["errors"]) == ("form", {"base": "invalid_auth"})
    added = await home.add("odorik", username=USER, password=PASSWORD)
    assert (added["type"], added["title"]) == ("create_entry", f"Odorik {USER}")
    entry_id = added["result"]["entry_id"]
    assert (await home.change(entry_id, active_interval=5))["type"] == "create_entry"

    async with (
        home.events("odorik_call_ended") as ended,
        home.events("odorik_missed_call") as missed,
    ):
        await exchange.do("ring", **{"from": "777123456"})
        [call] = (await home.until(ACTIVE_CALLS, is_up(1)))["attributes"]["calls"]
        assert (call["number"], call["answered_at"]) == ("+420777123456", None)
        await exchange.do("answer")
        # An answer without any talk time is none.
        await asyncio.sleep(1)
        response = await home.act("odorik.hangup", answer=True, all=True)
        assert response == {"hung_up": [call["active_call_id"]]}
        await home.until(ACTIVE_CALLS, is_up(0))
        event = await asyncio.wait_for(ended.get(), SOON)
        assert (event["active_call_id"], event["status"]) == (call["active_call_id"], "answered")

        await exchange.do("ring", **{"from": "733555111"})
        await home.until(ACTIVE_CALLS, is_up(1))
        await exchange.do("end")
        event = await asyncio.wait_for(missed.get(), SOON)
        assert event["number"] == "+420733555111"
        assert event["config_entry_id"] == entry_id
        assert missed.empty()
        assert ended.empty()


async def test_a_call_missed_while_home_assistant_was_off_is_told(
    home: Home, exchange: Exchange
) -> None:
    """Whoever called during an update would never be called back."""
    await home.add("odorik", username=USER, password=PASSWORD)
    assert (await home.state(LAST_MISSED_CALL))["state"] == "unknown"
    await home.stop()
    await exchange.do("miss", **{"from": "733555111"})
    await home.start()
    told = await home.until(LAST_MISSED_CALL, lambda state: state["state"] != "unknown")
    assert told["attributes"]["number"] == "+420733555111"
    assert told["attributes"]["replayed"] is True


async def test_nothing_that_is_asked_for_makes_the_house_wait(
    home: Home, exchange: Exchange, tmp_path: Path
) -> None:
    """The lights would stand still while a file is read for somebody who looks at the telephone."""
    added = await home.add("odorik", username=USER, password=PASSWORD)
    entry_id = added["result"]["entry_id"]
    for number in ("777123456", "+441632960961", "004930901820", "+8001234567", "+15005550006"):
        await exchange.do("miss", **{"from": number})
    await home.act("homeassistant.update_entity", entity_id=[LAST_MISSED_CALL])
    await home.until(LAST_MISSED_CALL, lambda state: state["state"] != "unknown")
    assert await home.get(f"diagnostics/config_entry/{entry_id}")
    assert await home.command("odorik/history", config_entry_id=entry_id)
    assert await home.command("logbook/get_events", start_time="2020-01-01T00:00:00+00:00")
    answer = await home.act(
        "odorik.export_calls", answer=True, start="2020-01-01 00:00:00", path="calls.csv"
    )
    assert answer["calls"] == 5
    call = {"recipient": "+390612345678", "caller": "+819012345678"}
    assert await home.act("odorik.callback", answer=True, **call) == {"status": "ordered"}
    assert (tmp_path / "calls.csv").exists()
