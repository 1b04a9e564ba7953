"""Logbook entries of calls, messages and gates, in Home Assistant's language.

There is one entry for each call: only events of finished calls are described.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .api import CallStatus, Direction, SmsStatus
from .call_events import BUS_EVENTS, EVENT_SMS_RECEIVED
from .calls.event import CallEventType
from .calls.gates import GateOutcome, RefusalReason
from .calls.numbers import formatted
from .const import DOMAIN
from .gates import EVENT_GATE
from .localize import Localize, date_placeholders, localizer
from .messages import EVENT_SMS_SENT
from .spending_guard import EVENT_SPENDING_GUARD, describe_act

REPORTED: Final = (CallEventType.ENDED, CallEventType.MISSED)
"""The events of finished calls."""

ICONS: Final = {
    "missed": "mdi:phone-missed",
    "gate": "mdi:gate",
    "incoming": "mdi:phone-incoming",
    "outgoing": "mdi:phone-outgoing",
    "unanswered": "mdi:phone-cancel",
    "redirected": "mdi:phone-forward",
    "call": "mdi:phone",
}
"""Icons by the suffix of the translation key."""

_ANSWERED: Final = {
    Direction.IN: "incoming",
    Direction.OUT: "outgoing",
    Direction.REDIRECTED: "redirected",
}

GATE_REFUSED: Final = {
    RefusalReason.UNKNOWN_CALLER: "gate_unknown_caller",
    RefusalReason.WITHHELD: "gate_withheld",
    RefusalReason.EXPIRED: "gate_expired",
}
"""Suffix of the translation key by the reason for which a gate was not opened."""

type Describe = Callable[[Event[Any]], dict[str, str]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Describe the events for the logbook."""

    def describe(event: Event[Any]) -> dict[str, str]:
        """Return the entry of an event; this also runs in threads of the recorder."""
        data = event.data
        kind = _kind(str(event.event_type), data)
        entry = hass.config_entries.async_get_entry(data.get("config_entry_id", ""))
        localize = localizer(hass, "logbook")
        line = {
            # Shown first, unless the entry has an entity, whose name is shown instead.
            LOGBOOK_ENTRY_NAME: localize("name", account=entry.title if entry else DOMAIN.title()),
            LOGBOOK_ENTRY_MESSAGE: _message(localize, kind, data),
            LOGBOOK_ENTRY_ICON: ICONS[kind],
        }
        if entry and (entity_id := _entity_id(hass, entry, data.get("line"))):
            line[LOGBOOK_ENTRY_ENTITY_ID] = entity_id
        return line

    def describe_message(event: Event[Any]) -> dict[str, str]:
        """Return the entry of a message that was sent."""
        localize, data = localizer(hass, "logbook"), event.data
        recipient = data.get("name") or formatted(str(data.get("number") or ""))
        is_delayed = data.get("status") == SmsStatus.ENQUEUED
        return {
            LOGBOOK_ENTRY_NAME: localize("sms", recipient=recipient),
            LOGBOOK_ENTRY_MESSAGE: localize("sms_scheduled" if is_delayed else "sms_sent"),
            LOGBOOK_ENTRY_ICON: "mdi:message-text",
        }

    def describe_received(event: Event[Any]) -> dict[str, str]:
        """Return the entry of a message that was received."""
        localize, data = localizer(hass, "logbook"), event.data
        text = localize("sms_from", party=_party(localize, data))
        return {
            LOGBOOK_ENTRY_NAME: localize("sms_received"),
            LOGBOOK_ENTRY_MESSAGE: _with_earlier_time(localize, text, data, "received_at"),
            LOGBOOK_ENTRY_ICON: "mdi:message-text",
        }

    def describe_guard(event: Event[Any]) -> dict[str, str]:
        """Return the entry of what the spending guard did."""
        return {
            LOGBOOK_ENTRY_NAME: localizer(hass, "logbook")("guard"),
            LOGBOOK_ENTRY_MESSAGE: describe_act(hass, event.data),
            LOGBOOK_ENTRY_ICON: "mdi:shield-alert",
        }

    def describe_gate(event: Event[Any]) -> dict[str, str]:
        """Return the entry of a ring at a gate."""
        localize, data = localizer(hass, "logbook"), event.data
        is_opened = data.get("outcome") == GateOutcome.OPENED
        refused = GATE_REFUSED.get(data.get("reason"), "gate_unknown_caller")
        key = "gate_opened" if is_opened else refused
        return {
            LOGBOOK_ENTRY_NAME: data.get("gate") or DOMAIN.title(),
            LOGBOOK_ENTRY_MESSAGE: localize(key, party=_party(localize, data)),
            LOGBOOK_ENTRY_ICON: "mdi:gate-open" if is_opened else "mdi:gate-alert",
        }

    async_describe_event(DOMAIN, EVENT_GATE, describe_gate)
    async_describe_event(DOMAIN, EVENT_SMS_SENT, describe_message)
    async_describe_event(DOMAIN, EVENT_SMS_RECEIVED, describe_received)
    async_describe_event(DOMAIN, EVENT_SPENDING_GUARD, describe_guard)
    for event_type in REPORTED:
        async_describe_event(DOMAIN, BUS_EVENTS[event_type], describe)


def _kind(event_type: str, data: Mapping[str, Any]) -> str:
    """Return the suffix of the translation key."""
    direction = data.get("direction")
    if data.get("gate") is not None:
        return "gate"
    if event_type == BUS_EVENTS[CallEventType.MISSED]:
        return "missed"
    if direction == Direction.OUT and data.get("status") == CallStatus.MISSED:
        return "unanswered"
    return _ANSWERED.get(direction or Direction.UNKNOWN, "call")


def _message(localize: Localize, kind: str, data: Mapping[str, Any]) -> str:
    """Return the message, which follows the name of the entry."""
    party = _party(localize, data)
    if kind == "gate":
        text = localize("gate", party=party, gate=data["gate"])
        return _with_earlier_time(localize, text, data, "started_at")
    if line := data.get("line_name") or data.get("line"):
        party = localize("on_line", party=party, line=line)
    text = localize(kind, party=party)
    if duration := data.get("duration"):
        text = localize("lasted", text=text, duration=_format_duration(duration))
    return _with_earlier_time(localize, text, data, "started_at")


def _party(localize: Localize, data: Mapping[str, Any]) -> str:
    """Return the name and the number of the other party."""
    name, number = data.get("name"), data.get("number")
    if number is None:
        return localize("withheld")
    # A user may have fired the event with an integer.
    number = formatted(str(number))
    return number if name is None else localize("contact", name=name, number=number)


def _with_earlier_time(
    localize: Localize, text: str, data: Mapping[str, Any], began_key: str
) -> str:
    """Add the time of a replayed event, since the logbook shows when it was fired."""
    if data.get("replayed") and (began := dt_util.parse_datetime(data.get(began_key) or "")):
        began = dt_util.as_local(began)
        return localize("earlier", text=text, time=f"{began:%H:%M}", **date_placeholders(began))
    return text


def _format_duration(seconds: int) -> str:
    """Format a duration with units that English and Czech share: ``1 h 2 min 3 s``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _entity_id(hass: HomeAssistant, entry: ConfigEntry, line: int | None) -> str | None:
    """Return the event entity of the line, or that of the account if there is none."""
    registry = er.async_get(hass)
    for owner in (f"{entry.unique_id}_{line}", entry.unique_id):
        entity_id = registry.async_get_entity_id(Platform.EVENT, DOMAIN, f"{owner}_call")
        if entity_id and (known := registry.async_get(entity_id)) and not known.disabled:
            return entity_id
    return None
