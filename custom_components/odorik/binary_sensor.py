"""Binary sensors: ringing, call in progress, and registered phones."""

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
from .calls.live_calls import answered_by_people
from .coordinator.account import AccountCoordinator
from .coordinator.active_calls import ActiveCallsCoordinator
from .entity import OdorikEntity, async_add_lines
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ActiveCallsDescription(BinarySensorEntityDescription):
    """A binary sensor that is on while there are certain active calls.

    Rings at gates do not count.
    """

    filter_fn: Callable[[Sequence[ActiveCall]], Sequence[ActiveCall]]


ACTIVE_CALLS: Final = (
    ActiveCallsDescription(
        key="ringing", filter_fn=lambda calls: [call for call in calls if call.is_ringing]
    ),
    ActiveCallsDescription(
        key="call_in_progress",
        filter_fn=answered_by_people,
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
    """Add the binary sensors of the account and of its lines."""
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
    """Create the sensors of a line or of the account, if the login may read active calls."""
    active = entry.runtime_data.active
    if "active calls" not in active.unauthorized:
        for description in ACTIVE_CALLS:
            yield ActiveCallsBinarySensor(active, description, line)


class ActiveCallsBinarySensor(OdorikEntity[ActiveCallsCoordinator], BinarySensorEntity):
    """Whether there are active calls of the kind in the description."""

    entity_description: ActiveCallsDescription

    @property
    @override
    def is_on(self) -> bool:
        if not (calls := self.coordinator.calls_of(self.line)):
            return False
        selected = {
            call.id for call in self.entity_description.filter_fn(self.coordinator.phone_calls)
        }
        return any(call.id in selected for call in calls)


class RegisteredBinarySensor(OdorikEntity[AccountCoordinator], BinarySensorEntity):
    """Whether a phone is registered on a line."""

    @property
    @override
    def is_on(self) -> bool | None:
        line = self.coordinator.data.directory.lines.get(self.line or 0)
        if line is None or line.connected_devices is None:
            return None
        return bool(line.connected_devices)
