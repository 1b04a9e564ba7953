"""The records of the history that make one call, and what they say of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..api import Call, CallStatus, Direction
from . import numbers
from .callback_order import Leg, Order
from .event import CAME_IN, CallEvent, CallEventType, parties, seconds_between

type CallKey = Order | int
"""What names a call: the order of a callback, or the id of the record that the others point to."""


@dataclass(kw_only=True, slots=True)
class Record:
    """A record that has been read and not been reported.

    Attributes:
        call: The operator's row.
        read_at: By the clock here.
        direction: The row's, or what its numbers say.
        active_call_id: The active call that it is of, where known.
        order: The callback whose leg it is.
        rings: Which of the two that leg rings.
    """

    call: Call
    read_at: datetime
    direction: Direction
    active_call_id: int | None
    order: Order | None = None
    rings: Leg | None = None


type Group = list[Record]
"""The records of one call."""


def is_answered(row: Call) -> bool:
    """Whether somebody talked; the length tells it where the status does not."""
    if row.status in {CallStatus.ANSWERED, CallStatus.MISSED}:
        return row.status is CallStatus.ANSWERED
    return bool(row.length)


def finished(key: CallKey, group: Group) -> CallEvent:
    """Say what a call was, from its records."""
    records = sorted(group, key=_rank)
    main = records[0]
    if isinstance(key, Order):
        call_id, active_call_id = main.call.id, key.active_call_id or main.active_call_id
        direction = Direction.OUT
        number = numbers.canonical(key.recipient)
        own_number = numbers.canonical(key.caller)
    else:
        call_id, active_call_id = key, main.active_call_id
        direction = main.direction
        number, own_number = parties(main.call, direction)
    talk = _talk(records)
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


def _talk(records: Group) -> Call | None:
    """Find the leg that was answered.

    That our own end of a callback was picked up does not mean that anybody was reached, nor does
    it where our end had been sent on to another telephone.
    """
    ours = {record.call.id for record in records if record.rings == "caller"}
    for record in records:
        if record.call.redirection_parent_id in ours:
            ours.add(record.call.id)
    return next(
        (
            record.call
            for record in records
            if is_answered(record.call) and record.call.id not in ours
        ),
        None,
    )


def _rank(record: Record) -> tuple[bool, bool, int]:
    """Order the records of a call so that the one which names it comes first."""
    return (
        record.rings == "caller",
        bool(record.call.redirection_parent_id),
        record.call.id,
    )
