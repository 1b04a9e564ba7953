"""So many callbacks an hour and no more: an automation may be going round in circles."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import CONF_CALLBACK_LIMIT, DEFAULT_CALLBACK_LIMIT, DOMAIN
from .coordinator import OdorikConfigEntry

HOUR: Final = timedelta(hours=1)


@callback
def async_count_callback(entry: OdorikConfigEntry) -> None:
    """Count an order that is about to go out.

    Raises:
        HomeAssistantError: it would be one too many. A repair says so until orders may go out
            again.
    """
    orders, hass = entry.runtime_data.orders, entry.runtime_data.active.hass
    limit = int(entry.options.get(CONF_CALLBACK_LIMIT, DEFAULT_CALLBACK_LIMIT))
    now = dt_util.utcnow()
    while orders and abs(now - orders[0]) >= HOUR:
        orders.popleft()
    if len(orders) < limit:
        orders.append(now)
        return
    issue_id = f"{entry.entry_id}_callback_limit"
    if ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="callback_limit",
            translation_placeholders={"account": entry.title, "limit": str(limit)},
        )

        @callback
        def forget(_now: datetime) -> None:
            ir.async_delete_issue(hass, DOMAIN, issue_id)

        # Unloading the account takes the repair back as well, with all others of the account.
        entry.async_on_unload(async_call_later(hass, orders[0] + HOUR - now, forget))
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="callback_limit",
        translation_placeholders={"limit": str(limit)},
    )
