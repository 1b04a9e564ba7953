"""WebSocket command that returns pages of the history for the card."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
import re
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from ..api import CallRecord, Direction, OdorikClient, OdorikError
from ..call_events import CallEventDispatcher
from ..calls import numbers
from ..calls.contacts import fold_text
from ..calls.directory import Directory
from ..calls.event import CallEvent, CallEventType
from ..calls.log import calls_of
from ..calls.newest import Newest
from ..const import DOMAIN, HISTORY_START
from ..coordinator.history import HISTORY_END
from ..errors import action_failed
from ..runtime import OdorikConfigEntry
from .account import find, formatted, row, send_state_error

LOOKBACKS: Final = (*(timedelta(days=days) for days in (7, 30, 90, 365)), None)
"""How far back a page is searched for, step by step, until it is full."""
MAX_RECORDS: Final = 2000
"""Records that are searched for one page; the next page continues from there."""
RECORDS_PER_TURN: Final = 500
"""Records processed before yielding to the event loop."""
ROWS_PER_TURN: Final = 50
"""Rows created before yielding to the event loop."""
OVERLAP: Final = timedelta(hours=1)
"""How far a reading extends beyond its period: the legs of a call begin within this time."""

_FILTERS: Final[dict[str, Callable[[CallEvent], bool]]] = {
    "all": lambda _: True,
    "missed": lambda call: call.type is CallEventType.MISSED,
    "incoming": lambda call: call.direction in {Direction.IN, Direction.REDIRECTED},
    "outgoing": lambda call: call.direction is Direction.OUT,
}
_NUMBER: Final = re.compile(r"(?:\+|00)?([\d*]+)")

type Message = dict[str, Any]


def _moment(value: Any) -> datetime:
    """Validate a time and limit it to the period of the history."""
    try:
        moment = dt_util.as_utc(cv.datetime(value))
    except ValueError, OverflowError:
        raise vol.Invalid("expected a date and time") from None
    return min(max(moment, HISTORY_START), HISTORY_END)


@callback
def async_setup_history(hass: HomeAssistant) -> None:
    """Register the command."""
    websocket_api.async_register_command(hass, _history)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/history",
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional("before"): _moment,
        vol.Optional("show", default="all"): vol.In(_FILTERS),
        vol.Optional("search", default=""): vol.All(cv.string, vol.Length(max=100)),
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=200)),
    }
)
@websocket_api.async_response
async def _history(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
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
        msg: ``before`` (optional), ``show``, ``search`` and ``limit``.

    Raises:
        OdorikError: The history could not be read.
    """
    data = entry.runtime_data
    directory = data.account.data.directory
    # The latest records may be slightly in the future.
    oldest: datetime = msg.get("before") or data.client.now() + timedelta(days=1)
    is_match = _matcher(msg["show"], msg["search"])
    found: list[_Found] = []
    records = 0
    for reach in LOOKBACKS:
        start = max(oldest - reach, HISTORY_START) if reach else HISTORY_START
        span = await _read(data.client, start, oldest)
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
    return {"calls": await _rows(data.dispatcher, found), "before": before}


async def _rows(dispatcher: CallEventDispatcher, found: list[_Found]) -> list[Message]:
    """Convert calls to rows, yielding to the event loop: formatting numbers is slow."""
    rows: list[Message] = []
    for batch in batched(found, ROWS_PER_TURN, strict=False):
        rows += [
            row(dispatcher.event_data(it.call)) | {"redirected_to": it.redirected_to}
            for it in batch
        ]
        await asyncio.sleep(0)
    return rows


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A call that was found.

    Attributes:
        call: The event of the call.
        began: When the call began.
        redirected_to: The formatted number to which it was redirected.
    """

    call: CallEvent
    began: datetime
    redirected_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A period of the history, with the records around it that may be legs of its calls."""

    start: datetime
    end: datetime
    rows: list[CallRecord]

    def calls(self, directory: Directory, is_match: Callable[[CallEvent], bool]) -> list[_Found]:
        """Return the calls of the period, the newest first, joined as for events.

        Runs in the executor.
        """
        redirected = {row.redirection_parent_id: row.destination_number for row in self.rows}
        found = [
            _Found(
                call=call,
                began=call.started_at,
                redirected_to=formatted(numbers.normalize(redirected.get(call.call_id))),
            )
            for call in calls_of(self.rows, directory)
            if call.started_at and self.start <= call.started_at < self.end and is_match(call)
        ]
        return sorted(found, key=lambda it: (it.began, it.call.call_id or 0), reverse=True)


async def _read(client: OdorikClient, start: datetime, end: datetime) -> _Span:
    """Read the records of a period; if there are too many, only those at its end."""
    newest, later = Newest(MAX_RECORDS), Newest(MAX_RECORDS)
    async for page in client.calls(start=start - OVERLAP, end=end + OVERLAP):
        for batch in batched(page, RECORDS_PER_TURN, strict=False):
            newest.add(row for row in batch if row.date < end)
            later.add(row for row in batch if row.date >= end)
            await asyncio.sleep(0)
    rows = newest.pop_oldest(MAX_RECORDS)
    if newest.is_cut:
        # The oldest calls may lack legs; they are complete on the next page. Each page has to make
        # progress, however dense the calls are.
        first, last = rows[0].date, rows[-1].date
        start = max(start, first + min(OVERLAP, (last - first) / 2))
    return _Span(start=start, end=end, rows=rows + later.pop_oldest(MAX_RECORDS))


def _matcher(show: str, search: str) -> Callable[[CallEvent], bool]:
    """Return a filter for a kind of calls, and for a name or the digits of a number."""
    is_kind = _FILTERS[show]
    words = fold_text(search).split()
    number = _NUMBER.fullmatch(re.sub(r"[\s()/.-]", "", search))

    def is_match(call: CallEvent) -> bool:
        if not is_kind(call) or (words and call.number is None):
            return False
        if number:
            return number[1] in (call.number or "")
        name = fold_text(call.name or call.number or "") if words else ""
        return all(word in name for word in words)

    return is_match
