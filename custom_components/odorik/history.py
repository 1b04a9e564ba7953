"""Reads the history as it grows, and tells Home Assistant what happened."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final, override

from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .api import ActiveCall, Call, OdorikClient
from .call_event import CallEvent, CallEventType
from .call_log import CallLog, calls_of
from .const import (
    CHASE_DELAYS,
    DOMAIN,
    HISTORY_INTERVAL,
    LOGGER,
    STARTED_AT,
    signal_call,
)
from .coordinator import OdorikConfigEntry, OdorikCoordinator
from .directory import Directory
from .place import Kept, Place

BUS_EVENTS: Final = {
    CallEventType.STARTED: f"{DOMAIN}_call_started",
    CallEventType.ANSWERED: f"{DOMAIN}_call_answered",
    CallEventType.ENDED: f"{DOMAIN}_call_ended",
    CallEventType.MISSED: f"{DOMAIN}_missed_call",
}
SLICE: Final = 500
"""Records that are taken in before others get their turn."""
BATCH: Final = 100
"""Events that are told before the place is stored and others get their turn."""
FEW: Final = 10
"""Of what is told in bulk the event entities show only this many, the newest."""
BEARINGS: Final = (timedelta(days=1), timedelta(days=31), timedelta(days=366), None)
"""How far back the first reading looks for the newest record, until it finds one. The last look
goes over everything, so that neither a quiet account nor a wrong clock here is taken for an empty
one, whose whole history would then be news."""
BEGINNING: Final = dt_util.utc_from_timestamp(946_684_800)
END: Final = dt_util.utc_from_timestamp(4_102_444_800)
FRESH: Final = timedelta(seconds=2)
"""Active calls that were looked at longer ago do not show whether a missed call rings on."""
LISTENERS_READY: Final = 3.0
"""Seconds after Home Assistant's start: automations attach their triggers at that same moment."""

_LIVE: Final = (
    "active_call_id",
    "direction",
    "number",
    "name",
    "own_number",
    "line",
    "line_name",
    "started_at",
    "answered_at",
)

type EventData = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class History:
    """What the sensors show of the history; the data are those of the events."""

    last_call: EventData | None = None
    last_missed_call: EventData | None = None


def _with(history: History, event: CallEvent, data: EventData) -> History:
    """Show a finished call, unless one is shown that began later."""
    shown = {"last_call": data}
    if event.type is CallEventType.MISSED:
        shown["last_missed_call"] = data
    newer = {
        name: data
        for name in shown
        if (known := getattr(history, name)) is None or known["started_at"] <= data["started_at"]
    }
    return replace(history, **newer)


def _past(rows: list[Call], directory: Directory) -> list[CallEvent]:
    """Join the records of the past to calls, the oldest first."""
    return list(calls_of(rows, directory))


