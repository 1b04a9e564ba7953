"""What an Odorik account can tell in numbers and times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .api import (
    CallStatistics,
    CallTotals,
    DestinationStatistics,
    Line,
    MissedCalls,
    OdorikClient,
)
from .const import DOMAIN
from .coordinator import (
    ActiveCallsCoordinator,
    OdorikConfigEntry,
    Period,
    Query,
    StatisticsCoordinator,
)
from .entity import OdorikEntity, async_add_lines
from .history import HistoryCoordinator
from .phone_number import canonical

PARALLEL_UPDATES = 0

CURRENCY = "CZK"


def _balance(period: Period = "today") -> Query[float]:
    return Query("balance", lambda client, *_: client.balance(), period)


def _missed_calls(period: Period) -> Query[list[MissedCalls]]:
    return Query(
        "missed_calls",
        lambda client, start, end, _: client.missed_calls(start, end),
        period,
    )


def _totals(period: Period) -> Query[CallStatistics]:
    async def ask(
        client: OdorikClient, start: datetime, end: datetime, line: int | None
    ) -> CallStatistics:
        return await client.call_statistics(start, end, line=line)

    return Query("totals", ask, period)


def _destinations(period: Period) -> Query[list[DestinationStatistics]]:
    return Query(
        "destinations",
        lambda client, start, end, _: client.statistics_by_destination(start, end),
        period,
    )


@dataclass(frozen=True, kw_only=True)
class StatisticsSensorDescription(SensorEntityDescription):
    """A sum or the credit: what is asked for, and what of the answer is shown."""

    query: Query[Any]
    value_fn: Callable[[Any], StateType]
    attributes_fn: Callable[[Any], Mapping[str, Any]] = lambda _: {}


def _sum_of(*directions: str, what: str) -> Callable[[CallStatistics], StateType]:
    """Add up one figure over directions; unknown where the answer leaves all of them out."""

    def value(statistics: CallStatistics) -> StateType:
        totals: list[CallTotals] = [
            found for name in directions if (found := getattr(statistics, name)) is not None
        ]
        return round(sum(getattr(total, what) for total in totals), 4) if totals else None

    return value


_DIRECTIONS = ("incoming", "outgoing", "redirected")
_PERIODS: tuple[Period, ...] = ("today", "this_month")
_SHOWN_BY_DEFAULT = frozenset({"incoming", "outgoing"})
_COUNT: Mapping[str, Any] = {"state_class": SensorStateClass.TOTAL}
_DURATION: Mapping[str, Any] = {
    "device_class": SensorDeviceClass.DURATION,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": UnitOfTime.SECONDS,
    "suggested_unit_of_measurement": UnitOfTime.MINUTES,
    "suggested_display_precision": 0,
}
_MONEY: Mapping[str, Any] = {
    "device_class": SensorDeviceClass.MONETARY,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": CURRENCY,
    "suggested_display_precision": 2,
}
_FIGURES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("calls", "count", _COUNT),
    ("duration", "length", _DURATION),
    ("cost", "price", _MONEY),
)


def _top_destination(rows: list[DestinationStatistics]) -> StateType:
    destinations = _by_destination(rows)
    return destinations[0]["destination"] if destinations else None


def _by_destination(rows: list[DestinationStatistics]) -> list[dict[str, Any]]:
    """Sum the rows up by destination, the dearest first."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        total = sums.setdefault(
            row.destination,
            {"destination": row.destination, "count": 0, "length": 0, "price": 0.0},
        )
        total["count"] += row.count
        total["length"] += row.length
        total["price"] = round(total["price"] + row.price, 4)
    return sorted(sums.values(), key=lambda total: (-total["price"], -total["length"]))


ACCOUNT_STATISTICS: tuple[StatisticsSensorDescription, ...] = (
    StatisticsSensorDescription(
        key="balance", query=_balance(), value_fn=lambda balance: balance, **_MONEY
    ),
    StatisticsSensorDescription(
        key="missed_calls_today",
        query=_missed_calls("today"),
        value_fn=lambda rows: sum(row.count for row in rows),
        attributes_fn=lambda rows: {
            "numbers": {canonical(row.destination_number): row.count for row in rows}
        },
        **_COUNT,
    ),
    *(
        StatisticsSensorDescription(
            key=f"cost_{period}",
            query=_totals(period),
            value_fn=_sum_of(*_DIRECTIONS, what="price"),
            **_MONEY,
        )
        for period in _PERIODS
    ),
    *(
        StatisticsSensorDescription(
            key=f"{direction}_{name}_{period}",
            query=_totals(period),
            value_fn=_sum_of(direction, what=what),
            entity_registry_enabled_default=direction in _SHOWN_BY_DEFAULT and name != "cost",
            **attributes,
        )
        for direction in _DIRECTIONS
        for name, what, attributes in _FIGURES
        for period in _PERIODS
    ),
    StatisticsSensorDescription(
        key="top_destination_this_month",
        query=_destinations("this_month"),
        value_fn=_top_destination,
        attributes_fn=lambda rows: {"destinations": _by_destination(rows)},
    ),
)

