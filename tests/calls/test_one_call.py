"""One call stays one call, however many telephones it rings and however it is answered."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.odorik.api import ActiveCall, Call, CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent
from custom_components.odorik.calls.hours import Hours, Measure, Series
from custom_components.odorik.calls.inbox import How, Inbox
from custom_components.odorik.calls.log import CallLog, LogState, calls_of

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
    told,
    unrecorded,
)

VOICEMAIL = "*085120*1"
QUEUE = "*0852001300100"


def look(log: CallLog, *calls: ActiveCall, at: float) -> list[CallEvent]:
    """Return the events of the account after a look; those of further lines are left out."""
    events = log.watch(calls, NOON + at * SECOND)
    return [event for event in events if not event.is_of_branch]


def branches(log: CallLog, *calls: ActiveCall, at: float) -> list[tuple[str, int | None]]:
    """Return what a look says to the further lines that a call rings."""
    events = log.watch(calls, NOON + at * SECOND)
    return [(event.type, event.line) for event in events if event.is_of_branch]


def forked(source: str = JAN, **fields: Any) -> list[ActiveCall]:
    """A call to the house that rings both lines."""
    return [
        active(70, source_number=source, **fields),
        active(71, source_number=source, destination_number="*300100", **fields),
        active(72, source_number=source, destination_number="*300110", line=DILNA, **fields),
    ]


def picked_up(call: ActiveCall, at: float = 5) -> ActiveCall:
    """The same call, answered."""
    fields = {name: getattr(call, name) for name in call.__struct_fields__}
    return ActiveCall(**(fields | {"answer_date": NOON + at * SECOND}))


# While it lasts


@pytest.mark.parametrize("source", [JAN, ""])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_number_that_rings_two_lines_starts_and_is_answered_once(
    source: str, order: tuple[int, ...]
) -> None:
    """An announcement is spoken once, and says on which line somebody answered."""
    log = a_log()
    look(log, at=-1)
    calls = forked(source)
    (event,) = look(log, *(calls[index] for index in order), at=1)
    assert (event.type, event.active_call_id, event.line) == (STARTED, 70, DOMOV)
    assert event.own_number == "+420910123456"
    (event,) = look(log, picked_up(calls[0]), picked_up(calls[2]), at=6)
    assert (event.type, event.active_call_id, event.line) == (ANSWERED, 70, DILNA)
    assert event.line_name == "Dílna"
    assert look(log, picked_up(calls[0]), picked_up(calls[2]), at=9) == []


def test_each_line_hears_of_the_branch_that_rings_there() -> None:
    """The other line's own entity shows the call too, once."""
    log = a_log()
    look(log, at=-1)
    assert branches(log, *forked(), at=1) == [(STARTED, DILNA)]
    assert branches(log, *forked(), at=3) == []
    log = a_log()
    look(log, *forked(), at=1)
    assert branches(log, *forked(), at=3) == [], "what is up at the first look is not reported"


def test_a_branch_that_is_listed_under_the_line_of_the_call_rings_its_own_line() -> None:
    """The operator's samples list a branch to another line under the one that was called."""
    log = a_log()
    look(log, at=-1)
    call, _, other = forked()
    other = active(72, destination_number="*300110")
    assert branches(log, call, other, at=1) == [(STARTED, DILNA)]
    (event,) = look(log, call, picked_up(other), at=6)
    assert (event.type, event.line) == (ANSWERED, DILNA)


@pytest.mark.parametrize(
    "later",
    [
        {"destination_number": "*300110", "line": DILNA},
        {"destination_number": WORKSHOP, "line": DILNA},
        {"destination_number": WORKSHOP},
        {"destination_number": MOBILE},
    ],
)
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_call_that_is_forwarded_later_goes_on(
    later: dict[str, Any],
    is_kept: bool,  # noqa: FBT001
) -> None:
    """To a line, to another number of one's own, to a mobile: it has started already."""
    log = a_log()
    look(log, at=-1)
    assert len(look(log, active(70), at=1)) == 1
    look(log, active(70), at=19)
    forwarded = active(71, start_date=NOON + 20 * SECOND, **later)
    first = [active(70)] if is_kept else []
    assert look(log, *first, forwarded, at=21) == []
    (event,) = look(log, *first, picked_up(forwarded, 25), at=26)
    assert (event.type, event.active_call_id) == (ANSWERED, 70)