class HistoryCoordinator(OdorikCoordinator[History]):
    """Feeds the call log and tells what it says."""

    def __init__(self, hass: HomeAssistant, entry: OdorikConfigEntry, client: OdorikClient) -> None:
        """Read by the clock, and with haste when a call has ended."""
        super().__init__(hass, entry, client, name="history", interval=HISTORY_INTERVAL)
        self.data = History()
        self.log = CallLog()
        self.is_in_bulk = False
        """Whether what is being told is one of many, and not among the newest of them."""
        self._place = Place(hass, entry)
        self._chase: list[CALLBACK_TYPE] = []
        self._is_listened_to = False
        self._telling = asyncio.Lock()

    @override
    async def _async_setup(self) -> None:
        """Go on from the stored place; without one, or with a broken one, take bearings."""
        if (kept := await self._place.load()) is not None:
            self.log = CallLog(kept.log)
            self.data = History(last_call=kept.last_call, last_missed_call=kept.last_missed_call)

    @callback
    def async_start(self) -> None:
        """Begin to listen to the active calls, and to tell."""
        entry = self.config_entry
        # These clocks tick whether or not anybody has enabled an entity: automations listen.
        entry.async_on_unload(entry.runtime_data.active.async_add_listener(self._watch))
        entry.async_on_unload(self.async_add_listener(lambda: None))
        entry.async_on_unload(self._stop)
        if self.hass.state is CoreState.running:
            self._begin()
        else:
            entry.async_on_unload(async_at_started(self.hass, self._at_started))

    @callback
    def _at_started(self, _hass: HomeAssistant) -> None:
        """Give the automations time to attach their triggers."""
        self._chase = [async_call_later(self.hass, LISTENERS_READY, self._begin)]

    @callback
    def _begin(self, _now: datetime | None = None) -> None:
        """Tell what happened while Home Assistant was away, and from now on what happens."""
        self._is_listened_to = True
        self._watch()
        self._hasten()

    async def _stop(self) -> None:
        """Tell nothing more, and let what has been told be stored before somebody reads that."""
        self._is_listened_to = False
        self._stop_chase()
        async with self._telling:
            pass

    @property
    def _may_tell(self) -> bool:
        """Whether automations hear what is told."""
        return self._is_listened_to and self.hass.state is CoreState.running

    @callback
    def _watch(self) -> None:
        """Hold the active calls against those of the last look."""
        active = self.config_entry.runtime_data.active
        if (
            not self._may_tell
            or not active.last_update_success
            or "active calls" in active.forbidden
        ):
            return
        self.log.directory = self.config_entry.runtime_data.account.data.directory
        self.log.ahead = self.client.ahead
        for event in self.log.watch(active.data, active.looked_at, active.looked_before):
            self._tell(event)
        if "history" in self.forbidden and (events := self.log.end_unrecorded()):
            for event in events:
                self._tell(event)
            self.config_entry.async_create_task(self.hass, self._save(self.data))
        if self.log.live.has_lost_one:
            self._hasten()

    @callback
    def _hasten(self) -> None:
        """Look for what is known to come, at once and again until it is there."""
        self._stop_chase()
        self._chase = [async_call_later(self.hass, delay, self._hurry) for delay in CHASE_DELAYS]

    async def _hurry(self, _now: datetime) -> None:
        """Look for what is known to come."""
        await self.async_refresh()
        if self.last_update_success and not self.log.has_unrecorded and not self.log.waiting:
            self._stop_chase()

    @callback
    def _stop_chase(self) -> None:
        """Look no further."""
        while self._chase:
            self._chase.pop()()

    async def async_keep(self) -> None:
        """Store what is known now, so that a callback just ordered is known after a restart."""
        await self._save(self.data)

    @override
    async def _read(self) -> History:
        data = self.config_entry.runtime_data
        self.log.directory = data.account.data.directory
        if self.log.since is None:
            return await self._permitted("history", self._take_bearings(), self.data)
        if not self._may_tell:
            return self.data
        rows = await self._permitted("history", self._news(self.log.since), None)
        if self.log.needs_look(rows or ()) and dt_util.utcnow() - data.active.looked_at > FRESH:
            await data.active.async_refresh()
        # A look that finds everything as it was is passed on to nobody, but it is a fresh look.
        self._watch()
        # Two readings may overlap; what the first has told, the second must not tell again.
        async with self._telling:
            return await self._tell_finished(rows)

    async def _rows(self, **selection: Any) -> list[Call]:
        """Read all pages."""
        return [row async for page in self.client.calls(**selection) for row in page]

    async def _news(self, since: int) -> list[Call]:
        """Read what has been written since the last reading."""
        rows = await self._rows(since_id=since)
        if self.log.is_lost(rows) and self.log.newest:
            later = await self._rows(start=self.log.newest, end=END)
            if self.log.start_over(later):
                LOGGER.warning(
                    "The call history of %s begins anew with lower numbers; calls are told from "
                    "where the old one ended",
                    self.config_entry.title,
                )
                rows = later
        return self.log.news(rows)

    async def _take_bearings(self) -> History:
        """Find the newest record, and tell nothing."""
        for reach in BEARINGS:
            start = self.client.now() - reach if reach else BEGINNING
            if rows := await self._rows(start=start, end=END):
                break
        self.log.take_bearings(rows)
        LOGGER.info("Calls of %s are told from now on", self.config_entry.title)
        # What the sensors show of the past is found beside the loop, and nobody is told.
        calls = await self.hass.async_add_executor_job(_past, rows, self.log.directory)
        history = self.data
        missed = [event for event in calls if event.type is CallEventType.MISSED]
        for event in (*missed[-1:], *calls[-1:]):
            history = _with(history, event, self.event_data(event))
        await self._save(history)
        return history

    async def _tell_finished(self, rows: Sequence[Call] | None) -> History:
        """Tell of finished calls, and store the place as soon as they are out.

        Args:
            rows: what is new; None where the history may not be read.
        """
        self.log.ahead = self.client.ahead
        if rows is not None:
            self.log.read(rows[:SLICE], dt_util.utcnow())
            for some in batched(rows[SLICE:], SLICE, strict=False):
                await asyncio.sleep(0)
                self.log.read(some, dt_util.utcnow())
        history, told = self.data, 0
        for event in self.log.decide(dt_util.utcnow()):
            if event is None:
                await asyncio.sleep(0)
                continue
            if told and told % BATCH == 0:
                await self._save(history)
            if not self._may_tell:
                return history
            history = _with(history, event, self._tell(event, self.log.waiting))
            told += 1
        if told or not self._place.is_kept:
            await self._save(history)
        if told:
            await self.config_entry.runtime_data.statistics.async_request_refresh()
        return history

    async def _save(self, history: History) -> None:
        """Store how far the log has come."""
        if (state := self.log.state) is not None:
            await self._place.keep(
                Kept(
                    log=state,
                    last_call=history.last_call,
                    last_missed_call=history.last_missed_call,
                )
            )

    @callback
    def _tell(self, event: CallEvent, backlog: int = 1) -> EventData:
        """Put an event on the bus, and hand it to entities and the card.

        ``backlog`` counts the records that are about to be told, the present one included.
        """
        data = self.event_data(event)
        self.is_in_bulk = backlog > FEW
        # The entities show a call before an automation that looks at them hears of it.
        async_dispatcher_send(self.hass, signal_call(self.config_entry.entry_id), event.type, data)
        self.hass.bus.async_fire(BUS_EVENTS[event.type], data)
        return data

    @callback
    def event_data(self, event: CallEvent) -> EventData:
        """Say an event in the words that users' automations hold on to."""
        entry = self.config_entry
        directory = entry.runtime_data.account.data.directory
        ended_at = event.ended_at
        return {
            "config_entry_id": entry.entry_id,
            "device_id": self._device_id(event.line),
            "call_id": event.call_id,
            "active_call_id": event.active_call_id,
            "direction": event.direction.value,
            "number": event.number,
            "name": directory.name_of(event.number),
            "own_number": event.own_number,
            "line": event.line,
            "line_name": directory.line_name(event.line),
            "started_at": event.started_at and event.started_at.isoformat(),
            "answered_at": event.answered_at and event.answered_at.isoformat(),
            "duration": event.duration,
            "ringing_duration": event.ringing_duration,
            "price": event.price,
            "status": event.status and event.status.value,
            "replayed": ended_at is not None and ended_at < self.hass.data[STARTED_AT],
        }

    @callback
    def live_data(self, call: ActiveCall) -> EventData:
        """Say an active call in the words of the events."""
        data = self.event_data(self.log.describe(call))
        return {name: data[name] for name in _LIVE} | {"price_per_minute": call.price_per_minute}

    def _device_id(self, line: int | None) -> str | None:
        """Find the device of a line, or else that of the account."""
        entry = self.config_entry
        registry = dr.async_get(self.hass)
        for identifier in (f"{entry.unique_id}_{line}", str(entry.unique_id)):
            device = registry.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)
            if device is not None:
                return device.id
        return None
