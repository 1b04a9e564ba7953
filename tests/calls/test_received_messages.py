"""Test which received messages are new."""

from datetime import timedelta
from typing import Any

from msgspec import convert, to_builtins
import pytest

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.calls.received_messages import (
    MAX_KNOWN,
    MAX_MESSAGE_AGE,
    MAX_RECORD_DELAY,
    MessageLog,
    MessageState,
)

from .builders import record
from .call_fixtures import DIRECTORY, MINUTE, NOON, SECOND
from .phones import HOME, JAN


def message(record_id: int, seconds: Any = 0, **fields: Any) -> CallRecord:
    """Create the record of a message from Jan."""
    fields = {
        "date": NOON + seconds * SECOND,
        "type": "sms",
        "status": CallStatus.UNKNOWN,
        "length": None,
        "ringing_length": None,
        **fields,
    }
    return record(record_id, **fields)


def report(log: MessageLog, *messages: CallRecord, at: float = 0) -> list[int]:
    """Report the new messages, and return their IDs."""
    news = log.news(messages, DIRECTORY, NOON + at * SECOND)
    for received in news:
        log.finish(received)
    return [received.sms_id for received in news]


@pytest.fixture
def log() -> MessageLog:
    """A log with an empty baseline at noon."""
    log = MessageLog()
    log.set_baseline([], NOON)
    return log


def test_messages_that_cannot_be_read_are_given_up_after_a_week(log: MessageLog) -> None:
    """Until then, they are read from where they were left out, even after a restart."""
    for hours, since, first in ((0, 50, 50), (6, 90, 50), (24, 100, 50), (169, 400, 100)):
        log.note_left_out(since, NOON + timedelta(hours=hours))
        assert log.first_since(since) == first
        log = MessageLog(convert(to_builtins(log.state), MessageState))
        assert log.first_since(since) == first
    log.note_all_read()
    assert log.first_since(600) == 600


def test_a_history_that_starts_over_without_messages_repeats_none(log: MessageLog) -> None:
    """Messages with new IDs are recognized by their time when they can be read again."""
    assert report(log, message(100), message(101, 60)) == [100, 101]
    log.start_over(None)
    assert report(log, message(1), message(2, 60), message(3, 120), at=180) == [3]


def test_the_first_reading_is_the_baseline() -> None:
    """Messages of the first reading are not new, nor are earlier ones that appear later."""
    log = MessageLog()
    assert log.state is None
    assert report(log, message(1), message(2, -30)) == []
    assert report(log, message(1), message(2, -30), message(3, -20), message(4)) == [3, 4]
    assert report(log, message(5, -MAX_RECORD_DELAY.total_seconds())) == []


def test_only_received_messages_are_new(log: MessageLog) -> None:
    """Sent messages are not new. If the direction is missing, the numbers decide."""
    sent = {"source_number": HOME, "destination_number": JAN}
    messages = [
        message(1, direction=Direction.OUT, **sent),
        message(2, direction=None, **sent),
        message(3, direction=None),
        message(4, direction=Direction.UNKNOWN),
        message(5, direction=Direction.REDIRECTED),
    ]
    assert report(log, *messages) == [3, 4]


def test_messages_are_reported_oldest_first_and_once(log: MessageLog) -> None:
    """The order of the response does not matter, and a repeated record is one message."""
    assert report(log, message(2, 9), message(3, 1), message(2, 9), message(1, 5)) == [3, 1, 2]


def test_a_message_of_last_week_is_too_old(log: MessageLog) -> None:
    """After a long shutdown, messages are reported up to the same age as calls."""
    at = MAX_MESSAGE_AGE.total_seconds() + 10
    assert report(log, message(1, 5), message(2, 15), at=at) == [2]


def test_the_stored_state_stays_small(log: MessageLog) -> None:
    """Beyond a limit, messages are recognized by their time, even after a restart."""
    messages = [message(number, number) for number in range(1000)]
    assert report(log, *messages, at=1000) == list(range(1000))
    assert log.state
    assert len(log.state.known) == MAX_KNOWN
    restarted = MessageLog(convert(to_builtins(log.state), MessageState))
    assert report(restarted, *messages, message(1000, 1000), at=1000) == [1000]


def test_restarted_ids_repeat_nothing(log: MessageLog) -> None:
    """The messages up to the last known one are recognized by their time."""
    assert report(log, message(100, 10)) == [100]
    messages = [message(1, 10), message(2, 20)]
    log.start_over(messages)
    assert report(log, *messages, message(100, 30)) == [2, 100]


CALLS = [record(10 * number, date=NOON + number * 10 * MINUTE) for number in range(1, 5)]


@pytest.mark.parametrize(
    ("messages", "is_shared"),
    [
        ([(11, 15), (12, 16), (31, 35)], True),
        ([(1, 5), (11, 15), (12, 16), (31, 35), (99, 50)], True),
        ([(11, 15), (31, 35)], False),
        ([(11, 15), (12, 16), (31, 25)], False),
        ([(1, 1), (2, 2), (3, 3), (4, 4)], False),
        ([(41, 41), (42, 42), (43, 43)], False),
        ([(10, 10), (11, 15), (12, 16), (31, 35)], False),
    ],
)
def test_one_sequence_of_ids_is_recognized(
    log: MessageLog, messages: list[tuple[int, float]], *, is_shared: bool
) -> None:
    """Three messages lie between the same calls by ID as by time, and no ID occurs twice."""
    written = [message(record_id, minute * 60) for record_id, minute in messages]
    log.find_shared_ids(CALLS, written)
    assert log.shares_ids is is_shared


def test_a_redirected_leg_says_nothing_about_the_sequence(log: MessageLog) -> None:
    """The leg is ignored, since it is written late, with the start of its call."""
    leg = record(15, redirection_parent_id=10, date=NOON - timedelta(hours=1))
    written = [message(number, minute * 60) for number, minute in ((11, 15), (12, 16), (31, 35))]
    log.find_shared_ids([*CALLS, leg], written)
    assert log.shares_ids
