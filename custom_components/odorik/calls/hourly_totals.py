"""Total the records of the history by hour, in the same way as the operator.

Each record counts by its own direction, in the hour (UTC) in which it began, so the totals of any
period match ``call_statistics.json``. Missed calls are the exception: they are counted by call, and
a call that was answered after being forwarded is not missed. Text messages are not counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct, field

from ..api import CallRecord, Direction
from .call_legs import (
    Answer,
    Incoming,
    Numbers,
    answer_of,
    find_duplicates,
    legs_answered_by_people,
    numbers_of,
)
from .directory import Directory
from .event import INBOUND_DIRECTIONS

SECONDS_PER_HOUR: Final = 3600
MAX_LEG_DELAY: Final = timedelta(hours=1)
"""How long after the start of a call its legs may begin; no call rings longer."""

DIRECTION_KEYS: Final = {
    Direction.IN: "incoming",
    Direction.OUT: "outgoing",
    Direction.REDIRECTED: "redirected",
}
"""The operator's keys of the directions that have statistics."""


class Metric(StrEnum):
    """A quantity that is totalled."""

    CALLS = "calls"
    DURATION = "duration"
    COST = "cost"
    MISSED = "missed_calls"

    @property
    def scale(self) -> int:
        """The number of counted units per displayed unit.

        Seconds are displayed as minutes and millionths as crowns; totals of integers are exact.
        """
        return {Metric.DURATION: 60, Metric.COST: 1_000_000}.get(self, 1)


SUMMED_METRICS: Final = (Metric.CALLS, Metric.DURATION, Metric.COST)


class Series(NamedTuple):
    """Identifies a series of totals: a metric of a direction or a line, or the missed calls."""

    metric: Metric
    direction: Direction | None = None
    line: int | None = None

    @property
    def key(self) -> str:
        """The kind of the series: its translation key, and the end of its ID."""
        return (
            f"{DIRECTION_KEYS[self.direction]}_{self.metric}"
            if self.direction
            else str(self.metric)
        )

    def id_of(self, user: str) -> str:
        """Return the ID of the series; ``user`` is the login in lowercase letters and digits."""
        return "_".join(
            [user, *([] if self.line is None else [str(self.line)]), self.key],
        )


ACCOUNT_SERIES: Final = (
    *(Series(metric, direction) for direction in DIRECTION_KEYS for metric in SUMMED_METRICS),
    Series(Metric.MISSED),
)
"""The series of every account."""

type Amounts = dict[Series, dict[int, int]]
"""Totals by series and by hour (in seconds since 1970), in the units of the metric's scale."""


class ImportState(Struct, kw_only=True, frozen=True):
    """How far the history has been imported into the long-term statistics; stored.

    Attributes:
        imported_until: The first hour that may not have been imported.
        rows: The number of rows before the hours that are imported again after a start; None if it
            was stored by version 0.2.0.
    """

    # Version 0.2.0 stored it under this name.
    imported_until: datetime = field(name="until")
    rows: int | None = None


type _Key = tuple[int, int]
"""The ID of a record and the start of its call, in seconds since 1970, because IDs can restart."""


class _Leg(Struct, frozen=True, gc=False):
    """The relevant data of a record."""

    hour: int
    """The start of the hour, in seconds since 1970."""
    direction: Direction
    line: int | None
    duration: int
    cost: int
    answer: Answer
    parent: int | None
    numbers: Numbers | None
    began: float
    """In seconds since 1970."""
    rang: int
    """In seconds."""
    is_at_gate: bool


