"""What happens on the telephone, as event entities."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .call_event import CallEventType
from .const import signal_call
from .coordinator import OdorikConfigEntry
from .entity import OdorikEntity, async_add_lines
from .history import EventData, HistoryCoordinator

PARALLEL_UPDATES = 0

CALL = EventEntityDescription(key="call", event_types=list(CallEventType))


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of the account and of each line, now and later."""
    history = entry.runtime_data.history
    async_add_entities([CallEventEntity(history, CALL)])
    await async_add_lines(
        entry, async_add_entities, lambda line: [CallEventEntity(history, CALL, line)]
    )


class CallEventEntity(OdorikEntity[HistoryCoordinator], EventEntity):
    """What happened last to a call."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        signal = signal_call(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._tell))

    @callback
    def _tell(self, event_type: CallEventType, data: EventData) -> None:
        """Show an event; each is written, or all but the last of a poll would be lost.

        Of the many that are told after a long absence only the newest are worth a state each.
        """
        if self.line in {None, data["line"]} and not self.coordinator.is_in_bulk:
            self._trigger_event(event_type, data)
            self.async_write_ha_state()
