"""Whether the telephone rings, somebody talks, a line is registered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import ActiveCall, Line
from .calls.live_calls import talks
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity, async_add_lines
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ActiveCallsDescription(BinarySensorEntityDescription):
    """Which of the active calls are meant."""

    meant_fn: Callable[[Sequence[ActiveCall]], Sequence[ActiveCall]]


ACTIVE_CALLS: Final = (
    ActiveCallsDescription(
        key="ringing", meant_fn=lambda calls: [call for call in calls if call.is_ringing]
    ),
    ActiveCallsDescription(
        key="call_in_progress",
        meant_fn=talks,
    ),
)

REGISTERED: Final = BinarySensorEntityDescription(
    key="registered",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of the account and of each line, now and later."""
    async_add_entities(_of_active_calls(entry))
    await async_add_lines(
        entry,
        async_add_entities,
        lambda line: [
            *_of_active_calls(entry, line),
            RegisteredBinarySensor(entry.runtime_data.account, REGISTERED, line),
        ],
    )


def _of_active_calls(
    entry: OdorikConfigEntry, line: Line | None = None
) -> Iterator[ActiveCallsBinarySensor]:
    """Make what shows the active calls of a line, or of the account, where they may be read."""
    active = entry.runtime_data.active
    if "active calls" not in active.unauthorized:
        for description in ACTIVE_CALLS:
            yield ActiveCallsBinarySensor(active, description, line)


class ActiveCallsBinarySensor(OdorikEntity[ActiveCallsCoordinator], BinarySensorEntity):
    """Something that is so while a call is up."""

    entity_description: ActiveCallsDescription

    @property
    @override
    def is_on(self) -> bool:
        if not (calls := self.coordinator.calls_of(self.line)):
            return False
        meant = {call.id for call in self.entity_description.meant_fn(self.coordinator.data)}
        return any(call.id in meant for call in calls)


class RegisteredBinarySensor(OdorikEntity[AccountCoordinator], BinarySensorEntity):
    """Whether a telephone is registered on a line."""

    @property
    @override
    def is_on(self) -> bool | None:
        line = self.coordinator.data.directory.lines.get(self.line or 0)
        if line is None or line.connected_devices is None:
            return None
        return bool(line.connected_devices)
