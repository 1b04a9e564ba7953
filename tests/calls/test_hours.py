"""Records become hours, and the hours add up to what the exchange itself counts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.recorder.statistics import valid_statistic_id
from homeassistant.util import slugify
from hypothesis import given, settings, strategies as st
from msgspec import convert
import pytest

from custom_components.odorik.api import Call, CallStatus, Direction
from custom_components.odorik.calls.hours import (
    HOUR,
    LEGS_WITHIN,
    OF_ACCOUNT,
    SUMMED,
    Amounts,
    Hours,
    Measure,
    Series,
    hour_of,
)
from simulator.api.calls import call_row
from simulator.world import Record, World
from simulator.worlds import quiet

from .house import DIRECTORY, EVA, MOBILE, NOON, answered, leg, record

PRAGUE = ZoneInfo("Europe/Prague")
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
MINUTE = timedelta(minutes=1)


def added(*rows: Call) -> Amounts:
    """Add records up."""
    hours = Hours(DIRECTORY.direction)
    hours.add(rows)
    return hours.take(*EVER)


def missed(*rows: Call) -> dict[int, int]:
    """Count the missed calls by the hour."""
    return added(*rows).get(Series(Measure.MISSED), {})


def calls_of(records: Iterable[Record]) -> list[Call]:
    """Read what the exchange would write."""
    return [convert(call_row(row), Call) for row in records]


# What counts, and where.


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
def test_a_call_belongs_to_the_hour_in_which_it_began(began: datetime) -> None:
    """A call over midnight would be paid for on another day than the operator says."""
    amounts = added(record(1, date=began.astimezone(UTC), length=7200, price=2.5))
    hour = began.astimezone(UTC).replace(minute=0, second=0)
    assert {tuple(of_series) for of_series in amounts.values()} == {(int(hour.timestamp()),)}
    assert amounts[Series(Measure.DURATION, Direction.IN)] == {hour_of(began): 7200}
    assert amounts[Series(Measure.COST, line=300100)] == {hour_of(began): 2_500_000}


def test_each_record_counts_under_its_own_direction_and_line() -> None:
    """The sums would differ from the operator's own, and nobody would know which to trust."""
    amounts = added(
        record(1, line=300100, status=CallStatus.MISSED),
        record(2, line=300110, direction=Direction.REDIRECTED, redirection_parent_id=1, length=60),
        record(3, line=300110, direction=Direction.OUT, length=30),
    )
    calls = {series: sum(hours.values()) for series, hours in amounts.items()}
    for direction in (Direction.IN, Direction.OUT, Direction.REDIRECTED):
        assert calls[Series(Measure.CALLS, direction)] == 1
    assert calls[Series(Measure.CALLS, line=300100)] == 1
    assert calls[Series(Measure.CALLS, line=300110)] == 2
    assert calls[Series(Measure.DURATION, line=300110)] == 90


def test_messages_are_no_calls() -> None:
    """They cost, but nobody talked; the operator's statistics of calls leave them out, too."""
    assert added(record(1, type="sms", direction=None, price=0.99)) == {}


def test_a_record_without_a_line_counts_for_the_account_alone() -> None:
    """There is no line that it could be of."""
    assert {series.line for series in added(record(1, line=None))} == {None}


def test_it_is_known_when_the_first_of_them_began() -> None:
    """The log says from when on the years are there."""
    hours = Hours(DIRECTORY.direction)
    hours.add([record(1), record(2, date=NOON - timedelta(hours=5)), record(3, date=NOON)])
    hours.take(*EVER)
    assert (hours.first, hours.count) == (NOON.replace(minute=0) - timedelta(hours=5), 3)


def test_calls_are_counted_in_ones_minutes_and_crowns() -> None:
    """A graph would be off by sixty, or by a million."""
    assert {measure.grain for measure in Measure} == {1, 60, 1_000_000}
    assert (Measure.CALLS.grain, Measure.MISSED.grain) == (1, 1)
    assert (Measure.DURATION.grain, Measure.COST.grain) == (60, 1_000_000)


# Missed calls.


def test_a_call_that_was_sent_on_and_answered_was_not_missed() -> None:
    """Somebody would be called back who has been talked with."""
    leg = {"direction": Direction.REDIRECTED, "redirection_parent_id": 1}
    answered = record(2, **leg, status=CallStatus.ANSWERED, length=9)
    assert missed(record(1), answered) == {}
    assert missed(answered, record(1)) == {}
    assert missed(record(1), record(2, **leg)) == {hour_of(NOON): 1}


