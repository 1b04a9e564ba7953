"""Puts the whole history into Home Assistant's long-term statistics, and keeps it up.

There is one way to write: the history is read again from an hour on, added up by the hour, and
what differs is put down. The first import begins with the first call there is, a new record with
its own hour, and once a day the last days are looked over for what the operator has corrected. So
nothing is counted twice, however often it is begun again.
"""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from sqlalchemy.exc import SQLAlchemyError

from ..api import OdorikAuthError, OdorikClient, OdorikError, OdorikUnauthorizedError
from ..calls.hours import LEGS_WITHIN, Hours, Settled, hour_of
from ..const import DOMAIN, LOGGER, LOGIN_RETRY
from .account import AccountCoordinator
from .archive import Archive, is_recorded
from .place import Place
from .progress import Progress
from .records import BEGINNING

WINDOW: Final = timedelta(days=30)
"""How much of the history is read, added up and put down at a time."""
CORRECTED_WITHIN: Final = timedelta(days=3)
"""How far back a record is looked for that has changed, once a day and after each start."""
DAILY: Final = timedelta(days=1)
HASTE: Final = 0.2
"""Seconds in which what comes together is taken together."""
RETRY: Final = timedelta(minutes=5)
"""After a failure: nobody waits for a graph of years."""
AHEAD: Final = timedelta(hours=2)
"""The end of what is read: the clocks may differ a little, and later hours have no calls yet."""
QUIET: Final = timedelta(days=31)
"""How exactly the beginning of the history is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What has been put down.

    Attributes:
        calls: How many records.
        first: The first hour that has one.
    """

    calls: int
    first: datetime | None


