"""So many callbacks an hour and no more: an automation may be going round in circles."""

from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..runtime import OdorikConfigEntry
from ..watch import async_show_callback_limit, callback_limit, callbacks_counted


@callback
def count_callback(hass: HomeAssistant, entry: OdorikConfigEntry) -> list[datetime]:
    """Count an order that is about to go out, and return the count to be stored.

    Raises:
        HomeAssistantError: It would be one too many. A repair says so until orders may go out
            again.
    """
    counted, limit = callbacks_counted(entry), callback_limit(entry)
    if len(counted) < limit:
        return [*counted, entry.runtime_data.client.now()]
    async_show_callback_limit(hass, entry)
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="callback_limit",
        translation_placeholders={"limit": str(limit)},
    )
