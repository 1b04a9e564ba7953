"""The records of the history that make one call, and what they say of it."""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from ..api import ActiveCall, CallRecord, CallStatus, Direction
from . import numbers
from .callback_order import CallbackOrder, Leg
from .event import CAME_IN, CallEvent, CallEventType, parties, seconds_between
from .special_codes import Answerer, answerer

type CallKey = CallbackOrder | int
"""What names a call: the order of a callback, or the id of the record that the others point to."""


type Numbers = tuple[str, str]
"""The caller and the called number, as they are compared."""

SAME_MOMENT: Final = 2.0
"""The records of telephones that ring for one call begin within so many seconds."""


@dataclass(kw_only=True)
class PendingRecord:
    """A record that has been read and not been reported.

    Attributes:
        call: The operator's row.
        read_at: By the clock here.
        direction: The row's, or what its numbers say.
        active_call_id: The active call that it is of, where known.
        order: The callback whose leg it is.
        rings: Which of the two that leg rings.
    """

    call: CallRecord
    read_at: datetime
    direction: Direction
    active_call_id: int | None
    order: CallbackOrder | None = None
    rings: Leg | None = None

    @cached_property
    def numbers(self) -> Numbers | None:
        """The caller and the called number of an incoming call."""
        return numbers_of(self.call, self.direction)


type Group = list[PendingRecord]
"""The records of one call."""


class Answer(Enum):
    """How a leg was answered; a machine is one behind a special code, such as voicemail."""

    NOT = auto()
    BY_MACHINE = auto()
    BY_PEOPLE = auto()


def is_answered(row: CallRecord) -> bool:
    """Whether a call was answered for at least a second; the length decides without a status."""
    if row.length == 0 or row.status is CallStatus.MISSED:
        return False
    return row.status is CallStatus.ANSWERED or bool(row.length)


def answer_of(row: CallRecord, direction: Direction) -> Answer:
    """Return how a leg was answered. Only an outgoing call to Odorik's support reaches people."""
    if not is_answered(row):
        return Answer.NOT
    return Answer.BY_PEOPLE if is_by_people(row, direction) else Answer.BY_MACHINE


def is_by_people(call: ActiveCall | CallRecord, direction: Direction) -> bool:
    """Whether it is people who answer a leg, if it is answered."""
    who = answerer(call.destination_number)
    is_our_own = direction is Direction.OUT
    return who is Answerer.PEOPLE or (who is Answerer.SUPPORT and is_our_own)


def talked_in[K](legs: Mapping[K, tuple[Answer, K | None]]) -> set[K]:
    """Return the legs of one call in which people answered.

    The legs above one that a machine answered may be recorded as answered, too: that is the
    machine's answer.

    Args:
        legs: How each leg was answered, and from which other one it was redirected.
    """
    answered = {key for key, (answer, _) in legs.items() if answer is Answer.BY_PEOPLE}
    above = [parent for answer, parent in legs.values() if answer is Answer.BY_MACHINE]
    explained: set[K] = set()
    while above:
        key = above.pop()
        if key is not None and key in legs and key not in explained:
            explained.add(key)
            above.append(legs[key][1])
    return answered - explained


def numbers_of(row: CallRecord, direction: Direction) -> Numbers | None:
    """Return the caller and the called number of an incoming call; None where one is withheld."""
    if direction is not Direction.IN or row.redirection_parent_id:
        return None
    caller, called = (
        numbers.match_keys(row.source_number),
        numbers.match_keys(row.destination_number),
    )
    return (caller[0], called[0]) if caller and called else None


class Incoming[K: (int, tuple[int, int])](NamedTuple):
    """A call as it is recorded for one telephone.

    Attributes:
        key: What names it.
        numbers: The caller and the called number.
        began: In seconds since 1970.
        rang_until: The same, when it was answered or rang no more.
        line: Where the telephone is.
        is_answered: Whether people talked.
    """

    key: K
    numbers: Numbers
    began: float
    rang_until: float
    line: int | None
    is_answered: bool


def was_answered_by[K: (int, tuple[int, int])](call: Incoming[K], talk: Incoming[K]) -> bool:
    """Whether a missed call is one that another telephone answered.

    On the line of that one it has to fall silent then: one that rings on is another call.
    """
    is_silenced = call.rang_until <= talk.rang_until + SAME_MOMENT
    is_of_same = call.line != talk.line or is_silenced
    return talk.is_answered and is_of_same and abs(talk.began - call.began) <= SAME_MOMENT


