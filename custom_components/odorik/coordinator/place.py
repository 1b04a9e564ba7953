"""What has to survive a restart of Home Assistant, kept on the disk for each account."""

import asyncio
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.storage import Store
from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from ..calls.hours import Settled
from ..calls.inbox import Caller
from ..calls.log import LogState
from ..calls.proof import ProofState
from ..const import DOMAIN, LOGGER
from ..issues import Issue, delete_issue, raise_issue

_UNREADABLE: Final = (
    HomeAssistantError,
    KeyError,
    TypeError,
    NotImplementedError,
    ValidationError,
)


class Kept(Struct, kw_only=True, frozen=True):
    """What is stored.

    Attributes:
        log: How far the calls have been reported; None before the first bearings.
        last_call: The data of the event of the last call.
        last_missed_call: The same of the last missed one.
        callbacks: When the callbacks of the last hour were ordered, by the operator's clock.
        inbox: The callers who were missed; None before it was first filled.
        years: How far the long-term statistics have been written; None before the first of them.
        proof: Whether calls come announced; None while push is off.
        address: What tells the web hook's address that the user was shown from any other.
    """

    log: LogState | None = None
    last_call: dict[str, Any] | None = None
    last_missed_call: dict[str, Any] | None = None
    callbacks: list[datetime] = []
    inbox: list[Caller] | None = None
    years: Settled | None = None
    proof: ProofState | None = None
    address: str | None = None


class Place:
    """The file of one account; it holds numbers, so it is private.

    Attributes:
        kept: What was to be stored last.
        is_kept: Whether that is on the disk.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Open it."""
        self.kept = Kept()
        self.is_kept = True
        self._hass = hass
        self._entry = entry
        self._is_closed = False
        self._written: Kept | None = None
        self._writing = asyncio.Lock()
        self._store: Store[dict[str, Any]] = Store(
            hass, 1, f"{DOMAIN}.{entry.entry_id}", private=True, atomic_writes=True
        )

    async def load(self) -> Kept:
        """Read what was stored; empty where there is nothing, or nothing that can be read."""
        try:
            stored = await self._store.async_load()
            self.kept = Kept() if stored is None else convert(stored, Kept)
        except _UNREADABLE:
            LOGGER.warning(
                "The place in the call history of %s cannot be read; calls are reported from now "
                "on",
                self._entry.title,
            )
        return self.kept

    async def keep(self, **changes: Any) -> None:
        """Store what has changed at once; a delay here could lose or repeat a call.

        Whoever comes while the disk is written to waits for the next writing, which takes all
        changes: two writers at once would read back each other's data.
        """
        self.kept = replace(self.kept, **changes)
        async with self._writing:
            if self.kept is not self._written and not self._is_closed:
                await self._write(self.kept)

    async def close(self) -> None:
        """Let what is being stored get to the disk, and store nothing more.

        The account is about to be set up anew, and reads what is stored.
        """
        async with self._writing:
            self._is_closed = True

    async def _write(self, kept: Kept) -> None:
        """Write, and say so among the repairs when the disk does not take it."""
        # A clock that tests have stopped gives times of a class of its own.
        data = to_builtins(kept, enc_hook=datetime.isoformat)
        await self._store.async_save(data)
        self.is_kept = await self._holds(data)
        self._written = kept if self.is_kept else None
        self._show()

    @callback
    def _show(self) -> None:
        """Raise the repair, or take it back."""
        if self.is_kept:
            delete_issue(self._hass, self._entry, Issue.PLACE_NOT_KEPT)
        else:
            raise_issue(self._hass, self._entry, Issue.PLACE_NOT_KEPT, severity=IssueSeverity.ERROR)

    async def _holds(self, data: dict[str, Any]) -> bool:
        """Read it back: a store that cannot write, as on a full disk, says so in the log only."""
        try:
            return await self._store.async_load() == data
        except _UNREADABLE:
            return False

    async def remove(self) -> None:
        """Forget it."""
        await self._store.async_remove()
