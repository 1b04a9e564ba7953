"""Track whether the operator announces calls by push.

Push payloads are untrusted, including the call they name. The only evidence is whether a push that
announces calls has arrived while a call was ringing. All times are by the operator's clock.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ..api import Direction
from .event import CallEvent

CLOCK_TOLERANCE: Final = timedelta(seconds=5)
"""How far apart the push and the list of active calls may put the same moment."""
LATE_PUSH_WINDOW: Final = timedelta(seconds=15)
"""How late the push of a call may arrive: a poll may find the call before the push arrives."""
MIN_PUSH_INTERVAL: Final = timedelta(seconds=1)
"""Minimum time between recorded pushes; those in between are ignored."""
MAX_PUSHES: Final = 600
"""Pushes that are kept: at least ten minutes' worth, within which each call is checked."""
MAX_CHECKED_CALLS: Final = 100
"""Calls that are kept, so that none is counted twice."""
FAILING_AFTER: Final = 3
"""Consecutive calls without a push after which the user has to check the settings."""
MISSES_EXPIRE_AFTER: Final = timedelta(days=30)
"""Time without a call after which the misses of a number no longer count: the number may be out of
use, and would otherwise keep the polling interval short forever."""


class PushHealthState(Struct, kw_only=True, frozen=True):
    """The part of ``PushHealth`` that is stored.

    Attributes:
        announced: The number of calls that were announced.
        unannounced: The number of calls that were not.
        silent: By called number, how many calls in a row were not announced.
        silent_at: By called number, when the last of them was found. Version 0.1.0 did not store
            it.
    """

    announced: int = 0
    unannounced: int = 0
    silent: dict[str, int] = {}
    silent_at: dict[str, datetime] = {}


@dataclass(slots=True)
class _CheckedCall:
    """A call that has been counted."""

    event: CallEvent
    number: str
    began: datetime
    found_at: datetime
    is_announced: bool

    def is_of(self, event: CallEvent) -> bool:
        """Return whether an event is of this call; older records lack the active call ID."""
        if event.active_call_id is not None and self.event.active_call_id is not None:
            return event.active_call_id == self.event.active_call_id
        began = event.started_at or self.found_at
        return event.own_number == self.number and abs(began - self.began) <= CLOCK_TOLERANCE


class PushHealth:
    """Compares the pushes of one account with its calls.

    Attributes:
        announced: The number of calls that were announced.
        unannounced: The number of calls that were not.
    """

    def __init__(self, state: PushHealthState | None = None) -> None:
        """Initialize paused: calls without a push do not count until ``resume``."""
        state = state or PushHealthState()
        self.announced = state.announced
        self.unannounced = state.unannounced
        self._misses = dict(state.silent)
        self._missed_at = dict(state.silent_at)
        self._active_since: datetime | None = None
        self._pushes: deque[datetime] = deque(maxlen=MAX_PUSHES)
        self._checked: deque[_CheckedCall] = deque(maxlen=MAX_CHECKED_CALLS)

    @property
    def state(self) -> PushHealthState:
        """The state to be stored."""
        return PushHealthState(
            announced=self.announced,
            unannounced=self.unannounced,
            silent=dict(self._misses),
            silent_at=dict(self._missed_at),
        )

    @property
    def is_proven(self) -> bool:
        """Return whether calls are announced, including the last call to each of our numbers."""
        return self.announced > 0 and not self._misses

    @property
    def is_failing(self) -> bool:
        """Return whether enough consecutive calls arrived without a push to report a problem."""
        return sum(self._misses.values()) >= FAILING_AFTER

    @property
    def is_active(self) -> bool:
        """Return whether pushes can be received."""
        return self._active_since is not None

    def pause(self) -> None:
        """Do not count the calls from now on: their pushes cannot be received."""
        self._active_since = None

    def resume(self, now: datetime) -> None:
        """Count the calls that begin from now on."""
        # The operator's times are in whole seconds.
        self._active_since = now.replace(microsecond=0)

    def reset(self) -> None:
        """Clear the misses."""
        self._misses.clear()
        self._missed_at.clear()

    def record_push(self, now: datetime) -> bool:
        """Record a push that announces a call; return whether it announces a counted one."""
        if not self._pushes or abs(now - self._pushes[-1]) >= MIN_PUSH_INTERVAL:
            self._pushes.append(now)
        late = [
            call
            for call in self._checked
            if not call.is_announced and abs(now - call.found_at) <= LATE_PUSH_WINDOW
        ]
        for call in late:
            call.is_announced = True
            self.unannounced -= 1
            self._count(call, now)
        return bool(late)

    def record_call(self, event: CallEvent, now: datetime) -> bool:
        """Count a call at its first event; return whether it counts.

        Outgoing calls are never announced, and neither are calls to a line by its short number: a
        push is set up for a public number. Calls that began while no push could be received do not
        count either.
        """
        number, began = event.own_number, event.started_at or now
        if (
            event.direction is not Direction.IN
            or number is None
            or number.removeprefix("*").isdecimal()
            or any(call.is_of(event) for call in self._checked)
        ):
            return False
        rang_until = event.ended_at or now
        # Only subtract times: those of the operator may be at the limits of datetime.
        is_announced = any(
            began - push <= CLOCK_TOLERANCE and push - rang_until <= CLOCK_TOLERANCE
            for push in self._pushes
        )
        if not is_announced and (self._active_since is None or began < self._active_since):
            return False
        call = _CheckedCall(event, number, began, now, is_announced)
        self._checked.append(call)
        self._count(call, now)
        return True

    def _count(self, call: _CheckedCall, now: datetime) -> None:
        number = call.number
        if call.is_announced:
            self.announced += 1
            self._misses.pop(number, None)
        else:
            self.unannounced += 1
            self._misses[number] = self._misses.get(number, 0) + 1
            self._missed_at[number] = now
        missed_at = {called: self._missed_at.get(called, now) for called in self._misses}
        self._missed_at = {
            called: at for called, at in missed_at.items() if now - at <= MISSES_EXPIRE_AFTER
        }
        self._misses = {called: self._misses[called] for called in self._missed_at}
