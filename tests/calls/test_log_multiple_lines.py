"""Test calls that ring several lines, each with a record of its own and no link between them."""

import pytest

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.calls.log import calls_of

from .builders import active, answered, leg, picked_up, record
from .call_fixtures import DIRECTORY, ENDED, MISSED, NOON, SECOND, LogHarness, count_missed
from .phones import EVA, HOME_LINE, WORKSHOP, WORKSHOP_LINE

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
        # On the same line, the telephones fall silent within two seconds of the answer.
        [record(7), answered(8, ringing_length=18)],
        [record(7), answered(6, line=WORKSHOP_LINE)],
    ],
)
def test_a_call_that_was_answered_on_another_line_is_not_missed(
    log: LogHarness, rows: list[CallRecord]
) -> None:
    """The records of the telephones that only rang belong to the answered call."""
    (event,) = log.finished_events(*rows)
    talk = next(row for row in rows if row.status is CallStatus.ANSWERED)
    assert (event.type, event.call_id, event.line) == (ENDED, talk.id, talk.line)
    assert event.duration == 30
    assert [event.call_id for event in calls_of(rows, DIRECTORY)] == [talk.id]
    assert count_missed(*rows) == 0


def test_a_call_without_an_answer_on_any_line_is_missed_once(log: LogHarness) -> None:
    """Two lines rang at the same moment for the same number."""
    rows = [record(7), record(8, line=WORKSHOP_LINE, date=NOON + SECOND)]
    (event,) = log.finished_events(*rows)
    assert (event.type, event.call_id, event.other_lines) == (MISSED, 7, frozenset({WORKSHOP_LINE}))
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
                {"line": HOME_LINE, "ringing_length": 17},
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
def test_different_calls_are_not_joined(
    log: LogHarness, rows: list[CallRecord], missed: int
) -> None:
    """Caller, called number and start have to be the same."""
    events = sorted(log.finished_events(*rows), key=lambda event: event.call_id or 0)
    types = [MISSED] * missed + [ENDED] * (2 - missed)
    assert [(event.call_id, event.type) for event in events] == list(
        zip((7, 8), types, strict=True)
    )
    assert count_missed(*rows) == missed


def test_a_missed_record_waits_while_another_line_talks(log: LogHarness) -> None:
    """The record of the answered telephone is written when the talk is over."""
    other = active(71, line=WORKSHOP_LINE)
    log.poll(active(70), other, at=1)
    talk = picked_up(other)
    log.poll(talk, at=6)
    assert not log.finished_events(record(7, active_call_id=70, ringing_length=5), at=6)
    log.poll(talk, at=300)
    assert not log.finished_events(at=300)
    log.poll(talk, at=600)
    log.poll(at=603)
    assert not log.finished_events(at=603)
    row = answered(8, active_call_id=71, line=WORKSHOP_LINE, length=598)
    (event,) = log.finished_events(row, at=605)
    assert (event.type, event.call_id, event.line) == (ENDED, 8, WORKSHOP_LINE)
    assert event.other_lines == {HOME_LINE}
    assert not log.waiting


@pytest.mark.parametrize("is_restarted", [True, False])
def test_a_late_record_of_another_line_is_ignored(log: LogHarness, *, is_restarted: bool) -> None:
    """Each reading repeats the last records, so the reported call is known after a restart."""
    first, late = answered(7, line=WORKSHOP_LINE), record(8)
    assert len(log.finished_events(*log.news([first]))) == 1
    if is_restarted:
        log = log.restarted()
    assert not log.finished_events(*log.news([first, late]), at=22)
    assert not log.waiting
    other = record(9, source_number=EVA)
    assert log.finished_types(*log.news([first, late, other]), at=24) == [MISSED]


def test_linked_records_are_not_joined_with_an_unlinked_one(log: LogHarness) -> None:
    """Telephones with unlinked records have one record each and no legs."""
    rows = [record(7), leg(8, 7), record(9, line=WORKSHOP_LINE)]
    assert log.finished_ids(*rows) == [7, 9]
    assert count_missed(*rows) == 2


def test_a_thousand_numbers_are_remembered_for_late_records(log: LogHarness) -> None:
    """A late record of another line is ignored for these, and a missed call for all others."""
    rows = [
        answered(n, line=WORKSHOP_LINE, source_number=f"00420602{n:06}") for n in range(1, 1002)
    ]
    late = [record(2000 + n, source_number=f"00420602{n:06}") for n in (1, 2)]
    assert len(log.finished_events(*rows)) == 1001
    assert log.finished_ids(*late, at=22) == [2001]


def test_many_calls_of_one_moment_are_paired_by_line(log: LogHarness) -> None:
    """A switchboard with one number that calls 1,000 times makes 1,000 calls on two lines."""
    lines = (HOME_LINE, WORKSHOP_LINE)
    rows = [record(number, line=lines[number % 2]) for number in range(1, 2001)]
    events = log.finished_events(*rows)
    assert len(events) == 1000
    assert all(event.other_lines for event in events)
