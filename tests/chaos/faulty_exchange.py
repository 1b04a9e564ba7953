"""A simulated exchange that speaks HTTPS and injects network faults into its responses."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
import gzip
from itertools import repeat
import ssl
from typing import Any, Final

from aiohttp import web
import trustme

from simulator.app import make_app
from simulator.exchange import BASE
from simulator.world import World

from .dns_stub import EXCHANGE, HOST

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Fault = Callable[[web.Request, web.Response], Awaitable[web.StreamResponse]]
"""Returns something else in place of a response."""

HUGE: Final = 200 * 2**20
"""Bytes of a response that is too large to be read completely."""


@dataclass
class FaultyExchange:
    """A running exchange; faults are injected into the responses to a login, by its user name."""

    authority: trustme.CA
    faults: dict[str, Fault]
    _runner: web.AppRunner
    _site: web.TCPSite | None = None
    _port: int = 0

    @property
    def url(self) -> str:
        """The base address of the API."""
        return f"https://{EXCHANGE}:{self._port}{BASE}"

    async def start(
        self, name: str = EXCHANGE, authority: trustme.CA | None = None, **options: Any
    ) -> None:
        """Start listening, always on the same port, with a certificate for a host name."""
        settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (authority or self.authority).issue_cert(name, **options).configure_cert(settings)
        self._site = web.TCPSite(self._runner, HOST, self._port, ssl_context=settings)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening, so that connections are refused."""
        assert self._site
        await self._site.stop()


@asynccontextmanager
async def faulty_exchange(world: World) -> AsyncGenerator[FaultyExchange]:
    """Run an exchange."""
    faults: dict[str, Fault] = {}

    @web.middleware
    async def inject(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if fault := faults.get(request.get("params", {}).get("user", "")):
            assert isinstance(response, web.Response)
            response = await fault(request, response)
        # A connection that is kept would survive `stop`.
        response.force_close()
        return response

    app = make_app(world)
    app.middlewares.insert(0, inject)
    # Queries contain credentials, so they must not be logged.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        exchange = FaultyExchange(trustme.CA(), faults, runner)
        await exchange.start()
        yield exchange
    finally:
        await runner.cleanup()


def respond(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Return a fault that replaces each response."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    async def fault(_: web.Request, __: web.Response) -> web.Response:
        return web.Response(status=status, body=body, headers=names)

    return fault


def set_header(name: str, value: str) -> Fault:
    """Return a fault that sets a header in each response."""

    async def fault(_: web.Request, response: web.Response) -> web.Response:
        response.headers[name] = value
        return response

    return fault


async def reset(request: web.Request, response: web.Response) -> web.Response:
    """Reset the connection."""
    assert request.transport
    request.transport.abort()
    return response


async def invalid_status(request: web.Request, response: web.Response) -> web.Response:
    """Send a status line that is not HTTP."""
    assert request.transport
    request.transport.write(b"HTTP/1.1 \x00\xff\r\nContent-Length: 0\r\n\r\n")
    request.transport.close()
    return response


async def late(_: web.Request, response: web.Response) -> web.Response:
    """Respond after the client's timeout."""
    await asyncio.sleep(20)
    return response


async def send(
    request: web.Request, chunks: Iterable[bytes], length: int, pause: float = 0
) -> web.StreamResponse:
    """Send a body in chunks, perhaps with another length than that in the headers."""
    stream = web.StreamResponse(headers=JSON)
    stream.content_length = length
    await stream.prepare(request)
    for chunk in chunks:
        await stream.write(chunk)
        await asyncio.sleep(pause)
    return stream


async def slow(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Send the body byte by byte, and the last one after the client's timeout."""
    body = (response.text or "").encode()
    chunks = (bytes([byte]) for byte in body)
    return await send(request, chunks, len(body), pause=20 / len(body))


async def truncated(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Omit the last byte."""
    body = (response.text or "").encode()
    return await send(request, [body[:-1]], len(body))


async def huge(request: web.Request, _: web.Response) -> web.StreamResponse:
    """Send a body of 200 MB."""
    return await send(request, repeat(b" " * 2**16, HUGE // 2**16), HUGE)


@cache
def bomb() -> bytes:
    """Return a small gzip file with 200 MB."""
    return gzip.compress(b"[" + b" " * HUGE, compresslevel=1)


async def gzip_bomb(_: web.Request, __: web.Response) -> web.Response:
    """Send a small body that is huge when it is decompressed."""
    body = await asyncio.to_thread(bomb)
    return web.Response(body=body, headers={"Content-Encoding": "gzip", **JSON})


PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}

FAULTS: Final[dict[str, Fault]] = {
    "connection reset": reset,
    "no response": late,
    "a slow body": slow,
    "a truncated body": truncated,
    "an HTML page": respond(200, PAGE, **HTML),
    "an HTML page declared as JSON": respond(200, PAGE, **JSON),
    "status 500": respond(500, PAGE, **HTML),
    "status 502": respond(502, PAGE, **HTML),
    "status 503 with Retry-After": respond(503, PAGE, Retry_After="3600", **HTML),
    "status 429": respond(429, Retry_After="60"),
    "status 401 from a proxy": respond(401, PAGE, **HTML),
    "an empty body": respond(200, b"", **JSON),
    "an unexpected JSON object": respond(200, b'{"surprise": [1, 2]}', **JSON),
    "a JSON string": respond(200, b'"surprise"', **JSON),
    "an invalid HTTP status line": invalid_status,
    "a gzip bomb": gzip_bomb,
    "corrupt gzip": respond(200, b"\x1f\x8bnonsense", Content_Encoding="gzip"),
    "200 MB": huge,
}
"""Faults after which there is no usable response to any request."""

HARMLESS: Final[dict[str, Fault]] = {
    "a page count that is too high": set_header("Odorik-Pages", "99"),
    "a page count of zero": set_header("Odorik-Pages", "0"),
    "a page count that is not a number": set_header("Odorik-Pages", "many"),
    "another content type": set_header("Content-Type", "text/plain; charset=iso-8859-2"),
}
"""Changes of the response that must have no effect."""
