"""Fix flow of the push issues: show the webhook URL and what to do with it."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import probatio as vol

from .push.address import async_get_address
from .runtime import OdorikConfigEntry


class AddressFlow(RepairsFlow):
    """Shows the webhook URL of an account; only administrators can open it."""

    def __init__(self, entry: OdorikConfigEntry) -> None:
        self._entry = entry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Start the flow."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show the URL; submitting the form confirms that it is configured at the operator."""
        entry = self._entry
        push = entry.runtime_data.push if entry.state is ConfigEntryState.LOADED else None
        if push is None:
            return self.async_abort(reason="not_running")
        address = await async_get_address(self.hass, entry)
        if user_input is not None and address.url:
            await push.url_monitor.async_acknowledge(address)
            push.monitor.async_reset()
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="address",
            data_schema=vol.Schema({}),
            errors=address.form_errors,
            description_placeholders={"account": entry.title} | address.placeholders,
        )


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,  # noqa: ARG001
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Create the flow of an issue."""
    entry: OdorikConfigEntry | None = None
    if data is not None:
        entry = hass.config_entries.async_get_entry(str(data["entry_id"]))
    if entry is None:
        raise ValueError("the account no longer exists")
    return AddressFlow(entry)
