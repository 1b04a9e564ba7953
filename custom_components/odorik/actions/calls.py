"""Actions that order callbacks, hang up, and allow numbers."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..api import ActiveCall, OdorikApiError, OdorikNotSentError
from ..calls import numbers
from ..calls.directory import Directory
from ..calls.spending import InvalidPrefixError, parse_prefixes
from ..const import CONF_CALLER, CONF_GUARD_ALLOWED, DOMAIN
from ..coordinator.active_calls import ActiveCallsCoordinator, HangUpResult
from ..runtime import OdorikConfigEntry
from ..spending_guard import async_allow
from .parameters import find_contact, parse_delay, parse_number, resolve_number
from .schemas import (
    ATTR_ACTIVE_CALL_ID,
    ATTR_CALLER,
    ATTR_LINE,
    ATTR_NUMBER,
    ATTR_RECIPIENT,
    ATTR_SIMPLE,
)


async def order_callback(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Order a callback. The request costs money, so it is sent once and never retried."""
    data, fields = entry.runtime_data, call.data
    now = data.client.now()
    directory = data.account.data.directory
    recipient = resolve_number(fields[ATTR_RECIPIENT], directory)
    caller_text = fields.get(ATTR_CALLER) or entry.options.get(CONF_CALLER)
    if not caller_text:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_caller")
    caller = resolve_number(caller_text, directory)
    delayed, line = parse_delay(call, now), fields.get(ATTR_LINE)
    counted = data.callback_limit.async_count()
    # Both are stored before the request: the legs may be seen before the response arrives, or after
    # a restart, and the limit has to hold then, too.
    log = data.history.log
    due = delayed if isinstance(delayed, datetime) else now + timedelta(minutes=delayed or 0)
    order = log.orders.add(caller, recipient, line, due)
    await data.history.async_save(**counted)
    try:
        status = await data.client.callback(
            caller,
            recipient,
            delayed=delayed,
            line=line,
            simple=fields.get(ATTR_SIMPLE),
        )
    except OdorikApiError, OdorikNotSentError:
        # The account may have been reloaded or unloaded meanwhile.
        if entry.state is ConfigEntryState.LOADED:
            history = entry.runtime_data.history
            history.log.orders.cancel(order)
            await history.async_save()
        raise
    finally:
        await data.active.async_request_refresh()
    return {"status": status.value}


async def allow_number(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Exempt calls to a number from the spending guard from now on.

    Raises:
        ServiceValidationError: It is neither a number nor the beginning of one.
    """
    try:
        allowed = parse_prefixes([call.data[ATTR_NUMBER]])
    except InvalidPrefixError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_prefix",
            translation_placeholders={"text": err.text},
        ) from None
    async_allow(call.hass, entry, allowed)
    return {"allowed": entry.options[CONF_GUARD_ALLOWED]}


async def hang_up(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Hang up the selected calls.

    Raises:
        HomeAssistantError: No call was selected, or some calls are still active.
        ServiceValidationError: Several contacts match the name.
        OdorikError: The active calls could not be read, or the one selected call is still active.
    """
    active, directory = entry.runtime_data.active, entry.runtime_data.account.data.directory
    number, line = call.data.get(ATTR_NUMBER), call.data.get(ATTR_LINE)
    call_id: int | None = call.data.get(ATTR_ACTIVE_CALL_ID)
    if call_id is not None:
        return {"hung_up": _single_result(call_id, await active.async_end_calls([call_id]))}
    if number is not None:
        return {"hung_up": await _hang_up_number(number, active, directory)}
    hung_up = await active.async_hang_up(
        lambda it: line in {None, it.line, directory.rung_line(it)}
    )
    if line is not None and not hung_up:
        raise _nothing_to_hang_up("no_call_on_line", line=line)
    return {"hung_up": hung_up}


async def _hang_up_number(
    text: str, active: ActiveCallsCoordinator, directory: Directory
) -> list[int]:
    """Hang up the calls to or from a number or a contact."""
    wanted = [text]
    is_number = parse_number(text, directory) is not None
    if not is_number and (contact := find_contact(text, directory)):
        # The contact may be a SIP address, which cannot be dialled but can be compared.
        is_number = True
        wanted.append(contact.number)

    def is_selected(it: ActiveCall) -> bool:
        return any(
            numbers.is_same_number(number, called)
            for number in wanted
            for called in (it.source_number, it.destination_number)
        )

    hung_up = await active.async_hang_up(is_selected)
    if not hung_up:
        key = "no_call_with_number" if is_number else "invalid_number"
        raise _nothing_to_hang_up(key, number=text)
    return hung_up


def _nothing_to_hang_up(translation_key: str, **placeholders: object) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=translation_key,
        translation_placeholders={name: str(value) for name, value in placeholders.items()},
    )


def _single_result(call_id: int, result: HangUpResult) -> list[int]:
    """Return the ID of a call that was hung up.

    Raises:
        HomeAssistantError: The call had ended before.
        OdorikError: The call is still active.
    """
    if not result.hung_up and not result.failed:
        raise _nothing_to_hang_up("call_has_ended", active_call_id=call_id)
    for err in result.failed.values():
        raise err
    return result.hung_up
