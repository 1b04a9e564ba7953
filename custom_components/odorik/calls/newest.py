"""The newest calls of a long history, picked out while it is read."""

from collections.abc import Iterable
from datetime import datetime
from heapq import heappop, heappush, heappushpop

from ..api import CallRecord


class Newest:
    """Keeps so many of the newest records, whatever the order in which they come.

    A record that has slipped from one page to the next while they were read is taken once; another
    one may have the same id, since ids may begin again with low numbers. Every step costs the same
    however many are kept, so that a long history can be taken in portions.

    Attributes:
        is_cut: Whether a record was left out.
    """

    def __init__(self, limit: int) -> None:
        """Keep ``limit`` records at most."""
        self.is_cut = False
        self._limit = limit
        self._heap: list[tuple[datetime, int, CallRecord]] = []
        self._read: set[int] = set()

    def __len__(self) -> int:
        """Count what is kept."""
        return len(self._heap)

    def add(self, records: Iterable[CallRecord]) -> None:
        """Take in records."""
        for record in records:
            key = _key(record)
            if key in self._read:
                continue
            self._read.add(key)
            item = (record.date, record.id, record)
            if len(self._heap) < self._limit:
                heappush(self._heap, item)
            else:
                # Those that are left out stay known, or a repetition would come in again.
                self.is_cut = True
                heappushpop(self._heap, item)

    def pop_oldest(self, count: int) -> list[CallRecord]:
        """Take out the oldest of what is kept, the oldest first."""
        return [heappop(self._heap)[2] for _ in range(min(count, len(self._heap)))]


def _key(record: CallRecord) -> int:
    """Name a record by its id and its second, since ids may begin again.

    To free as many tuples at once would block the event loop for 10 ms.
    """
    return (int(record.date.timestamp()) << 64) + record.id