def joined[K: (int, tuple[int, int])](calls: Iterable[Incoming[K]]) -> dict[K, K]:
    """Return which calls are another one that rang several telephones, by their keys.

    Some operators record each telephone by itself. Caller, called number and start are the same.
    What one telephone answered the others have not missed. Calls that nobody answered are one
    where they rang different lines; on one line, the caller called twice.
    """
    alike: dict[Numbers, list[Incoming[K]]] = {}
    for call in calls:
        alike.setdefault(call.numbers, []).append(call)
    of: dict[K, K] = {}
    for some in alike.values():
        if len(some) > 1:
            some.sort(key=lambda call: (call.began, call.key))
            _join(some, of)
    return of


def _join[K: (int, tuple[int, int])](calls: list[Incoming[K]], of: dict[K, K]) -> None:
    """Join calls between the same numbers, in the order in which they began."""
    talks = [call for call in calls if call.is_answered]
    began = [call.began for call in talks]
    firsts: list[Incoming[K]] = []
    on_line: dict[int | None, int] = {}
    for call in calls:
        if call.is_answered:
            continue
        place = bisect(began, call.began)
        around = talks[max(place - 1, 0) : place + 1]
        if talk := next((talk for talk in around if was_answered_by(call, talk)), None):
            of[call.key] = talk.key
            continue
        if firsts and call.began - firsts[0].began > SAME_MOMENT:
            firsts, on_line = [], {}
        number = on_line.get(call.line, 0)
        on_line[call.line] = number + 1
        if number < len(firsts):
            of[call.key] = firsts[number].key
        else:
            firsts.append(call)


def finished(key: CallKey, group: Group) -> CallEvent:
    """Say what a call was, from its records."""
    talk = talk_of(sorted(group, key=lambda record: _rank(key, record, None)))
    records = sorted(group, key=lambda record: _rank(key, record, talk))
    main = records[0]
    if isinstance(key, CallbackOrder):
        call_id, active_call_id = main.call.id, key.active_call_id or main.active_call_id
        direction = Direction.OUT
        number = numbers.normalize(key.recipient)
        own_number = numbers.normalize(key.caller)
    else:
        call_id, active_call_id = key, main.active_call_id
        direction = main.direction
        number, own_number = parties(main.call, direction)
    is_missed = talk is None and direction in CAME_IN
    started_at = min(record.call.date for record in records)
    answered_at = talk.date + timedelta(seconds=talk.ringing_length or 0) if talk else None
    prices = [record.call.price for record in records if record.call.price is not None]
    return CallEvent(
        type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
        call_id=call_id,
        active_call_id=active_call_id,
        direction=direction,
        number=number,
        own_number=own_number,
        line=main.call.line,
        started_at=started_at,
        answered_at=answered_at,
        duration=talk.length if talk else 0,
        ringing_duration=(
            seconds_between(started_at, answered_at) if talk else main.call.ringing_length
        ),
        price=round(sum(prices), 4) if prices else None,
        status=CallStatus.ANSWERED if talk else CallStatus.MISSED,
    )


def talk_of(records: Group) -> CallRecord | None:
    """Find the leg that was answered.

    That our own end of a callback was picked up does not mean that anybody was reached, nor does
    it where our end had been sent on to another telephone.
    """
    ours = {record.call.id for record in records if record.rings == "caller"}
    for record in records:
        if record.call.redirection_parent_id in ours:
            ours.add(record.call.id)
    answered = talked_in(
        {
            record.call.id: (
                answer_of(record.call, record.direction),
                record.call.redirection_parent_id,
            )
            for record in records
        }
    )
    talks = (record.call for record in records if record.call.id in answered - ours)
    return next(talks, None)


def _rank(
    key: CallKey, record: PendingRecord, talk: CallRecord | None
) -> tuple[bool, bool, bool, int]:
    """Order the records of a call so that the one which names it comes first."""
    named = {talk and talk.id, talk and talk.redirection_parent_id}
    is_main = record.call.id in named if isinstance(key, CallbackOrder) else record.call.id == key
    return (
        record.rings == "caller",
        not is_main,
        bool(record.call.redirection_parent_id),
        record.call.id,
    )
