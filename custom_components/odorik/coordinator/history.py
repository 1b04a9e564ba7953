"""The clock of the history: feeds the call log, and has reported what the log says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..api import Call, OdorikClient
from ..calls.directory import Directory
from ..calls.event import CallEvent, CallEventType
from ..calls.log import CallLog, calls_of
from ..const import HISTORY_INTERVAL, LOGGER
from .account import AccountCoordinator
from .active_calls import ActiveCallsCoordinator
from .base import OdorikCoordinator
from .chase import Chase
from .inbox import InboxCoordinator
from .place import Place
from .records import Records
from .reporter import EventData, Reporter
from .statistics import StatisticsCoordinator
from .years import Years

SLICE: Final = 500
"""Records that are taken in before others get their turn."""
BATCH: Final = 50
"""Events that are reported before the place is stored and others get their turn."""
FRESH: Final = timedelta(seconds=2)
"""Active calls that were looked at longer ago do not show whether a missed call rings on."""
LISTENERS_READY: Final = 3.0
"""Seconds after Home Assistant's start: automations attach their triggers at that same moment."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What the sensors show of the history; the data are those of the events."""

    last_call: EventData | None = None
    last_missed_call: EventData | None = None

    def after(self, event: CallEvent, data: EventData) -> History:
        """Show a finished call, unless one is shown that began later."""
        shown = {"last_call": data}
        if event.type is CallEventType.MISSED:
            shown["last_missed_call"] = data
        newer = {
            name: data
            for name in shown
            if (known := getattr(self, name)) is None or known["started_at"] <= data["started_at"]
        }
        return replace(self, **newer)


