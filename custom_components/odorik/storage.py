"""Store what has to survive a restart of Home Assistant: one store per account."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.storage import STORAGE_DIR, Store
from msgspec import Struct, ValidationError, convert, field, to_builtins
from msgspec.structs import replace

from .calls.gates import GateRing
from .calls.hourly_totals import ImportState
from .calls.inbox import Caller
from .calls.log import LogState
from .calls.push_health import PushHealthState
from .calls.received_messages import MessageState
from .const import DOMAIN, LOGGER
from .issues import Issue, delete_issue, raise_issue

MAX_INBOX_CHANGES: Final = 200
"""Calls and marks of changed callers that are stored with the position, which is written with each
call. Beyond that, the whole inbox goes into a file of its own: on a busy account it is many times
as large as everything else."""

_UNREADABLE: Final = (
    HomeAssistantError,
    KeyError,
    TypeError,
    NotImplementedError,
    ValidationError,
)


class StoredData(Struct, kw_only=True, frozen=True):
    """The stored data of one account.

    Attributes:
        log: How far the calls have been reported; None before the baseline is set.
        received_messages: Which messages have been reported; None before they were first read.
        last_call: The event data of the last call.
        last_missed_call: The event data of the last missed call.
        callbacks: When the callbacks of the last hour were ordered, by the operator's clock.
        message_parts: When the parts of the messages of the last hour were sent, by the same clock.
        inbox: The callers who were missed; None before the inbox was first filled. On the disk it
            has only the callers that differ from the inbox file; a caller without calls and marks
            has left the inbox.
        inbox_revision: The revision of the inbox file that the callers differ from; 0 without one.
        statistics: How far the long-term statistics have been imported; None before the first
            import.
        push_health: The health of push; None while push is off.
        webhook_digest: The digest of the webhook URL that the user was shown.
        guard_is_paused: Whether the spending guard is paused; None if the user has never paused it.
        guard_acts: The calls that the repair issue of the spending guard lists.
        gate_rings: The last decisions about rings at gates.
    """

    log: LogState | None = None
    received_messages: MessageState | None = None
    last_call: dict[str, Any] | None = None
    last_missed_call: dict[str, Any] | None = None
    callbacks: list[datetime] = []
    message_parts: list[datetime] = []
    inbox: list[Caller] | None = None
    # Versions 0.1.0 and 0.2.0 stored the following under these names.
    inbox_revision: int = field(default=0, name="inbox_writing")
    statistics: ImportState | None = field(default=None, name="years")
    push_health: PushHealthState | None = field(default=None, name="proof")
    webhook_digest: str | None = field(default=None, name="address")
    guard_is_paused: bool | None = None
    guard_acts: list[dict[str, Any]] = []
    gate_rings: list[GateRing] = []


class InboxSnapshot(Struct, kw_only=True, frozen=True):
    """The whole inbox, stored in a file of its own once many callers have changed.

    Attributes:
        revision: Increases with each write and determines which changes in ``StoredData`` apply.
        callers: All callers at that time.
    """

    revision: int = field(default=0, name="writing")
    callers: list[Caller] = []


class OdorikStore:
    """The stored data of one account.

    Attributes:
        data: The current data, whether or not they are on the disk yet.
        is_saved: True if the last write succeeded.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        self.data = StoredData()
        self.is_saved = True
        self._hass = hass
        self._entry = entry
        self._is_closed = False
        self._written: StoredData | None = None
        self._lock = asyncio.Lock()
        self._file = _JsonFile(hass, entry.entry_id, StoredData)
        self._inbox_file = _JsonFile(hass, f"{entry.entry_id}.inbox", InboxSnapshot)
        self._snapshot = InboxSnapshot()

    async def async_load(self) -> StoredData:
        """Load the stored data; empty if there are none or they cannot be read."""
        try:
            self.data = await self._file.async_load() or StoredData()
        except ValueError:
            LOGGER.warning(
                "The stored position in the call history of %s cannot be read; calls are reported "
                "from now on",
                self._entry.title,
            )
        if self.data.inbox is not None and self.data.inbox_revision:
            self.data = replace(self.data, inbox=await self._async_load_inbox(self.data.inbox))
        return self.data

    async def _async_load_inbox(self, changed: list[Caller]) -> list[Caller] | None:
        """Apply the changes to the inbox file; return None if the file is lost."""
        try:
            snapshot = await self._inbox_file.async_load()
        except ValueError:
            snapshot = None
        if snapshot is None:
            LOGGER.warning(
                "The inbox of %s cannot be read; it is filled with the calls of the last days",
                self._entry.title,
            )
            return None
        self._snapshot = snapshot
        if snapshot.revision != self.data.inbox_revision:
            # The position was not saved after the snapshot, which therefore has all changes.
            return snapshot.callers
        callers = {caller.number: caller for caller in (*snapshot.callers, *changed)}
        return [caller for caller in callers.values() if caller.missed or caller.marks]

    async def async_save(self, **changes: Any) -> None:
        """Save changes at once; a delay could lose a call or report it twice.

        Concurrent callers share the next write: two writers at once would read back each other's
        data.
        """
        self.data = replace(self.data, **changes)
        async with self._lock:
            if self.data is not self._written and not self._is_closed:
                await self._async_write(self.data)

    async def async_close(self) -> None:
        """Wait for the write in progress and ignore later ones.

        The next setup of the account reads the files.
        """
        async with self._lock:
            self._is_closed = True

    async def _async_write(self, data: StoredData) -> None:
        """Write the data, and raise a repair issue if that fails."""
        stored, changed = data, list[Caller]()
        if data.inbox is not None:
            changed = self._changed(data.inbox)
            stored = replace(data, inbox=changed, inbox_revision=self._snapshot.revision)
        self.is_saved = await self._file.async_save(stored)
        self._written = data if self.is_saved else None
        self._update_issue()
        size = sum(1 + len(caller.missed) + len(caller.marks) for caller in changed)
        if data.inbox is not None and self.is_saved and size > MAX_INBOX_CHANGES:
            # This is the inbox of the position that was just saved. A kill before the next
            # position, which refers to the new revision, changes nothing.
            snapshot = InboxSnapshot(revision=self._snapshot.revision + 1, callers=list(data.inbox))
            if await self._inbox_file.async_save(snapshot):
                self._snapshot = snapshot

    def _changed(self, callers: Iterable[Caller]) -> list[Caller]:
        """Return the callers that differ from the snapshot; those that left it are empty.

        A ``Caller`` is never modified in place, so the same object means no change.
        """
        written = {caller.number: caller for caller in self._snapshot.callers}
        changed = [caller for caller in callers if written.pop(caller.number, None) is not caller]
        return [*changed, *(Caller(number=number) for number in written)]

    @callback
    def _update_issue(self) -> None:
        """Raise or delete the repair issue about a disk that cannot be written to."""
        if self.is_saved:
            delete_issue(self._hass, self._entry, Issue.STORE_NOT_SAVED)
        else:
            raise_issue(
                self._hass, self._entry, Issue.STORE_NOT_SAVED, severity=IssueSeverity.ERROR
            )

    async def async_remove(self) -> None:
        """Delete the stored data."""
        await self._file.async_remove()
        await self._inbox_file.async_remove()


