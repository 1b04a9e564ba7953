"""Which device an entity belongs to, and how it is told from all others."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api import Line
from .coordinator.base import OdorikCoordinator
from .coordinator.inbox import InboxCoordinator
from .device import account_device, find_line, identifiers, line_device
from .runtime import OdorikConfigEntry

PORTION: Final = 10
"""Devices or entities that are added before others get their turn."""


async def async_follow_lines(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Keep the devices of the lines like the lines: named as they are, and gone with them."""
    registry = dr.async_get(hass)
    account = entry.runtime_data.account

    def keep(lines: Iterable[Line]) -> None:
        for line in lines:
            registry.async_get_or_create(
                config_entry_id=entry.entry_id, **line_device(hass, entry, line)
            )

    def remove_gone() -> None:
        if account.has_complete_line_list:
            present = identifiers(entry, account.data.lines)
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
                if device.identifiers.isdisjoint(present):
                    registry.async_remove_device(device.id)

    @callback
    def follow() -> None:
        registry.async_get_or_create(config_entry_id=entry.entry_id, **account_device(entry))
        keep(account.data.lines)
        remove_gone()

    entry.async_on_unload(account.async_add_listener(follow))
    registry.async_get_or_create(config_entry_id=entry.entry_id, **account_device(entry))
    for some in batched(account.data.lines, PORTION, strict=False):
        keep(some)
        await asyncio.sleep(0)
    remove_gone()


def unique_id(entry: ConfigEntry[Any], description: EntityDescription, line: Line | None) -> str:
    """Return the unique ID of an entity of the account, or of one line."""
    owner = f"{entry.unique_id}_{line.id}" if line else entry.unique_id
    return f"{owner}_{description.key}"


class OdorikEntity[C: OdorikCoordinator[Any] | InboxCoordinator](CoordinatorEntity[C]):
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
        self._attr_unique_id = unique_id(entry, description, line)
        self._attr_translation_key = description.key
        self._attr_device_info = (
            line_device(coordinator.hass, entry, line) if line else account_device(entry)
        )

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        await self._async_listen()

    @override
    async def async_update(self) -> None:
        """Read at a user's request, also the lines, numbers and contacts of the account."""
        await super().async_update()
        account = self.coordinator.config_entry.runtime_data.account
        if self.enabled and self.coordinator is not account:
            await account.async_request_refresh()

    async def _async_listen(self) -> None:
        """Begin to listen to more than the coordinator; nothing of it may depend on the id."""

    @callback
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Have Home Assistant rename the entity in place.

        Since 2026.11 it removes and adds again those whose class listens when it is added, unless
        that class has this method.
        """


async def async_add_in_portions(
    async_add_entities: AddConfigEntryEntitiesCallback, entities: Iterable[Entity]
) -> None:
    """Add entities a few at a time: Home Assistant adds what it is given in one go."""
    for some in batched(entities, PORTION, strict=False):
        async_add_entities(some)
        await asyncio.sleep(0)


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
    hass = account.hass
    known: set[int] = set()

    def new_lines() -> list[Line]:
        # The entities of a line that is not listed now stay with its device, for when it is again.
        known.difference_update([line for line in known if find_line(hass, entry, line) is None])
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
