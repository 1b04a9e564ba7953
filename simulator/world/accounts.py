"""Customers of the exchange, and the callbacks that they order."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from .lines import Contact, Line, PublicNumber
from .records import Record


@dataclass(slots=True)
class Callback:
    """An order to connect two numbers; `call_ids` are the active calls that it has made."""

    account: str
    line: int
    caller: str
    recipient: str
    simple: bool
    ordered: datetime
    due: datetime
    call_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """A customer of the exchange, with the whole history in rising order of id.

    `slots` are the URLs that it calls by their number; `ringings` are what a public number rings
    besides its line, such as `*0071`.
    """

    user: str
    password: str
    credit: float = 500.0
    lines: dict[int, Line] = field(default_factory=dict)
    numbers: list[PublicNumber] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list, repr=False)
    callbacks: list[Callback] = field(default_factory=list)
    slots: dict[int, str] = field(default_factory=dict)
    ringings: dict[str, list[str]] = field(default_factory=dict)

    def since(self, record_id: int) -> list[Record]:
        """Return the records with a higher id."""
        return self.records[bisect_right(self.records, record_id, key=attrgetter("id")) :]

    def line_of(self, number: str) -> int | None:
        """Return the line that rings when `number` is called, or None when it is not ours."""
        for line in self.lines.values():
            if number in {line.public_number, str(line.id), f"*{line.id}"}:
                return line.id
        return next((own.line for own in self.numbers if own.number == number), None)
