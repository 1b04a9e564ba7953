"""Ordering a callback: the one action that costs money."""

from datetime import timedelta
from typing import Any

from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError

from ..api import OdorikApiError, OdorikNotSentError
from ..const import CONF_CALLER, DOMAIN
from ..runtime import OdorikConfigEntry
from .callback_limit import count_callback
from .party import party
from .schemas import (
    ATTR_AT,
    ATTR_CALLER,
    ATTR_DELAY,
    ATTR_LINE,
    ATTR_RECIPIENT,
    ATTR_SIMPLE,
    MAX_MINUTES,
)


async def order_callback(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Order a call; the order goes out once, whatever becomes of it."""
    data, order = entry.runtime_data, call.data
    now = data.client.now()
    directory = data.account.data.directory
    recipient = party(order[ATTR_RECIPIENT], directory)
    wanted = order.get(ATTR_CALLER) or entry.options.get(CONF_CALLER)
    if not wanted:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_caller")
    caller = party(wanted, directory)
    delay, at, line = (order.get(name) for name in (ATTR_DELAY, ATTR_AT, ATTR_LINE))
    if at is not None and at <= now:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_into_past")
    if at is not None and at > now + timedelta(minutes=MAX_MINUTES):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_too_far")
    callbacks = count_callback(call.hass, entry)
    # The log hears of the order first: its legs may be seen before the answer is here, and by a
    # log that has been started anew meanwhile. So does the count, which guards money.
    log = data.history.log
    remembered = log.orders.add(caller, recipient, line, at or now + timedelta(minutes=delay or 0))
    await data.history.async_keep(callbacks=callbacks)
    try:
        status = await data.client.callback(
            caller,
            recipient,
            delayed=delay if at is None else at,
            line=line,
            simple=order.get(ATTR_SIMPLE),
        )
    except OdorikApiError, OdorikNotSentError:
        log.orders.withdraw(remembered)
        raise
    finally:
        await data.active.async_request_refresh()
    return {"status": status.value}
