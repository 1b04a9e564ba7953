"""Test that the legs of a callback are one call, from its start to its end."""

from datetime import datetime
from typing import Any

import pytest

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.calls.inbox import Inbox

from .builders import active, answered, answered_leg, dialled, outgoing, picked_up, record
from .call_fixtures import ANSWERED, ENDED, MINUTE, MISSED, NOON, SECOND, STARTED, LogHarness, e164
from .phones import AT_WORKSHOP, EVA, HOME, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE


def unanswered(record_id: int, number: str, **fields: Any) -> CallRecord:
    """Create the record of an outgoing call without an answer."""
    return outgoing(record_id, number, status=CallStatus.MISSED, length=0, **fields)


def attempt(
    record_id: int, number: str, at: float, rang: int, talked: int | None = None
) -> CallRecord:
    """Create the record of a leg, answered if a talk time is given."""
    create = unanswered if talked is None else outgoing
    talk = {} if talked is None else {"length": talked}
    return create(record_id, number, date=NOON + at * SECOND, ringing_length=rang, **talk)


@pytest.fixture
def ordered(log: LogHarness) -> LogHarness:
    """Return a log that knows of a callback from the mobile to Jan, ordered at noon."""
    log.order_callback()
    return log


# Records


def test_the_legs_of_a_callback_are_one_call(ordered: LogHarness) -> None:
    """The event has the recipient as its number, the price of both legs and the talk time."""
    (event,) = ordered.finished_events(
        outgoing(7, MOBILE, price=0.5, date=NOON + SECOND),
        outgoing(8, JAN, price=0.25, length=20, date=NOON + 9 * SECOND),
        at=60,
    )
    assert (event.type, event.call_id, event.direction) == (ENDED, 8, Direction.OUT)
    assert (event.number, event.own_number) == (e164(JAN), e164(MOBILE))
    assert (event.price, event.duration, event.status) == (0.75, 20, CallStatus.ANSWERED)
    assert event.active_call_id == 80, "no poll has found it, so its record names it"


@pytest.mark.parametrize("is_answered", [True, False])
def test_only_the_answer_of_the_recipient_counts(ordered: LogHarness, *, is_answered: bool) -> None:
    """A callback to a missed caller completes the caller if it reaches them."""
    inbox = Inbox()
    (missed,) = ordered.finished_events(record(6, date=NOON - MINUTE))
    inbox.add(missed)
    second_leg = outgoing(8, JAN) if is_answered else unanswered(8, JAN)
    (event,) = ordered.finished_events(outgoing(7, MOBILE), second_leg, at=60)
    assert (event.type, event.duration) == (ENDED, 30 if is_answered else 0)
    assert event.status is (CallStatus.ANSWERED if is_answered else CallStatus.MISSED)
    assert inbox.add(event) is is_answered


def test_a_callback_that_the_caller_did_not_answer_ends_after_a_while(ordered: LogHarness) -> None:
    """There is no second leg then, so a later call to the same number was dialled by hand."""
    assert not ordered.finished_events(unanswered(7, MOBILE))
    (event,) = ordered.finished_events(at=31)
    assert event.status is CallStatus.MISSED
    for log in (ordered.restarted(), ordered):
        (event,) = log.finished_events(outgoing(8, JAN), at=40)
        assert event.status is CallStatus.ANSWERED
        assert not log.waiting


def test_a_late_leg_of_a_reported_callback_is_ignored(ordered: LogHarness) -> None:
    """The caller answered, so the operator rang the recipient, whenever that is recorded."""
    assert not ordered.finished_events(outgoing(7, MOBILE))
    assert len(ordered.finished_events(at=31)) == 1
    for log in (ordered.restarted(), ordered):
        assert not log.finished_events(outgoing(8, JAN), at=40)
        assert not log.finished_events(at=60)
        assert not log.waiting


