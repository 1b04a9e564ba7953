"""What the operator's lists are taken to mean: the log alone, without Home Assistant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, count
from random import Random
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
)
from msgspec import convert, to_builtins
import pytest

from custom_components.odorik.api import (
    ActiveCall,
    Call,
    CallStatus,
    Direction,
)
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.live_calls import described
from custom_components.odorik.calls.log import LogState, calls_of

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

# What a call was


def test_a_call_that_nobody_took_is_missed() -> None:
    """Else nobody would call back."""
    (event,) = told(a_log(), record(7, active_call_id=70, price=0.0))
    assert event == CallEvent(
        type=MISSED,
        call_id=7,
        active_call_id=70,
        direction=Direction.IN,
        number="+420777123456",
        own_number="+420910123456",
        line=DOMOV,
        line_name="Domov",
        started_at=NOON,
        duration=0,
        ringing_duration=20,
        price=0.0,
        status=CallStatus.MISSED,
    )
    assert event.ended_at == NOON + 20 * SECOND


def test_a_joined_call_is_described_by_its_incoming_record() -> None:
    """Whichever of its records has the lower id."""
    (event,) = told(a_log(), leg(6, 7), record(7, destination_number=WORKSHOP, line=DILNA))
    assert (event.own_number, event.line, event.direction) == ("+420533111222", DILNA, Direction.IN)


def test_a_call_that_was_sent_on_and_answered_is_one_that_ended() -> None:
    """Else Jan would be called back though he has been talked to, and its price would be lost."""
    (event,) = told(
        a_log(),
        leg(8, 7, date=NOON + 5 * SECOND, status=CallStatus.ANSWERED, length=30, price=0.59),
        record(7, price=0.1),
    )
    assert (event.type, event.call_id, event.direction) == (ENDED, 7, Direction.IN)
    assert (event.duration, event.price) == (30, 0.69)
    assert event.answered_at == NOON + 25 * SECOND
    assert event.ringing_duration == 25


@pytest.mark.parametrize("parent", [7, "7"])
def test_a_chain_of_redirections_is_one_call(parent: int | str) -> None:
    """Else a call that goes round the family would be told three times."""
    rows = [leg(9, 8), leg(8, parent), record(7)]
    rows = [convert(to_builtins(row), Call, strict=False) for row in rows]
    assert [event.call_id for event in told(a_log(), *rows)] == [7]


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
def test_what_a_record_leaves_open_is_made_up(
    fields: dict[str, Any], expected: CallEventType
) -> None:
    """Else a gap in the operator's answer would lose a call."""
    assert [event.type for event in told(a_log(), record(7, **fields))] == [expected]


def test_a_message_is_no_call() -> None:
    """Else every message would ring."""
    log = a_log()
    assert not told(log, record(7, type="sms"), record(8, destination_name="SMS zpráva"))
    assert log.place == 8


def test_calls_that_point_to_nothing_stay_apart() -> None:
    """A parent of nought means none: else all calls without one would be told as one."""
    rows = [record(7, redirection_parent_id=0), record(8, redirection_parent_id=0)]
    assert [event.call_id for event in told(a_log(), *rows)] == [7, 8]


def test_calls_that_point_to_each_other_are_reported_all_the_same() -> None:
    """Else a mistake in the exchange's books would stop the log for ever."""
    assert len(told(a_log(), leg(7, 8), leg(8, 7))) == 2


def test_what_began_first_is_reported_first() -> None:
    """Else a long outage would be told in the order in which people hung up."""
    rows = [
        record(8, date=NOON + SECOND, source_number=EVA),
        answered(9, date=NOON, source_number=MOBILE),
        record(7, date=NOON + 2 * SECOND),
    ]
    assert [event.call_id for event in told(a_log(), *rows)] == [9, 8, 7]


def test_what_is_read_later_may_have_begun_first() -> None:
    """A long call is recorded after the short ones that it outlasted."""
    log = a_log()
    log.read([record(7, date=NOON + SECOND, source_number=EVA)], NOON + 20 * SECOND)
    assert [event.call_id for event in told(log, answered(8))] == [8, 7]


def test_a_call_counts_as_told_when_the_next_one_is_asked_for() -> None:
    """Else a power cut in the middle of telling it would lose it."""
    log = a_log()
    log.read([record(7), record(8)], NOON + 20 * SECOND)
    telling = log.decide(NOON + 20 * SECOND)
    next(telling)
    assert log.state
    assert log.state.done == []
    next(telling)
    assert log.state.done == [7]


def test_the_same_number_twice_in_a_second_is_two_calls() -> None:
    """Else an impatient caller would be reported once."""
    assert [event.call_id for event in told(a_log(), record(7), record(8))] == [7, 8]


def test_ten_parallel_calls_on_one_line_do_not_wait_for_each_other() -> None:
    """Else an office would hear of a missed call when the longest of the others ends."""
    log = a_log()
    calls = [active(70 + n, source_number=f"0042060200000{n}") for n in range(10)]
    seen(log, at=-1)
    seen(log, *calls, at=1)
    seen(log, *calls[1:], at=20)
    row = record(7, source_number="00420602000000", active_call_id=70)
    assert [event.type for event in told(log, row)] == [MISSED]


