"""Helpers of the integration tests."""

from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.odorik.const import DOMAIN


async def act(hass: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Perform an action and return its response."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)
