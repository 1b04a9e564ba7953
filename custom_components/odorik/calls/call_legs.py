"""Combine the records of the history that belong to one call."""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from ..api import ActiveCall, CallRecord, CallStatus, Direction
from . import numbers
from .callback_order import CallbackOrder, Party
from .directory import Directory
from .event import INBOUND_DIRECTIONS, CallEvent, CallEventType, parties, seconds_between
from .special_codes import Answerer, answerer

type CallKey = CallbackOrder | int
"""Identifies a call: the callback order, or the ID of the record that the others refer to."""


type Numbers = tuple[str, str]
"""The match keys of the caller and the called number."""

SAME_START_SECONDS: Final = 2.0
"""Maximum difference between the start times of records of phones that rang for the same call."""


@dataclass(kw_only=True)
class PendingRecord:
    """A record that has been read, but not reported.

    Attributes:
        record: The record.
        read_at: When it was read, by the local clock.
        direction: The direction, as recorded or derived from the numbers.
        active_call_id: The ID of its active call, if known.
        order: The callback that it is a leg of.
        rings: The party that this leg rings.
    """

    record: CallRecord
    read_at: datetime
    direction: Direction
    active_call_id: int | None
    order: CallbackOrder | None = None
    rings: Party | None = None

    @cached_property
    def numbers(self) -> Numbers | None:
        """The caller and the called number of an incoming call."""
        return numbers_of(self.record, self.direction)


type Group = list[PendingRecord]
"""The records of one call."""


class Answer(Enum):
    """The party that answered a leg. Machines are those behind special codes, such as voicemail."""

    NOT = auto()
    BY_MACHINE = auto()
    BY_PEOPLE = auto()


def is_answered(record: CallRecord) -> bool:
    """Return whether a call was answered for at least a second; without a status, by its length."""
    if record.length == 0 or record.status is CallStatus.MISSED:
        return False
    return record.status is CallStatus.ANSWERED or bool(record.length)


def answer_of(record: CallRecord, direction: Direction) -> Answer:
    """Return who answered a leg."""
    if not is_answered(record):
        return Answer.NOT
    return Answer.BY_PEOPLE if is_by_people(record, direction) else Answer.BY_MACHINE


def is_by_people(call: ActiveCall | CallRecord, direction: Direction) -> bool:
    """Return whether people answer a leg if it is answered.

    Odorik's support only counts as people for outgoing calls.
    """
    kind = answerer(call.destination_number)
    is_outgoing = direction is Direction.OUT
    return kind is Answerer.PEOPLE or (kind is Answerer.SUPPORT and is_outgoing)


def legs_answered_by_people[K](legs: Mapping[K, tuple[Answer, K | None]]) -> set[K]:
    """Return the legs of one call that people answered.

    If a machine answers a redirected leg, the legs above it may be recorded as answered as well;
    these do not count.

    Args:
        legs: By leg, who answered it and the leg from which it was redirected.
    """
    answered = {key for key, (answer, _) in legs.items() if answer is Answer.BY_PEOPLE}
    parents = [parent for answer, parent in legs.values() if answer is Answer.BY_MACHINE]
    answered_by_machine: set[K] = set()
    while parents:
        key = parents.pop()
        if key is not None and key in legs and key not in answered_by_machine:
            answered_by_machine.add(key)
            parents.append(legs[key][1])
    return answered - answered_by_machine


def numbers_of(record: CallRecord, direction: Direction) -> Numbers | None:
    """Return the caller and the called number of an incoming call; None if either is withheld."""
    if direction is not Direction.IN or record.redirection_parent_id:
        return None
    caller = numbers.match_key(record.source_number)
    called = numbers.match_key(record.destination_number)
    return None if caller is None or called is None else (caller, called)


class Incoming[K: (int, tuple[int, int])](NamedTuple):
    """An incoming call as recorded for one phone.

    Attributes:
        key: Identifies the record.
        numbers: The caller and the called number.
        began: The start, in seconds since 1970.
        rang_until: When it was answered or stopped ringing, in seconds since 1970.
        line: The line of the phone.
        is_answered: True if people answered.
    """

    key: K
    numbers: Numbers
    began: float
    rang_until: float
    line: int | None
    is_answered: bool


def was_answered_by[K: (int, tuple[int, int])](call: Incoming[K], answered: Incoming[K]) -> bool:
    """Return whether a missed call is one that another phone answered.

    On the same line, it must have stopped ringing by then; otherwise it is another call.
    """
    is_silenced = call.rang_until <= answered.rang_until + SAME_START_SECONDS
    is_same_call = call.line != answered.line or is_silenced
    return (
        answered.is_answered
        and is_same_call
        and abs(answered.began - call.began) <= SAME_START_SECONDS
    )


