"""WebSocket subscription that keeps the card up to date.

Any user may subscribe; an account is shown to users who may read its ``active_calls`` sensor.
"""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import probatio as vol

from ..call_events import SIGNAL_CALL, CallUpdate
from ..calls.event import CallEventType
from ..calls.inbox import Item
from ..const import DOMAIN
from ..permission import has_permission
from ..runtime import OdorikConfigEntry
from .account import describe, find, row, writable_numbers

type Message = dict[str, Any]


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/subscribe", vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
)
@callback
def websocket_subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    """Subscribe to an account; without an ID, to the first one that the user may read.

    Each event has one of these keys:
        ``account``: the ``state`` (``loaded``, ``not_loaded``, ``forbidden``, ``missing``), and
            while the account is loaded what the card needs of it;
        ``calls``: the active calls, with the server's ``now`` and whether the operator responds
            (``is_reachable``);
        ``recorded``: a finished call, as a row of the history.
    If the waiting callers have changed, they are in ``waiting``, alone or in addition, with whether
    the user may send them messages (``may_write``).
    """
    subscription = _Subscription(hass, connection, msg)
    connection.subscriptions[msg["id"]] = subscription.async_end
    connection.send_result(msg["id"])
    subscription.async_start()


class _Subscription:
    """A subscription to an account, which continues after reloads."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
        self._hass = hass
        self._connection = connection
        self._id = msg["id"]
        self._requested_id = msg.get(ATTR_CONFIG_ENTRY_ID)
        self._entry: OdorikConfigEntry | None = None
        self._account: Message | None = None
        self._writable: set[str] = set()
        self._inbox: tuple[Item, ...] | None = None
        self._listeners: list[CALLBACK_TYPE] = []
        self._changes: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Send the current state, and listen for changes."""
        self._changes = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        self._update()

    @callback
    def async_end(self) -> None:
        """Stop listening."""
        self._detach()
        if self._changes is not None:
            self._changes()

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: OdorikConfigEntry) -> None:
        """Update the account when one is added, reloaded or removed."""
        if entry.domain == DOMAIN:
            self._update()

    @callback
    def _update(self) -> None:
        """Send the account if it has changed, and follow its state."""
        state, entry = find(self._hass, self._connection.user, self._requested_id)
        if state != "loaded" or entry is not self._entry:
            self._detach()
        account: Message = {"state": state}
        if entry is not None and state != "forbidden":
            account |= {"config_entry_id": entry.entry_id, "title": entry.title}
        if entry is None or state != "loaded":
            self._send_account(account)
            return
        account |= describe(self._hass, self._connection.user, entry)
        if (writable := writable_numbers(account)) != self._writable:
            self._writable, self._inbox = writable, None
        self._send_account(account)
        if self._entry is None:
            self._attach(entry)
        self._send_calls()

    def _attach(self, entry: OdorikConfigEntry) -> None:
        """Listen to an account that is loaded."""
        self._entry, data = entry, entry.runtime_data
        self._listeners = [
            data.account.async_add_listener(self._update),
            data.active.async_add_listener(self._send_calls),
            data.inbox.async_add_listener(self._send_waiting_soon),
            async_dispatcher_connect(self._hass, SIGNAL_CALL.format(entry.entry_id), self._call),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._entity_changed, self._is_of_account
            ),
        ]

    @callback
    def _is_of_account(self, change: er.EventEntityRegistryUpdatedData) -> bool:
        """Return whether an entity of the account was renamed, enabled, disabled or removed."""
        entity = er.async_get(self._hass).async_get(change["entity_id"])
        return self._entry is not None and (
            entity is None or entity.config_entry_id == self._entry.entry_id
        )

    @callback
    def _entity_changed(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Send the new IDs of the entities that the card shows and acts on."""
        self._update()

    def _detach(self) -> None:
        """Stop listening to the account."""
        self._entry = self._inbox = None
        while self._listeners:
            self._listeners.pop()()

    def _send_account(self, account: Message) -> None:
        """Send the account if it has changed."""
        if account != self._account:
            self._account = account
            self._send(account=account)

    @callback
    def _send_calls(self) -> None:
        """Send the active calls."""
        if (entry := self._authorized_entry()) is not None:
            data = entry.runtime_data
            self._send(
                calls=[
                    row(data.gates, data.dispatcher.live_data(call)) for call in data.active.data
                ],
                **self._waiting(entry),
                is_reachable=data.active.last_update_success,
                now=data.client.now().isoformat(),
            )

    @callback
    def _call(self, update: CallUpdate) -> None:
        """Send a finished call."""
        is_over = update.event.type in {CallEventType.ENDED, CallEventType.MISSED}
        if is_over and (entry := self._authorized_entry()) is not None:
            self._send(recorded=row(entry.runtime_data.gates, update.data), **self._waiting(entry))

    @callback
    def _send_waiting_soon(self) -> None:
        """Send the waiting callers, unless they are sent together with the call."""
        self._hass.loop.call_soon(self._send_waiting)

    @callback
    def _send_waiting(self) -> None:
        if (entry := self._authorized_entry()) is not None and (waiting := self._waiting(entry)):
            self._send(**waiting)

    def _waiting(self, entry: OdorikConfigEntry) -> Message:
        """Return the waiting callers, if they or the writable numbers have changed."""
        inbox = entry.runtime_data.inbox
        if inbox.data is self._inbox:
            return {}
        self._inbox = inbox.data
        return {
            "waiting": [
                item.attributes | {"may_write": item.number in self._writable}
                for item in inbox.waiting
            ]
        }

    def _authorized_entry(self) -> OdorikConfigEntry | None:
        """Return the account, unless the user may no longer read it."""
        entry = self._entry
        if entry is not None and not has_permission(
            self._hass, self._connection.user, entry, POLICY_READ
        ):
            self._update()
        return self._entry

    def _send(self, **event: Any) -> None:
        self._connection.send_event(self._id, event)
