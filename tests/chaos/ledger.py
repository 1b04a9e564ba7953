"""What the exchange's own books say of a day: how each call finished, and what it adds up to."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

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
type Figures = dict[str, object]


@dataclass(frozen=True)
class Finished:
    """How a call finished; prices and seconds as the operator counts them."""

    call_id: int
    event: str
    status: str
    duration: int
    price: float
    started_at: str


@dataclass(frozen=True)
class Ledger:
    """What the exchange itself knows: its records, the callbacks that were ordered, the credit."""

    rows: list[Row]
    callbacks: list[Row]
    credit: float

    def calls(self, begin: datetime) -> dict[int, list[Row]]:
        """Join records to calls: what was sent on to whence it was, callbacks to the recipient."""
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

    def waiting(self, begin: datetime) -> int:
        """Count the callers with whom nobody has talked after their last missed call."""
        missed: dict[str, tuple[datetime, int]] = {}
        talked: dict[str, tuple[datetime, int]] = {}
        for call_id, legs in self.calls(begin).items():
            (main,) = (row for row in legs if row["id"] == call_id)
            talks = talks_of(main, legs)
            is_in = main["direction"] == "in"
            number = main["source_number" if is_in else "destination_number"]
            row = talks[0] if talks else main
            moment = row["date"] + timedelta(seconds=row["ringing_length"])
            if talks or is_in:
                last = talked if talks else missed
                last[number] = max(last.get(number, (moment, 0)), (moment, call_id))
        # Nobody knows whom one has talked with who withholds the number.
        talked.pop("", None)
        return sum(number not in talked or talked[number] < last for number, last in missed.items())

    def figures(self, calls: Counter[Finished]) -> Figures:
        """Return what the sensors should show at the present moment."""
        records = [Record(**row) for row in self.rows]
        today = dt_util.start_of_local_day()

        def since(start: datetime, line: int | None = None) -> Totals:
            return compute_totals(
                it for it in records if it.date >= start and line in {None, it.line}
            )

        month = since(today.replace(day=1))
        destinations: defaultdict[str, float] = defaultdict(float)
        for (name, *_), total in month.destinations.items():
            destinations[str(name)] += total.price
        wanted: Figures = {
            "active_calls": 0,
            "balance": round(self.credit, 2),
            "last_call": max(call.started_at for call in calls),
            "last_missed_call": max(call.started_at for call in calls if call.event == MISSED),
            "missed_calls_today": sum(since(today).missed.values()),
            "top_destination_this_month": max(destinations, key=lambda name: destinations[name]),
            **sums(since(today), "today"),
            **sums(month, "this_month"),
        }
        for line in LINES:
            of_line = sums(since(today.replace(day=1), line), "this_month")
            wanted[f"{line}_active_calls"] = 0
            for key in LINE_KEYS:
                wanted[f"{line}_{key}"] = of_line[key]
        return wanted


def finished(call_id: int, legs: list[Row]) -> Finished:
    """Say by the books how a call finished."""
    (main,) = (row for row in legs if row["id"] == call_id)
    talks = talks_of(main, legs)
    return Finished(
        call_id,
        MISSED if main["direction"] == "in" and not talks else ENDED,
        "answered" if talks else "missed",
        talks[0]["length"] if talks else 0,
        round(sum(row["price"] for row in legs), 4),
        min(row["date"] for row in legs).isoformat(),
    )


def talks_of(main: Row, legs: list[Row]) -> list[Row]:
    """List the legs of a call in which people talked, for at least a second.

    That the caller of a callback picks up does not mean that anybody was reached.
    """
    return [
        row
        for row in (main, *legs)
        if row["status"] == "answered" and row["length"]
        if row is main or row["direction"] == "redirected"
    ]


def is_known(legs: list[Row]) -> bool:
    """Whether a call does not withhold its number."""
    return all(row["source_number"] for row in legs)


def said(kind: str, data: Row) -> Finished:
    """Say by its event how a call finished."""
    return Finished(
        data["call_id"],
        kind,
        data["status"],
        data["duration"],
        data["price"],
        data["started_at"],
    )


def sums(books: Totals, period: str) -> Figures:
    """Return the sums of a period; durations are shown in minutes."""
    shown: Figures = {}
    cost = 0.0
    for direction in ("incoming", "outgoing", "redirected"):
        total = getattr(books, direction)
        shown[f"{direction}_calls_{period}"] = total.count
        shown[f"{direction}_duration_{period}"] = round(total.length / 60, 4)
        shown[f"{direction}_cost_{period}"] = total.price
        cost += total.price
    return shown | {f"cost_{period}": round(cost, 4)}
