"""The time in which the exchange lives, and what is to happen in it.

Everything that is to happen by itself lies in one heap and is settled in order of time whenever
somebody looks. There is no background task, so the same acts at the same times always give the
same world.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")


class Clock:
    """A clock that can be moved and stopped."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._moment: datetime | None = None
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._tick = count()

    def now(self) -> datetime:
        """Return the world's time; inside a scheduled happening, the time it was due."""
        return self._moment or self._frozen or datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock on and let everything happen that falls due."""
        if self._frozen:
            self._frozen += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)
        self.settle()

    def freeze(self, *, frozen: bool = True) -> None:
        """Stop the clock where it is, or let it run on from there."""
        now = self.now()
        self._frozen = now if frozen else None
        self._offset = now - datetime.now(UTC)

    def at(self, moment: datetime, happening: Callable[[], object]) -> None:
        """Let something happen when the world's clock reaches `moment`."""
        heappush(self._due, (moment, next(self._tick), happening))

    def after(self, seconds: float, happening: Callable[[], object]) -> None:
        """Let something happen some seconds from now."""
        self.at(self.now() + timedelta(seconds=seconds), happening)

    def settle(self) -> None:
        """Let everything happen that has fallen due, in order of time."""
        if self._moment:  # A happening acts on the world itself; the loop below goes on with it.
            return
        now = self.now()
        while self._due and self._due[0][0] <= now:
            self._moment, _, happening = heappop(self._due)
            try:
                happening()
            finally:
                self._moment = None
