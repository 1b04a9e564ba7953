"""Call detail records and their totals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .numbers import IN_NETWORK

type Direction = Literal["in", "out", "redirected"]


@dataclass(slots=True, kw_only=True)
class Record:
    """A row of the history under the operator's field names; prices in CZK, lengths in seconds."""

    id: int
    date: datetime
    direction: Direction | None
    source_number: str
    destination_number: str
    line: int
    destination_name: str | None = IN_NETWORK
    length: int | None = 0
    ringing_length: int | None = 0
    status: str = "answered"
    price: float = 0.0
    price_per_minute: float = 0.0
    balance_after: float | None = None
    redirection_parent_id: int | None = None
    recording: str | None = None
    active_call_id: int | None = None
    type: Literal["call", "sms"] = "call"


@dataclass(slots=True)
class Subtotal:
    """Number of calls, their length in seconds and their price in CZK."""

    count: int = 0
    length: int = 0
    price: float = 0.0

    def add(self, record: Record) -> None:
        """Add one record."""
        self.count += 1
        self.length += record.length or 0
        self.price = round(self.price + record.price, 4)


@dataclass(slots=True)
class Totals:
    """Totals of a history; `missed` counts incoming records by called number."""

    records: int = 0
    incoming: Subtotal = field(default_factory=Subtotal)
    outgoing: Subtotal = field(default_factory=Subtotal)
    redirected: Subtotal = field(default_factory=Subtotal)
    destinations: dict[tuple[str | None, float, str], Subtotal] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    credit: float = 0.0


def compute_totals(records: Iterable[Record]) -> Totals:
    """Return the totals of records; messages count in `records` only."""
    totals = Totals()
    by_direction = {"in": totals.incoming, "out": totals.outgoing, "redirected": totals.redirected}
    for record in records:
        totals.records += 1
        if record.type == "sms" or record.direction is None:
            continue
        by_direction[record.direction].add(record)
        key = (record.destination_name, record.price_per_minute, record.direction)
        totals.destinations.setdefault(key, Subtotal()).add(record)
        if record.direction == "in" and record.status == "missed":
            number = record.destination_number
            totals.missed[number] = totals.missed.get(number, 0) + 1
    return totals
