"""How an account is set up and changed in the user interface."""

from collections.abc import Mapping
from time import monotonic
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
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio as vol

from .api import (
    Line,
    OdorikApiError,
    OdorikAuthError,
    OdorikConnectionError,
    OdorikUnauthorizedError,
)
from .calls.numbers import dialable
from .const import (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLBACK_LIMIT,
    CONF_CALLER,
    CONF_LOW_CREDIT,
    CONF_UNREGISTERED_LINES,
    CURRENCY,
    DEFAULT_ACTIVE_INTERVAL,
    DEFAULT_CALLBACK_LIMIT,
    DOMAIN,
    FORMS_SENT,
    LOGGER,
    MAX_ACTIVE_INTERVAL,
    MAX_CALLBACK_LIMIT,
    MAX_LOW_CREDIT,
    MIN_ACTIVE_INTERVAL,
)
from .device import find_line
from .runtime import create_client

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


def _whole(low: int, high: int, unit: str) -> vol.All[int]:
    """Ask for a whole number of a unit."""
    return vol.All(
        NumberSelector(
            NumberSelectorConfig(
                min=low, max=high, mode=NumberSelectorMode.BOX, unit_of_measurement=unit
            )
        ),
        vol.Coerce(int),
    )


OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_CALLER): TextSelector(TextSelectorConfig(type=TextSelectorType.TEL)),
        vol.Required(CONF_ACTIVE_INTERVAL, default=DEFAULT_ACTIVE_INTERVAL): _whole(
            MIN_ACTIVE_INTERVAL, MAX_ACTIVE_INTERVAL, "s"
        ),
        vol.Required(CONF_CALLBACK_LIMIT, default=DEFAULT_CALLBACK_LIMIT): _whole(
            1, MAX_CALLBACK_LIMIT, "/h"
        ),
        vol.Required(CONF_LOW_CREDIT, default=0): _whole(0, MAX_LOW_CREDIT, CURRENCY),
        vol.Required(CONF_UNREGISTERED_LINES, default=False): BooleanSelector(),
    }
)


type Tried = tuple[list[Line], str | None, dict[str, str]]
"""What came of trying a login: the lines that it sees, or else the error to show, and its words."""


class OdorikConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up an account or a line."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return OdorikOptionsFlow()

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the login."""
        error: str | None = None
        words: dict[str, str] = {}
        if user_input is not None:
            username = user_input[CONF_USERNAME].strip()
            login = {**user_input, CONF_USERNAME: username}
            lines, error, words = await self._try(login)
            if error is None:
                # An unfinished form elsewhere is no account yet, so it stands in nobody's way.
                await self.async_set_unique_id(username, raise_on_progress=False)
                self._abort_if_unique_id_configured()
                error, words = self._reported_twice(username, lines)
            if error is None:
                return self.async_create_entry(title=f"Odorik {username}", data=login)
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, user_input),
            errors={"base": error} if error else None,
            description_placeholders=words,
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
        error: str | None = None
        words: dict[str, str] = {}
        if user_input is not None:
            self.hass.data.setdefault(FORMS_SENT, {})[self.flow_id] = monotonic()
            _, error, words = await self._try({**entry.data, **user_input})
            if error is None:
                return self.async_update_reload_and_abort(entry, data_updates=user_input)
        return self.async_show_form(
            step_id=step_id,
            data_schema=PASSWORD_SCHEMA,
            errors={"base": error} if error else None,
            description_placeholders={"username": entry.data[CONF_USERNAME], **words},
        )

    async def _try(self, login: Mapping[str, Any]) -> Tried:
        """Try a login: an answer proves that it was let in, and so does ``unauthorized``.

        Any other refusal may be of the login itself, such as a blocked account, with which an
        entry would never load.
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
        except Exception:  # noqa: BLE001 - A form must answer, whatever happens.
            LOGGER.exception("Unexpected error while checking a login")
            return [], "unknown", {}

    def _reported_twice(
        self, username: str, lines: list[Line]
    ) -> tuple[str | None, dict[str, str]]:
        """Find another login that reports the same calls: the line's account, or a line of it."""
        seen = {str(line.id) for line in lines}
        for entry in self.hass.config_entries.async_entries(DOMAIN, include_disabled=False):
            # The devices are known also while the account is not running.
            if find_line(self.hass, entry, username):
                return "line_of_account", {"line": username, "account": entry.title}
            if (line := str(entry.unique_id)) in seen:
                return "account_of_line", {"line": line}
        return None, {}


class OdorikOptionsFlow(OptionsFlowWithReload):
    """Changes what is not needed to connect."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        errors: dict[str, str] = {}
        if user_input is not None:
            caller = user_input.pop(CONF_CALLER, "").strip()
            options = {**user_input, CONF_CALLER: caller} if caller else user_input
            if not caller or dialable(caller):
                return self.async_create_entry(data=options)
            errors[CONF_CALLER] = "invalid_number"
            user_input = options
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )
