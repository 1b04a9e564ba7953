"""Adds the records of the history up by the hour, as the operator counts them.

Each record counts under its own direction, in the hour (UTC) in which it began: so any period
adds up to what ``call_statistics.json`` says of it. Only missed calls are calls and not records:
one that was sent on and answered there was not missed. Messages are no calls.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
from .event import INBOUND_DIRECTIONS

SECONDS_PER_HOUR: Final = 3600
"""Seconds."""
MAX_LEG_DELAY: Final = timedelta(hours=1)
"""How long after a call its legs may begin: nobody lets it ring for longer."""

DIRECTION_KEYS: Final = {
    Direction.IN: "incoming",
    Direction.OUT: "outgoing",
    Direction.REDIRECTED: "redirected",
}
"""The directions that the operator sums up, by the names under which it does."""


class Metric(StrEnum):
    """What is added up."""

    CALLS = "calls"
    DURATION = "duration"
    COST = "cost"
    MISSED = "missed_calls"

    @property
    def scale(self) -> int:
        """How many of what is counted make one of what is shown.

        Seconds make minutes, and millionths make crowns: whole numbers do not drift, however many
        of them there are.
        """
        return {Metric.DURATION: 60, Metric.COST: 1_000_000}.get(self, 1)


SUMMED_METRICS: Final = (Metric.CALLS, Metric.DURATION, Metric.COST)


class Series(NamedTuple):
    """What has sums of its own: a metric of a direction, of a line, or the missed calls."""

    metric: Metric
    direction: Direction | None = None
    line: int | None = None

    @property
    def key(self) -> str:
        """Name the kind of the series: for a text, and as the end of its id."""
        return (
            f"{DIRECTION_KEYS[self.direction]}_{self.metric}"
            if self.direction
            else str(self.metric)
        )

    def id_of(self, user: str) -> str:
        """Name the series in an account; ``user`` is its login in small letters and digits."""
        return "_".join(
            [user, *([] if self.line is None else [str(self.line)]), self.key],
        )


ACCOUNT_SERIES: Final = (
    *(Series(metric, direction) for direction in DIRECTION_KEYS for metric in SUMMED_METRICS),
    Series(Metric.MISSED),
)
"""The series that every account has."""

type Amounts = dict[Series, dict[int, int]]
"""What each series has in each hour (seconds since 1970), in its metric's grains."""


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
"""The id of a record, and when its call began in seconds since 1970: ids may begin again."""


class _Leg(Struct, frozen=True, gc=False):
    """What counts of a record."""

    hour: int
    """The hour."""
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
    """Seconds."""


class HourlyTotals:
    """Takes records in any order and any number of times, and gives what they add up to.

    Attributes:
        count: How many records have been added up.
        first: When the first of them began.
    """

    def __init__(self, direction_of: Callable[[CallRecord], Direction]) -> None:
        """Begin with nothing; a record that does not say its direction is asked for it."""
        self.count = 0
        self.first: datetime | None = None
        self._direction_of = direction_of
        self._legs: dict[_Key, _Leg] = {}

    def add(self, records: Iterable[CallRecord]) -> None:
        """Take in records; one that comes again takes the place of the earlier."""
        for record in records:
            if record.is_sms:
                continue
            direction = self._direction_of(record)
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
            )

    def take(self, start: datetime, end: datetime) -> Amounts:
        """Add up the hours of a period.

        What began before its end is done with, but for what a later leg may point to. Periods are
        taken one after the other.
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
        """Give the hour of each call that came in and that nobody answered on any leg."""
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
            if first.direction in INBOUND_DIRECTIONS and not is_answered:
                missed[key] = min(self._legs[leg_key].hour for _, leg_key in legs)
            if first.numbers and len(legs) == 1:
                began, until = first.began, first.began + first.rang
                incoming.append(Incoming(key, first.numbers, began, until, first.line, is_answered))
        for key in find_duplicates(incoming):
            del missed[key]
        yield from missed.values()

    def _root_of(self, key: _Key, began: Mapping[int, Iterable[int]]) -> _Key:
        """Return the record from which all legs of a call were redirected.

        Args:
            key: The record of one of its legs.
            began: When the calls of the records with an id began.
        """
        seen, within = {key}, MAX_LEG_DELAY.total_seconds()
        while key in self._legs and (parent := self._legs[key].parent):
            # The same id may also be that of a call long before or after.
            near = [start for start in began.get(parent, ()) if abs(start - key[1]) <= within]
            parent_key = (parent, min(near, key=lambda start: abs(start - key[1]), default=0))
            if parent_key in seen:
                break
            seen.add(parent_key)
            key = parent_key
        return key


def hour_of(moment: datetime) -> int:
    """Tell the hour (UTC) of a moment."""
    return int(moment.timestamp()) // SECONDS_PER_HOUR * SECONDS_PER_HOUR


def _start_of(hour: int) -> datetime:
    return datetime.fromtimestamp(hour, UTC)


def _count(amounts: Amounts, leg: _Leg) -> None:
    """Count a leg under its direction and under its line."""
    for metric, amount in zip(SUMMED_METRICS, (1, leg.duration, leg.cost), strict=True):
        _add(amounts, Series(metric, leg.direction), leg.hour, amount)
        if leg.line is not None:
            _add(amounts, Series(metric, line=leg.line), leg.hour, amount)


def _add(amounts: Amounts, series: Series, hour: int, amount: int) -> None:
    of_series = amounts.setdefault(series, {})
    of_series[hour] = of_series.get(hour, 0) + amount
