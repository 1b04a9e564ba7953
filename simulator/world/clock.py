"""The exchange's clock and the events scheduled on it.

Scheduled events wait in a heap and run in order of time at the next access. There is no background
task, so the same commands at the same times always produce the same state.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")


class Clock:
    """A clock that can be advanced and stopped."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._running_at: datetime | None = None
        self._scheduled: list[tuple[datetime, int, Callable[[], object]]] = []
        self._sequence = count()

    def now(self) -> datetime:
        """Return the current time; within a scheduled event, the time it was scheduled for."""
        return self._running_at or self._frozen or datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock forward and run what has become due."""
        if self._frozen:
            self._frozen += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)
        self.run_due()

    def freeze(self, *, frozen: bool = True) -> None:
        """Stop the clock, or let it continue from its current time."""
        now = self.now()
        self._frozen = now if frozen else None
        self._offset = now - datetime.now(UTC)

    def at(self, moment: datetime, event: Callable[[], object]) -> None:
        """Schedule an event at a time."""
        heappush(self._scheduled, (moment, next(self._sequence), event))

    def after(self, seconds: float, event: Callable[[], object]) -> None:
        """Schedule an event some seconds from now."""
        self.at(self.now() + timedelta(seconds=seconds), event)

    def run_due(self) -> None:
        """Run all events that are due, in order of time."""
        if self._running_at:  # Called by an event: the loop below continues afterwards.
            return
        now = self.now()
        while self._scheduled and self._scheduled[0][0] <= now:
            self._running_at, _, event = heappop(self._scheduled)
            try:
                event()
            finally:
                self._running_at = None
