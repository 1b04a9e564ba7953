"""Which device an entity belongs to, and how it is told from all others."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
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


def account_identifier(entry: ConfigEntry) -> tuple[str, str]:
    """Tell what the device of an account is known by."""
    return (DOMAIN, str(entry.unique_id))


def line_identifier(entry: ConfigEntry, line: int | str) -> tuple[str, str]:
    """Tell what the device of a line is known by; other accounts may have the same line."""
    return (DOMAIN, f"{entry.unique_id}_{line}")


def account_device(entry: OdorikConfigEntry) -> DeviceInfo:
    """Describe the account."""
    return DeviceInfo(
        identifiers={account_identifier(entry)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=entry.title,
        configuration_url=PORTAL,
    )


def line_device(entry: OdorikConfigEntry, line: Line) -> DeviceInfo:
    """Describe a line, which lies below its account and is called what its owner calls it."""
    account = dr.async_get(entry.runtime_data.account.hass).async_get_or_create(
        config_entry_id=entry.entry_id, **account_device(entry)
    )
    return DeviceInfo(
        identifiers={line_identifier(entry, line.id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=line.name,
        translation_key=None if line.name else "line",
        translation_placeholders={"number": str(line.id)},
        serial_number=str(line.id),
        configuration_url=PORTAL,
        via_device_id=account.id,
    )


@callback
def async_follow_lines(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Keep the devices of the lines like the lines: named as they are, and gone with them."""
    registry = dr.async_get(hass)
    account = entry.runtime_data.account

    @callback
    def follow() -> None:
        for line in account.data.lines:
            registry.async_get_or_create(config_entry_id=entry.entry_id, **line_device(entry, line))
        if account.lists_lines:
            present = identifiers(entry)
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
                if device.identifiers.isdisjoint(present):
                    registry.async_remove_device(device.id)

    registry.async_get_or_create(config_entry_id=entry.entry_id, **account_device(entry))
    follow()
    entry.async_on_unload(account.async_add_listener(follow))


def identifiers(entry: OdorikConfigEntry) -> set[tuple[str, str]]:
    """List what the devices of the account and of its lines are known by."""
    lines = entry.runtime_data.account.data.lines
    return {account_identifier(entry), *(line_identifier(entry, line.id) for line in lines)}


def find_line(entry: OdorikConfigEntry, line: int) -> dr.DeviceEntry | None:
    """Find the device of a line."""
    return dr.async_get(entry.runtime_data.account.hass).async_get_device_by_identifier(
        line_identifier(entry, line), entry.entry_id
    )


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


async def async_add_lines(
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[Line], Iterable[Entity]],
) -> None:
    """Add the entities of each line, also of one that appears later.

    Home Assistant adds what it is given in one go, so it is given one line after the other: with a
    hundred of them everything else in the house would wait.
    """
    account = entry.runtime_data.account
    known: set[int] = set()

    def new_lines() -> list[Line]:
        # The entities of a line that is not listed now stay with its device, for when it is again.
        known.difference_update([line for line in known if find_line(entry, line) is None])
        new = [line for line in account.data.lines if line.id not in known]
        known.update(line.id for line in new)
        return new

    @callback
    def add() -> None:
        for line in new_lines():
            async_add_entities(make(line))

    entry.async_on_unload(account.async_add_listener(add))
    for line in new_lines():
        async_add_entities(make(line))
        await asyncio.sleep(0)