class HourlyTotals:
    """Totals records, which may be added in any order and more than once.

    Attributes:
        count: The number of records that have been totalled.
        first: The first hour that has records.
    """

    def __init__(self, directory: Directory) -> None:
        self.count = 0
        self.first: datetime | None = None
        self._directory = directory
        self._legs: dict[_Key, _Leg] = {}

    def add(self, records: Iterable[CallRecord]) -> None:
        """Add records; a record that was added before is replaced."""
        for record in records:
            if record.is_sms:
                continue
            direction = self._directory.direction(record)
            self._legs[record.id, int(record.date.timestamp())] = _Leg(
                hour=hour_of(record.date),
                direction=direction,
                line=record.line,
                duration=record.length or 0,
                cost=round((record.price or 0) * Metric.COST.scale),
                answer=answer_of(record, direction),
                parent=record.redirection_parent_id,
                numbers=numbers_of(record, direction),
                began=record.date.timestamp(),
                rang=record.ringing_length or 0,
                is_at_gate=self._directory.gate_of(record) is not None,
            )

    def take(self, start: datetime, end: datetime) -> Amounts:
        """Return the totals of a period, and drop its records.

        Records to which later legs may refer are kept. Periods must be taken in ascending order.
        """
        first, last = hour_of(start), hour_of(end)
        amounts: Amounts = {}
        for leg in self._legs.values():
            if first <= leg.hour < last and leg.direction in DIRECTION_KEYS:
                _count(amounts, leg)
                self.count += 1
                self.first = min(self.first or _start_of(leg.hour), _start_of(leg.hour))
        for hour in self._missed_hours():
            if first <= hour < last:
                _add(amounts, Series(Metric.MISSED), hour, 1)
        horizon = hour_of(end - MAX_LEG_DELAY)
        self._legs = {key: leg for key, leg in self._legs.items() if leg.hour >= horizon}
        return amounts

    def _missed_hours(self) -> Iterator[int]:
        """Yield the hour of each inbound call that was not answered on any leg."""
        starts: dict[int, list[int]] = {}
        for record_id, start in self._legs:
            starts.setdefault(record_id, []).append(start)
        calls: dict[_Key, list[tuple[bool, _Key]]] = {}
        for key, leg in self._legs.items():
            calls.setdefault(self._root_of(key, starts), []).append((leg.parent is not None, key))
        incoming: list[Incoming[_Key]] = []
        missed: dict[_Key, int] = {}
        for legs in calls.values():
            key = min(legs)[1]
            first = self._legs[key]
            is_answered = bool(
                legs_answered_by_people(
                    {
                        leg_key[0]: (self._legs[leg_key].answer, self._legs[leg_key].parent)
                        for _, leg_key in legs
                    }
                )
            )
            if first.direction in INBOUND_DIRECTIONS and not is_answered and not first.is_at_gate:
                missed[key] = min(self._legs[leg_key].hour for _, leg_key in legs)
            if first.numbers and len(legs) == 1 and not first.is_at_gate:
                began, until = first.began, first.began + first.rang
                incoming.append(Incoming(key, first.numbers, began, until, first.line, is_answered))
        for key in find_duplicates(incoming):
            del missed[key]
        yield from missed.values()

    def _root_of(self, key: _Key, began: Mapping[int, Iterable[int]]) -> _Key:
        """Return the record from which all legs of a call were redirected.

        Args:
            key: The record of one of the legs.
            began: By record ID, the start times of the calls with that ID.
        """
        seen, within = {key}, MAX_LEG_DELAY.total_seconds()
        while key in self._legs and (parent := self._legs[key].parent):
            # IDs can restart: a call long before or after may have the same one.
            near = [start for start in began.get(parent, ()) if abs(start - key[1]) <= within]
            parent_key = (parent, min(near, key=lambda start: abs(start - key[1]), default=0))
            if parent_key in seen:
                break
            seen.add(parent_key)
            key = parent_key
        return key


def hour_of(moment: datetime) -> int:
    """Return the start of the hour of a time (UTC), in seconds since 1970."""
    return int(moment.timestamp()) // SECONDS_PER_HOUR * SECONDS_PER_HOUR


def _start_of(hour: int) -> datetime:
    return datetime.fromtimestamp(hour, UTC)


def _count(amounts: Amounts, leg: _Leg) -> None:
    """Add a leg to the totals of its direction and its line."""
    for metric, amount in zip(SUMMED_METRICS, (1, leg.duration, leg.cost), strict=True):
        _add(amounts, Series(metric, leg.direction), leg.hour, amount)
        if leg.line is not None:
            _add(amounts, Series(metric, line=leg.line), leg.hour, amount)


def _add(amounts: Amounts, series: Series, hour: int, amount: int) -> None:
    of_series = amounts.setdefault(series, {})
    of_series[hour] = of_series.get(hour, 0) + amount
