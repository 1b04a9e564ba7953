"""A record and the active call that it is of, told from its neighbours."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.odorik.api import CallStatus
from custom_components.odorik.calls.callback_order import Order
from custom_components.odorik.calls.log import LogState

from .house import (
    ANSWERED,
    DILNA,
    DIRECTORY,
    DOMOV,
    ENDED,
    EVA,
    HOME,
    JAN,
    MISSED,
    MOBILE,
    NOON,
    SECOND,
    STARTED,
    WORKSHOP,
    a_callback,
    a_log,
    active,
    answered,
    leg,
    outgoing,
    record,
    restarted,
    seen,
    told,
    unrecorded,
)

NEIGHBOURS: list[dict[str, Any]] = [
    {"line": DILNA},
    {"line": None},
    {"source_number": EVA},
    {"source_number": ""},
    {"destination_number": WORKSHOP},
    {"start_date": NOON + 5.5 * SECOND},
    {"start_date": NOON - 5.5 * SECOND},
]
"""What a call can differ in from Jan's at noon."""


@pytest.mark.parametrize(
    "itself",
    [
        {},
        {"start_date": None},
        {"start_date": NOON + 5 * SECOND},
        {"start_date": NOON - 5 * SECOND},
        {"source_number": "+420 777 123 456"},
    ],
)
def test_a_record_that_names_no_call_is_known_by_all_that_it_says(itself: dict[str, Any]) -> None:
    """Else its call would be looked for until the patience ends, and be told without its id."""
    log = a_log()
    seen(log, active(70, **itself), at=1)
    seen(log, at=20)
    assert [event.active_call_id for event in told(log, record(7))] == [70]
    assert not unrecorded(log)


@pytest.mark.parametrize("other", NEIGHBOURS)
def test_a_record_is_not_taken_for_that_of_a_neighbour(other: dict[str, Any]) -> None:
    """Each of line, numbers and time has to fit: else nobody would look for the other's record."""
    log = a_log()
    seen(log, active(70, **other), at=1)
    seen(log, at=20)
    log.read([answered(7)], NOON + 20 * SECOND)
    assert [event.active_call_id for event in told(log)] == [None]
    assert unrecorded(log)


@pytest.mark.parametrize(
    "other",
    [
        {"line": DILNA},
        {"destination_number": WORKSHOP},
    ],
)
def test_a_missed_call_that_names_no_call_waits_for_its_neighbour(other: dict[str, Any]) -> None:
    """Jan's other call may be where this one was sent on to, and may be answered there."""
    log = a_log()
    seen(log, active(71, **other), at=6)
    assert not told(log, record(7))


def test_a_record_that_names_another_call_is_not_of_one_that_looks_alike() -> None:
    """An impatient caller: the call that no look has found is not the one that was seen."""
    log = a_log()
    seen(log, active(70), at=1)
    seen(log, at=20)
    assert [event.active_call_id for event in told(log, answered(7, active_call_id=99))] == [99]
    assert unrecorded(log)


def test_two_records_that_name_no_call_are_of_two_calls() -> None:
    """Else the second of two equal calls would be looked for in vain."""
    log = a_log()
    seen(log, active(70), active(71), at=1)
    seen(log, at=20)
    ids = [event.active_call_id for event in told(log, record(7), record(8))]
    assert ids == [70, 71]
    assert not unrecorded(log)


def test_a_missed_call_waits_for_a_second_one_like_it() -> None:
    """It names its own call, so the one that still rings is another: it may be its own leg."""
    log = a_log()
    seen(log, active(70), active(71), at=1)
    seen(log, active(71), at=20)
    assert not told(log, record(7, active_call_id=70))


def test_a_withheld_call_waits_for_no_caller_who_shows_a_number() -> None:
    """Else somebody's hidden call would be told when Jan hangs up."""
    log = a_log()
    seen(log, active(71, start_date=NOON + SECOND), at=1)
    assert [event.type for event in told(log, record(7, source_number=""))] == [MISSED]


