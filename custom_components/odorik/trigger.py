"""What automations wait for: a call that starts, is answered, ends, is missed.

The triggers listen to the bus. An event there names its account, so a trigger needs none to be
loaded, outlives reloads, and hears an account that is added later. An automation's own history
then leads back to the event.
"""

from collections.abc import Mapping
from typing import Any, Final, cast, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_NAME, CONF_OPTIONS
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

from .call_events import BUS_EVENTS
from .call_options import WHICH, given
from .calls import numbers
from .calls.contacts import is_same_name
from .calls.event import CallEventType
from .const import DOMAIN, LOGGER

ATTR_NUMBER: Final = "number"
CZECH: Final = "+420"
"""Czech numbers are written without it."""


def _some_number(value: Any) -> str:
    """Take a number, the beginning of one, or a name."""
    text = cv.string(value)
    if not any(sign.isalnum() for sign in text):
        raise vol.Invalid("expected a telephone number or the beginning of one")
    return text


_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): vol.All(
            given,
            {
                **WHICH,
                vol.Optional(ATTR_NUMBER): _some_number,
            },
        )
    }
)


def begins(number: str | None, start: str) -> bool:
    """Whether a number is, or begins with, another that somebody has written.

    ``777``, ``+420 777`` and ``00420777`` are the same beginning; whole numbers are compared as
    everywhere. A withheld number begins with nothing.
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


def fits(option: str, wanted: Any, data: Mapping[str, Any]) -> bool:
    """Whether what an event says is what an option asks for."""
    value = data.get(option)
    if option == ATTR_NUMBER:
        return begins(value, wanted) or is_same_name(wanted, data.get(ATTR_NAME))
    return bool(value == wanted)


class CallTrigger(Trigger):
    """Something that happens to a call."""

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep the options; the key says which event it is."""
        super().__init__(hass, config)
        self._event_type = CallEventType(config.key.removeprefix(f"{DOMAIN}.call_"))
        self._options = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        entry_id = self._options.get(ATTR_CONFIG_ENTRY_ID)
        if entry_id is not None and self._hass.config_entries.async_get_entry(entry_id) is None:
            LOGGER.warning("An automation waits for calls of account %s, which is gone", entry_id)

        @callback
        def hear(event: Event[dict[str, Any]]) -> None:
            """Run the actions, or say which option stood against it."""
            if option := self._against(event.data):
                if did_not_trigger:
                    reason = NotTriggeredInfo(f"other_{option}", {option: event.data.get(option)})
                    did_not_trigger(reason, event.context)
                return
            party = event.data.get(ATTR_NUMBER) or "a withheld number"
            run_action(dict(event.data), f"call {self._event_type}: {party}", event.context)

        return self._hass.bus.async_listen(BUS_EVENTS[self._event_type], hear)

    def _against(self, data: Mapping[str, Any]) -> str | None:
        """Name the first option that an event does not fit."""
        return next(
            (option for option, wanted in self._options.items() if not fits(option, wanted, data)),
            None,
        )


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    f"call_{event_type}": CallTrigger for event_type in CallEventType
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:  # noqa: ARG001
    """Return the triggers."""
    return TRIGGERS
