"""Sensors of an account and its lines."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .api import CallStatistics, DestinationStatistics, Line, MissedCalls, OdorikClient
from .api.models import plain_text
from .call_events import EVENT_DATA, CallEventDispatcher, EventData
from .calls.directory import Directory
from .calls.inbox import Item
from .calls.numbers import normalize
from .const import CURRENCY, DOMAIN, LOGGER
from .coordinator.active_calls import ActiveCallsCoordinator
from .coordinator.history import HistoryCoordinator
from .coordinator.inbox import InboxCoordinator
from .coordinator.statistics import BALANCE, PERIODS, Query, QueryResult, StatisticsCoordinator
from .entity import OdorikEntity, async_add_in_batches, async_add_lines, unique_id
from .push.monitor import SIGNAL_PUSH, PushMonitor
from .push.webhook import LAST_RECEIVED
from .runtime import OdorikConfigEntry

PARALLEL_UPDATES = 0

COUNT: Final[Mapping[str, Any]] = {"state_class": SensorStateClass.TOTAL}
DURATION: Final[Mapping[str, Any]] = {
    "device_class": SensorDeviceClass.DURATION,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": UnitOfTime.SECONDS,
    "suggested_unit_of_measurement": UnitOfTime.MINUTES,
    "suggested_display_precision": 0,
}
MONEY: Final[Mapping[str, Any]] = {
    "device_class": SensorDeviceClass.MONETARY,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": CURRENCY,
    "suggested_display_precision": 2,
}
FIGURES: Final = (
    ("calls", "count", COUNT),
    ("duration", "length", DURATION),
    ("cost", "price", MONEY),
)
"""Suffix of the key, attribute of ``CallTotals``, and fields of the description."""
DIRECTIONS: Final = ("incoming", "outgoing", "redirected")


@dataclass(frozen=True, kw_only=True)
class StatisticsSensorDescription(SensorEntityDescription):
    """A sensor of the operator's statistics, or of the credit."""

    query: Query[Any]
    value_fn: Callable[[Any], StateType]
    attributes_fn: Callable[[Any], Mapping[str, Any] | None] = lambda _: None
    filter_fn: Callable[[Any, Directory], Any] = lambda value, _: value


def _sum_of(directions: Iterable[str], what: str) -> Callable[[CallStatistics], StateType]:
    """Return a function that sums directions; None if the response has none of them."""

    def value(statistics: CallStatistics) -> StateType:
        known = statistics.by_direction
        totals = [known[name] for name in directions if name in known]
        return round(sum(getattr(total, what) for total in totals), 4) if totals else None

    return value


def _without_gates(rows: list[MissedCalls], directory: Directory) -> list[MissedCalls]:
    """Return the rows without those of gates, whose rings are not missed calls."""
    return [row for row in rows if not directory.is_gate(row.destination_number)]


def _by_number(rows: list[MissedCalls]) -> dict[str, int]:
    """Return the number of missed calls by called number."""
    numbers = Counter[str]()
    for row in rows:
        numbers[normalize(row.destination_number) or row.destination_number] += row.count
    return dict(numbers)


def _by_destination(rows: list[DestinationStatistics]) -> list[dict[str, Any]]:
    """Return the totals by destination, the most expensive first."""
    sums: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        name = plain_text(row.destination) or None
        total = sums.setdefault(name, {"destination": name, "count": 0, "length": 0, "price": 0.0})
        total["count"] += row.count
        total["length"] += row.length
        total["price"] = round(total["price"] + row.price, 4)
    return sorted(sums.values(), key=lambda total: (-total["price"], -total["length"]))