# What is read once more, or late, or not at all


def test_a_row_that_is_read_again_is_not_reported_again() -> None:
    """Else one missed call would call for the doctor at every reading."""
    log = a_log()
    assert len(told(log, record(7), record(7))) == 1
    assert not told(log, record(7), at=21)
    assert not told(restarted(log), record(7), at=30)


def test_a_record_that_shows_itself_late_is_told() -> None:
    """Two calls that end together may be written crosswise; else the lower one would be lost."""
    log = a_log()
    told(log, record(8))
    assert [event.call_id for event in told(log, record(8), record(7), at=22)] == [7]
    assert [event.call_id for event in told(restarted(log), record(6), at=22)] == [6]


def test_a_row_with_a_wild_id_does_not_hide_those_after_it() -> None:
    """Else one mistake of the exchange would silence the telephone for ever."""
    log = a_log()
    told(log, record(2**63 - 1), record(5))
    for number in range(6, 200):
        assert [event.call_id for event in told(log, record(number))] == [number]
    assert log.cursor.since is not None
    assert 100 < log.cursor.since < 200


def test_each_reading_begins_a_little_before_what_is_known() -> None:
    """Not much before it, or every look would fetch a month."""
    log = a_log()
    told(log, *(record(number) for number in range(1, 5001)))
    told(log, at=25)
    assert log.cursor.since == 4970
    assert log.place == 5000
    assert len(log.state.done if log.state else ()) == 1000


def test_a_record_that_waits_is_read_again_after_a_restart() -> None:
    """However many others have been told meanwhile."""
    log = a_log()
    seen(log, active(71, destination_number=MOBILE, start_date=NOON + SECOND), at=20)
    assert not told(log, record(5, active_call_id=70))
    others = [record(number, source_number=EVA, line=DILNA) for number in range(6, 106)]
    assert len(told(log, *others)) == 100
    log.read([], NOON + 21 * SECOND)
    later = restarted(log)
    assert later.cursor.since is not None
    assert later.cursor.since < 5
    assert [event.call_id for event in told(later, record(5, active_call_id=70))] == [5]


def test_what_was_there_before_the_bearings_is_not_told() -> None:
    """Else a new account would begin with a flood."""
    log = a_log(None)
    assert (log.place, log.state) == (None, None)
    log.cursor.take_bearings([record(8), record(7)])
    assert log.cursor.since == log.place == 8
    assert [event.call_id for event in told(log, record(7), record(8), record(9))] == [9]


def test_an_empty_history_has_bearings_too() -> None:
    """Else the first call of a new customer would be lost."""
    log = a_log(None)
    log.cursor.take_bearings([])
    assert [event.call_id for event in told(log, record(1))] == [1]


def test_what_is_older_than_a_week_is_passed_over() -> None:
    """Else a house that was shut for the winter would be told the calls of the autumn."""
    log = a_log()
    old = [record(7, date=NOON - timedelta(days=7)), record(8, date=NOON - timedelta(days=6.9))]
    assert [event.call_id for event in told(log, *old)] == [8]
    assert log.place == 8


def test_a_redirection_whose_origin_is_not_visible_is_reported_after_a_while() -> None:
    """The login of a line may not see it; else its calls would never be told."""
    log = a_log()
    assert not told(log, leg(8, 7), leg(9, 7), at=20)
    assert [event.call_id for event in told(log, at=31)] == [7]
    # The origin is of the same call, should it come after all.
    assert not told(log, record(7), at=32)
    assert not told(restarted(log), record(7), leg(10, 7), at=33)


def test_a_redirection_that_is_recorded_before_its_origin_waits_while_that_is_up() -> None:
    """Else a call that was sent on in vain, and then taken at home, would be told as missed."""
    log = a_log()
    seen(log, active(70), at=1)
    assert not told(log, leg(8, 7, date=NOON + 5 * SECOND, active_call_id=71), at=20)
    seen(log, active(70, answer_date=NOON + 25 * SECOND), at=55)
    assert not told(log, at=56)
    seen(log, at=60)
    (event,) = told(log, answered(7, active_call_id=70), at=62)
    assert (event.type, event.call_id) == (ENDED, 7)


def test_a_late_leg_of_a_told_call_changes_nothing() -> None:
    """Else a call would be told a second time."""
    log = a_log()
    told(log, record(7))
    assert not told(log, leg(9, 8), at=22)  # Its own origin, 8, was sent on from 7.
    assert not told(log, leg(8, 7), at=23)
    assert not log.waiting


def test_a_clock_that_is_set_back_makes_nothing_wait_longer() -> None:
    """Else a box that finds the right time at last would keep a call to itself for an hour."""
    log = a_log()
    assert not told(log, leg(8, 7), at=3600)
    assert [event.call_id for event in told(log, at=20)] == [7]


