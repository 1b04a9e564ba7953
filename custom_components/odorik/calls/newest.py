"""Keep the newest calls while reading a long history."""

from collections.abc import Iterable
from datetime import datetime
from heapq import heappop, heappush, heappushpop

from ..api import CallRecord


class Newest:
    """Keeps a limited number of the newest records, which may be added in any order.

    A record that moves to another page during the read is added once. Different records may have
    the same ID, because IDs can restart. The cost of adding a record hardly depends on the number
    kept, so a long history can be processed in batches.

    Attributes:
        is_cut: True if a record was left out.
    """

    def __init__(self, limit: int) -> None:
        self.is_cut = False
        self._limit = limit
        self._heap: list[tuple[datetime, int, CallRecord]] = []
        self._read: set[int] = set()

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._heap)

    def add(self, records: Iterable[CallRecord]) -> None:
        """Add records."""
        for record in records:
            key = _key(record)
            if key in self._read:
                continue
            self._read.add(key)
            item = (record.date, record.id, record)
            if len(self._heap) < self._limit:
                heappush(self._heap, item)
            else:
                # Keys of dropped records stay in _read, or a repeated record would be added again.
                self.is_cut = True
                heappushpop(self._heap, item)

    def pop_oldest(self, count: int) -> list[CallRecord]:
        """Remove and return the oldest records, the oldest first."""
        return [heappop(self._heap)[2] for _ in range(min(count, len(self._heap)))]


def _key(record: CallRecord) -> int:
    """Return a key of the ID and the second, because IDs can restart.

    An integer, because freeing as many tuples at once would block the event loop for 10 ms.
    """
    return (int(record.date.timestamp()) << 64) + record.id
