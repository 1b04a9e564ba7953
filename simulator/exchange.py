"""The front of the exchange: every request passes here, is noted, and may be made to fail.

A stand-in for development, tests and the demo.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from msgspec import Struct

from .browsers import preflight
from .damage import DAMAGES, damaged
from .dialects import DIALECTS, Dialect
from .world import Push, World

BASE = "/api/v1"
JOURNAL_LIMIT = 100_000
FOREVER = 3600.0
HOLD_STEP = 0.02
URLENCODED = "application/x-www-form-urlencoded"
BROKEN_FORM = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError)
"""What aiohttp raises over a multipart form that is none."""
SECRETS = {"user", "password"}
FAULTS = {
    "timeout": "no answer at all",
    "slow": "the right answer after `seconds` (3)",
    "slow_body": "head and half of the body at once, the rest after `seconds`",
    "500": "an HTML page with that status",
    "503": "an HTML page with that status",
    "html": "an HTML page with status 200",
    "cut_json": "the first half of the right answer",
    "bad_json": "something that only begins like JSON",
    "nan": "a record holds a bare NaN: `record` (its id; the last one), `field`",
    "half_emoji": r'a record holds half an emoji, "\ud83d"',
    "raw_tab": "a record holds a raw tab in a text",
    "bad_escape": r'a record holds "\x"',
    "cut_record": "a record ends in its middle, and others follow",
    "reset": "the connection is broken off",
    "empty": "status 200 and no body",
    "authentication_failed": "the operator's refusal; any other word is such a code too",
    "unauthorized": "the operator's refusal",
    "answer": "the text `body` with `status`",
}

type Params = dict[str, str]


@dataclass(slots=True)
class Entry:
    """One request as the journal keeps it, without the login's password.

    `path` stands without the base, `status` is 0 until an answer goes out.
    """

    time: datetime
    method: str
    path: str
    params: Params
    login: str
    status: int = 0


class Fault(Struct, forbid_unknown_fields=True):
    """The next `times` requests (0: all) fail as `mode` of FAULTS says.

    Any other mode is answered as the operator's refusal with that code. Only requests count whose
    `METHOD /path` holds `path`, so `/calls.json` does not mean `/active_calls.json`.

    With `every` only each n-th of the requests that fit fails. With `after` the request takes
    effect first, and only its answer fails. `seconds` is how long slow answers take; `record` and
    `field` say what is damaged, see simulator.damage.
    """

    mode: str
    times: int = 1
    path: str = ""
    every: int = 1
    after: bool = False
    seconds: float = 3.0
    status: int = 200
    body: str = ""
    record: int | None = None
    field: str = ""
    seen: int = 0


@dataclass(slots=True)
class Exchange:
    """A world and what the server keeps: who asked what, what is to fail, whom it has called."""

    world: World
    journal: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    # What quirks shuffle is drawn apart, so that asking does not change the world.
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311

    @property
    def dialect(self) -> Dialect:
        """How answers are worded."""
        return DIALECTS[self.world.dialect]

    def fail(self, mode: str, **options: Any) -> None:
        """Let requests fail; `options` are the fields of Fault."""
        self.faults.append(Fault(mode, **options))

    def fault_of(self, request: str) -> Fault | None:
        """Return the fault that is due for a request `METHOD /path`, and count it."""
        for fault in self.faults:
            if fault.path not in request:
                continue
            fault.seen += 1
            if fault.seen % max(fault.every, 1):
                continue
            fault.times -= 1
            if fault.times == 0:
                self.faults.remove(fault)
            return fault
        return None

    def note(self, entry: Entry) -> None:
        """Put a request into the journal; after very many the oldest are dropped."""
        self.journal.append(entry)
        if len(self.journal) > JOURNAL_LIMIT:
            del self.journal[: JOURNAL_LIMIT // 10]


EXCHANGE = web.AppKey("exchange", Exchange)


def page(status: int, title: str) -> web.Response:
    """Return a page of some proxy in between."""
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def reset(request: web.Request) -> None:
    """Break the connection off without an answer."""
    if request.transport is not None:
        request.transport.abort()


async def hold(request: web.Request, seconds: float) -> None:
    """Keep somebody waiting, until the time is over, they are gone or the exchange closes."""
    exchange = request.app[EXCHANGE]
    # Counted in steps, because a test may have stopped every clock.
    for _ in range(round(seconds / HOLD_STEP)):
        if request.transport is None or exchange.closing.is_set():
            return
        await asyncio.sleep(HOLD_STEP)


def body_of(answer: web.StreamResponse) -> bytes:
    """Return what an answer would send."""
    body = answer.body if isinstance(answer, web.Response) else None
    return body if isinstance(body, bytes) else b""


async def slowly(
    request: web.Request, fault: Fault, good: web.StreamResponse
) -> web.StreamResponse:
    """Send the head and half of the body at once, and the rest later."""
    body = body_of(good)
    stream = web.StreamResponse(status=good.status, headers=good.headers)
    stream.content_length = len(body)
    await stream.prepare(request)
    await stream.write(body[: len(body) // 2])
    await hold(request, fault.seconds)
    await stream.write(body[len(body) // 2 :])
    return stream


def damage(fault: Fault, answer: web.StreamResponse) -> None:
    """Damage one record of an answer in JSON."""
    if isinstance(answer, web.Response) and answer.text:
        answer.text = damaged(answer.text, fault.mode, record=fault.record, field=fault.field)


def instead(request: web.Request, fault: Fault) -> web.Response:
    """Return the answer that stands in place of the right one."""
    match fault.mode:
        case "bad_json":
            return web.Response(text='[{"id": nonsense', content_type="application/json")
        case "empty":
            return web.Response(content_type="application/json")
        case "answer":
            return web.Response(status=fault.status, text=fault.body)
        case "html":
            return page(200, "Maintenance")
        case mode if mode.isascii() and mode.isdigit():
            return page(int(mode), f"Error {mode}")
        case code:
            return request.app[EXCHANGE].dialect.refused(request.path, code)


async def spoil(
    request: web.Request, fault: Fault, good: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Return the answer that a fault makes of a request; `good` would have been the right one."""
    match fault.mode:
        case "timeout" | "reset":
            await hold(request, FOREVER if fault.mode == "timeout" else 0)
            reset(request)
            return web.Response(status=504)
        case "slow":
            await hold(request, fault.seconds)
            return await good()
        case "slow_body":
            return await slowly(request, fault, await good())
        case "cut_json":
            body = body_of(await good())
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        case mode if mode in DAMAGES:
            answer = await good()
            damage(fault, answer)
            return answer
        case _:
            return instead(request, fault)


