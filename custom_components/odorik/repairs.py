"""Leads the user through the repairs of push: the address once more, and what to do with it."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import probatio as vol

from .push.address import async_address
from .push.steps import address_errors, address_words
from .runtime import OdorikConfigEntry


class AddressFlow(RepairsFlow):
    """Shows the address of an account's web hook; only administrators get here."""

    def __init__(self, entry: OdorikConfigEntry) -> None:
        """Show that of an account."""
        self._entry = entry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Begin."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show it; who sends the form has done what it says."""
        entry = self._entry
        push = entry.runtime_data.push if entry.state is ConfigEntryState.LOADED else None
        if push is None:
            return self.async_abort(reason="not_running")
        address = await async_address(self.hass, entry)
        if user_input is not None and address.url:
            await push.moving.async_note(address)
            push.announcements.async_forgive()
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="address",
            data_schema=vol.Schema({}),
            errors=address_errors(address),
            description_placeholders={"account": entry.title} | address_words(address),
        )


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,  # noqa: ARG001
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Lead the user through an issue."""
    entry: OdorikConfigEntry | None = None
    if data is not None:
        entry = hass.config_entries.async_get_entry(str(data["entry_id"]))
    if entry is None:
        raise ValueError("the account is gone")
    return AddressFlow(entry)
