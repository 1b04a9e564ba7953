"""Compute the expected events and states of a day from the records of the exchange."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from homeassistant.util import dt as dt_util

from simulator.world import Record, Totals, compute_totals

ENDED, MISSED = "odorik_call_ended", "odorik_missed_call"
LINES: Final = (300100, 300110, 300120)
LINE_KEYS: Final = (
    "incoming_calls_this_month",
    "incoming_duration_this_month",
    "outgoing_calls_this_month",
    "outgoing_duration_this_month",
    "cost_this_month",
)

type Row = dict[str, Any]
type States = dict[str, object]


class FinishedCall(NamedTuple):
    """How a call finished, in the operator's units."""

    call_id: int
    event: str
    status: str
    duration: int
    price: float
    started_at: str


def reported_call(kind: str, data: Row) -> FinishedCall:
    """Return the call that an event reports."""
    fields = (data[name] for name in ("status", "duration", "price", "started_at"))
    return FinishedCall(data["call_id"], kind, *fields)


def recorded_call(call_id: int, legs: list[Row]) -> FinishedCall:
    """Return the call that has these records."""
    main, answered = main_record(call_id, legs)
    return FinishedCall(
        call_id,
        MISSED if main["direction"] == "in" and not answered else ENDED,
        "answered" if answered else "missed",
        answered["length"] if answered else 0,
        round(sum(row["price"] for row in legs), 4),
        min(row["date"] for row in legs).isoformat(),
    )


def main_record(call_id: int, legs: list[Row]) -> tuple[Row, Row | None]:
    """Return the record that a call is named after, and the first with talk time.

    That of the caller of a callback does not count.
    """
    (main,) = (row for row in legs if row["id"] == call_id)
    answered = (
        row
        for row in (main, *legs)
        if row["status"] == "answered" and row["length"]
        if row is main or row["direction"] == "redirected"
    )
    return main, next(answered, None)


@dataclass(frozen=True)
class ExchangeRecords:
    """The records, callback orders and credit of the exchange."""

    rows: list[Row]
    callbacks: list[Row]
    credit: float

    def calls(self, begin: datetime) -> dict[int, list[Row]]:
        """Group the records since a time by call: forwarded legs, and both legs of a callback."""
        by_leg = {row["active_call_id"]: row for row in self.rows}
        called_back = {
            leg: by_leg[order["call_ids"][-1]]
            for order in self.callbacks
            for leg in order["call_ids"]
        }
        calls: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row["date"] >= begin:
                main = called_back.get(row["active_call_id"], row)
                calls[main["redirection_parent_id"] or main["id"]].append(row)
        return calls

    def callers_waiting(self, begin: datetime) -> int:
        """Count the callers whose last missed call has not been followed by an answered one."""
        missed: dict[str, tuple[datetime, int]] = {}
        reached: dict[str, tuple[datetime, int]] = {}
        for call_id, legs in self.calls(begin).items():
            main, answered = main_record(call_id, legs)
            is_incoming = main["direction"] == "in"
            number = main["source_number" if is_incoming else "destination_number"]
            row = answered or main
            moment = row["date"] + timedelta(seconds=row["ringing_length"])
            if answered or is_incoming:
                last = reached if answered else missed
                last[number] = max(last.get(number, (moment, 0)), (moment, call_id))
        # Withheld numbers cannot be reached.
        reached.pop("", None)
        return sum(
            number not in reached or reached[number] < last for number, last in missed.items()
        )

    def states(self, calls: Counter[FinishedCall], begin: datetime) -> States:
        """Return the expected states of the sensors, with callers who have waited since a time."""
        records = [Record(**row) for row in self.rows]
        today = dt_util.start_of_local_day()
        month_start = today.replace(day=1)

        def since(start: datetime, line: int | None = None) -> Totals:
            return compute_totals(
                it for it in records if it.date >= start and line in {None, it.line}
            )

        month = since(month_start)
        destinations: defaultdict[str, float] = defaultdict(float)
        for (name, *_), total in month.destinations.items():
            destinations[str(name)] += total.price
        expected: States = {
            "active_calls": 0,
            "balance": round(self.credit, 2),
            "callers_waiting": self.callers_waiting(begin),
            "last_call": max(call.started_at for call in calls),
            "last_missed_call": max(call.started_at for call in calls if call.event == MISSED),
            "missed_calls_today": sum(since(today).missed.values()),
            "top_destination_this_month": max(destinations, key=lambda name: destinations[name]),
            **totals(since(today), "today"),
            **totals(month, "this_month"),
        }
        for line in LINES:
            of_line = totals(since(month_start, line), "this_month")
            expected[f"{line}_active_calls"] = 0
            for key in LINE_KEYS:
                expected[f"{line}_{key}"] = of_line[key]
        return expected


def totals(books: Totals, period: str) -> States:
    """Return the totals of a period; the sensors show durations in minutes."""
    found: States = {}
    cost = 0.0
    for direction in ("incoming", "outgoing", "redirected"):
        total = getattr(books, direction)
        found[f"{direction}_calls_{period}"] = total.count
        found[f"{direction}_duration_{period}"] = round(total.length / 60, 4)
        found[f"{direction}_cost_{period}"] = total.price
        cost += total.price
    return found | {f"cost_{period}": round(cost, 4)}
