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
from .call_legs import Answer, Incoming, Numbers, answer_of, joined, numbers_of, talked_in
from .event import CAME_IN

HOUR: Final = 3600
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

    at: int
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

    def add(self, rows: Iterable[CallRecord]) -> None:
        """Take in records; one that comes again takes the place of the earlier."""
        for row in rows:
            if row.is_sms:
                continue
            direction = self._direction_of(row)
            self._legs[row.id, int(row.date.timestamp())] = _Leg(
                at=hour_of(row.date),
                direction=direction,
                line=row.line,
                duration=row.length or 0,
                cost=round((row.price or 0) * Metric.COST.scale),
                answer=answer_of(row, direction),
                parent=row.redirection_parent_id,
                numbers=numbers_of(row, direction),
                began=row.date.timestamp(),
                rang=row.ringing_length or 0,
            )

    def take(self, start: datetime, end: datetime) -> Amounts:
        """Add up the hours of a period.

        What began before its end is done with, but for what a later leg may point to. Periods are
        taken one after the other.
        """
        first, last = hour_of(start), hour_of(end)
        amounts: Amounts = {}
        for leg in self._legs.values():
            if first <= leg.at < last and leg.direction in DIRECTION_KEYS:
                _count(amounts, leg)
                self.count += 1
                self.first = min(self.first or _moment(leg.at), _moment(leg.at))
        for hour in self._missed():
            if first <= hour < last:
                _add(amounts, Series(Metric.MISSED), hour, 1)
        horizon = hour_of(end - MAX_LEG_DELAY)
        self._legs = {key: leg for key, leg in self._legs.items() if leg.at >= horizon}
        return amounts

    def _missed(self) -> Iterator[int]:
        """Give the hour of each call that came in and that nobody answered on any leg."""
        moments: dict[int, list[int]] = {}
        for record_id, moment in self._legs:
            moments.setdefault(record_id, []).append(moment)
        calls: dict[_Key, list[tuple[bool, _Key]]] = {}
        for key, leg in self._legs.items():
            calls.setdefault(self._call_of(key, moments), []).append((leg.parent is not None, key))
        alike: list[Incoming[_Key]] = []
        missed: dict[_Key, int] = {}
        for members in calls.values():
            key = min(members)[1]
            first = self._legs[key]
            is_answered = bool(
                talked_in(
                    {it[0]: (self._legs[it].answer, self._legs[it].parent) for _, it in members}
                )
            )
            if first.direction in CAME_IN and not is_answered:
                missed[key] = min(self._legs[it].at for _, it in members)
            if first.numbers and len(members) == 1:
                began, until = first.began, first.began + first.rang
                alike.append(Incoming(key, first.numbers, began, until, first.line, is_answered))
        for key in joined(alike):
            del missed[key]
        yield from missed.values()

    def _call_of(self, key: _Key, began: Mapping[int, Iterable[int]]) -> _Key:
        """Return the record from which all legs of a call were redirected.

        Args:
            key: The record of one of its legs.
            began: When the calls of the records with an id began.
        """
        seen, within = {key}, MAX_LEG_DELAY.total_seconds()
        while key in self._legs and (parent := self._legs[key].parent):
            # The same id may also be that of a call long before or after.
            near = [it for it in began.get(parent, ()) if abs(it - key[1]) <= within]
            above = (parent, min(near, key=lambda it: abs(it - key[1]), default=0))
            if above in seen:
                break
            seen.add(above)
            key = above
        return key


def hour_of(moment: datetime) -> int:
    """Tell the hour (UTC) of a moment."""
    return int(moment.timestamp()) // HOUR * HOUR


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour, UTC)


def _count(amounts: Amounts, leg: _Leg) -> None:
    """Count a leg under its direction and under its line."""
    for metric, amount in zip(SUMMED_METRICS, (1, leg.duration, leg.cost), strict=True):
        _add(amounts, Series(metric, leg.direction), leg.at, amount)
        if leg.line is not None:
            _add(amounts, Series(metric, line=leg.line), leg.at, amount)


def _add(amounts: Amounts, series: Series, hour: int, amount: int) -> None:
    of_series = amounts.setdefault(series, {})
    of_series[hour] = of_series.get(hour, 0) + amount
