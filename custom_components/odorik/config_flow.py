"""Config flow."""

from collections.abc import Mapping
from typing import Any, Final, override
import unicodedata

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
import probatio as vol

from .api import (
    Line,
    OdorikApiError,
    OdorikAuthError,
    OdorikConnectionError,
    OdorikUnauthorizedError,
)
from .calls.numbers import to_dialable
from .const import CONF_CALLER, DOMAIN, GATE, LOGGER
from .device import find_line
from .gate_flow import GateFlow
from .options_flow import OdorikOptionsFlow
from .recipient_flow import RecipientFlow
from .recipients import RECIPIENT
from .runtime import create_client
from .selectors import PHONE_NUMBER

PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
USER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_USERNAME): TextSelector(TextSelectorConfig(autocomplete="username")),
        vol.Required(vol.Secret(CONF_PASSWORD)): PASSWORD,
        vol.Optional(CONF_CALLER): PHONE_NUMBER,
    }
)
PASSWORD_SCHEMA = vol.Schema({vol.Required(vol.Secret(CONF_PASSWORD)): PASSWORD})
NEXT_STEPS: Final = {
    "dashboards": "/config/lovelace/dashboards",
    "account": f"/config/integrations/integration/{DOMAIN}",
}
"""Links on the last page of the setup."""
STRIPPED_CATEGORIES: Final = {"Cc", "Cf", "Zl", "Zp", "Zs"}
"""Unicode categories of blanks, line breaks and zero-width characters."""


type LoginResult = tuple[list[Line], str | None, dict[str, str]]
"""The lines of a login, or the error and its placeholders."""


class OdorikConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up the login of an account or a line."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return OdorikOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {RECIPIENT: RecipientFlow, GATE: GateFlow}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the login."""
        errors: dict[str, str] = {}
        error: str | None = None
        placeholders: dict[str, str] = {}
        if user_input is not None:
            user_input = {name: _strip(text) for name, text in user_input.items()}
            caller = user_input.get(CONF_CALLER)
            if caller and not to_dialable(caller):
                errors[CONF_CALLER] = "invalid_number"
            username = user_input[CONF_USERNAME]
            login = {name: user_input[name] for name in (CONF_USERNAME, CONF_PASSWORD)}
            lines, error, placeholders = await self._check_login(login)
            if error is None:
                # An unfinished flow for the same login does not block this one.
                await self.async_set_unique_id(username, raise_on_progress=False)
                self._abort_if_unique_id_configured()
                error, placeholders = self._reported_twice(username, lines)
            if error:
                errors["base"] = error
            if not errors:
                return self.async_create_entry(
                    title=f"Odorik {username}",
                    data=login,
                    options={CONF_CALLER: caller} if caller else {},
                    description_placeholders=NEXT_STEPS,
                )
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, user_input),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_reauth(
        self,
        entry_data: Mapping[str, Any],  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Start reauthentication after the operator has refused the login."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password."""
        return await self._new_password("reauth_confirm", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the password."""
        return await self._new_password("reconfigure", user_input)

    def _existing_entry(self) -> ConfigEntry:
        """Return the config entry; abort the flow if it has been removed."""
        if entry := self.hass.config_entries.async_get_entry(self.context["entry_id"]):
            return entry
        raise AbortFlow("account_removed")

    async def _new_password(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for the password until the operator accepts it."""
        entry = self._existing_entry()
        error: str | None = None
        placeholders: dict[str, str] = {}
        if user_input is not None:
            user_input = {name: _strip(text) for name, text in user_input.items()}
            _, error, placeholders = await self._check_login({**entry.data, **user_input})
            if error is None:
                # The entry may have been removed while the login was checked.
                return self.async_update_reload_and_abort(
                    self._existing_entry(), data_updates=user_input
                )
        return self.async_show_form(
            step_id=step_id,
            data_schema=PASSWORD_SCHEMA,
            errors={"base": error} if error else None,
            description_placeholders={"username": entry.data[CONF_USERNAME], **placeholders},
        )

    async def _check_login(self, login: Mapping[str, Any]) -> LoginResult:
        """Check a login, which is valid if the operator responds with data or ``unauthorized``.

        Other refusals may concern the login itself, for example a blocked account. An entry with
        such a login would never load.
        """
        try:
            return await create_client(self.hass, login).lines(), None, {}
        except OdorikAuthError:
            return [], "invalid_auth", {}
        except OdorikUnauthorizedError:
            return [], None, {}
        except OdorikApiError as err:
            return [], "refused", {"reason": str(err)}
        except OdorikConnectionError:
            return [], "cannot_connect", {}
        except Exception:  # noqa: BLE001 - The form shows unexpected errors, too.
            LOGGER.exception("Unexpected error while checking a login")
            return [], "unknown", {}

    def _reported_twice(
        self, username: str, lines: list[Line]
    ) -> tuple[str | None, dict[str, str]]:
        """Return the error if another entry already reports the same calls."""
        seen = {str(line.id) for line in lines}
        for entry in self.hass.config_entries.async_entries(DOMAIN, include_disabled=False):
            # Devices exist even if the account is not loaded.
            if find_line(self.hass, entry, username):
                return "line_of_account", {"line": username, "account": entry.title}
            if (line := str(entry.unique_id)) in seen:
                return "account_of_line", {"line": line}
        return None, {}


def _strip(text: str) -> str:
    """Remove blanks and invisible characters from both ends of a text."""
    stripped = (char for char in set(text) if unicodedata.category(char) in STRIPPED_CATEGORIES)
    return text.strip("".join(stripped))
