"""Subentry flow of gates."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    TextSelector,
)
import probatio as vol

from .calls import numbers
from .calls.contacts import is_name
from .calls.directory import Directory
from .calls.gates import AllowedCaller, Gate
from .const import CONF_CALLERS, CONF_HANG_UP, CONF_NUMBER
from .coordinator.account import callers_of
from .localize import date_placeholders, localizer
from .runtime import OdorikConfigEntry
from .selectors import PHONE_NUMBER, suggestions

CONF_GUEST: Final = "guest"
CONF_GUEST_UNTIL: Final = "guest_until"


class GateFlow(ConfigSubentryFlow):
    """Adds and changes gates. The account is not reloaded."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new gate."""
        return self._step("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a gate."""
        return self._step("reconfigure", user_input)

    def _step(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        """Show the form until its data is valid, then store it."""
        entry: OdorikConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        if "active calls" in entry.runtime_data.active.unauthorized:
            return self.async_abort(reason="no_active_calls")
        directory = entry.runtime_data.account.data.directory
        current = self._get_reconfigure_subentry() if step_id == "reconfigure" else None
        others = [
            gate for gate in directory.gates if current is None or gate.id != current.subentry_id
        ]
        self._errors: dict[str, str] = {}
        self._placeholders = {"caller": ""}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            number = numbers.exact(numbers.to_dialable(user_input.get(CONF_NUMBER, "")))
            if number and any(number == gate.number for gate in others):
                return self.async_abort(reason="already_configured")
            self._check_name(name, others)
            if number not in directory.own_numbers:
                self._errors[CONF_NUMBER] = "not_own"
            callers = self._callers(user_input, directory)
            if not self._errors:
                data = {
                    CONF_NUMBER: number,
                    CONF_CALLERS: callers,
                    CONF_HANG_UP: user_input[CONF_HANG_UP],
                }
                if current is None:
                    return self.async_create_entry(title=name, data=data, unique_id=number)
                return self.async_update_and_abort(
                    entry, current, title=name, data=data, unique_id=number
                )
        elif current is not None:
            user_input = {
                **current.data,
                CONF_NAME: current.title,
                CONF_NUMBER: numbers.formatted(str(current.data.get(CONF_NUMBER, ""))),
                CONF_CALLERS: callers_of(current),
            }
        schema = self._schema(directory, (user_input or {}).get(CONF_CALLERS, ()))
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=self._errors,
            description_placeholders=self._placeholders,
        )

    def _check_name(self, name: str, others: Iterable[Gate]) -> None:
        """Add an error if the name is missing or that of another gate."""
        if not name:
            self._errors[CONF_NAME] = "name_missing"
        elif any(name.casefold() == gate.name.casefold() for gate in others):
            self._errors[CONF_NAME] = "gate_name_taken"

    def _callers(self, user_input: dict[str, Any], directory: Directory) -> list[str]:
        """Return the callers, including a guest; add errors for those that are not valid."""
        by_field: dict[str, list[str]] = {CONF_CALLERS: user_input[CONF_CALLERS]}
        guest, until = user_input.get(CONF_GUEST, "").strip(), user_input.get(CONF_GUEST_UNTIL)
        if guest and until:
            by_field[CONF_GUEST] = [f"{guest} until {until}"]
        elif guest:
            self._errors[CONF_GUEST_UNTIL] = "until_missing"
        elif until:
            self._errors[CONF_GUEST] = "guest_missing"
        callers: dict[str, None] = {}
        for field, texts in by_field.items():
            for text in texts:
                if error := self._caller_error(text, directory):
                    self._errors[field], self._placeholders["caller"] = error, text
                else:
                    callers[str(AllowedCaller.parse(text))] = None
        if not callers and not self._errors:
            self._errors[CONF_CALLERS] = "callers_missing"
        return list(callers)

    def _caller_error(self, text: str, directory: Directory) -> str | None:
        """Return the error of a caller; None if it is valid."""
        try:
            caller = AllowedCaller.parse(text)
        except ValueError:
            return "invalid_date"
        if caller.name is not None and not is_name(caller.name, directory.speed_dials):
            return "caller_unknown"
        return "caller_shared" if caller.number == numbers.SHARED_CALLER_ID else None

    def _schema(self, directory: Directory, listed: Iterable[str]) -> vol.Schema:
        """Return the schema of the form, with the account's numbers and contacts."""
        localize = localizer(self.hass, "gate")
        # The form shows the value of the chosen number, not its label.
        labels = {text: text for text in map(numbers.formatted, directory.own_numbers)}
        for line in directory.lines.values():
            if line.name:
                labels[str(line.id)] = f"{line.id} ({line.name})"
        callers = {name: name for it in directory.speed_dials if (name := it.name)}
        for text in listed:
            caller = AllowedCaller.parse(text) if not self._caller_error(text, directory) else None
            if caller and caller.until:
                guest = replace(caller, until=None)
                callers[text] = localize("guest", caller=guest, **date_placeholders(caller.until))
        return vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                # The form would choose the first one if it were required.
                vol.Optional(CONF_NUMBER): suggestions(labels),
                vol.Optional(CONF_CALLERS, default=[]): suggestions(callers, multiple=True),
                vol.Optional(CONF_GUEST): PHONE_NUMBER,
                vol.Optional(CONF_GUEST_UNTIL): DateSelector(),
                vol.Required(CONF_HANG_UP, default=True): BooleanSelector(),
            }
        )
