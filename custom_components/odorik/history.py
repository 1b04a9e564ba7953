"""Reads the history as it grows, and tells Home Assistant what happened."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from msgspec import Struct, ValidationError, convert, to_builtins

from .api import ActiveCall, Call, OdorikClient
from .call_log import CallEvent, CallEventType, CallLog, LogState
from .const import (
    CHASE_DELAYS,
    DOMAIN,
    HISTORY_INTERVAL,
    LOGGER,
    STARTED_AT,
    signal_call,
)
from .coordinator import OdorikConfigEntry, OdorikCoordinator

BUS_EVENTS: Final = {
    CallEventType.STARTED: f"{DOMAIN}_call_started",
    CallEventType.ANSWERED: f"{DOMAIN}_call_answered",
    CallEventType.ENDED: f"{DOMAIN}_call_ended",
    CallEventType.MISSED: f"{DOMAIN}_missed_call",
}
BATCH: Final = 100
"""Events that are told before the place is stored and others get their turn."""
BEARINGS: Final = (timedelta(days=1), timedelta(days=31), None)
"""How far back the first reading looks for the newest record, until it finds one. The last look
goes over everything, so that neither a quiet account nor a wrong clock here is taken for an empty
one, whose whole history would then be news."""
BEGINNING: Final = dt_util.utc_from_timestamp(946_684_800)
END: Final = dt_util.utc_from_timestamp(4_102_444_800)
FRESH: Final = timedelta(seconds=2)
"""Active calls that were looked at longer ago do not show whether a missed call rings on."""
LISTENERS_READY: Final = 1.0
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


class Kept(Struct, kw_only=True, frozen=True):
    """What is stored."""

    log: LogState
    last_call: dict[str, Any] | None = None
    last_missed_call: dict[str, Any] | None = None


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


def history_store(hass: HomeAssistant, entry: ConfigEntry) -> Store[dict[str, Any]]:
    """Open the place where an account's progress is kept; it holds numbers, so it is private."""
    return Store(hass, 1, f"{DOMAIN}.{entry.entry_id}", private=True, atomic_writes=True)


class HistoryCoordinator(OdorikCoordinator[History]):
    """Feeds the call log and tells what it says."""

    def __init__(self, hass: HomeAssistant, entry: OdorikConfigEntry, client: OdorikClient) -> None:
        """Read by the clock, and with haste when a call has ended."""
        super().__init__(hass, entry, client, name="history", interval=HISTORY_INTERVAL)
        self.data = History()
        self.log = CallLog()
        self._store = history_store(hass, entry)
        self._chase: list[CALLBACK_TYPE] = []

    @override
    async def _async_setup(self) -> None:
        """Go on from the stored place; without one, or with a broken one, take bearings."""
        stored = await self._store.async_load()
        if stored is None:
            return
        try:
            kept = convert(stored, Kept)
        except ValidationError:
            LOGGER.warning(
                "The place in the call history of %s was damaged; calls are told from now on",
                self.config_entry.title,
            )
            return
        self.log = CallLog(kept.log)
        self.data = History(last_call=kept.last_call, last_missed_call=kept.last_missed_call)

    @callback
    def async_start(self) -> None:
        """Begin to listen to the active calls, and to tell."""
        entry = self.config_entry
        active = entry.runtime_data.active
        self._watch()
        # These clocks tick whether or not anybody has enabled an entity: automations listen.
        entry.async_on_unload(active.async_add_listener(self._watch))
        entry.async_on_unload(self.async_add_listener(lambda: None))
        entry.async_on_unload(self._stop_chase)
        entry.async_on_unload(async_at_started(self.hass, self._at_started))

    @callback
    def _at_started(self, hass: HomeAssistant) -> None:
        """Tell what happened while Home Assistant was away."""
        if dt_util.utcnow() - hass.data[STARTED_AT] < timedelta(minutes=10):
            self._chase.append(async_call_later(hass, LISTENERS_READY, self._hurry))

    @callback
    def _watch(self) -> None:
        """Hold the active calls against those of the last look."""
        active = self.config_entry.runtime_data.active
        if not active.last_update_success or "active calls" in active.forbidden:
            return
        self.log.directory = self.config_entry.runtime_data.account.data.directory
        for event in self.log.watch(active.data, dt_util.utcnow()):
            self._tell(event)
        if "history" in self.forbidden:
            for event in self.log.end_unrecorded():
                self._tell(event)
        if self.log.has_unrecorded or self.log.is_waiting:
            self._stop_chase()
            self._chase = [
                async_call_later(self.hass, delay, self._hurry) for delay in CHASE_DELAYS
            ]

    async def _hurry(self, _now: datetime) -> None:
        """Look for what is known to come."""
        await self.async_refresh()
        if not self.log.has_unrecorded and not self.log.is_waiting:
            self._stop_chase()

    @callback
    def _stop_chase(self) -> None:
        """Look no further."""
        while self._chase:
            self._chase.pop()()

    @override
    async def _read(self) -> History:
        data = self.config_entry.runtime_data
        self.log.directory = data.account.data.directory
        if self.log.place is None:
            return await self._permitted("history", self._take_bearings(), self.data)
        if not self.hass.is_running:
            return self.data
        rows = await self._permitted("history", self._rows(since_id=self.log.place), [])
        self.log.read(rows, dt_util.utcnow())
        if self.log.has_unjudged and dt_util.utcnow() - data.active.looked_at > FRESH:
            await data.active.async_refresh()
        return await self._tell_finished()

    async def _rows(self, **selection: Any) -> list[Call]:
        """Read all pages."""
        return [row async for page in self.client.calls(**selection) for row in page]

    async def _take_bearings(self) -> History:
        """Find the newest record, and tell nothing."""
        for reach in BEARINGS:
            start = dt_util.utcnow() - reach if reach else BEGINNING
            if rows := await self._rows(start=start, end=END):
                break
        self.log.take_bearings(rows)
        # A log of its own finds what the sensors show, without anybody being told.
        past = CallLog(LogState(place=0))
        past.directory = self.log.directory
        past.read(rows, dt_util.utcnow())
        history = self.data
        for event in past.decide(dt_util.utcnow()):
            history = _with(history, event, self.event_data(event))
        await self._save(history)
        return history

    async def _tell_finished(self) -> History:
        """Tell of finished calls, and store the place as soon as they are out."""
        history, told = self.data, 0
        for event in self.log.decide(dt_util.utcnow()):
            if told and told % BATCH == 0:
                await self._save(history)
            data = self._tell(event)
            history = _with(history, event, data)
            told += 1
        if told:
            await self._save(history)
            await self.config_entry.runtime_data.statistics.async_request_refresh()
        return history

    async def _save(self, history: History) -> None:
        """Store how far the log has come; a delay here could lose or repeat a call."""
        if (state := self.log.state) is None:
            return
        kept = Kept(
            log=state, last_call=history.last_call, last_missed_call=history.last_missed_call
        )
        await self._store.async_save(to_builtins(kept))
        await asyncio.sleep(0)

    @callback
    def _tell(self, event: CallEvent) -> EventData:
        """Put an event on the bus, and hand it to entities and triggers."""
        data = self.event_data(event)
        self.hass.bus.async_fire(BUS_EVENTS[event.type], data)
        async_dispatcher_send(self.hass, signal_call(self.config_entry.entry_id), event.type, data)
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