LINE_STATISTICS: tuple[StatisticsSensorDescription, ...] = (
    *(
        StatisticsSensorDescription(
            key=f"{direction}_{name}_this_month",
            query=_totals("this_month"),
            value_fn=_sum_of(direction, what=what),
            entity_registry_enabled_default=False,
            **attributes,
        )
        for direction in ("incoming", "outgoing")
        for name, what, attributes in _FIGURES[:2]
    ),
    StatisticsSensorDescription(
        key="cost_this_month",
        query=_totals("this_month"),
        value_fn=_sum_of(*_DIRECTIONS, what="price"),
        entity_registry_enabled_default=False,
        **_MONEY,
    ),
)

ACTIVE_CALLS = SensorEntityDescription(key="active_calls", state_class=SensorStateClass.MEASUREMENT)

HISTORY: tuple[SensorEntityDescription, ...] = tuple(
    SensorEntityDescription(key=key, device_class=SensorDeviceClass.TIMESTAMP)
    for key in ("last_call", "last_missed_call")
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OdorikConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the account and of each line, now and later."""
    data = entry.runtime_data
    await data.statistics.async_prepare(
        description.query
        for description in ACCOUNT_STATISTICS
        if _is_enabled(hass, entry, description)
    )
    async_add_entities(
        [
            ActiveCallsSensor(data.active, ACTIVE_CALLS),
            *(HistorySensor(data.history, description) for description in HISTORY),
            *(
                StatisticsSensor(data.statistics, description)
                for description in ACCOUNT_STATISTICS
                if description.query.key not in data.statistics.forbidden
            ),
        ]
    )
    async_add_lines(
        entry,
        async_add_entities,
        lambda line: [
            ActiveCallsSensor(data.active, ACTIVE_CALLS, line),
            *(
                StatisticsSensor(data.statistics, description, line)
                for description in LINE_STATISTICS
                if description.query.key not in data.statistics.forbidden
            ),
        ],
    )


def _is_enabled(
    hass: HomeAssistant, entry: OdorikConfigEntry, description: SensorEntityDescription
) -> bool:
    """Whether an entity of the account is going to be shown."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{entry.unique_id}_{description.key}"
    )
    known = registry.async_get(entity_id) if entity_id else None
    return description.entity_registry_enabled_default if known is None else not known.disabled


class ActiveCallsSensor(OdorikEntity[ActiveCallsCoordinator], SensorEntity):
    """How many calls are ringing or up."""

    _unrecorded_attributes = frozenset({"calls"})

    @property
    @override
    def native_value(self) -> int:
        return len(self._calls)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        history = self.coordinator.config_entry.runtime_data.history
        return {"calls": [history.live_data(call) for call in self._calls]}

    @property
    def _calls(self) -> list[Any]:
        """The calls of the line, or of the account."""
        return [call for call in self.coordinator.data if self.line in {None, call.line}]


class HistorySensor(OdorikEntity[HistoryCoordinator], SensorEntity):
    """When the last call was."""

    @property
    def _shown(self) -> Mapping[str, Any] | None:
        """The data of the call's event."""
        shown: Mapping[str, Any] | None = getattr(
            self.coordinator.data, self.entity_description.key
        )
        return shown

    @property
    @override
    def native_value(self) -> datetime | None:
        return dt_util.parse_datetime(self._shown["started_at"]) if self._shown else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        return self._shown


class StatisticsSensor(OdorikEntity[StatisticsCoordinator], SensorEntity):
    """A sum of a period, or the credit."""

    _unrecorded_attributes = frozenset({"destinations"})
    entity_description: StatisticsSensorDescription

    def __init__(
        self,
        coordinator: StatisticsCoordinator,
        description: StatisticsSensorDescription,
        line: Line | None = None,
    ) -> None:
        """Ask for the line's own sums where a line is given."""
        self._query = replace(description.query, line=line.id if line else None)
        super().__init__(coordinator, description, line, context=self._query)

    @property
    def _value(self) -> Any:
        """What was answered; None while nothing was."""
        answer = self.coordinator.data.get(self._query)
        return answer.value if answer else None

    @property
    @override
    def native_value(self) -> StateType:
        return None if self._value is None else self.entity_description.value_fn(self._value)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        return None if self._value is None else self.entity_description.attributes_fn(self._value)

    @property
    @override
    def last_reset(self) -> datetime | None:
        answer = self.coordinator.data.get(self._query)
        if answer is None or self.state_class is not SensorStateClass.TOTAL:
            return None
        return None if self.entity_description.key == "balance" else answer.since
