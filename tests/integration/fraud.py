"""The loss in the simulated world *fraud*, with and without the rules of the spending guard."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from msgspec import convert

from custom_components.odorik.api import ActiveCall, CallRecord, Line, PublicNumber
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.spending import (
    ReportedViolations,
    SpendingLimits,
    SpendingRule,
    find_charges,
    find_violations,
)
from custom_components.odorik.spending_guard import ALERT_DURATION
from simulator.api.active_calls import active_row
from simulator.api.calls import call_row
from simulator.world import PRAGUE, World
from simulator.worlds import fraud

DURATION = timedelta(hours=1)
IDLE_INTERVAL, FREQUENT_INTERVAL, HANG_UP_DELAY = 10, 3, 1
"""Seconds between polls, and from a violation to the end of the call."""


def directory_of(world: World) -> Directory:
    """Return the lines and numbers of a world's account."""
    account = world.account()
    return Directory(
        [
            Line(id=line.id, public_number=line.public_number, caller_id=line.caller_id)
            for line in account.lines.values()
        ],
        [PublicNumber(public_number=own.number, type=own.type) for own in account.numbers],
    )


def records_of(world: World, since: datetime) -> list[CallRecord]:
    """Return the records of a world's account since a time, as the client reads them."""
    records = (record for record in world.account().records if record.date >= since)
    return [convert(call_row(record), CallRecord) for record in records]


def loss(world: World, limits: SpendingLimits | None) -> tuple[float, Counter[SpendingRule]]:
    """Run a world for an hour; return what its account loses, and how often each rule was violated.

    Without limits there is no guard.
    """
    world.freeze()
    directory, reported = directory_of(world), ReportedViolations()
    credit, end = world.account().credit, world.now() + DURATION
    frequent_until = world.now()
    violated = Counter[SpendingRule]()
    while world.now() < end:
        now = world.now()
        calls = [convert(active_row(call), ActiveCall) for call in world.active.values()]
        if limits is not None:
            midnight = now.astimezone(PRAGUE).replace(hour=0, minute=0, second=0, microsecond=0)
            records = records_of(world, midnight - timedelta(hours=1))
            charges = find_charges(records, limits, directory)
            violations = find_violations(
                calls, charges, limits, directory, now=now, midnight=midnight
            )
            if violations:
                frequent_until = now + ALERT_DURATION
            for violation in violations:
                world.after(HANG_UP_DELAY, partial(hang_up, world, violation.active_call_id))
            violated.update(violation.rule for violation in reported.add(violations, calls))
        is_frequent = calls or now < frequent_until
        world.advance(FREQUENT_INTERVAL if is_frequent else IDLE_INTERVAL)
    return credit - world.account().credit, violated


def hang_up(world: World, call_id: int) -> None:
    """End a call if it is still active."""
    if call_id in world.active:
        world.end(call_id)


def remaining_loss(seed: int = 1, limits: SpendingLimits | None = None) -> float:
    """Return the share of the loss that remains with the guard, with the default limits."""
    unguarded, _ = loss(fraud(seed=seed), None)
    guarded, _ = loss(fraud(seed=seed), limits or SpendingLimits())
    return guarded / unguarded
