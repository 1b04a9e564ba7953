"""Options flow, which also guides the user through setting up push at the operator."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigError,
    ConfigFlowResult,
    OptionsFlowWithReload,
    UnknownEntry,
)
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.data_entry_flow import AbortFlow, section
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)
import probatio as vol

from .calls.numbers import to_dialable
from .calls.spending import (
    DEFAULT_PREFIXES,
    InvalidPrefixError,
    parse_prefixes,
)
from .const import (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLBACK_LIMIT,
    CONF_CALLER,
    CONF_GUARD_ALLOWED,
    CONF_GUARD_CALL_COST,
    CONF_GUARD_CALL_MINUTES,
    CONF_GUARD_DAY_COST,
    CONF_GUARD_HOUR_COST,
    CONF_GUARD_PARALLEL_CALLS,
    CONF_GUARD_PREFIXES,
    CONF_GUARD_PRICE_PER_MINUTE,
    CONF_LOW_CREDIT,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    CONF_SMS_LIMIT,
    CONF_SPENDING_GUARD,
    CONF_UNREGISTERED_LINES,
    CURRENCY,
    DEFAULT_ACTIVE_INTERVAL,
    DEFAULT_CALLBACK_LIMIT,
    DEFAULT_SMS_LIMIT,
    GUARD_HANG_UP,
    GUARD_OFF,
    GUARD_WARN,
    MAX_ACTIVE_INTERVAL,
    MAX_HOURLY_LIMIT,
    MAX_LOW_CREDIT,
    MIN_ACTIVE_INTERVAL,
)
from .push.address import WebhookAddress, async_get_address
from .push.monitor import SIGNAL_PUSH
from .push.webhook import ANSWERS, DEFAULT_ANSWER, answer_named, async_prepare_webhook
from .runtime import OdorikConfigEntry
from .selectors import PHONE_NUMBER, suggestions
from .spending_guard import LIMITS, limits_of

FIRST_PUSH_TIMEOUT: Final = timedelta(minutes=3)
"""Long enough to call one's own number from another phone."""
GUARD: Final = "guard"
"""The section of the options of the spending guard."""
SHOW_ADDRESS: Final = "push_show_address"
WAIT: Final = "wait"
MAX_GUARD_CALLS: Final = 100
MAX_GUARD_COST: Final = 100_000
MAX_GUARD_MINUTES: Final = 1440
WAIT_SCHEMA: Final = vol.Schema({vol.Required(WAIT, default=True): BooleanSelector()})
WAYS_OUT: Final = ["push_wait", "push", "push_later"]
"""Options of the menu after a timeout."""


def _whole(low: int, high: int, unit: str) -> vol.All[int]:
    """Return a selector of whole numbers with a unit."""
    return vol.All(
        NumberSelector(
            NumberSelectorConfig(
                min=low, max=high, mode=NumberSelectorMode.BOX, unit_of_measurement=unit
            )
        ),
        vol.Coerce(int),
    )


