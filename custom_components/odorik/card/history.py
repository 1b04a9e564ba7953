"""WebSocket command that returns pages of the history for the card."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from ..api import Direction, OdorikError
from ..call_events import CallEventDispatcher
from ..call_search import MAX_RECORDS, FoundCall, Matcher, read_span, text_matcher
from ..calls.event import CallEventType
from ..calls.numbers import is_same_number
from ..const import DOMAIN, HISTORY_END, HISTORY_START
from ..errors import action_failed
from ..gates import Gates
from ..runtime import OdorikConfigEntry
from .account import find, formatted, row, send_state_error

LOOKBACKS: Final = (*(timedelta(days=days) for days in (7, 30, 90, 365)), None)
"""How far back a page is searched for, step by step, until it is full."""
ROWS_PER_TURN: Final = 50
"""Rows created before yielding to the event loop."""

_FILTERS: Final[dict[str, Matcher]] = {
    "all": lambda _: True,
    "missed": lambda call: call.type is CallEventType.MISSED,
    "incoming": lambda call: call.direction in {Direction.IN, Direction.REDIRECTED},
    "outgoing": lambda call: call.direction is Direction.OUT,
}

type Message = dict[str, Any]


def _moment(value: Any) -> datetime:
    """Validate a time and limit it to the period of the history."""
    try:
        moment = dt_util.as_utc(cv.datetime(value))
    except ValueError, OverflowError:
        raise vol.Invalid("expected a date and time") from None
    return min(max(moment, HISTORY_START), HISTORY_END)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/history",
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional("before"): _moment,
        vol.Optional("show", default="all"): vol.In(_FILTERS),
        vol.Optional("search", default=""): vol.All(cv.string, vol.Length(max=100)),
        vol.Optional("number"): vol.All(cv.string, vol.Length(max=100)),
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=200)),
    }
)
@websocket_api.async_response
async def websocket_history(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message
) -> None:
    """Send a page of ``calls``, the newest first, and the ``before`` of the next page.

    ``before`` is null at the end of the history. A page can have more calls than the limit, since
    calls of the same second stay together, and fewer if a search finds few calls.
    """
    state, entry = find(hass, connection.user, msg[ATTR_CONFIG_ENTRY_ID])
    if entry is None or state != "loaded":
        send_state_error(connection, msg["id"], state)
        return
    failure: HomeAssistantError
    try:
        page = await _read_page(hass, connection, entry, msg)
    except OdorikError as err:
        failure = action_failed(hass, entry, err)
    except HomeAssistantError as err:
        failure = err
    else:
        connection.send_result(msg["id"], page)
        return
    connection.send_error(
        msg["id"],
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        str(failure),
        translation_domain=failure.translation_domain,
        translation_key=failure.translation_key,
        translation_placeholders=failure.translation_placeholders,
    )


async def _read_page(
    hass: HomeAssistant, connection: ActiveConnection, entry: OdorikConfigEntry, msg: Message
) -> Message:
    """Read a page when it is the connection's turn; closing the connection cancels it."""
    data = entry.runtime_data
    fields = frozenset((name, value) for name, value in msg.items() if name != "id")
    if (task := asyncio.current_task()) is not None:
        connection.subscriptions[msg["id"]] = task.cancel
    try:
        return await data.readings.ask(
            connection, (data.dispatcher.dispatched, fields), partial(find_page, hass, entry, msg)
        )
    finally:
        connection.subscriptions.pop(msg["id"], None)


async def find_page(hass: HomeAssistant, entry: OdorikConfigEntry, msg: Message) -> Message:
    """Read the history backwards until the page is full.

    Args:
        hass: Home Assistant.
        entry: The account.
        msg: ``before`` and ``number`` (optional), ``show``, ``search`` and ``limit``.

    Raises:
        OdorikError: The history could not be read.
    """
    data = entry.runtime_data
    directory = data.account.data.directory
    # The latest records may be slightly in the future.
    oldest: datetime = msg.get("before") or data.client.now() + timedelta(days=1)
    is_match = _matcher(msg["show"], msg["search"], msg.get("number"))
    found: list[FoundCall] = []
    records = 0
    for reach in LOOKBACKS:
        start = max(oldest - reach, HISTORY_START) if reach else HISTORY_START
        span = await read_span(data.client, start, oldest)
        records += len(span.rows)
        oldest = span.start
        found += await hass.async_add_executor_job(span.calls, directory, is_match)
        if len(found) >= msg["limit"] or records >= MAX_RECORDS:
            break
    before = oldest.isoformat() if oldest > HISTORY_START else None
    for place in range(msg["limit"], len(found)):
        last = found[place - 1].began
        if found[place].began != last:
            found, before = found[:place], last.isoformat()
            break
    return {"calls": await _rows(data.dispatcher, data.gates, found), "before": before}


async def _rows(
    dispatcher: CallEventDispatcher, gates: Gates, found: list[FoundCall]
) -> list[Message]:
    """Convert calls to rows, yielding to the event loop: formatting numbers is slow."""
    rows: list[Message] = []
    for batch in batched(found, ROWS_PER_TURN, strict=False):
        rows += [
            row(gates, dispatcher.event_data(it.call))
            | {"redirected_to": formatted(it.redirected_to)}
            for it in batch
        ]
        await asyncio.sleep(0)
    return rows


def _matcher(show: str, search: str, number: str | None) -> Matcher:
    """Return a filter for a kind of calls, a name or the digits of a number, and a whole number."""
    is_kind, has_text = _FILTERS[show], text_matcher(search)
    return lambda call: (
        is_kind(call)
        and has_text(call.name, call.number)
        and (number is None or is_same_number(call.number, number))
    )
