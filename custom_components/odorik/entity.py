"""Which device an entity belongs to, and how it is told from all others."""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api import Line
from .const import DOMAIN
from .coordinator import OdorikConfigEntry, OdorikCoordinator

PORTAL = "https://www.odorik.cz/ucet"
MANUFACTURER = "Odorik.cz"


def account_device(entry: OdorikConfigEntry) -> DeviceInfo:
    """Describe the account."""
    return DeviceInfo(
        identifiers={(DOMAIN, str(entry.unique_id))},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=entry.title,
        configuration_url=PORTAL,
    )


def line_device(entry: OdorikConfigEntry, line: Line) -> DeviceInfo:
    """Describe a line, which lies below its account."""
    account = dr.async_get(entry.runtime_data.account.hass).async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    device = DeviceInfo(
        identifiers={(DOMAIN, f"{entry.unique_id}_{line.id}")},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=line.name or str(line.id),
        configuration_url=PORTAL,
    )
    if account is not None:
        device["via_device_id"] = account.id
    return device


class OdorikEntity[C: OdorikCoordinator[Any]](CoordinatorEntity[C]):
    """An entity of the account, or of one line."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: C,
        description: EntityDescription,
        line: Line | None = None,
        context: object = None,
    ) -> None:
        """Belong to a line where one is given."""
        super().__init__(coordinator, context)
        entry = coordinator.config_entry
        self.entity_description = description
        self.line = line.id if line else None
        owner = f"{entry.unique_id}_{line.id}" if line else str(entry.unique_id)
        self._attr_unique_id = f"{owner}_{description.key}"
        self._attr_translation_key = description.key
        self._attr_device_info = line_device(entry, line) if line else account_device(entry)


def async_add_lines(
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[Line], Iterable[Entity]],
) -> None:
    """Add the entities of each line, also of one that appears later."""
    account = entry.runtime_data.account
    known: set[int] = set()

    @callback
    def add() -> None:
        lines = {line.id: line for line in account.data.lines}
        known.intersection_update(lines)
        new = [line for line_id, line in lines.items() if line_id not in known]
        known.update(line.id for line in new)
        if new:
            async_add_entities([entity for line in new for entity in make(line)])

    add()
    entry.async_on_unload(account.async_add_listener(add))
