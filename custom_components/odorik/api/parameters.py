"""What a request says: filters, periods, and how the operator reads them."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from .models import CallStatus, Direction, utc


class CallFilter(TypedDict, total=False):
    """What narrows a list of calls or its statistics."""

    direction: Direction | None
    line: int | None
    min_length: int | None
    """Seconds."""
    max_length: int | None
    min_price: float | None
    """CZK."""
    max_price: float | None


class HistoryFilter(CallFilter, total=False):
    """What narrows the history, besides."""

    status: CallStatus | None
    phone_number_filter: str | None
    """A prefix or a whole number; it is held against both parties."""
    sip_ids: bool
    include_sms: bool


type Parameters = dict[str, object]


def serialize(value: object) -> str:
    """Write a parameter as the operator reads it: ``true``, and prices without an exponent."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)


def history(
    since_id: int | None, start: datetime | None, end: datetime | None, filters: HistoryFilter
) -> Parameters:
    """Write what selects from the history; the operator wants an id or a period, not both."""
    if since_id is not None:
        return {"since_id": since_id, **filters}
    if start is None or end is None:
        raise TypeError("the history is read since an id or over a period")
    return period(start, end) | filters


def period(start: datetime, end: datetime) -> Parameters:
    """Write a period."""
    return {"from": utc(start), "to": utc(end)}
