"""What the card is told: the calls of one account as they happen, and its history by pages.

Any user may ask. An account is shown to those who may read its ``active_calls`` entity.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
import re
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
import probatio as vol

from . import phone_number
from .api import Call, Direction, OdorikError
from .call_event import CallEvent, CallEventType
from .call_log import calls_of
from .const import CONF_CALLER, DOMAIN, signal_call
from .contacts import folded
from .coordinator import OdorikConfigEntry
from .directory import Directory
from .errors import action_failed
from .history import BEGINNING
from .permission import may, sensor_of

FIGURES: Final = ("balance", "missed_calls_today", "cost_this_month")
"""The entities of the account that the card's header shows."""
REACHES: Final = (*(timedelta(days=days) for days in (7, 30, 90, 365)), None)
"""How far back a page looks, one step after the other, until it is full."""
RECORDS_READ: Final = 2000
"""A page that has gone through so many records looks no further; the next one goes on there."""
NEIGHBOURHOOD: Final = timedelta(hours=1)
"""The legs of one call begin within this time, so a reading reaches over its ends by as much."""

_CHOICES: Final[dict[str, Callable[[CallEvent], bool]]] = {
    "all": lambda _: True,
    "missed": lambda call: call.type is CallEventType.MISSED,
    "incoming": lambda call: call.direction in {Direction.IN, Direction.REDIRECTED},
    "outgoing": lambda call: call.direction is Direction.OUT,
}
_NUMBER: Final = re.compile(r"(?:\+|00)?([\d*]+)")

