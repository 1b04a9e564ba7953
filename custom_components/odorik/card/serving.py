"""Loads the card and the strategies into Home Assistant's pages."""

from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

CARD: Final = "odorik-calls-card.js"
"""Every page loads it."""
STRATEGIES: Final = "odorik-strategies.js"
"""The card loads it where a page asks for what is made of an account by itself."""
FOLDER: Final = Path(__file__).parents[1] / "www"
URL: Final = f"/{DOMAIN}/{CARD}"


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve the module and have every page load it; a Home Assistant without pages needs none."""
    if "frontend" not in hass.config.components:
        return
    # Browsers keep them for a month, so each version has addresses of its own.
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(f"/{DOMAIN}/{name}", str(FOLDER / name), cache_headers=True)
            for name in (CARD, STRATEGIES)
        ]
    )
    integration = await async_get_integration(hass, DOMAIN)
    add_extra_js_url(hass, f"{URL}?v={integration.version}")