async def form(request: web.Request) -> Params:
    """Return what the body says: the operator's own samples send a login there in a GET, too.

    Public clients send a form without a type as well. What cannot be read says nothing.
    """
    if request.content_type == "multipart/form-data" and request.method in request.POST_METHODS:
        try:
            given = await request.post()
        except BROKEN_FORM:
            return {}
        return {name: value for name, value in given.items() if isinstance(value, str)}
    if request.headers.get("Content-Type") and request.content_type != URLENCODED:
        return {}
    text = (await request.read()).decode(errors="replace")
    return dict(parse_qsl(text, keep_blank_values=True))


@web.middleware
async def front(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Read the parameters, let what is to fail fail, keep the journal."""
    if not request.path.startswith(f"{BASE}/"):
        return await handler(request)
    exchange = request.app[EXCHANGE]
    if request.method == "OPTIONS":
        return preflight(request)
    params = dict(request.query) | await form(request)
    request["params"] = params
    path = request.path.removeprefix(BASE)
    kept = {name: value for name, value in params.items() if name not in SECRETS}
    entry = Entry(exchange.world.now(), request.method, path, kept, params.get("user", ""))
    exchange.note(entry)
    done: list[web.StreamResponse] = []

    async def good() -> web.StreamResponse:
        if not done:
            done.append(await handler(request))
        return done[0]

    fault = exchange.fault_of(f"{request.method} {path}")
    try:
        if fault is None:
            answer = await good()
        else:
            if fault.after:
                await good()
            answer = await spoil(request, fault, good)
    except web.HTTPException as error:
        answer = web.json_response({"errors": ["not_simulated"]}, status=error.status)
    if request.transport is not None and not request.transport.is_closing():
        entry.status = answer.status
    return answer
