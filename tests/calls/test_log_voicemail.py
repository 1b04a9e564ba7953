"""Test that an answer by a machine, such as voicemail, leaves a call missed."""

from typing import Any

import pytest

from custom_components.odorik.api import CallRecord, CallStatus
from custom_components.odorik.calls.event import CallEventType
from custom_components.odorik.calls.inbox import Inbox
from custom_components.odorik.calls.log import calls_of

from .builders import (
    active,
    answered,
    answered_leg,
    dialled,
    forwarded,
    leg,
    outgoing,
    picked_up,
    record,
)
from .call_fixtures import (
    DIRECTORY,
    ENDED,
    MINUTE,
    MISSED,
    NOON,
    SECOND,
    STARTED,
    LogHarness,
    count_missed,
)
from .phones import AT_WORKSHOP, JAN, MOBILE, WORKSHOP_LINE

VOICEMAIL = "*085120*1"
QUEUE = "*0852001300100"
LATER = NOON + 20 * SECOND


def to_voicemail(record_id: int, parent: int, length: int = 14, **fields: Any) -> CallRecord:
    """Create the record of a leg that voicemail answered."""
    return answered_leg(record_id, parent, length, destination_number=VOICEMAIL, **fields)


@pytest.mark.parametrize("is_incoming_answered", [True, False])
def test_voicemail_does_not_answer_an_active_call(
    log: LogHarness, *, is_incoming_answered: bool
) -> None:
    """A call that voicemail took has no answered event, and is missed without a record."""
    call = active(70)
    branch = active(72, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE)
    assert log.poll_types(call, branch, at=1) == [STARTED, STARTED]
    if is_incoming_answered:
        call = picked_up(call, 20)
    voicemail = picked_up(forwarded(73, 20, destination_number=VOICEMAIL), 20)
    assert log.poll_types(call, voicemail, at=21) == []
    log.poll(at=34)
    (event,) = log.end_unrecorded()
    assert (event.type, event.duration, event.answered_at) == (MISSED, 0, None)


@pytest.mark.parametrize(
    "incoming", [{}, {"status": CallStatus.ANSWERED, "length": 14}], ids=["missed", "answered"]
)
@pytest.mark.parametrize(
    ("destination", "expected"),
    [(VOICEMAIL, MISSED), ("*0071", MISSED), (QUEUE, ENDED), (AT_WORKSHOP, ENDED), (MOBILE, ENDED)],
)
def test_only_people_answer(
    log: LogHarness, incoming: dict[str, Any], destination: str, expected: CallEventType
) -> None:
    """Time in voicemail does not count as talk time, even if the incoming record says answered."""
    rows = [record(3, **incoming), answered_leg(4, 3, 14, destination_number=destination)]
    is_missed = expected is MISSED
    for events in (log.finished_events(*rows), list(calls_of(rows, DIRECTORY))):
        (event,) = events
        assert (event.type, event.call_id) == (expected, 3)
        assert event.duration == (0 if is_missed else 14)
        assert (event.answered_at is None) == is_missed
        assert event.status is (CallStatus.MISSED if is_missed else CallStatus.ANSWERED)
        assert event.ended_at == NOON + (20 if is_missed else 34) * SECOND
    assert count_missed(*rows) == is_missed


@pytest.mark.parametrize(
    ("rows", "duration"),
    [
        # The voicemail leg was cancelled.
        ([answered(3), leg(4, 3, destination_number=VOICEMAIL)], 30),
        # A line answered after voicemail.
        (
            [
                answered(3),
                to_voicemail(4, 3, 5),
                answered_leg(5, 4, 9, destination_number=AT_WORKSHOP),
            ],
            9,
        ),
    ],
)
def test_an_answer_beside_voicemail_counts(
    log: LogHarness, rows: list[CallRecord], duration: int
) -> None:
    """A voicemail leg does not hide the answer of another leg."""
    (event,) = log.finished_events(*rows)
    assert (event.type, event.duration) == (ENDED, duration)


def test_voicemail_explains_the_answers_of_all_legs_above_it(log: LogHarness) -> None:
    """The line that forwarded the call to its voicemail is recorded as answered, too."""
    rows = [answered(3), answered_leg(4, 3, 14, destination_number=AT_WORKSHOP), to_voicemail(5, 4)]
    assert log.finished_types(*rows) == [MISSED]
    assert count_missed(*rows) == 1


def test_an_answered_record_waits_for_the_record_of_voicemail(log: LogHarness) -> None:
    """The two records may be read one after the other, and the call was missed."""
    voicemail = picked_up(forwarded(73, 20, destination_number=VOICEMAIL), 20)
    log.poll(picked_up(active(70), 20), voicemail, at=21)
    log.poll(at=34)
    assert not log.finished_events(answered(3, length=14, active_call_id=70), at=34.5)
    row = to_voicemail(4, 3, active_call_id=73, date=LATER)
    assert log.finished_types(row, at=36) == [MISSED]


def test_the_record_of_voicemail_is_awaited_for_ten_seconds(log: LogHarness) -> None:
    """It may never be written."""
    log.poll(active(70), picked_up(active(73, destination_number=VOICEMAIL), 20), at=21)
    log.poll(at=34)
    assert not log.finished_events(answered(3, active_call_id=70), at=34.5)
    assert log.finished_types(at=44.5) == [ENDED]


def test_a_missed_record_does_not_wait_for_voicemail(log: LogHarness) -> None:
    """The record of the voicemail leg cannot change that the call is missed."""
    log.poll(active(70), at=1)
    log.poll(picked_up(forwarded(73, 20, destination_number=VOICEMAIL), 20), at=21)
    assert log.finished_types(record(7, active_call_id=70), at=21) == [MISSED]


def test_a_callback_that_reaches_voicemail_was_not_answered(log: LogHarness) -> None:
    """The caller talked to a machine."""
    log.order_callback(MOBILE, VOICEMAIL)
    log.poll(at=0)
    legs = [picked_up(dialled(70, MOBILE), 0), picked_up(dialled(71, VOICEMAIL), 0)]
    assert log.poll_types(*legs, at=3) == [STARTED]
    rows = [outgoing(7, MOBILE, active_call_id=70), outgoing(8, VOICEMAIL, active_call_id=71)]
    assert [event.status for event in log.finished_events(*rows, at=60)] == [CallStatus.MISSED]


@pytest.mark.parametrize(
    ("rows", "types"),
    [
        (
            [
                record(3),
                answered(4, date=NOON + MINUTE, length=14),
                to_voicemail(5, 4, date=NOON + 80 * SECOND),
            ],
            [MISSED, MISSED],
        ),
        # An answer without talk time is none.
        (
            [
                record(7),
                outgoing(8, JAN, date=NOON + MINUTE, length=0),
                answered(9, date=NOON + 2 * MINUTE, length=0),
            ],
            [MISSED, ENDED, MISSED],
        ),
    ],
    ids=["voicemail", "no talk time"],
)
def test_a_caller_whom_nobody_talked_with_waits(
    log: LogHarness, rows: list[CallRecord], types: list[CallEventType]
) -> None:
    """Answers by voicemail or without talk time do not complete earlier missed calls."""
    inbox = Inbox()
    events = log.finished_events(*rows, at=200)
    assert [event.type for event in events] == types
    assert {event.status for event in events} == {CallStatus.MISSED}
    assert not any(inbox.add(event) for event in events)
    (item,) = inbox.items
    assert (len(item.calls), item.completed) == (2, None)
    assert count_missed(*rows) == 2