def test_a_history_that_begins_anew_is_followed() -> None:
    """Else every call would be lost after the operator has renumbered."""
    log = a_log()
    told(log, record(5000))
    assert log.cursor.newest == NOON
    assert not log.cursor.is_lost([record(5000)])
    assert log.cursor.is_lost([])
    assert not log.start_over([])
    assert not log.start_over([record(5000)])
    assert not log.cursor.is_lost([]) or log.cursor.since == 0
    log = a_log(LogState(place=4000, done=[5000], newest=NOON))
    assert log.start_over([record(3), record(4, date=NOON + SECOND)])
    assert [event.call_id for event in told(log, record(3), record(4, date=NOON + SECOND))] == [4]


# A missed record, and where its call may have been sent on to


@pytest.mark.parametrize(
    "other",
    [
        {"destination_number": MOBILE},
        {"destination_number": "*300110", "line": DILNA},
        {"destination_number": MOBILE, "start_date": None},
    ],
)
def test_a_missed_call_waits_while_it_rings_somewhere_else(other: dict[str, Any]) -> None:
    """Else the mobile would ring and the house would say that the call was missed."""
    log = a_log()
    sent_on = active(71, **{"start_date": NOON + 20 * SECOND, **other})
    seen(log, active(70), at=1)
    seen(log, sent_on, at=21)
    assert not told(log, record(7, active_call_id=70), at=22)
    assert log.place == 6
    seen(log, sent_on, at=80)
    assert not told(log, at=81)
    # It has ended, and half a second later there is its record.
    seen(log, at=90)
    assert not told(log, at=90)
    talk = leg(8, 7, status=CallStatus.ANSWERED, length=60, active_call_id=71)
    assert [event.type for event in told(log, talk, at=92)] == [ENDED]


@pytest.mark.parametrize(
    "other",
    [
        {"start_date": NOON - 60 * SECOND, "destination_number": MOBILE},
        {"start_date": NOON + 60 * SECOND, "destination_number": MOBILE},
        {"source_number": EVA},
        {"source_number": HOME, "line": DILNA},
        {"source_number": None},
    ],
)
def test_a_missed_call_waits_for_no_other_call(other: dict[str, Any]) -> None:
    """Else it would be told when somebody else has hung up."""
    log = a_log()
    seen(log, active(71, **{"start_date": NOON + SECOND, **other}), at=1)
    assert [event.type for event in told(log, record(7, active_call_id=70))] == [MISSED]


def test_a_call_that_was_answered_waits_for_nobody() -> None:
    """Whatever else rings for it, it is clear what it was."""
    log = a_log()
    seen(log, active(72, destination_number=EVA, start_date=NOON + SECOND), at=2)
    rows = [record(7), leg(8, 7, status=CallStatus.ANSWERED, length=9)]
    assert [event.type for event in told(log, *rows)] == [ENDED]


def test_a_missed_call_does_not_wait_for_a_leg_that_is_recorded() -> None:
    """Jan has called twice, and that he was talked to the second time is known already."""
    log = a_log()
    seen(log, active(71, start_date=NOON + 20 * SECOND), at=20)
    seen(log, at=30)
    told(log, answered(8, active_call_id=71, date=NOON + 20 * SECOND), at=31)
    assert [event.type for event in told(log, record(7, active_call_id=70), at=32)] == [MISSED]


def test_a_record_that_names_no_call_is_of_one_that_has_ended() -> None:
    """The same number has called twice in a second, and one of the two still rings."""
    log = a_log()
    seen(log, active(70), active(71), at=1)
    seen(log, active(70), at=20)
    log.read([answered(7)], NOON + 20 * SECOND)
    assert [event.active_call_id for event in told(log)] == [71]


@pytest.mark.parametrize("active_call_id", [70, None])
def test_a_missed_call_does_not_wait_for_itself(active_call_id: int | None) -> None:
    """The list of active calls may be a moment older than its record."""
    log = a_log()
    seen(log, active(70), at=1)
    (event,) = told(log, record(7, active_call_id=active_call_id))
    assert (event.type, event.active_call_id) == (MISSED, 70)


def test_a_missed_call_does_not_wait_for_a_list_that_cannot_be_read() -> None:
    """Else it would wait as long as the operator's other service is down."""
    log = a_log()
    seen(log, active(71, destination_number=MOBILE, start_date=NOON + SECOND), at=2)
    assert not told(log, record(7, active_call_id=70), at=21)
    assert [event.type for event in told(log, at=63)] == [MISSED]


def test_a_record_that_never_comes_is_not_waited_for() -> None:
    """A leg on a line that this login does not see leaves none."""
    log = a_log()
    seen(log, active(71, destination_number=MOBILE, start_date=NOON + SECOND), at=2)
    seen(log, at=20)
    assert not told(log, record(7, active_call_id=70), at=21)
    assert unrecorded(log)
    seen(log, at=111)
    assert not unrecorded(log)
    assert [event.type for event in told(log, at=111)] == [MISSED]


def test_a_look_is_asked_for_when_a_record_says_missed() -> None:
    """Else an old look would say where the call rings."""
    log = a_log()
    assert log.needs_look([answered(6), record(7)])
    assert not log.needs_look([answered(7)])
    assert not log.needs_look([record(7, direction=Direction.OUT)])


# Callbacks


