"""System health information."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .runtime import api_url, loaded_entries


@callback
def async_register(
    hass: HomeAssistant,  # noqa: ARG001
    register: system_health.SystemHealthRegistration,
) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    """Return whether the operator can be reached, and when it last responded."""
    running = [entry.runtime_data for entry in loaded_entries(hass)]
    responses = [
        time
        for data in running
        for coordinator in (data.account, data.active, data.statistics)
        if (time := coordinator.last_update_success_time) is not None
    ]
    return {
        "can_reach_server": system_health.async_check_can_reach_url(hass, api_url()),
        "logins": len(hass.config_entries.async_entries(DOMAIN)),
        "logins_connected": sum(data.active.last_update_success for data in running),
        "last_success": max(responses, default="–"),  # noqa: RUF001 - an en dash.
    }
