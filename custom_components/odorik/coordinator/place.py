"""What has to survive a restart of Home Assistant, kept on the disk for each account."""

import asyncio
from collections.abc import Iterable
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

CHANGED: Final = 200
"""How many calls and marks of changed callers are stored with the position, which is written with
every call. When there are more, the whole inbox is written to a file of its own afterwards: that of
an office is many times as large as the rest."""


class Kept(Struct, kw_only=True, frozen=True):
    """What is stored.

    Attributes:
        log: How far the calls have been reported; None before the first bearings.
        last_call: The data of the event of the last call.
        last_missed_call: The same of the last missed one.
        callbacks: When the callbacks of the last hour were ordered, by the operator's clock.
        inbox: The callers who were missed; None before it was first filled. On the disk it holds
            only the callers that differ from those in the file of the whole inbox; a caller without
            calls and marks is no longer in the inbox.
        inbox_writing: The number of the whole inbox that they differ from; 0 without one.
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
    """The whole inbox, stored in a file of its own once many callers have changed.

    Attributes:
        writing: Counts how often it was written, so that it is known which changes belong to it.
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
        """Apply the changes to the whole inbox; return None where that one is lost."""
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
        if whole.writing != self.kept.inbox_writing:
            # Nothing was stored after the whole inbox, so it contains the changes.
            return whole.callers
        callers = {caller.number: caller for caller in (*whole.callers, *changed)}
        return [caller for caller in callers.values() if caller.missed or caller.marks]

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
        """Write, and raise a repair when the disk does not take it."""
        stored, changed = kept, list[Caller]()
        if kept.inbox is not None:
            changed = self._changed(kept.inbox)
            stored = replace(kept, inbox=changed, inbox_writing=self._whole_inbox.writing)
        self.is_kept = await self._file.write(stored)
        self._written = kept if self.is_kept else None
        self._show()
        size = sum(1 + len(caller.missed) + len(caller.marks) for caller in changed)
        if kept.inbox is not None and self.is_kept and size > CHANGED:
            # It is the inbox of the position that has just been stored. A kill before the next
            # position is stored, which refers to it, changes nothing.
            writing = self._whole_inbox.writing + 1
            whole = WholeInbox(writing=writing, callers=list(kept.inbox))
            if await self._inbox_file.write(whole):
                self._whole_inbox = whole

    def _changed(self, callers: Iterable[Caller]) -> list[Caller]:
        """List the callers that differ from the whole inbox, and those who have left it as empty.

        A caller is never changed in place, so one that is the same object is the same.
        """
        written = {caller.number: caller for caller in self._whole_inbox.callers}
        changed = [caller for caller in callers if written.pop(caller.number, None) is not caller]
        return [*changed, *(Caller(number=number) for number in written)]

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
