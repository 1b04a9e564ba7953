"""GET /calls.json, /calls.csv, /calls.xml: the history."""

import hashlib
import math

from aiohttp import web

from simulator.dialects import dump
from simulator.world import Record

from .filters import HISTORY, apply_filters, in_period
from .request import ApiError, ApiRequest, Endpoint, Row, Rows, format_utc

PAGE_ROWS = 2000
FIELDS = (
    *("id", "redirection_parent_id", "date", "direction", "source_number", "destination_number"),
    *("destination_name", "length", "ringing_length", "status", "price", "price_per_minute"),
    *("balance_after", "line", "recording"),
)
"""The fields of a record in the order of the operator's documentation."""


def call_row(record: Record, *, sip_ids: bool = False) -> Row:
    """Return a record in the operator's format."""
    row: Row = {name: getattr(record, name) for name in FIELDS} | {"date": format_utc(record.date)}
    if record.active_call_id is not None:
        row["active_call_id"] = record.active_call_id
    if record.type == "sms":
        row["type"] = "sms"
        for name in ("length", "ringing_length", "price_per_minute", "recording"):
            del row[name]
    elif sip_ids:
        sip_id = hashlib.sha256(str(record.active_call_id or record.id).encode()).hexdigest()[:16]
        row["sip_in_call_id"] = f"{sip_id}@sip.example.net"
        row["sip_out_call_id"] = f"{sip_id[::-1]}@sip.example.net" if record.length else None
    return row


def calls_page(request: ApiRequest) -> tuple[Rows, int]:
    """Return one page of the history, oldest first, and the number of pages."""
    since = request.integer("since_id")
    if since is None:
        records = in_period(request)
    elif "from" in request.params or "to" in request.params:
        raise ApiError("invalid_argument since_id")
    else:
        records = request.account.since(since)
    records = apply_filters(request, records, HISTORY)
    # That the parameter is ignored without permission to read messages is a guess.
    if not request.flag("include_sms") or request.is_denied("sms"):
        records = [record for record in records if record.type == "call"]
    if request.exchange.dialect.newest_first:
        records.reverse()
    size, page = request.integer("page_size"), request.integer("page")
    if size == 0 or page == 0:
        raise ApiError("invalid_argument page")
    size = min(size or PAGE_ROWS, PAGE_ROWS)
    first = ((page or 1) - 1) * size
    rows = [call_row(it, sip_ids=request.flag("sip_ids")) for it in records[first : first + size]]
    return rows, max(1, math.ceil(len(records) / size))


def calls_json(request: ApiRequest) -> web.Response:
    """GET /calls.json."""
    rows, pages = calls_page(request)
    return page_response(dump(request.reworded(rows)), "application/json", pages)


def calls_csv(request: ApiRequest) -> web.Response:
    """GET /calls.csv: columns named like the JSON fields, the same on every page (a guess)."""
    rows, pages = calls_page(request)
    optional = {
        "type": request.flag("include_sms"),
        "sip_in_call_id": request.flag("sip_ids"),
        "sip_out_call_id": request.flag("sip_ids"),
    }
    names = [*FIELDS, "active_call_id", *(name for name, wanted in optional.items() if wanted)]
    return page_response(request.exchange.dialect.to_csv(names, rows), "text/csv", pages)


def calls_xml(request: ApiRequest) -> web.Response:
    """GET /calls.xml: an element for each call and each field (a guess)."""
    rows, pages = calls_page(request)
    return page_response(request.exchange.dialect.to_xml(rows), "application/xml", pages)


def page_response(text: str, content_type: str, pages: int) -> web.Response:
    """Return a response with the number of pages."""
    return web.Response(
        text=text,
        content_type=content_type,
        charset="utf-8",
        headers={"Odorik-Pages": str(pages)},
    )


ENDPOINTS = (
    Endpoint("GET", "/calls.json", "calls", calls_json),
    Endpoint("GET", "/calls.csv", "calls", calls_csv),
    Endpoint("GET", "/calls.xml", "calls", calls_xml),
)
