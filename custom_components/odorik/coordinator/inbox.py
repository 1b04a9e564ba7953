"""The inbox of one account, as its entities and the card show it, kept with the account's place."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..api import OdorikClient
from ..calls.event import CallEvent
from ..calls.inbox import REACH, How, Inbox, Item
from ..const import LOGGER
from .account import AccountCoordinator
from .place import Kept, Place

TURN: Final = 100
"""Calls that are taken in before others get their turn."""


class InboxCoordinator(DataUpdateCoordinator[tuple[Item, ...]]):
    """Takes in calls and what people do about them, and tells whoever shows the callers.

    It has no clock and asks nobody: it follows from the history. Its data are the callers who wait,
    and then those who were seen to.

    Attributes:
        is_new: Whether the last days have to be read into it.
        read_history: Requests a reading of the history.
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
        place: Place,
    ) -> None:
        """Keep the inbox of an account; it is empty until it is loaded."""
        super().__init__(hass, LOGGER, config_entry=entry, name=f"{entry.title} inbox")
        self.data = ()
        self.is_new = True
        self._client = client
        self._account = account
        self._place = place
        self._inbox = Inbox()

    @property
    def waiting(self) -> list[Item]:
        """The callers who wait."""
        return [item for item in self.data if item.completed is None]

    @property
    def changes(self) -> dict[str, Any]:
        """What has to be stored along with how far the log has come, see ``Kept``."""
        return {} if self.is_new else {"inbox": self._inbox.state}

    def find(self, uid: str | None) -> Item | None:
        """Find a caller among those who are shown."""
        return next((item for item in self.data if item.uid == uid), None)

    async def async_load(self, kept: Kept) -> None:
        """Go on with what was stored."""
        self.is_new = kept.inbox is None
        self._inbox = Inbox(kept.inbox or ())
        await self._async_look_up()
        self.config_entry.async_on_unload(self._account.async_add_listener(self.publish))

    async def async_fill(self, calls: Iterable[CallEvent]) -> None:
        """Begin with the calls of the last days; nobody hears of them."""
        self.is_new = False
        start = self._client.now() - REACH
        self._inbox.directory = self._account.data.directory
        for some in batched(calls, TURN, strict=False):
            for call in some:
                if call.started_at and call.started_at >= start:
                    self._inbox.take(call)
            await asyncio.sleep(0)
        await self._async_look_up()

    async def _async_look_up(self) -> None:
        """Write the numbers for people for the first time, which takes its time."""
        self._inbox.directory = self._account.data.directory
        self._inbox.forget(self._client.now())
        items = self._inbox.items
        await self.hass.async_add_executor_job(_write_numbers, items)
        self.publish()

    @callback
    def take(self, call: CallEvent) -> bool:
        """Take a finished call in, and say whether it has reached somebody who waited."""
        self.is_new = False
        self._inbox.directory = self._account.data.directory
        return self._inbox.take(call)

    @callback
    def publish(self) -> None:
        """Tell of the callers when anything of them has changed."""
        self._inbox.directory = self._account.data.directory
        if (items := self._inbox.items) != self.data:
            self.async_set_updated_data(items)

    @callback
    def forget(self) -> None:
        """Show those no more who were seen to long ago."""
        self._inbox.forget(self._client.now())
        self.publish()

    @override
    async def async_request_refresh(self) -> None:
        """Read the history, for a user who updates an entity."""
        await self.read_history()

    @override
    async def _async_update_data(self) -> tuple[Item, ...]:
        """Return what is known, without those who were seen to long ago."""
        self._inbox.directory = self._account.data.directory
        self._inbox.forget(self._client.now())
        return self._inbox.items

    async def async_act(self, uids: Sequence[str], how: How) -> None:
        """Tick callers off, delete or reopen them, and remember it."""
        for uid in uids:
            self._inbox.act(uid, how, self._client.now())
        self.is_new = False
        self.publish()
        await self._place.keep(**self.changes)


def _write_numbers(items: Iterable[Item]) -> None:
    """Have the numbers written once; afterwards they are known."""
    for item in items:
        _ = item.formatted
