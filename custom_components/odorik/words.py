"""What is said in Home Assistant's language where no frontend translates it."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN

type Say = Callable[..., str]
"""Says a text by its key, with what is filled in to it."""


def words(hass: HomeAssistant, where: str) -> Say:
    """Return what says in Home Assistant's language the texts whose keys begin with a word."""
    # Right after the language was changed its texts are still being read.
    texts = async_get_cached_translations(
        hass, hass.config.language, "common", DOMAIN
    ) or async_get_cached_translations(hass, "en", "common", DOMAIN)

    def say(key: str, **placeholders: object) -> str:
        return texts[f"component.{DOMAIN}.common.{where}_{key}"].format(**placeholders)

    return say
