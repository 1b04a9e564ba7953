"""The position in the call history.

Record IDs increase in the order in which records are written (operator's documentation of
``since_id``). Of two records written at the same moment, however, the one with the lower ID may
appear later. Each read therefore starts some records before the position, and processed records are
recognized by ID.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from ..api import CallRecord

OVERLAP_RECORDS: Final = 30
"""Number of processed records that each read covers again."""
MAX_REMEMBERED: Final = 1000
"""Processed records that are remembered by ID, so that late legs of their calls are recognized."""


class Cursor:
    """The position in the history of one account.

    Attributes:
        since: The ID after which the next read starts; None before the baseline is set.
        done: The processed IDs above it, and some below; a dict because it keeps the order.
        newest: The start of the latest processed call.
    """

    def __init__(
        self, since: int | None = None, done: Iterable[int] = (), newest: datetime | None = None
    ) -> None:
        self.since = since
        self.done: dict[int, None] = dict.fromkeys(done)
        self.newest = newest

    def set_baseline(self, records: Iterable[CallRecord]) -> None:
        """Start after these records, without reporting them."""
        known = list(records)
        self.since = max((record.id for record in known), default=0)
        self.newest = max((record.date for record in known), default=None)

    def is_behind(self, record_id: int) -> bool:
        """Return whether a record has been processed or is older than the position."""
        return record_id <= (self.since or 0) or record_id in self.done

    def is_lost(self, records: Collection[CallRecord]) -> bool:
        """Return whether a read lacks even the records that it covers again."""
        since = self.since or 0
        return any(record_id > since for record_id in self.done) and not records

    def start_over(self, records: Iterable[CallRecord]) -> bool:
        """Continue in a history whose IDs restart at lower values; return whether they do.

        Args:
            records: The records since ``newest``. Only later calls are new.
        """
        known = list(records)
        if (
            not known
            or self.newest is None
            or max(record.id for record in known) > (self.since or 0)
        ):
            return False
        self.since = min(record.id for record in known) - 1
        self.done = {record.id: None for record in known if record.date <= self.newest}
        return True

    def finish(self, record: CallRecord) -> None:
        """Mark a record as processed."""
        self.done[record.id] = None
        self.newest = max(self.newest or record.date, record.date)

    def move_on(self, first_waiting: int | None) -> None:
        """Advance the position, and forget records that no other can refer to any more.

        Call it only after a read: waiting records have to be read again after a restart.

        Args:
            first_waiting: The lowest ID that has been read, but not processed.
        """
        passed = [
            record_id
            for record_id in sorted(self.done)
            if first_waiting is None or record_id < first_waiting
        ]
        for record_id in passed[:-MAX_REMEMBERED]:
            del self.done[record_id]
        if len(passed) > OVERLAP_RECORDS:
            self.since = max(self.since or 0, passed[-OVERLAP_RECORDS - 1])
