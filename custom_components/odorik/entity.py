"""Base class of the entities, and the devices that they belong to."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api import Line
from .coordinator.base import OdorikCoordinator
from .coordinator.inbox import InboxCoordinator
from .device import account_device, find_line, identifiers, line_device, subentry_device
from .runtime import OdorikConfigEntry

ADDED_PER_TURN: Final = 10
"""Devices or entities that are added before yielding to the event loop."""


async def async_manage_devices(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Create, update and remove the devices of the lines when the account changes."""
    registry = dr.async_get(hass)
    account = entry.runtime_data.account

    def create_or_update(lines: Iterable[Line]) -> None:
        for line in lines:
            registry.async_get_or_create(
                config_entry_id=entry.entry_id, **line_device(hass, entry, line)
            )

    def remove_deleted() -> None:
        if account.has_complete_line_list:
            present = identifiers(entry, account.data.lines)
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
                is_of_subentry = device.config_subentry_id is not None
                if not is_of_subentry and device.identifiers.isdisjoint(present):
                    registry.async_remove_device(device.id)

    @callback
    def account_changed() -> None:
        registry.async_get_or_create(config_entry_id=entry.entry_id, **account_device(entry))
        create_or_update(account.data.lines)
        remove_deleted()

    entry.async_on_unload(account.async_add_listener(account_changed))
    registry.async_get_or_create(config_entry_id=entry.entry_id, **account_device(entry))
    for batch in batched(account.data.lines, ADDED_PER_TURN, strict=False):
        create_or_update(batch)
        await asyncio.sleep(0)
    remove_deleted()


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
        """Refresh the data of the entity and of the account, at the request of a user."""
        await super().async_update()
        account = self.coordinator.config_entry.runtime_data.account
        if self.enabled and self.coordinator is not account:
            await account.async_request_refresh()

    async def _async_listen(self) -> None:
        """Listen to more than the coordinator; must not depend on the entity ID."""

    @callback
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Allow Home Assistant to rename the entity in place.

        Without this method, Home Assistant 2026.11 removes and adds entities that override
        ``async_added_to_hass``.
        """


async def async_add_in_batches(
    async_add_entities: AddConfigEntryEntitiesCallback, entities: Iterable[Entity]
) -> None:
    """Add entities a few at a time: each call of ``async_add_entities`` blocks the event loop."""
    for batch in batched(entities, ADDED_PER_TURN, strict=False):
        async_add_entities(batch)
        await asyncio.sleep(0)


async def async_add_lines(
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[Line], Iterable[Entity]],
) -> None:
    """Add the entities of all lines, one line at a time, and of lines that are added later."""
    account = entry.runtime_data.account
    hass = account.hass
    known: set[int] = set()

    def new_lines() -> list[Line]:
        # The entities of a line stay as long as its device, even if the line is not listed now.
        known.difference_update([line for line in known if find_line(hass, entry, line) is None])
        new = [line for line in account.data.lines if line.id not in known]
        known.update(line.id for line in new)
        return new

    @callback
    def add() -> None:
        for line in new_lines():
            async_add_entities(create(line))

    entry.async_on_unload(account.async_add_listener(add))
    for line in new_lines():
        async_add_entities(create(line))
        await asyncio.sleep(0)


async def async_add_subentries(
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    subentry_type: str,
    create: Callable[[ConfigSubentry], Iterable[Entity]],
) -> None:
    """Add the entities of all subentries of a type, and of those that are added later.

    Home Assistant removes the device and the entities of a deleted subentry.
    """
    hass = entry.runtime_data.account.hass
    known: dict[str, str] = {}

    @callback
    def add_or_rename(subentry: ConfigSubentry) -> None:
        subentry_id, name = subentry.subentry_id, subentry.title
        if subentry_id not in known:
            async_add_entities(create(subentry), config_subentry_id=subentry_id)
        elif known[subentry_id] != name:
            dr.async_get(hass).async_get_or_create(
                config_entry_id=entry.entry_id,
                config_subentry_id=subentry_id,
                **subentry_device(hass, entry, subentry),
            )
        known[subentry_id] = name

    @callback
    def entry_changed(change: ConfigEntryChange, changed: ConfigEntry) -> None:
        if changed is entry and change is ConfigEntryChange.UPDATED:
            for subentry in entry.get_subentries_of_type(subentry_type):
                add_or_rename(subentry)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)
    )
    for subentry in entry.get_subentries_of_type(subentry_type):
        # One may be deleted while the others are added.
        if subentry.subentry_id in entry.subentries:
            add_or_rename(subentry)
        await asyncio.sleep(0)
