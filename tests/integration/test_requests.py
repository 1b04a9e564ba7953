"""What the operator is asked, how often, and what that costs here."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.odorik.const import CONF_PUSH, DOMAIN
from simulator.worlds import HOME_NUMBER

from .conftest import Tick
from .exchange import RunningExchange

NOON = datetime(2026, 11, 23, 11, 0, 30, tzinfo=UTC)
STRANGER = "00420602555123"
IDLE_BUDGET = 430
"""Requests an hour for an account with three lines where nothing happens."""
ANNOUNCED_BUDGET = 130
"""The same while push proves itself."""


@pytest.fixture
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Let no midnight and no clock change fall into a test."""
    freezer.move_to(NOON)


def table(exchange: RunningExchange) -> dict[str, int]:
    """Count the requests since the journal was last emptied."""
    paths = (re.sub(r"\d+", "<id>", entry.path) for entry in exchange.journal)
    methods = (entry.method for entry in exchange.journal)
    counts = Counter(f"{method} {path}" for method, path in zip(methods, paths, strict=True))
    return dict(sorted(counts.items())) | {"all": counts.total()}


@pytest.mark.usefixtures("noon", "account")
async def test_the_requests_of_a_set_up(
    exchange: RunningExchange, snapshot: SnapshotAssertion
) -> None:
    """Each start would ask the operator more and more, and nobody would have decided it."""
    assert table(exchange) == snapshot


@pytest.mark.usefixtures("noon", "account")
async def test_the_requests_of_an_idle_hour(
    exchange: RunningExchange, tick: Tick, snapshot: SnapshotAssertion
) -> None:
    """The operator would bar a client that asks too much."""
    exchange.journal.clear()
    for _ in range(360):
        await tick(10)
    assert table(exchange)["all"] <= IDLE_BUDGET
    assert table(exchange) == snapshot


@pytest.mark.usefixtures("noon")
async def test_the_requests_of_an_idle_hour_while_calls_come_announced(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """The operator would be asked for what it tells by itself."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PUSH: True})
    assert await hass.config_entries.async_setup(entry.entry_id)
    exchange.world.ring(STRANGER, HOME_NUMBER)
    entry.runtime_data.push.announcements.async_receive(is_for_call=True)
    await tick(3)
    exchange.world.end()
    for _ in range(12):
        await tick(10)
    exchange.journal.clear()
    for _ in range(360):
        await tick(10)
    assert table(exchange)["all"] <= ANNOUNCED_BUDGET


@pytest.mark.usefixtures("noon", "account")
async def test_the_requests_of_a_busy_hour(
    exchange: RunningExchange, tick: Tick, snapshot: SnapshotAssertion
) -> None:
    """Ten calls an hour, of twenty seconds' ringing and a minute's talk, should cost little."""
    exchange.journal.clear()
    for number in range(10):
        exchange.world.ring(STRANGER)
        for _ in range(20):
            await tick(1)
        if number % 2:
            exchange.world.answer()
        for _ in range(60 if number % 2 else 0):
            await tick(1)
        exchange.world.end()
        for _ in range(40 if number % 2 else 100):
            await tick(1)
        for _ in range(24):
            await tick(10)
    assert table(exchange) == snapshot


SINCE = {"start": "2026-11-01 00:00:00", "end": "2026-11-23 12:00:00"}
ACTIONS: dict[str, dict[str, Any]] = {
    "callback": {"recipient": STRANGER, "caller": "300100"},
    "hangup": {"all": True},
    "get_calls": SINCE,
    "get_statistics": SINCE,
    "get_statistics_by_destination": SINCE,
    "get_missed_calls": SINCE,
    "export_calls": {**SINCE, "format": "csv", "path": "calls.csv"},
}


@pytest.mark.usefixtures("noon", "account")
@pytest.mark.parametrize("action", ACTIONS)
async def test_the_requests_of_each_action(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
    tmp_path: Path,
    snapshot: SnapshotAssertion,
    action: str,
) -> None:
    """An action that asks twice may order twice. The look at the active calls after it counts."""
    hass.config.config_dir = str(tmp_path)
    exchange.world.ring(STRANGER)
    await tick(10)
    exchange.journal.clear()
    await hass.services.async_call(
        DOMAIN, action, ACTIONS[action], blocking=True, return_response=True
    )
    await tick(1)
    assert table(exchange) == snapshot


@pytest.mark.usefixtures("noon", "account")
async def test_an_idle_hour_writes_no_state(hass: HomeAssistant, tick: Tick) -> None:
    """The database of a small box would grow by thousands of rows a day that say nothing."""
    changed: list[str] = []
    reported: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        changed.append(event.data["entity_id"])

    @callback
    def note_report(event: Event[EventStateReportedData]) -> None:
        reported.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note_report, event_filter=callback(lambda _: True))
    for _ in range(360):
        await tick(10)
    assert changed == []
    # A telephone that registers anew is reported, without a new state, by its own sensor.
    assert all(entity_id.endswith("_phone") for entity_id in reported)