def test_the_legs_of_a_callback_are_one_call() -> None:
    """Else every callback would be told as two calls, one of them to oneself."""
    log = a_log()
    a_callback(log)
    (event,) = told(
        log,
        outgoing(7, MOBILE, price=0.5, date=NOON + SECOND),
        outgoing(8, JAN, price=0.25, length=20, date=NOON + 9 * SECOND),
        at=60,
    )
    assert (event.type, event.call_id, event.direction) == (ENDED, 8, Direction.OUT)
    assert (event.number, event.own_number) == ("+420777123456", "+420777000111")
    assert (event.price, event.duration, event.status) == (0.75, 20, CallStatus.ANSWERED)


def test_a_callback_that_reached_nobody_was_not_answered() -> None:
    """That we picked up our own end does not mean that we have talked to Jan."""
    log = a_log()
    a_callback(log)
    (event,) = told(log, outgoing(7, MOBILE), outgoing(8, JAN, status=CallStatus.MISSED), at=60)
    assert (event.type, event.status, event.duration) == (ENDED, CallStatus.MISSED, 0)


def test_a_callback_that_we_did_not_take_is_reported_after_a_while() -> None:
    """There is no second leg then; else it would never be told."""
    log = a_log()
    a_callback(log)
    assert not told(log, outgoing(7, MOBILE, status=CallStatus.MISSED))
    assert [event.status for event in told(log, at=31)] == [CallStatus.MISSED]
    # Who then dials Jan by hand makes another call.
    for later in (restarted(log), log):
        assert [event.status for event in told(later, outgoing(8, JAN), at=40)] == [
            CallStatus.ANSWERED
        ]
        assert not later.waiting


def test_a_leg_that_comes_late_is_of_a_callback_that_was_reported() -> None:
    """Our own end was taken, so the operator rang Jan, whenever that is written down."""
    log = a_log()
    a_callback(log)
    assert not told(log, outgoing(7, MOBILE))
    assert len(told(log, at=31)) == 1
    for later in (restarted(log), log):
        assert not told(later, outgoing(8, JAN), at=40)
        assert not told(later, at=60)
        assert not later.waiting


def test_a_leg_waits_for_the_other_one_that_is_still_up() -> None:
    """The exchange may drop our own end first."""
    log = a_log()
    a_callback(log)
    jan = active(80, source_number=HOME, destination_number=JAN, start_date=NOON + 9 * SECOND)
    seen(log, jan, at=10)
    assert not told(log, outgoing(7, MOBILE), at=20)
    seen(log, jan, at=45)
    assert not told(log, at=46)
    seen(log, at=50)
    assert not told(log, at=50)
    assert len(told(log, outgoing(8, JAN), at=52)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"source_number": JAN, "destination_number": HOME, "direction": Direction.IN},
        {"source_number": EVA, "destination_number": MOBILE, "direction": Direction.REDIRECTED},
        {"redirection_parent_id": 7, "direction": Direction.REDIRECTED, "source_number": HOME},
        {"date": NOON - 60 * SECOND},
        {"date": NOON + 121 * SECOND},
        {"line": DILNA},
        {"destination_number": EVA},
    ],
)
def test_another_call_is_no_leg_of_a_callback(other: dict[str, Any]) -> None:
    """Jan may call back himself just then, and that call must not be swallowed."""
    log = a_log()
    caller = HOME if other.get("destination_number") == HOME else MOBILE
    a_callback(log, caller)
    fields = {"direction": Direction.OUT, "source_number": HOME, "destination_number": MOBILE}
    row = record(8, **{**fields, **other})
    (event,) = [*told(log, row, at=20), *told(log, at=40)]
    assert event.call_id == other.get("redirection_parent_id", 8)
    (event,) = told(log, outgoing(10, caller), outgoing(11, JAN), at=60)
    assert event.call_id == 11


@pytest.mark.parametrize(
    ("caller", "fields"),
    [
        (MOBILE, {"source_number": ""}),
        (MOBILE, {"source_number": None}),
        (HOME, {"source_number": WORKSHOP, "direction": Direction.IN}),
    ],
)
def test_a_leg_may_look_in_several_ways(caller: str, fields: dict[str, Any]) -> None:
    """Nobody has written down what number the first leg shows, or which way it is said to go."""
    log = a_log()
    a_callback(log, caller)
    assert len(told(log, outgoing(7, caller, **fields), outgoing(8, JAN), at=60)) == 1
    assert not log.waiting


def test_a_callback_to_our_own_line_is_one_call() -> None:
    """Its second leg comes in from the mobile that was rung first."""
    log = a_log()
    a_callback(log, MOBILE, HOME)
    inside = answered(8, source_number=MOBILE, destination_number=HOME)
    assert len(told(log, outgoing(7, MOBILE), inside, at=60)) == 1
    assert not log.waiting


def test_the_same_order_twice_is_two_calls() -> None:
    """An impatient finger is charged twice, and sees two calls."""
    log = a_log()
    a_callback(log)
    a_callback(log)
    rows = [outgoing(7, MOBILE), outgoing(8, MOBILE), outgoing(9, JAN), outgoing(10, JAN)]
    assert [event.call_id for event in told(log, *rows)] == [9, 10]


