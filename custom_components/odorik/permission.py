"""Permissions: a user may do to an account what they may do to its active calls sensor."""

from typing import Final

from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .runtime import OdorikConfigEntry

STANDS_FOR_ACCOUNT: Final = "active_calls"


def entity_of(
    hass: HomeAssistant,
    entry: OdorikConfigEntry,
    key: str = STANDS_FOR_ACCOUNT,
    platform: Platform = Platform.SENSOR,
) -> str | None:
    """Find an entity of the account, also one that is disabled."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{entry.unique_id}_{key}")


def may(hass: HomeAssistant, user: User, entry: OdorikConfigEntry, policy: str) -> bool:
    """Whether a user may read or control an account.

    The entity counts when it is disabled, too. Where it is missing, only those who may do this
    to every entity may do it here.
    """
    entity_id = entity_of(hass, entry)
    rights = user.permissions
    if entity_id is None:
        return rights.access_all_entities(policy)
    return rights.check_entity(entity_id, policy)
