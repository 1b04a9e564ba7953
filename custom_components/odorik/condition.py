"""Conditions: the phone is ringing, or a call is in progress."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Final, Unpack, cast, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition, ConditionCheckParams, ConditionConfig
from homeassistant.helpers.typing import ConfigType
import probatio as vol

from .api import ActiveCall
from .call_options import ATTR_DIRECTION, ATTR_LINE, CALL_OPTIONS, drop_empty
from .calls.live_calls import answered_by_people
from .runtime import loaded_entries

_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_OPTIONS, default=dict): vol.All(drop_empty, CALL_OPTIONS)}
)


class CallCondition(Condition):
    """Base of the conditions; false while the active calls are unknown."""

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        super().__init__(hass, config)
        options = config.options or {}
        self._entry_id: str | None = options.get(ATTR_CONFIG_ENTRY_ID)
        self._line: int | None = options.get(ATTR_LINE)
        self._direction: str | None = options.get(ATTR_DIRECTION)

    @abstractmethod
    def _matching(self, calls: Iterable[ActiveCall]) -> list[ActiveCall]:
        """Return the calls that fulfil the condition."""

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        return any(
            self._line in {None, call.line, data.account.data.directory.rung_line(call)}
            and self._direction in {None, data.account.data.directory.direction(call)}
            for entry in loaded_entries(self._hass)
            if self._entry_id in {None, entry.entry_id}
            and (data := entry.runtime_data).active.last_update_success
            for call in self._matching(data.active.phone_calls)
        )


class IsRinging(CallCondition):
    """Condition that is met while a call has not been answered yet."""

    @override
    def _matching(self, calls: Iterable[ActiveCall]) -> list[ActiveCall]:
        return [call for call in calls if call.is_ringing]


class IsInCall(CallCondition):
    """Condition that is met while there is an answered call."""

    @override
    def _matching(self, calls: Iterable[ActiveCall]) -> list[ActiveCall]:
        return answered_by_people(calls)


CONDITIONS: Final[dict[str, type[Condition]]] = {"is_ringing": IsRinging, "is_in_call": IsInCall}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:  # noqa: ARG001
    """Return the conditions."""
    return CONDITIONS