@pytest.mark.parametrize(
    ("began", "first", "last"),
    [(NOON + 9 * SECOND, 20, 46), (NOON + 9 * SECOND, 120, 140), (None, 80, 100)],
)
def test_a_callback_waits_while_the_other_leg_is_up(
    ordered: LogHarness, began: datetime | None, first: float, last: float
) -> None:
    """The operator may record the caller's leg first, however long the callback lasts."""
    recipient = dialled(80, JAN, start_date=began)
    ordered.poll(recipient, at=first)
    assert not ordered.finished_events(outgoing(7, MOBILE), at=first)
    ordered.poll(recipient, at=last)
    assert not ordered.finished_events(at=last)
    ordered.poll(at=last + 4)
    assert not ordered.finished_events(at=last + 4)
    assert len(ordered.finished_events(outgoing(8, JAN, date=NOON + 9 * SECOND), at=last + 6)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"source_number": JAN, "destination_number": HOME, "direction": Direction.IN},
        {"source_number": EVA, "destination_number": MOBILE, "direction": Direction.REDIRECTED},
        {"redirection_parent_id": 7, "direction": Direction.REDIRECTED, "source_number": HOME},
        {"date": NOON - 60 * SECOND},
        {"date": NOON + 121 * SECOND},
        {"line": WORKSHOP_LINE},
        {"destination_number": EVA},
    ],
)
def test_an_unrelated_call_is_not_a_leg(log: LogHarness, other: dict[str, Any]) -> None:
    """A call of the recipient, or one at another time or line, is reported by itself."""
    caller = HOME if other.get("destination_number") == HOME else MOBILE
    log.order_callback(caller)
    fields = {"direction": Direction.OUT, "source_number": HOME, "destination_number": MOBILE}
    row = record(8, **{**fields, **other})
    (call_id,) = [*log.finished_ids(row, at=20), *log.finished_ids(at=40)]
    assert call_id == other.get("redirection_parent_id", 8)
    assert log.finished_ids(outgoing(10, caller), outgoing(11, JAN), at=60) == [11]


@pytest.mark.parametrize(
    ("caller", "recipient", "rows"),
    [
        (MOBILE, JAN, [outgoing(7, MOBILE, source_number=""), outgoing(8, JAN)]),
        (MOBILE, JAN, [outgoing(7, MOBILE, source_number=None), outgoing(8, JAN)]),
        (
            HOME,
            JAN,
            [outgoing(7, HOME, source_number=WORKSHOP, direction=Direction.IN), outgoing(8, JAN)],
        ),
        # To our own line, the second leg comes in from the number that was rung first.
        (
            MOBILE,
            HOME,
            [outgoing(7, MOBILE), answered(8, source_number=MOBILE, destination_number=HOME)],
        ),
        # Our own line has forwarded the call.
        (
            MOBILE,
            AT_WORKSHOP,
            [
                outgoing(7, MOBILE),
                record(8, source_number=HOME, destination_number=AT_WORKSHOP),
                answered_leg(9, 8, source_number=HOME, destination_number=EVA),
            ],
        ),
        # Both legs ring the same telephone.
        (MOBILE, MOBILE, [outgoing(7, MOBILE), outgoing(8, MOBILE)]),
    ],
)
def test_a_leg_may_be_recorded_in_several_ways(
    log: LogHarness, caller: str, recipient: str, rows: list[CallRecord]
) -> None:
    """The operator does not document the number that the first leg shows, nor its direction."""
    log.order_callback(caller, recipient)
    (event,) = log.finished_events(*rows, at=60)
    assert (event.call_id, event.status) == (8, CallStatus.ANSWERED)
    assert not log.waiting


def test_the_answer_of_a_forwarded_caller_is_not_the_recipients(log: LogHarness) -> None:
    """Our line was forwarded to a mobile and answered there; Jan did not answer."""
    log.order_callback(AT_WORKSHOP)
    (event,) = log.finished_events(
        outgoing(7, AT_WORKSHOP, status=CallStatus.MISSED),
        answered_leg(8, 7, source_number=HOME),
        answered_leg(9, 8, source_number=HOME, length=20),
        unanswered(10, JAN),
        at=60,
    )
    assert (event.call_id, event.status, event.duration) == (10, CallStatus.MISSED, 0)


def test_legs_to_the_same_number_are_distinguished_by_their_start(log: LogHarness) -> None:
    """Records come in any order; the leg that began first is the caller's."""
    log.order_callback(MOBILE, MOBILE)
    second = outgoing(7, MOBILE, date=NOON + 9 * SECOND, status=CallStatus.MISSED)
    (event,) = log.finished_events(second, outgoing(8, MOBILE), at=60)
    assert (event.call_id, event.answered_at) == (7, None)


# Orders


def test_the_same_order_twice_is_two_calls(ordered: LogHarness) -> None:
    """Each order is charged, and each is reported."""
    ordered.order_callback()
    ringing = [dialled(70, MOBILE), dialled(80, MOBILE)]
    assert ordered.poll_types(*ringing, at=3) == [STARTED, STARTED]
    rows = [outgoing(7, MOBILE), outgoing(8, MOBILE), outgoing(9, JAN), outgoing(10, JAN)]
    assert ordered.finished_ids(*rows) == [9, 10]


