"""The switch that pauses the spending guard."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity
from .runtime import OdorikConfigEntry
from .spending_guard import KEY, SpendingGuard

PARALLEL_UPDATES = 1

GUARD = SwitchEntityDescription(key=KEY)


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switch, unless the guard is turned off in the options."""
    data = entry.runtime_data
    if data.guard and "active calls" not in data.active.unauthorized:
        async_add_entities([GuardSwitch(data.active, data.guard)])


class GuardSwitch(OdorikEntity[ActiveCallsCoordinator], SwitchEntity):
    """The switch of the spending guard: while it is off, the guard is paused."""

    def __init__(self, coordinator: ActiveCallsCoordinator, guard: SpendingGuard) -> None:
        super().__init__(coordinator, GUARD)
        self._guard = guard

    @property
    @override
    def available(self) -> bool:
        """Always: the guard can be paused even if the operator cannot be reached."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        return not self._guard.is_paused

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._pause(is_paused=False)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._pause(is_paused=True)

    def _pause(self, *, is_paused: bool) -> None:
        self._guard.async_pause(is_paused=is_paused)
        self.async_write_ha_state()