def test_a_withheld_call_waits_for_a_withheld_one_on_its_line_only() -> None:
    """There is no number to know it by."""
    for line, types in ((DOMOV, []), (DILNA, [MISSED])):
        log = a_log()
        other = active(71, source_number="", destination_number=MOBILE, line=line)
        seen(log, other, at=1)
        row = record(7, source_number="", active_call_id=70)
        assert [event.type for event in told(log, row)] == types


# Where a missed call may have been sent on to


@pytest.mark.parametrize(
    ("fields", "began", "waits"),
    [
        ({}, 0, True),
        ({}, -0.5, False),
        ({}, 21, True),
        ({}, 21.5, False),
        # A voice mail that picked up keeps the line a while longer.
        ({"length": 10}, 31, True),
        ({"length": 10}, 31.5, False),
        ({"ringing_length": None}, 1, True),
        ({"ringing_length": None}, 1.5, False),
        ({"ringing_length": None, "length": None}, 1, True),
        ({"length": None}, 21, True),
        ({"length": None}, 21.5, False),
    ],
)
def test_a_missed_call_waits_for_what_began_while_it_rang(
    fields: dict[str, Any],
    began: float,
    waits: bool,  # noqa: FBT001
) -> None:
    """Else a call of an hour's length would keep back one that it has nothing to do with."""
    log = a_log()
    other = active(71, destination_number=MOBILE, start_date=NOON + began * SECOND)
    seen(log, other, at=36)
    row = record(7, active_call_id=70, **fields)
    assert [event.type for event in told(log, row, at=37)] == ([] if waits else [MISSED])


def test_a_call_of_our_own_that_nobody_took_does_not_wait_for_the_next_one() -> None:
    """Who dials once more at once would hear of the first attempt when the second has ended."""
    log = a_log()
    again = active(71, source_number=HOME, destination_number=EVA, start_date=NOON + SECOND)
    seen(log, again, at=2)
    fields = {"source_number": HOME, "destination_number": JAN, "active_call_id": 70}
    row = record(7, direction=log.directory.direction(again), **fields)
    assert [event.type for event in told(log, row)] == [ENDED]


def test_one_record_of_a_call_that_may_ring_elsewhere_is_enough_to_wait() -> None:
    """Its other record shows a number by which nobody can tell where it was sent on to."""
    log = a_log()
    mobile = active(72, destination_number=EVA, start_date=NOON + SECOND)
    seen(log, mobile, at=2)
    sent_on = leg(8, 7, source_number="", line=DILNA, date=NOON + 10 * SECOND, active_call_id=71)
    assert not told(log, record(7, active_call_id=70), sent_on)


# Where a redirected call may have been sent from


@pytest.mark.parametrize(
    ("origin", "waits"),
    [
        ({}, True),
        ({"start_date": None}, True),
        ({"start_date": NOON + 5 * SECOND}, True),
        ({"start_date": NOON + 5.5 * SECOND}, False),
        ({"source_number": EVA}, False),
    ],
)
def test_a_redirected_call_waits_for_what_it_may_have_been_sent_from(
    origin: dict[str, Any],
    waits: bool,  # noqa: FBT001
) -> None:
    """Else it would be told as missed while its caller is being talked to, or wait for anybody."""
    log = a_log()
    seen(log, active(70, **origin), at=20)
    row = leg(8, 7, active_call_id=71, line=DILNA)
    told(log, row, at=21)
    assert len(told(log, at=32)) == (0 if waits else 1)


def test_one_leg_whose_origin_may_be_up_is_enough_to_wait() -> None:
    """The other leg shows no number."""
    log = a_log()
    seen(log, active(70), at=20)
    legs = [leg(8, 7, active_call_id=71), leg(9, 7, source_number="", line=DILNA)]
    told(log, *legs, at=21)
    assert not told(log, at=32)


