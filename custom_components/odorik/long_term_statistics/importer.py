"""Import the call history into the long-term statistics, from a given hour on.

The records are summed by the hour and only rows that differ are written, so nothing is counted
twice, however often an import is repeated.
"""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..api import OdorikClient
from ..calls.hourly_totals import MAX_LEG_DELAY, HourlyTotals, ImportState, hour_of
from ..const import HISTORY_START, LOGGER
from ..coordinator.account import AccountCoordinator
from ..storage import OdorikStore
from .recorder import StatisticsRecorder

WINDOW: Final = timedelta(days=30)
"""The part of the history that is read, summed and written at a time."""
CORRECTION_PERIOD: Final = timedelta(days=3)
"""How far back records are imported again, once a day and after each start."""
REIMPORT_INTERVAL: Final = timedelta(days=1)
END_MARGIN: Final = timedelta(hours=2)
"""An import ends this long after the present: the clocks may differ slightly, and later hours have
no calls yet."""
SEARCH_PRECISION: Final = timedelta(days=31)
"""The precision with which the start of the history is searched for."""
PROBE_PAGE_SIZE: Final = 20
"""Records requested to find out whether a period has any. Some may be unreadable."""
LONG_IMPORT: Final = timedelta(days=30)
"""The progress of longer imports is logged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportResult:
    """The result of an import.

    Attributes:
        calls: The number of records.
        first: The first hour that has a record.
    """

    calls: int
    first: datetime | None


class StatisticsImporter:
    """Imports the history of one account.

    Attributes:
        recorder: The account's statistics in the database.
        position: The hour up to which the current import has come.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        store: OdorikStore,
    ) -> None:
        self.recorder = StatisticsRecorder(hass, entry)
        self.position = HISTORY_START
        self._hass = hass
        self._title = entry.title
        self._client = client
        self._account = account
        self._store = store

    async def async_resume(self) -> datetime:
        """Return the hour from which rows may be missing after a start."""
        await self.recorder.async_clear_orphans()
        state = self._store.data.statistics
        return state.imported_until - CORRECTION_PERIOD if state else HISTORY_START

    async def async_seek(self, due: datetime) -> bool:
        """Move to the hour of a call; return whether that is the start of the history.

        It is the start if older rows are missing. Otherwise it is the hour before the call: the
        record may be a later leg of a call that was missed then.
        """
        self.position = (
            HISTORY_START if due <= HISTORY_START else _start_of_hour(due) - MAX_LEG_DELAY
        )
        await self.recorder.async_begin()
        if self.position > HISTORY_START and not await self._async_is_complete():
            self.position = HISTORY_START
            # Rows whose calls the operator no longer has are not expected again.
            await self._store.async_save(
                statistics=ImportState(imported_until=HISTORY_START, rows=0)
            )
        return self.position == HISTORY_START

    async def async_import(self) -> ImportResult:
        """Import all hours from the position on."""
        end = _start_of_hour(self._client.now() + END_MARGIN)
        if self.position == HISTORY_START:
            self.position = await self._async_find_first_hour(end)
        await self._async_mark_unfinished(self.position)
        directory = self._account.data.directory
        totals = HourlyTotals(directory)
        is_long, logged_year = end - self.position > LONG_IMPORT, self.position.year
        if is_long:
            LOGGER.info("Importing the call history of %s into the statistics", self._title)
        for first, last in _windows(self.position - MAX_LEG_DELAY, end):
            async for page in self._client.calls(start=first, end=last):
                await self._hass.async_add_executor_job(totals.add, page)
            until = end if last == end else last - MAX_LEG_DELAY
            amounts = await self._hass.async_add_executor_job(totals.take, self.position, until)
            await self.recorder.async_write(self.position, until, amounts, directory)
            self.position = until
            await self._async_save_progress(last - MAX_LEG_DELAY)
            if is_long and until.year > logged_year:
                logged_year = until.year
                LOGGER.info(
                    "The statistics of %s are imported until %s: %s calls",
                    self._title,
                    until.date(),
                    totals.count,
                )
        if is_long:
            since = f" since {totals.first.date()}" if totals.first else ""
            LOGGER.info(
                "The statistics of %s are complete: %s calls%s", self._title, totals.count, since
            )
        return ImportResult(calls=totals.count, first=totals.first)

    async def async_update_names(self) -> None:
        """Update the names of all statistics."""
        await self.recorder.async_update_names(self._account.data.directory)

    async def _async_is_complete(self) -> bool:
        """Return whether the database still has all rows that were written.

        Statistics may have been deleted, or the recorder may have created a new database.
        """
        state = self._store.data.statistics
        if state is None or state.rows is None:
            return False
        end = state.imported_until - CORRECTION_PERIOD
        if await self.recorder.async_count(HISTORY_START, end) >= state.rows:
            return True
        LOGGER.info(
            "Long-term statistics of %s are missing in the database and are imported again",
            self._title,
        )
        return False

    async def _async_find_first_hour(self, end: datetime) -> datetime:
        """Find the start of the history by bisection; the first page need not contain it."""
        none_before, some_before = HISTORY_START, end
        while some_before - none_before > SEARCH_PRECISION:
            middle = none_before + (some_before - none_before) / 2
            found: list[datetime] = []
            async with aclosing(
                self._client.calls(start=none_before, end=middle, page_size=PROBE_PAGE_SIZE)
            ) as pages:
                async for page in pages:
                    # A page of unreadable records is empty, and others may follow.
                    if found := [record.date for record in page]:
                        break
            if found:
                some_before = min(middle, *found)
            else:
                none_before = middle
        return _start_of_hour(none_before)

    async def _async_mark_unfinished(self, start: datetime) -> None:
        """Store that older hours are being rewritten, so that they are finished after a crash."""
        state = self._store.data.statistics
        if state is not None and start < state.imported_until - CORRECTION_PERIOD:
            await self._async_save_state(start)

    async def _async_save_progress(self, until: datetime) -> None:
        """Store how far the import has come, at most once for each day of the history."""
        state = self._store.data.statistics
        if state is None or until - state.imported_until >= REIMPORT_INTERVAL:
            await self._async_save_state(until, previous=state)

    async def _async_save_state(self, until: datetime, previous: ImportState | None = None) -> None:
        """Store how far the import has come, and how many rows the recorder has up to then.

        The last days do not count: they are imported again after a start anyway. The rows before
        those of the previous state are not counted again.
        """
        rows, start = 0, HISTORY_START
        if previous is not None and previous.rows is not None:
            rows, start = previous.rows, previous.imported_until - CORRECTION_PERIOD
        rows += await self.recorder.async_count(start, until - CORRECTION_PERIOD)
        await self._store.async_save(statistics=ImportState(imported_until=until, rows=rows))


def _windows(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Split a period into windows, the oldest first."""
    while start < end:
        last = min(start + WINDOW, end)
        yield start, last
        start = last


def _start_of_hour(moment: datetime) -> datetime:
    return datetime.fromtimestamp(hour_of(moment), UTC)
