"""Decide when the history is imported into the long-term statistics, and from which hour.

There is one way to write: from an hour to the present. The first import starts at the first call, a
new record at its own hour, and once a day the last days are imported again to pick up the
operator's corrections.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from sqlalchemy.exc import SQLAlchemyError

from ..api import (
    CallStatistics,
    CallTotals,
    Direction,
    OdorikAuthError,
    OdorikClient,
    OdorikError,
    OdorikUnauthorizedError,
)
from ..calls.hourly_totals import DIRECTION_KEYS, Metric, Series
from ..const import DOMAIN, HISTORY_START, LOGGER, LOGIN_RETRY
from ..coordinator.account import AccountCoordinator
from ..storage import OdorikStore
from .importer import CORRECTION_PERIOD, REIMPORT_INTERVAL, ImportResult, StatisticsImporter
from .recorder import NotWrittenError, Sums, has_recorder

DATABASE_ERRORS: Final = (NotWrittenError, SQLAlchemyError)
IMPORT_RETRY_DELAY: Final = timedelta(minutes=5)

type Period = tuple[datetime, datetime]
"""Start and end."""


class StatisticsScheduler:
    """Runs the imports of one account, one at a time."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        store: OdorikStore,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._importer = StatisticsImporter(hass, entry, client, account=account, store=store)
        self._import_lock = asyncio.Lock()
        self._is_started = False
        self._is_resumed = False
        self._has_current_names = False
        self._due: datetime | None = None
        """The start of the hours to be imported; None if there is nothing to do."""
        self._task: asyncio.Task[None] | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Start importing once Home Assistant has started, until the entry is unloaded."""
        self._entry.async_on_unload(async_at_started(self._hass, self._begin))
        self._entry.async_on_unload(self._stop)

    @callback
    def _begin(self, _hass: HomeAssistant) -> None:
        if not has_recorder(self._hass):
            return
        self._is_started = True
        on_unload = self._entry.async_on_unload
        on_unload(
            self._hass.bus.async_listen(
                EVENT_HOMEASSISTANT_STOP, self._importer.recorder.async_wait_for_queries
            )
        )
        on_unload(self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._language_changed))
        on_unload(
            async_track_time_interval(
                self._hass, self._import_corrections, REIMPORT_INTERVAL, cancel_on_shutdown=True
            )
        )
        self._schedule()

    @callback
    def _stop(self) -> None:
        self._is_started = False
        self._clear_retry()

    @callback
    def _import_corrections(self, _now: datetime) -> None:
        """Import the records that the operator may have corrected."""
        self.async_import_from(self._client.now() - CORRECTION_PERIOD)

    @callback
    def _language_changed(self, event: Event) -> None:
        """Rename the statistics in the new language."""
        if "language" in event.data:
            self._has_current_names = False
            self._schedule()

    @callback
    def async_import_from(self, moment: datetime) -> None:
        """Schedule an import that starts at the hour of a call."""
        self._due = min(self._due or moment, moment)
        self._schedule()

    @callback
    def _schedule(self, _now: datetime | None = None) -> None:
        """Start the import task, unless one is running: it also does what becomes due meanwhile."""
        self._clear_retry()
        if self._is_started and (self._task is None or self._task.done()):
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_import_due(), f"{self._entry.title} statistics import"
            )

    @callback
    def _schedule_retry(self, err: Exception) -> None:
        self._clear_retry()
        if self._is_started:
            delay = LOGIN_RETRY if isinstance(err, OdorikAuthError) else IMPORT_RETRY_DELAY
            self._cancel_retry = async_call_later(self._hass, delay, self._schedule)

    @callback
    def _clear_retry(self) -> None:
        if self._cancel_retry is not None:
            self._cancel_retry()
            self._cancel_retry = None

    async def _async_import_due(self) -> None:
        """Import what is due, including what becomes due meanwhile."""
        async with self._import_lock:
            try:
                if not self._is_resumed:
                    start = await self._importer.async_resume()
                    self._due = min(self._due or start, start)
                while self._due is not None or not self._has_current_names:
                    if (due := self._due) is None:
                        await self._async_update_names()
                        continue
                    self._due = None
                    await self._async_import(due)
                    self._is_resumed = True
            except OdorikUnauthorizedError:
                LOGGER.debug("%s: this login may not read the history", self._entry.title)
                self._due = None
            except (OdorikError, *DATABASE_ERRORS) as err:
                LOGGER.debug("%s: the statistics import is postponed: %s", self._entry.title, err)
                self._schedule_retry(err)

    async def async_rebuild(self) -> ImportResult:
        """Import the whole history again and wait for the end.

        Raises:
            HomeAssistantError: There is no recorder, the database failed, or the account was
                unloaded.
            OdorikError: The history cannot be read. The import is retried later.
        """
        if not self._is_started:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_recorder")
        # The rebuild continues if the caller is cancelled.
        task = self._entry.async_create_background_task(
            self._hass, self._async_rebuild(), f"{self._entry.title} statistics rebuild"
        )
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([task])
        if task.cancelled():
            raise _interrupted()
        return task.result()

    async def async_totals(self, periods: Collection[Period]) -> dict[Period, CallStatistics]:
        """Return the totals of periods from the statistics, or nothing until they are complete."""
        if not self._is_started or not self._is_resumed or not periods:
            return {}
        try:
            sums = await self._importer.recorder.async_sums(
                {it for period in periods for it in period}
            )
        except DATABASE_ERRORS as err:
            LOGGER.debug("%s: the statistics cannot be read: %s", self._entry.title, err)
            return {}
        return {(start, end): _statistics(sums[start], sums[end]) for start, end in periods}

    async def _async_rebuild(self) -> ImportResult:
        async with self._import_lock:
            try:
                return await self._async_import(HISTORY_START)
            except (OdorikError, *DATABASE_ERRORS) as err:
                self._schedule_retry(err)
                if isinstance(err, OdorikError):
                    raise
                raise _interrupted() from None

    async def _async_import(self, due: datetime) -> ImportResult:
        """Import from an hour on; if that fails, remember where to continue."""
        importer = self._importer
        try:
            if await importer.async_seek(due):
                self._has_current_names = False
            result = await importer.async_import()
            if not self._has_current_names:
                await self._async_update_names()
        except BaseException:
            self._due = min(self._due or importer.position, importer.position)
            raise
        return result

    async def _async_update_names(self) -> None:
        """Update the names of all statistics, again if the language changes meanwhile."""
        self._has_current_names = True
        try:
            await self._importer.async_update_names()
        except BaseException:
            self._has_current_names = False
            raise


def _statistics(before: Sums, after: Sums) -> CallStatistics:
    """Return the totals between two moments, from the sums at both."""

    def total(metric: Metric, direction: Direction) -> int:
        series = Series(metric, direction)
        return after.get(series, 0) - before.get(series, 0)

    return CallStatistics(
        **{
            key: CallTotals(
                count=total(Metric.CALLS, direction),
                length=total(Metric.DURATION, direction),
                price=total(Metric.COST, direction) / Metric.COST.scale,
            )
            for direction, key in DIRECTION_KEYS.items()
        }
    )


def _interrupted() -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key="rebuild_interrupted")
