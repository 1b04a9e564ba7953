"""Who waits to be called back: whatever the order, and however often a call is read."""

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
    CALLERS,
    CALLS,
    TALKED_WITH,
    WITHHELD,
    Caller,
    How,
    Inbox,
    Item,
    MissedCall,
)

from .house import DILNA, DIRECTORY, DOMOV, HOME, NOON

JAN, EVA, MOBILE = "+420777123456", "+420602987654", "+420777000111"
SHARED = "+420910119999"
MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=2)
OUT = Direction.OUT


def missed(minute: float, number: str | None = JAN, **fields: Any) -> CallEvent:
    """Somebody calls so many minutes after noon, and nobody takes it."""
    return CallEvent(
        **{
            "type": CallEventType.MISSED,
            "call_id": int(minute * 60) + 1,
            "direction": Direction.IN,
            "number": number,
            "line": DOMOV,
            "started_at": NOON + minute * MINUTE,
            "duration": 0,
            "ringing_duration": 20,
            "status": CallStatus.MISSED,
            **fields,
        }
    )


def talked(minute: float, number: str | None = JAN, **fields: Any) -> CallEvent:
    """A call that is answered after ten seconds and lasts half a minute."""
    began = NOON + minute * MINUTE
    return missed(
        minute,
        number,
        **{
            "type": CallEventType.ENDED,
            "call_id": int(minute * 60) + 31,
            "answered_at": began + timedelta(seconds=10),
            "duration": 30,
            "ringing_duration": 10,
            "status": CallStatus.ANSWERED,
            **fields,
        },
    )


def an_inbox(*calls: CallEvent) -> Inbox:
    """An inbox of the house that has taken some calls in."""
    inbox = Inbox()
    inbox.directory = DIRECTORY
    for call in calls:
        inbox.take(call)
    return inbox


def waiting(inbox: Inbox) -> dict[str, int]:
    """Who waits, and how often they were missed."""
    return {item.uid: len(item.calls) for item in inbox.items if item.completed is None}


def done(inbox: Inbox) -> dict[str, datetime]:
    """Who was seen to, and when."""
    return {item.uid: item.completed for item in inbox.items if item.completed}


def test_a_caller_waits_once_however_often_they_called() -> None:
    """A list of ten calls by one person hides the others."""
    inbox = an_inbox(missed(0), missed(1, EVA), missed(2))
    assert waiting(inbox) == {JAN: 2, EVA: 1}
    assert [item.uid for item in inbox.items] == [JAN, EVA]
    inbox.act(JAN, How.TICKED, LATER)
    assert [item.uid for item in inbox.items] == [EVA, JAN], "who waits comes first"


@pytest.mark.parametrize(
    "call",
    [
        talked(5),
        talked(5, line=DILNA),
        talked(5, direction=OUT, line=DILNA),
        talked(5, direction=Direction.REDIRECTED),
        talked(5, direction=Direction.UNKNOWN),
        # On one line it still rang when it was answered on another one.
        talked(0.2),
    ],
)
def test_who_was_talked_with_waits_no_more(call: CallEvent) -> None:
    """Somebody would be called back who has been told everything already."""
    inbox = an_inbox(missed(0))
    assert inbox.take(call)
    assert waiting(inbox) == {}
    assert done(inbox) == {JAN: call.ended_at}
    assert not inbox.take(call), "they are reached once"


@pytest.mark.parametrize(
    "call",
    [
        talked(-5),
        # Two people of one office share a number: one got through, the other one did not.
        talked(0),
        talked(5, EVA),
        talked(5, None),
        talked(5, type=CallEventType.STARTED),
        talked(5, type=CallEventType.ANSWERED),
        missed(5, type=CallEventType.ENDED, direction=OUT),
    ],
)
def test_what_reaches_nobody_completes_nothing(call: CallEvent) -> None:
    """A caller would be forgotten with whom nobody has talked."""
    inbox = an_inbox(missed(0))
    assert not inbox.take(call)
    assert waiting(inbox) == {JAN: 1}
    assert an_inbox(call, missed(0)).items == inbox.items


def test_withheld_callers_are_one_and_nobody_reaches_them() -> None:
    """A withheld number that was answered may be anybody's."""
    inbox = an_inbox(missed(0, None), missed(1, None), talked(2, None))
    assert waiting(inbox) == {"withheld": 2}
    inbox.act("withheld", How.TICKED, LATER)
    assert waiting(inbox) == {}


@pytest.mark.parametrize("number", [HOME, "300110", "*300110", "+420910123456"])
def test_ones_own_lines_never_wait(number: str) -> None:
    """Nobody calls the workshop back because the kitchen did not hear it."""
    assert an_inbox(missed(0, number)).items == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("+420777123456", "+420777123456"), ("*555555", "555555"), ("Jan@sip.odorik.cz", "jan")],
)
def test_a_number_is_one_caller_however_it_is_written(one: str, other: str) -> None:
    """They would wait for ever beside the call that reached them."""
    assert waiting(an_inbox(missed(0, one), talked(5, other))) == {}
    assert waiting(an_inbox(missed(0, other), talked(5, one))) == {}
    assert an_inbox(missed(0, one), missed(1, other)).items == (
        an_inbox(missed(1, other), missed(0, one)).items
    )


