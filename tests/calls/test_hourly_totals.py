"""Test hourly totals, which add up to what the operator counts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.recorder.statistics import valid_statistic_id
from homeassistant.util import slugify
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.odorik.api import CallRecord, Direction
from custom_components.odorik.calls.hourly_totals import (
    ACCOUNT_SERIES,
    MAX_LEG_DELAY,
    SUMMED_METRICS,
    Amounts,
    HourlyTotals,
    Metric,
    Series,
    hour_of,
)

from .builders import answered, answered_leg, leg, record
from .call_fixtures import DIRECTORY, NOON, SECOND
from .phones import EVA, MOBILE

PRAGUE = ZoneInfo("Europe/Prague")
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def added(*rows: CallRecord) -> Amounts:
    """Add records up."""
    hours = HourlyTotals(DIRECTORY)
    hours.add(rows)
    return hours.take(*EVER)


def missed(*rows: CallRecord) -> dict[int, int]:
    """Count the missed calls by hour."""
    return added(*rows).get(Series(Metric.MISSED), {})


# Counting


@pytest.mark.parametrize(
    "began",
    [
        datetime(2026, 11, 23, 12, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 23, 23, 59, 59, tzinfo=PRAGUE),
        datetime(2026, 10, 25, 2, 59, 59, tzinfo=PRAGUE, fold=0),
        datetime(2026, 10, 25, 2, 59, 59, tzinfo=PRAGUE, fold=1),
        datetime(2026, 3, 29, 1, 59, 59, tzinfo=PRAGUE),
        datetime(2026, 3, 29, 3, 0, 0, tzinfo=PRAGUE),
    ],
)
def test_a_call_counts_in_the_hour_in_which_it_began(began: datetime) -> None:
    """A call over midnight counts on the day on which the operator counts it."""
    amounts = added(record(1, date=began.astimezone(UTC), length=7200, price=2.5))
    hour = began.astimezone(UTC).replace(minute=0, second=0)
    assert {tuple(of_series) for of_series in amounts.values()} == {(int(hour.timestamp()),)}
    assert amounts[Series(Metric.DURATION, Direction.IN)] == {hour_of(began): 7200}
    assert amounts[Series(Metric.COST, line=300100)] == {hour_of(began): 2_500_000}


def test_text_messages_are_not_counted() -> None:
    """The operator's statistics of calls leave them out, too."""
    assert added(record(1, type="sms", direction=None, price=0.99)) == {}


def test_a_record_without_a_line_counts_for_the_account_only() -> None:
    """It is in the sums of its direction, but of no line."""
    assert {series.line for series in added(record(1, line=None))} == {None}


def test_the_first_hour_and_the_number_of_records_are_known() -> None:
    """The importer logs them."""
    hours = HourlyTotals(DIRECTORY)
    hours.add([record(1), record(2, date=NOON - timedelta(hours=5)), record(3, date=NOON)])
    hours.take(*EVER)
    assert (hours.first, hours.count) == (NOON.replace(minute=0) - timedelta(hours=5), 3)


# Missed calls


def test_a_forwarded_call_that_was_answered_is_not_missed() -> None:
    """One answered leg is enough, in any order of the records."""
    assert missed(record(1), answered_leg(2, 1)) == {}
    assert missed(answered_leg(2, 1), record(1)) == {}
    assert missed(record(1), leg(2, 1)) == {hour_of(NOON): 1}


def test_a_leg_of_a_leg_belongs_to_the_same_call() -> None:
    """A call that is forwarded twice is missed once."""
    assert missed(record(1), leg(2, 1), leg(3, 2)) == {hour_of(NOON): 1}
    assert missed(answered_leg(3, 2), leg(2, 1), record(1)) == {}


def test_the_incoming_record_decides_even_if_a_leg_has_a_lower_id() -> None:
    """A long call is recorded after its legs."""
    assert missed(leg(2, 9), record(9, direction=Direction.OUT)) == {}
    assert missed(leg(2, 9), record(9)) == {hour_of(NOON): 1}


def test_legs_that_point_at_each_other_are_counted() -> None:
    """A cycle of parents does not cause an endless loop."""
    for parents in ({1: 2, 2: 3, 3: 2}, {1: 2, 2: 1}, {1: 1}):
        rows = [record(number, redirection_parent_id=parent) for number, parent in parents.items()]
        assert sum(missed(*rows).values()) in range(1, len(rows) + 1)


def test_an_unanswered_outgoing_call_is_not_missed() -> None:
    """Only calls that came in can be missed."""
    assert missed(record(1, direction=Direction.OUT)) == {}


@pytest.mark.parametrize("length", [0, 9])
def test_a_leg_in_the_next_period_still_belongs_to_its_call(length: int) -> None:
    """At the end of a period, a missed call is counted once, and not if it was answered later."""
    hours = HourlyTotals(DIRECTORY)
    end = NOON + timedelta(hours=1)
    create = answered_leg if length else leg
    hours.add([record(1, date=end - SECOND)])
    hours.add([create(2, 1, length=length, date=end + 5 * SECOND)])
    before = hours.take(NOON, end).get(Series(Metric.MISSED))
    assert before == (None if length else {hour_of(NOON): 1})
    assert Series(Metric.MISSED) not in hours.take(end, end + timedelta(hours=1))


