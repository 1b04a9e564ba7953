"""Tests of the rules of the spending guard in the simulated worlds."""

from bisect import bisect_left
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.odorik.api import ActiveCall, CallRecord
from custom_components.odorik.calls.callback_order import ended_at
from custom_components.odorik.calls.spending import (
    SpendingLimits,
    SpendingRule,
    find_charges,
    find_violations,
)
from simulator.worlds import fraud, quiet
from tests.calls.call_fixtures import NOON
from tests.calls.test_spending import OFF

from .fraud import directory_of, loss, records_of, remaining_loss


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_default_limits_prevent_nine_tenths_of_the_loss(
    freezer: FrozenDateTimeFactory, seed: int
) -> None:
    """In the world *fraud*, no more than a tenth of the loss remains."""
    freezer.move_to("2026-11-02T02:00:00Z")
    assert remaining_loss(seed) <= 0.1


def test_the_fraud_meets_the_rules_of_every_kind(freezer: FrozenDateTimeFactory) -> None:
    """Without the guard the loss is large; with it, rules for a call and for sums apply."""
    freezer.move_to("2026-11-02T02:00:00Z")
    unguarded, violated = loss(fraud(), None)
    assert unguarded > 10_000
    assert not violated
    _, violated = loss(fraud(), SpendingLimits())
    assert violated.keys() == {
        SpendingRule.PREFIX,
        SpendingRule.PRICE_PER_MINUTE,
        SpendingRule.PARALLEL_CALLS,
        SpendingRule.HOUR_COST,
    }
    assert loss(fraud(), SpendingLimits()) == loss(fraud(), SpendingLimits())
    assert loss(fraud(), OFF) == (unguarded, {})


def test_the_default_limits_leave_a_year_of_a_household_alone(
    freezer: FrozenDateTimeFactory,
) -> None:
    """No call violates a rule at its end, with the calls before it and beside it."""
    freezer.move_to("2026-11-02T02:00:00Z")
    world = quiet()
    world.fill(2520, days=365)
    directory, defaults = directory_of(world), SpendingLimits()
    records = sorted(records_of(world, NOON - timedelta(days=400)), key=lambda it: it.date)
    dates = [record.date for record in records]
    judged = 0
    for record in records:
        now = ended_at(record)
        of_day = records[bisect_left(dates, now - timedelta(days=1)) : bisect_left(dates, now)]
        charges = find_charges((it for it in of_day if ended_at(it) < now), defaults, directory)
        calls = [as_active(it) for it in of_day if ended_at(it) >= now]
        judged += len(calls)
        assert not find_violations(
            calls, charges, defaults, directory, now=now, midnight=now - timedelta(days=1)
        )
    assert judged >= len(records)


def as_active(record: CallRecord) -> ActiveCall:
    """Return the active call of a record after its answer."""
    return ActiveCall(
        id=record.active_call_id or 0,
        source_number=record.source_number,
        destination_number=record.destination_number,
        start_date=record.date,
        answer_date=record.date + timedelta(seconds=record.ringing_length or 0),
        price_per_minute=record.price_per_minute,
        line=record.line,
    )
