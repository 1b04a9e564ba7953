"""Triggers for calls, received text messages and rings at gates.

The triggers listen to the event bus. So they do not depend on an account being loaded, work across
reloads and for accounts that are added later, and the trace of an automation leads to the event.
"""

from collections.abc import Mapping
from typing import Any, Final, cast, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, ATTR_NAME, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    NotTriggeredInfo,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import probatio as vol

from .call_events import BUS_EVENTS, EVENT_SMS_RECEIVED
from .call_options import ATTR_DIRECTION, CALL_OPTIONS, drop_empty
from .calls import numbers
from .calls.contacts import is_same_name
from .calls.event import CallEventType
from .calls.gates import GateOutcome
from .const import DOMAIN, LOGGER
from .gates import EVENT_GATE

ATTR_GATE: Final = "gate"
ATTR_NUMBER: Final = "number"
ATTR_OUTCOME: Final = "outcome"
CZECH: Final = "+420"
"""The country code, which Czech numbers are usually written without."""


def _number_or_name(value: Any) -> str:
    """Validate a number, the beginning of a number, or a name."""
    text = cv.string(value)
    if not any(char.isalnum() for char in text):
        raise vol.Invalid("expected a telephone number or the beginning of one")
    return text


def _schema(options: dict[vol.Marker, Any]) -> vol.Schema:
    """Return the schema of a trigger with these options and a number."""
    options = {**options, vol.Optional(ATTR_NUMBER): _number_or_name}
    return vol.Schema({vol.Required(CONF_OPTIONS, default=dict): vol.All(drop_empty, options)})


_CALL_SCHEMA: Final = _schema(CALL_OPTIONS)
_MESSAGE_SCHEMA: Final = _schema(
    {option: check for option, check in CALL_OPTIONS.items() if option != ATTR_DIRECTION}
)
_GATE_SCHEMA: Final = _schema(
    {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, vol.Optional(ATTR_GATE): cv.string}
)


def starts_with(number: str | None, start: str) -> bool:
    """Return whether a number is equal to, or begins with, a number that a user has entered.

    ``777``, ``+420 777`` and ``00420777`` are the same beginning. A withheld number does not match.
    """
    if numbers.is_same_number(number, start):
        return True
    whole, begun = numbers.normalize(number), numbers.normalize(start)
    if whole is None or begun is None:
        return False
    if begun.startswith("00"):
        begun = f"+{begun[2:]}"
    ways = [begun.removeprefix("*"), f"{CZECH}{begun}"]
    if begun.startswith(CZECH[1:]):
        ways.append(f"+{begun}")
    return whole.removeprefix("*").startswith(tuple(ways))


def matches(option: str, wanted: Any, data: Mapping[str, Any]) -> bool:
    """Return whether an event matches an option."""
    value = data.get(option)
    if option == ATTR_NUMBER:
        # A user may have fired the event with an integer.
        number = None if value is None else str(value)
        return starts_with(number, wanted) or is_same_name(wanted, data.get(ATTR_NAME))
    if option == ATTR_GATE:
        return wanted in {value, data.get(ATTR_DEVICE_ID)}
    return bool(value == wanted)


class CallTrigger(Trigger):
    """A trigger for one type of call events."""

    _schema = _CALL_SCHEMA

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", cls._schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._bus_event, self._description = _EVENTS[config.key.removeprefix(f"{DOMAIN}.")]
        self._options = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        entry_id = self._options.get(ATTR_CONFIG_ENTRY_ID)
        if entry_id is not None and self._hass.config_entries.async_get_entry(entry_id) is None:
            LOGGER.warning(
                "An automation has a trigger for calls of the account %s, which does not exist",
                entry_id,
            )

        @callback
        def handle(event: Event[dict[str, Any]]) -> None:
            """Run the actions, or report the option that does not match."""
            if option := self._mismatch(event.data):
                if did_not_trigger:
                    reason = NotTriggeredInfo(f"other_{option}", {option: event.data.get(option)})
                    did_not_trigger(reason, event.context)
                return
            party = event.data.get(ATTR_NUMBER) or "a withheld number"
            run_action(dict(event.data), f"{self._description}: {party}", event.context)

        return self._hass.bus.async_listen(self._bus_event, handle, event_filter=self._concerns)

    @callback
    def _concerns(self, _data: Mapping[str, Any]) -> bool:
        """Return whether an event is of the trigger's kind; options are checked afterwards."""
        return True

    def _mismatch(self, data: Mapping[str, Any]) -> str | None:
        """Return the first option that an event does not match."""
        return next(
            (
                option
                for option, wanted in self._options.items()
                if not matches(option, wanted, data)
            ),
            None,
        )


class MessageTrigger(CallTrigger):
    """A trigger for received messages."""

    _schema = _MESSAGE_SCHEMA


class GateTrigger(CallTrigger):
    """A trigger for one outcome of rings at gates."""

    _schema = _GATE_SCHEMA

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._outcome = config.key.removeprefix(f"{DOMAIN}.gate_")

    @callback
    @override
    def _concerns(self, data: Mapping[str, Any]) -> bool:
        return data.get(ATTR_OUTCOME) == self._outcome


_EVENTS: Final = {
    **{
        f"call_{event_type}": (bus_event, f"call {event_type}")
        for event_type, bus_event in BUS_EVENTS.items()
    },
    "sms_received": (EVENT_SMS_RECEIVED, "message received"),
    **{f"gate_{outcome}": (EVENT_GATE, f"gate {outcome}") for outcome in GateOutcome},
}
"""The bus event of each trigger, and the text with which descriptions in traces begin."""
TRIGGERS: Final[dict[str, type[Trigger]]] = {
    **{f"call_{event_type}": CallTrigger for event_type in CallEventType},
    "sms_received": MessageTrigger,
    **{f"gate_{outcome}": GateTrigger for outcome in GateOutcome},
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:  # noqa: ARG001
    """Return the triggers."""
    return TRIGGERS
