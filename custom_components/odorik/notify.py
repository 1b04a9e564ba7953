"""Notify entities: one for each recipient of text messages."""

import asyncio
from typing import override

from homeassistant.components.notify import (
    NotifyEntity,
    NotifyEntityDescription,
    NotifyEntityFeature,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import signal_message
from .device import recipient_device
from .messages import prepare
from .recipients import RECIPIENT, Recipient
from .runtime import OdorikConfigEntry

# Messages to a group of recipients are sent at the same time.
PARALLEL_UPDATES = 0


SMS = NotifyEntityDescription(key="sms")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the entities of the recipients, also of those that are added later.

    Home Assistant removes the device and the entity of a deleted recipient.
    """
    known: dict[str, str] = {}

    @callback
    def add_or_rename(recipient: ConfigSubentry) -> None:
        subentry_id, name = recipient.subentry_id, recipient.title
        if subentry_id not in known:
            async_add_entities(
                [RecipientEntity(hass, entry, subentry_id, name)], config_subentry_id=subentry_id
            )
        elif known[subentry_id] != name:
            dr.async_get(hass).async_get_or_create(
                config_entry_id=entry.entry_id,
                config_subentry_id=subentry_id,
                **recipient_device(hass, entry, subentry_id, name),
            )
        known[subentry_id] = name

    @callback
    def entry_changed(change: ConfigEntryChange, changed: ConfigEntry) -> None:
        if changed is entry and change is ConfigEntryChange.UPDATED:
            for recipient in entry.get_subentries_of_type(RECIPIENT):
                add_or_rename(recipient)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)
    )
    for recipient in entry.get_subentries_of_type(RECIPIENT):
        # One may be deleted while the others are added.
        if recipient.subentry_id in entry.subentries:
            add_or_rename(recipient)
        await asyncio.sleep(0)


class RecipientEntity(NotifyEntity):
    """Sends messages to one recipient; the state is the time of the last message."""

    _attr_has_entity_name = True
    _attr_supported_features = NotifyEntityFeature.TITLE
    _attr_translation_key = SMS.key

    def __init__(
        self, hass: HomeAssistant, entry: OdorikConfigEntry, subentry_id: str, name: str
    ) -> None:
        self.entity_description = SMS
        self._entry = entry
        self._subentry_id = subentry_id
        self._attr_unique_id = f"{entry.unique_id}_{subentry_id}_{SMS.key}"
        self._attr_device_info = recipient_device(hass, entry, subentry_id, name)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, signal_message(self._entry.entry_id), self._handle_message
            )
        )

    @callback
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Allow Home Assistant to rename the entity in place."""

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        recipient = Recipient.from_subentry(self._entry.subentries[self._subentry_id])
        text = prepare(
            f"{title}: {message}" if title else message, keep_accents=recipient.keep_accents
        )
        await self._entry.runtime_data.messages.async_send(recipient, text, context=self._context)

    @callback
    def _handle_message(self, subentry_id: str) -> None:
        """Record a message that was sent by the action."""
        if subentry_id == self._subentry_id:
            self._async_record_notification()
