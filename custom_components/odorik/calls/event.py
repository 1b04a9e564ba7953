"""An event in the life of a call: it starts, is answered, ends or is missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ..api import ActiveCall, CallRecord, CallStatus, Direction
from . import numbers

INBOUND_DIRECTIONS: Final = frozenset({Direction.IN, Direction.REDIRECTED})
"""The directions in which a call that nobody answered is a missed one."""


class CallEventType(StrEnum):
    """What happens to a call."""

    STARTED = "started"
    ANSWERED = "answered"
    ENDED = "ended"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEvent:
    """One event of one call; numbers are written as people know them (``+420…``, ``*100``)."""

    type: CallEventType
    call_id: int | None = None
    """Id of the record; of a joined call that of the incoming one."""
    active_call_id: int | None = None
    direction: Direction = Direction.UNKNOWN
    number: str | None = None
    """The other party; None where it is withheld."""
    name: str | None = None
    """Of the contact or line that has the number."""
    own_number: str | None = None
    line: int | None = None
    line_name: str | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    duration: int | None = None
    """Seconds of the answered leg."""
    ringing_duration: int | None = None
    """Seconds."""
    price: float | None = None
    """CZK, of all legs."""
    status: CallStatus | None = None
    """None while the call lasts."""
    is_of_branch: bool = False
    """Whether it says only that a call which has been reported rings one more line."""
    other_lines: frozenset[int] = frozenset()
    """Where else a call that is over had rung."""

    @property
    def ended_at(self) -> datetime | None:
        """When the call was over, as far as its record tells; None while it lasts."""
        if self.started_at is None or self.status is None:
            return None
        seconds = (self.ringing_duration or 0) + (self.duration or 0)
        return self.started_at + timedelta(seconds=seconds)


def parties(call: ActiveCall | CallRecord, direction: Direction) -> tuple[str | None, str | None]:
    """Tell the other party from our own end."""
    source = numbers.normalize(call.source_number)
    destination = numbers.normalize(call.destination_number)
    return (destination, source) if direction is Direction.OUT else (source, destination)


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Count whole seconds between two moments, none below zero."""
    if start is None or end is None:
        return None
    return max(0, int((end - start).total_seconds()))