def test_a_withdrawn_order_has_no_legs(log: LogHarness) -> None:
    """After the operator has refused an order, a call to its recipient was dialled by hand."""
    order = log.order_callback()
    log.orders.cancel(order)
    log.orders.cancel(order)
    (event,) = log.finished_events(outgoing(7, JAN))
    assert event.own_number == e164(HOME)


def test_a_leg_belongs_to_the_nearest_order(log: LogHarness) -> None:
    """Of two callbacks within a minute, the one that is due when the leg begins rings it."""
    log.order_callback()
    log.order_callback(recipient=EVA, at=60)
    (event,) = log.poll(dialled(80, MOBILE, 61), at=62)
    assert event.number == e164(EVA)
    log.read([outgoing(8, MOBILE, date=NOON + 61 * SECOND)], NOON + 90 * SECOND)
    log.poll(at=95)
    (event,) = log.finished_events(at=101)
    assert event.number == e164(EVA)


def test_an_order_keeps_the_call_that_was_seen_of_it(log: LogHarness) -> None:
    """The operator may ring late, when the next callback is already due."""
    log.order_callback()
    assert log.poll_types(dialled(80, MOBILE, 50), at=51) == [STARTED]
    log.order_callback(recipient=EVA, at=60)
    log.finished_events(outgoing(8, MOBILE, date=NOON + 50 * SECOND), at=90)
    log.poll(at=95)
    (event,) = log.finished_events(at=101)
    assert (event.number, event.active_call_id) == (e164(JAN), 80)


# While the callback lasts


def test_a_callback_starts_once_and_is_answered_by_its_recipient(log: LogHarness) -> None:
    """The answer of the caller is not reported."""
    log.order_callback()
    caller, recipient = dialled(70, MOBILE), dialled(71, JAN, 9)
    (event,) = log.poll(caller, at=3)
    assert (event.type, event.number, event.direction) == (STARTED, e164(JAN), Direction.OUT)
    caller = picked_up(caller, 8)
    assert log.poll_types(caller, at=9) == []
    assert log.poll_types(caller, recipient, at=12) == []
    (event,) = log.poll(caller, picked_up(recipient, 14), at=15)
    assert (event.type, event.active_call_id) == (ANSWERED, 70)
    (event,) = log.finished_events(outgoing(7, MOBILE), outgoing(8, JAN))
    assert event.active_call_id == 70


def test_a_callback_to_the_callers_own_number_starts_and_is_answered_once(log: LogHarness) -> None:
    """The second leg to that number is the recipient's."""
    log.order_callback(MOBILE, MOBILE)
    first, second = (picked_up(dialled(call_id, MOBILE), 1) for call_id in (70, 80))
    assert log.poll_types(first, at=3) == [STARTED]
    assert log.poll_types(first, second, at=6) == [ANSWERED]


def test_a_call_after_a_finished_callback_starts_by_itself(log: LogHarness) -> None:
    """The same number was dialled again by hand."""
    log.order_callback()
    log.finished_events(outgoing(7, MOBILE), outgoing(8, JAN), at=20)
    (event,) = log.poll(dialled(90, JAN, 60), at=61)
    assert event.own_number == e164(HOME)


def test_an_incoming_call_is_not_reported_as_the_callback(log: LogHarness) -> None:
    """Each of the two calls has its own number."""
    log.order_callback()
    incoming = active(60, source_number=EVA)
    (event,) = log.poll(incoming, at=1)
    assert (event.number, event.own_number) == (e164(EVA), e164(HOME))
    (event,) = log.poll(incoming, dialled(70, MOBILE, 1), at=3)
    assert (event.type, event.number) == (STARTED, e164(JAN))


@pytest.mark.parametrize(("start", "at"), [(None, 60), (NOON + 20 * SECOND, 150)])
def test_a_leg_is_recognized_by_when_it_began(
    log: LogHarness, start: datetime | None, at: float
) -> None:
    """A leg may be found late; one without a start began when it was found."""
    log.order_callback()
    (event,) = log.poll(dialled(70, MOBILE, start_date=start), at=at)
    assert event.number == e164(JAN)


def test_a_callback_keeps_its_active_call_across_a_restart(log: LogHarness) -> None:
    """The end names the same active call as the start."""
    log.order_callback()
    assert log.poll_types(dialled(70, MOBILE), at=3) == [STARTED]
    log = log.restarted()
    log.poll(dialled(71, JAN, 9), at=12)
    rows = [outgoing(7, MOBILE), outgoing(8, JAN, date=NOON + 9 * SECOND, active_call_id=71)]
    (event,) = log.finished_events(*rows, at=60)
    assert event.active_call_id == 70


