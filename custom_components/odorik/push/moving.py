"""Tells the user when the address moves that he gave the operator, which has no other way to know.

The repair says only that it has moved: everybody in the house can read it.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..coordinator.place import Place
from ..issues import Issue, delete_issue, raise_issue
from .address import Address, async_address, cloud_of, has_cloud
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
        def connection(_state: object = None) -> None:
            is_away = has_cloud(hass) and not cloud.async_is_connected(hass)
            self._announcements.async_obstruct("cloud", is_there=is_away)
            if not is_away:
                self._look()

        @callback
        def changed(cloudhook: Mapping[str, Any] | None) -> None:
            if cloudhook is None and self._place.kept.address is not None:
                self._raise()

        connection()
        webhook_id = entry.data[CONF_WEBHOOK_ID]
        entry.async_on_unload(cloud.async_listen_connection_change(hass, connection))
        entry.async_on_unload(cloud.async_listen_cloudhook_change(hass, webhook_id, changed))

    async def async_note(self, address: Address) -> None:
        """Remember what the user has been shown."""
        if address.url:
            await self._place.keep(address=address.digest)
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)

    @callback
    def _look(self, _: HomeAssistant | Event | None = None) -> None:
        """Look whether it has moved, if it was ever shown."""
        if self._place.kept.address is not None:
            self._entry.async_create_background_task(
                self._hass, self._compare(), f"{self._entry.title} - address"
            )

    async def _compare(self) -> None:
        address = await async_address(self._hass, self._entry)
        if not address.url:
            # It is known when the cloud is connected again.
            return
        if address.digest == self._place.kept.address:
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
        else:
            self._raise()

    @callback
    def _raise(self) -> None:
        raise_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
