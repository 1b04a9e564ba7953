"""When the operator called the web hook last, and how well that foretells calls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .const import LOGGER, signal_push
from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity
from .push.announcements import Announcements
from .push.service import LAST_RECEIVED

DESCRIPTION: Final = SensorEntityDescription(
    key=LAST_RECEIVED,
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
WRITE_COOLDOWN: Final = 10
"""Minimum seconds between states that are written: pushes must not fill the database."""


class PushSensor(OdorikEntity[ActiveCallsCoordinator], RestoreSensor):
    """When the operator called last."""

    _unrecorded_attributes = frozenset({"announced", "unannounced", "proven"})

    def __init__(self, coordinator: ActiveCallsCoordinator, announcements: Announcements) -> None:
        """Show the pushes of an account."""
        super().__init__(coordinator, DESCRIPTION)
        self._announcements = announcements

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
        writes = Debouncer(
            self.hass,
            LOGGER,
            cooldown=WRITE_COOLDOWN,
            immediate=True,
            function=self.async_write_ha_state,
        )
        self.async_on_remove(writes.async_shutdown)

        @callback
        def receive(_is_for_call: bool) -> None:  # noqa: FBT001 - A signal's data is positional.
            writes.async_schedule_call()

        signal = signal_push(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, receive))

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
