"""Calls and their expected events, and an account that calls are made with."""

from dataclasses import dataclass, field
import logging
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from simulator.world import World
from tests.conftest import Tick
from tests.e2e.event_log import FINISHED
from tests.e2e.leaks import URL_WITH_QUERY
from tests.exchange import RunningExchange


def make_calls(world: World, user: str | None = None) -> None:
    """Start a missed, an answered, an outgoing and a forwarded call, which end in nine seconds."""
    world.miss("00420602555123", account=user)
    world.ring("00420777123456", account=user, answer_after=3, end_after=8)
    world.dial("00420541246810", account=user, answer_after=2, end_after=9)
    call = world.ring("00420737404808", account=user)
    world.redirect(call.id, answer_after=2, end_after=7)


def expected_events(world: World, user: str | None = None) -> dict[int, str]:
    """Return the event type that has to report each call of an account, by the call's ID."""
    records = world.account(user).records
    reached = {r.redirection_parent_id for r in records if r.status == "answered"}
    return {
        record.id: "odorik_missed_call"
        if record.direction == "in" and record.status == "missed" and record.id not in reached
        else "odorik_call_ended"
        for record in records
        if record.redirection_parent_id is None
    }


@dataclass(frozen=True)
class FaultTestApp:
    """A running account and its events."""

    hass: HomeAssistant
    exchange: RunningExchange
    account: MockConfigEntry
    tick: Tick
    caplog: pytest.LogCaptureFixture
    events: list[tuple[int, str]] = field(default_factory=list)

    @callback
    def record(self, event: Event[Any]) -> None:
        """Record an event that reports how a call finished."""
        if event.event_type in FINISHED:
            self.events.append((event.data["call_id"], str(event.event_type)))

    def is_available(self) -> bool:
        """Return whether the entities of the account are available."""
        state = self.hass.states.get(f"binary_sensor.odorik_{self.exchange.username}_ringing")
        return state is not None and state.state in {"on", "off"}

    async def poll(self, times: int, interval: float) -> None:
        """Advance the clock by an interval several times."""
        for _ in range(times):
            await self.tick(interval)

    def assert_each_call_was_reported_once(self) -> None:
        """Compare the events with the records of the exchange."""
        assert sorted(self.events) == sorted(expected_events(self.exchange.world).items())

    def assert_no_secret_was_logged(self) -> None:
        """Search the debug log for passwords and for URLs with a query."""
        assert self.caplog.text
        lines = self.exchange.world.account().lines.values()
        for secret in (self.exchange.password, *(line.sip_password for line in lines)):
            assert secret not in self.caplog.text
        assert not URL_WITH_QUERY.search(self.caplog.text)


@pytest.fixture
def app(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> FaultTestApp:
    """A running account with debug logging."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    app = FaultTestApp(hass, exchange, account, tick, caplog)
    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, app.record)
    return app
