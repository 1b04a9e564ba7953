"""What records add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .records import Record


@dataclass(slots=True)
class Sum:
    """How many calls, how many seconds, how many CZK."""

    count: int = 0
    length: int = 0
    price: float = 0.0

    def add(self, record: Record) -> None:
        """Count one record in."""
        self.count += 1
        self.length += record.length or 0
        self.price = round(self.price + record.price, 4)


@dataclass(slots=True)
class Books:
    """What an account's history adds up to; `missed` counts incoming records by called number."""

    records: int = 0
    incoming: Sum = field(default_factory=Sum)
    outgoing: Sum = field(default_factory=Sum)
    redirected: Sum = field(default_factory=Sum)
    destinations: dict[tuple[str | None, float, str], Sum] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    credit: float = 0.0


def add_up(records: Iterable[Record]) -> Books:
    """Return the sums over records; messages are no calls and count as records only."""
    books = Books()
    by_direction = {"in": books.incoming, "out": books.outgoing, "redirected": books.redirected}
    for record in records:
        books.records += 1
        if record.type == "sms" or record.direction is None:
            continue
        by_direction[record.direction].add(record)
        key = (record.destination_name, record.price_per_minute, record.direction)
        books.destinations.setdefault(key, Sum()).add(record)
        if record.direction == "in" and record.status == "missed":
            number = record.destination_number
            books.missed[number] = books.missed.get(number, 0) + 1
    return books
