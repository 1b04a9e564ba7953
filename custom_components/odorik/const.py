"""Options, polling intervals, retry delays and other shared constants."""

from datetime import UTC, datetime, timedelta
import logging
from typing import Final

from homeassistant.util.hass_dict import HassKey

DOMAIN: Final = "odorik"
LOGGER: Final = logging.getLogger(__package__)

CONF_ACTIVE_INTERVAL: Final = "active_interval"
CONF_CALLBACK_LIMIT: Final = "callback_limit"
CONF_CALLER: Final = "caller"
CONF_CALLERS: Final = "callers"
CONF_LOW_CREDIT: Final = "low_credit"
CONF_GUARD_ALLOWED: Final = "guard_allowed"
CONF_GUARD_CALL_COST: Final = "guard_call_cost"
CONF_GUARD_CALL_MINUTES: Final = "guard_call_minutes"
CONF_GUARD_DAY_COST: Final = "guard_day_cost"
CONF_GUARD_HOUR_COST: Final = "guard_hour_cost"
CONF_GUARD_PARALLEL_CALLS: Final = "guard_parallel_calls"
CONF_GUARD_PREFIXES: Final = "guard_prefixes"
CONF_GUARD_PRICE_PER_MINUTE: Final = "guard_price_per_minute"
CONF_HANG_UP: Final = "hang_up"
CONF_KEEP_ACCENTS: Final = "keep_accents"
CONF_NUMBER: Final = "number"
CONF_PUSH: Final = "push"
CONF_PUSH_ANSWER: Final = "push_answer"
CONF_PUSH_RELAXED: Final = "push_relaxed"
CONF_SENDER: Final = "sender"
CONF_SMS_LIMIT: Final = "sms_limit"
CONF_SPENDING_GUARD: Final = "spending_guard"
CONF_UNREGISTERED_LINES: Final = "unregistered_lines"
CURRENCY: Final = "CZK"
ENV_API_URL: Final = "ODORIK_API_URL"
"""The environment variable with another URL of the API, for tests and the demo."""

DEFAULT_ACTIVE_INTERVAL: Final = 10
"""Seconds between polls of the active calls. A call rings for about twenty, so no ringing call is
missed."""
DEFAULT_CALLBACK_LIMIT: Final = 30
"""Callbacks per hour: more than a person orders, few enough to limit the cost of an automation that
runs in a loop."""
DEFAULT_SMS_LIMIT: Final = 20
"""Parts of text messages per hour."""
MAX_HOURLY_LIMIT: Final = 1000
MIN_ACTIVE_INTERVAL: Final = 5
"""Seconds; the most active public client of the operator polls at this interval."""
MAX_ACTIVE_INTERVAL: Final = 300
MAX_LOW_CREDIT: Final = 100_000
RINGING_INTERVAL: Final = timedelta(seconds=2)
"""Polling interval of the active calls while a call is ringing."""
IN_CALL_INTERVAL: Final = timedelta(seconds=3)
"""Polling interval of the active calls while all calls are answered."""
RELAXED_INTERVAL: Final = timedelta(minutes=1)
"""Idle polling interval while calls are announced by push. Outgoing calls are never announced."""
GUARDED_INTERVAL: Final = timedelta(seconds=10)
"""Longest polling interval of the active calls while the spending guard is on."""
GUARD_OFF: Final = "off"
GUARD_WARN: Final = "warn"
GUARD_HANG_UP: Final = "hang_up"
GATE: Final = "gate"
"""The type of the config subentries of gates."""
HISTORY_INTERVAL: Final = timedelta(minutes=2)
"""Polling interval of the history, for calls that were too short for the polls of active calls."""
RECORDS_PER_TURN: Final = 500
"""Records processed before yielding to the event loop."""
RECORD_RETRY_DELAYS: Final = (0, 0.6, 2, 5, 15, 60)
"""Seconds after the end of a call at which the history is read until the call's record is there."""
STATISTICS_INTERVAL: Final = timedelta(minutes=15)
"""Polling interval of the statistics, which are also read after each call."""
STATISTICS_RETRY: Final = timedelta(minutes=2)
"""Polling interval of the statistics after a failure, which makes sensors unavailable."""
LINES_INTERVAL: Final = timedelta(minutes=15)
"""Polling interval of the lines and their registered telephones."""
LOGIN_RETRY: Final = timedelta(minutes=15)
"""Polling interval after an authentication failure; more requests could trip the operator's
protection against brute force."""
CONTACTS_INTERVAL: Final = timedelta(hours=6)
"""Polling interval of public numbers and contacts, which rarely change."""
HISTORY_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The operator has no earlier calls."""
HISTORY_END: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Later than any call, even if a clock is wrong."""

LOADED_AT: Final[HassKey[float]] = HassKey(f"{DOMAIN}_loaded_at")
"""When the integration was set up, as ``time.monotonic()``."""
STARTED_AT: Final[HassKey[datetime]] = HassKey(f"{DOMAIN}_started_at")
"""The same time by the operator's clock, once it is known. Events of calls that ended earlier are
marked as replayed."""
