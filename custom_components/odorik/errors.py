"""The only place where an error of the client becomes one of Home Assistant's.

None of them is chained to what it came from: see the client on what aiohttp's texts hold.
"""

from collections.abc import Callable, Iterable
from functools import partial
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
    OdorikError,
    OdorikInvalidDelayFormatError,
    OdorikInvalidLineError,
    OdorikMissingArgumentError,
    OdorikUnauthorizedError,
    OdorikUnknownOutcomeError,
)
from .const import DOMAIN, LOGIN_RETRY

# The first that fits holds, so the special stand before the general.
_KEYS: Final[dict[type[OdorikError], str]] = {
    OdorikAuthError: "authentication_failed",
    OdorikUnauthorizedError: "unauthorized",
    OdorikCallbackFailedError: "callback_failed",
    OdorikMissingArgumentError: "missing_argument",
    OdorikInvalidDelayFormatError: "invalid_delay_format",
    OdorikDelayedIntoPastError: "delayed_into_past",
    OdorikInvalidLineError: "invalid_line",
    OdorikApiError: "undocumented_refusal",
    OdorikUnknownOutcomeError: "outcome_unknown",
    OdorikError: "cannot_connect",
}


def translation_key(err: OdorikError) -> str:
    """Name the text that says what happened."""
    return next(key for kind, key in _KEYS.items() if isinstance(err, kind))


def update_failed(err: OdorikError, *, is_set_up: bool) -> UpdateFailed | ConfigEntryAuthFailed:
    """Say why a poll failed.

    A wrong login ends a set-up. An account that is set up goes on trying it now and then, since
    the password may be changed back; after the other error Home Assistant would poll no more.
    """
    kind: Callable[..., UpdateFailed | ConfigEntryAuthFailed] = UpdateFailed
    if isinstance(err, OdorikAuthError):
        again = partial(UpdateFailed, retry_after=LOGIN_RETRY.total_seconds())
        kind = again if is_set_up else ConfigEntryAuthFailed
    return kind(
        translation_domain=DOMAIN,
        translation_key=translation_key(err),
        translation_placeholders=_placeholders(err),
    )


def action_failed(
    hass: HomeAssistant, entry: ConfigEntry[Any], err: OdorikError
) -> HomeAssistantError:
    """Say why an action failed; a wrong login starts a new one."""
    if isinstance(err, OdorikAuthError):
        entry.async_start_reauth(hass)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=translation_key(err),
        translation_placeholders=_placeholders(err),
    )


def hangup_failed(hung_up: Iterable[int], failed: Iterable[int]) -> HomeAssistantError:
    """Say which calls are still up, and which were ended."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="hangup_failed",
        translation_placeholders={"failed": _listed(failed), "hung_up": _listed(hung_up)},
    )


def _listed(ids: Iterable[int]) -> str:
    """Write ids for a person."""
    return ", ".join(map(str, ids)) or "–"  # noqa: RUF001 - a dash for none.


def _placeholders(err: OdorikError) -> dict[str, str]:
    """Give the texts the operator's own words, which hold no address."""
    detail = err.detail if isinstance(err, OdorikApiError) else ""
    return {"error": str(err), "detail": detail}