def test_a_callback_to_oneself_is_one_call() -> None:
    """Somebody tries it out with one telephone."""
    log = a_log()
    a_callback(log, MOBILE, MOBILE)
    seen(log, at=0)
    first = active(70, source_number=HOME, destination_number=MOBILE, answer_date=NOON)
    second = active(80, source_number=HOME, destination_number=MOBILE, answer_date=NOON + SECOND)
    assert seen(log, first, at=3) == [STARTED]
    assert seen(log, first, second, at=6) == [ANSWERED]
    (event,) = told(log, outgoing(7, MOBILE), outgoing(8, MOBILE))
    assert (event.call_id, event.status) == (8, CallStatus.ANSWERED)


def test_a_callback_to_a_line_that_is_sent_on_is_one_call() -> None:
    """Its third record points to the second leg."""
    log = a_log()
    a_callback(log, MOBILE, "*300110")
    rows = [
        outgoing(7, MOBILE),
        record(8, source_number=HOME, destination_number="*300110"),
        leg(
            9,
            8,
            source_number=HOME,
            status=CallStatus.ANSWERED,
            length=20,
            destination_number=EVA,
        ),
    ]
    (event,) = told(log, *rows)
    assert (event.call_id, event.status) == (8, CallStatus.ANSWERED)


def test_an_order_outlives_a_restart() -> None:
    """Else a callback across a restart would be told as two calls."""
    log = a_log()
    a_callback(log)
    assert not told(log, outgoing(7, MOBILE))
    events = told(restarted(log), outgoing(7, MOBILE), outgoing(8, JAN), at=60)
    assert [event.call_id for event in events] == [8]


def test_an_order_that_was_refused_is_forgotten() -> None:
    """Somebody's own call to Jan would be taken for its leg."""
    log = a_log()
    order = log.orders.add(MOBILE, JAN, DOMOV, NOON)
    log.orders.withdraw(order)
    log.orders.withdraw(order)
    assert [event.own_number for event in told(log, outgoing(7, JAN))] == ["+420910123456"]


def test_an_order_of_yesterday_is_forgotten() -> None:
    """They would pile up."""
    log = a_log()
    a_callback(log)
    log.watch([], NOON + timedelta(hours=25))
    assert log.state
    assert not log.state.orders


# While a call lasts


def test_a_call_is_reported_as_it_goes_on() -> None:
    """Each step once, whatever the number of looks."""
    log = a_log()
    assert seen(log, at=0) == []
    assert seen(log, active(70), at=3) == [STARTED]
    assert seen(log, active(70), at=6) == []
    assert seen(log, active(70, answer_date=NOON + 7 * SECOND), at=9) == [ANSWERED]
    assert seen(log, active(70, answer_date=NOON + 7 * SECOND), at=12) == []
    assert not unrecorded(log)
    assert seen(log, at=15) == []
    assert log.live.has_lost_one
    assert unrecorded(log)
    told(log, answered(7, active_call_id=70))
    assert not unrecorded(log)


def test_a_call_that_is_first_seen_in_talk_starts_first() -> None:
    """Automations that wait for the start wait in every case."""
    log = a_log()
    seen(log, at=0)
    (started, picked_up) = log.watch([active(70, answer_date=NOON + SECOND)], NOON + 3 * SECOND)
    assert (started.type, started.answered_at) == (STARTED, None)
    assert (picked_up.type, picked_up.answered_at) == (ANSWERED, NOON + SECOND)
    assert picked_up.ringing_duration == 1


def test_what_is_up_at_the_first_look_is_not_news() -> None:
    """Else each restart would pause the music once more."""
    log = a_log()
    assert seen(log, active(70), at=0) == []
    assert seen(log, active(70, answer_date=NOON), at=3) == []


def test_a_call_that_is_sent_on_goes_on() -> None:
    """Else the mobile's ringing would be told as a second call, and its answer as another."""
    log = a_log()
    seen(log, at=0)
    mobile = active(71, destination_number=MOBILE, start_date=NOON + 20 * SECOND)
    assert seen(log, active(70), at=3) == [STARTED]
    assert seen(log, active(70), at=18) == []
    assert seen(log, mobile, at=21) == []
    told(log, record(7, active_call_id=70))
    assert seen(log, mobile, at=24) == []
    talk = active(71, destination_number=MOBILE, answer_date=NOON + 25 * SECOND)
    (event,) = log.watch([talk], NOON + 27 * SECOND)
    assert (event.type, event.active_call_id, event.direction) == (ANSWERED, 70, Direction.IN)


def test_two_calls_of_one_number_that_are_sent_on_are_answered_each() -> None:
    """Else the first would be told as answered when the second is."""
    log = a_log()
    seen(log, at=0)
    seen(log, active(70), active(71), at=3)
    mobile = active(72, destination_number=MOBILE, start_date=NOON + 5 * SECOND)
    other = active(73, destination_number=EVA, start_date=NOON + 5 * SECOND, answer_date=NOON)
    events = log.watch([active(70), active(71), mobile, other], NOON + 6 * SECOND)
    assert [(event.type, event.active_call_id) for event in events] == [(ANSWERED, 71)]


