"""Coordinator of the inbox of missed callers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..api import OdorikClient
from ..calls.event import CallEvent
from ..calls.inbox import LOOKBACK, Inbox, Item, Resolution
from ..const import LOGGER
from ..storage import OdorikStore, StoredData
from .account import AccountCoordinator

CALLS_PER_TURN: Final = 100
"""Calls that are added before yielding to the event loop."""


class InboxCoordinator(DataUpdateCoordinator[tuple[Item, ...]]):
    """Updates the inbox from calls and from what users do, and notifies its entities and the card.

    It does not poll: its data, the waiting callers followed by the completed ones, result from the
    history.

    Attributes:
        is_new: True if the inbox has to be filled with the calls of the last days.
        read_history: Requests a refresh of the history.
    """

    config_entry: ConfigEntry[Any]
    read_history: Callable[[], Awaitable[None]]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        store: OdorikStore,
    ) -> None:
        super().__init__(hass, LOGGER, config_entry=entry, name=f"{entry.title} inbox")
        self.data = ()
        self.is_new = True
        self._client = client
        self._account = account
        self._store = store
        self._inbox = Inbox()

    @property
    def waiting(self) -> list[Item]:
        """The callers who are waiting."""
        return [item for item in self.data if item.completed is None]

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of ``StoredData`` to be stored together with the position in the history."""
        return {} if self.is_new else {"inbox": self._inbox.state}

    def find(self, uid: str | None) -> Item | None:
        """Return the item with a UID."""
        return next((item for item in self.data if item.uid == uid), None)

    async def async_load(self, stored: StoredData) -> None:
        """Load the stored inbox."""
        self.is_new = stored.inbox is None
        self._inbox = Inbox(stored.inbox or ())
        await self._async_publish_first()
        self.config_entry.async_on_unload(self._account.async_add_listener(self.publish))

    async def async_fill(self, calls: Iterable[CallEvent]) -> None:
        """Fill the inbox with the calls of the last days."""
        self.is_new = False
        start = self._client.now() - LOOKBACK
        self._inbox.directory = self._account.data.directory
        for batch in batched(calls, CALLS_PER_TURN, strict=False):
            for call in batch:
                if call.started_at and call.started_at >= start:
                    self._inbox.add(call)
            await asyncio.sleep(0)
        await self._async_publish_first()

    async def _async_publish_first(self) -> None:
        """Publish the inbox for the first time; numbers are formatted in the executor."""
        self._inbox.directory = self._account.data.directory
        self._inbox.expire(self._client.now())
        items = self._inbox.items
        await self.hass.async_add_executor_job(_format_numbers, items)
        self.publish()

    @callback
    def add(self, call: CallEvent) -> bool:
        """Add a finished call; return whether it reached a caller who was waiting."""
        self.is_new = False
        self._inbox.directory = self._account.data.directory
        return self._inbox.add(call)

    @callback
    def publish(self) -> None:
        """Notify the listeners if an item has changed."""
        self._inbox.directory = self._account.data.directory
        if (items := self._inbox.items) != self.data:
            self.async_set_updated_data(items)

    @callback
    def expire(self) -> None:
        """Remove items that were completed long ago."""
        self._inbox.expire(self._client.now())
        self.publish()

    @override
    async def async_request_refresh(self) -> None:
        """Read the history, for a user who updates an entity."""
        await self.read_history()

    @override
    async def _async_update_data(self) -> tuple[Item, ...]:
        self._inbox.directory = self._account.data.directory
        self._inbox.expire(self._client.now())
        return self._inbox.items

    async def async_resolve(self, uids: Sequence[str], resolution: Resolution) -> None:
        """Complete, delete or reopen items, and store the inbox."""
        for uid in uids:
            self._inbox.resolve(uid, resolution, self._client.now())
        self.is_new = False
        self.publish()
        await self._store.async_save(**self.changes)


def _format_numbers(items: Iterable[Item]) -> None:
    """Warm the cache of formatted numbers."""
    for item in items:
        _ = item.formatted