@pytest.mark.parametrize("parent", [50, 100])
def test_a_redirected_call_whose_origin_was_told_long_ago_waits_for_nothing(parent: int) -> None:
    """What lies behind the place will not be read any more."""
    log = a_log(LogState(place=100))
    assert [event.call_id for event in told(log, leg(108, parent))] == [parent]


@pytest.mark.parametrize("parent", [101, 107])
def test_a_redirected_call_whose_origin_is_still_to_come_waits(parent: int) -> None:
    """Else the mobile's part would be told as the call, before the house's is there."""
    log = a_log(LogState(place=100))
    assert not told(log, leg(108, parent))
    first = a_log()
    assert not told(first, leg(8, 1))


def test_a_leg_waits_ten_seconds_from_its_first_reading() -> None:
    """Every reading brings it again; else it would wait as long as anybody reads."""
    log = a_log()
    assert not told(log, leg(8, 7), at=20)
    assert log.waiting == 1
    assert not told(log, leg(8, 7), leg(9, 7), at=29.5)
    assert log.waiting == 2
    assert [event.call_id for event in told(log, leg(8, 7), at=30)] == [7]


def test_a_call_that_was_told_in_part_was_told() -> None:
    """Its end was told by the leg that had been seen; the other one is no second call."""
    log = a_log()
    seen(log, at=0)
    seen(log, active(70), at=3)
    seen(log, at=12)
    assert len(log.end_unrecorded()) == 1
    assert not told(log, record(7, active_call_id=70), leg(8, 7, active_call_id=71))
    assert not log.waiting


# Active calls that belong together


def test_a_call_that_is_sent_on_twice_is_one() -> None:
    """Else the second telephone that rings for it would be told as another call."""
    log = a_log()
    seen(log, at=0)
    first = active(71, destination_number=MOBILE, start_date=NOON + 5 * SECOND)
    second = active(72, destination_number=EVA, start_date=NOON + 10 * SECOND)
    assert seen(log, active(70), at=3) == [STARTED]
    assert seen(log, active(70), first, at=6) == []
    assert seen(log, active(70), first, second, at=12) == []


def test_legs_on_several_lines_belong_to_the_call_that_has_one_on_theirs() -> None:
    """Jan rings at both telephones; one of the calls has been sent on to the other's line."""
    log = a_log()
    seen(log, at=0)
    ringing = [active(70), active(71, line=DILNA, destination_number=WORKSHOP)]
    seen(log, *ringing, at=3)
    sent_on = [active(72, destination_number=MOBILE, line=DOMOV)]
    seen(log, *ringing, *sent_on, at=6)
    other = active(73, destination_number=EVA, line=None)
    seen(log, *ringing, *sent_on, other, at=9)
    # One leg of the workshop's call names no line; that the others do is enough.
    last = active(74, destination_number=EVA, line=DILNA, answer_date=NOON + 10 * SECOND)
    (event,) = log.watch([*ringing, *sent_on, other, last], NOON + 12 * SECOND)
    assert (event.type, event.line) == (ANSWERED, DILNA)


def test_two_redirected_calls_whose_origins_nobody_saw_are_two() -> None:
    """Neither came in at the house, so neither can have been sent on from the other."""
    log = a_log()
    seen(log, at=0)
    assert seen(log, active(71, destination_number=MOBILE), at=3) == [STARTED]
    again = active(72, destination_number=EVA, start_date=NOON + 5 * SECOND)
    assert seen(log, active(71, destination_number=MOBILE), again, at=6) == [STARTED]


@pytest.mark.parametrize(
    ("origin", "sent_on", "is_one"),
    [
        (NOON, NOON, True),
        (NOON + SECOND, NOON, False),
        (None, NOON, True),
        (NOON, None, True),
        (None, None, True),
    ],
)
def test_nothing_is_sent_on_before_it_has_begun(
    origin: Any,
    sent_on: Any,
    is_one: bool,  # noqa: FBT001
) -> None:
    """Jan's call to the house would take over one that has been at the mobile all the time."""
    log = a_log()
    seen(log, at=0)
    home = active(70, start_date=origin)
    seen(log, home, at=3)
    mobile = active(71, destination_number=MOBILE, start_date=sent_on)
    assert seen(log, home, mobile, at=6) == ([] if is_one else [STARTED])


