"""Clients of the simulated exchange, and of a server with scripted responses."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
import inspect
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.odorik.api import ExportFormat, OdorikClient
from tests.exchange import RunningExchange

PASSWORD = "s3cret"
BOM = "\ufeff"
START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MINE = "00420777123456"
THEIRS = "00420602555123"
TEXT = "Kód dveří je 4711"
"""The text of a message, which no error may contain."""

type Answer = Callable[[web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]
type Serve = Callable[..., OdorikClient]
type Question = Callable[[OdorikClient], Awaitable[Any]]


async def read_all[T](pages: AsyncGenerator[T]) -> list[T]:
    """Read all pages."""
    return [page async for page in pages]


async def call_ids(client: OdorikClient, **selection: Any) -> list[int]:
    """Read the ids of the calls on all pages."""
    return [call.id async for page in client.calls(**selection) for call in page]


async def export(export_format: ExportFormat, client: OdorikClient) -> list[tuple[bytes, int]]:
    """Export the history in pages of one record."""
    return await read_all(client.export_calls(export_format, since_id=0, page_size=1))


QUESTIONS: dict[str, tuple[str, Question]] = {
    "active_calls": ("active_calls.json", OdorikClient.active_calls),
    "balance": ("balance", OdorikClient.balance),
    "call_statistics": ("call_statistics.json", lambda it: it.call_statistics(START, END)),
    "callback": ("callback", lambda it: it.callback(MINE, "*100")),
    "calls": ("calls.json", lambda it: read_all(it.calls(since_id=0, page_size=1))),
    "hang_up": ("active_calls/1.json", lambda it: it.hang_up(1)),
    "lines": ("lines.json", OdorikClient.lines),
    "missed_calls": (
        "call_statistics/missed_calls.json",
        lambda it: it.missed_calls(START, END),
    ),
    "public_numbers": ("public_numbers.json", OdorikClient.public_numbers),
    "send_sms": ("sms", lambda it: it.send_sms(THEIRS, TEXT)),
    "sms_senders": ("sms/allowed_sender", OdorikClient.sms_senders),
    "speed_dials": ("speed_dials.json", OdorikClient.speed_dials),
    "statistics_by_destination": (
        "call_statistics/by_destination.json",
        lambda it: it.statistics_by_destination(START, END),
    ),
    **{f"export_calls {it}": (f"calls.{it}", partial(export, it)) for it in ExportFormat},
}
"""Everything that a client can be asked: the path of the request, and the call of the method.

A key begins with the name of the method.
"""


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:  # noqa: ARG001
    """A session as Home Assistant provides it."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def client(session: ClientSession, exchange: RunningExchange) -> OdorikClient:
    """A client with the login of the account."""
    return OdorikClient(session, exchange.username, exchange.password, base_url=exchange.url)


@pytest.fixture
async def serve(session: ClientSession) -> AsyncGenerator[Serve]:
    """Set the answer of a server, and return a client of it.

    The answer is a function of the request, or the texts of the pages; the last one is repeated.
    """
    current: Answer

    def answer_with(*pages: Answer | str, headers: dict[str, str] | None = None) -> OdorikClient:
        def answer(request: web.Request) -> web.StreamResponse:
            page = int(request.query.get("page", "1"))
            return web.Response(text=str(pages[min(page, len(pages)) - 1]), headers=headers)

        nonlocal current
        current = pages[0] if callable(pages[0]) else answer
        return served

    async def respond(request: web.Request) -> web.StreamResponse:
        response = current(request)
        return await response if inspect.isawaitable(response) else response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", respond)
    server = TestServer(app, host="127.0.0.1")
    # An access log would contain the password.
    await server.start_server(access_log=None)
    served = OdorikClient(session, "user", PASSWORD, base_url=str(server.make_url("/api/v1")))
    async with server:
        yield answer_with
