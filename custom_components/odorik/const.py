"""Names and numbers that several modules share."""

from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util.hass_dict import HassKey

DOMAIN: Final = "odorik"
LOGGER: Final = logging.getLogger(__package__)

CONF_ACTIVE_INTERVAL: Final = "active_interval"
CONF_CALLBACK_LIMIT: Final = "callback_limit"
CONF_CALLER: Final = "caller"
CONF_LOW_CREDIT: Final = "low_credit"
CONF_PUSH: Final = "push"
CONF_PUSH_ANSWER: Final = "push_answer"
CONF_PUSH_RELAXED: Final = "push_relaxed"
CONF_UNREGISTERED_LINES: Final = "unregistered_lines"
CURRENCY: Final = "CZK"
ENV_API_URL: Final = "ODORIK_API_URL"
"""Replaces the operator's address, for tests and the demo."""

DEFAULT_ACTIVE_INTERVAL: Final = 10
"""Seconds between looks at the active calls. A call rings for some twenty, so each is seen."""
DEFAULT_CALLBACK_LIMIT: Final = 30
"""Callbacks an hour: more than a person orders, and less than a loop costs in earnest."""
MAX_CALLBACK_LIMIT: Final = 1000
MIN_ACTIVE_INTERVAL: Final = 5
"""The busiest public client of the operator asks this often."""
MAX_ACTIVE_INTERVAL: Final = 300
MAX_LOW_CREDIT: Final = 100_000
RINGING_INTERVAL: Final = timedelta(seconds=2)
"""While a call rings, its answer and its end are waited for."""
IN_CALL_INTERVAL: Final = timedelta(seconds=3)
"""While a call is up, somebody is looking at it."""
RELAXED_INTERVAL: Final = timedelta(minutes=1)
"""While calls are announced: for what is announced by nobody, as a call out."""
HISTORY_INTERVAL: Final = timedelta(minutes=2)
"""Finds the calls that were too short to be seen among the active ones."""
CHASE_DELAYS: Final = (0, 0.6, 2, 5, 15, 60)
"""Seconds after a call's end at which its record is looked for: it is written a little later."""
STATISTICS_INTERVAL: Final = timedelta(minutes=15)
"""Sums change with a call, and after each they are read anyway; this is for what we do not see."""
STATISTICS_RETRY: Final = timedelta(minutes=2)
"""After a failure the figures are missing from the dashboard, so they are not left for long."""
LINES_INTERVAL: Final = timedelta(minutes=15)
"""Whether a telephone is registered is worth knowing today, not this second."""
LOGIN_RETRY: Final = timedelta(minutes=15)
"""A refused password stays wrong until somebody acts, and nobody should look like a burglar."""
CONTACTS_INTERVAL: Final = timedelta(hours=6)
"""Numbers and contacts are changed by hand, a few times a year."""

FORM_IN_HAND: Final = timedelta(minutes=5)
"""A form that was sent so recently, and refused, is being filled in again."""

FORMS_SENT: Final[HassKey[dict[str, float]]] = HassKey(f"{DOMAIN}_forms_sent")
"""When each form that asks for a password was last sent, in seconds of a clock that nobody sets."""
LOADED_AT: Final[HassKey[float]] = HassKey(f"{DOMAIN}_loaded_at")
"""When this Home Assistant began to run us, in seconds of the clock that nobody sets."""
STARTED_AT: Final[HassKey[datetime]] = HassKey(f"{DOMAIN}_started_at")
"""The same moment by the operator's clock, as soon as that is known. What is older is reported as
replayed."""


def signal_call(entry_id: str) -> str:
    """Name the dispatcher signal that carries the call events of one account."""
    return f"{DOMAIN}_call_{entry_id}"


def signal_push(entry_id: str) -> str:
    """Name the dispatcher signal that says that the operator has called the web hook."""
    return f"{DOMAIN}_push_{entry_id}"
