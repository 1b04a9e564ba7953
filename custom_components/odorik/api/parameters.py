"""Request parameters: filters, periods and their serialization."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from .models import CallStatus, Direction, utc


class CallFilter(TypedDict, total=False):
    """Filters for lists of calls and for statistics."""

    direction: Direction | None
    line: int | None
    min_length: int | None
    """Seconds."""
    max_length: int | None
    min_price: float | None
    """CZK."""
    max_price: float | None


class HistoryFilter(CallFilter, total=False):
    """Additional filters for the history."""

    status: CallStatus | None
    phone_number_filter: str | None
    """A number or prefix; matches either party."""
    sip_ids: bool
    include_sms: bool


type Parameters = dict[str, object]


def serialize(value: object) -> str:
    """Format a parameter for the API: booleans as ``true``, prices without an exponent."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)


def history(
    since_id: int | None, start: datetime | None, end: datetime | None, filters: HistoryFilter
) -> Parameters:
    """Return the parameters for the history, which is selected by ID or by period, not by both."""
    if since_id is not None:
        return {"since_id": since_id, **filters}
    if start is None or end is None:
        raise TypeError("either since_id, or start and end are required")
    return period(start, end) | filters


def period(start: datetime, end: datetime) -> Parameters:
    """Return the parameters for a period."""
    return {"from": utc(start), "to": utc(end)}
