"""Dispatch call events to the event bus, the entities, the card and other listeners."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.signal_type import SignalTypeFormat

from .api import ActiveCall
from .calls.directory import Directory
from .calls.event import CallEvent, CallEventType, current_event
from .calls.gates import Gate
from .calls.received_messages import ReceivedMessage
from .const import DOMAIN, STARTED_AT
from .device import device_id

BUS_EVENTS: Final = {
    CallEventType.STARTED: f"{DOMAIN}_call_started",
    CallEventType.ANSWERED: f"{DOMAIN}_call_answered",
    CallEventType.ENDED: f"{DOMAIN}_call_ended",
    CallEventType.MISSED: f"{DOMAIN}_missed_call",
}
CALL_RETURNED: Final = f"{DOMAIN}_call_returned"
"""Fired after the event of a call that reached a waiting caller, with the same data."""
EVENT_SMS_RECEIVED: Final = f"{DOMAIN}_sms_received"
EVENT_DATA: Final = frozenset(
    {
        "config_entry_id",
        "device_id",
        "call_id",
        "active_call_id",
        "direction",
        "number",
        "name",
        "own_number",
        "line",
        "line_name",
        "started_at",
        "answered_at",
        "duration",
        "ringing_duration",
        "price",
        "status",
        "gate",
        "replayed",
    }
)
"""The keys of every event."""
MAX_BACKLOG_SHOWN: Final = 10
"""Events of a backlog that the event entities show, the newest."""

type EventData = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class CallUpdate:
    """A call event as it is dispatched.

    Attributes:
        event: The event.
        data: Its data on the event bus.
        is_backlog: True if it is part of a backlog and not among its newest events.
    """

    event: CallEvent
    data: EventData
    is_backlog: bool = False


SIGNAL_CALL: Final[SignalTypeFormat[CallUpdate]] = SignalTypeFormat(f"{DOMAIN}_call_{{}}")
"""Sent for each call event of an account, by the ID of the entry."""


class CallEventDispatcher:
    """Dispatches the call events of one account.

    Attributes:
        dispatched: The number of events since the account was set up.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        get_directory: Callable[[], Directory],
        get_gates: Callable[[], Mapping[int, Gate]],
        add_to_inbox: Callable[[CallEvent], bool],
        publish_inbox: Callable[[], None],
    ) -> None:
        """Initialize the dispatcher.

        Args:
            hass: Home Assistant.
            entry: The account.
            get_directory: Returns the current names of numbers and lines.
            get_gates: Returns the gates that active calls ring, by ID.
            add_to_inbox: Adds a call to the inbox; returns whether it reached a waiting caller.
            publish_inbox: Updates all entities and cards that show the inbox.
        """
        self.dispatched = 0
        self._hass = hass
        self._entry = entry
        self._get_directory = get_directory
        self._get_gates = get_gates
        self._add_to_inbox = add_to_inbox
        self._publish_inbox = publish_inbox

    @callback
    def async_dispatch(self, event: CallEvent, backlog: int = 1) -> CallUpdate:
        """Dispatch an event.

        Args:
            event: The event.
            backlog: The number of events that are about to be dispatched, including this one.
        """
        update = CallUpdate(
            event=event, data=self.event_data(event), is_backlog=backlog > MAX_BACKLOG_SHOWN
        )
        signal = SIGNAL_CALL.format(self._entry.entry_id)
        if event.is_of_branch:
            # Only for the entities of that line; the call itself has started already.
            async_dispatcher_send(self._hass, signal, update)
            return update
        has_returned = self._add_to_inbox(event)
        self.dispatched += 1
        # Update the entities before the bus event: automations that it triggers read them.
        if not update.is_backlog:
            self._publish_inbox()
        async_dispatcher_send(self._hass, signal, update)
        self._hass.bus.async_fire(BUS_EVENTS[event.type], update.data)
        if has_returned:
            self._hass.bus.async_fire(CALL_RETURNED, update.data)
        return update

    @callback
    def async_dispatch_message(self, message: ReceivedMessage) -> None:
        """Fire the event of a received message."""
        self._hass.bus.async_fire(
            EVENT_SMS_RECEIVED,
            {
                "config_entry_id": self._entry.entry_id,
                "device_id": device_id(self._hass, self._entry, message.line),
                "sms_id": message.sms_id,
                "number": message.number,
                "name": message.name,
                "own_number": message.own_number,
                "line": message.line,
                "received_at": message.received_at.isoformat(),
                # The operator sends whole seconds.
                "replayed": message.received_at
                < self._hass.data[STARTED_AT].replace(microsecond=0),
            },
        )

    @callback
    def event_data(self, event: CallEvent) -> EventData:
        """Return the data of an event on the event bus."""
        ended_at = event.ended_at
        return {
            "config_entry_id": self._entry.entry_id,
            "device_id": device_id(self._hass, self._entry, event.line),
            "call_id": event.call_id,
            **_live_data(event),
            "duration": event.duration,
            "ringing_duration": event.ringing_duration,
            "price": event.price,
            "status": event.status and event.status.value,
            "replayed": ended_at is not None and ended_at < self._hass.data[STARTED_AT],
        }

    @callback
    def live_data(self, call: ActiveCall) -> EventData:
        """Return the data of an active call, under the keys of the events."""
        data = _live_data(current_event(call, self._get_directory()))
        gate = self._get_gates().get(call.id)
        return data | {"gate": gate and gate.name, "price_per_minute": call.price_per_minute}

    @callback
    def call_data(self, call: ActiveCall) -> EventData:
        """Return the data of an active call, with all keys of the events."""
        return self.event_data(current_event(call, self._get_directory()))


def _live_data(event: CallEvent) -> EventData:
    """Return the part of an event's data that also describes an active call."""
    return {
        "active_call_id": event.active_call_id,
        "direction": event.direction.value,
        "number": event.number,
        "name": event.name,
        "own_number": event.own_number,
        "line": event.line,
        "line_name": event.line_name,
        "started_at": event.started_at and event.started_at.isoformat(),
        "answered_at": event.answered_at and event.answered_at.isoformat(),
        "gate": event.gate and event.gate.name,
    }
