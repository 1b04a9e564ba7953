"""How an account is set up and changed in the user interface."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio as vol

from .api import OdorikApiError, OdorikAuthError, OdorikConnectionError
from .const import (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLER,
    DEFAULT_ACTIVE_INTERVAL,
    DOMAIN,
    LOGGER,
    MAX_ACTIVE_INTERVAL,
    MIN_ACTIVE_INTERVAL,
)
from .coordinator import create_client, loaded_entries
from .phone_number import dialable

PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
USER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_USERNAME): TextSelector(TextSelectorConfig(autocomplete="username")),
        vol.Required(vol.Secret(CONF_PASSWORD)): PASSWORD,
    }
)
PASSWORD_SCHEMA = vol.Schema({vol.Required(vol.Secret(CONF_PASSWORD)): PASSWORD})
OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_CALLER): TextSelector(TextSelectorConfig(type=TextSelectorType.TEL)),
        vol.Required(CONF_ACTIVE_INTERVAL, default=DEFAULT_ACTIVE_INTERVAL): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=MIN_ACTIVE_INTERVAL,
                    max=MAX_ACTIVE_INTERVAL,
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement="s",
                )
            ),
            vol.Coerce(int),
        ),
    }
)


class OdorikConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up an account or a line."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return OdorikOptionsFlow()

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the login."""
        errors: dict[str, str] = {}
        if user_input is not None:
            login = {**user_input, CONF_USERNAME: user_input[CONF_USERNAME].strip()}
            errors = await self._check(login)
            if not errors and _is_line_of_an_account(self, login[CONF_USERNAME]):
                errors[CONF_USERNAME] = "line_of_account"
            if not errors:
                await self.async_set_unique_id(login[CONF_USERNAME], raise_on_progress=False)
                self._abort_if_unique_id_configured()
                return self.async_create_entry(title=f"Odorik {login[CONF_USERNAME]}", data=login)
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, user_input),
            errors=errors,
        )

    async def async_step_reauth(
        self,
        entry_data: Mapping[str, Any],  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Begin again after the operator refused the login."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password."""
        return await self._new_password("reauth_confirm", self._get_reauth_entry(), user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the password."""
        return await self._new_password("reconfigure", self._get_reconfigure_entry(), user_input)

    async def _new_password(
        self, step_id: str, entry: ConfigEntry, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for a password until it fits the login of an account."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._check({**entry.data, **user_input})
            if not errors:
                return self.async_update_reload_and_abort(entry, data_updates=user_input)
        return self.async_show_form(
            step_id=step_id,
            data_schema=PASSWORD_SCHEMA,
            errors=errors,
            description_placeholders={"username": entry.data[CONF_USERNAME]},
        )

    async def _check(self, login: Mapping[str, Any]) -> dict[str, str]:
        """Try a login; any answer but a refused login means that it is good."""
        try:
            await create_client(self.hass, login).lines()
        except OdorikAuthError:
            return {"base": "invalid_auth"}
        except OdorikApiError:
            return {}
        except OdorikConnectionError:
            return {"base": "cannot_connect"}
        except Exception:  # noqa: BLE001 - A form must answer, whatever happens.
            LOGGER.exception("Unexpected error while checking a login")
            return {"base": "unknown"}
        return {}


def _is_line_of_an_account(flow: OdorikConfigFlow, username: str) -> bool:
    """Whether an account that is set up already tells what happens on this line."""
    return any(
        str(line.id) == username
        for entry in loaded_entries(flow.hass)
        for line in entry.runtime_data.account.data.lines
        if entry.unique_id != username
    )


class OdorikOptionsFlow(OptionsFlowWithReload):
    """Changes what is not needed to connect."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        errors: dict[str, str] = {}
        if user_input is not None:
            caller = user_input.get(CONF_CALLER)
            if not caller or dialable(caller):
                return self.async_create_entry(data=user_input)
            errors[CONF_CALLER] = "invalid_number"
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )
