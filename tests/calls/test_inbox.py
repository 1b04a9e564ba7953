"""Test which missed callers wait, in any order of the calls and with repetitions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given, strategies as st
from msgspec import convert, to_builtins
from msgspec.structs import replace
import pytest

from custom_components.odorik.api import CallStatus, Direction, Line, PublicNumber, SpeedDial
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.inbox import (
    MAX_TALKED_CALLERS,
    WITHHELD,
    Caller,
    Inbox,
    Item,
    MissedCall,
    Resolution,
)

from . import phones
from .call_fixtures import DIRECTORY, NOON, SECOND, e164
from .phones import HOME, HOME_LINE, WORKSHOP_LINE

JAN, EVA, MOBILE = map(e164, (phones.JAN, phones.EVA, phones.MOBILE))
SHARED = "+420910119999"
MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=2)
OUT = Direction.OUT


def missed(minute: float, number: str | None = JAN, **fields: Any) -> CallEvent:
    """Create a missed call the given number of minutes after noon."""
    all_fields: dict[str, Any] = {
        "type": CallEventType.MISSED,
        "call_id": int(minute * 60) + 1,
        "direction": Direction.IN,
        "number": number,
        "line": HOME_LINE,
        "started_at": NOON + minute * MINUTE,
        "duration": 0,
        "ringing_duration": 20,
        "status": CallStatus.MISSED,
    }
    return CallEvent(**(all_fields | fields))


def talked(minute: float, number: str | None = JAN, **fields: Any) -> CallEvent:
    """Create a call that was answered after ten seconds and lasted half a minute."""
    talk: dict[str, Any] = {
        "type": CallEventType.ENDED,
        "call_id": int(minute * 60) + 31,
        "answered_at": NOON + minute * MINUTE + 10 * SECOND,
        "duration": 30,
        "ringing_duration": 10,
        "status": CallStatus.ANSWERED,
    }
    return missed(minute, number, **(talk | fields))


def make_inbox(*calls: CallEvent) -> Inbox:
    """Create an inbox from some calls."""
    inbox = Inbox()
    inbox.directory = DIRECTORY
    for call in calls:
        inbox.add(call)
    return inbox


def waiting(inbox: Inbox) -> dict[str, int]:
    """Return how many missed calls of each waiting caller there are."""
    return {item.uid: len(item.calls) for item in inbox.items if item.completed is None}


def done(inbox: Inbox) -> dict[str, datetime]:
    """Return when each completed caller was completed."""
    return {item.uid: item.completed for item in inbox.items if item.completed}


def test_a_caller_waits_once_with_all_calls() -> None:
    """The caller who called last comes first, and completed ones come after those who wait."""
    inbox = make_inbox(missed(0), missed(1, EVA), missed(2))
    assert waiting(inbox) == {JAN: 2, EVA: 1}
    assert [item.uid for item in inbox.items] == [JAN, EVA]
    inbox.resolve(JAN, Resolution.TICKED, LATER)
    assert [item.uid for item in inbox.items] == [EVA, JAN]


@pytest.mark.parametrize(
    "call",
    [
        talked(5),
        talked(5, line=WORKSHOP_LINE),
        talked(5, direction=OUT, line=WORKSHOP_LINE),
        talked(5, direction=Direction.REDIRECTED),
        talked(5, direction=Direction.UNKNOWN),
        # It was answered on one line while it still rang on another.
        talked(0.2),
    ],
)
def test_an_answered_call_completes_earlier_missed_ones(call: CallEvent) -> None:
    """Either side may have called, on any line."""
    inbox = make_inbox(missed(0))
    assert inbox.add(call)
    assert waiting(inbox) == {}
    assert done(inbox) == {JAN: call.ended_at}
    assert not inbox.add(call)


@pytest.mark.parametrize(
    "call",
    [
        talked(-5),
        # Two people share a number, and only one of them got through.
        talked(0),
        talked(5, EVA),
        talked(5, None),
        # The last nine digits are Jan's.
        talked(5, "+421777123456"),
        # It cannot be ordered among the other calls.
        talked(5, started_at=None, answered_at=None),
        talked(5, type=CallEventType.STARTED),
        talked(5, type=CallEventType.ANSWERED),
        missed(5, type=CallEventType.ENDED, direction=OUT),
    ],
)
def test_a_call_without_an_answer_completes_nothing(call: CallEvent) -> None:
    """The caller still waits, in either order of the calls."""
    inbox = make_inbox(missed(0))
    assert not inbox.add(call)
    assert waiting(inbox) == {JAN: 1}
    assert make_inbox(call, missed(0)).items == inbox.items


@pytest.mark.parametrize(
    ("calls", "count"),
    [
        # The same record again, and two calls of the same second.
        ([missed(0, call_id=1), missed(0, call_id=1)], 1),
        ([missed(0, call_id=1), missed(0, call_id=2)], 2),
        # Without permission to read the history there is no record, and so no ID.
        ([missed(0, call_id=None), missed(0, call_id=None)], 1),
        ([missed(0, call_id=None), missed(1, call_id=None)], 2),
    ],
)
def test_missed_calls_are_distinguished_by_id_or_start(calls: list[CallEvent], count: int) -> None:
    """Every missed call of a caller counts once."""
    assert waiting(make_inbox(*calls)) == {JAN: count}


def test_a_stored_call_needs_only_its_start() -> None:
    """Fields that are zero are not stored."""
    assert convert({"began": NOON}, MissedCall).position == (NOON, 0)


def test_withheld_callers_are_one_item_that_only_a_person_completes() -> None:
    """An answered withheld call may be anybody's."""
    inbox = make_inbox(missed(0, None), missed(1, None), talked(2, None))
    assert waiting(inbox) == {"withheld": 2}
    inbox.resolve("withheld", Resolution.TICKED, LATER)
    assert waiting(inbox) == {}


@pytest.mark.parametrize("number", [HOME, "300110", "*300110", "+420910123456"])
def test_own_lines_never_wait(number: str) -> None:
    """A call between two lines of the account is not kept."""
    inbox = make_inbox()
    assert not inbox.add(missed(0, number))
    assert inbox.items == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("+420777123456", "+420777123456"), ("*555555", "555555"), ("Jan@sip.odorik.cz", "jan")],
)
def test_spellings_of_a_number_are_one_caller(one: str, other: str) -> None:
    """An answered call completes a missed one under another spelling."""
    assert waiting(make_inbox(missed(0, one), talked(5, other))) == {}
    assert waiting(make_inbox(missed(0, other), talked(5, one))) == {}
    assert make_inbox(missed(0, one), missed(1, other)).items == (
        make_inbox(missed(1, other), missed(0, one)).items
    )


def test_a_caller_with_a_shared_number_waits() -> None:
    """The operator shows such a number for the lines of several customers."""
    lines = [Line(id=HOME_LINE, name="Domov", public_number=SHARED, caller_id=SHARED)]
    listed = [PublicNumber(public_number="00420800400100", type="shared")]
    for number in (SHARED, "+420800400100"):
        inbox = Inbox()
        inbox.directory = Directory(lines, listed)
        inbox.add(missed(0, number))
        assert [(item.number, item.name) for item in inbox.items] == [(number, None)]
        assert inbox.directory.is_own(number)


def test_stored_spellings_of_a_caller_are_merged() -> None:
    """Older versions stored some spellings as different callers; no missed call is lost."""
    spellings = {
        WITHHELD: ("unavailable", None, "-1"),
        "jan@iptel.org": ("sip:jan@iptel.org", "jan@iptel.org"),
        "+4930901820": ("+49030901820", "+4930901820"),
    }
    for uid, written in spellings.items():
        stored = [
            Caller(
                number=number,
                missed=[
                    MissedCall(began=NOON + at * MINUTE, rang=9, call_id=at + 1, line=HOME_LINE)
                ],
            )
            for at, number in enumerate(written)
        ]
        inbox = Inbox(stored)
        assert waiting(inbox) == {uid: len(written)}
        inbox.resolve(uid, Resolution.TICKED, LATER)
        assert waiting(inbox) == {}
        inbox = Inbox(inbox.state)
        assert waiting(inbox) == {}