def find_duplicates[K: (int, tuple[int, int])](calls: Iterable[Incoming[K]]) -> dict[K, K]:
    """Map calls that are recorded once per phone to the record that represents them.

    Some operators record every phone that rings for a call separately, with the same caller, called
    number and start. If one phone answered, the others did not miss the call. Unanswered records on
    different lines are one call; on the same line, the caller called twice.
    """
    by_numbers: dict[Numbers, list[Incoming[K]]] = {}
    for call in calls:
        by_numbers.setdefault(call.numbers, []).append(call)
    duplicates: dict[K, K] = {}
    for group in by_numbers.values():
        if len(group) > 1:
            group.sort(key=lambda call: (call.began, call.key))
            _find_among(group, duplicates)
    return duplicates


def _find_among[K: (int, tuple[int, int])](
    calls: list[Incoming[K]], duplicates: dict[K, K]
) -> None:
    """Find duplicates among calls with the same numbers, ordered by their start."""
    answered_calls = [call for call in calls if call.is_answered]
    began = [call.began for call in answered_calls]
    unanswered: list[Incoming[K]] = []
    count_by_line: dict[int | None, int] = {}
    for call in calls:
        if call.is_answered:
            continue
        index = bisect(began, call.began)
        candidates = answered_calls[max(index - 1, 0) : index + 1]
        if answered := next(
            (answered for answered in candidates if was_answered_by(call, answered)), None
        ):
            duplicates[call.key] = answered.key
            continue
        if unanswered and call.began - unanswered[0].began > SAME_START_SECONDS:
            unanswered, count_by_line = [], {}
        count = count_by_line.get(call.line, 0)
        count_by_line[call.line] = count + 1
        if count < len(unanswered):
            duplicates[call.key] = unanswered[count].key
        else:
            unanswered.append(call)


def finished_event(key: CallKey, group: Group, directory: Directory) -> CallEvent:
    """Return the event of a finished call."""
    answered_leg = find_answered_leg(sorted(group, key=lambda pending: _rank(key, pending, None)))
    ordered = sorted(group, key=lambda pending: _rank(key, pending, answered_leg))
    main = ordered[0]
    if isinstance(key, CallbackOrder):
        call_id, active_call_id = main.record.id, key.active_call_id or main.active_call_id
        direction, gate = Direction.OUT, None
        number = numbers.normalize(key.recipient)
        own_number = numbers.normalize(key.caller)
    else:
        call_id, active_call_id = key, main.active_call_id
        direction, gate = main.direction, directory.gate_of(main.record)
        number, own_number = parties(main.record, direction)
    is_missed = answered_leg is None and direction in INBOUND_DIRECTIONS and gate is None
    started_at = min(pending.record.date for pending in ordered)
    answered_at = (
        answered_leg.date + timedelta(seconds=answered_leg.ringing_length or 0)
        if answered_leg
        else None
    )
    prices = [pending.record.price for pending in ordered if pending.record.price is not None]
    return CallEvent(
        type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
        call_id=call_id,
        active_call_id=active_call_id,
        direction=direction,
        number=number,
        own_number=own_number,
        line=main.record.line,
        started_at=started_at,
        answered_at=answered_at,
        duration=answered_leg.length if answered_leg else 0,
        ringing_duration=(
            seconds_between(started_at, answered_at) if answered_leg else main.record.ringing_length
        ),
        price=round(sum(prices), 4) if prices else None,
        status=CallStatus.ANSWERED if answered_leg else CallStatus.MISSED,
        gate=gate,
    )


def find_answered_leg(group: Group) -> CallRecord | None:
    """Return the leg that people answered.

    Our own leg of a callback does not count, even if it was forwarded to another phone: it does not
    mean that the recipient was reached.
    """
    caller_legs = {pending.record.id for pending in group if pending.rings == "caller"}
    for pending in group:
        if pending.record.redirection_parent_id in caller_legs:
            caller_legs.add(pending.record.id)
    answered_ids = legs_answered_by_people(
        {
            pending.record.id: (
                answer_of(pending.record, pending.direction),
                pending.record.redirection_parent_id,
            )
            for pending in group
        }
    )
    legs = (pending.record for pending in group if pending.record.id in answered_ids - caller_legs)
    return next(legs, None)


def _rank(
    key: CallKey, pending: PendingRecord, answered_leg: CallRecord | None
) -> tuple[bool, bool, bool, int]:
    """Return a sort key that puts the record that represents the call first."""
    main_ids = {
        answered_leg and answered_leg.id,
        answered_leg and answered_leg.redirection_parent_id,
    }
    is_main = (
        pending.record.id in main_ids
        if isinstance(key, CallbackOrder)
        else pending.record.id == key
    )
    return (
        pending.rings == "caller",
        not is_main,
        bool(pending.record.redirection_parent_id),
        pending.record.id,
    )