def test_telephones_that_are_listed_as_calls_of_their_own_are_one_call() -> None:
    """The same caller, called number and start on two lines."""
    log = a_log()
    look(log, at=-1)
    first, second = active(70), active(71, line=DILNA, start_date=NOON + SECOND)
    (event,) = look(log, first, second, at=2)
    assert (event.type, event.line) == (STARTED, DOMOV)
    (event,) = look(log, picked_up(second), at=6)
    assert (event.type, event.active_call_id, event.line) == (ANSWERED, 70, DILNA)


@pytest.mark.parametrize(
    "other",
    [
        # On the same line, it is somebody who calls twice.
        {},
        {"line": DILNA, "start_date": NOON + 3 * SECOND},
        {"source_number": EVA, "line": DILNA},
        {"source_number": EVA, "destination_number": "*300110", "line": DILNA},
        {"source_number": "", "destination_number": "*300110", "line": DILNA},
    ],
)
def test_another_call_starts_by_itself(other: dict[str, Any]) -> None:
    """No call is hidden behind another one."""
    log = a_log()
    look(log, at=-1)
    look(log, active(70), at=0.5)
    (event,) = look(log, active(70), active(71, **{"start_date": NOON, **other}), at=4)
    assert (event.type, event.active_call_id) == (STARTED, 71)


@pytest.mark.parametrize("destination", [HOME, WORKSHOP])
def test_a_caller_who_redials_makes_another_call(destination: str) -> None:
    """Three seconds after hanging up, a new call has begun."""
    log = a_log()
    look(log, at=-1)
    look(log, *forked(), at=1)
    look(log, *forked(), at=19)
    look(log, at=21)
    again = active(80, destination_number=destination, start_date=NOON + 23 * SECOND)
    (event,) = look(log, again, at=24)
    assert (event.type, event.active_call_id) == (STARTED, 80)


def test_withheld_callers_are_not_merged() -> None:
    """Two who hide their number ring at once, each at both lines: two calls, and two missed."""
    log = a_log(None)
    look(log, at=-1)
    calls = [
        *forked(""),
        active(80, source_number="", destination_number=WORKSHOP, line=DILNA),
        active(81, source_number="", destination_number="*300100"),
        active(82, source_number="", destination_number="*300110", line=DILNA),
    ]
    assert [event.active_call_id for event in look(log, *calls, at=1)] == [70, 80]
    look(log, at=12)
    assert [event.type for event in log.end_unrecorded()] == [MISSED, MISSED]


# Machines


@pytest.mark.parametrize("is_incoming_answered", [True, False])
def test_a_call_that_voicemail_took_is_not_answered(
    is_incoming_answered: bool,  # noqa: FBT001
) -> None:
    """Neither while it lasts nor when it has ended without a record."""
    log = a_log(None)
    look(log, at=-1)
    assert len(look(log, *forked(), at=1)) == 1
    call = active(70, answer_date=NOON + 20 * SECOND if is_incoming_answered else None)
    mail = active(
        73,
        destination_number=VOICEMAIL,
        start_date=NOON + 20 * SECOND,
        answer_date=NOON + 20 * SECOND,
    )
    assert look(log, call, mail, at=21) == []
    look(log, at=34)
    (event,) = log.end_unrecorded()
    assert (event.type, event.duration, event.answered_at) == (MISSED, 0, None)


def test_a_call_that_a_queue_took_is_answered() -> None:
    """There are people behind it."""
    log = a_log()
    look(log, at=-1)
    queue = active(71, destination_number=QUEUE, answer_date=NOON + SECOND)
    events = look(log, active(70, answer_date=NOON + SECOND), queue, at=2)
    assert [event.type for event in events] == [STARTED, ANSWERED]