def test_of_a_caller_on_two_lines_the_call_that_is_sent_on_is_answered() -> None:
    """Who rings at the office and at home has been answered on one of the two only."""
    for line in (DOMOV, DILNA):
        log = a_log()
        seen(log, at=0)
        ringing = [active(70), active(71, line=DILNA, destination_number=WORKSHOP)]
        seen(log, *ringing, at=3)
        mobile = active(72, destination_number=MOBILE, line=line, answer_date=NOON + 5 * SECOND)
        (event,) = log.watch([*ringing, mobile], NOON + 6 * SECOND)
        assert (event.type, event.line) == (ANSWERED, line)


def test_a_withheld_call_that_is_sent_on_goes_on() -> None:
    """Only on its own line, since there is no number to know it by."""
    log = a_log()
    seen(log, at=0)
    assert seen(log, active(70, source_number=""), at=3) == [STARTED]
    mobile = active(71, source_number="", destination_number=MOBILE)
    assert seen(log, active(70, source_number=""), mobile, at=6) == []
    elsewhere = active(72, source_number="", destination_number=MOBILE, line=DILNA)
    assert seen(log, active(70, source_number=""), mobile, elsewhere, at=9) == [STARTED]


def test_a_redirection_of_something_else_starts_by_itself() -> None:
    """A call whose incoming part was too short to be seen must be told as well."""
    log = a_log()
    seen(log, active(70), at=0)
    seen(log, at=3)
    late = active(71, destination_number=MOBILE, start_date=NOON + 60 * SECOND)
    assert seen(log, late, at=63) == [STARTED]


def test_a_callback_starts_once_and_is_answered_by_its_recipient() -> None:
    """That we pick up ourselves is no answer."""
    log = a_log()
    seen(log, at=0)
    a_callback(log)
    ours = active(70, source_number=HOME, destination_number=MOBILE)
    jans = active(71, source_number=HOME, destination_number=JAN, start_date=NOON + 9 * SECOND)
    (event,) = log.watch([ours], NOON + 3 * SECOND)
    assert (event.type, event.number, event.direction) == (STARTED, "+420777123456", Direction.OUT)
    ours = active(70, source_number=HOME, destination_number=MOBILE, answer_date=NOON + 8 * SECOND)
    assert seen(log, ours, at=9) == []
    assert seen(log, ours, jans, at=12) == []
    jans = active(71, source_number=HOME, destination_number=JAN, answer_date=NOON + 14 * SECOND)
    (event,) = log.watch([ours, jans], NOON + 15 * SECOND)
    assert (event.type, event.active_call_id) == (ANSWERED, 70)
    (event,) = told(log, outgoing(7, MOBILE), outgoing(8, JAN))
    assert event.active_call_id == 70


def test_a_leg_of_a_callback_that_is_over_starts_by_itself() -> None:
    """Somebody dials the same number again: another call."""
    log = a_log()
    seen(log, at=0)
    a_callback(log)
    told(log, outgoing(7, MOBILE), outgoing(8, JAN), at=20)
    again = active(90, source_number=HOME, destination_number=JAN, start_date=NOON + 60 * SECOND)
    (event,) = log.watch([again], NOON + 61 * SECOND)
    assert event.own_number == "+420910123456"


def test_an_active_call_is_described_as_it_stands() -> None:
    """The sensors show it by that."""
    directory = a_log().directory
    assert described(active(70), directory).type is STARTED
    assert described(active(70, answer_date=NOON), directory).type is ANSWERED


# Where the history may not be read


def test_without_a_history_the_active_calls_tell_the_end() -> None:
    """Else a login without that right would hear of no end at all."""
    log = a_log(None)
    seen(log, at=0)
    seen(log, active(70), active(71, source_number=EVA, answer_date=NOON + 2 * SECOND), at=3)
    assert log.end_unrecorded() == []
    seen(log, at=12)
    missed, ended = log.end_unrecorded()
    assert (missed.type, missed.call_id, missed.status) == (MISSED, None, CallStatus.MISSED)
    assert (missed.duration, missed.ringing_duration) == (0, 12)
    assert (ended.type, ended.duration, ended.status) == (ENDED, 10, CallStatus.ANSWERED)
    assert not log.has_unrecorded
    assert log.end_unrecorded() == []


def test_without_a_history_a_call_that_is_sent_on_ends_once() -> None:
    """Not when it stops ringing here, while it rings there."""
    log = a_log(None)
    seen(log, at=0)
    seen(log, active(70), at=18)
    mobile = active(71, destination_number=MOBILE, start_date=NOON + 20 * SECOND)
    seen(log, mobile, at=21)
    assert log.end_unrecorded() == []
    seen(log, at=40)
    (event,) = log.end_unrecorded()
    assert (event.type, event.active_call_id) == (MISSED, 70)


def test_what_was_told_without_its_record_is_not_told_again_by_it() -> None:
    """The permission may come back, also after a restart."""
    log = a_log()
    seen(log, at=0)
    seen(log, active(70), at=3)
    seen(log, at=12)
    assert len(log.end_unrecorded()) == 1
    later = restarted(log)
    assert not told(log, record(7, active_call_id=70))
    assert not told(later, record(7, active_call_id=70))


