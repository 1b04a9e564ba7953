"""Push as a running account has it, and what is left of it when it is turned off."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..api import OdorikClient
from ..const import DOMAIN
from ..coordinator.active_calls import ActiveCallsCoordinator
from ..coordinator.place import Place
from ..issues import Issue, delete_issue
from .announcements import Announcements
from .hook import async_listen
from .moving import Moving

LAST_RECEIVED: Final = "push_last_received"
"""The sensor that there is only while push is on."""


class Push:
    """The web hook of one account, and what follows from its requests.

    Attributes:
        announcements: The pushes, held against the calls.
        moving: The hook's address, held against the one that the user was shown.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        active: ActiveCallsCoordinator,
        place: Place,
    ) -> None:
        """Belong to an account."""
        self._hass = hass
        self._entry = entry
        self.announcements = Announcements(hass, entry, client, active=active, place=place)
        self.moving = Moving(hass, entry, place=place, announcements=self.announcements)

    @callback
    def async_start(self) -> None:
        """Answer the operator from now on, as long as the account runs."""
        self.announcements.async_start()
        self.moving.async_start()
        async_listen(self._hass, self._entry, self.announcements.async_receive)


async def async_forget(hass: HomeAssistant, entry: ConfigEntry[Any], place: Place) -> None:
    """Leave nothing of push behind that was turned off."""
    delete_issue(hass, entry, Issue.PUSH_MISSING)
    delete_issue(hass, entry, Issue.PUSH_ADDRESS_CHANGED)
    registry = er.async_get(hass)
    unique_id = f"{entry.unique_id}_{LAST_RECEIVED}"
    if entity_id := registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id):
        registry.async_remove(entity_id)
    if place.kept.proof is not None or place.kept.address is not None:
        await place.keep(proof=None, address=None)