@pytest.mark.parametrize(
    "incoming", [{}, {"status": CallStatus.ANSWERED, "length": 14}], ids=["missed", "answered"]
)
@pytest.mark.parametrize(
    ("destination", "expected"),
    [(VOICEMAIL, MISSED), ("*0071", MISSED), (QUEUE, ENDED), ("*300110", ENDED), (MOBILE, ENDED)],
)
def test_only_people_answer(incoming: dict[str, Any], destination: str, expected: str) -> None:
    """Whatever the incoming record says; time in voicemail is no talk."""
    rows = [
        record(3, **incoming),
        leg(4, 3, destination_number=destination, status=CallStatus.ANSWERED, length=14),
    ]
    for events in (told(a_log(), *rows), list(calls_of(rows, DIRECTORY))):
        (event,) = events
        assert (event.type, event.call_id) == (expected, 3)
        is_missed = expected == MISSED
        assert event.duration == (0 if is_missed else 14)
        assert (event.answered_at is None) == is_missed
        assert event.status is (CallStatus.MISSED if is_missed else CallStatus.ANSWERED)
        assert event.ended_at == NOON + (20 if is_missed else 34) * SECOND
    assert _missed(*rows) == (expected == MISSED)


def test_a_person_who_takes_a_call_beside_voicemail_has_answered() -> None:
    """The voicemail leg that was cancelled, and one that came first, change nothing."""
    rows = [
        answered(3),
        leg(4, 3, destination_number=VOICEMAIL),
    ]
    assert [event.type for event in told(a_log(), *rows)] == [ENDED]
    rows = [
        answered(3),
        leg(4, 3, destination_number=VOICEMAIL, status=CallStatus.ANSWERED, length=5),
        leg(5, 4, destination_number="*300110", status=CallStatus.ANSWERED, length=9),
    ]
    (event,) = told(a_log(), *rows)
    assert (event.type, event.duration) == (ENDED, 9)


def test_voicemail_behind_a_branch_explains_the_answer_of_the_whole_chain() -> None:
    """The line that sent the call on to its voicemail says answered, too."""
    rows = [
        answered(3),
        leg(4, 3, destination_number="*300110", status=CallStatus.ANSWERED, length=14),
        leg(5, 4, destination_number=VOICEMAIL, status=CallStatus.ANSWERED, length=14),
    ]
    assert [event.type for event in told(a_log(), *rows)] == [MISSED]
    assert _missed(*rows) == 1


def test_an_answered_record_waits_for_that_of_a_machine_that_was_seen() -> None:
    """The two may be read one after the other; the call was still missed."""
    log = a_log()
    look(log, at=-1)
    mail = active(
        73,
        destination_number=VOICEMAIL,
        start_date=NOON + 20 * SECOND,
        answer_date=NOON + 20 * SECOND,
    )
    look(log, active(70, answer_date=NOON + 20 * SECOND), mail, at=21)
    look(log, at=34)
    first = answered(3, length=14, active_call_id=70)
    assert told(log, first, at=34.5) == []
    mails = leg(
        4,
        3,
        destination_number=VOICEMAIL,
        status=CallStatus.ANSWERED,
        length=14,
        active_call_id=73,
        date=NOON + 20 * SECOND,
    )
    assert [event.type for event in told(log, mails, at=36)] == [MISSED]


def test_an_answered_record_does_not_wait_for_ever_for_that_of_a_machine() -> None:
    """It may never be written."""
    log = a_log()
    mail = active(73, destination_number=VOICEMAIL, answer_date=NOON + 20 * SECOND)
    look(log, active(70), mail, at=21)
    look(log, at=34)
    assert told(log, answered(3, active_call_id=70), at=34.5) == []
    assert [event.type for event in told(log, at=44.5)] == [ENDED]


