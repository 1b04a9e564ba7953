"""A file in which something of an account is kept."""

from datetime import datetime
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from msgspec import Struct, ValidationError, convert, to_builtins

from ..const import DOMAIN

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
