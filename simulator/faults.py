"""Faults: requests that fail, and responses that are damaged."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from typing import Any

from aiohttp import web
from msgspec import Struct

from .dialects import Dialect, dump

TIMEOUT_FAULT_DURATION = 3600.0
HOLD_STEP = 0.02
FAULTS = {
    "timeout": "no response",
    "slow": "the correct response after `seconds` (3)",
    "slow_body": "headers and half of the body immediately, the rest after `seconds`",
    "500": "an HTML page with this status",
    "503": "an HTML page with this status",
    "html": "an HTML page with status 200",
    "cut_json": "the first half of the correct response",
    "bad_json": "invalid JSON",
    "nan": "a record contains a bare NaN: `record` (its ID; default: the last), `field`",
    "half_emoji": r'a record contains half a surrogate pair, "\ud83d"',
    "raw_tab": "a record contains a raw tab in a string",
    "bad_escape": r'a record contains the invalid escape "\x"',
    "cut_record": "a record is truncated, and others follow",
    "reset": "the connection is aborted",
    "empty": "status 200 without a body",
    "authentication_failed": "the operator's error; any other word is an error code, too",
    "unauthorized": "the operator's error",
    "gateway_failed": "the operator's error for POST /sms",
    "answer": "the text `body` with `status`",
}
DAMAGES = {
    "nan": "NaN",
    "half_emoji": r'"\ud83d"',
    "raw_tab": '"a\tb"',
    "bad_escape": r'"\x"',
    "cut_record": None,
}
"""Replacements of a value; None truncates the record."""
DAMAGED_FIELDS = {
    "nan": ("price", "count", "price_per_minute"),
    "other": ("destination_name", "name", "destination"),
}
"""The fields to damage by default: the first that the record has."""


class Fault(Struct, forbid_unknown_fields=True):
    """The next `times` requests (0: all) fail according to `mode`, a key of FAULTS.

    Any other mode is the code of an error response. `path` restricts the fault to requests whose
    `METHOD /path` contains it; thus `/calls.json` does not match `/active_calls.json`. `parameter`
    restricts it to requests with this parameter.

    With `every` only each n-th matching request fails. With `after` the request takes effect before
    it fails. `seconds` is the delay of slow responses; `record` and `field` select what is damaged.
    """

    mode: str
    times: int = 1
    path: str = ""
    parameter: str = ""
    every: int = 1
    after: bool = False
    seconds: float = 3.0
    status: int = 200
    body: str = ""
    record: int | None = None
    field: str = ""
    seen: int = 0


async def apply_fault(
    request: web.Request,
    fault: Fault,
    respond: Callable[[], Awaitable[web.StreamResponse]],
    *,
    dialect: Dialect,
    closing: asyncio.Event,
) -> web.StreamResponse:
    """Return the faulty response to a request; `respond` returns the correct one."""
    match fault.mode:
        case "timeout" | "reset":
            if fault.mode == "timeout":
                await hold(request, TIMEOUT_FAULT_DURATION, closing)
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=504)
        case "slow":
            await hold(request, fault.seconds, closing)
            return await respond()
        case "slow_body":
            return await _send_slowly(request, fault.seconds, await respond(), closing)
        case "cut_json":
            body = _body(await respond())
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        case mode if mode in DAMAGES:
            response = await respond()
            if isinstance(response, web.Response) and response.text:
                response.text = damage(
                    response.text, fault.mode, record=fault.record, field=fault.field
                )
            return response
        case _:
            return _replacement(request, fault, dialect)


def _replacement(request: web.Request, fault: Fault, dialect: Dialect) -> web.Response:
    """Return a response that replaces the correct one."""
    match fault.mode:
        case "bad_json":
            return web.Response(text='[{"id": nonsense', content_type="application/json")
        case "empty":
            return web.Response(content_type="application/json")
        case "answer":
            return web.Response(status=fault.status, text=fault.body)
        case "html":
            return _html_page(200, "Maintenance")
        case mode if mode.isascii() and mode.isdigit():
            return _html_page(int(mode), f"Error {mode}")
        case code:
            return dialect.error_response(request.path, code)


async def hold(request: web.Request, seconds: float, closing: asyncio.Event) -> None:
    """Wait until the time is over, the client has disconnected or the server closes."""
    # Counted in steps, because a test may have frozen every clock.
    for _ in range(round(seconds / HOLD_STEP)):
        if request.transport is None or closing.is_set():
            return
        await asyncio.sleep(HOLD_STEP)


async def _send_slowly(
    request: web.Request, seconds: float, response: web.StreamResponse, closing: asyncio.Event
) -> web.StreamResponse:
    """Send the headers and half of the body immediately, and the rest later."""
    body = _body(response)
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(body)
    await stream.prepare(request)
    await stream.write(body[: len(body) // 2])
    await hold(request, seconds, closing)
    await stream.write(body[len(body) // 2 :])
    return stream


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _html_page(status: int, title: str) -> web.Response:
    """Return a page as a proxy would send it."""
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def damage(text: str, mode: str, *, record: int | None = None, field: str = "") -> str:
    """Return a JSON response with one record damaged, by default the last.

    A response that is not JSON or does not contain the record stays unchanged.
    """
    try:
        content = json.loads(text)
    except ValueError:
        return text
    rows = content if isinstance(content, list) else [content]
    matches = [
        index
        for index, row in enumerate(rows)
        if isinstance(row, dict) and row and record in {None, row.get("id")}
    ]
    if not matches:
        return text
    damaged = matches[-1]
    rows = [
        _damage_record(row, mode, field) if index == damaged else dump(row)
        for index, row in enumerate(rows)
    ]
    joined = ", ".join(rows)
    return f"[{joined}]" if isinstance(content, list) else joined


def _damage_record(row: dict[str, Any], mode: str, field: str) -> str:
    token = DAMAGES[mode]
    if token is None:
        text = dump(row)
        return text[: len(text) // 2]
    known = (name for name in DAMAGED_FIELDS.get(mode, DAMAGED_FIELDS["other"]) if name in row)
    field = field or next(known, list(row)[-1])
    values = {name: token if name == field else dump(value) for name, value in row.items()}
    return "{" + ", ".join(f"{dump(name)}: {value}" for name, value in values.items()) + "}"