# Repeated attempts


def test_a_callback_that_rings_the_caller_again_is_one_call(log: LogHarness) -> None:
    """Every attempt leaves a record; the callback starts once and ends once."""
    log.order_callback()
    assert log.poll_types(dialled(70, MOBILE, 1), at=2) == [STARTED]
    caller, recipient = dialled(80, MOBILE, 11), dialled(81, JAN, 15)
    assert log.poll_types(caller, at=12) == []
    assert not log.finished_events(attempt(7, MOBILE, 1, 10), at=12)
    caller = picked_up(caller, 15)
    log.poll(caller, recipient, at=25)
    assert not log.finished_events(at=25)
    assert log.poll_types(caller, picked_up(recipient, 30), at=32) == [ANSWERED]
    log.poll(at=60)
    rows = [attempt(8, MOBILE, 11, 4, 45), attempt(9, JAN, 15, 15, 30)]
    (event,) = log.finished_events(*rows, at=61)
    assert (event.type, event.call_id, event.status) == (ENDED, 9, CallStatus.ANSWERED)
    assert (event.active_call_id, event.duration) == (70, 30)
    assert not log.waiting


def test_a_callback_that_rings_the_recipient_again_is_one_call(ordered: LogHarness) -> None:
    """The operator may try another carrier while the caller waits."""
    assert not ordered.finished_events(attempt(7, JAN, 5, 10), at=16)
    assert not ordered.finished_events(attempt(8, JAN, 15, 10), at=26)
    rows = [attempt(9, JAN, 25, 5, 60), attempt(10, MOBILE, 1, 4, 85)]
    (event,) = ordered.finished_events(*rows, at=91)
    assert (event.call_id, event.status, event.duration) == (9, CallStatus.ANSWERED, 60)
    assert ordered.restarted().finished_types(record(20, source_number=EVA), at=95) == [MISSED]


def test_a_callback_without_an_answer_at_any_attempt_ends_once(ordered: LogHarness) -> None:
    """An attempt that is recorded after the end was reported is ignored."""
    assert not ordered.finished_events(attempt(7, MOBILE, 1, 10), at=12)
    assert not ordered.finished_events(attempt(8, MOBILE, 12, 10), at=21)
    (event,) = ordered.finished_events(at=32)
    assert (event.call_id, event.status) == (7, CallStatus.MISSED)
    for log in (ordered.restarted(), ordered):
        assert not log.finished_events(attempt(9, MOBILE, 40, 10), at=51)
        assert not log.finished_events(at=90)
        assert not log.waiting


def test_a_late_attempt_of_a_reported_callback_does_not_start(log: LogHarness) -> None:
    """The end of the callback was reported already."""
    log.order_callback()
    log.poll(dialled(70, MOBILE, 1), at=2)
    log.poll(at=12)
    log.finished_events(attempt(7, MOBILE, 1, 10), at=12)
    assert len(log.finished_events(at=23)) == 1
    later = log.restarted()
    later.poll(at=39)
    for each in (log, later):
        assert each.poll_types(dialled(80, MOBILE, 40), at=41) == []


@pytest.mark.parametrize("is_split", [True, False])
def test_a_call_dialled_after_the_callback_is_another_one(
    ordered: LogHarness, *, is_split: bool
) -> None:
    """The caller had hung up before, so it is not another attempt."""
    rows = [attempt(7, MOBILE, 1, 4, 25), attempt(8, JAN, 5, 20)]
    by_hand = attempt(9, JAN, 40, 5, 60)
    events = ordered.finished_events(*rows, *([] if is_split else [by_hand]), at=50)
    events += ordered.finished_events(by_hand, at=110)
    events += ordered.finished_events(at=130)
    assert [event.call_id for event in events] == [8, 9]
    assert events[1].own_number == e164(HOME)


def test_a_callback_to_the_callers_own_number_may_ring_it_again(log: LogHarness) -> None:
    """The recipient is rung only after the caller has answered."""
    log.order_callback(MOBILE, MOBILE)
    rows = [attempt(7, MOBILE, 1, 10), attempt(8, MOBILE, 12, 4, 30), attempt(9, MOBILE, 16, 10)]
    events = [*log.finished_events(*rows, at=60), *log.finished_events(at=71)]
    assert [(event.call_id, event.status) for event in events] == [(9, CallStatus.MISSED)]
