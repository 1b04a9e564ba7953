"""Test how many requests are sent to the operator, and how many states are written."""

from collections import Counter
from pathlib import Path
import re
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util.event_type import EventType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.odorik.const import CONF_PUSH
from simulator.worlds import HOME_NUMBER
from tests.accounts import STRANGER, set_up
from tests.actions.conftest import EVERY_ACTION
from tests.conftest import Tick, pass_time
from tests.exchange import RunningExchange

from .conftest import act

# At noon, so that no test runs across midnight or a change of the clocks.
pytestmark = pytest.mark.freeze_time("2026-11-23T11:00:30Z")

MAX_IDLE_REQUESTS = 430
"""Requests an hour for an account with three lines and no calls."""
MAX_IDLE_REQUESTS_WITH_PUSH = 130


def count(exchange: RunningExchange) -> dict[str, int]:
    """Count the requests in the journal by method and path."""
    counts = Counter(
        f"{entry.method} {re.sub(r'\d+', '<id>', entry.path)}" for entry in exchange.journal
    )
    return dict(sorted(counts.items())) | {"all": counts.total()}


@pytest.mark.usefixtures("account")
async def test_requests_of_a_set_up(exchange: RunningExchange, snapshot: SnapshotAssertion) -> None:
    """Each start sends the same few requests."""
    assert count(exchange) == snapshot


@pytest.mark.usefixtures("account")
async def test_requests_of_an_idle_hour(
    exchange: RunningExchange, tick: Tick, snapshot: SnapshotAssertion
) -> None:
    """An idle account stays within its limit."""
    exchange.journal.clear()
    await pass_time(tick, 3600)
    assert count(exchange)["all"] <= MAX_IDLE_REQUESTS
    assert count(exchange) == snapshot


async def test_requests_of_an_idle_hour_with_push(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """Active calls are polled less often after push has announced a call."""
    assert await set_up(hass, entry, **{CONF_PUSH: True})
    exchange.world.ring(STRANGER, HOME_NUMBER)
    entry.runtime_data.push.monitor.async_receive(is_for_call=True)
    await tick(3)
    exchange.world.end()
    await pass_time(tick, 120)
    exchange.journal.clear()
    await pass_time(tick, 3600)
    assert count(exchange)["all"] <= MAX_IDLE_REQUESTS_WITH_PUSH


@pytest.mark.usefixtures("account")
async def test_requests_of_a_busy_hour(
    exchange: RunningExchange, tick: Tick, snapshot: SnapshotAssertion
) -> None:
    """Ten calls that ring for 20 seconds, half of them answered for a minute, cost little."""
    exchange.journal.clear()
    for number in range(10):
        exchange.world.ring(STRANGER)
        await pass_time(tick, 20, step=1)
        if number % 2:
            exchange.world.answer()
            await pass_time(tick, 60, step=1)
        exchange.world.end()
        await pass_time(tick, 40 if number % 2 else 100, step=1)
        await pass_time(tick, 240)
    assert count(exchange) == snapshot


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("action", EVERY_ACTION)
async def test_requests_of_each_action(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
    tmp_path: Path,
    snapshot: SnapshotAssertion,
    action: str,
) -> None:
    """An action sends each request once; the poll of active calls that follows it is included."""
    hass.config.config_dir = str(tmp_path)
    exchange.world.ring(STRANGER)
    await tick(10)
    exchange.journal.clear()
    await act(hass, action, **EVERY_ACTION[action])
    await tick(1)
    assert count(exchange) == snapshot


@pytest.mark.usefixtures("account")
async def test_an_idle_hour_writes_no_states(hass: HomeAssistant, tick: Tick) -> None:
    """No state changes while nothing happens, so that the database does not grow.

    Only a telephone that registers again reports its unchanged state.
    """
    written: dict[EventType[Any] | str, list[str]] = {
        EVENT_STATE_CHANGED: [],
        EVENT_STATE_REPORTED: [],
    }

    @callback
    def note(event: Event[Any]) -> None:
        written[event.event_type].append(event.data["entity_id"])

    for kind in written:
        hass.bus.async_listen(kind, note, event_filter=callback(lambda _: True))
    await pass_time(tick, 3600)
    assert written[EVENT_STATE_CHANGED] == []
    assert all(entity_id.endswith("_phone") for entity_id in written[EVENT_STATE_REPORTED])
