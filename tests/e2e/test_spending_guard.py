"""Tests of the spending guard in a real Home Assistant."""

import asyncio

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

EVENT_TIMEOUT = 15
PREMIUM = "+420900123456"


async def test_a_premium_rate_call_is_ended_until_its_number_is_allowed(
    exchange: Exchange, home: Home, entry_id: str
) -> None:
    """The call is gone within 12 seconds of its start, and the repair survives a restart."""
    await home.change_options(entry_id, active_interval=300, spending_guard="hang_up")
    async with home.events("odorik_spending_guard") as events:
        await exchange.do("dial", to=PREMIUM)
        event = await asyncio.wait_for(events.get(), EVENT_TIMEOUT)
    assert (event["outcome"], event["rule"], event["number"]) == ("hung_up", "prefix", PREMIUM)
    assert (await exchange.account())["active_calls"] == []

    await home.stop()
    await home.start()
    fixes = "repairs/issues/fix"
    issue = {"handler": "odorik", "issue_id": f"{entry_id}_spending_guard"}
    form = await home.post(fixes, **issue)
    assert form["step_id"] == "allow"
    assert "+420 900 123 456" in form["description_placeholders"]["calls"]
    await home.post(f"{fixes}/{form['flow_id']}", allowed=[PREMIUM])
    async with home.events("odorik_call_ended") as ended:
        await exchange.do("dial", to=PREMIUM)
        active_calls = f"sensor.odorik_{LOGIN['username']}_active_calls"
        await home.wait_for_state(active_calls, lambda now: now["state"] == "1")
        # The guard judges a call at each poll, and this waits for another one.
        await home.act("homeassistant.update_entity", entity_id=[active_calls])
        await exchange.do("end")
        await asyncio.wait_for(ended.get(), EVENT_TIMEOUT)
    hang_ups = [it for it in await exchange.read("journal") if it["method"] == "DELETE"]
    assert len(hang_ups) == 1
