"""Which records a request selects.

Each endpoint takes the filters that the operator's document lists for it, and passes over every
other parameter, as an HTTP API does.
"""

from collections.abc import Callable, Iterable
import operator

from simulator.world import Record

from .ask import Ask, Refusal

type Test = Callable[[Record], bool]


def choice(name: str, *allowed: str) -> Callable[[Ask], Test | None]:
    """Let through the records whose field is the word that is asked for."""

    def test(ask: Ask) -> Test | None:
        word = ask.params.get(name)
        if word and word not in allowed:
            raise Refusal(f"invalid_argument {name}")
        return (lambda record: getattr(record, name) == word) if word else None

    return test


def bound(
    name: str, what: str, number: Callable[[Ask, str], float | None]
) -> Callable[[Ask], Test | None]:
    """Let through the records whose field is at least, or at most, what is asked for."""
    fits = operator.ge if name.startswith("min_") else operator.le

    def test(ask: Ask) -> Test | None:
        limit = number(ask, name)
        # What a record does not have counts as nothing.
        return None if limit is None else lambda record: fits(getattr(record, what) or 0, limit)

    return test


def of_line(ask: Ask) -> Test | None:
    """Let through the records of a line; the login of a line sees that one, whichever it names."""
    line = ask.whole("line")
    return None if line is None or ask.line else lambda record: record.line == line


def with_number(ask: Ask) -> Test | None:
    """Let through the records of which either number begins as is asked for."""
    start = ask.params.get("phone_number_filter")
    if not start:
        return None
    return lambda record: (
        record.source_number.startswith(start) or record.destination_number.startswith(start)
    )


DIRECTION = choice("direction", "in", "out", "redirected")
MESSAGES = (DIRECTION, of_line)
STATISTICS = (
    DIRECTION,
    of_line,
    bound("min_length", "length", Ask.whole),
    bound("max_length", "length", Ask.whole),
    bound("min_price", "price", Ask.decimal),
    bound("max_price", "price", Ask.decimal),
)
HISTORY = (*STATISTICS, choice("status", "answered", "missed"), with_number)


def selected(
    ask: Ask, records: Iterable[Record], filters: Iterable[Callable[[Ask], Test | None]] = ()
) -> list[Record]:
    """Return the records that this login sees and the filters let through."""
    tests = [test for make in filters if (test := make(ask)) is not None]
    return [
        record
        for record in records
        if ask.sees(record.line) and all(test(record) for test in tests)
    ]


def between(ask: Ask) -> list[Record]:
    """Return the records that began from `from` to `to`, both included (a guess)."""
    ask.need("from", "to")
    start, end = ask.moment("from"), ask.moment("to")
    return [record for record in ask.account.records if start <= record.date <= end]
