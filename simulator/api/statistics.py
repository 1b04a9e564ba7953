"""GET /call_statistics.json, /call_statistics/by_destination.json and /…/missed_calls.json."""

from simulator.world import Subtotal, Totals, compute_totals

from .filters import STATISTICS, apply_filters, in_period
from .request import ApiRequest, Endpoint, Row, Rows


def filtered_totals(request: ApiRequest) -> Totals:
    """Return the totals of the records that pass the filters of a request."""
    return compute_totals(apply_filters(request, in_period(request), STATISTICS))


def subtotal_row(subtotal: Subtotal) -> Row:
    """Return a subtotal in the operator's format."""
    return {"count": subtotal.count, "length": subtotal.length, "price": subtotal.price}


def call_statistics(request: ApiRequest) -> Row:
    """GET /call_statistics.json."""
    totals = filtered_totals(request)
    return {
        "incoming": subtotal_row(totals.incoming),
        "outgoing": subtotal_row(totals.outgoing),
        "redirected": subtotal_row(totals.redirected),
    }


def by_destination(request: ApiRequest) -> Rows:
    """GET /call_statistics/by_destination.json."""
    return [
        {
            "destination": name,
            **subtotal_row(subtotal),
            "price_per_minute": price,
            "direction": direction,
        }
        for (name, price, direction), subtotal in sorted(
            filtered_totals(request).destinations.items(), key=lambda item: str(item[0])
        )
    ]


def missed_calls(request: ApiRequest) -> Rows:
    """GET /call_statistics/missed_calls.json, which has no filters."""
    missed = compute_totals(apply_filters(request, in_period(request))).missed
    return [
        {"destination_number": number, "count": count} for number, count in sorted(missed.items())
    ]


ENDPOINTS = (
    Endpoint("GET", "/call_statistics.json", "call_statistics", call_statistics),
    Endpoint("GET", "/call_statistics/by_destination.json", "by_destination", by_destination),
    Endpoint("GET", "/call_statistics/missed_calls.json", "missed_calls", missed_calls),
)
