"""Test how the log turns records into events of finished calls."""

from datetime import timedelta
from itertools import takewhile
from typing import Any

from msgspec import convert, to_builtins
import pytest

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.log import calls_of

from .builders import answered, answered_leg, leg, record, ring_both_lines
from .call_fixtures import DIRECTORY, ENDED, MISSED, NOON, SECOND, LogHarness, e164
from .phones import AT_HOME, AT_WORKSHOP, EVA, HOME, HOME_LINE, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE


def test_a_call_without_an_answer_is_missed(log: LogHarness) -> None:
    """A missed call is reported with everything that its record says."""
    (event,) = log.finished_events(record(7, active_call_id=70))
    assert event == CallEvent(
        type=MISSED,
        call_id=7,
        active_call_id=70,
        direction=Direction.IN,
        number=e164(JAN),
        own_number=e164(HOME),
        line=HOME_LINE,
        line_name="Domov",
        started_at=NOON,
        duration=0,
        ringing_duration=20,
        price=0.0,
        status=CallStatus.MISSED,
    )
    assert event.ended_at == NOON + 20 * SECOND


def test_a_forwarded_call_that_was_answered_has_ended(log: LogHarness) -> None:
    """An answered leg makes the call an answered one, with the prices of all legs.

    The incoming record describes the call, even if a leg has the lower ID.
    """
    incoming = record(7, destination_number=WORKSHOP, line=WORKSHOP_LINE, price=0.1)
    answered_later = answered_leg(6, 7, date=NOON + 5 * SECOND, price=0.59)
    (event,) = log.finished_events(answered_later, incoming)
    assert (event.type, event.call_id, event.direction) == (ENDED, 7, Direction.IN)
    assert (event.own_number, event.line) == (e164(WORKSHOP), WORKSHOP_LINE)
    assert (event.duration, event.price) == (30, 0.69)
    assert event.answered_at == NOON + 25 * SECOND
    assert event.ringing_duration == 25


@pytest.mark.parametrize("parent", [7, "7"])
def test_a_chain_of_redirections_is_one_call(log: LogHarness, parent: int | str) -> None:
    """A call that is forwarded twice is reported once."""
    rows = [leg(9, 8), leg(8, parent), record(7)]
    rows = [convert(to_builtins(row), CallRecord, strict=False) for row in rows]
    assert log.finished_ids(*rows) == [7]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"direction": None}, MISSED),
        ({"direction": Direction.UNKNOWN, "source_number": HOME, "destination_number": JAN}, ENDED),
        ({"status": None}, MISSED),
        ({"status": CallStatus.UNKNOWN, "length": 3}, ENDED),
        ({"length": None, "ringing_length": None, "price": None, "line": None}, MISSED),
        ({"source_number": ""}, MISSED),
        ({"source_number": None, "destination_number": None}, MISSED),
        ({"redirection_parent_id": 0}, MISSED),
        ({"redirection_parent_id": 7}, MISSED),
        ({"direction": Direction.OUT, "source_number": HOME, "destination_number": JAN}, ENDED),
    ],
)
def test_an_incomplete_record_is_reported(
    log: LogHarness, fields: dict[str, Any], expected: CallEventType
) -> None:
    """A gap in a record does not lose the call."""
    assert log.finished_types(record(7, **fields)) == [expected]


def test_a_text_message_is_not_a_call(log: LogHarness) -> None:
    """The record of a message is skipped without an event."""
    rows = [record(7, type="sms"), record(8, destination_name="SMS zpráva")]
    assert not log.finished_events(*rows)
    assert log.position == 8


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([record(7), record(8)], id="the same number twice in a second"),
        # A parent of 0 means that there is none.
        pytest.param([record(n, redirection_parent_id=0) for n in (7, 8)], id="parent 0"),
        pytest.param([leg(7, 8), leg(8, 7)], id="parents in a circle"),
    ],
)
def test_unrelated_records_are_separate_calls(log: LogHarness, rows: list[CallRecord]) -> None:
    """Each record without a valid common parent is reported on its own."""
    assert sorted(event_id or 0 for event_id in log.finished_ids(*rows)) == [7, 8]


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        (
            [
                record(8, date=NOON + SECOND, source_number=EVA),
                answered(9, source_number=MOBILE),
                record(7, date=NOON + 2 * SECOND),
            ],
            [9, 8, 7],
        ),
        # A call begins with its first leg; within a second the lower ID comes first.
        (
            [
                leg(9, 7, date=NOON + 10 * SECOND),
                record(8, date=NOON + 5 * SECOND),
                record(7),
                leg(12, 11, date=NOON + 20 * SECOND),
                record(11, date=NOON + 20 * SECOND),
                record(10, date=NOON + 20 * SECOND),
            ],
            [7, 8, 10, 11],
        ),
        # The call that began first has the highest ID, in a leg.
        ([record(8), leg(20, 7), record(7)], [7, 8]),
    ],
)
def test_calls_are_reported_in_the_order_in_which_they_began(
    log: LogHarness, rows: list[CallRecord], order: list[int]
) -> None:
    """Events follow the start of the calls, not the order in which people hung up."""
    assert log.finished_ids(*rows) == order


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (record(7, date=NOON + SECOND, source_number=EVA), answered(8), [8, 7]),
        (record(8), record(7), [7, 8]),
    ],
)
def test_records_of_two_readings_are_sorted_together(
    log: LogHarness, first: CallRecord, second: CallRecord, order: list[int]
) -> None:
    """A call that is read later may have begun first, because it lasted longer."""
    log.read([first], NOON + 20 * SECOND)
    assert log.finished_ids(second) == order


