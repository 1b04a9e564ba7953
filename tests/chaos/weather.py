"""A wire between Home Assistant and the exchange, and everything that can go wrong on it."""

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
MUCH = 200 * 2**20
"""Bytes of an answer that nobody should read to its end."""


@dataclass
class Wire:
    """A server that hands every request on to the exchange, and spoils what comes back.

    Attributes:
        exchange: The base address of the exchange.
        weather: What happens to the answers; None is a fine day.
        over: What happens to those for one login only, by its user.
        certificate: What it shows that it is the exchange with; None does without.
        host: What it is called.
        spoilt: How many answers it has spoilt.
    """

    exchange: str
    weather: Weather | None = None
    over: dict[str, Weather] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    host: str = HOST
    spoilt: int = 0
    _port: int = 0
    _server: asyncio.Server | None = None
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The base address of the API at this end of the wire."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.host}:{self._port}{urlsplit(self.exchange).path}"

    async def connect(self) -> None:
        """Listen, always on the same port."""
        self._server = await asyncio.start_server(
            self._accept, HOST, self._port, ssl=self.certificate
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Listen no more: connections are refused."""
        if self._server:
            self._server.close()
            for task in self._answering:
                task.cancel()
            await asyncio.gather(*self._answering, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._answering.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await reader.readuntil(b"\r\n\r\n")
                if length := LENGTH.search(request):
                    request += await reader.readexactly(int(length[1]))
                answer = await self._forward(request)
                user = USER.search(request)
                weather = self.weather or self.over.get(user[1].decode() if user else "")
                if weather is None:
                    writer.write(bytes(answer))
                else:
                    self.spoilt += 1
                    await weather(writer, answer)
                await writer.drain()
        finally:
            self._answering.discard(task)
            writer.close()

    async def _forward(self, request: bytes) -> Answer:
        """Ask the exchange, once, and return its whole answer."""
        there = urlsplit(self.exchange)
        reader, writer = await asyncio.open_connection(there.hostname, there.port)
        first, rest = request.split(b"\r\n", 1)
        writer.write(first + b"\r\nConnection: close\r\n" + rest)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        status, *headers = head.split(b"\r\n")
        return Answer(status, headers, body)


@dataclass(frozen=True)
class Answer:
    """An answer on its way, in the bytes of HTTP."""

    status: bytes
    headers: list[bytes]
    body: bytes

    def __bytes__(self) -> bytes:
        """Write it out."""
        return b"\r\n".join([self.status, *self.headers, b"", self.body])

    def with_header(self, name: str, value: str) -> Answer:
        """Return it with a header set."""
        wanted = name.lower().encode() + b":"
        others = [header for header in self.headers if not header.lower().startswith(wanted)]
        return Answer(self.status, [*others, f"{name}: {value}".encode()], self.body)


def instead(status: str, body: bytes, **headers: str) -> Weather:
    """Make everything be answered with this."""
    told = [f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()]
    length = f"Content-Length: {len(body)}".encode()
    answer = Answer(f"HTTP/1.1 {status}".encode(), [*told, length, b"Connection: close"], body)

    async def weather(writer: asyncio.StreamWriter, _: Answer) -> None:
        writer.write(bytes(answer))

    return weather


def marked(name: str, value: str) -> Weather:
    """Make every answer carry this header."""

    async def weather(writer: asyncio.StreamWriter, answer: Answer) -> None:
        writer.write(bytes(answer.with_header(name, value)))

    return weather


async def reset(writer: asyncio.StreamWriter, _: Answer) -> None:
    """Break the connection off."""
    writer.transport.abort()


async def silent(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Begin to answer when nobody waits any more."""
    await asyncio.sleep(20)
    writer.write(bytes(answer))


async def dripping(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Answer a byte now and then."""
    for byte in bytes(answer):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def torn(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Answer all but the end."""
    writer.write(bytes(answer)[:-1])


async def endless(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Answer far more than anybody can want."""
    del answer
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {MUCH}\r\n\r\n["
    writer.write(head.encode())
    for _ in range(0, MUCH, 2**16):
        writer.write(b" " * 2**16)
        await writer.drain()


def bomb() -> Weather:
    """Answer little that unpacks into much."""
    return instead(
        "200 OK",
        gzip.compress(b"[" + b" " * MUCH),
        Content_Type="application/json",
        Content_Encoding="gzip",
    )


PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"
HTML = {"Content_Type": "text/html; charset=utf-8"}
JSON = {"Content_Type": "application/json"}

type Weather = Callable[[asyncio.StreamWriter, Answer], Awaitable[None]]

BAD: dict[str, Callable[[], Weather]] = {
    "connection reset": lambda: reset,
    "no first byte": lambda: silent,
    "a body that drips": lambda: dripping,
    "a body that is torn off": lambda: torn,
    "a page of HTML": lambda: instead("200 OK", PAGE, **HTML),
    "a captive portal's page as JSON": lambda: instead("200 OK", PAGE, **JSON),
    "status 500": lambda: instead("500 Internal Server Error", PAGE, **HTML),
    "status 502": lambda: instead("502 Bad Gateway", PAGE, **HTML),
    "status 503 with Retry-After": lambda: instead(
        "503 Service Unavailable", PAGE, Retry_After="3600", **HTML
    ),
    "status 429": lambda: instead("429 Too Many Requests", b"", Retry_After="60"),
    "status 401 of a proxy": lambda: instead("401 Unauthorized", PAGE, **HTML),
    "an empty body": lambda: instead("200 OK", b"", **JSON),
    "JSON of another shape": lambda: instead("200 OK", b'{"surprise": [1, 2]}', **JSON),
    "a text of JSON": lambda: instead("200 OK", b'"surprise"', **JSON),
    "no HTTP at all": lambda: instead("\x00\xff", b"", **JSON),
    "a gzip bomb": bomb,
    "broken gzip": lambda: instead("200 OK", b"\x1f\x8bnonsense", Content_Encoding="gzip"),
    "200 MB": lambda: endless,
}
"""After these no usable answer has come, whatever it was that was asked for."""

SLOW = {"no first byte", "a body that drips"}
"""After these nothing has come when the patience is over."""

HARMLESS: dict[str, Weather] = {
    "a page header that promises more": marked("Odorik-Pages", "99"),
    "a page header that denies everything": marked("Odorik-Pages", "0"),
    "a page header that is no number": marked("Odorik-Pages", "many"),
    "another content type": marked("Content-Type", "text/plain; charset=iso-8859-2"),
}
"""These must change nothing."""


@asynccontextmanager
async def wire(exchange: str, **how: Any) -> AsyncGenerator[Wire]:
    """Lay a wire to an exchange; ``how`` are the fields of Wire."""
    laid = Wire(exchange, **how)
    await laid.connect()
    try:
        yield laid
    finally:
        await laid.cut()