def test_a_caller_with_a_shared_number_waits() -> None:
    """The number that the operator shows for lines without one is a stranger's as a caller."""
    lines = [Line(id=DOMOV, name="Domov", public_number=SHARED, caller_id=SHARED)]
    listed = [PublicNumber(public_number="00420800400100", type="shared")]
    for number in (SHARED, "+420800400100"):
        inbox = Inbox()
        inbox.directory = Directory(lines, listed)
        inbox.take(missed(0, number))
        assert [(item.number, item.name) for item in inbox.items] == [(number, None)]
        assert inbox.directory.is_own(number), "it leads home when it is dialled"


def test_what_was_stored_under_two_spellings_is_one_caller() -> None:
    """Spellings of one caller that an older version told apart are put together, none lost."""
    spellings = {
        WITHHELD: ("unavailable", None, "-1"),
        "jan@iptel.org": ("sip:jan@iptel.org", "jan@iptel.org"),
        "+4930901820": ("+49030901820", "+4930901820"),
    }
    for uid, written in spellings.items():
        stored = [
            Caller(
                number=number,
                missed=[MissedCall(began=NOON + at * MINUTE, rang=9, call_id=at + 1, line=DOMOV)],
            )
            for at, number in enumerate(written)
        ]
        inbox = Inbox(stored)
        assert waiting(inbox) == {uid: len(written)}
        inbox.act(uid, How.TICKED, LATER)
        assert waiting(inbox) == {}
        inbox = Inbox(inbox.state)
        assert waiting(inbox) == {}


def test_a_number_of_another_country_is_another_caller() -> None:
    """The last nine digits tell whose number a person types, not who has called."""
    assert waiting(an_inbox(missed(0), talked(5, "+421777123456"))) == {JAN: 1}


def test_the_same_caller_missed_later_waits_anew() -> None:
    """Whoever was reached once would never be heard of again."""
    inbox = an_inbox(missed(0), missed(1), talked(5), missed(10))
    assert waiting(inbox) == {JAN: 1}
    inbox.act(JAN, How.TICKED, LATER)
    inbox.take(missed(1))
    assert waiting(inbox) == {}
    inbox.take(missed(200))
    assert waiting(inbox) == {JAN: 1}


def test_a_tick_can_be_taken_back_and_given_again() -> None:
    """A finger slips, and a clock that stands still must not decide what counts."""
    inbox = an_inbox(missed(-30), talked(-20), missed(0), missed(1))
    for _ in range(3):
        inbox.act(JAN, How.TICKED, LATER)
        assert not waiting(inbox)
        assert JAN in done(inbox)
        inbox.act(JAN, How.REOPENED, LATER)
        assert waiting(inbox) == {JAN: 2}
        assert not done(inbox)
    assert inbox.take(talked(180)), "the next call that reaches them counts again"


def test_who_was_reached_can_be_put_back() -> None:
    """It was the answering machine."""
    inbox = an_inbox(missed(0), talked(5))
    inbox.act(JAN, How.REOPENED, LATER)
    inbox.take(talked(5))
    assert waiting(inbox) == {JAN: 1}


def test_what_is_deleted_stays_deleted() -> None:
    """The next reading would bring it back."""
    inbox = an_inbox(missed(0), missed(0, EVA), talked(5, EVA))
    for uid in (JAN, EVA, "nobody"):
        inbox.act(uid, How.DELETED, LATER)
    for call in (missed(0), missed(0, EVA), talked(5, EVA)):
        assert not inbox.take(call)
    assert inbox.items == ()
    inbox.take(missed(200))
    assert waiting(inbox) == {JAN: 1}


def test_who_was_seen_to_is_shown_for_a_day() -> None:
    """The list of what is done would grow for ever; what waits stays, however long."""
    inbox = an_inbox(missed(0), missed(0, EVA), missed(0, MOBILE))
    inbox.act(JAN, How.TICKED, LATER)
    inbox.act(MOBILE, How.DELETED, LATER)
    inbox.forget(LATER + timedelta(hours=23))
    assert done(inbox) == {JAN: LATER}
    inbox.forget(LATER + timedelta(hours=25))
    assert [item.uid for item in inbox.items] == [EVA]
    assert [caller.number for caller in inbox.state] == [EVA]
    inbox.forget(LATER + timedelta(days=400))
    assert waiting(inbox) == {EVA: 1}