class Years:
    """The long-term statistics of one account."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        place: Place,
    ) -> None:
        """Write what a client reads; nothing is done before the start."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._account = account
        self._place = place
        self._archive = Archive(hass, entry)
        self._writing = asyncio.Lock()
        self._is_started = False
        self._has_looked = False
        self._due: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._appointment: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Begin as soon as Home Assistant has started, which is not held up; and end unloaded."""
        self._entry.async_on_unload(async_at_started(self._hass, self._begin))
        self._entry.async_on_unload(self._stop)

    @callback
    def _begin(self, _hass: HomeAssistant) -> None:
        if not is_recorded(self._hass):
            return
        self._is_started = True
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._look_back, DAILY, cancel_on_shutdown=True)
        )
        self._come_back(HASTE)

    @callback
    def _stop(self) -> None:
        self._is_started = False
        if self._appointment is not None:
            self._appointment()
            self._appointment = None

    @callback
    def _look_back(self, _now: datetime) -> None:
        """Look for what the operator has corrected."""
        self.async_read_from(self._client.now() - CORRECTED_WITHIN)

    @callback
    def async_read_from(self, moment: datetime) -> None:
        """Have the hours from a call on written soon, as the history says now."""
        self._due = min(self._due or moment, moment)
        self._come_back(HASTE)

    @callback
    def _come_back(self, seconds: float) -> None:
        """Do in a moment, or after a failure in a while, what is due."""
        if not self._is_started:
            return

        @callback
        def work(_now: datetime) -> None:
            self._appointment = None
            # Whoever is at work already does also what has become due since.
            if self._task is None or self._task.done():
                self._task = self._entry.async_create_background_task(
                    self._hass, self._work(), f"{self._entry.title} years"
                )

        if self._appointment is not None:
            self._appointment()
        self._appointment = async_call_later(self._hass, seconds, work)

    async def _work(self) -> None:
        """Do what is due, and what becomes due meanwhile."""
        async with self._writing:
            try:
                if not self._has_looked:
                    start = await self._unwritten()
                    self._due = min(self._due or start, start)
                while (due := self._due) is not None:
                    self._due = None
                    await self._write_from(due)
                    self._has_looked = True
            except OdorikUnauthorizedError:
                LOGGER.debug("%s: this login may not read the history", self._entry.title)
                self._due = None
            except (OdorikError, SQLAlchemyError) as err:
                LOGGER.debug("%s: the statistics have to wait: %s", self._entry.title, err)
                self._come_back_after(err)

    @callback
    def _come_back_after(self, err: Exception) -> None:
        """Try again in a while."""
        retry = LOGIN_RETRY if isinstance(err, OdorikAuthError) else RETRY
        self._come_back(retry.total_seconds())

    async def rebuild(self) -> Imported:
        """Write everything anew, to the end.

        Raises:
            HomeAssistantError: There is no recorder, or it failed, or the account was unloaded.
            OdorikError: The history cannot be read. What is missing is made up for later.
        """
        if not self._is_started:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_recorder")
        # Whoever has asked may go away; what was begun is brought to an end.
        task = self._entry.async_create_background_task(
            self._hass, self._rebuild(), f"{self._entry.title} rebuilds"
        )
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([task])
        if task.cancelled():
            raise _interrupted()
        return task.result()

    async def _rebuild(self) -> Imported:
        async with self._writing:
            try:
                return await self._write_from(BEGINNING)
            except (OdorikError, SQLAlchemyError) as err:
                self._come_back_after(err)
                if isinstance(err, OdorikError):
                    raise
                raise _interrupted() from None

    async def _unwritten(self) -> datetime:
        """Tell from where on something may be missing after a start."""
        settled = self._place.kept.years
        if settled is None:
            return BEGINNING
        if await self._archive.holds(settled):
            return settled.until - CORRECTED_WITHIN
        LOGGER.info(
            "The long-term statistics of %s are not in the database; they are written again",
            self._entry.title,
        )
        return BEGINNING

    async def _write_from(self, due: datetime) -> Imported:
        """Read the history from a call on, and write the hours that it and all later ones are of.

        A leg may turn up whose call was missed in the hour before; so that one is written, too.
        """
        end = _whole(self._client.now() + AHEAD)
        start = BEGINNING if due <= BEGINNING else _whole(due) - LEGS_WITHIN
        settled = start
        directory = self._account.data.directory
        hours = Hours(directory.direction)
        try:
            if start == BEGINNING:
                start = settled = await self._first_hour(end)
            await self._reopen(start)
            await self._archive.open()
            progress = Progress(self._entry.title, start, end)
            for first, last in _windows(start - LEGS_WITHIN, end):
                async for page in self._client.calls(start=first, end=last):
                    await self._hass.async_add_executor_job(hours.add, page)
                until = end if last == end else last - LEGS_WITHIN
                amounts = await self._hass.async_add_executor_job(hours.take, settled, until)
                await self._archive.write(settled, until, amounts, directory)
                settled = until
                await self._settle(last - LEGS_WITHIN)
                progress.go_on(hours.count, until)
            if not self._has_looked or due <= BEGINNING:
                await self._archive.name(directory)
        except BaseException:
            self._due = min(self._due or settled, settled)
            raise
        progress.end(hours.count, hours.first)
        return Imported(calls=hours.count, first=hours.first)

    async def _first_hour(self, end: datetime) -> datetime:
        """Find the beginning of the history by halves, for no page of it need be the first."""
        none_before, some_before = BEGINNING, end
        while some_before - none_before > QUIET:
            middle = none_before + (some_before - none_before) / 2
            async with aclosing(
                self._client.calls(start=none_before, end=middle, page_size=1)
            ) as pages:
                found = [row.date for row in await anext(pages, [])]
            if found:
                some_before = min(middle, *found)
            else:
                none_before = middle
        return _whole(none_before)

    async def _reopen(self, start: datetime) -> None:
        """Write down that older hours are being written, so that a crash does not leave them."""
        settled = self._place.kept.years
        if settled is not None and start < settled.until - CORRECTED_WITHIN:
            await self._place.keep(years=Settled(until=start, newest=settled.newest))

    async def _settle(self, until: datetime) -> None:
        """Write down how far the hours are with the recorder, but not after each call."""
        settled = self._place.kept.years
        if settled is None or until - settled.until >= DAILY:
            newest = await self._archive.newest()
            await self._place.keep(years=Settled(until=until, newest=newest))


def _windows(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a period into parts, the oldest first."""
    while start < end:
        last = min(start + WINDOW, end)
        yield start, last
        start = last


def _interrupted() -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key="rebuild_interrupted")


def _whole(moment: datetime) -> datetime:
    """Tell when the hour of a moment began."""
    return datetime.fromtimestamp(hour_of(moment), UTC)
