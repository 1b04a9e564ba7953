"""Event entities of the calls of an account and its lines, and of its gates."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Line
from .call_events import EVENT_DATA, SIGNAL_CALL, CallUpdate, EventData
from .calls.event import CallEventType
from .calls.gates import GateOutcome
from .const import GATE
from .coordinator.active_calls import ActiveCallsCoordinator
from .coordinator.history import HistoryCoordinator
from .device import subentry_device
from .entity import OdorikEntity, async_add_lines, async_add_subentries
from .gates import SIGNAL_GATE
from .runtime import OdorikConfigEntry
from .spending_guard import KEY, SIGNAL_GUARD, GuardEventType

PARALLEL_UPDATES = 0

CALL = EventEntityDescription(key="call", event_types=list(CallEventType))
GATE_RING = EventEntityDescription(key="gate", event_types=list(GateOutcome))
GUARD = EventEntityDescription(key=KEY, event_types=list(GuardEventType))


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities of the account and of its lines."""
    data = entry.runtime_data
    async_add_entities([CallEventEntity(data.history, data.active)])
    if data.guard and "active calls" not in data.active.unauthorized:
        async_add_entities([GuardEventEntity(data.active, GUARD)])
    await async_add_subentries(
        entry, async_add_entities, GATE, lambda gate: [GateEventEntity(data.active, gate)]
    )
    await async_add_lines(
        entry,
        async_add_entities,
        lambda line: [CallEventEntity(data.history, data.active, line)],
    )


class CallEventEntity(OdorikEntity[HistoryCoordinator], EventEntity):
    """The last call event."""

    # The bus event is recorded with the same data.
    _unrecorded_attributes = EVENT_DATA

    def __init__(
        self,
        history: HistoryCoordinator,
        active: ActiveCallsCoordinator,
        line: Line | None = None,
    ) -> None:
        super().__init__(history, CALL, line)
        self._active = active
        self._was_available = True

    @property
    @override
    def available(self) -> bool:
        """Return whether at least one of the two event sources can reach the operator."""
        return super().available or self._active.last_update_success

    @override
    async def _async_listen(self) -> None:
        self._was_available = self.available
        signal = SIGNAL_CALL.format(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._handle_call))
        self.async_on_remove(self._active.async_add_listener(self._handle_coordinator_update))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if the availability has changed; events write it themselves."""
        if self.available is not self._was_available:
            self._was_available = self.available
            self.async_write_ha_state()

    @callback
    def _handle_call(self, update: CallUpdate) -> None:
        """Trigger an event, unless it is part of a backlog.

        The state is written after each event; otherwise only the last event of a poll would be
        recorded.
        """
        event = update.event
        lines = {event.line, *event.other_lines, *(() if event.is_of_branch else (None,))}
        if self.line in lines and not update.is_backlog:
            self._trigger_event(event.type, update.data)
            self.async_write_ha_state()


class GuardEventEntity(OdorikEntity[ActiveCallsCoordinator], EventEntity):
    """The last report of the spending guard."""

    # The bus event is recorded with the same data.
    _unrecorded_attributes = EVENT_DATA

    @override
    async def _async_listen(self) -> None:
        signal = SIGNAL_GUARD.format(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._handle_act))

    @callback
    def _handle_act(self, event_type: GuardEventType, data: EventData) -> None:
        """Trigger an event, and write the state: there may be several at once."""
        self._trigger_event(event_type, data)
        self.async_write_ha_state()


class GateEventEntity(OdorikEntity[ActiveCallsCoordinator], EventEntity):
    """The last ring at a gate."""

    # The bus event is recorded with the same data.
    _unrecorded_attributes = EVENT_DATA

    # The device has the gate's name.
    _attr_name = None

    def __init__(self, active: ActiveCallsCoordinator, gate: ConfigSubentry) -> None:
        super().__init__(active, GATE_RING)
        entry, self._gate_id = active.config_entry, gate.subentry_id
        self._attr_unique_id = f"{entry.unique_id}_{gate.subentry_id}_{GATE_RING.key}"
        self._attr_device_info = subentry_device(active.hass, entry, gate)

    @override
    async def _async_listen(self) -> None:
        signal = SIGNAL_GATE.format(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._handle_ring))

    @callback
    def _handle_ring(self, gate_id: str, outcome: GateOutcome, data: EventData) -> None:
        """Trigger an event, and write the state: there may be several at once."""
        if gate_id == self._gate_id:
            self._trigger_event(outcome, data)
            self.async_write_ha_state()