def test_a_caller_can_be_ticked_off_and_reopened_repeatedly() -> None:
    """The last action counts, even if the clock has not moved."""
    inbox = make_inbox(missed(-30), talked(-20), missed(0), missed(1))
    for _ in range(3):
        inbox.resolve(JAN, Resolution.TICKED, LATER)
        assert not waiting(inbox)
        assert JAN in done(inbox)
        inbox.resolve(JAN, Resolution.REOPENED, LATER)
        assert waiting(inbox) == {JAN: 2}
        assert not done(inbox)
    assert inbox.add(talked(180))


def test_a_caller_who_was_talked_with_can_be_reopened() -> None:
    """Reading the answered call again does not complete the item again."""
    inbox = make_inbox(missed(0), talked(5))
    inbox.resolve(JAN, Resolution.REOPENED, LATER)
    inbox.add(talked(5))
    assert waiting(inbox) == {JAN: 1}


def test_a_deleted_caller_stays_deleted() -> None:
    """Reading the calls again does not bring the caller back; a later missed call does."""
    inbox = make_inbox(missed(0), missed(0, EVA), talked(5, EVA))
    for uid in (JAN, EVA, "unknown"):
        inbox.resolve(uid, Resolution.DELETED, LATER)
    for call in (missed(0), missed(0, EVA), talked(5, EVA)):
        assert not inbox.add(call)
    assert inbox.items == ()
    inbox.add(missed(200))
    assert waiting(inbox) == {JAN: 1}


def test_a_completed_caller_is_shown_for_a_day() -> None:
    """A waiting caller stays, however long."""
    inbox = make_inbox(missed(0), missed(0, EVA), missed(0, MOBILE))
    inbox.resolve(JAN, Resolution.TICKED, LATER)
    inbox.resolve(MOBILE, Resolution.DELETED, LATER)
    inbox.expire(LATER + timedelta(hours=23))
    assert done(inbox) == {JAN: LATER}
    inbox.expire(LATER + timedelta(hours=25))
    assert [item.uid for item in inbox.items] == [EVA]
    assert [caller.number for caller in inbox.state] == [EVA]
    inbox.expire(LATER + timedelta(days=400))
    assert waiting(inbox) == {EVA: 1}


def test_names_come_from_the_current_directory() -> None:
    """A contact that was added later gives its name to a waiting caller."""
    inbox = make_inbox(missed(0, line=WORKSHOP_LINE))
    (item,) = inbox.items
    assert (item.name, item.formatted, item.line_name) == (None, "+420 777 123 456", "Dílna")
    inbox.directory = Directory((), (), [SpeedDial(number=JAN, name="Jan")])
    assert [item.name for item in inbox.items] == ["Jan"]


def test_the_inbox_is_bounded() -> None:
    """The newest 100 calls of a caller, 1,000 missed callers and 200 others are kept."""
    inbox = make_inbox(*(missed(minute) for minute in range(300)))
    assert waiting(inbox) == {JAN: 100}
    for minute in range(1050):
        inbox.add(missed(minute, f"+4206{minute:08}"))
        inbox.add(talked(minute, f"+4207{minute:08}"))
    inbox.expire(NOON)
    assert len(inbox.items) == 1000
    assert len(inbox.state) == 1000 + 200
    assert "+420600000000" not in waiting(inbox)


def test_talking_again_renews_a_caller() -> None:
    """The caller with the oldest answered call is forgotten first."""
    inbox = make_inbox(talked(0))
    for minute in range(1, MAX_TALKED_CALLERS):
        inbox.add(talked(minute, f"+4207{minute:08}"))
    inbox.add(talked(MAX_TALKED_CALLERS))
    inbox.add(talked(MAX_TALKED_CALLERS + 1, EVA))
    inbox.expire(NOON)
    known = {caller.number for caller in inbox.state}
    assert {JAN, EVA} <= known
    assert "+420700000001" not in known