def test_calls_that_are_found_together_are_told_in_the_order_in_which_they_began() -> None:
    """One whose start is not known began when it was found."""
    log = a_log()
    seen(log, at=0)
    calls = [
        active(69, start_date=None, source_number="00420602000069"),
        active(70, start_date=NOON + 2 * SECOND, source_number="00420602000070"),
        active(72, start_date=NOON + SECOND, source_number="00420602000072"),
        active(71, start_date=NOON + SECOND, source_number="00420602000071"),
    ]
    events = log.watch(calls, NOON + 3 * SECOND)
    assert [event.active_call_id for event in events] == [71, 72, 70, 69]


def test_a_call_is_lost_only_when_it_is_gone() -> None:
    """Else the history would be read at every look."""
    log = a_log()
    assert not log.live.has_lost_one
    for calls, is_lost in (((), False), ((70,), False), ((70,), False), ((71,), True), ((), True)):
        seen(log, *(active(call_id) for call_id in calls), at=1)
        assert log.live.has_lost_one is is_lost


# Callbacks


def test_a_leg_is_of_the_order_that_is_nearest() -> None:
    """Two callbacks in a minute: the second one's telephone would be shown as the first's."""
    log = a_log()
    seen(log, at=0)
    log.orders.add(MOBILE, JAN, DOMOV, NOON)
    log.orders.add(MOBILE, EVA, DOMOV, NOON + 60 * SECOND)
    late = active(80, source_number=HOME, destination_number=MOBILE, start_date=NOON + 61 * SECOND)
    (event,) = log.watch([late], NOON + 62 * SECOND)
    assert event.number == "+420602987654"
    log.read([outgoing(8, MOBILE, date=NOON + 61 * SECOND)], NOON + 90 * SECOND)
    seen(log, at=95)
    (event,) = told(log, at=101)
    assert event.number == "+420602987654"


def test_the_call_that_was_seen_of_an_order_is_of_it_whatever_its_time() -> None:
    """The exchange may ring late, when the next callback is due already."""
    log = a_log()
    seen(log, at=0)
    log.orders.add(MOBILE, JAN, DOMOV, NOON)
    late = active(80, source_number=HOME, destination_number=MOBILE, start_date=NOON + 50 * SECOND)
    assert seen(log, late, at=51) == [STARTED]
    log.orders.add(MOBILE, EVA, DOMOV, NOON + 60 * SECOND)
    told(log, outgoing(8, MOBILE, date=NOON + 50 * SECOND), at=90)
    seen(log, at=95)
    (event,) = told(log, at=101)
    assert (event.number, event.active_call_id) == ("+420777123456", 80)


def test_nearness_counts_from_when_an_order_is_due() -> None:
    """A record that names no call, of an order that no look has found, is near by its time."""
    order = Order(caller=MOBILE, recipient=JAN, due=NOON)
    assert order.distance(None, NOON - 3 * SECOND) == 3 * SECOND
    assert order.distance(80, NOON + 3 * SECOND) == 3 * SECOND
    order.active_call_id = 80
    assert order.distance(80, NOON + 3 * SECOND) == timedelta(0)
    assert order.distance(None, NOON + 3 * SECOND) == 3 * SECOND


@pytest.mark.parametrize(
    ("began", "is_leg"), [(-15, True), (-15.5, False), (120, True), (120.5, False)]
)
def test_a_leg_begins_in_the_time_of_its_order(
    began: float,
    is_leg: bool,  # noqa: FBT001
) -> None:
    """Before it or after it somebody telephones of their own accord."""
    order = Order(caller=MOBILE, recipient=JAN, due=NOON)
    call = active(80, source_number=HOME, destination_number=MOBILE)
    legs = order.legs_like(call, NOON + began * SECOND, DIRECTORY)
    assert legs == (["caller"] if is_leg else [])


