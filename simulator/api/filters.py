"""The filters of histories and statistics.

Each endpoint applies the filters that the operator's documentation lists for it and ignores all
other parameters.
"""

from collections.abc import Callable, Iterable
import operator

from simulator.world import Record

from .request import ApiError, ApiRequest

type Predicate = Callable[[Record], bool]
type Filter = Callable[[ApiRequest], Predicate | None]


def one_of(name: str, *allowed: str) -> Filter:
    """Return a filter by the value of a field."""

    def build(request: ApiRequest) -> Predicate | None:
        value = request.params.get(name)
        if value and value not in allowed:
            raise ApiError(f"invalid_argument {name}")
        return (lambda record: getattr(record, name) == value) if value else None

    return build


def limit(name: str, field: str, parse: Callable[[ApiRequest, str], float | None]) -> Filter:
    """Return a filter by a lower or upper limit of a field, both inclusive."""
    fits = operator.ge if name.startswith("min_") else operator.le

    def build(request: ApiRequest) -> Predicate | None:
        value = parse(request, name)
        # A missing value counts as zero.
        return None if value is None else lambda record: fits(getattr(record, field) or 0, value)

    return build


def by_line(request: ApiRequest) -> Predicate | None:
    """Filter by line; the login of a line always reads its own line."""
    line = request.integer("line")
    return None if line is None or request.line else lambda record: record.line == line


def by_number(request: ApiRequest) -> Predicate | None:
    """Filter by the prefix of either number."""
    prefix = request.params.get("phone_number_filter")
    if not prefix:
        return None
    return lambda record: (
        record.source_number.startswith(prefix) or record.destination_number.startswith(prefix)
    )


DIRECTION = one_of("direction", "in", "out", "redirected")
MESSAGES = (DIRECTION, by_line)
STATISTICS = (
    DIRECTION,
    by_line,
    limit("min_length", "length", ApiRequest.integer),
    limit("max_length", "length", ApiRequest.integer),
    limit("min_price", "price", ApiRequest.decimal),
    limit("max_price", "price", ApiRequest.decimal),
)
HISTORY = (*STATISTICS, one_of("status", "answered", "missed"), by_number)


def apply_filters(
    request: ApiRequest, records: Iterable[Record], filters: Iterable[Filter] = ()
) -> list[Record]:
    """Return the records that the login may read and that pass all filters."""
    predicates = [predicate for build in filters if (predicate := build(request)) is not None]
    return [
        record
        for record in records
        if request.may_read(record.line) and all(predicate(record) for predicate in predicates)
    ]


def in_period(request: ApiRequest) -> list[Record]:
    """Return the records that started from `from` to `to`, both inclusive (a guess)."""
    request.require("from", "to")
    start, end = request.moment("from"), request.moment("to")
    return [record for record in request.account.records if start <= record.date <= end]
