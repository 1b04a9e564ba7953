"""Permissions for an account, which are those for its active calls sensor."""

from typing import Final

from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .runtime import OdorikConfigEntry

PERMISSION_ENTITY: Final = "active_calls"


def entity_of(
    hass: HomeAssistant,
    entry: OdorikConfigEntry,
    key: str = PERMISSION_ENTITY,
    platform: Platform = Platform.SENSOR,
) -> str | None:
    """Return the ID of an entity of the account, even if it is disabled."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{entry.unique_id}_{key}")


def has_permission(hass: HomeAssistant, user: User, entry: OdorikConfigEntry, policy: str) -> bool:
    """Return whether a user may read or control an account.

    A disabled entity counts, too. Without the entity, the user needs the permission for all
    entities.
    """
    entity_id = entity_of(hass, entry)
    rights = user.permissions
    if entity_id is None:
        return rights.access_all_entities(policy)
    return rights.check_entity(entity_id, policy)
