"""Has a look made at once when somebody says that there is something to see."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

PACE: Final = 1.0
"""Seconds between one look and the next that a nudge causes, however many there are."""
HOLDS: Final = 5.0
"""Seconds after a nudge in which looks are made as during a call: what the operator announces may
not yet be in the list."""


class Nudge:
    """Nudges a clock: never while it is looking, and no more often than the pace allows.

    A nudge during a look causes one more after it, since it may tell of what that look has missed.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], look: Callable[[], Awaitable[None]]
    ) -> None:
        """Have ``look`` called in tasks that end with the entry; looks of others wait for it."""
        self._hass = hass
        self._entry = entry
        self._look = look
        self._is_due = False
        self._is_going = False
        self._looked_at = self._nudged_at = float("-inf")
        self._wake: CALLBACK_TYPE | None = None
        entry.async_on_unload(self._rest)

    @property
    def is_fresh(self) -> bool:
        """Whether there was one a moment ago."""
        return self._hass.loop.time() - self._nudged_at < HOLDS

    @callback
    def give(self) -> None:
        """Have a look made, as soon as one may be."""
        self._nudged_at = self._hass.loop.time()
        self._is_due = True
        self._go_on()

    @callback
    def look_begins(self) -> None:
        """Note that somebody looks: whatever was to be seen until now will be seen."""
        self._is_due = False

    @callback
    def _go_on(self) -> None:
        """Look now or later, if it is still due."""
        if not self._is_due or self._is_going or self._wake:
            return
        wait = self._looked_at + PACE - self._hass.loop.time()
        if wait > 0:
            self._wake = async_call_later(self._hass, wait, self._start)
        else:
            self._start()

    @callback
    def _start(self, _now: datetime | None = None) -> None:
        self._wake = None
        if self._is_due:
            self._is_going = True
            self._looked_at = self._hass.loop.time()
            self._entry.async_create_background_task(
                self._hass, self._run(), f"{self._entry.title} - nudged look"
            )

    async def _run(self) -> None:
        try:
            await self._look()
        finally:
            self._is_going = False
        self._go_on()

    @callback
    def _rest(self) -> None:
        """Wake nobody any more."""
        self._is_due = False
        if self._wake:
            self._wake()
            self._wake = None