def test_another_call_is_not_told_as_the_callback() -> None:
    """Eva rings while Jan is being called back; each of the two has its own number."""
    log = a_log()
    seen(log, at=0)
    a_callback(log)
    eva = active(60, source_number=EVA)
    (event,) = log.watch([eva], NOON + SECOND)
    assert (event.number, event.own_number) == ("+420602987654", "+420910123456")
    ours = active(70, source_number=HOME, destination_number=MOBILE, start_date=NOON + SECOND)
    (event,) = log.watch([eva, ours], NOON + 3 * SECOND)
    assert (event.type, event.number) == (STARTED, "+420777123456")


@pytest.mark.parametrize("start", [None, NOON + 20 * SECOND])
def test_a_leg_is_one_by_when_it_began_and_not_by_when_it_was_found(start: Any) -> None:
    """A leg without a start began when it was found; one that was found late began before."""
    log = a_log()
    seen(log, at=0)
    a_callback(log)
    at = 60 if start is None else 150
    ours = active(70, source_number=HOME, destination_number=MOBILE, start_date=start)
    (event,) = log.watch([ours], NOON + at * SECOND)
    assert event.number == "+420777123456"


@pytest.mark.parametrize(("start", "at"), [(None, 100), (NOON + 9 * SECOND, 140)])
def test_a_leg_waits_for_the_other_one_by_when_that_began(start: Any, at: float) -> None:
    """Else a long callback would be told as ended while Jan is still on the line."""
    log = a_log()
    a_callback(log)
    jan = active(80, source_number=HOME, destination_number=JAN, start_date=start)
    seen(log, jan, at=at - 20)
    assert not told(log, outgoing(7, MOBILE), at=at - 20)
    seen(log, jan, at=at)
    assert not told(log, at=at)


def test_a_callback_keeps_the_call_by_which_it_started_across_a_restart() -> None:
    """Else its end could not be told to belong to its start."""
    log = a_log()
    seen(log, at=0)
    a_callback(log)
    assert seen(log, active(70, source_number=HOME, destination_number=MOBILE), at=3) == [STARTED]
    later = restarted(log)
    jans = active(71, source_number=HOME, destination_number=JAN, start_date=NOON + 9 * SECOND)
    seen(later, jans, at=12)
    rows = [outgoing(7, MOBILE), outgoing(8, JAN, date=NOON + 9 * SECOND, active_call_id=71)]
    (event,) = told(later, *rows, at=60)
    assert event.active_call_id == 70


def test_a_callback_that_no_look_has_found_is_named_by_its_record() -> None:
    """Else nobody could find it among the operator's calls."""
    log = a_log()
    a_callback(log)
    (event,) = told(log, outgoing(7, MOBILE), outgoing(8, JAN), at=60)
    assert event.active_call_id == 80


def test_the_legs_of_a_callback_to_oneself_are_told_apart_by_their_time() -> None:
    """Records come in any order, and that the first was picked up reaches nobody."""
    log = a_log()
    a_callback(log, MOBILE, MOBILE)
    second = outgoing(7, MOBILE, date=NOON + 9 * SECOND, status=CallStatus.MISSED)
    (event,) = told(log, second, outgoing(8, MOBILE), at=60)
    assert event.call_id == 7
    assert event.answered_at is None


def test_our_own_end_is_not_the_recipients_wherever_it_was_taken() -> None:
    """Our line is sent on to a mobile and taken there: that does not mean that Jan was reached."""
    log = a_log()
    a_callback(log, "*300110")
    (event,) = told(
        log,
        outgoing(7, "*300110", status=CallStatus.MISSED),
        leg(8, 7, source_number=HOME, status=CallStatus.ANSWERED, length=30),
        leg(9, 8, source_number=HOME, status=CallStatus.ANSWERED, length=20),
        outgoing(10, JAN, status=CallStatus.MISSED, length=0),
        at=60,
    )
    assert (event.call_id, event.status, event.duration) == (10, CallStatus.MISSED, 0)
