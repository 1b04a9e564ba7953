"""A house whose wire to the exchange can be spoilt."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
import logging
import re
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import ENV_API_URL
from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from simulator.world import World
from tests.conftest import Tick
from tests.e2e.witnessed import FINISHED
from tests.exchange import RunningExchange

from .weather import Wire, wire

QUERY = re.compile(r"https?://\S+\?\S*=")


def telephone(world: World, user: str | None = None) -> None:
    """Let people telephone: missed, answered, out, and sent on. It is over in nine seconds."""
    world.miss("00420602555123", account=user)
    world.ring("00420777123456", account=user, answer_after=3, end_after=8)
    world.dial("00420541246810", account=user, answer_after=2, end_after=9)
    call = world.ring("00420737404808", account=user)
    world.redirect(call.id, answer_after=2, end_after=7)


def booked(world: World, user: str | None = None) -> dict[int, str]:
    """Return how each call of an account has to be told, by the books of the exchange."""
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
class House:
    """A running account, and everything that a test does to it and sees of it.

    Attributes:
        told: What automations have heard: the events and the ids of their calls.
    """

    hass: HomeAssistant
    exchange: RunningExchange
    wire: Wire
    account: MockConfigEntry
    tick: Tick
    caplog: pytest.LogCaptureFixture
    told: list[tuple[str, int | None]] = field(default_factory=list)

    @callback
    def hear(self, event: Event[Any]) -> None:
        """Hear as an automation does."""
        self.told.append((str(event.event_type), event.data["call_id"]))

    @property
    def said(self) -> list[str]:
        """What the log says to somebody who has turned no debugging on, with its level."""
        return [
            f"{record.levelname} {record.getMessage()}"
            for record in self.caplog.records
            if record.name.startswith("custom_components.odorik") and record.levelno >= logging.INFO
        ]

    def is_available(self) -> bool:
        """Whether it is known if the telephone rings."""
        unique_id = f"{self.account.unique_id}_ringing"
        entities = er.async_entries_for_config_entry(er.async_get(self.hass), self.account.entry_id)
        (entity_id,) = (e.entity_id for e in entities if e.unique_id == unique_id)
        state = self.hass.states.get(entity_id)
        return state is not None and state.state in {"on", "off"}

    async def live(self, polls: int, seconds: float) -> None:
        """Let a clock poll a few times, here and at the exchange."""
        for _ in range(polls):
            await self.tick(seconds)

    def telephone(self) -> None:
        """Let people telephone."""
        telephone(self.exchange.world)

    def assert_each_call_was_reported_once(self) -> None:
        """Hold the events against the books of the exchange."""
        finished = [(call_id or 0, kind) for kind, call_id in self.told if kind in FINISHED]
        assert sorted(finished) == sorted(booked(self.exchange.world).items())

    def assert_no_secret_was_logged(self) -> None:
        """Look for what a debug log in a forum would give away."""
        logged = [record.getMessage() for record in self.caplog.records]
        assert logged
        lines = self.exchange.world.account().lines.values()
        for secret in (self.exchange.password, *(line.sip_password for line in lines)):
            assert secret not in self.caplog.text
        assert not [text for text in logged if QUERY.search(text)]


@pytest.fixture
async def between(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Wire]:
    """The wire that the account, once it is set up, is reached over."""
    async with wire(exchange.url) as laid:
        monkeypatch.setenv(ENV_API_URL, laid.url)
        yield laid


@pytest.fixture
def house(  # noqa: PLR0917 - Everything in it is a fixture of its own.
    hass: HomeAssistant,
    exchange: RunningExchange,
    between: Wire,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> House:
    """A house at the end of the wire, with all logging turned on."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    house = House(hass, exchange, between, account, tick, caplog)
    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, house.hear)
    return house