def test_records_with_the_id_of_an_earlier_one_are_counted() -> None:
    """If IDs start again, nothing is overwritten, and legs stay with their calls."""
    earlier = NOON - timedelta(days=7)
    old = [
        record(1, date=earlier),
        answered(2, date=earlier, source_number=MOBILE),
        record(4, date=earlier, source_number=EVA),
    ]
    new = [record(1), answered_leg(2, 1), answered_leg(3, 4)]
    for rows in ([*old, *new], [*new, *old, *new]):
        amounts = added(*rows)
        hour, now = hour_of(earlier), hour_of(NOON)
        assert amounts[Series(Metric.CALLS, Direction.IN)] == {hour: 3, now: 1}
        assert amounts[Series(Metric.CALLS, Direction.REDIRECTED)] == {now: 2}
        assert amounts[Series(Metric.MISSED)] == {hour: 2}


# In any order

EDGES = (
    datetime(2025, 10, 25, 22, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 0, tzinfo=UTC),
)


@st.composite
def histories(draw: st.DrawFn) -> list[CallRecord]:
    """Generate records, many of them close to the end of a day or an hour."""
    edge = draw(st.sampled_from(EDGES))
    seconds = st.one_of(st.integers(-3, 3), st.integers(-90_000, 90_000))
    rows: list[CallRecord] = []
    for number in range(draw(st.integers(0, 40))):
        fields: dict[str, Any] = {
            "direction": draw(st.sampled_from([Direction.IN, Direction.IN, Direction.OUT])),
            "date": edge + draw(seconds) * SECOND,
            "source_number": f"00420602{number:06}",
            "line": draw(st.sampled_from([300100, 300110, 300120])),
            "price": draw(st.integers(0, 99_999)) / 10_000,
        }
        parents = [row for row in rows if row.direction is Direction.IN]
        if draw(st.booleans()) and parents:
            parent = draw(st.sampled_from(parents))
            fields |= {
                "direction": Direction.REDIRECTED,
                "date": parent.date + draw(st.integers(0, 30)) * SECOND,
                "redirection_parent_id": parent.id,
            }
        rows.append(draw(st.sampled_from([record, answered]))(number + 1, **fields))
    return rows


def in_periods(
    rows: list[CallRecord], period: timedelta, draw: st.DataObject
) -> tuple[Amounts, int]:
    """Add up period after period as they are read: shuffled, in portions, some records twice."""
    hours = HourlyTotals(DIRECTORY)
    dates = [row.date for row in rows]
    start = datetime.fromtimestamp(hour_of(min(dates, default=NOON)), UTC)
    end = max(dates, default=NOON) + timedelta(hours=2)
    settled = start
    everything: Amounts = {}
    first = start - MAX_LEG_DELAY
    while first < end:
        last = min(first + period, end)
        read = [row for row in rows if first <= row.date <= last]
        again = draw.draw(st.lists(st.sampled_from(read), max_size=5)) if read else []
        shuffled = draw.draw(st.permutations(read + again))
        cut = draw.draw(st.integers(0, len(shuffled)))
        hours.add(shuffled[:cut])
        hours.add(shuffled[cut:])
        until = end if last == end else last - MAX_LEG_DELAY
        for series, amounts in hours.take(settled, until).items():
            known = everything.setdefault(series, {})
            assert known.keys().isdisjoint(amounts)
            known |= amounts
        settled, first = until, last
    return everything, hours.count


@settings(max_examples=40)
@given(rows=histories(), period=st.sampled_from([2, 24]), data=st.data())
def test_periods_add_up_to_the_whole_history(
    rows: list[CallRecord], period: int, data: st.DataObject
) -> None:
    """The order, repetition and page size of the records make no difference."""
    assert in_periods(rows, timedelta(hours=period), data) == (added(*rows), len(rows))


# Statistic IDs


@settings(max_examples=30)
@given(user=st.text(min_size=1, max_size=30), line=st.integers(0, 2**63 - 1))
def test_every_id_is_valid_for_the_recorder(user: str, line: int) -> None:
    """Logins may contain any characters."""
    for series in (*ACCOUNT_SERIES, *(Series(measure, line=line) for measure in SUMMED_METRICS)):
        assert valid_statistic_id(f"odorik:{series.id_of(slugify(user))}")


def test_ids_are_those_in_the_documentation() -> None:
    """Dashboards refer to them."""
    assert [series.id_of("1234567") for series in ACCOUNT_SERIES] == [
        *("1234567_incoming_calls", "1234567_incoming_duration", "1234567_incoming_cost"),
        *("1234567_outgoing_calls", "1234567_outgoing_duration", "1234567_outgoing_cost"),
        *("1234567_redirected_calls", "1234567_redirected_duration", "1234567_redirected_cost"),
        "1234567_missed_calls",
    ]
    assert Series(Metric.COST, line=300100).id_of("1234567") == "1234567_300100_cost"
