"""Notify entities: one for each recipient of text messages."""

from typing import override

from homeassistant.components.notify import (
    NotifyEntity,
    NotifyEntityDescription,
    NotifyEntityFeature,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .device import subentry_device
from .entity import async_add_subentries
from .messages import SIGNAL_MESSAGE, prepare
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
    """Add the entities of the recipients."""
    await async_add_subentries(
        entry,
        async_add_entities,
        RECIPIENT,
        lambda recipient: [RecipientEntity(hass, entry, recipient)],
    )


class RecipientEntity(NotifyEntity):
    """Sends messages to one recipient; the state is the time of the last message."""

    _attr_has_entity_name = True
    _attr_supported_features = NotifyEntityFeature.TITLE
    _attr_translation_key = SMS.key

    def __init__(
        self, hass: HomeAssistant, entry: OdorikConfigEntry, recipient: ConfigSubentry
    ) -> None:
        self.entity_description = SMS
        self._entry = entry
        self._subentry_id = recipient.subentry_id
        self._attr_unique_id = f"{entry.unique_id}_{recipient.subentry_id}_{SMS.key}"
        self._attr_device_info = subentry_device(hass, entry, recipient)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, SIGNAL_MESSAGE.format(self._entry.entry_id), self._handle_message
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
