"""Reads the records of the history: what is new, and at first where it ends."""

from datetime import timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..api import Call, OdorikClient
from ..calls.inbox import REACH
from ..calls.log import CallLog
from ..const import LOGGER

BEARINGS: Final = (REACH, timedelta(days=31), timedelta(days=366), None)
"""How far back the first reading looks for the newest record, until it finds one: first over what
the inbox begins with. The last look goes over everything, so that neither a quiet account nor a
wrong clock here is taken for an empty one, whose whole history would then be news."""
BEGINNING: Final = dt_util.utc_from_timestamp(946_684_800)
"""The operator has no call from before the year 2000."""
END: Final = dt_util.utc_from_timestamp(4_102_444_800)
"""The year 2100."""


class Records:
    """The history of one account, as the operator hands it out."""

    def __init__(self, client: OdorikClient, title: str) -> None:
        """Read with a client; the title names the account in the log."""
        self._client = client
        self._title = title

    async def bearings(self) -> list[Call]:
        """Read the newest records, as far back as there are any."""
        for reach in BEARINGS:
            start = self._client.now() - reach if reach else BEGINNING
            if rows := await self._rows(start=start, end=END):
                return rows
        return []

    async def reported(self, log: CallLog) -> list[Call]:
        """Read those of the last days that have been reported."""
        rows = await self._rows(start=self._client.now() - REACH, end=END)
        return [row for row in rows if log.cursor.is_behind(row.id)]

    async def news(self, log: CallLog) -> list[Call]:
        """Read what has been written since the last reading, in the order of writing."""
        rows = await self._rows(since_id=log.cursor.since)
        if log.cursor.is_lost(rows) and log.cursor.newest:
            later = await self._rows(start=log.cursor.newest, end=END)
            if log.start_over(later):
                LOGGER.warning(
                    "The call history of %s begins anew with lower numbers; calls are reported "
                    "from where the old one ended",
                    self._title,
                )
                rows = later
        return log.news(rows)

    async def _rows(self, **selection: Any) -> list[Call]:
        """Read all pages."""
        return [row async for page in self._client.calls(**selection) for row in page]
