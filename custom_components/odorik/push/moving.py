"""Tells the user when the address moves that he gave the operator, which has no other way to know.

The repair says only that it has moved: everybody in the house can read it.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..coordinator.place import Place
from ..issues import Issue, delete_issue, raise_issue
from .address import Address, cloud_of, existing_cloud_address, has_cloud, own_address
from .announcements import Announcements


class Moving:
    """Holds the address of one account's hook against the one that the user was shown."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        place: Place,
        announcements: Announcements,
    ) -> None:
        """Remember the address in a place, and tell when no push can come."""
        self._hass = hass
        self._entry = entry
        self._place = place
        self._announcements = announcements

    @callback
    def async_start(self) -> None:
        """Watch whatever may move it."""
        hass, entry = self._hass, self._entry
        entry.async_on_unload(async_at_started(hass, self._look))
        entry.async_on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._look))
        if cloud := cloud_of(hass):
            self._watch(cloud)

    @callback
    def _watch(self, cloud: Any) -> None:
        """Watch the address in the cloud, which the user may get only later."""
        hass, entry = self._hass, self._entry

        @callback
        def obstruct() -> None:
            is_away = self._is_in_cloud and not cloud.async_is_connected(hass)
            self._announcements.async_obstruct("cloud", is_there=is_away)

        @callback
        def follow_connection(_state: object) -> None:
            obstruct()
            # The subscription may have come or gone with it.
            self._look()

        obstruct()
        entry.async_on_unload(cloud.async_listen_connection_change(hass, follow_connection))
        entry.async_on_unload(
            cloud.async_listen_cloudhook_change(hass, self._webhook_id, self._look)
        )

    @property
    def _webhook_id(self) -> str:
        return str(self._entry.data[CONF_WEBHOOK_ID])

    @property
    def _is_in_cloud(self) -> bool:
        """Whether pushes come through the cloud, as far as the shown address tells."""
        shown = self._place.kept.address
        return has_cloud(self._hass) and shown in {
            None,
            existing_cloud_address(self._hass, self._webhook_id).digest,
        }

    async def async_note(self, address: Address) -> None:
        """Remember what the user has been shown."""
        if address.url:
            await self._place.keep(address=address.digest)
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)

    @callback
    def _look(self, _: object = None) -> None:
        """Raise the repair unless the address that was shown still answers.

        Nothing is created for that: an address in the cloud only when the user is shown one.
        """
        shown = self._place.kept.address
        if shown is None:
            return
        addresses = (
            own_address(self._hass, self._webhook_id),
            existing_cloud_address(self._hass, self._webhook_id),
        )
        if shown in {address.digest for address in addresses if address.url}:
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
        else:
            raise_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
