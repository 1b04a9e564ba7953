"""Tests of gates in a real Home Assistant."""

import asyncio

from scripts.exchange import Exchange
from scripts.home import Home

CONFIGURATION = """\
automation gate:
  - alias: Gate
    mode: parallel
    triggers:
      - trigger: odorik.gate_opened
        options:
          gate: Garden
    actions:
      - action: counter.increment
        target:
          entity_id: counter.openings
counter:
  openings:
"""
EVENT_TIMEOUT = 30
GATE = "00420910246810"
JAN, STRANGER, GUEST, EXPIRED = (
    "00420777123456",
    "00420602555123",
    "00420603111222",
    "00420603111333",
)
GATE_FORM = {
    "name": "Garden",
    "number": "910 246 810",
    "callers": ["777 123 456", "603 111 333 until 2020-01-01"],
    "guest": "603 111 222",
    "guest_until": "2099-12-31",
    "hang_up": True,
}


async def test_a_gate_opens_once_for_its_callers(
    exchange: Exchange, home: Home, entry_id: str
) -> None:
    """Friends and guests open the gate, others do not; a restart during a ring opens nothing."""
    outcomes = []
    assert (await home.change_options(entry_id, active_interval=5))["type"] == "create_entry"
    added = await home.add_subentry(entry_id, "gate", **GATE_FORM)
    assert added["type"] == "create_entry"
    async with home.events("odorik_gate") as rings:
        for caller in (JAN, EXPIRED, STRANGER, "", GUEST):
            # The gate is not opened again within ten seconds.
            await exchange.do("advance", seconds=11)
            await exchange.do("ring", **{"from": caller, "to": GATE}, end_after=10)
            event = await asyncio.wait_for(rings.get(), EVENT_TIMEOUT)
            outcomes.append((event["outcome"], event["reason"]))
        await exchange.do("forge", kind="country", end_after=10)
        event = await asyncio.wait_for(rings.get(), EVENT_TIMEOUT)
        outcomes.append((event["outcome"], event["reason"]))
        assert outcomes == [
            ("opened", None),
            ("refused", "expired"),
            ("refused", "unknown_caller"),
            ("refused", "withheld"),
            ("opened", None),
            ("refused", "unknown_caller"),
        ]
    await home.wait_for_state("counter.openings", lambda now: now["state"] == "2")
    await home.stop()
    await exchange.do("ring", **{"from": JAN, "to": GATE})
    await home.start()
    async with home.events("odorik_gate") as rings, home.events("odorik_call_ended") as ended:
        await home.wait_for_state(
            "sensor.odorik_1234567_active_calls", lambda now: int(now["state"]) > 0
        )
        await exchange.do("end")
        numbers: list[str | None] = []
        while f"+{JAN[2:]}" not in numbers:
            event = await asyncio.wait_for(ended.get(), EVENT_TIMEOUT)
            assert event["gate"] == "Garden"
            numbers.append(event["number"])
        assert rings.empty()
    state = await home.state("event.garden")
    assert state["attributes"]["event_type"] == "refused"
    log = await home.command("logbook/get_events", start_time="2020-01-01T00:00:00+00:00")
    texts = {f"{entry.get('name')} {entry.get('message')}" for entry in log}
    assert "Garden opened for Jan Novák mobil (+420 777 123 456)" in texts
    assert "Garden did not open for a withheld number" in texts
    missed = await home.state("sensor.odorik_1234567_last_missed_call")
    assert missed["state"] == "unknown"