def test_names_are_those_of_today() -> None:
    """Somebody who was put among the contacts yesterday would stay a number."""
    inbox = an_inbox(missed(0, line=DILNA))
    (item,) = inbox.items
    assert (item.name, item.formatted, item.line_name) == (None, "+420 777 123 456", "Dílna")
    inbox.directory = Directory((), (), [SpeedDial(number=JAN, name="Jan")])
    assert [item.name for item in inbox.items] == ["Jan"]


def test_memory_is_bounded() -> None:
    """A number that calls all night, or a hundred thousand numbers, must not fill the disk."""
    inbox = an_inbox(*(missed(minute) for minute in range(3 * CALLS)))
    assert waiting(inbox) == {JAN: CALLS}
    for place in range(CALLERS + 50):
        inbox.take(missed(place, f"+4206{place:08}"))
        inbox.take(talked(place, f"+4207{place:08}"))
    inbox.forget(NOON)
    assert len(inbox.items) == CALLERS
    assert len(inbox.state) == CALLERS + TALKED_WITH
    assert "+420600000000" not in waiting(inbox), "the oldest goes"


def test_who_was_talked_with_again_is_not_the_oldest() -> None:
    """A missed call of theirs that is read late would wait although they were reached."""
    inbox = an_inbox(talked(0))
    for minute in range(1, TALKED_WITH):
        inbox.take(talked(minute, f"+4207{minute:08}"))
    inbox.take(talked(TALKED_WITH))
    inbox.take(talked(TALKED_WITH + 1, EVA))
    inbox.forget(NOON)
    known = {caller.number for caller in inbox.state}
    assert {JAN, EVA} <= known
    assert "+420700000001" not in known, "the oldest goes"


def test_who_waits_is_described_by_the_first_and_the_last_of_their_calls() -> None:
    """A notification would say that somebody has been waiting since now."""
    (item,) = an_inbox(missed(0, line=DOMOV), missed(1), missed(2, line=DILNA)).items
    described = item.described
    assert described["first_at"] == NOON.isoformat()
    assert described["started_at"] == (NOON + 2 * MINUTE).isoformat()
    assert (described["count"], described["line"]) == (3, DILNA)


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


def plainly(calls: list[CallEvent], seen_to: Sequence[CallEvent] = ()) -> dict[str, int]:
    """Who waits, found by going through the whole history once for each missed call."""
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
def test_it_is_what_the_whole_history_says(calls: list[CallEvent], chance: Random) -> None:
    """Records come late, in any order, and again after a crash: one caller too few is lost."""
    # Nobody talks so often with somebody within the reach of a record that comes late.
    with patch("custom_components.odorik.calls.inbox.MARKS", len(calls)):
        once = an_inbox(*calls)
        assert waiting(once) == plainly(calls)
        shuffled = [*calls, *chance.choices(calls, k=5)] if calls else []
        chance.shuffle(shuffled)
        again = an_inbox()
        for call in shuffled:
            again.take(call)
            if chance.random() < 0.2:
                again = restarted(again)
    assert again.items == once.items

    def by_number(caller: Caller) -> str:
        return caller.number or ""

    assert sorted(again.state, key=by_number) == sorted(once.state, key=by_number)


@given(CALLS_MADE)
def test_a_call_is_said_to_reach_somebody_when_it_does(calls: list[CallEvent]) -> None:
    """An automation would thank somebody who was not reached, or leave the reminder standing."""
    inbox = an_inbox()
    for call in sorted(calls, key=lambda call: call.ended_at or NOON):
        before = waiting(inbox)
        has_reached = inbox.take(call)
        after = waiting(inbox)
        assert has_reached is bool(before.keys() - after.keys())


@given(CALLS_MADE, st.sampled_from([How.TICKED, How.DELETED]), st.integers(0, 30))
def test_what_somebody_saw_to_is_what_was_known(
    calls: list[CallEvent], how: How, known: int
) -> None:
    """A tick must neither swallow the next call nor leave some of the last ones."""
    calls.sort(key=lambda call: (call.ended_at or NOON, call.call_id))
    inbox = an_inbox(*calls[:known])
    for uid in waiting(inbox):
        inbox.act(uid, how, LATER)
    assert waiting(inbox) == {}
    for call in calls:
        inbox.take(call)
    assert waiting(inbox) == plainly(calls, seen_to=calls[:known])


def restarted(inbox: Inbox) -> Inbox:
    """The inbox as it was stored and read again."""
    stored = to_builtins(inbox.state, enc_hook=datetime.isoformat)
    again = Inbox(convert(stored, list[Caller]))
    again.directory = inbox.directory
    return again


def test_an_item_is_made_anew_only_where_something_changed() -> None:
    """With five hundred callers all would be written whenever one calls."""
    inbox = an_inbox(missed(0), missed(0, EVA))
    first: dict[str, Item] = {item.uid: item for item in inbox.items}
    inbox.take(missed(5))
    second = {item.uid: item for item in inbox.items}
    assert second[EVA] is first[EVA]
    assert second[JAN] == replace(first[JAN], calls=second[JAN].calls)
