"""Whether the operator announces calls: which came announced, which were found unannounced.

A push says nothing that is believed, not even which call it is about. All that counts is whether
one that announces calls has come while a call rang. All moments are by the operator's clock.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ..api import Direction
from .event import CallEvent

EARLY: Final = timedelta(seconds=5)
"""How far the operator's two ways of telling us may put the same moment apart."""
LATE: Final = timedelta(seconds=15)
"""How long after a call was found its push still counts: a look may overtake it."""
PACE: Final = timedelta(seconds=1)
"""Of pushes that come closer together only the first is remembered."""
HEARD: Final = 600
"""How many pushes are remembered: at that pace ten minutes, in which every call is judged."""
JUDGED: Final = 100
"""How many calls are remembered, so that none is judged twice."""
MISSING: Final = 3
"""Calls in a row that came unannounced, after which somebody has to look after it."""
FORGOTTEN: Final = timedelta(days=30)
"""Time without a call after which the unannounced calls to a number no longer count: the number may
no longer be in use, and would otherwise keep the polling interval short for ever."""


class ProofState(Struct, kw_only=True, frozen=True):
    """What has to survive a restart.

    Attributes:
        announced: How many calls came announced.
        unannounced: How many were found unannounced.
        silent: By the number that was called, how many in a row came unannounced.
        silent_at: By the same number, when the last of them was found; earlier versions did not
            store it.
    """

    announced: int = 0
    unannounced: int = 0
    silent: dict[str, int] = {}
    silent_at: dict[str, datetime] = {}


@dataclass(slots=True)
class _Judged:
    """A call that has been judged."""

    event: CallEvent
    number: str
    began: datetime
    found_at: datetime
    is_announced: bool

    def is_of(self, event: CallEvent) -> bool:
        """Whether an event is of this call; an older record does not name its active call."""
        if event.active_call_id is not None and self.event.active_call_id is not None:
            return event.active_call_id == self.event.active_call_id
        began = event.started_at or self.found_at
        return event.own_number == self.number and abs(began - self.began) <= EARLY


class Proof:
    """Holds the pushes against the calls.

    Attributes:
        announced: How many calls came announced.
        unannounced: How many were found unannounced.
    """

    def __init__(self, state: ProofState | None = None) -> None:
        """Go on from where it stood; nothing is heard yet."""
        state = state or ProofState()
        self.announced = state.announced
        self.unannounced = state.unannounced
        self._silent = dict(state.silent)
        self._silent_at = dict(state.silent_at)
        self._since: datetime | None = None
        self._heard: deque[datetime] = deque(maxlen=HEARD)
        self._judged: deque[_Judged] = deque(maxlen=JUDGED)

    @property
    def state(self) -> ProofState:
        """What has to survive a restart."""
        return ProofState(
            announced=self.announced,
            unannounced=self.unannounced,
            silent=dict(self._silent),
            silent_at=dict(self._silent_at),
        )

    @property
    def is_proven(self) -> bool:
        """Whether calls come announced, the last one to each of our numbers included."""
        return self.announced > 0 and not self._silent

    @property
    def is_missing(self) -> bool:
        """Whether so many calls in a row came unannounced that it is no chance."""
        return sum(self._silent.values()) >= MISSING

    def listen(self, since: datetime | None) -> None:
        """Judge the calls that begin from now on; None: none, for no push could be heard."""
        # The operator counts in whole seconds.
        self._since = since and since.replace(microsecond=0)

    @property
    def is_listening(self) -> bool:
        """Whether a push could be heard."""
        return self._since is not None

    def forgive(self) -> None:
        """Begin to count anew what comes unannounced: somebody has looked after it."""
        self._silent.clear()
        self._silent_at.clear()

    def hear(self, now: datetime) -> bool:
        """Record a push that announces a call; return whether it announces an earlier one."""
        if not self._heard or abs(now - self._heard[-1]) >= PACE:
            self._heard.append(now)
        late = [
            call
            for call in self._judged
            if not call.is_announced and abs(now - call.found_at) <= LATE
        ]
        for call in late:
            call.is_announced = True
            self.unannounced -= 1
            self._count(call, now)
        return bool(late)

    def judge(self, event: CallEvent, now: datetime) -> bool:
        """Count a call when it is first told of; whether it counts.

        Who calls out is never announced, nor who calls a line by its own short number: a push is
        ordered for a public number. What began while no push could be heard proves nothing.
        """
        number, began = event.own_number, event.started_at or now
        if (
            event.direction is not Direction.IN
            or number is None
            or number.removeprefix("*").isdecimal()
            or any(call.is_of(event) for call in self._judged)
        ):
            return False
        rang_until = event.ended_at or now
        # Moments are only subtracted from each other: those of a foreign clock may lie at the edge
        # of the calendar.
        is_announced = any(
            began - heard <= EARLY and heard - rang_until <= EARLY for heard in self._heard
        )
        if not is_announced and (self._since is None or began < self._since):
            return False
        call = _Judged(event, number, began, now, is_announced)
        self._judged.append(call)
        self._count(call, now)
        return True

    def _count(self, call: _Judged, now: datetime) -> None:
        number = call.number
        if call.is_announced:
            self.announced += 1
            self._silent.pop(number, None)
        else:
            self.unannounced += 1
            self._silent[number] = self._silent.get(number, 0) + 1
            self._silent_at[number] = now
        found_at = {it: self._silent_at.get(it, now) for it in self._silent}
        self._silent_at = {it: at for it, at in found_at.items() if now - at <= FORGOTTEN}
        self._silent = {it: self._silent[it] for it in self._silent_at}
