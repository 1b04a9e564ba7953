"""A file in which something of an account is kept."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import STORAGE_DIR, Store
from msgspec import Struct, ValidationError, convert, to_builtins

from ..const import DOMAIN, LOGGER

_UNREADABLE: Final = (
    HomeAssistantError,
    KeyError,
    TypeError,
    NotImplementedError,
    ValidationError,
)


class File[T: Struct]:
    """Holds one document, and numbers of callers in it, so it is private."""

    def __init__(self, hass: HomeAssistant, name: str, type_: type[T]) -> None:
        """Open it."""
        self._type = type_
        self._store: Store[dict[str, Any]] = Store(
            hass, 1, f"{DOMAIN}.{name}", private=True, atomic_writes=True
        )

    async def read(self) -> T | None:
        """Read what is in it, if anything is.

        Raises:
            ValueError: It is there and cannot be read.
        """
        try:
            stored = await self._store.async_load()
            return None if stored is None else convert(stored, self._type)
        except _UNREADABLE:
            # What cannot be read may be numbers of callers: they are not quoted.
            raise ValueError from None

    async def write(self, document: T) -> bool:
        """Write, and say whether it is on the disk.

        It is read back: a store that cannot write, as on a full disk, says so in the log only.
        """
        # A clock that tests have stopped gives times of a class of its own.
        data = to_builtins(document, enc_hook=datetime.isoformat)
        await self._store.async_save(data)
        try:
            stored = await self._store.async_load()
            return bool(stored == data)
        except _UNREADABLE:
            return False

    async def remove(self) -> None:
        """Take it from the disk."""
        await self._store.async_remove()


async def async_remove_orphans(hass: HomeAssistant) -> None:
    """Remove the files of accounts that Home Assistant no longer has.

    An account that is deleted while the integration is not installed leaves its files behind.
    """
    folder = Path(hass.config.path(STORAGE_DIR))
    found = await hass.async_add_executor_job(_files_in, folder)
    known = {entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)}
    # The name of each begins with the domain and the ID of its entry.
    if orphans := [path for path in found if path.name.split(".")[1] not in known]:
        await hass.async_add_executor_job(_delete, orphans)


def _files_in(folder: Path) -> list[Path]:
    """List the files of all accounts."""
    return list(folder.glob(f"{DOMAIN}.*"))


def _delete(paths: Iterable[Path]) -> None:
    """Delete files, and log those that cannot be deleted."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as err:
            LOGGER.warning("A file of a deleted account cannot be removed: %s", err)
