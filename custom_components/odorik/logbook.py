"""What the logbook says of calls, in words and in Home Assistant's language.

One line a call: only how it finished is reported, and that once, whoever else shows the call.
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

from .api import CallStatus, Direction
from .calls.event import CallEventType
from .calls.numbers import formatted
from .const import DOMAIN
from .coordinator.reporter import BUS_EVENTS
from .words import Say, words

TOLD: Final = (CallEventType.ENDED, CallEventType.MISSED)
"""Each finished call gives exactly one of these."""

ICONS: Final = {
    "missed": "mdi:phone-missed",
    "incoming": "mdi:phone-incoming",
    "outgoing": "mdi:phone-outgoing",
    "unanswered": "mdi:phone-cancel",
    "redirected": "mdi:phone-forward",
    "call": "mdi:phone",
}
"""What a call was, by what the translations call it."""

_ANSWERED: Final = {
    Direction.IN: "incoming",
    Direction.OUT: "outgoing",
    Direction.REDIRECTED: "redirected",
}

type Describe = Callable[[Event[Any]], dict[str, str]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Say how the logbook reads our events."""

    def describe(event: Event[Any]) -> dict[str, str]:
        """Put a call into a line; this runs in threads of the recorder too, and only reads."""
        data = event.data
        kind = _kind(str(event.event_type), data)
        entry = hass.config_entries.async_get_entry(data.get("config_entry_id", ""))
        say = words(hass, "logbook")
        line = {
            # What comes first is this or the name of the entity; either way it is the call.
            LOGBOOK_ENTRY_NAME: say("name", account=entry.title if entry else DOMAIN.title()),
            LOGBOOK_ENTRY_MESSAGE: _message(say, kind, data),
            LOGBOOK_ENTRY_ICON: ICONS[kind],
        }
        if entry and (entity_id := _entity_id(hass, entry, data.get("line"))):
            line[LOGBOOK_ENTRY_ENTITY_ID] = entity_id
        return line

    for event_type in TOLD:
        async_describe_event(DOMAIN, BUS_EVENTS[event_type], describe)


def _kind(event_type: str, data: Mapping[str, Any]) -> str:
    """Say what a call was."""
    direction = data.get("direction")
    if event_type == BUS_EVENTS[CallEventType.MISSED]:
        return "missed"
    if direction == Direction.OUT and data.get("status") == CallStatus.MISSED:
        return "unanswered"
    return _ANSWERED.get(direction or Direction.UNKNOWN, "call")


def _message(say: Say, kind: str, data: Mapping[str, Any]) -> str:
    """Say in words what became of a call: its name stands before."""
    name, number = data.get("name"), data.get("number")
    if number is None:
        party = say("withheld")
    elif name is None:
        party = formatted(number)
    else:
        party = say("contact", name=name, number=formatted(number))
    if line := data.get("line_name") or data.get("line"):
        party = say("on_line", party=party, line=line)
    text = say(kind, party=party)
    if duration := data.get("duration"):
        text = say("lasted", text=text, duration=_in_words(duration))
    if data.get("replayed") and (began := dt_util.parse_datetime(data.get("started_at") or "")):
        # The logbook puts it where it was reported, which may be days after the call.
        year, month, day, time = f"{dt_util.as_local(began):%Y %m %d %H:%M}".split()
        text = say("earlier", text=text, year=year, month=month, day=day, time=time)
    return text


def _in_words(seconds: int) -> str:
    """Say a duration with the units that English and Czech share: ``1 h 2 min 3 s``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _entity_id(hass: HomeAssistant, entry: ConfigEntry, line: int | None) -> str | None:
    """Find the event entity of the line, or else that of the account."""
    registry = er.async_get(hass)
    for owner in (f"{entry.unique_id}_{line}", entry.unique_id):
        entity_id = registry.async_get_entity_id(Platform.EVENT, DOMAIN, f"{owner}_call")
        if entity_id and (known := registry.async_get(entity_id)) and not known.disabled:
            return entity_id
    return None
