"""Subentry flow of the recipients of text messages."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import probatio as vol

from .api import OdorikError
from .calls.numbers import formatted
from .const import CONF_KEEP_ACCENTS, CONF_NUMBER, CONF_SENDER
from .recipients import public_number, recipients
from .runtime import OdorikConfigEntry
from .selectors import PHONE_NUMBER, suggestions

CZECH_SENDERS: Final = ("Odorik.cz", "smsinfo", "5517")
"""The senders that Czech networks accept, according to the operator; its list of allowed senders
lacks ``smsinfo``."""

RECIPIENT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_NUMBER): PHONE_NUMBER,
        vol.Required(CONF_KEEP_ACCENTS, default=False): BooleanSelector(),
        vol.Optional(CONF_SENDER): suggestions(CZECH_SENDERS),
    }
)


class RecipientFlow(ConfigSubentryFlow):
    """Adds and changes recipients. The account is not reloaded."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new recipient."""
        return await self._step("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a recipient."""
        return await self._step("reconfigure", user_input)

    async def _step(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        """Show the form until its data are valid, then store them."""
        entry: OdorikConfigEntry = self._get_entry()
        current = self._get_reconfigure_subentry() if step_id == "reconfigure" else None
        others = [
            it
            for it in recipients(entry)
            if current is None or it.subentry_id != current.subentry_id
        ]
        errors: dict[str, str] = {}
        if user_input is not None:
            name, sender = (user_input.get(it, "").strip() for it in (CONF_NAME, CONF_SENDER))
            number = public_number(user_input[CONF_NUMBER])
            if not name:
                errors[CONF_NAME] = "name_missing"
            elif any(name.casefold() == (it.name or "").casefold() for it in others):
                errors[CONF_NAME] = "name_taken"
            if number is None:
                errors[CONF_NUMBER] = "not_public"
            elif any(number == it.number for it in others):
                return self.async_abort(reason="already_configured")
            elif not errors:
                data: dict[str, Any] = {
                    CONF_NUMBER: number,
                    CONF_KEEP_ACCENTS: user_input[CONF_KEEP_ACCENTS],
                }
                if sender:
                    data[CONF_SENDER] = sender
                if current is None:
                    return self.async_create_entry(title=name, data=data, unique_id=number)
                return self.async_update_and_abort(
                    entry, current, title=name, data=data, unique_id=number
                )
        elif current is not None:
            number = formatted(current.data[CONF_NUMBER])
            user_input = {**current.data, CONF_NAME: current.title, CONF_NUMBER: number}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(await self._schema(entry), user_input),
            errors=errors,
        )

    async def _schema(self, entry: OdorikConfigEntry) -> vol.Schema:
        """Return the schema of the form, with the senders that the operator allows."""
        if entry.state is not ConfigEntryState.LOADED:
            return RECIPIENT_SCHEMA
        try:
            allowed = await entry.runtime_data.client.sms_senders()
        except OdorikError:
            # The field accepts any text.
            return RECIPIENT_SCHEMA
        senders = suggestions([*CZECH_SENDERS, *allowed])
        return RECIPIENT_SCHEMA.extend({vol.Optional(CONF_SENDER): senders})
