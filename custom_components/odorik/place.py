"""How far the calls of an account have been told, kept on the disk."""

from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from msgspec import Struct, ValidationError, convert, to_builtins

from .call_log import LogState
from .const import DOMAIN, LOGGER

_UNREADABLE: Final = (
    HomeAssistantError,
    KeyError,
    TypeError,
    NotImplementedError,
    ValidationError,
)


class Kept(Struct, kw_only=True, frozen=True):
    """What is stored."""

    log: LogState
    last_call: dict[str, Any] | None = None
    last_missed_call: dict[str, Any] | None = None


class Place:
    """The file of one account; it holds numbers, so it is private."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Open it."""
        self.is_kept = True
        """Whether what was to be stored last is on the disk."""
        self._hass = hass
        self._entry = entry
        self._store: Store[dict[str, Any]] = Store(
            hass, 1, f"{DOMAIN}.{entry.entry_id}", private=True, atomic_writes=True
        )

    async def load(self) -> Kept | None:
        """Read what was stored; None where there is nothing, or nothing that can be read."""
        try:
            stored = await self._store.async_load()
            return convert(stored, Kept) if stored is not None else None
        except _UNREADABLE:
            LOGGER.warning(
                "The place in the call history of %s cannot be read; calls are told from now on",
                self._entry.title,
            )
            return None

    async def keep(self, kept: Kept) -> None:
        """Store it at once; a delay here could lose or repeat a call."""
        # A clock that tests have stopped gives times of a class of its own.
        data = to_builtins(kept, enc_hook=datetime.isoformat)
        await self._store.async_save(data)
        self.is_kept = await self._holds(data)
        issue_id = f"{self._entry.entry_id}_place_not_kept"
        if self.is_kept:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key="place_not_kept",
            translation_placeholders={"account": self._entry.title},
        )

    async def _holds(self, data: dict[str, Any]) -> bool:
        """Read it back: a store that cannot write, as on a full disk, says so in the log only."""
        try:
            return await self._store.async_load() == data
        except _UNREADABLE:
            return False

    async def remove(self) -> None:
        """Forget it."""
        await self._store.async_remove()