def test_a_missed_record_does_not_wait_while_voicemail_talks() -> None:
    """Whatever its record will say, nobody answered."""
    log = a_log()
    mail = active(73, destination_number=VOICEMAIL, start_date=NOON + 20 * SECOND)
    look(log, active(70), at=1)
    look(log, picked_up(mail, 20), at=21)
    assert [event.type for event in told(log, record(7, active_call_id=70), at=21)] == [MISSED]


def test_a_callback_that_reached_voicemail_reached_nobody() -> None:
    """It talked to a machine."""
    log = a_log()
    a_callback(log, MOBILE, VOICEMAIL)
    look(log, at=0)
    ours = active(70, source_number=HOME, destination_number=MOBILE, answer_date=NOON)
    mail = active(71, source_number=HOME, destination_number=VOICEMAIL, answer_date=NOON)
    assert [event.type for event in look(log, ours, mail, at=3)] == [STARTED]
    rows = [outgoing(7, MOBILE, active_call_id=70), outgoing(8, VOICEMAIL, active_call_id=71)]
    assert [event.status for event in told(log, *rows, at=60)] == [CallStatus.MISSED]


def test_an_answer_without_talk_is_none() -> None:
    """It ticks nobody off, and an incoming one is missed."""
    inbox = Inbox()
    log = a_log()
    rows = [
        record(7),
        outgoing(8, JAN, date=NOON + 60 * SECOND, length=0),
        answered(9, date=NOON + 120 * SECOND, length=0),
    ]
    events = told(log, *rows, at=200)
    assert [event.type for event in events] == [MISSED, ENDED, MISSED]
    assert [event.status for event in events] == [CallStatus.MISSED] * 3
    assert not any(inbox.take(event) for event in events)
    (item,) = inbox.items
    assert (len(item.calls), item.completed) == (2, None)
    assert _missed(*rows) == 2


def test_a_caller_whom_voicemail_took_waits() -> None:
    """And an earlier missed call of theirs is not ticked off."""
    inbox = Inbox()
    rows = [
        record(3),
        answered(4, date=NOON + 60 * SECOND, length=14),
        leg(
            5,
            4,
            destination_number=VOICEMAIL,
            status=CallStatus.ANSWERED,
            length=14,
            date=NOON + 80 * SECOND,
        ),
    ]
    assert not any(inbox.take(event) for event in told(a_log(), *rows, at=100))
    (item,) = inbox.items
    assert (len(item.calls), item.completed) == (2, None)
    inbox.act(item.uid, How.TICKED, NOON + 200 * SECOND)


# Telephones that are recorded as calls of their own


def _missed(*rows: Call) -> int:
    """Count the missed calls of the statistics."""
    hours = Hours(DIRECTORY.direction)
    hours.add(rows)
    amounts = hours.take(NOON - timedelta(days=1), NOON + timedelta(days=1))
    return sum(amounts.get(Series(Measure.MISSED), {}).values())


ELSEWHERE = [
    record(7, line=DOMOV),
    answered(8, line=DILNA, date=NOON + 2 * SECOND),
    record(9, line=300120, date=NOON + SECOND),
]


@pytest.mark.parametrize(
    "rows",
    [
        ELSEWHERE,
        ELSEWHERE[::-1],
        [record(7), answered(8), record(9)],
        [record(7, line=DOMOV), answered(6, line=DILNA)],
    ],
)
def test_a_call_that_was_answered_elsewhere_is_not_missed(rows: list[Call]) -> None:
    """One of the telephones answered; the others have rung for the same call."""
    (event,) = told(a_log(), *rows)
    talk = next(row for row in rows if row.status is CallStatus.ANSWERED)
    assert (event.type, event.call_id, event.line) == (ENDED, talk.id, talk.line)
    assert event.duration == 30
    assert [event.call_id for event in calls_of(rows, DIRECTORY)] == [talk.id]
    assert _missed(*rows) == 0


