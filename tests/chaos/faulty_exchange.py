"""A proxy between Home Assistant and the exchange that injects network faults."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
import gzip
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
USER = re.compile(rb"[?&\n]user=(\w+)")
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)
HUGE = 200 * 2**20
"""Bytes of a response that is too large to be read completely."""


@dataclass(frozen=True)
class Response:
    """An HTTP response in bytes."""

    status: bytes
    headers: list[bytes]
    body: bytes

    def __bytes__(self) -> bytes:
        """Serialize the response."""
        return b"\r\n".join([self.status, *self.headers, b"", self.body])

    def with_header(self, name: str, value: str) -> Response:
        """Return a copy with a header set."""
        prefix = name.lower().encode() + b":"
        others = [header for header in self.headers if not header.lower().startswith(prefix)]
        return Response(self.status, [*others, f"{name}: {value}".encode()], self.body)


type Fault = Callable[[asyncio.StreamWriter, Response], Awaitable[None]]
"""Writes something else in place of a response."""


@dataclass
class FaultyProxy:
    """A proxy that forwards each request once and may replace the response.

    Attributes:
        exchange: Base address of the exchange.
        faults: Faults injected into the responses to a login, by its user name.
        certificate: TLS settings of the proxy; None for plain HTTP.
        host: Host name in its address.
    """

    exchange: str
    faults: dict[str, Fault] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    host: str = HOST
    _port: int = 0
    _server: asyncio.Server | None = None
    _requests: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The base address of the API at the proxy."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.host}:{self._port}{urlsplit(self.exchange).path}"

    async def start(self) -> None:
        """Start listening, always on the same port."""
        self._server = await asyncio.start_server(
            self._accept, HOST, self._port, ssl=self.certificate
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, so that connections are refused."""
        if self._server:
            self._server.close()
            for task in self._requests:
                task.cancel()
            await asyncio.gather(*self._requests, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._requests.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await reader.readuntil(b"\r\n\r\n")
                if length := LENGTH.search(request):
                    request += await reader.readexactly(int(length[1]))
                response = await self._forward(request)
                user = USER.search(request)
                fault = self.faults.get(user[1].decode() if user else "", forward)
                await fault(writer, response)
                await writer.drain()
        finally:
            self._requests.discard(task)
            writer.close()

    async def _forward(self, request: bytes) -> Response:
        """Send a request to the exchange, and return the complete response."""
        address = urlsplit(self.exchange)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        first, rest = request.split(b"\r\n", 1)
        writer.write(first + b"\r\nConnection: close\r\n" + rest)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        status, *headers = head.split(b"\r\n")
        return Response(status, headers, body)


async def forward(writer: asyncio.StreamWriter, response: Response) -> None:
    """Write a response unchanged."""
    writer.write(bytes(response))


def respond(status: str, body: bytes, **headers: str) -> Fault:
    """Return a fault that replaces each response."""
    names = [f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()]
    length = f"Content-Length: {len(body)}".encode()
    replacement = Response(
        f"HTTP/1.1 {status}".encode(), [*names, length, b"Connection: close"], body
    )

    async def fault(writer: asyncio.StreamWriter, _: Response) -> None:
        writer.write(bytes(replacement))

    return fault


def set_header(name: str, value: str) -> Fault:
    """Return a fault that sets a header in each response."""

    async def fault(writer: asyncio.StreamWriter, response: Response) -> None:
        writer.write(bytes(response.with_header(name, value)))

    return fault


async def reset(writer: asyncio.StreamWriter, _: Response) -> None:
    """Reset the connection."""
    writer.transport.abort()


async def late(writer: asyncio.StreamWriter, response: Response) -> None:
    """Respond after the client's timeout."""
    await asyncio.sleep(20)
    writer.write(bytes(response))


async def slow(writer: asyncio.StreamWriter, response: Response) -> None:
    """Send the response byte by byte."""
    for byte in bytes(response):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def truncated(writer: asyncio.StreamWriter, response: Response) -> None:
    """Omit the last byte."""
    writer.write(bytes(response)[:-1])


async def huge(writer: asyncio.StreamWriter, response: Response) -> None:
    """Send a body of 200 MB."""
    del response
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {HUGE}\r\n\r\n["
    writer.write(head.encode())
    for _ in range(0, HUGE, 2**16):
        writer.write(b" " * 2**16)
        await writer.drain()


PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"
HTML = {"Content_Type": "text/html; charset=utf-8"}
JSON = {"Content_Type": "application/json"}

FAULTS: dict[str, Callable[[], Fault]] = {
    "connection reset": lambda: reset,
    "no response": lambda: late,
    "a slow body": lambda: slow,
    "a truncated body": lambda: truncated,
    "an HTML page": lambda: respond("200 OK", PAGE, **HTML),
    "an HTML page declared as JSON": lambda: respond("200 OK", PAGE, **JSON),
    "status 500": lambda: respond("500 Internal Server Error", PAGE, **HTML),
    "status 502": lambda: respond("502 Bad Gateway", PAGE, **HTML),
    "status 503 with Retry-After": lambda: respond(
        "503 Service Unavailable", PAGE, Retry_After="3600", **HTML
    ),
    "status 429": lambda: respond("429 Too Many Requests", b"", Retry_After="60"),
    "status 401 from a proxy": lambda: respond("401 Unauthorized", PAGE, **HTML),
    "an empty body": lambda: respond("200 OK", b"", **JSON),
    "an unexpected JSON object": lambda: respond("200 OK", b'{"surprise": [1, 2]}', **JSON),
    "a JSON string": lambda: respond("200 OK", b'"surprise"', **JSON),
    "an invalid HTTP status line": lambda: respond("\x00\xff", b"", **JSON),
    "a gzip bomb": lambda: respond(
        "200 OK", gzip.compress(b"[" + b" " * HUGE), Content_Encoding="gzip", **JSON
    ),
    "corrupt gzip": lambda: respond("200 OK", b"\x1f\x8bnonsense", Content_Encoding="gzip"),
    "200 MB": lambda: huge,
}
"""Faults after which there is no usable response to any request."""

HARMLESS: dict[str, Callable[[], Fault]] = {
    "a page count that is too high": lambda: set_header("Odorik-Pages", "99"),
    "a page count of zero": lambda: set_header("Odorik-Pages", "0"),
    "a page count that is not a number": lambda: set_header("Odorik-Pages", "many"),
    "another content type": lambda: set_header("Content-Type", "text/plain; charset=iso-8859-2"),
}
"""Changes of the response that must have no effect."""


@asynccontextmanager
async def faulty_proxy(exchange: str, **options: Any) -> AsyncGenerator[FaultyProxy]:
    """Run a proxy in front of an exchange; ``options`` are fields of FaultyProxy."""
    proxy = FaultyProxy(exchange, **options)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
