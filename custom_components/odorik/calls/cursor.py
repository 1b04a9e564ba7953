"""How far the history has been read, and which of its last records are done.

Ids of records rise in the order in which they are written (operator's document, "since_id"). Yet
of two that are written in the same moment the lower one may show itself last, so each reading
begins a few records before the end of what is known, and what is done is known by its id.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ..api import CallRecord

OVERLAP_RECORDS: Final = 30
"""How many of the records that are done each reading goes over again."""
MAX_REMEMBERED: Final = 1000
"""How many records that are done are known by their ids, for the legs that point to them."""


class Cursor:
    """The place in the history of one account.

    Attributes:
        since: The id after which the history is read on; None before the first bearings.
        done: The ids above it, and some below, that are done; a dict for the order.
        newest: When the youngest call began that is done.
    """

    def __init__(
        self, since: int | None = None, done: Iterable[int] = (), newest: datetime | None = None
    ) -> None:
        """Go on from a place; without one, bearings have to be taken first."""
        self.since = since
        self.done: dict[int, None] = dict.fromkeys(done)
        self.newest = newest

    def set_baseline(self, records: Iterable[CallRecord]) -> None:
        """Begin after these records, without reporting them."""
        known = list(records)
        self.since = max((record.id for record in known), default=0)
        self.newest = max((record.date for record in known), default=None)

    def is_behind(self, record_id: int) -> bool:
        """Whether a record lies behind the place, or is done beyond it."""
        return record_id <= (self.since or 0) or record_id in self.done

    def is_lost(self, records: Iterable[CallRecord]) -> bool:
        """Whether a reading has found nothing, not even the records that it goes over again."""
        since = self.since or 0
        return any(record_id > since for record_id in self.done) and not any(True for _ in records)

    def start_over(self, records: Iterable[CallRecord]) -> bool:
        """Go on in a history that begins anew with lower ids; say whether this one does.

        Args:
            records: What it holds since ``newest``. Only what is younger is news.
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
        """Count a record as done."""
        self.done[record.id] = None
        self.newest = max(self.newest or record.date, record.date)

    def move_on(self, first_waiting: int | None) -> None:
        """Let the next reading begin later, and let go of what nothing can refer to any more.

        Only a reading may do so: after a restart it brings back the records that were waiting.

        Args:
            first_waiting: The lowest id that has been read and is not done.
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
