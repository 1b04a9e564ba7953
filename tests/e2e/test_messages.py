"""Tests of text messages in a real Home Assistant."""

import asyncio
from typing import Any

import pytest

from scripts.client import HomeError
from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

CONFIGURATION = """\
automation leak:
  - alias: Leak
    triggers:
      - trigger: event
        event_type: leak
    actions:
      - action: notify.send_message
        target:
          entity_id: notify.petr_sms
        data:
          title: Sklep
          message: Voda na podlaze
"""
# Home Assistant logs an action that is refused as an error.
EXPECTED_ERROR = "ERROR (MainThread) [homeassistant.components.api] Error during"
LOGBOOK_TIMEOUT = 60
PETR, EVA = "00420777123456", "00420602987654"


async def messages(exchange: Exchange) -> list[tuple[str, str]]:
    """Return the recipient and the text of each message that the exchange has sent."""
    return [
        (message["recipient"], message["text"])
        for message in (await exchange.account())["messages"]
    ]


async def logbook(home: Home) -> set[str]:
    """Return the name and message of each entry of the logbook."""
    log = await home.command("logbook/get_events", start_time="2020-01-01T00:00:00+00:00")
    return {f"{entry.get('name')} {entry.get('message')}" for entry in log}


async def test_messages_are_sent_once_and_limited_over_a_restart(
    exchange: Exchange, home: Home, entry_id: str
) -> None:
    """Recipients, a notify group, an automation and the action reach the exchange exactly once."""
    for name, number in (("Petr", PETR), ("Eva", EVA)):
        values = {"name": name, "number": number, "keep_accents": False}
        added = await home.add_subentry(entry_id, "recipient", **values)
        assert added["type"] == "create_entry"
    await home.wait_for_state("notify.eva_sms", lambda now: now["state"] == "unknown")
    flow = "config/config_entries/flow"
    menu = await home.post(flow, handler="group")
    await home.post(f"{flow}/{menu['flow_id']}", next_step_id="notify")
    members = ["notify.petr_sms", "notify.eva_sms"]
    group = {"name": "Family", "entities": members, "hide_members": False}
    assert (await home.post(f"{flow}/{menu['flow_id']}", **group))["type"] == "create_entry"
    await home.change_options(entry_id, active_interval=10, sms_limit=5)

    await home.post("events/leak")
    sent = await home.wait_for_state("notify.petr_sms", lambda now: now["state"] != "unknown")
    await home.act("notify.send_message", entity_id="notify.family", message="Oběd")
    action: dict[str, Any] = {"recipient": ["Eva"], "message": "Přijedu"}
    response = await home.act("odorik.send_sms", answer=True, **action)
    balance = await home.state(f"sensor.odorik_{LOGIN['username']}_credit")
    assert float(balance["state"]) == response["balance"]
    # The recorder writes events a few seconds later.
    async with asyncio.timeout(LOGBOOK_TIMEOUT):
        expected = {"SMS to Petr sent", "SMS to Eva sent"}
        while not expected <= await logbook(home):  # noqa: ASYNC110 - Another process writes it.
            await asyncio.sleep(0.2)

    await home.stop()
    await home.start()
    restored = await home.wait_for_state("notify.petr_sms", lambda now: now["state"] != "unknown")
    assert restored["state"] > sent["state"]
    await home.act("odorik.send_sms", **action)
    with pytest.raises(HomeError):
        await home.act("odorik.send_sms", **action)
    issues = (await home.command("repairs/list_issues"))["issues"]
    assert "sms_limit" in {issue["translation_key"] for issue in issues}
    leak, *group_messages = (await messages(exchange))[:3]
    assert leak == (PETR, "Sklep: Voda na podlaze")
    assert sorted(group_messages) == [(EVA, "Obed"), (PETR, "Obed")]
    assert (await messages(exchange))[3:] == [(EVA, "Prijedu")] * 2
