"""The actions that users and their automations call."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util import dt as dt_util
import probatio as vol

from . import phone_number
from .api import ActiveCall, OdorikApiError, OdorikAuthError, OdorikError, OdorikUnauthorizedError
from .const import CONF_CALLER, DOMAIN
from .coordinator import OdorikConfigEntry
from .errors import action_failed

ATTR_ACTIVE_CALL_ID: Final = "active_call_id"
ATTR_ALL: Final = "all"
ATTR_AT: Final = "at"
ATTR_CALLER: Final = "caller"
ATTR_DELAY: Final = "delay"
ATTR_LINE: Final = "line"
ATTR_NUMBER: Final = "number"
ATTR_RECIPIENT: Final = "recipient"
ATTR_SIMPLE: Final = "simple"

ENTRY: Final[dict[vol.Marker, Any]] = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}

CALLBACK_SCHEMA: Final = vol.Schema(
    {
        **ENTRY,
        vol.Required(ATTR_RECIPIENT): cv.string,
        vol.Optional(ATTR_CALLER): cv.string,
        vol.Exclusive(ATTR_DELAY, "when"): cv.positive_int,
        vol.Exclusive(ATTR_AT, "when"): cv.datetime,
        vol.Optional(ATTR_LINE): cv.positive_int,
        vol.Optional(ATTR_SIMPLE): cv.boolean,
    }
)

HANGUP_SCHEMA: Final = vol.All(
    vol.Schema(
        {
            **ENTRY,
            vol.Exclusive(ATTR_ACTIVE_CALL_ID, "which"): cv.positive_int,
            vol.Exclusive(ATTR_NUMBER, "which"): cv.string,
            vol.Exclusive(ATTR_LINE, "which"): cv.positive_int,
            vol.Exclusive(ATTR_ALL, "which"): vol.All(cv.boolean, vol.IsTrue()),
        }
    ),
    cv.has_at_least_one_key(ATTR_ACTIVE_CALL_ID, ATTR_NUMBER, ATTR_LINE, ATTR_ALL),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema in (
        ("callback", _callback, CALLBACK_SCHEMA),
        ("hangup", _hangup, HANGUP_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN, name, action, schema, supports_response=SupportsResponse.OPTIONAL
        )


async def _callback(call: ServiceCall) -> ServiceResponse:
    """Order a call; the order goes out once, whatever becomes of it."""
    entry = _entry(call)
    recipient = _number(call.data[ATTR_RECIPIENT])
    caller = _number(_caller(call, entry))
    delay, at, line = (call.data.get(name) for name in (ATTR_DELAY, ATTR_AT, ATTR_LINE))
    due = dt_util.utcnow() + timedelta(minutes=delay or 0)
    if at is not None:
        due = at = dt_util.as_utc(at)
    entry.runtime_data.history.log.order(caller, recipient, line, due)
    try:
        status = await entry.runtime_data.client.callback(
            caller,
            recipient,
            delayed=delay if at is None else at,
            line=line,
            simple=call.data.get(ATTR_SIMPLE),
        )
    except OdorikError as err:
        raise _failed(entry, err) from None
    await entry.runtime_data.active.async_request_refresh()
    return {"status": status.value} if call.return_response else None


async def _hangup(call: ServiceCall) -> ServiceResponse:
    """End the calls that are meant."""
    entry = _entry(call)
    data = call.data
    if (call_id := data.get(ATTR_ACTIVE_CALL_ID)) is not None:
        try:
            await entry.runtime_data.client.hang_up(call_id)
        except OdorikApiError as err:
            if isinstance(err, (OdorikAuthError, OdorikUnauthorizedError)):
                raise _failed(entry, err) from None
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="call_has_ended",
                translation_placeholders={"active_call_id": str(call_id)},
            ) from None
        except OdorikError as err:
            raise _failed(entry, err) from None
        await entry.runtime_data.active.async_request_refresh()
        hung_up = [call_id]
    else:
        number, line = data.get(ATTR_NUMBER), data.get(ATTR_LINE)
        hung_up = await async_hang_up(
            entry,
            lambda active: (
                (number is None and line is None)
                or (line is not None and active.line == line)
                or (
                    number is not None
                    and (
                        phone_number.same(number, active.source_number)
                        or phone_number.same(number, active.destination_number)
                    )
                )
            ),
        )
    return {"hung_up": hung_up} if call.return_response else None


async def async_hang_up(
    entry: OdorikConfigEntry, is_meant: Callable[[ActiveCall], bool]
) -> list[int]:
    """End the active calls that are meant, and tell which ones were ended.

    A call that ended meanwhile is what was wanted, and no error.
    """
    client = entry.runtime_data.client
    hung_up: list[int] = []
    failed: dict[int, OdorikError] = {}
    try:
        for active in await client.active_calls():
            if is_meant(active):
                try:
                    await client.hang_up(active.id)
                except OdorikAuthError:
                    raise
                except OdorikError as err:
                    failed[active.id] = err
                else:
                    hung_up.append(active.id)
        if failed:
            still_up = {active.id for active in await client.active_calls()}
            failed = {call_id: err for call_id, err in failed.items() if call_id in still_up}
    except OdorikError as err:
        raise _failed(entry, err) from None
    await entry.runtime_data.active.async_request_refresh()
    if failed:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="hangup_failed",
            translation_placeholders={
                "failed": ", ".join(str(call_id) for call_id in failed),
                "hung_up": ", ".join(str(call_id) for call_id in hung_up) or "–",  # noqa: RUF001
            },
        )
    return hung_up


def _entry(call: ServiceCall) -> OdorikConfigEntry:
    """Find the account that is meant."""
    entry: OdorikConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    return entry


def _caller(call: ServiceCall, entry: OdorikConfigEntry) -> str:
    """Tell whom to ring first."""
    caller: str | None = call.data.get(ATTR_CALLER) or entry.options.get(CONF_CALLER)
    if not caller:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_caller")
    return caller


def _number(text: str) -> str:
    """Take a number as people write it."""
    number = phone_number.dialable(text)
    if number is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_number",
            translation_placeholders={"number": text},
        )
    return number


def _failed(entry: OdorikConfigEntry, err: OdorikError) -> HomeAssistantError:
    """Say what went wrong; a wrong login starts a new one."""
    if isinstance(err, OdorikAuthError):
        entry.async_start_reauth(entry.runtime_data.active.hass)
    return action_failed(err)
