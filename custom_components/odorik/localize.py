"""Texts in Home Assistant's language that the frontend does not translate."""

from collections.abc import Callable, Mapping
from datetime import date
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)

from .const import DOMAIN

type Localize = Callable[..., str]
"""Returns the text of a key, formatted with keyword arguments."""

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:$@])")


async def error_text(
    hass: HomeAssistant, err: HomeAssistantError, language: str | None = None
) -> str:
    """Return the text of a translated error, by default in Home Assistant's language."""
    texts = await async_get_translations(
        hass, language or hass.config.language, "exceptions", [DOMAIN]
    )
    text = texts.get(f"component.{DOMAIN}.exceptions.{err.translation_key}.message")
    return text.format(**err.translation_placeholders or {}) if text else str(err)


def localizer(hass: HomeAssistant, prefix: str) -> Localize:
    """Return a function that localizes the common texts whose keys begin with a prefix."""
    # Right after a change of the language, its texts are not cached yet.
    texts = async_get_cached_translations(
        hass, hass.config.language, "common", DOMAIN
    ) or async_get_cached_translations(hass, "en", "common", DOMAIN)
    return _localizer(texts, prefix)


async def async_localizer(hass: HomeAssistant, prefix: str, language: str) -> Localize:
    """Return a function that localizes the same texts in any language."""
    return _localizer(await async_get_translations(hass, language, "common", [DOMAIN]), prefix)


def date_placeholders(day: date) -> dict[str, str]:
    """Return the placeholders of a date, whose order depends on the language."""
    # Faster than strftime, which mattered to a to-do list of 500 callers.
    return {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}


def localize_decimal(hass: HomeAssistant, number: str) -> str:
    """Write a number with the decimal separator of Home Assistant's language."""
    localize = localizer(hass, "number")
    return number.replace(".", localize("decimal_separator"))


def escape_markdown(text: str) -> str:
    """Escape Markdown: callers may choose their names."""
    return _MARKDOWN.sub(r"\\\1", text)


def _localizer(texts: Mapping[str, str], prefix: str) -> Localize:
    def localize(key: str, **placeholders: object) -> str:
        return texts[f"component.{DOMAIN}.common.{prefix}_{key}"].format(**placeholders)

    return localize