def test_a_call_that_nobody_answered_on_any_line_is_missed_once() -> None:
    """It rang two lines at the same moment for the same number."""
    rows = [record(7), record(8, line=DILNA, date=NOON + SECOND)]
    (event,) = told(a_log(), *rows)
    assert (event.type, event.call_id) == (MISSED, 7)
    assert event.other_lines == {DILNA}
    assert _missed(*rows) == 1


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"line": DILNA, "source_number": EVA},
        {"line": DILNA, "destination_number": WORKSHOP},
        {"line": DILNA, "date": NOON + 2.5 * SECOND},
    ],
)
def test_two_missed_calls_stay_two(other: dict[str, Any]) -> None:
    """On one line, of another caller, to another number or later, it is another call."""
    rows = [record(7), record(8, **other)]
    assert [event.call_id for event in told(a_log(), *rows)] == [7, 8]
    assert _missed(*rows) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"source_number": EVA},
        {"destination_number": WORKSHOP},
        {"date": NOON + 2.5 * SECOND},
        {"date": NOON - 2.5 * SECOND},
        {"direction": Direction.OUT},
    ],
)
def test_an_answer_of_another_call_hides_no_missed_one(other: dict[str, Any]) -> None:
    """Caller, called number and start have to be the same."""
    rows = [record(7), answered(8, line=DILNA, **other)]
    assert sorted(event.call_id or 0 for event in told(a_log(), *rows)) == [7, 8]
    assert _missed(*rows) == 1


def test_withheld_calls_are_never_taken_for_one() -> None:
    """There is no number to know them by."""
    rows = [record(7, source_number=""), answered(8, source_number="anonymous", line=DILNA)]
    assert [event.type for event in told(a_log(), *rows)] == [MISSED, ENDED]
    assert _missed(*rows) == 1


def test_two_answered_calls_stay_two() -> None:
    """A switchboard calls twice at once; both were talked in, and a third telephone only rang."""
    rows = [answered(7), answered(8, line=DILNA), record(9, line=300120)]
    assert [event.call_id for event in told(a_log(), *rows)] == [7, 8]


def test_a_missed_record_waits_while_the_call_goes_on_at_another_telephone() -> None:
    """The answered one is written when the talk is over."""
    log = a_log()
    look(log, at=-1)
    other = active(71, line=DILNA)
    look(log, active(70), other, at=1)
    talk = picked_up(other)
    look(log, talk, at=6)
    assert told(log, record(7, active_call_id=70, ringing_length=5), at=6) == []
    look(log, talk, at=300)
    assert told(log, at=300) == []
    look(log, talk, at=600)
    look(log, at=603)
    assert told(log, at=603) == []
    row = answered(8, active_call_id=71, line=DILNA, length=598)
    (event,) = told(log, row, at=605)
    assert (event.type, event.call_id, event.line) == (ENDED, 8, DILNA)
    assert event.other_lines == {DOMOV}
    assert not log.waiting


@pytest.mark.parametrize("is_restarted", [True, False])
def test_a_sibling_that_is_read_late_is_of_the_call_that_was_reported(
    is_restarted: bool,  # noqa: FBT001
) -> None:
    """Each reading goes over the last records again, also after a restart."""
    log = a_log()
    first = answered(7, line=DILNA)
    assert len(told(log, *log.news([first]))) == 1
    if is_restarted:
        log = restarted(log)
    late = record(8)
    assert told(log, *log.news([first, late]), at=22) == []
    assert not log.waiting
    other = record(9, source_number=EVA)
    assert len(told(log, *log.news([first, late, other]), at=24)) == 1


def test_many_calls_of_one_moment_take_no_longer_each() -> None:
    """A switchboard with one number; all of them are told apart by their lines."""
    rows = [record(number, line=DOMOV + number % 2) for number in range(1, 2001)]
    events = told(a_log(), *rows)
    assert len(events) == 1000
    assert all(event.other_lines for event in events)


# Where a missed call waits