ACCOUNT_STATISTICS: Final = (
    StatisticsSensorDescription(
        key="balance",
        query=BALANCE,
        value_fn=lambda balance: balance,
        **MONEY,
    ),
    StatisticsSensorDescription(
        key="missed_calls_today",
        query=Query(OdorikClient.missed_calls, "today"),
        value_fn=lambda rows: sum(row.count for row in rows),
        attributes_fn=lambda rows: {"numbers": _by_number(rows)},
        filter_fn=_without_gates,
        **COUNT,
    ),
    *(
        StatisticsSensorDescription(
            key=f"cost_{period}",
            query=Query(OdorikClient.call_statistics, period),
            value_fn=_sum_of(DIRECTIONS, "price"),
            **MONEY,
        )
        for period in PERIODS
    ),
    *(
        StatisticsSensorDescription(
            key=f"{direction}_{figure}_{period}",
            query=Query(OdorikClient.call_statistics, period),
            value_fn=_sum_of([direction], what),
            entity_registry_enabled_default=direction != "redirected" and figure != "cost",
            **shown,
        )
        for direction in DIRECTIONS
        for figure, what, shown in FIGURES
        for period in PERIODS
    ),
    StatisticsSensorDescription(
        key="top_destination_this_month",
        query=Query(OdorikClient.statistics_by_destination, "this_month"),
        value_fn=lambda rows: next((row["destination"] for row in _by_destination(rows)), None),
        attributes_fn=lambda rows: {"destinations": _by_destination(rows)},
    ),
)

LINE_KEYS: Final = frozenset(
    {
        "incoming_calls_this_month",
        "incoming_duration_this_month",
        "outgoing_calls_this_month",
        "outgoing_duration_this_month",
        "cost_this_month",
    }
)
LINE_STATISTICS: Final = tuple(
    replace(description, entity_registry_enabled_default=False)
    for description in ACCOUNT_STATISTICS
    if description.key in LINE_KEYS
)

ACTIVE_CALLS: Final = SensorEntityDescription(
    key="active_calls", state_class=SensorStateClass.MEASUREMENT
)

HISTORY: Final = tuple(
    SensorEntityDescription(key=key, device_class=SensorDeviceClass.TIMESTAMP)
    for key in ("last_call", "last_missed_call")
)

CALLERS_WAITING: Final = SensorEntityDescription(
    key="callers_waiting", state_class=SensorStateClass.MEASUREMENT
)

PUSH_LAST_RECEIVED: Final = SensorEntityDescription(
    key=LAST_RECEIVED,
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
WRITE_COOLDOWN: Final = 10
"""Minimum seconds between states of the push sensor, which would otherwise fill the database."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the account and of its lines."""
    data = entry.runtime_data
    await data.statistics.async_prepare(
        _query(description, line)
        for line in (None, *data.account.data.lines)
        for description in _statistics(entry, line)
        if _is_enabled(hass, unique_id(entry, description, line), description)
    )
    await async_add_in_batches(
        async_add_entities,
        [*_sensors(entry), CallersWaitingSensor(data.inbox, CALLERS_WAITING)],
    )
    if "history" not in data.history.unauthorized:
        async_add_entities(HistorySensor(data.history, description) for description in HISTORY)
    if data.push:
        async_add_entities([PushSensor(data.active, data.push.monitor)])
    await async_add_lines(entry, async_add_entities, lambda line: _sensors(entry, line))


def _sensors(entry: OdorikConfigEntry, line: Line | None = None) -> Iterator[OdorikEntity[Any]]:
    """Create the sensors of a line or of the account that the login may read."""
    data = entry.runtime_data
    if "active calls" not in data.active.unauthorized:
        yield ActiveCallsSensor(data.active, data.dispatcher, line)
    for description in _statistics(entry, line):
        yield StatisticsSensor(data.statistics, description, line)


def _statistics(
    entry: OdorikConfigEntry, line: Line | None
) -> Iterator[StatisticsSensorDescription]:
    """Yield the descriptions for a line or the account that the login may read."""
    for description in LINE_STATISTICS if line else ACCOUNT_STATISTICS:
        if description.query.what not in entry.runtime_data.statistics.unauthorized:
            yield description


def _query(description: StatisticsSensorDescription, line: Line | None) -> Query[Any]:
    """Return the query of a sensor, limited to a line if one is given."""
    return replace(description.query, line=line.id) if line else description.query


def _is_enabled(hass: HomeAssistant, unique_id: str, description: SensorEntityDescription) -> bool:
    """Return whether a sensor is enabled, or will be when it is added."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
    known = registry.async_get(entity_id) if entity_id else None
    return description.entity_registry_enabled_default if known is None else not known.disabled


class ActiveCallsSensor(OdorikEntity[ActiveCallsCoordinator], SensorEntity):
    """The number of active calls."""

    _unrecorded_attributes = frozenset({"calls"})

    def __init__(
        self,
        coordinator: ActiveCallsCoordinator,
        dispatcher: CallEventDispatcher,
        line: Line | None = None,
    ) -> None:
        super().__init__(coordinator, ACTIVE_CALLS, line)
        self._dispatcher = dispatcher

    @property
    @override
    def native_value(self) -> int:
        return len(self.coordinator.calls_of(self.line))

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        calls = self.coordinator.calls_of(self.line)
        return {"calls": [self._dispatcher.live_data(call) for call in calls]}


class HistorySensor(OdorikEntity[HistoryCoordinator], SensorEntity):
    """The time of the last call; the attributes are the data of its event."""

    # The bus event is recorded with the same data.
    _unrecorded_attributes = EVENT_DATA

    @property
    @override
    def native_value(self) -> datetime | None:
        call = self.extra_state_attributes
        return dt_util.parse_datetime(call["started_at"]) if call else None

    @property
    @override
    def extra_state_attributes(self) -> EventData | None:
        call: EventData | None = getattr(self.coordinator.data, self.entity_description.key)
        return call


class CallersWaitingSensor(OdorikEntity[InboxCoordinator], SensorEntity):
    """The number of waiting callers."""

    _unrecorded_attributes = frozenset({"callers"})
    _shown: list[Item]

    @override
    async def _async_listen(self) -> None:
        self._shown = self.coordinator.waiting

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state unless only completed callers have changed."""
        if (waiting := self.coordinator.waiting) != self._shown:
            self._shown = waiting
            super()._handle_coordinator_update()

    @property
    @override
    def native_value(self) -> int:
        return len(self._shown)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"callers": [item.attributes for item in self._shown]}