def test_an_item_describes_its_first_and_last_call() -> None:
    """Events and notifications use that description."""
    (item,) = make_inbox(missed(0, line=HOME_LINE), missed(1), missed(2, line=WORKSHOP_LINE)).items
    described = item.attributes
    assert described["first_at"] == NOON.isoformat()
    assert described["started_at"] == (NOON + 2 * MINUTE).isoformat()
    assert (described["count"], described["line"]) == (3, WORKSHOP_LINE)


NUMBERS = (JAN, EVA, "*555555", None)
CALLS_MADE = st.lists(
    st.builds(
        lambda kind, second, number: kind(second / 6, number),
        st.sampled_from([missed, missed, talked]),
        st.integers(0, 300),
        st.sampled_from(NUMBERS),
    ),
    max_size=30,
    unique_by=lambda call: call.call_id,
)


def expected_waiting(calls: list[CallEvent], seen_to: Sequence[CallEvent] = ()) -> dict[str, int]:
    """Return the waiting callers, by going through all calls for each missed one."""
    found: dict[str, int] = {}
    for call in calls:
        if call.type is not CallEventType.MISSED or call.ended_at is None or call in seen_to:
            continue
        over = (call.ended_at, call.call_id or 0)
        if not any(
            other.answered_at
            and other.number == call.number is not None
            and (other.answered_at, other.call_id or 0) > over
            for other in calls
        ):
            uid = call.number or "withheld"
            found[uid] = found.get(uid, 0) + 1
    return found


@given(CALLS_MADE, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_calls_make_no_difference(
    calls: list[CallEvent], chance: Random
) -> None:
    """Late or repeated records and restarts lead to the same inbox as the whole history."""
    # In practice, fewer answered calls than that come before a late record.
    with patch("custom_components.odorik.calls.inbox.MAX_MARKS", len(calls)):
        once = make_inbox(*calls)
        assert waiting(once) == expected_waiting(calls)
        shuffled = [*calls, *chance.choices(calls, k=5)] if calls else []
        chance.shuffle(shuffled)
        again = make_inbox()
        for call in shuffled:
            again.add(call)
            if chance.random() < 0.2:
                again = restarted(again)
    assert again.items == once.items

    def by_number(caller: Caller) -> str:
        return caller.number or ""

    assert sorted(again.state, key=by_number) == sorted(once.state, key=by_number)


@given(CALLS_MADE, st.sampled_from([Resolution.TICKED, Resolution.DELETED]), st.integers(0, 30))
def test_an_action_covers_the_calls_known_at_that_time(
    calls: list[CallEvent], how: Resolution, known: int
) -> None:
    """Later calls make the caller wait again; earlier ones do not."""
    calls.sort(key=lambda call: (call.ended_at or NOON, call.call_id))
    inbox = make_inbox(*calls[:known])
    for uid in waiting(inbox):
        inbox.resolve(uid, how, LATER)
    assert waiting(inbox) == {}
    for call in calls:
        inbox.add(call)
    assert waiting(inbox) == expected_waiting(calls, seen_to=calls[:known])


def restarted(inbox: Inbox) -> Inbox:
    """Return the inbox as it is stored and read again."""
    stored = to_builtins(inbox.state, enc_hook=datetime.isoformat)
    again = Inbox(convert(stored, list[Caller]))
    again.directory = inbox.directory
    return again


def test_only_the_item_of_a_changed_caller_is_recreated() -> None:
    """With hundreds of callers, the others are not formatted again."""
    inbox = make_inbox(missed(0), missed(0, EVA))
    first: dict[str, Item] = {item.uid: item for item in inbox.items}
    inbox.add(missed(5))
    second = {item.uid: item for item in inbox.items}
    assert second[EVA] is first[EVA]
    assert second[JAN] == replace(first[JAN], calls=second[JAN].calls)
