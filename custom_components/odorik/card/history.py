"""The history of an account, page by page, for a card that is scrolled."""

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
from .account import UNSEEN, find, formatted, row

LOOKBACKS: Final = (*(timedelta(days=days) for days in (7, 30, 90, 365)), None)
"""How far back a page looks, one step after the other, until it is full."""
RECORDS_READ: Final = 2000
"""A page that has gone through so many records looks no further; the next one goes on there."""
RECORDS_PER_TURN: Final = 500
"""Records that are looked at before others get their turn."""
ROWS_PER_TURN: Final = 50
"""The same of calls that are made into rows."""
OVERLAP: Final = timedelta(hours=1)
"""The legs of one call begin within this time, so a reading reaches over its ends by as much."""

_CHOICES: Final[dict[str, Callable[[CallEvent], bool]]] = {
    "all": lambda _: True,
    "missed": lambda call: call.type is CallEventType.MISSED,
    "incoming": lambda call: call.direction in {Direction.IN, Direction.REDIRECTED},
    "outgoing": lambda call: call.direction is Direction.OUT,
}
_NUMBER: Final = re.compile(r"(?:\+|00)?([\d*]+)")

type Message = dict[str, Any]


def _moment(value: Any) -> datetime:
    """Take a moment that lies within what can be reckoned with."""
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
        vol.Optional("show", default="all"): vol.In(_CHOICES),
        vol.Optional("search", default=""): vol.All(cv.string, vol.Length(max=100)),
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=200)),
    }
)
@websocket_api.async_response
async def _history(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Answer with a page of ``calls``, newest first, and the ``before`` of the next one.

    ``before`` is null at the end of the history. A page may hold a few more calls than its limit,
    since calls of the same moment stay together, and fewer when a search finds little in much.
    """
    state, entry = find(hass, connection.user, msg[ATTR_CONFIG_ENTRY_ID])
    if entry is None or state != "loaded":
        connection.send_error(
            msg["id"],
            state,
            f"The account is {state}",
            translation_domain=DOMAIN,
            translation_key=UNSEEN[state],
        )
        return
    failure: HomeAssistantError
    try:
        answer = await _ask(hass, connection, entry, msg)
    except OdorikError as err:
        failure = action_failed(hass, entry, err)
    except HomeAssistantError as err:
        failure = err
    else:
        connection.send_result(msg["id"], answer)
        return
    connection.send_error(
        msg["id"],
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        str(failure),
        translation_domain=failure.translation_domain,
        translation_key=failure.translation_key,
        translation_placeholders=failure.translation_placeholders,
    )


async def _ask(
    hass: HomeAssistant, connection: ActiveConnection, entry: OdorikConfigEntry, msg: Message
) -> Message:
    """Read a page when it is the connection's turn; closing the connection stops the reading."""
    data = entry.runtime_data
    fields = frozenset((name, value) for name, value in msg.items() if name != "id")
    if (task := asyncio.current_task()) is not None:
        connection.subscriptions[msg["id"]] = task.cancel
    try:
        return await data.readings.ask(
            connection, (data.dispatcher.dispatched, fields), partial(page, hass, entry, msg)
        )
    finally:
        connection.subscriptions.pop(msg["id"], None)


async def page(hass: HomeAssistant, entry: OdorikConfigEntry, msg: Message) -> Message:
    """Read back from a moment until the page is full.

    Args:
        hass: Home Assistant.
        entry: The account.
        msg: ``before`` (optional), ``show``, ``search`` and ``limit``.

    Raises:
        OdorikError: The history could not be read.
    """
    data = entry.runtime_data
    directory = data.account.data.directory
    # What has just been recorded may be dated a little ahead of the clock there.
    oldest: datetime = msg.get("before") or data.client.now() + timedelta(days=1)
    is_wanted = _matcher(msg["show"], msg["search"])
    found: list[_Found] = []
    records = 0
    for reach in LOOKBACKS:
        start = max(oldest - reach, HISTORY_START) if reach else HISTORY_START
        span = await _read(data.client, start, oldest)
        records += len(span.rows)
        oldest = span.start
        found += await hass.async_add_executor_job(span.calls, directory, is_wanted)
        if len(found) >= msg["limit"] or records >= RECORDS_READ:
            break
    before = oldest.isoformat() if oldest > HISTORY_START else None
    for place in range(msg["limit"], len(found)):
        last = found[place - 1].began
        if found[place].began != last:
            found, before = found[:place], last.isoformat()
            break
    return {"calls": await _rows(data.dispatcher, found), "before": before}


async def _rows(dispatcher: CallEventDispatcher, found: list[_Found]) -> list[Message]:
    """Make rows of calls, in portions: to write numbers for people takes its time."""
    rows: list[Message] = []
    for some in batched(found, ROWS_PER_TURN, strict=False):
        rows += [
            row(dispatcher.event_data(it.call)) | {"redirected_to": it.redirected_to} for it in some
        ]
        await asyncio.sleep(0)
    return rows


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A call of the past.

    Attributes:
        call: What it was.
        began: When.
        redirected_to: The number that it was sent on to, as people read it.
    """

    call: CallEvent
    began: datetime
    redirected_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A stretch of the history, with the records around it that its calls may have legs in."""

    start: datetime
    end: datetime
    rows: list[CallRecord]

    def calls(self, directory: Directory, is_wanted: Callable[[CallEvent], bool]) -> list[_Found]:
        """Join the records to calls as the events do; those that began in it, the newest first.

        This takes its time, so it is not for the event loop.
        """
        redirected = {row.redirection_parent_id: row.destination_number for row in self.rows}
        found = [
            _Found(
                call=call,
                began=call.started_at,
                redirected_to=formatted(numbers.normalize(redirected.get(call.call_id))),
            )
            for call in calls_of(self.rows, directory)
            if call.started_at and self.start <= call.started_at < self.end and is_wanted(call)
        ]
        return sorted(found, key=lambda it: (it.began, it.call.call_id or 0), reverse=True)


async def _read(client: OdorikClient, start: datetime, end: datetime) -> _Span:
    """Read the records of a period, or of so much of its end as may be joined at once."""
    newest, later = Newest(RECORDS_READ), Newest(RECORDS_READ)
    async for page in client.calls(start=start - OVERLAP, end=end + OVERLAP):
        for some in batched(page, RECORDS_PER_TURN, strict=False):
            newest.add(row for row in some if row.date < end)
            later.add(row for row in some if row.date >= end)
            await asyncio.sleep(0)
    rows = newest.pop_oldest(RECORDS_READ)
    if newest.is_cut:
        # The oldest calls may lack a leg that was cut off, and come whole with the next page. That
        # goes on where this one ends, so each has to get ahead, however close the calls lie.
        first, last = rows[0].date, rows[-1].date
        start = max(start, first + min(OVERLAP, (last - first) / 2))
    return _Span(start=start, end=end, rows=rows + later.pop_oldest(RECORDS_READ))


def _matcher(show: str, search: str) -> Callable[[CallEvent], bool]:
    """Say which calls are wanted: all of a kind, or those of a name or of digits in a number."""
    is_kind = _CHOICES[show]
    words = fold_text(search).split()
    number = _NUMBER.fullmatch(re.sub(r"[\s()/.-]", "", search))

    def is_wanted(call: CallEvent) -> bool:
        if not is_kind(call) or (words and call.number is None):
            return False
        if number:
            return number[1] in (call.number or "")
        name = fold_text(call.name or call.number or "") if words else ""
        return all(word in name for word in words)

    return is_wanted