class _JsonFile[T: Struct]:
    """A private JSON file: it contains phone numbers."""

    def __init__(self, hass: HomeAssistant, name: str, type_: type[T]) -> None:
        self._type = type_
        self._store: Store[dict[str, Any]] = Store(
            hass, 1, f"{DOMAIN}.{name}", private=True, atomic_writes=True
        )

    async def async_load(self) -> T | None:
        """Load the contents; None if there is no file.

        Raises:
            ValueError: The file cannot be read.
        """
        try:
            stored = await self._store.async_load()
            return None if stored is None else convert(stored, self._type)
        except _UNREADABLE:
            # The original error may quote phone numbers.
            raise ValueError from None

    async def async_save(self, contents: T) -> bool:
        """Write the contents; return whether they are on the disk.

        They are read back, since ``Store`` only logs that it cannot write, for example to a full
        disk.
        """
        # Times of a clock frozen by tests are of a subclass of datetime.
        data = to_builtins(contents, enc_hook=datetime.isoformat)
        await self._store.async_save(data)
        try:
            stored = await self._store.async_load()
            return bool(stored == data)
        except _UNREADABLE:
            return False

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()


async def async_remove_orphans(hass: HomeAssistant) -> None:
    """Delete the files of accounts that no longer exist.

    An account that is deleted while the integration is not installed leaves its files behind.
    """
    folder = Path(hass.config.path(STORAGE_DIR))
    found = await hass.async_add_executor_job(_list_files, folder)
    entry_ids = {entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)}
    # File names begin with the domain and the entry ID.
    if orphans := [path for path in found if path.name.split(".")[1] not in entry_ids]:
        await hass.async_add_executor_job(_delete, orphans)


def _list_files(folder: Path) -> list[Path]:
    """Return the files of all accounts."""
    return list(folder.glob(f"{DOMAIN}.*"))


def _delete(paths: Iterable[Path]) -> None:
    """Delete files; log those that cannot be deleted."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as err:
            LOGGER.warning("A file of a deleted account cannot be removed: %s", err)