type Message = dict[str, Any]


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, _subscribe)
    websocket_api.async_register_command(hass, _history)


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/subscribe", vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
)
@callback
def _subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Tell of an account from now on; without an id, of the first one that the user may read.

    Every event carries one of these:
        ``account``: its ``state`` (``loaded``, ``not_loaded``, ``forbidden``, ``missing``), and
            while it is loaded what the card needs to know of it;
        ``calls``: the calls that are ringing or up, with the server's ``now`` and whether the
            operator answers (``is_reachable``);
        ``recorded``: a finished call, as a row of the history.
    """
    subscription = _Subscription(hass, connection, msg)
    connection.subscriptions[msg["id"]] = subscription.async_end
    connection.send_result(msg["id"])
    subscription.async_start()


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/history",
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional("before"): cv.datetime,
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
    state, entry = _find(hass, connection.user, msg[ATTR_CONFIG_ENTRY_ID])
    if entry is None or state != "loaded":
        connection.send_error(msg["id"], state, f"The account is {state}")
        return
    try:
        page = await _page(entry, msg)
    except OdorikError as err:
        failure = action_failed(err)
        connection.send_error(
            msg["id"],
            websocket_api.ERR_HOME_ASSISTANT_ERROR,
            str(failure),
            translation_domain=failure.translation_domain,
            translation_key=failure.translation_key,
            translation_placeholders=failure.translation_placeholders,
        )
        return
    connection.send_result(msg["id"], page)


class _Subscription:
    """Somebody who looks at an account, through its reloads and whatever else becomes of it."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
        """Remember who asked."""
        self._hass = hass
        self._connection = connection
        self._id = msg["id"]
        self._wanted = msg.get(ATTR_CONFIG_ENTRY_ID)
        self._entry: OdorikConfigEntry | None = None
        self._account: Message | None = None
        self._listeners: list[CALLBACK_TYPE] = []
        self._changes: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Show what there is, and listen."""
        self._changes = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        self._look()

    @callback
    def async_end(self) -> None:
        """Listen no more."""
        self._detach()
        if self._changes is not None:
            self._changes()

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: OdorikConfigEntry) -> None:
        """Look again when an account is added, reloaded or removed."""
        if entry.domain == DOMAIN:
            self._look()

    @callback
    def _look(self) -> None:
        """See which account is meant and how it is, and show that if it is news."""
        state, entry = _find(self._hass, self._connection.user, self._wanted)
        if state != "loaded" or entry is not self._entry:
            self._detach()
        account: Message = {"state": state}
        if entry is not None and state != "forbidden":
            account |= {"config_entry_id": entry.entry_id, "title": entry.title}
        if entry is None or state != "loaded":
            self._show(account)
            return
        self._show(account | _account(self._hass, self._connection.user, entry))
        if self._entry is None:
            self._attach(entry)
        self._show_calls()

    def _attach(self, entry: OdorikConfigEntry) -> None:
        """Listen to a running account."""
        self._entry, data = entry, entry.runtime_data
        self._listeners = [
            data.account.async_add_listener(self._look),
            data.active.async_add_listener(self._show_calls),
            async_dispatcher_connect(self._hass, signal_call(entry.entry_id), self._call),
        ]

    def _detach(self) -> None:
        """Leave the account."""
        self._entry = None
        while self._listeners:
            self._listeners.pop()()

    def _show(self, account: Message) -> None:
        """Tell of the account when something of it has changed."""
        if account != self._account:
            self._account = account
            self._send(account=account)

    @callback
    def _show_calls(self) -> None:
        """Tell of the calls that are ringing or up."""
        if (entry := self._allowed()) is not None:
            data = entry.runtime_data
            self._send(
                calls=[_told(data.history.live_data(call)) for call in data.active.data],
                is_reachable=data.active.last_update_success,
                now=data.client.now().isoformat(),
            )

    @callback
    def _call(self, event_type: CallEventType, data: Message) -> None:
        """Tell of a call that has finished."""
        is_over = event_type in {CallEventType.ENDED, CallEventType.MISSED}
        if is_over and self._allowed() is not None:
            self._send(recorded=_told(data))

    def _allowed(self) -> OdorikConfigEntry | None:
        """Return the account, unless the user has lost the right to read it."""
        entry = self._entry
        if entry is not None and not may(self._hass, self._connection.user, entry, POLICY_READ):
            self._look()
        return self._entry

    def _send(self, **event: Any) -> None:
        self._connection.send_event(self._id, event)


def _find(
    hass: HomeAssistant, user: User, entry_id: str | None
) -> tuple[str, OdorikConfigEntry | None]:
    """Find the account that is meant, and say how it is."""
    entries: list[OdorikConfigEntry] = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if entry_id in {None, entry.entry_id}
    ]
    readable = [entry for entry in entries if may(hass, user, entry, POLICY_READ)]
    if not readable:
        return ("forbidden", None) if entries else ("missing", None)
    is_loaded = readable[0].state is ConfigEntryState.LOADED
    return ("loaded" if is_loaded else "not_loaded"), readable[0]


def _account(hass: HomeAssistant, user: User, entry: OdorikConfigEntry) -> Message:
    """Say what the card needs to know of a running account."""
    data = entry.runtime_data
    directory = data.account.data.directory
    figures = {key: sensor_of(hass, entry, key) for key in FIGURES}
    caller: str | None = entry.options.get(CONF_CALLER)
    return {
        "may_control": may(hass, user, entry, POLICY_CONTROL),
        "place": data.history.log.place,
        "caller": caller and {"number": caller, "name": directory.name_of(caller)},
        "figures": {
            key: entity_id
            for key, entity_id in figures.items()
            if entity_id and user.permissions.check_entity(entity_id, POLICY_READ)
        },
        "lines": [{"line": line.id, "name": line.name} for line in data.account.data.lines],
        "contacts": [
            {"number": number, "name": contact.name, "formatted": phone_number.formatted(number)}
            for contact in directory.speed_dials
            if (number := phone_number.canonical(contact.number))
            and phone_number.dialable(contact.number)
        ],
    }


def _told(call: Message) -> Message:
    """Add the numbers as people read them to the data of a call."""
    return call | {
        "formatted": _formatted(call["number"]),
        "own_formatted": _formatted(call["own_number"]),
    }


def _formatted(number: str | None) -> str | None:
    return phone_number.formatted(number) if number else None


async def _page(entry: OdorikConfigEntry, msg: Message) -> Message:
    """Read back from a moment until the page is full."""
    # What has just been recorded may be dated a little ahead of the clock there.
    before = msg.get("before") or entry.runtime_data.client.now() + timedelta(days=1)
    oldest = end = dt_util.as_utc(before)
    is_wanted = _matcher(entry.runtime_data.account.data.directory, msg["show"], msg["search"])
    calls: list[Message] = []
    records = 0
    for reach in REACHES:
        end, oldest = oldest, oldest - reach if reach else BEGINNING
        rows = await _rows(entry, oldest - NEIGHBOURHOOD, end + NEIGHBOURHOOD)
        records += len(rows)
        calls += _joined(entry, rows, oldest, end, is_wanted)
        if len(calls) >= msg["limit"] or records >= RECORDS_READ:
            break
    for place in range(msg["limit"], len(calls)):
        if calls[place]["started_at"] != calls[place - 1]["started_at"]:
            return {"calls": calls[:place], "before": calls[place - 1]["started_at"]}
    return {"calls": calls, "before": oldest.isoformat() if oldest > BEGINNING else None}


async def _rows(entry: OdorikConfigEntry, start: datetime, end: datetime) -> list[Call]:
    """Read the records of a period."""
    pages = entry.runtime_data.client.calls(start=start, end=end)
    return [row async for page in pages for row in page]


def _joined(
    entry: OdorikConfigEntry,
    rows: Iterable[Call],
    start: datetime,
    end: datetime,
    is_wanted: Callable[[CallEvent], bool],
) -> list[Message]:
    """Join records to calls as the events do, and tell those that began within the period."""
    records = {row.id: row for row in rows}.values()
    history = entry.runtime_data.history
    redirected_to = {
        row.redirection_parent_id: _formatted(phone_number.canonical(row.destination_number))
        for row in records
    }
    directory = entry.runtime_data.account.data.directory
    calls = [
        call
        for call in calls_of(records, directory)
        if call.started_at and start <= call.started_at < end and is_wanted(call)
    ]
    calls.sort(key=lambda call: (call.started_at or start, call.call_id or 0), reverse=True)
    return [
        _told(history.event_data(call)) | {"redirected_to": redirected_to.get(call.call_id)}
        for call in calls
    ]


def _matcher(directory: Directory, show: str, search: str) -> Callable[[CallEvent], bool]:
    """Say which calls are wanted: all of a kind, or those of a name or of digits in a number."""
    is_kind = _CHOICES[show]
    words = folded(search).split()
    number = _NUMBER.fullmatch(re.sub(r"[\s()/.-]", "", search))

    def is_wanted(call: CallEvent) -> bool:
        if not is_kind(call) or (words and call.number is None):
            return False
        if number:
            return number[1] in (call.number or "")
        name = folded(directory.name_of(call.number) or call.number or "") if words else ""
        return all(word in name for word in words)

    return is_wanted
