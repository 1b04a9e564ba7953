"""Test calls that ring several lines, each with a record of its own and no link between them."""

import pytest

from custom_components.odorik.api import Call, CallStatus, Direction
from custom_components.odorik.calls.log import CallLog, calls_of

from .call_fixtures import (
    DIRECTORY,
    ENDED,
    EVA,
    HOME_LINE,
    MISSED,
    NOON,
    SECOND,
    WORKSHOP,
    WORKSHOP_LINE,
    active,
    answered,
    count_missed,
    finished_events,
    finished_ids,
    finished_types,
    leg,
    picked_up,
    record,
    restarted,
    watch,
)

THIRD_LINE = 300120
ANSWERED_ELSEWHERE = [
    record(7),
    answered(8, line=WORKSHOP_LINE, date=NOON + 2 * SECOND),
    record(9, line=THIRD_LINE, date=NOON + SECOND),
]


@pytest.mark.parametrize(
    "rows",
    [
        ANSWERED_ELSEWHERE,
        ANSWERED_ELSEWHERE[::-1],
        [record(7), answered(8), record(9)],
        [record(7), answered(6, line=WORKSHOP_LINE)],
    ],
)
def test_a_call_that_was_answered_on_another_line_is_not_missed(
    log: CallLog, rows: list[Call]
) -> None:
    """The records of the telephones that only rang belong to the answered call."""
    (event,) = finished_events(log, *rows)
    talk = next(row for row in rows if row.status is CallStatus.ANSWERED)
    assert (event.type, event.call_id, event.line) == (ENDED, talk.id, talk.line)
    assert event.duration == 30
    assert [event.call_id for event in calls_of(rows, DIRECTORY)] == [talk.id]
    assert count_missed(*rows) == 0


def test_a_call_without_an_answer_on_any_line_is_missed_once(log: CallLog) -> None:
    """Two lines rang at the same moment for the same number."""
    rows = [record(7), record(8, line=WORKSHOP_LINE, date=NOON + SECOND)]
    (event,) = finished_events(log, *rows)
    assert (event.type, event.call_id, event.other_lines) == (MISSED, 7, {WORKSHOP_LINE})
    assert count_missed(*rows) == 1


@pytest.mark.parametrize(
    ("rows", "missed"),
    [
        # Missed calls on the same line, of another caller, to another number, or later.
        *(
            ([record(7), record(8, **other)], 2)
            for other in (
                {},
                {"line": WORKSHOP_LINE, "source_number": EVA},
                {"line": WORKSHOP_LINE, "destination_number": WORKSHOP},
                {"line": WORKSHOP_LINE, "date": NOON + 2.5 * SECOND},
            )
        ),
        # Answered calls that differ in the same ways.
        *(
            ([record(7), answered(8, **{"line": WORKSHOP_LINE, **other})], 1)
            for other in (
                # The telephone on the same line has rung on after that.
                {"line": HOME_LINE, "ringing_length": 5},
                {"source_number": EVA},
                {"destination_number": WORKSHOP},
                {"date": NOON + 2.5 * SECOND},
                {"date": NOON - 2.5 * SECOND},
                {"direction": Direction.OUT},
            )
        ),
        # There is no number to compare.
        (
            [
                record(7, source_number=""),
                answered(8, source_number="anonymous", line=WORKSHOP_LINE),
            ],
            1,
        ),
        # A switchboard calls twice at once; a third telephone only rang.
        ([answered(7), answered(8, line=WORKSHOP_LINE), record(9, line=THIRD_LINE)], 0),
    ],
)
def test_different_calls_are_not_joined(log: CallLog, rows: list[Call], missed: int) -> None:
    """Caller, called number and start have to be the same."""
    events = sorted(finished_events(log, *rows), key=lambda event: event.call_id or 0)
    types = [MISSED] * missed + [ENDED] * (2 - missed)
    assert [(event.call_id, event.type) for event in events] == list(
        zip((7, 8), types, strict=True)
    )
    assert count_missed(*rows) == missed


def test_a_missed_record_waits_while_another_line_talks(polled_log: CallLog) -> None:
    """The record of the answered telephone is written when the talk is over."""
    log, other = polled_log, active(71, line=WORKSHOP_LINE)
    watch(log, active(70), other, at=1)
    talk = picked_up(other)
    watch(log, talk, at=6)
    assert not finished_events(log, record(7, active_call_id=70, ringing_length=5), at=6)
    watch(log, talk, at=300)
    assert not finished_events(log, at=300)
    watch(log, talk, at=600)
    watch(log, at=603)
    assert not finished_events(log, at=603)
    row = answered(8, active_call_id=71, line=WORKSHOP_LINE, length=598)
    (event,) = finished_events(log, row, at=605)
    assert (event.type, event.call_id, event.line) == (ENDED, 8, WORKSHOP_LINE)
    assert event.other_lines == {HOME_LINE}
    assert not log.waiting


@pytest.mark.parametrize("is_restarted", [True, False])
def test_a_late_record_of_another_line_is_ignored(log: CallLog, *, is_restarted: bool) -> None:
    """Each reading repeats the last records, so the reported call is known after a restart."""
    first, late = answered(7, line=WORKSHOP_LINE), record(8)
    assert len(finished_events(log, *log.news([first]))) == 1
    if is_restarted:
        log = restarted(log)
    assert not finished_events(log, *log.news([first, late]), at=22)
    assert not log.waiting
    other = record(9, source_number=EVA)
    assert finished_types(log, *log.news([first, late, other]), at=24) == [MISSED]


def test_linked_records_are_not_joined_with_an_unlinked_one(log: CallLog) -> None:
    """Telephones with unlinked records have one record each and no legs."""
    rows = [record(7), leg(8, 7), record(9, line=WORKSHOP_LINE)]
    assert finished_ids(log, *rows) == [7, 9]
    assert count_missed(*rows) == 2


def test_a_thousand_numbers_are_remembered_for_late_records(log: CallLog) -> None:
    """The late record of another line is ignored for the newest ones, and else a missed call."""
    rows = [
        answered(n, line=WORKSHOP_LINE, source_number=f"00420602{n:06}") for n in range(1, 1002)
    ]
    late = [record(2000 + n, source_number=f"00420602{n:06}") for n in (1, 2)]
    assert len(finished_events(log, *rows)) == 1001
    assert finished_ids(log, *late, at=22) == [2001]


def test_many_calls_of_one_moment_are_paired_by_line(log: CallLog) -> None:
    """A switchboard with one number that calls 1,000 times makes 1,000 calls on two lines."""
    lines = (HOME_LINE, WORKSHOP_LINE)
    rows = [record(number, line=lines[number % 2]) for number in range(1, 2001)]
    events = finished_events(log, *rows)
    assert len(events) == 1000
    assert all(event.other_lines for event in events)
