"""The button that hangs up all calls."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import OdorikError
from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity
from .errors import action_failed
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 1

HANG_UP_ALL = ButtonEntityDescription(key="hang_up_all")


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button of the account."""
    active = entry.runtime_data.active
    if "active calls" not in active.unauthorized:
        async_add_entities([HangUpAllButton(active, HANG_UP_ALL)])


class HangUpAllButton(OdorikEntity[ActiveCallsCoordinator], ButtonEntity):
    """Hangs up all calls of the account."""

    @override
    async def async_press(self) -> None:
        try:
            await self.coordinator.async_hang_up(lambda _: True)
        except OdorikError as err:
            raise action_failed(self.hass, self.coordinator.config_entry, err) from None
