"""Convert the client's exceptions to those of Home Assistant.

They are raised without a cause: messages of aiohttp contain the URL with the password.
"""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import (
    OdorikApiError,
    OdorikAuthError,
    OdorikCallbackFailedError,
    OdorikDelayedIntoPastError,
    OdorikEmptyMessageError,
    OdorikError,
    OdorikForbiddenSenderError,
    OdorikGatewayFailedError,
    OdorikInvalidDelayFormatError,
    OdorikInvalidLineError,
    OdorikLowBalanceError,
    OdorikMissingArgumentError,
    OdorikUnauthorizedError,
    OdorikUnknownOutcomeError,
    OdorikUnsupportedRecipientError,
)
from .const import DOMAIN, LOGIN_RETRY

# Most specific first: the first match wins.
_KEYS: Final[dict[type[OdorikError], str]] = {
    OdorikAuthError: "authentication_failed",
    OdorikUnauthorizedError: "unauthorized",
    OdorikCallbackFailedError: "callback_failed",
    OdorikMissingArgumentError: "missing_argument",
    OdorikInvalidDelayFormatError: "invalid_delay_format",
    OdorikDelayedIntoPastError: "delayed_into_past",
    OdorikInvalidLineError: "invalid_line",
    OdorikEmptyMessageError: "empty_message",
    OdorikForbiddenSenderError: "forbidden_sender",
    OdorikUnsupportedRecipientError: "unsupported_recipient",
    OdorikLowBalanceError: "low_balance",
    OdorikGatewayFailedError: "gateway_failed",
    OdorikApiError: "undocumented_refusal",
    OdorikUnknownOutcomeError: "outcome_unknown",
    OdorikError: "cannot_connect",
}


def translation_key(err: OdorikError) -> str:
    """Return the translation key of an error."""
    return next(key for kind, key in _KEYS.items() if isinstance(err, kind))


def update_failed(err: OdorikError, *, is_set_up: bool) -> UpdateFailed | ConfigEntryAuthFailed:
    """Return the exception for a failed poll.

    An authentication error ends a setup. Later it only slows polling down, since the password may
    be changed back: after ``ConfigEntryAuthFailed``, Home Assistant would stop polling.
    """
    texts: dict[str, Any] = {
        "translation_domain": DOMAIN,
        "translation_key": translation_key(err),
        "translation_placeholders": _placeholders(err),
    }
    if not isinstance(err, OdorikAuthError):
        return UpdateFailed(**texts)
    if is_set_up:
        return UpdateFailed(**texts, retry_after=LOGIN_RETRY.total_seconds())
    return ConfigEntryAuthFailed(**texts)


def action_failed(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    err: OdorikError,
    *,
    outcome_unknown: str = "outcome_unknown",
) -> HomeAssistantError:
    """Return the exception for a failed action; start reauthentication if necessary.

    Args:
        hass: Home Assistant.
        entry: The account.
        err: The error of the client.
        outcome_unknown: The translation key if it is unknown whether the order was accepted.
    """
    if isinstance(err, OdorikAuthError):
        entry.async_start_reauth(hass)
    is_unknown = isinstance(err, OdorikUnknownOutcomeError)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=outcome_unknown if is_unknown else translation_key(err),
        translation_placeholders=_placeholders(err),
    )


def hangup_failed(hung_up: Iterable[int], failed: Iterable[int]) -> HomeAssistantError:
    """Return the exception for calls that could not all be hung up."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="hangup_failed",
        translation_placeholders={"failed": _format_ids(failed), "hung_up": _format_ids(hung_up)},
    )


def _format_ids(ids: Iterable[int]) -> str:
    """Format IDs for an error message."""
    return ", ".join(map(str, ids)) or "–"  # noqa: RUF001 - an en dash.


def _placeholders(err: OdorikError) -> dict[str, str]:
    """Return the placeholders of an error, which contain no URL."""
    detail = err.detail if isinstance(err, OdorikApiError) else ""
    return {"error": str(err), "detail": detail}