@pytest.mark.parametrize(
    "other",
    [
        # A redial, three seconds after the caller has hung up.
        {"start_date": NOON + 23 * SECOND},
        {"start_date": NOON + 23 * SECOND, "destination_number": WORKSHOP, "line": DILNA},
        # Another call of the same number on the same line.
        {"start_date": NOON + 10 * SECOND},
        # Our own calls out, begun while it rang.
        {"source_number": HOME, "destination_number": EVA, "start_date": NOON + 10 * SECOND},
        {"source_number": HOME, "destination_number": JAN, "start_date": NOON + 10 * SECOND},
        # Another withheld one.
        {"source_number": "", "start_date": NOON + 10 * SECOND},
    ],
)
@pytest.mark.parametrize("source", [JAN, ""])
def test_a_missed_call_does_not_wait_for_what_cannot_be_its_forwarded_leg(
    source: str, other: dict[str, Any]
) -> None:
    """It is reported at once and not after an hour."""
    log = a_log()
    look(log, at=-1)
    look(log, active(70, source_number=source), at=1)
    talk = picked_up(active(71, **{"source_number": source, **other}), 25)
    look(log, talk, at=26)
    row = record(7, source_number=source, active_call_id=70)
    assert [event.type for event in told(log, row, at=26)] == [MISSED]


@pytest.mark.parametrize(
    "other",
    [
        {"destination_number": MOBILE, "start_date": NOON + 20 * SECOND},
        {"destination_number": "*300110", "line": DILNA, "start_date": NOON + 21 * SECOND},
        {"destination_number": WORKSHOP, "line": DILNA, "start_date": NOON + 10 * SECOND},
        {"line": DILNA, "start_date": NOON + 2 * SECOND},
    ],
)
def test_a_missed_call_waits_for_what_can_be_its_forwarded_leg(other: dict[str, Any]) -> None:
    """It may be answered there."""
    log = a_log()
    look(log, active(70), at=1)
    look(log, active(71, **other), at=22)
    assert told(log, record(7, active_call_id=70), at=22) == []


def test_branches_that_leave_no_record_hold_nothing_up_for_long() -> None:
    """They only rang, and are gone with the call."""
    log = a_log()
    look(log, at=-1)
    look(log, *forked(), at=1)
    look(log, at=20)
    assert told(log, record(7, active_call_id=70), at=20) == []
    assert [event.type for event in told(log, at=25)] == [MISSED]


def test_a_forwarded_leg_that_was_answered_is_waited_for() -> None:
    """Somebody talked, so its record has to come, even if that takes a minute."""
    log = a_log()
    look(log, active(70), at=1)
    talk = active(71, destination_number=MOBILE, answer_date=NOON + 25 * SECOND)
    look(log, talk, at=26)
    look(log, at=40)
    assert told(log, record(7, active_call_id=70), at=40) == []
    assert told(log, at=100) == []
    row = leg(8, 7, status=CallStatus.ANSWERED, length=15, active_call_id=71)
    assert [event.type for event in told(log, row, at=101)] == [ENDED]


# What the lines hear of the end


def test_the_end_names_every_line_that_the_call_rang() -> None:
    """A light that was switched by the other line goes off."""
    log = a_log()
    look(log, at=-1)
    look(log, *forked(), at=1)
    look(log, at=20)
    rows = [
        record(7, active_call_id=70),
        leg(8, 7, destination_number="*300100", active_call_id=71),
        leg(9, 7, destination_number="*300110", line=DILNA, active_call_id=72),
    ]
    (event,) = told(log, *rows)
    assert (event.line, event.other_lines) == (DOMOV, {DILNA})
    assert not unrecorded(log)
    (event,) = told(a_log(), record(7), leg(8, 7, destination_number="*300110"))
    assert (event.line, event.other_lines) == (DOMOV, {DILNA}), "no look has found it"
    log = a_log()
    look(log, at=-1)
    look(log, *forked(), at=1)
    (event,) = told(log, answered(7, active_call_id=70))
    assert event.other_lines == {DILNA}, "its branches leave no record"


# A call that stays listed


def test_what_has_a_record_is_over() -> None:
    """Also where an older record does not name its call, and after a restart."""
    log = a_log()
    look(log, active(70), active(71, source_number=EVA), at=1)
    rows = [record(7, active_call_id=70), record(8, source_number=EVA)]
    told(log, *log.news(rows))
    assert log.recorded == {70, 71}
    later = restarted(log)
    later.news(rows)
    assert later.recorded == {70}


