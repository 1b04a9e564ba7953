"""Test the events of calls that are up, and how legs are joined to calls."""

from datetime import datetime
from typing import Any

import pytest

from custom_components.odorik.api import ActiveCall, CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.live_calls import answered_by_people

from .builders import active, answered, dialled, forwarded, picked_up, record, ring_both_lines
from .call_fixtures import ANSWERED, ENDED, MINUTE, MISSED, NOON, SECOND, STARTED, LogHarness, e164
from .phones import AT_HOME, AT_WORKSHOP, EVA, HOME, HOME_LINE, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE


def poll_calls(log: LogHarness, *calls: ActiveCall, at: float) -> list[CallEvent]:
    """Poll active calls and return their events without those of further lines."""
    return [event for event in log.poll(*calls, at=at) if not event.is_of_branch]


def poll_branches(log: LogHarness, *calls: ActiveCall, at: float) -> list[tuple[str, int | None]]:
    """Poll active calls and return the events of further lines."""
    events = log.poll(*calls, at=at)
    return [(event.type, event.line) for event in events if event.is_of_branch]


# Start, answer and end


def test_each_step_of_a_call_is_reported_once(log: LogHarness) -> None:
    """However often a call is polled, its start and its answer are reported once."""
    talk = picked_up(active(70), 7)
    assert log.poll_types(active(70), at=3) == [STARTED]
    assert log.poll_types(active(70), at=6) == []
    assert log.poll_types(talk, at=9) == [ANSWERED]
    assert log.poll_types(talk, at=12) == []
    assert not log.awaits_record()
    assert log.poll_types(at=15) == []
    assert log.awaits_record()
    log.finished_events(answered(7, active_call_id=70))
    assert not log.awaits_record()


def test_a_call_that_is_first_seen_answered_starts_first(log: LogHarness) -> None:
    """Every call has a start event, even if no poll found it ringing."""
    started, picked = log.poll(picked_up(active(70), 1), at=3)
    assert (started.type, started.answered_at) == (STARTED, None)
    assert (picked.type, picked.answered_at) == (ANSWERED, NOON + SECOND)
    assert picked.ringing_duration == 1


def test_calls_of_the_first_poll_are_not_reported() -> None:
    """A restart repeats neither the start of a call nor its answer."""
    log = LogHarness()
    assert log.poll_types(active(70), at=0) == []
    assert log.poll_types(picked_up(active(70)), at=6) == []


def test_calls_of_one_poll_are_reported_in_the_order_in_which_they_began(log: LogHarness) -> None:
    """A call without a start began when it was found."""
    calls = [
        active(69, start_date=None, source_number="00420602000069"),
        active(70, start_date=NOON + 2 * SECOND, source_number="00420602000070"),
        active(72, start_date=NOON + SECOND, source_number="00420602000072"),
        active(71, start_date=NOON + SECOND, source_number="00420602000071"),
    ]
    events = log.poll(*calls, at=3)
    assert [event.active_call_id for event in events] == [71, 72, 70, 69]


def test_a_call_is_gone_when_the_next_poll_lacks_it(log: LogHarness) -> None:
    """The flag holds for one poll, so that the history is not read after each one."""
    assert not log.live.has_ended_call
    for calls, is_gone in (((), False), ((70,), False), ((70,), False), ((71,), True), ((), True)):
        log.poll(*(active(call_id) for call_id in calls), at=1)
        assert log.live.has_ended_call is is_gone


@pytest.mark.parametrize(
    ("calls", "talking"),
    [
        ([active(70)], []),
        ([picked_up(active(70))], [70]),
        # Voicemail has taken the call, which is listed as answered at the same moment.
        ([picked_up(active(70)), picked_up(active(71, destination_number="*085120*1"))], []),
        # There are people behind a queue.
        (
            [picked_up(active(70)), picked_up(active(71, destination_number="*0852001300100"))],
            [70, 71],
        ),
        # Another caller is talking meanwhile, or the same one has talked before.
        (
            [
                picked_up(active(70, source_number=EVA)),
                picked_up(active(71, destination_number="*085120*1")),
                picked_up(active(72), 4),
            ],
            [70, 72],
        ),
    ],
)
def test_people_talk_in_calls_that_no_machine_answered(
    calls: list[ActiveCall], talking: list[int]
) -> None:
    """Ringing calls and those that voicemail took do not count."""
    assert [call.id for call in answered_by_people(calls)] == talking