def test_what_its_record_has_told_is_not_told_again_without_it() -> None:
    """The permission may be taken away a moment later."""
    log = a_log()
    seen(log, at=0)
    seen(log, active(70), at=3)
    seen(log, at=12)
    assert len(told(log, record(7, active_call_id=70))) == 1
    assert log.end_unrecorded() == []


# Looking back


def test_looking_back_nothing_waits_and_nothing_is_too_old() -> None:
    """The sensors and the card show the past as the events would have told it."""
    rows = [record(1, date=NOON - timedelta(days=400)), leg(9, 8), leg(10, 8)]
    assert [event.call_id for event in calls_of(rows, DIRECTORY)] == [1, 8]
    assert not list(calls_of([], DIRECTORY))


# Any telephoning at all


@dataclass(eq=False)
class Leg:
    """One leg of a call at the model exchange, and its record once that is written."""

    id: int
    direction: Direction
    source: str
    destination: str
    line: int
    began: datetime
    parent: Leg | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    row: Call | None = None
    shows_at: datetime | None = None
    """When the record can be read: a little after it was written."""


@dataclass(eq=False)
class ModelCall:
    """One call as the people on it know it; the legs of a callback are one call to them."""

    legs: list[Leg]
    order: tuple[str, str] | None = None
    wants_a_look: bool = False
    """A leg was sent on that no look has found yet."""

    @property
    def is_up(self) -> bool:
        """Whether somebody rings or talks."""
        return any(leg.ended is None for leg in self.legs)


