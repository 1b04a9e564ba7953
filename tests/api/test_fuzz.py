"""Whatever a server answers to the client: a value as documented, or an error of its own."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
import inspect
import logging
import re
import traceback
from types import GenericAlias
from typing import Any, get_args, get_origin, get_type_hints

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import given, strategies as st
from msgspec import json
import pytest

from custom_components.odorik.api import (
    ExportFormat,
    OdorikClient,
    OdorikError,
    Records,
    pages,
)

from .answers import DEEP, DEEPEST, DOCUMENTED, MIRROR, Answer, answers, try_answers

PASSWORD = "s3cret"
QUERY = re.compile(r"\?\S*=")
EXAMPLES = 60
"""Of each question; ten times as many where the time does not matter."""
MANY = 20
"""Requests after which a server has no more answers, so that no mistake goes on for ever."""
FROM, TO = datetime(2014, 10, 1, tzinfo=UTC), datetime(2014, 10, 2, tzinfo=UTC)


async def _pages[T](pages: AsyncGenerator[T]) -> list[T]:
    """Read to the end."""
    return [page async for page in pages]


async def _export(form: ExportFormat, client: OdorikClient) -> list[tuple[bytes, int]]:
    """Read an export to its end."""
    return await _pages(client.export_calls(form, since_id=0, page_size=1))


type Question = Callable[[OdorikClient], Awaitable[Any]]
type Asking = Callable[[str, Sequence[Answer]], Awaitable[None]]

QUESTIONS: dict[str, tuple[str, Question]] = {
    "active_calls": ("active_calls.json", OdorikClient.active_calls),
    "balance": ("balance", OdorikClient.balance),
    "call_statistics": ("call_statistics.json", lambda it: it.call_statistics(FROM, TO)),
    "callback": ("callback", lambda it: it.callback("00420777123456", "*100")),
    "calls": ("calls.json", lambda it: _pages(it.calls(since_id=0, page_size=1))),
    **{f"export_calls {form}": (f"calls.{form}", partial(_export, form)) for form in ExportFormat},
    "hang_up": ("active_calls/1.json", lambda it: it.hang_up(1)),
    "lines": ("lines.json", OdorikClient.lines),
    "missed_calls": (
        "call_statistics/missed_calls.json",
        lambda it: it.missed_calls(FROM, TO),
    ),
    "public_numbers": ("public_numbers.json", OdorikClient.public_numbers),
    "speed_dials": ("speed_dials.json", OdorikClient.speed_dials),
    "statistics_by_destination": (
        "call_statistics/by_destination.json",
        lambda it: it.statistics_by_destination(FROM, TO),
    ),
}
"""What the client can be asked for, its methods' names first, and the path that it asks."""

METHODS = {
    name: method
    for name, method in vars(OdorikClient).items()
    if not name.startswith("_")
    and (inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method))
}


@dataclass
class Server:
    """A server that answers as it is told.

    Attributes:
        answers: One for each request of an example; the last holds for all that follow.
        asked: The requests of the example.
    """

    answers: Sequence[Answer] = ()
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request."""
        self.asked.append(f"{request.method} {request.path.removeprefix('/api/v1/')}")
        await request.read()
        if len(self.asked) > MANY:
            raise web.HTTPGone
        return self.answers[min(len(self.asked), len(self.answers)) - 1].response(request)


@pytest.fixture
def server() -> Server:
    """A server that has not been told yet what to answer."""
    return Server()


@pytest.fixture
async def client(
    socket_enabled: None,  # noqa: ARG001
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[OdorikClient]:
    """A client of that server."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    listening = TestServer(app, host="127.0.0.1")
    await listening.start_server(access_log=None)
    async with ClientSession() as session:
        yield OdorikClient(session, "user", PASSWORD, base_url=str(listening.make_url("/api/v1")))
    await listening.close()


def _told(err: BaseException | None) -> Iterator[str]:
    """List whatever a log may show of an error and of those behind it."""
    while err is not None:
        yield from (str(err), repr(err), "".join(traceback.format_exception(err)))
        err = err.__cause__ or err.__context__


@pytest.fixture
def asking(client: OdorikClient, server: Server, caplog: pytest.LogCaptureFixture) -> Asking:
    """Ask a question that is answered so, and hold what comes of it to what is promised."""

    async def ask(question: str, pages: Sequence[Answer]) -> None:
        path, put = QUESTIONS[question]
        is_paged = path.startswith("calls.")
        server.answers = pages
        server.asked.clear()
        caplog.clear()
        try:
            value = await put(client)
        except OdorikError as err:
            for text in _told(err):
                assert PASSWORD not in text
                assert not QUERY.search(text)
        else:
            promised = get_type_hints(METHODS[question.partition(" ")[0]])["return"]
            if get_origin(promised) is Records:
                (record,) = get_args(promised)
                promised, value = GenericAlias(list, record), list(value)
            kind, values = (get_args(promised)[0], value) if is_paged else (promised, [value])
            # Only what has the promised types comes back from JSON as it went in.
            assert [json.decode(json.encode(value), type=kind) for value in values] == values
        if is_paged:
            # The last page is the end when it comes again, which the address of each never does. It
            # is tried three times when it fails.
            repeats = not any(MIRROR in page.body for page in pages)
            assert len(server.asked) <= (len(pages) if repeats else MANY + 1) + 2
        else:
            method = {"callback": "POST", "hang_up": "DELETE"}.get(question, "GET")
            assert server.asked == [f"{method} {path}"]
        assert not [it for it in caplog.records if it.exc_info and it.levelno >= logging.WARNING]

    return ask


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Say how much is tried."""
    try_answers(metafunc, EXAMPLES)


def test_every_method_is_asked() -> None:
    """A new endpoint would be the one that breaks on what nobody expects."""
    assert {name.partition(" ")[0] for name in QUESTIONS} == METHODS.keys()
    assert {path for path, _ in QUESTIONS.values()} == DOCUMENTED.keys()


async def test_only_a_callback_and_a_hang_up_change_anything(
    client: OdorikClient, server: Server
) -> None:
    """The operator also sells lines and moves money, and none of that is any business of ours."""
    server.answers = [Answer(b"[]")]
    asked: list[str] = []
    for _, put in QUESTIONS.values():
        server.asked.clear()
        with suppress(OdorikError):
            await put(client)
        asked += server.asked
    assert {request.partition(" ")[2] for request in asked} == DOCUMENTED.keys()
    changing = {request for request in asked if not request.startswith("GET ")}
    assert changing == {"POST callback", "DELETE active_calls/1.json"}


@pytest.mark.parametrize("question", QUESTIONS)
@given(data=st.data())
async def test_any_answer_is_read_or_refused_in_our_own_words(
    *, asking: Asking, question: str, data: st.DataObject
) -> None:
    """A night's mistake at the operator would stop the telephone in every house until a restart."""
    path, _ = QUESTIONS[question]
    pages = 3 if path.startswith("calls.") else 1
    await asking(question, data.draw(st.lists(answers(path), min_size=1, max_size=pages)))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "body", [DEEPEST, b'{"errors": %b}' % DEEP, b"error no such page: " + MIRROR]
)
async def test_what_was_once_too_much_is_refused_in_our_own_words(
    asking: Asking, question: str, body: bytes
) -> None:
    """What has been found by trying very much would come back unseen."""
    await asking(question, [Answer(body)])
