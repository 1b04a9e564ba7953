"""GET /calls.json, /calls.csv, /calls.xml: the history."""

import math

from aiohttp import web

from simulator.dialects import dump

from .ask import Ask, Endpoint, Refusal, Rows
from .rows import call_row, columns
from .selection import HISTORY, between, selected

PAGE_ROWS = 2000


def page_of_calls(ask: Ask) -> tuple[Rows, int]:
    """Return one page of the history, oldest first, and the number of pages."""
    since = ask.whole("since_id")
    if since is None:
        records = between(ask)
    elif "from" in ask.params or "to" in ask.params:
        raise Refusal("invalid_argument since_id")
    else:
        records = ask.account.since(since)
    records = selected(ask, records, HISTORY)
    if not ask.flag("include_sms"):
        records = [record for record in records if record.type == "call"]
    if ask.exchange.dialect.newest_first:
        records.reverse()
    size, page = ask.whole("page_size"), ask.whole("page")
    if size == 0 or page == 0:
        raise Refusal("invalid_argument page")
    rows = min(size or PAGE_ROWS, PAGE_ROWS)
    first = ((page or 1) - 1) * rows
    shown = [call_row(r, sip_ids=ask.flag("sip_ids")) for r in records[first : first + rows]]
    return shown, max(1, math.ceil(len(records) / rows))


def calls_json(ask: Ask) -> web.Response:
    """GET /calls.json."""
    rows, pages = page_of_calls(ask)
    return paged(dump(ask.reworded(rows)), "application/json", pages)


def calls_csv(ask: Ask) -> web.Response:
    """GET /calls.csv: fields under their API names (the form is a guess)."""
    rows, pages = page_of_calls(ask)
    names = columns(sip_ids=ask.flag("sip_ids"), include_sms=ask.flag("include_sms"))
    return paged(ask.exchange.dialect.table(names, rows), "text/csv", pages)


def calls_xml(ask: Ask) -> web.Response:
    """GET /calls.xml: one element a call, one a field (the form is a guess)."""
    rows, pages = page_of_calls(ask)
    return paged(ask.exchange.dialect.document(rows), "application/xml", pages)


def paged(text: str, content_type: str, pages: int) -> web.Response:
    """Return an answer that says how many pages there are."""
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