def _stored_limits(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits of the spending guard in the options, or the default ones."""
    limits = limits_of(options)
    values = {option: getattr(limits, field) for option, field in LIMITS.items()}
    return {it: list(value) if isinstance(value, tuple) else value for it, value in values.items()}


_EMPTY_LIMITS: Final[dict[str, Any]] = {
    option: [] if option in {CONF_GUARD_PREFIXES, CONF_GUARD_ALLOWED} else 0 for option in LIMITS
}
"""The limits that turn all rules off."""


class AnswerSelector(SelectSelector):
    """A selector of answers that also accepts the replies themselves."""

    @override
    def __call__(self, data: Any) -> Any:
        """Validate a selection."""
        return super().__call__(answer_named(data))


def _number(high: float, unit: str) -> NumberSelector:
    """Return a selector of numbers with a unit; 0 turns a rule off."""
    return NumberSelector(
        NumberSelectorConfig(
            min=0, max=high, step="any", mode=NumberSelectorMode.BOX, unit_of_measurement=unit
        )
    )


GUARD_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_GUARD_PREFIXES): suggestions(DEFAULT_PREFIXES, multiple=True),
        vol.Optional(CONF_GUARD_PRICE_PER_MINUTE): _number(MAX_GUARD_COST, f"{CURRENCY}/min"),
        vol.Optional(CONF_GUARD_CALL_COST): _number(MAX_GUARD_COST, CURRENCY),
        vol.Optional(CONF_GUARD_CALL_MINUTES): _whole(0, MAX_GUARD_MINUTES, "min"),
        vol.Optional(CONF_GUARD_PARALLEL_CALLS): _whole(0, MAX_GUARD_CALLS, ""),
        vol.Optional(CONF_GUARD_HOUR_COST): _number(MAX_GUARD_COST, CURRENCY),
        vol.Optional(CONF_GUARD_DAY_COST): _number(MAX_GUARD_COST, CURRENCY),
        vol.Optional(CONF_GUARD_ALLOWED): suggestions((), multiple=True),
    }
)
"""Without defaults: an empty field turns its rule off."""
OPTIONS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_CALLER): PHONE_NUMBER,
        vol.Required(CONF_ACTIVE_INTERVAL, default=DEFAULT_ACTIVE_INTERVAL): _whole(
            MIN_ACTIVE_INTERVAL, MAX_ACTIVE_INTERVAL, "s"
        ),
        vol.Required(CONF_CALLBACK_LIMIT, default=DEFAULT_CALLBACK_LIMIT): _whole(
            1, MAX_HOURLY_LIMIT, "/h"
        ),
        vol.Required(CONF_SMS_LIMIT, default=DEFAULT_SMS_LIMIT): _whole(1, MAX_HOURLY_LIMIT, "/h"),
        vol.Required(CONF_LOW_CREDIT, default=0): _whole(0, MAX_LOW_CREDIT, CURRENCY),
        vol.Required(CONF_UNREGISTERED_LINES, default=False): BooleanSelector(),
        vol.Required(CONF_PUSH, default=False): BooleanSelector(),
        vol.Required(CONF_SPENDING_GUARD, default=GUARD_OFF): SelectSelector(
            SelectSelectorConfig(
                options=[GUARD_OFF, GUARD_WARN, GUARD_HANG_UP], translation_key="spending_guard"
            )
        ),
    }
)
PUSH_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_PUSH_RELAXED, default=True): BooleanSelector(),
        vol.Required(CONF_PUSH_ANSWER, default=DEFAULT_ANSWER): AnswerSelector(
            SelectSelectorConfig(options=list(ANSWERS), translation_key="push_answer")
        ),
        vol.Required(SHOW_ADDRESS, default=False): BooleanSelector(),
    }
)
"""Additional options while push is on."""


class OdorikOptionsFlow(OptionsFlowWithReload):
    """Changes the options of an account."""

    def __init__(self) -> None:
        self._waiting: asyncio.Task[None] | None = None
        self._stop_listening: CALLBACK_TYPE | None = None
        self._received = asyncio.Event()
        self._shown = WebhookAddress()

    @property
    @override
    def config_entry(self) -> OdorikConfigEntry:
        """The config entry; the flow is aborted if it has been removed."""
        try:
            return super().config_entry
        except UnknownEntry:
            raise AbortFlow("account_removed") from None

    def _entry_with_push(self) -> OdorikConfigEntry:
        """Return the config entry; abort the flow if push has been turned off."""
        entry = self.config_entry
        if not entry.options.get(CONF_PUSH) or CONF_WEBHOOK_ID not in entry.data:
            raise AbortFlow("push_off")
        return entry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        errors: dict[str, str] = {}
        before = self.config_entry.options
        placeholders: dict[str, str] = {}
        if user_input is not None:
            caller = user_input.pop(CONF_CALLER, "").strip()
            options = {**user_input, CONF_CALLER: caller} if caller else user_input
            if caller and not to_dialable(caller):
                errors[CONF_CALLER] = "invalid_number"
            # A client that does not know the section leaves its options as they are.
            guard = options.pop(GUARD, None)
            guard = _stored_limits(before) if guard is None else _EMPTY_LIMITS | guard
            try:
                for name in (CONF_GUARD_PREFIXES, CONF_GUARD_ALLOWED):
                    guard[name] = list(parse_prefixes(guard[name]))
            except InvalidPrefixError as err:
                errors["base"], placeholders = "invalid_prefix", {"text": err.text}
            if not errors:
                # While push is off, the form does not show its options, and they are kept.
                kept = {
                    it: before[it] for it in (CONF_PUSH_RELAXED, CONF_PUSH_ANSWER) if it in before
                }
                return await self._store({**kept, **options, **guard})
            user_input = options | {GUARD: guard}
        schema = OPTIONS_SCHEMA
        if before.get(CONF_PUSH):
            schema = schema.extend(PUSH_SCHEMA.schema)
        is_off = before.get(CONF_SPENDING_GUARD, GUARD_OFF) == GUARD_OFF
        schema = schema.extend({vol.Optional(GUARD): section(GUARD_SCHEMA, {"collapsed": is_off})})
        suggested = user_input or {**before, GUARD: _stored_limits(before)}
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _store(self, options: dict[str, Any]) -> ConfigFlowResult:
        """Store the options; if push is new or the user requests it, continue with the address."""
        # The field only exists while push is on.
        is_wanted = options.pop(SHOW_ADDRESS, True)
        entry = self.config_entry
        if not options[CONF_PUSH] or not is_wanted:
            return self.async_create_entry(data=options)
        # Store and reload now: the webhook has to exist before the user configures it, and its
        # address has to stay the same if the flow is not finished.
        if self.hass.config_entries.async_update_entry(entry, options=options):
            async_prepare_webhook(self.hass, entry)
            # The address exists even if the account cannot be set up.
            with suppress(ConfigError):
                await self.hass.config_entries.async_reload(entry.entry_id)
        self._listen()
        return await self.async_step_push()

    @callback
    def _listen(self) -> None:
        """Listen for the first push."""
        if self._stop_listening is None:
            self._stop_listening = async_dispatcher_connect(
                self.hass, SIGNAL_PUSH.format(self.config_entry.entry_id), self._receive
            )

    @callback
    def _receive(self, is_for_call: bool) -> None:  # noqa: FBT001 - A signal's data is positional.
        if is_for_call:
            self._received.set()

    async def async_step_push(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the address and the steps at the operator."""
        entry = self._entry_with_push()
        address = await async_get_address(self.hass, entry)
        is_seen = bool(address.url) and address == self._shown
        self._shown = address
        if user_input is not None and is_seen:
            if entry.state is ConfigEntryState.LOADED and (push := entry.runtime_data.push):
                await push.url_monitor.async_acknowledge(address)
            if self._received.is_set():
                return await self.async_step_push_received()
            return await (self.async_step_push_wait() if user_input[WAIT] else self._finish())
        return self.async_show_form(
            step_id="push",
            data_schema=WAIT_SCHEMA,
            errors=address.form_errors,
            description_placeholders=address.placeholders,
        )

    async def async_step_push_wait(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Wait for the first push."""
        # A progress step can only end in another step.
        if self._waiting is None:
            self._waiting = self.hass.async_create_background_task(
                self._wait(), f"{self._entry_with_push().title} - first push"
            )
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="push_wait", progress_action="push_wait", progress_task=self._waiting
            )
        self._waiting = None
        step = "push_received" if self._received.is_set() else "push_silent"
        return self.async_show_progress_done(next_step_id=step)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_PUSH_TIMEOUT.total_seconds()):
                await self._received.wait()

    async def async_step_push_received(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show that push works."""
        self._entry_with_push()
        if user_input is not None:
            return await self._finish()
        return self.async_show_form(step_id="push_received", data_schema=vol.Schema({}))

    async def async_step_push_silent(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Show that no push has arrived, and the options to continue."""
        self._entry_with_push()
        return self.async_show_menu(step_id="push_silent", menu_options=WAYS_OUT)

    async def async_step_push_later(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Finish; the webhook stays registered."""
        return await self._finish()

    async def _finish(self) -> ConfigFlowResult:
        """Finish with the options that are already stored."""
        return self.async_create_entry(data=dict(self.config_entry.options))

    @callback
    def async_remove(self) -> None:
        """Stop listening when the flow ends."""
        if self._stop_listening:
            self._stop_listening()