# Forwarding


@pytest.mark.parametrize(
    "later",
    [
        {"destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE},
        {"destination_number": WORKSHOP, "line": WORKSHOP_LINE},
        {"destination_number": WORKSHOP},
        {"destination_number": MOBILE},
    ],
)
@pytest.mark.parametrize("first_leg", ["up", "gone", "recorded"])
def test_a_forwarded_call_goes_on(log: LogHarness, later: dict[str, Any], first_leg: str) -> None:
    """A leg to a line, another own number or a mobile does not start; it answers the call."""
    ringing = active(71, start_date=NOON + 20 * SECOND, **later)
    first = [active(70)] if first_leg == "up" else []
    assert len(poll_calls(log, active(70), at=1)) == 1
    log.poll(active(70), at=19)
    assert poll_calls(log, *first, ringing, at=21) == []
    if first_leg == "recorded":
        log.finished_events(record(7, active_call_id=70), at=22)
    (event,) = poll_calls(log, *first, picked_up(ringing, 25), at=26)
    assert (event.type, event.active_call_id, event.direction) == (ANSWERED, 70, Direction.IN)


def test_legs_of_two_calls_of_one_caller_are_shared_out(log: LogHarness) -> None:
    """The second leg belongs to the call that has none yet."""
    mobile = forwarded(72, 5)
    other = forwarded(73, 5, destination_number=EVA, answer_date=NOON)
    log.poll(active(70), active(71), at=3)
    events = log.poll(active(70), active(71), mobile, other, at=6)
    assert [(event.type, event.active_call_id) for event in events] == [(ANSWERED, 71)]


@pytest.mark.parametrize(("line", "call_id"), [(HOME_LINE, 70), (WORKSHOP_LINE, 71)])
def test_a_leg_belongs_to_the_call_on_its_line(log: LogHarness, line: int, call_id: int) -> None:
    """Of two calls of one caller, the one on the line of the answered leg is answered."""
    ringing = [active(70), active(71, line=WORKSHOP_LINE, start_date=NOON + 3 * SECOND)]
    assert log.poll_types(*ringing, at=4) == [STARTED, STARTED]
    (event,) = log.poll(*ringing, picked_up(forwarded(72, 5, line=line)), at=6)
    assert (event.type, event.line, event.active_call_id) == (ANSWERED, line, call_id)


def test_a_leg_belongs_to_a_call_with_any_leg_on_its_line(log: LogHarness) -> None:
    """Another leg of that call may name no line."""
    ringing = [active(70), active(71, line=WORKSHOP_LINE, start_date=NOON + 3 * SECOND)]
    log.poll(*ringing, at=4)
    ringing.append(forwarded(72, 5))
    log.poll(*ringing, at=6)
    ringing.append(forwarded(73, 5, destination_number=EVA, line=None))
    log.poll(*ringing, at=9)
    last = picked_up(forwarded(74, 5, destination_number=EVA, line=WORKSHOP_LINE), 10)
    (event,) = log.poll(*ringing, last, at=12)
    assert (event.type, event.active_call_id) == (ANSWERED, 71)


def test_a_withheld_call_is_forwarded_on_its_own_line(log: LogHarness) -> None:
    """Without a number, a leg on another line is another call."""
    call, mobile = active(70, source_number=""), forwarded(71, source_number="")
    elsewhere = forwarded(72, source_number="", line=WORKSHOP_LINE)
    assert log.poll_types(call, at=3) == [STARTED]
    assert log.poll_types(call, mobile, at=6) == []
    assert log.poll_types(call, mobile, elsewhere, at=9) == [STARTED]


@pytest.mark.parametrize(
    ("at", "began", "events"), [(16, 0, []), (16.5, 0, [STARTED]), (63, 60, [STARTED])]
)
def test_a_leg_may_follow_its_call_for_fifteen_seconds(
    log: LogHarness, at: float, began: float, events: list[CallEventType]
) -> None:
    """A forwarded leg that is found later starts a call of its own."""
    log.poll(active(70), at=1)
    log.poll(at=3)
    assert log.poll_types(forwarded(71, began), at=at) == events


def test_a_call_from_the_future_is_not_forwarded(log: LogHarness) -> None:
    """After the clock was set back, a call that was last seen later may have ended long ago."""
    log.poll(active(70), at=70)
    assert log.poll_types(forwarded(71), at=20) == [STARTED]


def test_forwarded_legs_without_their_origin_are_separate_calls(log: LogHarness) -> None:
    """Two legs that did not come in cannot have been forwarded from each other."""
    first, second = forwarded(71), forwarded(72, 5, destination_number=EVA)
    assert log.poll_types(first, at=3) == [STARTED]
    assert log.poll_types(first, second, at=6) == [STARTED]


@pytest.mark.parametrize(
    ("origin", "leg_start", "is_one"),
    [
        (NOON, NOON, True),
        (NOON + SECOND, NOON, False),
        (None, NOON, True),
        (NOON, None, True),
        (None, None, True),
    ],
)
def test_a_leg_does_not_begin_before_its_call(
    log: LogHarness, origin: datetime | None, leg_start: datetime | None, *, is_one: bool
) -> None:
    """A leg that began earlier is another call."""
    call = active(70, start_date=origin)
    log.poll(call, at=3)
    mobile = forwarded(71, start_date=leg_start)
    assert log.poll_types(call, mobile, at=6) == ([] if is_one else [STARTED])


# Calls that ring several lines


@pytest.mark.parametrize("source", [JAN, ""])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_call_to_two_lines_starts_and_is_answered_once(
    log: LogHarness, source: str, order: tuple[int, ...]
) -> None:
    """The answered event has the line on which the call was answered."""
    calls = ring_both_lines(source)
    (event,) = poll_calls(log, *(calls[index] for index in order), at=1)
    assert (event.type, event.active_call_id, event.line) == (STARTED, 70, HOME_LINE)
    assert event.own_number == e164(HOME)
    talk = [picked_up(calls[0]), picked_up(calls[2])]
    (event,) = poll_calls(log, *talk, at=6)
    assert (event.type, event.active_call_id, event.line) == (ANSWERED, 70, WORKSHOP_LINE)
    assert event.line_name == "Dílna"
    assert poll_calls(log, *talk, at=9) == []


def test_each_further_line_gets_an_event_of_its_own(log: LogHarness) -> None:
    """The event entity of the other line shows the call once, unless the first poll found it."""
    assert poll_branches(log, *ring_both_lines(), at=1) == [(STARTED, WORKSHOP_LINE)]
    assert poll_branches(log, *ring_both_lines(), at=3) == []
    log = LogHarness()
    log.poll(*ring_both_lines(), at=1)
    assert poll_branches(log, *ring_both_lines(), at=3) == []


def test_a_branch_rings_the_line_that_its_number_names(log: LogHarness) -> None:
    """The operator may list a branch to another line under the line that was called."""
    call, _, _ = ring_both_lines()
    other = active(72, destination_number=AT_WORKSHOP)
    assert poll_branches(log, call, other, at=1) == [(STARTED, WORKSHOP_LINE)]
    (event,) = poll_calls(log, call, picked_up(other), at=6)
    assert (event.type, event.line) == (ANSWERED, WORKSHOP_LINE)


def test_unlinked_calls_to_two_lines_are_one_call(log: LogHarness) -> None:
    """Caller, called number and start are the same."""
    first, second = active(70), active(71, line=WORKSHOP_LINE, start_date=NOON + SECOND)
    (event,) = poll_calls(log, first, second, at=2)
    assert (event.type, event.line) == (STARTED, HOME_LINE)
    (event,) = poll_calls(log, picked_up(second), at=6)
    assert (event.type, event.active_call_id, event.line) == (ANSWERED, 70, WORKSHOP_LINE)


@pytest.mark.parametrize(
    "other",
    [
        # On the same line, the caller has called twice.
        {},
        {"line": WORKSHOP_LINE, "start_date": NOON + 3 * SECOND},
        {"source_number": EVA, "line": WORKSHOP_LINE},
        {"source_number": EVA, "destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE},
        {"source_number": "", "destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE},
    ],
)
def test_a_different_call_starts_by_itself(log: LogHarness, other: dict[str, Any]) -> None:
    """A call that differs in caller, start or number is not hidden behind another one."""
    log.poll(active(70), at=0.5)
    (event,) = poll_calls(log, active(70), active(71, **other), at=4)
    assert (event.type, event.active_call_id) == (STARTED, 71)


@pytest.mark.parametrize("destination", [HOME, WORKSHOP])
def test_a_redial_is_another_call(log: LogHarness, destination: str) -> None:
    """A call that begins three seconds after the last one has ended starts again."""
    log.poll(*ring_both_lines(), at=1)
    log.poll(*ring_both_lines(), at=19)
    log.poll(at=21)
    redial = active(80, destination_number=destination, start_date=NOON + 23 * SECOND)
    (event,) = poll_calls(log, redial, at=24)
    assert (event.type, event.active_call_id) == (STARTED, 80)


def test_a_recorded_call_has_no_further_branches(log: LogHarness) -> None:
    """A call with a record is over, even if it is still listed."""
    log.poll(active(70), at=1)
    log.finished_events(answered(7, active_call_id=70), at=20)
    other = active(
        71, destination_number=WORKSHOP, line=WORKSHOP_LINE, start_date=NOON + 20 * SECOND
    )
    (event,) = poll_calls(log, active(70), other, at=22)
    assert (event.type, event.active_call_id) == (STARTED, 71)


def test_withheld_callers_are_not_merged(log: LogHarness) -> None:
    """Two withheld callers who ring both lines at once make two calls, and two missed ones."""
    calls = [
        *ring_both_lines(""),
        active(80, source_number="", destination_number=WORKSHOP, line=WORKSHOP_LINE),
        active(81, source_number="", destination_number=AT_HOME),
        active(82, source_number="", destination_number=AT_WORKSHOP, line=WORKSHOP_LINE),
    ]
    events = poll_calls(log, *calls, at=1)
    assert [event.active_call_id for event in events] == [70, 80]
    log.poll(at=12)
    assert [event.type for event in log.end_unrecorded()] == [MISSED, MISSED]


# Without permission to read the history


def test_without_a_history_active_calls_report_the_end(log: LogHarness) -> None:
    """A call ends when a poll no longer finds it, and it ends once."""
    log.poll(active(70), picked_up(active(71, source_number=EVA), 2), dialled(72, JAN), at=3)
    assert log.end_unrecorded() == []
    log.poll(at=12)
    missed, ended, unanswered = log.end_unrecorded()
    assert (missed.type, missed.call_id, missed.status) == (MISSED, None, CallStatus.MISSED)
    assert (missed.duration, missed.ringing_duration, missed.answered_at) == (0, 12, None)
    assert (ended.type, ended.duration, ended.status) == (ENDED, 10, CallStatus.ANSWERED)
    assert (ended.ringing_duration, ended.answered_at) == (2, NOON + 2 * SECOND)
    assert (unanswered.type, unanswered.status) == (ENDED, CallStatus.MISSED)
    assert not log.live.has_unrecorded
    assert log.end_unrecorded() == []


def test_without_a_history_a_call_ends_after_a_gap_in_the_polls(log: LogHarness) -> None:
    """It ended at an unknown time in the gap, which is not counted as talk."""
    log.poll(active(70), picked_up(active(71, source_number=EVA), 2), at=3)
    log.poll(at=3600)
    missed, ended = log.end_unrecorded()
    assert (missed.type, missed.ringing_duration) == (MISSED, 93)
    assert (ended.type, ended.duration) == (ENDED, 91)
    log.poll(at=3610)
    assert log.end_unrecorded() == []


@pytest.mark.parametrize("minutes", [10, -10])
def test_without_a_history_durations_are_those_of_the_operators_clock(
    log: LogHarness, minutes: int
) -> None:
    """Home Assistant's clock may be slow or fast, since the times of a call are the operator's."""
    log.clock_offset = minutes * MINUTE
    late = -60 * minutes
    log.poll(active(70), picked_up(active(71, source_number=EVA), 2), at=3 + late)
    log.poll(at=12 + late)
    missed, ended = log.end_unrecorded()
    assert (missed.ringing_duration, ended.duration) == (12, 10)


def test_without_a_history_a_forwarded_call_ends_once(log: LogHarness) -> None:
    """It has not ended while the leg it was forwarded to still rings."""
    log.poll(active(70), at=18)
    log.poll(forwarded(71, 20), at=21)
    assert log.end_unrecorded() == []
    log.poll(at=40)
    (event,) = log.end_unrecorded()
    assert (event.type, event.active_call_id) == (MISSED, 70)