class HistoryCoordinator(OdorikCoordinator[History]):
    """Reads by its clock, and with haste when a call has ended.

    Attributes:
        log: Decides what each call was.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        failing: set[str],
        account: AccountCoordinator,
        active: ActiveCallsCoordinator,
        statistics: StatisticsCoordinator,
        years: Years,
        place: Place,
        inbox: InboxCoordinator,
        reporter: Reporter,
    ) -> None:
        """Read the history of an account whose other coordinators are given."""
        super().__init__(
            hass, entry, client, failing=failing, name="history", interval=HISTORY_INTERVAL
        )
        self.data = History()
        self.log = CallLog()
        self._account = account
        self._active = active
        self._statistics = statistics
        self._years = years
        self._place = place
        self._inbox = inbox
        inbox.read_history = self.async_request_refresh
        self._reporter = reporter
        self._records = Records(client, entry.title)
        self._chase = Chase(hass, entry, self.async_refresh_soon)
        self._is_listened_to = False
        self._reporting = asyncio.Lock()
        entry.async_on_unload(self.async_stop)

    @override
    async def _async_setup(self) -> None:
        """Go on from the stored place; without one, or with a broken one, take bearings."""
        kept = await self._place.load()
        self.log = CallLog(kept.log)
        self.data = History(last_call=kept.last_call, last_missed_call=kept.last_missed_call)
        await self._inbox.async_load(kept)

    @callback
    def async_start(self) -> None:
        """Begin to listen to the active calls, and to report."""
        entry = self.config_entry
        # These clocks tick whether or not anybody has enabled an entity: automations listen.
        entry.async_on_unload(self._active.async_add_listener(self._watch))
        entry.async_on_unload(self.async_add_listener(lambda: None))
        if self.hass.state is CoreState.running:
            self._begin()
        else:
            entry.async_on_unload(async_at_started(self.hass, self._at_started))

    @callback
    def _at_started(self, _hass: HomeAssistant) -> None:
        """Give the automations time to attach their triggers."""
        self.config_entry.async_on_unload(async_call_later(self.hass, LISTENERS_READY, self._begin))

    @callback
    def _begin(self, _now: datetime | None = None) -> None:
        """Report what happened while Home Assistant was away, and from now on what happens."""
        self._is_listened_to = True
        self._watch()
        self._chase.start()

    async def async_stop(self) -> None:
        """Report nothing more, and let what has been reported get to the disk.

        The place is closed then: the next set-up reads it, and would report the same again.
        """
        self._is_listened_to = False
        self._chase.stop()
        async with self._reporting:
            await self._place.close()

    @property
    def _may_report(self) -> bool:
        """Whether automations hear what is reported."""
        return self._is_listened_to and self.hass.state is CoreState.running

    @callback
    def _watch(self) -> None:
        """Hold the active calls against those of the last look."""
        active = self._active
        if (
            not self._may_report
            or not active.last_update_success
            or "active calls" in active.forbidden
        ):
            return
        self.log.directory = self._account.data.directory
        self.log.ahead = self.client.ahead
        for event in self.log.watch(active.data, active.looked_at, active.looked_before):
            self._reporter.report(event)
        if "history" in self.forbidden and (events := self.log.end_unrecorded()):
            for event in events:
                self._reporter.report(event)
            self.config_entry.async_create_task(self.hass, self.async_keep())
        if self.log.live.has_lost_one:
            self._chase.start()

    async def async_keep(self, history: History | None = None, **changes: Any) -> None:
        """Store how far the log has come, what the sensors show, and what else has changed."""
        if (state := self.log.state) is not None:
            changes["log"] = state
        if history:
            # Its fields are those of ``Kept``.
            changes |= vars(history)
        await self._place.keep(**self._inbox.changes, **changes)

    @override
    async def _read(self) -> History:
        self.log.directory = self._account.data.directory
        if self.log.cursor.since is None:
            return await self._permitted("history", self._take_bearings(), self.data)
        if self._inbox.is_new:
            await self._permitted("history", self._fill_inbox(), None)
        self._inbox.forget()
        if not self._may_report:
            return self.data
        rows = await self._permitted("history", self._records.news(self.log), None)
        is_old = dt_util.utcnow() - self._active.looked_at > FRESH
        if is_old and self.log.needs_look(rows or ()):
            await self._active.async_refresh()
        # A look that finds everything as it was is passed on to nobody, but it is a fresh look.
        self._watch()
        # Once events are out their place has to be stored, even where the reading is given up.
        reporting = self.config_entry.async_create_task(self.hass, self._report_finished(rows))
        history = await asyncio.shield(reporting)
        if not self.log.has_unrecorded and not self.log.waiting:
            self._chase.stop()
        return history

    async def _take_bearings(self) -> History:
        """Find the newest record, and report nothing."""
        rows = await self._records.bearings()
        self.log.cursor.take_bearings(rows)
        LOGGER.info("Calls of %s are reported from now on", self.config_entry.title)
        # What the sensors show of the past is found beside the loop, and nobody hears of it.
        calls = await self.hass.async_add_executor_job(_past, rows, self.log.directory)
        await self._inbox.async_fill(calls)
        history = self.data
        missed = [event for event in calls if event.type is CallEventType.MISSED]
        for event in (*missed[-1:], *calls[-1:]):
            history = history.after(event, self._reporter.data(event))
        await self.async_keep(history)
        return history

    async def _fill_inbox(self) -> None:
        """Begin an inbox after the calls that an earlier version has reported."""
        rows = await self._records.reported(self.log)
        calls = await self.hass.async_add_executor_job(_past, rows, self.log.directory)
        await self._inbox.async_fill(calls)
        await self.async_keep()

    async def _report_finished(self, rows: Sequence[Call] | None) -> History:
        """Report finished calls, and store the place as soon as they are out.

        Two readings may overlap; what the first has reported, the second does not.

        Args:
            rows: What is new; None where the history may not be read.
        """
        async with self._reporting:
            self.log.ahead = self.client.ahead
            if rows is not None:
                await self._take_in(rows)
            self._active.async_leave_out(self.log.recorded)
            history, reported = self.data, 0
            for event in self.log.decide(dt_util.utcnow()):
                if event is None:
                    await asyncio.sleep(0)
                    continue
                if reported and reported % BATCH == 0:
                    await self.async_keep(history)
                if not self._may_report:
                    break
                report = self._reporter.report(event, self.log.waiting)
                history = history.after(event, report.data)
                reported += 1
            self._inbox.publish()
            if reported or not self._place.is_kept:
                await self.async_keep(history)
        if reported:
            # Not within the lock: a reload would wait for the answer.
            await self._statistics.async_request_refresh()
        return history

    async def _take_in(self, rows: Sequence[Call]) -> None:
        """Feed the log in portions, so that others get their turn."""
        if rows:
            self._years.async_read_from(min(row.date for row in rows))
        self.log.read(rows[:SLICE], dt_util.utcnow())
        for some in batched(rows[SLICE:], SLICE, strict=False):
            await asyncio.sleep(0)
            self.log.read(some, dt_util.utcnow())


def _past(rows: list[Call], directory: Directory) -> list[CallEvent]:
    """Join the records of the past to calls, the oldest first."""
    return list(calls_of(rows, directory))