# Callbacks that the exchange tries again


def _attempt(call_id: int, number: str, at: float, **fields: Any) -> ActiveCall:
    return active(
        call_id,
        source_number=HOME,
        destination_number=number,
        start_date=NOON + at * SECOND,
        **fields,
    )


def _row(record_id: int, number: str, at: float, rang: int, talked: int | None = None) -> Call:
    return outgoing(
        record_id,
        number,
        date=NOON + at * SECOND,
        ringing_length=rang,
        length=talked or 0,
        status=CallStatus.MISSED if talked is None else CallStatus.ANSWERED,
    )


def test_a_callback_whose_caller_is_tried_again_is_one_call() -> None:
    """Every attempt leaves a record; the order starts once and ends once."""
    log = a_log()
    a_callback(log)
    look(log, at=-1)
    assert [event.type for event in look(log, _attempt(70, MOBILE, 1), at=2)] == [STARTED]
    assert look(log, _attempt(80, MOBILE, 11), at=12) == []
    assert told(log, _row(7, MOBILE, 1, 10), at=12) == []
    caller = _attempt(80, MOBILE, 11, answer_date=NOON + 15 * SECOND)
    look(log, caller, _attempt(81, JAN, 15), at=25)
    assert told(log, at=25) == []
    jan = _attempt(81, JAN, 15, answer_date=NOON + 30 * SECOND)
    assert [event.type for event in look(log, caller, jan, at=32)] == [ANSWERED]
    look(log, at=60)
    (event,) = told(log, _row(8, MOBILE, 11, 4, 45), _row(9, JAN, 15, 15, 30), at=61)
    assert (event.type, event.call_id, event.status) == (ENDED, 9, CallStatus.ANSWERED)
    assert (event.active_call_id, event.duration) == (70, 30)
    assert not log.waiting


def test_a_callback_whose_recipient_is_tried_again_is_one_call() -> None:
    """The exchange tries another operator while the caller waits."""
    log = a_log()
    a_callback(log)
    rows = [
        _row(7, JAN, 5, 10),
        _row(8, JAN, 15, 10),
        _row(9, JAN, 25, 5, 60),
        _row(10, MOBILE, 1, 4, 85),
    ]
    assert told(log, rows[0], at=16) == []
    assert told(log, rows[1], at=26) == []
    (event,) = told(log, *rows[2:], at=91)
    assert (event.call_id, event.status, event.duration) == (9, CallStatus.ANSWERED, 60)
    (event,) = told(restarted(log), record(20, source_number=EVA), at=95)
    assert event.call_id == 20


def test_a_callback_that_nobody_takes_at_any_attempt_ends_once() -> None:
    """Also when the last attempt is recorded after its end was reported."""
    log = a_log()
    a_callback(log)
    assert told(log, _row(7, MOBILE, 1, 10), at=12) == []
    assert told(log, _row(8, MOBILE, 12, 10), at=21) == [], "it may be tried once more"
    (event,) = told(log, at=32)
    assert (event.call_id, event.status) == (7, CallStatus.MISSED)
    for later in (restarted(log), log):
        assert told(later, _row(9, MOBILE, 40, 10), at=51) == []
        assert told(later, at=90) == []
        assert not later.waiting


def test_a_late_attempt_of_a_callback_that_has_ended_does_not_start_again() -> None:
    """Its end is out already."""
    log = a_log()
    a_callback(log)
    look(log, at=-1)
    look(log, _attempt(70, MOBILE, 1), at=2)
    look(log, at=12)
    told(log, _row(7, MOBILE, 1, 10), at=12)
    assert len(told(log, at=23)) == 1
    assert look(log, _attempt(80, MOBILE, 40), at=41) == []


