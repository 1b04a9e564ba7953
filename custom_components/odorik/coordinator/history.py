"""Coordinator of the history: reads new records and dispatches events of finished calls."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..api import CallRecord, OdorikClient
from ..call_events import CallEventDispatcher, EventData
from ..calls.directory import Directory
from ..calls.event import CallEvent, CallEventType
from ..calls.log import CallLog, calls_of
from ..calls.received_messages import MAX_RECORD_DELAY, MessageLog
from ..const import HISTORY_INTERVAL, LOGGER, RECORD_RETRY_DELAYS, RECORDS_PER_TURN
from ..history_reader import HistoryReader
from ..storage import OdorikStore
from .account import AccountCoordinator
from .active_calls import ActiveCallsCoordinator
from .base import OdorikCoordinator
from .inbox import InboxCoordinator
from .statistics import StatisticsCoordinator

EVENTS_PER_TURN: Final = 10
"""Events that are dispatched before yielding to the event loop."""
EVENTS_PER_SAVE: Final = 50
"""Events that are dispatched before the position is stored."""
POLL_MAX_AGE: Final = timedelta(seconds=2)
"""An older poll does not show whether a call recorded as missed is still ringing elsewhere."""
AUTOMATIONS_DELAY: Final = 3.0
"""Seconds after the start of Home Assistant before events are dispatched: automations attach their
triggers only then."""


@dataclass(frozen=True, kw_only=True)
class History:
    """The event data that the history sensors show."""

    last_call: EventData | None = None
    last_missed_call: EventData | None = None

    def after(self, event: CallEvent, data: EventData) -> History:
        """Return the history after a finished call; a call that began later is kept."""
        shown = {"last_call": data}
        if event.type is CallEventType.MISSED:
            shown["last_missed_call"] = data
        newer = {
            name: data
            for name in shown
            if (known := getattr(self, name)) is None or known["started_at"] <= data["started_at"]
        }
        return replace(self, **newer)


class RecordRetry:
    """Requests refreshes until the record of a finished call has been written."""

    def __init__(self, hass: HomeAssistant, refresh: Callable[[], None]) -> None:
        """Initialize with a function that starts a refresh and returns at once."""
        self._hass = hass
        self._refresh = refresh
        self._scheduled: list[CALLBACK_TYPE] = []

    @callback
    def start(self) -> None:
        """Schedule refreshes after ``RECORD_RETRY_DELAYS``, from now."""
        self.stop()
        self._scheduled = [
            async_call_later(self._hass, delay, self._refresh_now) for delay in RECORD_RETRY_DELAYS
        ]

    @callback
    def stop(self) -> None:
        """Cancel the scheduled refreshes."""
        while self._scheduled:
            self._scheduled.pop()()

    @callback
    def _refresh_now(self, _now: datetime) -> None:
        self._refresh()


class HistoryCoordinator(OdorikCoordinator[History]):
    """Reads the history at an interval, and repeatedly after a call has ended.

    Attributes:
        log: Decides which events result from the records.
        messages: Decides which received messages are new.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        active: ActiveCallsCoordinator,
        statistics: StatisticsCoordinator,
        import_statistics: Callable[[datetime], None],
        store: OdorikStore,
        inbox: InboxCoordinator,
        dispatcher: CallEventDispatcher,
        add_charges: Callable[[Sequence[CallRecord]], None] | None,
    ) -> None:
        """Initialize the coordinator.

        Args:
            hass: Home Assistant.
            entry: The account.
            client: The client of the account.
            account: Its lines and contacts.
            active: Its active calls.
            statistics: The statistics, which are read after each call.
            import_statistics: Updates the long-term statistics from a time on.
            store: Stores the position.
            inbox: The missed callers.
            dispatcher: Dispatches the events.
            add_charges: Informs the spending guard of new records, if it is on.
        """
        super().__init__(hass, entry, client, name="history", interval=HISTORY_INTERVAL)
        self.data = History()
        self.log = CallLog()
        self.messages = MessageLog()
        self._account = account
        self._active = active
        self._statistics = statistics
        self._import_statistics = import_statistics
        self._add_charges = add_charges
        self._store = store
        self._inbox = inbox
        inbox.read_history = self.async_request_refresh
        self._dispatcher = dispatcher
        self._reader = HistoryReader(client, entry.title)
        self._record_retry = RecordRetry(hass, self.async_refresh_soon)
        self._is_started = False
        self._dispatch_lock = asyncio.Lock()
        entry.async_on_unload(self.async_stop)

    @override
    async def _async_setup(self) -> None:
        """Continue from the stored position."""
        stored = await self._store.async_load()
        self.log = CallLog(stored.log)
        self.messages = MessageLog(stored.received_messages)
        self.data = History(last_call=stored.last_call, last_missed_call=stored.last_missed_call)
        await self._inbox.async_load(stored)

    @callback
    def async_start(self) -> None:
        """Start dispatching events once Home Assistant has started."""
        entry = self.config_entry
        # A coordinator only polls while it has listeners, and automations need no enabled entity.
        entry.async_on_unload(self._active.async_add_listener(self._process_active_calls))
        entry.async_on_unload(self.async_add_listener(lambda: None))
        entry.async_on_unload(
            self._active.async_add_poll_listener(self._statistics.async_follow_clock)
        )
        if self.hass.state is CoreState.running:
            self._begin()
        else:
            entry.async_on_unload(async_at_started(self.hass, self._begin_after_automations))

    @callback
    def _begin_after_automations(self, _hass: HomeAssistant) -> None:
        """Begin when the automations have attached their triggers."""
        self.config_entry.async_on_unload(
            async_call_later(self.hass, AUTOMATIONS_DELAY, self._begin)
        )

    @callback
    def _begin(self, _now: datetime | None = None) -> None:
        """Dispatch events from now on, starting with the calls since the last stop."""
        self._is_started = True
        self._process_active_calls()
        self._record_retry.start()

    async def async_stop(self) -> None:
        """Stop dispatching events, and wait until the position of those dispatched is stored.

        The store is closed as well: otherwise the next setup would report the same calls again.
        """
        self._is_started = False
        self._record_retry.stop()
        async with self._dispatch_lock:
            await self._store.async_close()

    @property
    def _may_dispatch(self) -> bool:
        """Return whether automations are listening."""
        return self._is_started and self.hass.state is CoreState.running

    @callback
    def _process_active_calls(self) -> None:
        """Dispatch what has changed since the last poll of the active calls."""
        active = self._active
        if (
            not self._may_dispatch
            or not active.last_update_success
            or "active calls" in active.unauthorized
        ):
            return
        self.log.directory = self._account.data.directory
        self.log.clock_offset = self.client.clock_offset
        for event in self.log.watch(active.data, active.last_poll, active.previous_poll):
            self._dispatcher.async_dispatch(event)
        if "history" in self.unauthorized and (events := self.log.end_unrecorded()):
            for event in events:
                self._dispatcher.async_dispatch(event)
            self.config_entry.async_create_task(self.hass, self.async_save())
        if self.log.live.has_ended_call:
            self._record_retry.start()

    async def async_save(self, history: History | None = None, **changes: Any) -> None:
        """Store the position in the history, the values of the sensors, and other changes.

        Args:
            history: The values of the sensors, if they have changed.
            changes: Other fields of ``StoredData``.
        """
        if (state := self.log.state) is not None:
            changes["log"] = state
        if (messages := self.messages.state) is not None:
            changes["received_messages"] = messages
        if history:
            # The fields have the same names in ``StoredData``.
            changes |= vars(history)
        await self._store.async_save(**self._inbox.changes, **changes)

    @override
    async def _read(self) -> History:
        self.log.directory = self._account.data.directory
        self._inbox.expire()
        self.log.orders.expire(self.client.now())
        if self.log.cursor.since is None:
            return await self._read_if_authorized("history", self._set_baseline(), self.data)
        if self._inbox.is_new:
            await self._read_if_authorized("history", self._fill_inbox(), None)
        if not self._may_dispatch:
            return self.data
        reading = await self._read_if_authorized(
            "history", self._reader.new_records(self.log, self.messages), None
        )
        records, messages = reading or (None, None)
        is_poll_old = abs(dt_util.utcnow() - self._active.last_poll) > POLL_MAX_AGE
        if is_poll_old and self.log.needs_poll(records or ()):
            await self._active.async_refresh()
        # A poll without changes does not notify listeners, but its time counts.
        self._process_active_calls()
        # The position of dispatched events has to be stored even if this refresh is cancelled.
        dispatching = self.config_entry.async_create_task(
            self.hass, self._dispatch_new(records, messages)
        )
        history = await asyncio.shield(dispatching)
        if not self.log.live.has_unrecorded and not self.log.waiting:
            self._record_retry.stop()
        return history

    async def _set_baseline(self) -> History:
        """Find the newest record; earlier calls are shown, but not reported."""
        records, messages = await self._reader.newest_records()
        self.log.cursor.set_baseline(records)
        if messages is not None:
            self.messages.set_baseline(messages, self.client.now())
            self.messages.find_shared_ids(records, messages)
        LOGGER.info("Calls of %s are reported from now on", self.config_entry.title)
        calls = await self.hass.async_add_executor_job(_finished_calls, records, self.log.directory)
        if self._inbox.is_new:
            await self._inbox.async_fill(calls)
        history = self.data
        missed = [event for event in calls if event.type is CallEventType.MISSED]
        for event in (*missed[-1:], *calls[-1:]):
            history = history.after(event, self._dispatcher.event_data(event))
        await self.async_save(history)
        return history

    async def _fill_inbox(self) -> None:
        """Fill the inbox with calls reported by version 0.1.0, which had no inbox."""
        records = await self._reader.reported_records(self.log)
        calls = await self.hass.async_add_executor_job(_finished_calls, records, self.log.directory)
        await self._inbox.async_fill(calls)
        await self.async_save()

    async def _dispatch_new(
        self, records: Sequence[CallRecord] | None, messages: Sequence[CallRecord] | None
    ) -> History:
        """Dispatch the events of messages and finished calls, and store the position after them.

        Refreshes may overlap; the second one does not dispatch the events of the first again.

        Args:
            records: The new records of calls; None if the login may not read the history.
            messages: The messages that were read; None if they could not be read.
        """
        async with self._dispatch_lock:
            self.log.clock_offset = self.client.clock_offset
            # Messages come first: the position may only pass those that have been reported.
            if messages is not None and not await self._dispatch_messages(messages):
                return self.data
            if records is not None:
                await self._feed_log(records)
            self._active.async_exclude(self.log.recorded)
            history, dispatched = self.data, 0
            for event in self.log.decide(dt_util.utcnow()):
                if event is None:
                    await asyncio.sleep(0)
                    continue
                if not await self._may_continue(dispatched, history):
                    break
                update = self._dispatcher.async_dispatch(event, self.log.waiting)
                history = history.after(event, update.data)
                dispatched += 1
            self._pass_messages(messages or ())
            self._inbox.publish()
            if dispatched or not self._store.is_saved:
                await self.async_save(history)
        if dispatched:
            # Outside of the lock: a reload would wait for the response.
            await self._statistics.async_request_refresh()
        return history

    async def _dispatch_messages(self, messages: Sequence[CallRecord]) -> bool:
        """Dispatch the events of received messages; return whether all have been dispatched."""
        is_baseline, dispatched = self.messages.state is None, 0
        news = self.messages.news(messages, self.log.directory, self.client.now())
        for message in news:
            if not await self._may_continue(dispatched):
                break
            self._dispatcher.async_dispatch_message(message)
            self.messages.finish(message)
            dispatched += 1
        if is_complete := dispatched == len(news):
            self.messages.note_all_read()
        if dispatched or is_baseline:
            await self.async_save()
        return is_complete

    async def _may_continue(self, dispatched: int, history: History | None = None) -> bool:
        """Return whether to dispatch the next event; now and then, yield or store the position."""
        if dispatched and dispatched % EVENTS_PER_TURN == 0:
            await asyncio.sleep(0)
        if dispatched and dispatched % EVENTS_PER_SAVE == 0:
            await self.async_save(history)
        return self._may_dispatch

    def _pass_messages(self, messages: Sequence[CallRecord]) -> None:
        """Move the position past reported messages, once no call can precede them any more."""
        if self.messages.shares_ids:
            settled = self.client.now() - MAX_RECORD_DELAY
            self.log.pass_messages(message.id for message in messages if message.date < settled)

    async def _feed_log(self, records: Sequence[CallRecord]) -> None:
        """Add records to the log, yielding to the event loop in between."""
        if self._add_charges:
            self._add_charges(records)
        if records:
            self._import_statistics(min(record.date for record in records))
        self.log.read(records[:RECORDS_PER_TURN], dt_util.utcnow())
        for batch in batched(records[RECORDS_PER_TURN:], RECORDS_PER_TURN, strict=False):
            await asyncio.sleep(0)
            self.log.read(batch, dt_util.utcnow())


def _finished_calls(records: list[CallRecord], directory: Directory) -> list[CallEvent]:
    """Return the finished calls that records describe, the oldest first."""
    return list(calls_of(records, directory))