def test_a_leg_of_a_leg_is_of_the_same_call() -> None:
    """A telephone that sends on what was sent on to it makes no second missed call."""
    first = record(1)
    second = record(2, direction=Direction.REDIRECTED, redirection_parent_id=1)
    third = record(3, direction=Direction.REDIRECTED, redirection_parent_id=2)
    assert missed(first, second, third) == {hour_of(NOON): 1}
    talked = record(3, direction=Direction.REDIRECTED, redirection_parent_id=2, length=1)
    assert missed(third, talked, second, first) in ({}, {hour_of(NOON): 1})


def test_a_leg_that_was_written_first_is_not_the_call() -> None:
    """A long call is recorded after its legs, which have the lower numbers then."""
    leg = {"direction": Direction.REDIRECTED, "redirection_parent_id": 9}
    assert missed(record(2, **leg), record(9, direction=Direction.OUT)) == {}
    assert missed(record(2, **leg), record(9)) == {hour_of(NOON): 1}


def test_legs_that_point_at_each_other_end() -> None:
    """Nothing at all would go on."""
    ring = [record(n, redirection_parent_id=parent) for n, parent in ((1, 2), (2, 3), (3, 2))]
    assert sum(missed(*ring).values()) in {1, 2, 3}
    one = record(1, redirection_parent_id=2)
    two = record(2, redirection_parent_id=1)
    assert sum(missed(one, two).values()) in {1, 2}
    assert sum(missed(record(1, redirection_parent_id=1)).values()) == 1


def test_what_goes_out_and_is_not_answered_is_not_missed() -> None:
    """It was not for us."""
    assert missed(record(1, direction=Direction.OUT)) == {}


@pytest.mark.parametrize("length", [0, 9])
def test_a_leg_in_the_next_period_still_belongs_to_its_call(length: int) -> None:
    """At the end of a month a call would be missed that was answered, or missed twice."""
    hours = Hours(DIRECTORY.direction)
    end = NOON + timedelta(hours=1)
    leg = record(
        2,
        date=end + timedelta(seconds=5),
        direction=Direction.REDIRECTED,
        redirection_parent_id=1,
        status=CallStatus.ANSWERED if length else CallStatus.MISSED,
        length=length,
    )
    hours.add([record(1, date=end - timedelta(seconds=1))])
    hours.add([leg])
    before = hours.take(NOON, end).get(Series(Measure.MISSED))
    assert before == (None if length else {hour_of(NOON): 1})
    assert Series(Measure.MISSED) not in hours.take(end, end + timedelta(hours=1))


def test_records_with_the_id_of_an_earlier_one_count_too() -> None:
    """Ids that begin again with low numbers overwrite nothing, and legs stay with their calls."""
    earlier = NOON - timedelta(days=7)
    old = [
        record(1, date=earlier),
        answered(2, date=earlier, source_number=MOBILE),
        record(4, date=earlier, source_number=EVA),
    ]
    talked = {"status": CallStatus.ANSWERED, "length": 9}
    new = [record(1), leg(2, 1, **talked), leg(3, 4, **talked)]
    for rows in ([*old, *new], [*new, *old, *new]):
        amounts = added(*rows)
        hour, now = hour_of(earlier), hour_of(NOON)
        assert amounts[Series(Measure.CALLS, Direction.IN)] == {hour: 3, now: 1}
        assert amounts[Series(Measure.CALLS, Direction.REDIRECTED)] == {now: 2}
        assert amounts[Series(Measure.MISSED)] == {hour: 2}


# Whatever the order.