def test_a_call_that_is_dialled_after_the_callback_is_another_one() -> None:
    """Our own end of the callback had hung up before."""
    for split in (True, False):
        log = a_log()
        a_callback(log)
        rows = [_row(7, MOBILE, 1, 4, 25), _row(8, JAN, 5, 20)]
        by_hand = _row(9, JAN, 40, 5, 60)
        events = told(log, *rows, *([] if split else [by_hand]), at=50)
        if split:
            events += told(log, by_hand, at=110)
        events += told(log, at=130)
        assert [event.call_id for event in events] == [8, 9], split
        assert events[1].own_number == "+420910123456"


def test_a_callback_to_oneself_that_is_tried_again_rings_the_caller_twice() -> None:
    """The recipient is rung only after the caller has picked up."""
    log = a_log()
    a_callback(log, MOBILE, MOBILE)
    rows = [_row(7, MOBILE, 1, 10), _row(8, MOBILE, 12, 4, 30), _row(9, MOBILE, 16, 10)]
    events = [*told(log, *rows, at=60), *told(log, at=71)]
    assert [(event.call_id, event.status) for event in events] == [(9, CallStatus.MISSED)]


# Any history at all


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[Call], bool]]:
    """Calls that ring one line or both, each with the records that one of the forms leaves."""
    calls: list[tuple[list[Call], bool]] = []
    ids = iter(range(1, 10_000))
    for number in range(draw(st.integers(1, 12))):
        source = draw(st.sampled_from([JAN, EVA, "", "00421602987654"]))
        began = NOON + number * 5 * SECOND
        by = draw(st.sampled_from([None, "person", "machine", "no time"]))
        form = draw(st.sampled_from(["single", "linked", "unlinked"]))
        length = 0 if by == "no time" else 14
        fields: dict[str, Any] = {"source_number": source, "date": began}
        talk = {"status": CallStatus.ANSWERED, "length": length} if by else {}
        told_by_parent = talk if draw(st.booleans()) else {}
        main = next(ids)
        match form:
            case "single" if by != "machine":
                rows = [record(main, **fields, **talk)]
            case "unlinked" if source and by != "machine":
                rows = [
                    record(main, **fields),
                    record(next(ids), **(fields | talk), line=DILNA),
                ]
            case _:
                where = VOICEMAIL if by == "machine" else "*300110"
                rows = [
                    record(main, **fields, **told_by_parent),
                    leg(next(ids), main, **fields, destination_number="*300100"),
                    leg(next(ids), main, **(fields | talk), destination_number=where, line=DILNA),
                ]
        calls.append((rows, by == "person"))
    return calls


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 5), st.booleans())
@settings(max_examples=150, database=None, derandomize=True)
def test_every_finished_call_has_exactly_one_end(
    calls: list[tuple[list[Call], bool]],
    order: Any,
    size: int,
    restarts: bool,  # noqa: FBT001
) -> None:
    """In any order, split over readings that go over what they know again, and over restarts.

    The records of one call are read together, as the exchange writes them.
    """
    groups = [rows for rows, _ in calls]
    order.shuffle(groups)
    log = a_log(LogState(place=0))
    events: list[CallEvent] = []
    read: list[Call] = []
    at = 100.0
    while groups:
        batch, groups = groups[:size], groups[size:]
        read += [row for rows in batch for row in rows]
        events += told(log, *log.news(read), at=at)
        at += 1
        if restarts:
            log = restarted(log)
    events += told(log, *log.news(read), at=at + 60)
    assert not log.waiting
    assert len(events) == len(calls)
    ids = {event.call_id: event for event in events}
    for rows, is_answered in calls:
        (event,) = (ids[row.id] for row in rows if row.id in ids)
        assert (event.type, event.status is CallStatus.ANSWERED) == (
            ENDED if is_answered else MISSED,
            is_answered,
        )
        assert bool(event.duration) == is_answered
    assert _missed(*read) == sum(not is_answered for _, is_answered in calls)
    looked_back = list(calls_of(read, DIRECTORY))
    assert {event.call_id: event.type for event in looked_back} == {
        event.call_id: event.type for event in events
    }
