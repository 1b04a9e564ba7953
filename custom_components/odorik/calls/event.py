"""Call events: a call starts, is answered, ends or is missed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ..api import ActiveCall, CallRecord, CallStatus, Direction
from . import numbers
from .directory import Directory
from .gates import Gate

INBOUND_DIRECTIONS: Final = frozenset({Direction.IN, Direction.REDIRECTED})
"""The directions in which an unanswered call is a missed one."""


class CallEventType(StrEnum):
    """Type of a call event."""

    STARTED = "started"
    ANSWERED = "answered"
    ENDED = "ended"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEvent:
    """An event of a call; numbers are normalized (``+420…``, ``*100``)."""

    type: CallEventType
    call_id: int | None = None
    """ID of the record; for a call with several records, of the incoming one."""
    active_call_id: int | None = None
    direction: Direction = Direction.UNKNOWN
    number: str | None = None
    """The other party; None if withheld."""
    name: str | None = None
    """The name of the contact or line with the number."""
    own_number: str | None = None
    line: int | None = None
    line_name: str | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    duration: int | None = None
    """Length of the answered leg in seconds."""
    ringing_duration: int | None = None
    """In seconds."""
    price: float | None = None
    """Total of all legs in CZK."""
    status: CallStatus | None = None
    """None until the call has ended."""
    is_of_branch: bool = False
    """True if this is only another line that rings for a call already reported."""
    gate: Gate | None = None
    """The gate that the call rings; such a call is never missed."""
    other_lines: frozenset[int] = frozenset()
    """Other lines that a finished call rang."""

    @property
    def ended_at(self) -> datetime | None:
        """The end of the call, as recorded; None until it has ended."""
        if self.started_at is None or self.status is None:
            return None
        seconds = (self.ringing_duration or 0) + (self.duration or 0)
        return self.started_at + timedelta(seconds=seconds)


def parties(call: ActiveCall | CallRecord, direction: Direction) -> tuple[str | None, str | None]:
    """Return the other party and our own number."""
    source = numbers.normalize(call.source_number)
    destination = numbers.normalize(call.destination_number)
    return (destination, source) if direction is Direction.OUT else (source, destination)


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Return the whole seconds between two times, at least 0."""
    if start is None or end is None:
        return None
    return max(0, int((end - start).total_seconds()))


def started_event(call: ActiveCall, directory: Directory) -> CallEvent:
    """Return the event of a call that starts to ring."""
    direction = directory.direction(call)
    number, own_number = parties(call, direction)
    return CallEvent(
        type=CallEventType.STARTED,
        active_call_id=call.id,
        direction=direction,
        number=number,
        own_number=own_number,
        line=call.line,
        started_at=call.start_date,
        gate=directory.gate_of(call),
    )


def answered_event(event: CallEvent, call: ActiveCall) -> CallEvent:
    """Return the event of a call that was answered."""
    return replace(
        event,
        type=CallEventType.ANSWERED,
        answered_at=call.answer_date,
        ringing_duration=seconds_between(event.started_at, call.answer_date),
    )


def current_event(call: ActiveCall, directory: Directory) -> CallEvent:
    """Return the event for the current state of an active call."""
    event = with_names(started_event(call, directory), directory)
    return event if call.is_ringing else answered_event(event, call)


def with_names(event: CallEvent, directory: Directory) -> CallEvent:
    """Add the current names of the other party and the line to an event."""
    return replace(
        event,
        name=directory.name_of(event.number),
        line_name=directory.line_name(event.line),
    )
