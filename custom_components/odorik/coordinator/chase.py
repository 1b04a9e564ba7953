"""Looks for a record that is known to come, at once and again until it is there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..const import CHASE_DELAYS


class Chase:
    """The readings of the history between those of its clock; they end with the entry."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], read_soon: Callable[[], None]
    ) -> None:
        """Have ``read_soon`` called, which begins a reading and returns at once."""
        self._hass = hass
        self._read_soon = read_soon
        self._appointments: list[CALLBACK_TYPE] = []
        entry.async_on_unload(self.stop)

    @callback
    def start(self) -> None:
        """Begin anew."""
        self.stop()
        self._appointments = [
            async_call_later(self._hass, delay, self._read) for delay in CHASE_DELAYS
        ]

    @callback
    def stop(self) -> None:
        """Look no further."""
        while self._appointments:
            self._appointments.pop()()

    @callback
    def _read(self, _now: datetime) -> None:
        self._read_soon()
