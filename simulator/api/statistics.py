"""GET /call_statistics.json and what stands below it."""

from simulator.world import Books, Sum, add_up

from .ask import Ask, Endpoint, Row, Rows
from .selection import STATISTICS, between, selected


def statistics_of(ask: Ask) -> Books:
    """Return the sums over what the request selects."""
    return add_up(selected(ask, between(ask), STATISTICS))


def sum_row(total: Sum) -> Row:
    """Return a sum as the operator writes it."""
    return {"count": total.count, "length": total.length, "price": total.price}


def call_statistics(ask: Ask) -> Row:
    """GET /call_statistics.json."""
    books = statistics_of(ask)
    return {
        "incoming": sum_row(books.incoming),
        "outgoing": sum_row(books.outgoing),
        "redirected": sum_row(books.redirected),
    }


def by_destination(ask: Ask) -> Rows:
    """GET /call_statistics/by_destination.json."""
    return [
        {
            "destination": name,
            **sum_row(total),
            "price_per_minute": price,
            "direction": direction,
        }
        for (name, price, direction), total in sorted(
            statistics_of(ask).destinations.items(), key=lambda item: str(item[0])
        )
    ]


def missed_calls(ask: Ask) -> Rows:
    """GET /call_statistics/missed_calls.json."""
    missed = add_up(selected(ask, between(ask))).missed
    return [
        {"destination_number": number, "count": times} for number, times in sorted(missed.items())
    ]


ENDPOINTS = (
    Endpoint("GET", "/call_statistics.json", "call_statistics", call_statistics),
    Endpoint("GET", "/call_statistics/by_destination.json", "by_destination", by_destination),
    Endpoint("GET", "/call_statistics/missed_calls.json", "missed_calls", missed_calls),
)
