"""When the operator called the web hook last, and how well that foretells calls."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import signal_push
from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity
from .push.announcements import Announcements
from .push.service import LAST_RECEIVED

DESCRIPTION: Final = SensorEntityDescription(
    key=LAST_RECEIVED,
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
PACE: Final = timedelta(seconds=10)
"""Whoever has the address may call it as often as they like; the database need not know."""


class PushSensor(OdorikEntity[ActiveCallsCoordinator], RestoreSensor):
    """When the operator called last."""

    _unrecorded_attributes = frozenset({"announced", "unannounced", "proven"})

    def __init__(self, coordinator: ActiveCallsCoordinator, announcements: Announcements) -> None:
        """Show the pushes of an account."""
        super().__init__(coordinator, DESCRIPTION)
        self._announcements = announcements
        self._written_at: datetime | None = None
        self._later: CALLBACK_TYPE | None = None

    @property
    @override
    def available(self) -> bool:
        """That the operator cannot be reached says nothing about when he called."""
        return True

    @override
    async def _async_listen(self) -> None:
        last = await self.async_get_last_sensor_data()
        if self._announcements.received_at is None and last is not None:
            received_at = last.native_value
            if isinstance(received_at, datetime):
                self._announcements.received_at = received_at
        signal = signal_push(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._receive))
        self.async_on_remove(self._cancel)

    @property
    @override
    def native_value(self) -> datetime | None:
        return self._announcements.received_at

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        proof = self._announcements.proof
        return {
            "announced": proof.announced,
            "unannounced": proof.unannounced,
            "proven": proof.is_proven,
        }

    @callback
    def _receive(self, _is_for_call: bool) -> None:  # noqa: FBT001 - A signal's data is positional.
        """Show a push: the first at once, those that follow closely together."""
        if self._later is None:
            wait = self._written_at and self._written_at + PACE - dt_util.utcnow()
            if wait and wait > timedelta():
                self._later = async_call_later(self.hass, wait, self._write)
            else:
                self._write()

    @callback
    def _write(self, _now: datetime | None = None) -> None:
        self._later = None
        self._written_at = dt_util.utcnow()
        self.async_write_ha_state()

    @callback
    def _cancel(self) -> None:
        if self._later:
            self._later()
            self._later = None