EDGES = (
    datetime(2025, 10, 25, 22, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 0, tzinfo=UTC),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Write some records, many of them close to where a day or an hour ends."""
    world = quiet()
    edge = draw(st.sampled_from(EDGES))
    seconds = st.one_of(st.integers(-3, 3), st.integers(-90_000, 90_000))
    parents: list[Record] = []
    for _ in range(draw(st.integers(0, 40))):
        fields: dict[str, Any] = {
            "direction": draw(st.sampled_from(["in", "in", "out"])),
            "date": edge + timedelta(seconds=draw(seconds)),
            "line": draw(st.sampled_from([300100, 300110, 300120])),
            "length": draw(st.sampled_from([0, 0, 1, 59, 60, 7199])),
            "price": draw(st.integers(0, 99_999)) / 10_000,
        }
        if parents and fields["line"] == 300110:
            parent = draw(st.sampled_from(parents))
            fields |= {
                "direction": "redirected",
                "date": parent.date + timedelta(seconds=draw(st.integers(0, 30))),
                "redirection_parent_id": parent.id,
            }
        fields["status"] = "answered" if fields["length"] else "missed"
        written = world.add_record(
            source_number=f"00420602{len(parents):06}",
            destination_number="00420910123456",
            **fields,
        )
        if written.direction == "in":
            parents.append(written)
    return world


def in_periods(rows: list[Call], period: timedelta, draw: st.DataObject) -> tuple[Amounts, int]:
    """Add up period after period, as they are read: shuffled, in portions, some of them twice."""
    hours = Hours(DIRECTORY.direction)
    dates = [row.date for row in rows]
    start = datetime.fromtimestamp(hour_of(min(dates, default=NOON)), UTC)
    end = max(dates, default=NOON) + timedelta(hours=2)
    settled = start
    everything: Amounts = {}
    first = start - LEGS_WITHIN
    while first < end:
        last = min(first + period, end)
        read = [row for row in rows if first <= row.date <= last]
        again = draw.draw(st.lists(st.sampled_from(read), max_size=5)) if read else []
        shuffled = draw.draw(st.permutations(read + again))
        cut = draw.draw(st.integers(0, len(shuffled)))
        hours.add(shuffled[:cut])
        hours.add(shuffled[cut:])
        until = end if last == end else last - LEGS_WITHIN
        for series, amounts in hours.take(settled, until).items():
            known = everything.setdefault(series, {})
            assert known.keys().isdisjoint(amounts)
            known |= amounts
        settled, first = until, last
    return everything, hours.count


@settings(max_examples=60)
@given(world=worlds(), period=st.sampled_from([2, 24]), data=st.data())
def test_the_hours_equal_the_books(world: World, period: int, data: st.DataObject) -> None:
    """Any order, repetition and page size gives what the exchange counts itself."""
    records = world.account().records
    amounts, count = in_periods(calls_of(records), timedelta(hours=period), data)
    assert count == len(records)
    reached = {row.redirection_parent_id for row in records if row.status == "answered"}
    unreached = [
        row
        for row in records
        if row.direction == "in" and row.status == "missed" and row.id not in reached
    ]
    for hour in {hour_of(row.date) for row in records}:
        start = datetime.fromtimestamp(hour, UTC)
        end = start + timedelta(seconds=HOUR - 1)
        books = world.totals(start, end)
        sums = {
            Direction.IN: books.incoming,
            Direction.OUT: books.outgoing,
            Direction.REDIRECTED: books.redirected,
        }
        for direction, total in sums.items():
            got = [amounts.get(Series(m, direction), {}).get(hour, 0) for m in SUMMED]
            assert got == [total.count, total.length, round(total.price * 1_000_000)]
        for line in (300100, 300110, 300120):
            of_line = world.totals(start, end, line=line)
            of_all = (of_line.incoming, of_line.outgoing, of_line.redirected)
            got = [amounts.get(Series(m, line=line), {}).get(hour, 0) for m in SUMMED]
            assert got == [
                sum(total.count for total in of_all),
                sum(total.length for total in of_all),
                round(sum(total.price for total in of_all) * 1_000_000),
            ]
        in_this = sum(hour_of(row.date) == hour for row in unreached)
        assert amounts.get(Series(Measure.MISSED), {}).get(hour, 0) == in_this


# What it is called.


@given(user=st.text(min_size=1, max_size=30), line=st.integers(0, 2**63 - 1))
def test_the_recorder_takes_every_id(user: str, line: int) -> None:
    """The first import would fail for somebody with a dash in the login."""
    for series in (*OF_ACCOUNT, *(Series(measure, line=line) for measure in SUMMED)):
        assert valid_statistic_id(f"odorik:{series.id_of(slugify(user))}")


def test_the_ids_are_those_that_dashboards_hold_on_to() -> None:
    """A card that was copied from the documents would stay empty."""
    assert [series.id_of("1234567") for series in OF_ACCOUNT] == [
        *("1234567_incoming_calls", "1234567_incoming_duration", "1234567_incoming_cost"),
        *("1234567_outgoing_calls", "1234567_outgoing_duration", "1234567_outgoing_cost"),
        *("1234567_redirected_calls", "1234567_redirected_duration", "1234567_redirected_cost"),
        "1234567_missed_calls",
    ]
    assert Series(Measure.COST, line=300100).id_of("1234567") == "1234567_300100_cost"
