"""Tests of an account in a real Home Assistant, from the config flow to events and actions."""

import asyncio
from pathlib import Path

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

EVENT_TIMEOUT = 30
ACTIVE_CALLS = f"sensor.odorik_{LOGIN['username']}_active_calls"
LAST_MISSED_CALL = f"sensor.odorik_{LOGIN['username']}_last_missed_call"


async def test_an_account_reports_calls_after_set_up(home: Home, exchange: Exchange) -> None:
    """A wrong password is refused; with the right one, calls are shown, hung up and reported.

    A call that is missed while Home Assistant is off is reported at the next start.
    """
    refused = await home.add("odorik", **LOGIN | {"password": "wrong"})
    assert (refused["type"], refused["errors"]) == ("form", {"base": "invalid_auth"})
    added = await home.add("odorik", **LOGIN)
    assert (added["type"], added["title"]) == ("create_entry", f"Odorik {LOGIN['username']}")
    entry_id = added["result"]["entry_id"]
    assert (await home.change_options(entry_id, active_interval=5))["type"] == "create_entry"

    async with (
        home.events("odorik_call_ended") as ended,
        home.events("odorik_missed_call") as missed,
    ):
        await exchange.do("ring", **{"from": "777123456"})
        state = await home.wait_for_state(ACTIVE_CALLS, lambda now: now["state"] == "1")
        [call] = state["attributes"]["calls"]
        assert (call["number"], call["answered_at"]) == ("+420777123456", None)
        await exchange.do("answer")
        # A call without talk time does not count as answered.
        await asyncio.sleep(1)
        response = await home.act("odorik.hangup", answer=True, all=True)
        assert response == {"hung_up": [call["active_call_id"]]}
        await home.wait_for_state(ACTIVE_CALLS, lambda now: now["state"] == "0")
        event = await asyncio.wait_for(ended.get(), EVENT_TIMEOUT)
        assert (event["active_call_id"], event["status"]) == (call["active_call_id"], "answered")

        await exchange.do("ring", **{"from": "733555111"})
        await home.wait_for_state(ACTIVE_CALLS, lambda now: now["state"] == "1")
        await exchange.do("end")
        event = await asyncio.wait_for(missed.get(), EVENT_TIMEOUT)
        assert event["number"] == "+420733555111"
        assert event["config_entry_id"] == entry_id
        assert missed.empty()
        assert ended.empty()

    await home.stop()
    await exchange.do("miss", **{"from": "777123456"}, ringing=0)
    await home.start()
    state = await home.wait_for_state(
        LAST_MISSED_CALL, lambda now: now["attributes"].get("number") == "+420777123456"
    )
    assert state["attributes"]["replayed"] is True


async def test_no_request_blocks_the_event_loop(
    home: Home, exchange: Exchange, entry_id: str, tmp_path: Path
) -> None:
    """Diagnostics, history, logbook, export and callback open no file in the event loop."""
    for number in ("777123456", "+441632960961", "004930901820", "+8001234567", "+15005550006"):
        await exchange.do("miss", **{"from": number})
    await home.act("homeassistant.update_entity", entity_id=[LAST_MISSED_CALL])
    await home.wait_for_state(LAST_MISSED_CALL, lambda now: now["state"] != "unknown")
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