class PushSensor(OdorikEntity[ActiveCallsCoordinator], RestoreSensor):
    """When the webhook was last requested."""

    _unrecorded_attributes = frozenset({"announced", "unannounced", "proven"})

    def __init__(self, coordinator: ActiveCallsCoordinator, monitor: PushMonitor) -> None:
        super().__init__(coordinator, PUSH_LAST_RECEIVED)
        self._monitor = monitor

    @property
    @override
    def available(self) -> bool:
        """Always, since the time is known even if the operator is unreachable."""
        return True

    @override
    async def _async_listen(self) -> None:
        last = await self.async_get_last_sensor_data()
        if self._monitor.received_at is None and last is not None:
            received_at = last.native_value
            if isinstance(received_at, datetime):
                self._monitor.received_at = received_at
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

        signal = SIGNAL_PUSH.format(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, receive))

    @property
    @override
    def native_value(self) -> datetime | None:
        return self._monitor.received_at

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        health = self._monitor.health
        return {
            "announced": health.announced,
            "unannounced": health.unannounced,
            "proven": health.is_proven,
        }


class StatisticsSensor(OdorikEntity[StatisticsCoordinator], SensorEntity):
    """A figure of the operator's statistics, or the credit."""

    _unrecorded_attributes = frozenset({"destinations"})
    entity_description: StatisticsSensorDescription

    def __init__(
        self,
        coordinator: StatisticsCoordinator,
        description: StatisticsSensorDescription,
        line: Line | None = None,
    ) -> None:
        self.query = _query(description, line)
        super().__init__(coordinator, description, line, context=self.query)

    @override
    async def _async_listen(self) -> None:
        if self.query not in self.coordinator.data:
            await self.coordinator.async_request_refresh()

    @property
    def _answer(self) -> QueryResult[Any]:
        """The last result; without a value if there is none."""
        return self.coordinator.data.get(self.query) or QueryResult()

    @property
    def _value(self) -> Any:
        """The value of the last result; None if there is none."""
        if (value := self._answer.value) is None:
            return None
        directory = self.coordinator.config_entry.runtime_data.account.data.directory
        return self.entity_description.filter_fn(value, directory)

    @property
    @override
    def native_value(self) -> StateType:
        value = self._value
        return None if value is None else self.entity_description.value_fn(value)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        value = self._value
        return None if value is None else self.entity_description.attributes_fn(value)

    @property
    @override
    def last_reset(self) -> datetime | None:
        is_sum = self.entity_description.state_class is SensorStateClass.TOTAL
        return self._answer.since if is_sum else None
