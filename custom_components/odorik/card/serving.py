"""Serve the modules of the card."""

from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

CARD: Final = "odorik-calls-card.js"
"""Loaded by every page."""
STRATEGIES: Final = "odorik-strategies.js"
"""Loaded by the card for generated dashboards, views and sections."""
FOLDER: Final = Path(__file__).parents[1] / "www"
URL: Final = f"/{DOMAIN}/{CARD}"


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve the modules, and add the card to every page, if the frontend is set up."""
    if "frontend" not in hass.config.components:
        return
    # Browsers cache them for a month, so the URL contains the version.
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(f"/{DOMAIN}/{name}", str(FOLDER / name), cache_headers=True)
            for name in (CARD, STRATEGIES)
        ]
    )
    integration = await async_get_integration(hass, DOMAIN)
    add_extra_js_url(hass, f"{URL}?v={integration.version}")
