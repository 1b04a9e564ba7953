"""Fix flows: show the webhook URL of push, or allow numbers that the spending guard objected to."""

from typing import Any, Final

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import probatio as vol

from .calls.numbers import formatted
from .const import CONF_GUARD_ALLOWED, DOMAIN
from .push.address import async_get_address
from .runtime import OdorikConfigEntry
from .spending_guard import NUMBERS, async_allow

ALLOWED: Final = "allowed"
"""The field with the numbers to allow."""


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


class AllowFlow(RepairsFlow):
    """Offers to allow the numbers that the spending guard objected to."""

    def __init__(self, entry: OdorikConfigEntry) -> None:
        self._entry = entry
        self._shown: dict[str, str] | None = None

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Start the flow."""
        return await self.async_step_allow()

    async def async_step_allow(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask which numbers to allow; the issue is closed even if there are none.

        The form is shown again if the guard has objected to another call meanwhile.
        """
        entry = self._entry
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        calls = issue.translation_placeholders if issue else None
        if user_input is not None:
            async_allow(self.hass, entry, user_input[ALLOWED])
        if user_input is not None and calls in (None, self._shown):
            if entry.state is ConfigEntryState.LOADED and (guard := entry.runtime_data.guard):
                guard.async_forget()
            return self.async_create_entry(data={})
        self._shown = calls
        allowed = entry.options.get(CONF_GUARD_ALLOWED, ())
        numbers = str(issue.data[NUMBERS]).split() if issue and issue.data else []
        options = [
            SelectOptionDict(value=it, label=formatted(it)) for it in numbers if it not in allowed
        ]
        return self.async_show_form(
            step_id="allow",
            data_schema=vol.Schema(
                {
                    vol.Optional(ALLOWED, default=list): SelectSelector(
                        SelectSelectorConfig(
                            options=options, multiple=True, mode=SelectSelectorMode.LIST
                        )
                    )
                }
            ),
            description_placeholders=calls,
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
    if data and NUMBERS in data:
        return AllowFlow(entry)
    return AddressFlow(entry)
