"""Reads the history of an account from an hour on, and writes it into its archive.

What is read is added up by the hour, and what differs from what is there is put down: so nothing is
counted twice, however often it is begun again.
"""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..api import OdorikClient
from ..calls.hours import LEGS_WITHIN, Hours, Settled, hour_of
from ..const import LOGGER
from .account import AccountCoordinator
from .archive import Archive
from .place import Place
from .progress import Progress
from .records import BEGINNING

WINDOW: Final = timedelta(days=30)
"""How much of the history is read, added up and put down at a time."""
CORRECTED_WITHIN: Final = timedelta(days=3)
"""How far back a record is looked for that has changed, once a day and after each start."""
DAILY: Final = timedelta(days=1)
AHEAD: Final = timedelta(hours=2)
"""The end of what is read: the clocks may differ a little, and later hours have no calls yet."""
QUIET: Final = timedelta(days=31)
"""How exactly the beginning of the history is looked for."""
PROBE_PAGE_SIZE: Final = 20
"""Records that are read to find out whether there are any in a period. Some may be unreadable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What has been put down.

    Attributes:
        calls: How many records.
        first: The first hour that has one.
    """

    calls: int
    first: datetime | None


class Scribe:
    """Writes the years of one account; one writing at a time.

    Attributes:
        archive: Where they are written.
        settled: The hour up to which the last writing has come.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        place: Place,
    ) -> None:
        """Write what a client reads."""
        self.archive = Archive(hass, entry)
        self.settled = BEGINNING
        self._hass = hass
        self._title = entry.title
        self._client = client
        self._account = account
        self._place = place

    async def unwritten(self) -> datetime:
        """Tell from where on something may be missing after a start."""
        await self.archive.clear_orphans()
        settled = self._place.kept.years
        return settled.until - CORRECTED_WITHIN if settled else BEGINNING

    async def go_to(self, due: datetime) -> bool:
        """Go to the hour of a call, and return whether it is the beginning.

        It is where older rows are missing. A leg may turn up whose call was missed in the hour
        before; so that one is written, too.
        """
        self.settled = BEGINNING if due <= BEGINNING else _whole(due) - LEGS_WITHIN
        await self.archive.open()
        if self.settled > BEGINNING and not await self._is_complete():
            self.settled = BEGINNING
            # Rows whose calls the operator no longer has are not expected again.
            await self._place.keep(years=Settled(until=BEGINNING, rows=0))
        return self.settled == BEGINNING

    async def write(self) -> Imported:
        """Write all hours from there on."""
        end = _whole(self._client.now() + AHEAD)
        if self.settled == BEGINNING:
            self.settled = await self._first_hour(end)
        await self._reopen(self.settled)
        directory = self._account.data.directory
        hours = Hours(directory.direction)
        progress = Progress(self._title, self.settled, end)
        for first, last in _windows(self.settled - LEGS_WITHIN, end):
            async for page in self._client.calls(start=first, end=last):
                await self._hass.async_add_executor_job(hours.add, page)
            until = end if last == end else last - LEGS_WITHIN
            amounts = await self._hass.async_add_executor_job(hours.take, self.settled, until)
            await self.archive.write(self.settled, until, amounts, directory)
            self.settled = until
            await self._settle(last - LEGS_WITHIN)
            progress.go_on(hours.count, until)
        progress.end(hours.count, hours.first)
        return Imported(calls=hours.count, first=hours.first)

    async def name(self) -> None:
        """Let all series be called what they are called now."""
        await self.archive.name(self._account.data.directory)

    async def _is_complete(self) -> bool:
        """Return whether the database still has all rows that were written.

        Series may have been cleared, or the recorder may have begun a new database.
        """
        settled = self._place.kept.years
        if settled is None or settled.rows is None:
            return False
        end = settled.until - CORRECTED_WITHIN
        if await self.archive.count(BEGINNING, end) >= settled.rows:
            return True
        LOGGER.info(
            "Long-term statistics of %s are missing in the database; they are written again",
            self._title,
        )
        return False

    async def _first_hour(self, end: datetime) -> datetime:
        """Find the beginning of the history by halves, for no page of it need be the first."""
        none_before, some_before = BEGINNING, end
        while some_before - none_before > QUIET:
            middle = none_before + (some_before - none_before) / 2
            found: list[datetime] = []
            async with aclosing(
                self._client.calls(start=none_before, end=middle, page_size=PROBE_PAGE_SIZE)
            ) as pages:
                async for page in pages:
                    # A page of records that cannot be read is empty, and others may follow.
                    if found := [row.date for row in page]:
                        break
            if found:
                some_before = min(middle, *found)
            else:
                none_before = middle
        return _whole(none_before)

    async def _reopen(self, start: datetime) -> None:
        """Write down that older hours are being written, so that a crash does not leave them."""
        settled = self._place.kept.years
        if settled is not None and start < settled.until - CORRECTED_WITHIN:
            await self._keep(start)

    async def _settle(self, until: datetime) -> None:
        """Write down how far the hours are with the recorder, but not after each call."""
        settled = self._place.kept.years
        if settled is None or until - settled.until >= DAILY:
            await self._keep(until, after=settled)

    async def _keep(self, until: datetime, after: Settled | None = None) -> None:
        """Store how far the hours are with the recorder, and how many rows it has of them.

        The last days are left out: whatever is missing in them is written after a start anyway.
        The rows that have been counted before need not be read again.
        """
        rows, start = 0, BEGINNING
        if after is not None and after.rows is not None:
            rows, start = after.rows, after.until - CORRECTED_WITHIN
        rows += await self.archive.count(start, until - CORRECTED_WITHIN)
        await self._place.keep(years=Settled(until=until, rows=rows))


def _windows(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a period into parts, the oldest first."""
    while start < end:
        last = min(start + WINDOW, end)
        yield start, last
        start = last


def _whole(moment: datetime) -> datetime:
    """Tell when the hour of a moment began."""
    return datetime.fromtimestamp(hour_of(moment), UTC)
