"""Reports calls to Home Assistant: one object of one event, handed to everybody who shows it."""

from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..api import ActiveCall
from ..calls.event import CallEvent, CallEventType
from ..calls.live_calls import described
from ..const import DOMAIN, STARTED_AT, signal_call
from ..device import find_account, find_line
from .account import AccountCoordinator
from .inbox import InboxCoordinator

BUS_EVENTS: Final = {
    CallEventType.STARTED: f"{DOMAIN}_call_started",
    CallEventType.ANSWERED: f"{DOMAIN}_call_answered",
    CallEventType.ENDED: f"{DOMAIN}_call_ended",
    CallEventType.MISSED: f"{DOMAIN}_missed_call",
}
CALL_RETURNED: Final = f"{DOMAIN}_call_returned"
"""Comes after the event of a call that has reached somebody who waited, with the same data."""
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
        "replayed",
    }
)
"""What every event holds."""
FEW: Final = 10
"""Of what is reported in bulk the event entities show only this many, the newest."""

type EventData = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class CallReport:
    """An event of a call, as it is handed on.

    Attributes:
        event: What happened.
        data: The same in the words that users' automations hold on to.
        is_in_bulk: Whether it is one of many that are reported together, and not among the newest.
    """

    event: CallEvent
    data: EventData
    is_in_bulk: bool = False


class Reporter:
    """Puts the events of one account on the bus, and hands them to its entities and the card.

    Attributes:
        reported: How many events have been reported since the account was set up.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        account: AccountCoordinator,
        inbox: InboxCoordinator,
    ) -> None:
        """Report for an account."""
        self.reported = 0
        self._hass = hass
        self._entry = entry
        self._account = account
        self._inbox = inbox

    @callback
    def report(self, event: CallEvent, backlog: int = 1) -> CallReport:
        """Report an event.

        Args:
            event: What happened.
            backlog: How many are about to be reported, this one included.
        """
        report = CallReport(event=event, data=self.data(event), is_in_bulk=backlog > FEW)
        if event.is_of_branch:
            # The entities of that line show it; to everybody else the call has started already.
            async_dispatcher_send(self._hass, signal_call(self._entry.entry_id), report)
            return report
        has_returned = self._inbox.take(event)
        self.reported += 1
        # The entities show a call before an automation that looks at them hears of it.
        if not report.is_in_bulk:
            self._inbox.publish()
        async_dispatcher_send(self._hass, signal_call(self._entry.entry_id), report)
        self._hass.bus.async_fire(BUS_EVENTS[event.type], report.data)
        if has_returned:
            self._hass.bus.async_fire(CALL_RETURNED, report.data)
        return report

    @callback
    def data(self, event: CallEvent) -> EventData:
        """Say an event in the words that users' automations hold on to."""
        ended_at = event.ended_at
        return {
            "config_entry_id": self._entry.entry_id,
            "device_id": self._device_id(event.line),
            "call_id": event.call_id,
            **_live(event),
            "duration": event.duration,
            "ringing_duration": event.ringing_duration,
            "price": event.price,
            "status": event.status and event.status.value,
            "replayed": ended_at is not None and ended_at < self._hass.data[STARTED_AT],
        }

    @callback
    def live_data(self, call: ActiveCall) -> EventData:
        """Say an active call in the words of the events."""
        data = _live(described(call, self._account.data.directory))
        return data | {"price_per_minute": call.price_per_minute}

    def _device_id(self, line: int | None) -> str | None:
        """Find the device of a line, or else that of the account."""
        device = find_line(self._hass, self._entry, line) if line is not None else None
        device = device or find_account(self._hass, self._entry)
        return device.id if device else None


def _live(event: CallEvent) -> EventData:
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
    }
