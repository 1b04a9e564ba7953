"""What happens on the telephone, as event entities."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Line
from .calls.event import CallEventType
from .const import signal_call
from .coordinator.active_calls import ActiveCallsCoordinator
from .coordinator.history import HistoryCoordinator
from .coordinator.reporter import EVENT_DATA, CallReport
from .entity import OdorikEntity, async_add_lines
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 0

CALL = EventEntityDescription(key="call", event_types=list(CallEventType))


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of the account and of each line, now and later."""
    data = entry.runtime_data
    async_add_entities([CallEventEntity(data.history, data.active)])
    await async_add_lines(
        entry,
        async_add_entities,
        lambda line: [CallEventEntity(data.history, data.active, line)],
    )


class CallEventEntity(OdorikEntity[HistoryCoordinator], EventEntity):
    """What happened last to a call."""

    # The event on the bus is recorded with the same data.
    _unrecorded_attributes = EVENT_DATA

    def __init__(
        self,
        history: HistoryCoordinator,
        active: ActiveCallsCoordinator,
        line: Line | None = None,
    ) -> None:
        """Show what either of the two clocks finds."""
        super().__init__(history, CALL, line)
        self._active = active
        self._was_available = True

    @property
    @override
    def available(self) -> bool:
        """Calls start and are answered by the active calls, and finish by the history."""
        return super().available or self._active.last_update_success

    @override
    async def _async_listen(self) -> None:
        self._was_available = self.available
        signal = signal_call(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._show))
        self.async_on_remove(self._active.async_add_listener(self._handle_coordinator_update))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write whether it is available when that changes; events are written as they come."""
        if self.available is not self._was_available:
            self._was_available = self.available
            self.async_write_ha_state()

    @callback
    def _show(self, report: CallReport) -> None:
        """Show an event; each is written, or all but the last of a poll would be lost.

        Of the many that are reported after a long absence only the newest are worth a state each.
        """
        event = report.event
        lines = {event.line, *event.other_lines, *(() if event.is_of_branch else (None,))}
        if self.line in lines and not report.is_in_bulk:
            self._trigger_event(report.event.type, report.data)
            self.async_write_ha_state()