class Telephoning(RuleBasedStateMachine):
    """Households, an exchange that writes late and crosswise, and a log that is torn down."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        """Begin at noon with nothing up, after a first look and empty bearings."""
        super().__init__()
        self.now = NOON
        self.ids = count(100)
        self.record_ids = count(1)
        self.model: list[ModelCall] = []
        self.rows: list[tuple[datetime, Call]] = []
        self.finished: list[CallEvent] = []
        self.unsaved: list[int | None] = []
        self.repeatable: set[int | None] = set()
        self.lived: set[tuple[int | None, CallEventType]] = set()
        self.log = a_log(None)
        self.log.cursor.take_bearings([])
        self.saved = to_builtins(self.log.state)
        self._look()

    # The exchange

    def _start(self, source: str, destination: str, line: int, direction: Direction) -> Leg:
        return Leg(next(self.ids), direction, source, destination, line, self.now)

    def _finish(self, leg: Leg, shows_after: float) -> None:
        if leg.ended is None:
            leg.ended = self.now
            length = int((self.now - leg.answered).total_seconds()) if leg.answered else 0
            parent = leg.parent.row.id if leg.parent and leg.parent.row else None
            leg.row = Call(
                id=next(self.record_ids),
                redirection_parent_id=parent,
                date=leg.began,
                direction=leg.direction,
                source_number=leg.source,
                destination_number=leg.destination,
                line=leg.line,
                length=length,
                ringing_length=int(((leg.answered or self.now) - leg.began).total_seconds()),
                status=CallStatus.ANSWERED if leg.answered else CallStatus.MISSED,
                price=leg.id / 100,
                active_call_id=leg.id,
            )
            self.rows.append((self.now + shows_after * SECOND, leg.row))

    @rule(
        target=calls,
        source=st.sampled_from([JAN, EVA, ""]),
        home=st.sampled_from([(DOMOV, HOME), (DILNA, WORKSHOP)]),
    )
    def ring(self, source: str, home: tuple[int, str]) -> ModelCall:
        """Somebody calls in; two of one caller at the same moment would be one call."""
        self.now += 3 * SECOND
        where, own = home
        self.model.append(ModelCall([self._start(source, own, where, Direction.IN)]))
        return self.model[-1]

    @rule(target=calls, recipient=st.sampled_from([JAN, EVA]))
    def dial(self, recipient: str) -> ModelCall:
        """Somebody calls out."""
        self.model.append(ModelCall([self._start(HOME, recipient, DOMOV, Direction.OUT)]))
        return self.model[-1]

    @rule(target=calls)
    def call_back(self) -> ModelCall:
        """Somebody orders a callback; every time to another number, since only those tell."""
        self.now += 2 * SECOND
        recipient = f"004203{len(self.model):08}"
        self.log.orders.add(MOBILE, recipient, DOMOV, self.now)
        self._save()
        call = ModelCall([self._start(HOME, MOBILE, DOMOV, Direction.OUT)], (MOBILE, recipient))
        self.model.append(call)
        return call

    @rule(call=calls)
    def answer(self, call: ModelCall) -> None:
        """The telephone that rang last is picked up."""
        leg = call.legs[-1]
        if leg.ended or leg.answered or (call.order and self.now - leg.began > 60 * SECOND):
            return
        leg.answered = self.now
        if leg.parent and leg.parent.ended is None:
            leg.parent.answered = self.now
        if call.order and len(call.legs) == 1:
            call.legs.append(self._start(HOME, call.order[1], DOMOV, Direction.OUT))

    @rule(call=calls, keep=st.booleans(), shows_after=st.floats(0, 1))
    def send_on(self, call: ModelCall, *, keep: bool, shows_after: float) -> None:
        """A call that rings is sent on: it goes on ringing here, or its record says missed."""
        first = call.legs[0]
        if call.order or len(call.legs) > 1 or first.answered or first.ended:
            return
        if first.direction is not Direction.IN:
            return
        leg = self._start(first.source, MOBILE, first.line, Direction.REDIRECTED)
        leg.parent = first
        call.legs.append(leg)
        if not keep:
            self._finish(first, shows_after)
            call.wants_a_look = True

    @rule(call=consumes(calls), shows_after=st.lists(st.floats(0, 2), min_size=3, max_size=3))
    def hang_up(self, call: ModelCall, shows_after: list[float]) -> None:
        """A call is over; its records show themselves one after the other, in any order."""
        if call.wants_a_look:
            self._look()  # The clock of a ringing call is faster than people.
        for part, after in zip(call.legs, shows_after, strict=False):
            self._finish(part, after)

    @rule()
    def send_a_message(self) -> None:
        """It leaves a record as well."""
        row = record(next(self.record_ids), type="sms", date=self.now, active_call_id=None)
        self.rows.append((self.now, row))

    @rule(seconds=st.sampled_from([0.2, 1, 3, 10, 30, 150]))
    def wait(self, seconds: float) -> None:
        """Time passes, and nobody looks: the service may be down."""
        self.now += seconds * SECOND

    # The house

    def _look(self) -> None:
        up = [leg for call in self.model for leg in call.legs if leg.ended is None]
        for call in self.model:
            call.wants_a_look = False
        calls = [
            ActiveCall(
                id=leg.id,
                source_number=leg.source,
                destination_number=leg.destination,
                start_date=leg.began,
                answer_date=leg.answered,
                line=leg.line,
            )
            for leg in up
        ]
        for event in self.log.watch(calls, self.now):
            if event.is_of_branch:
                continue
            told = (event.active_call_id, event.type)
            assert told not in self.lived
            assert event.type in {STARTED, ANSWERED}
            self.lived.add(told)

    def _save(self) -> None:
        self.saved = to_builtins(self.log.state)
        self.unsaved.clear()

    def _restart(self) -> None:
        self.repeatable.update(self.unsaved)
        self.unsaved.clear()
        self.log = a_log(convert(self.saved, LogState))
        self.lived.clear()
        self.now += 5 * SECOND
        self._look()

    @rule()
    def look(self) -> None:
        """The clock of the active calls ticks."""
        self._look()

    @rule(
        order=st.randoms(use_true_random=False),
        size=st.sampled_from([1, 3, 250]),
        killed_after=st.none() | st.integers(0, 3),
    )
    def read(self, order: Random, size: int, killed_after: int | None) -> None:
        """The clock of the history ticks, and a power cut may come between two events."""
        since = self.log.cursor.since
        assert since is not None
        rows = [row for shows_at, row in self.rows if shows_at <= self.now and row.id > since]
        rows += rows[:3]
        order.shuffle(rows)
        news = self.log.news(rows)
        if self.log.needs_look(news):
            self._look()
        events = self._told(news, size)
        for number, event in enumerate(events):
            if number == killed_after:
                self._restart()
                return
            if event.call_id in self.repeatable:
                self.repeatable.remove(event.call_id)
            else:
                self.finished.append(event)
            self.unsaved.append(event.call_id)
        self._save()

    def _told(self, news: list[Call], size: int) -> Iterator[CallEvent]:
        self.log.read([], self.now)
        for some in batched(news, size, strict=False):
            self.log.read(some, self.now)
        yield from filter(None, self.log.decide(self.now))

    @rule()
    def restart(self) -> None:
        """Home Assistant is restarted."""
        self._restart()

    # What has to hold

    @invariant()
    def nothing_is_reported_twice(self) -> None:
        """By the id of its record, a call is reported once."""
        ids = [event.call_id for event in self.finished]
        assert len(ids) == len(set(ids))

    def teardown(self) -> None:
        """Hang everything up, let the clocks tick, and compare the story with the truth."""
        for call in self.model:
            if call.is_up:
                self.hang_up(call, [0, 0, 0])
        for seconds in (3, 3, 15, 60, 120):
            self.now += seconds * SECOND
            self._look()
            self.read(Random(1), 250, None)  # noqa: S311
        assert not self.log.waiting
        story = {event.call_id: event for event in self.finished}
        assert len(story) == len(self.finished) == len(self.model)
        for call in self.model:
            rows = [leg.row for leg in call.legs if leg.row]
            mine = [story.pop(row.id) for row in rows if row.id in story]
            assert len(mine) == 1
            came_in = rows[0].direction is Direction.IN
            is_answered = any(
                row.status is CallStatus.ANSWERED and row.length
                for row in (rows[1:] if call.order else rows)
            )
            assert (mine[0].type is MISSED) == (came_in and not is_answered)
            assert (mine[0].status is CallStatus.ANSWERED) == is_answered
            assert mine[0].price == pytest.approx(sum(row.price or 0 for row in rows))


TestTelephoning = Telephoning.TestCase
TestTelephoning.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, database=None, derandomize=True
)


# How long it takes