def test_a_call_counts_as_reported_once_the_next_one_is_requested(log: LogHarness) -> None:
    """A call is not marked as done while its event is handled, or a crash would lose it."""
    log.read([record(7), record(8)], NOON + 20 * SECOND)
    events = log.decide(NOON + 20 * SECOND)
    next(events)
    assert log.state
    assert log.state.done == []
    next(events)
    assert log.state.done == [7]


@pytest.mark.parametrize(("records", "pauses"), [(299, 0), (300, 4), (750, 7)])
def test_a_large_reading_yields_to_the_event_loop(
    log: LogHarness, records: int, pauses: int
) -> None:
    """The generator yields None after every 300 calls that it examines."""
    log.read([record(number) for number in range(1, records + 1)], NOON + 20 * SECOND)
    decided = log.decide(NOON + 20 * SECOND)
    assert len(list(takewhile(lambda event: event is None, decided))) == pauses


def test_an_unknown_price_is_not_zero(log: LogHarness) -> None:
    """The price is unknown only if no leg has one; a missing ringing time counts as none."""
    (event,) = log.finished_events(answered(7, price=None, ringing_length=None))
    assert event.price is None
    assert (event.answered_at, event.ringing_duration) == (NOON, 0)
    (event,) = LogHarness().finished_events(record(7, price=None), leg(8, 7, price=0.0))
    assert event.price == 0


@pytest.mark.parametrize(("one", "other", "total"), [(0.1, 0.2, 0.3), (0.1234, 0.0001, 0.1235)])
def test_prices_are_rounded_to_four_decimal_places(
    log: LogHarness, one: float, other: float, total: float
) -> None:
    """The sum of prices shows no floating-point error and loses no fraction of a message."""
    (event,) = log.finished_events(record(7, price=one), leg(8, 7, price=other))
    assert event.price == total


def test_the_past_is_reported_without_waiting() -> None:
    """Looking back, no call is too old and no record waits for another one."""
    rows = [record(1, date=NOON - timedelta(days=400)), leg(9, 8), leg(10, 8)]
    assert [event.call_id for event in calls_of(rows, DIRECTORY)] == [1, 8]
    assert not list(calls_of([], DIRECTORY))


def test_the_event_lists_every_line_on_which_the_call_rang(log: LogHarness) -> None:
    """The other lines come from the legs' records and from the polls."""
    rows = [
        record(7, active_call_id=70),
        leg(8, 7, destination_number=AT_HOME, active_call_id=71),
        leg(9, 7, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE, active_call_id=72),
    ]
    never_polled, answered_early = LogHarness(), LogHarness()
    log.poll(*ring_both_lines(), at=1)
    log.poll(at=20)
    (event,) = log.finished_events(*rows)
    assert (event.line, event.other_lines) == (HOME_LINE, frozenset({WORKSHOP_LINE}))
    assert not log.live.has_unrecorded
    (event,) = never_polled.finished_events(record(7), leg(8, 7, destination_number=AT_WORKSHOP))
    assert (event.line, event.other_lines) == (HOME_LINE, frozenset({WORKSHOP_LINE}))
    answered_early.poll(at=-1)
    answered_early.poll(*ring_both_lines(), at=1)
    (event,) = answered_early.finished_events(answered(7, active_call_id=70))
    assert event.other_lines == {WORKSHOP_LINE}, "the legs leave no record"
