"""How long it takes from a change at the exchange to the event in Home Assistant."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from time import monotonic
from typing import Any

from homeassistant.core import Event, callback

from custom_components.odorik.call_events import BUS_EVENTS
from simulator.world import Account, ActiveCall, Line, World
from simulator.worlds import PASSWORD
from tests.exchange import running

from .home import home, hooks, set_up
from .measure import Row

ACCOUNTS = 40
MANY = 10
EVENT_TIMEOUT = 150
"""Seconds after which an event counts as lost."""
SHARES: dict[str, Callable[[list[float]], float]] = {
    "median": median,
    "95th percentile": lambda times: quantiles(times, n=20)[-1],
}


@dataclass
class EventCounter:
    """Counts the events of all accounts by the IDs of their entries."""

    received: Counter[tuple[str, str]] = field(default_factory=Counter)
    arrived: defaultdict[str, asyncio.Event] = field(
        default_factory=lambda: defaultdict(asyncio.Event)
    )

    @callback
    def count(self, event: Event[Any]) -> None:
        """Count an event."""
        entry_id = event.data["config_entry_id"]
        self.received[str(event.event_type), entry_id] += 1
        self.arrived[entry_id].set()

    async def wait_for(self, kind: str, entry_id: str, many: int) -> None:
        """Wait for the given number of events of a type."""
        async with asyncio.timeout(EVENT_TIMEOUT):
            while self.received[kind, entry_id] < many:
                self.arrived[entry_id].clear()
                await self.arrived[entry_id].wait()


@dataclass
class Household:
    """An account where ``many`` people call at once."""

    world: World
    user: str
    many: int
    calls: list[ActiveCall] = field(default_factory=list)

    def ring(self) -> None:
        """Start the calls."""
        self.calls = [
            self.world.ring(f"0042077712345{number}", account=self.user)
            for number in range(self.many)
        ]

    def answer(self) -> None:
        """Answer all calls."""
        for call in self.calls:
            self.world.answer(call.id)

    def end(self) -> None:
        """End all calls."""
        for call in self.calls:
            self.world.end(call.id)


CHANGES = {
    ("starts", "start"): ("odorik_call_started", Household.ring),
    ("is answered", "are answered"): ("odorik_call_answered", Household.answer),
    ("ends", "end"): ("odorik_call_ended", Household.end),
}
RING_AGAIN = ("starts again", "start again")
MISSED = ("is missed", "are missed")
AGAIN = {
    RING_AGAIN: ("odorik_call_started", Household.ring),
    MISSED: ("odorik_missed_call", Household.end),
}
"""The changes after these: another call, which is not answered."""

type Waits = dict[tuple[tuple[str, str], int], list[float]]


async def rows() -> list[Row]:
    """Measure the delay of the events of one call, and of ten simultaneous calls."""
    waits = await measured()
    return [
        row
        for what in CHANGES
        for share, of in SHARES.items()
        for row in _rows(what, share, of(waits[what, 1]), of(waits[what, MANY]))
    ]


async def measured(*, push: bool = False) -> Waits:
    """Call many accounts at random times, and wait for the events.

    Polling intervals are the usual ones, unless the exchange pushes. Half of the accounts receive
    one call at a time, the others ten simultaneous calls.

    Returns:
        Delays in seconds by change and number of calls.
    """
    chance = Random(1)  # noqa: S311 - moments, no secret
    callers = {str(1_000_000 + number): (1, MANY)[number % 2] for number in range(2 * ACCOUNTS)}
    world = World(*(small_account(user) for user in callers))
    waits: Waits = defaultdict(list)
    counter = EventCounter()

    async def telephone(household: Household, entry_id: str) -> None:
        await asyncio.sleep(chance.random() * 10)
        for what, (kind, act) in (CHANGES | AGAIN).items():
            await asyncio.sleep(1 + chance.random() * 3)
            began, wanted = monotonic(), household.many * (2 if what == RING_AGAIN else 1)
            act(household)
            await counter.wait_for(kind, entry_id, wanted)
            waits[what, household.many].append(monotonic() - began)

    async with running(world) as served, home() as hass:
        for kind in BUS_EVENTS.values():
            hass.bus.async_listen(kind, counter.count)
        entries = {user: await set_up(hass, served.url, user, push=push) for user in callers}
        async with hooks(hass) if push else nullcontext("") as site:
            for user, entry in entries.items():
                if push:
                    url = f"{site}/api/webhook/{entry.data['webhook_id']}?hook=call"
                    world.save_push_url(url=url, account=user)
            await asyncio.gather(
                *(
                    telephone(Household(world, user, many), entries[user].entry_id)
                    for user, many in callers.items()
                )
            )
    return waits


def _rows(what: tuple[str, str], share: str, one: float, many: float) -> tuple[Row, Row]:
    """Compare the delay of one call with that of many."""
    singular, plural = what
    return (
        Row(name=f"from when a call {singular} to its event: {share}", value=one, unit="s"),
        Row.compare(
            f"from when {MANY} calls {plural} at once to the last event: {share}",
            many,
            "s",
            "1 call",
            one,
        ),
    )


def small_account(user: str) -> Account:
    """Return an account with one line."""
    line = int(user) - 900_000
    return Account(user, PASSWORD, lines={line: Line(line, "Doma", f"00420910{line}")})
