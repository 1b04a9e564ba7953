"""Fixtures for an account that is connected to the exchange through a faulty proxy."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
import logging
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import ENV_API_URL
from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from simulator.world import World
from tests.conftest import Tick
from tests.e2e.event_log import FINISHED
from tests.e2e.leaks import URL_WITH_QUERY
from tests.exchange import RunningExchange

from .network_faults import FaultyProxy, faulty_proxy


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
    """A running account behind a faulty proxy.

    Attributes:
        events: The types of the account's events and the IDs of their calls.
    """

    hass: HomeAssistant
    exchange: RunningExchange
    proxy: FaultyProxy
    account: MockConfigEntry
    tick: Tick
    caplog: pytest.LogCaptureFixture
    events: list[tuple[str, int | None]] = field(default_factory=list)

    @callback
    def record(self, event: Event[Any]) -> None:
        """Record an event."""
        self.events.append((str(event.event_type), event.data["call_id"]))

    @property
    def log_levels(self) -> list[str]:
        """The levels of the integration's messages above debug level."""
        return [
            record.levelname
            for record in self.caplog.records
            if record.name.startswith("custom_components.odorik") and record.levelno >= logging.INFO
        ]

    def is_available(self) -> bool:
        """Return whether the account's entities are available."""
        unique_id = f"{self.account.unique_id}_ringing"
        entities = er.async_entries_for_config_entry(er.async_get(self.hass), self.account.entry_id)
        (entity_id,) = (e.entity_id for e in entities if e.unique_id == unique_id)
        state = self.hass.states.get(entity_id)
        return state is not None and state.state in {"on", "off"}

    async def poll(self, times: int, interval: float) -> None:
        """Advance the clock by an interval several times."""
        for _ in range(times):
            await self.tick(interval)

    def make_calls(self) -> None:
        """Start one call of each kind."""
        make_calls(self.exchange.world)

    def assert_each_call_was_reported_once(self) -> None:
        """Compare the events with the records of the exchange."""
        finished = [(call_id or 0, kind) for kind, call_id in self.events if kind in FINISHED]
        assert sorted(finished) == sorted(expected_events(self.exchange.world).items())

    def assert_no_secret_was_logged(self) -> None:
        """Search the debug log for passwords and for URLs with a query."""
        logged = [record.getMessage() for record in self.caplog.records]
        assert logged
        lines = self.exchange.world.account().lines.values()
        for secret in (self.exchange.password, *(line.sip_password for line in lines)):
            assert secret not in self.caplog.text
        assert not [text for text in logged if URL_WITH_QUERY.search(text)]


@pytest.fixture
async def proxy(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[FaultyProxy]:
    """The proxy between the account and the exchange."""
    async with faulty_proxy(exchange.url) as running:
        monkeypatch.setenv(ENV_API_URL, running.url)
        yield running


@pytest.fixture
def app(  # noqa: PLR0917 - All of them are fixtures.
    hass: HomeAssistant,
    exchange: RunningExchange,
    proxy: FaultyProxy,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> FaultTestApp:
    """A running account behind a faulty proxy, with debug logging."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    app = FaultTestApp(hass, exchange, proxy, account, tick, caplog)
    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, app.record)
    return app
