"""What has to survive a restart of Home Assistant, kept on the disk for each account."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity
from msgspec import Struct
from msgspec.structs import replace

from ..calls.hours import Settled
from ..calls.inbox import Caller
from ..calls.log import LogState
from ..calls.proof import ProofState
from ..const import LOGGER
from ..issues import Issue, delete_issue, raise_issue
from .file import File

CHANGED: Final = 100
"""So many calls and marks of callers who have changed stand with the place, which is written with
every call. When they are more, all callers are written to a file of their own first: the inbox of
an office is many times as large as the rest."""


class Kept(Struct, kw_only=True, frozen=True):
    """What is stored.

    Attributes:
        log: How far the calls have been reported; None before the first bearings.
        last_call: The data of the event of the last call.
        last_missed_call: The same of the last missed one.
        callbacks: When the callbacks of the last hour were ordered, by the operator's clock.
        inbox: The callers who were missed; None before it was first filled. On the disk it is those
            who have changed since all were written to a file of their own.
        inbox_writing: The number of that writing; 0 before the first.
        years: How far the long-term statistics have been written; None before the first of them.
        proof: Whether calls come announced; None while push is off.
        address: What tells the web hook's address that the user was shown from any other.
    """

    log: LogState | None = None
    last_call: dict[str, Any] | None = None
    last_missed_call: dict[str, Any] | None = None
    callbacks: list[datetime] = []
    inbox: list[Caller] | None = None
    inbox_writing: int = 0
    years: Settled | None = None
    proof: ProofState | None = None
    address: str | None = None


class WholeInbox(Struct, kw_only=True, frozen=True):
    """What is stored of an inbox in which many callers change.

    Attributes:
        writing: Counts the writings, so that a place knows whether it belongs to this one.
        callers: All who were in it then.
    """

    writing: int = 0
    callers: list[Caller] = []


class Place:
    """The files of one account.

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
        self._file = File(hass, entry.entry_id, Kept)
        self._inbox_file = File(hass, f"{entry.entry_id}.inbox", WholeInbox)
        self._whole_inbox = WholeInbox()

    async def load(self) -> Kept:
        """Read what was stored; empty where there is nothing, or nothing that can be read."""
        try:
            self.kept = await self._file.read() or Kept()
        except ValueError:
            LOGGER.warning(
                "The place in the call history of %s cannot be read; calls are reported from now "
                "on",
                self._entry.title,
            )
        if self.kept.inbox is not None and self.kept.inbox_writing:
            self.kept = replace(self.kept, inbox=await self._load_inbox(self.kept.inbox))
        return self.kept

    async def _load_inbox(self, changed: list[Caller]) -> list[Caller] | None:
        """Read all callers, the changed ones last; None where their file is lost."""
        try:
            whole = await self._inbox_file.read()
        except ValueError:
            whole = None
        if whole is None:
            LOGGER.warning(
                "The inbox of %s cannot be read; it is filled with the last days",
                self._entry.title,
            )
            return None
        self._whole_inbox = whole
        # A crash may have kept from the disk the place that follows a writing of all.
        is_followed = whole.writing == self.kept.inbox_writing
        return [*whole.callers, *changed] if is_followed else whole.callers

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
        stored = kept
        if kept.inbox is not None:
            changed = await self._changed(kept.inbox)
            stored = replace(kept, inbox=changed, inbox_writing=self._whole_inbox.writing)
        self.is_kept = await self._file.write(stored)
        self._written = kept if self.is_kept else None
        self._show()

    async def _changed(self, callers: Sequence[Caller]) -> list[Caller]:
        """Choose whom to store with the place; when they are too many, write all of them first."""
        written = {caller.number: caller for caller in self._whole_inbox.callers}
        changed = [caller for caller in callers if written.get(caller.number) is not caller]
        if sum(len(caller.missed) + len(caller.marks) for caller in changed) > CHANGED:
            whole = WholeInbox(writing=self._whole_inbox.writing + 1, callers=list(callers))
            if await self._inbox_file.write(whole):
                self._whole_inbox = whole
                return []
        return changed

    @callback
    def _show(self) -> None:
        """Raise the repair, or take it back."""
        if self.is_kept:
            delete_issue(self._hass, self._entry, Issue.PLACE_NOT_KEPT)
        else:
            raise_issue(self._hass, self._entry, Issue.PLACE_NOT_KEPT, severity=IssueSeverity.ERROR)

    async def remove(self) -> None:
        """Forget it."""
        await self._file.remove()
        await self._inbox_file.remove()
