"""Open and submit forms as the frontend does."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant


def suggested_in(form: Any) -> dict[str, Any]:
    """Return the values with which a form is filled in."""
    return {
        str(key): value
        for key in form["data_schema"].schema
        if (value := (key.description or {}).get("suggested_value")) is not None
    }


async def open_options(hass: HomeAssistant, entry: ConfigEntry) -> Any:
    """Open the options form."""
    return await hass.config_entries.options.async_init(entry.entry_id)


async def send_options(hass: HomeAssistant, form: Any, values: dict[str, Any]) -> Any:
    """Submit the options form; return the result once the account has reloaded."""
    result = await hass.config_entries.options.async_configure(form["flow_id"], values)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def open_subentry(
    hass: HomeAssistant, entry: ConfigEntry, kind: str, subentry_id: str | None = None
) -> Any:
    """Open the form for a new subentry, or for a change of an existing one."""
    context = SubentryFlowContext(source=SOURCE_RECONFIGURE if subentry_id else SOURCE_USER)
    if subentry_id:
        context["subentry_id"] = subentry_id
    return await hass.config_entries.subentries.async_init((entry.entry_id, kind), context=context)


async def send_subentry(hass: HomeAssistant, form: Any, values: dict[str, Any]) -> Any:
    """Submit the form of a subentry; return the result once Home Assistant has processed it."""
    result = await hass.config_entries.subentries.async_configure(form["flow_id"], values)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result
