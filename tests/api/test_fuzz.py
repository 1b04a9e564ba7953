"""Any response of a server leads to documented values or to an error of the client."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
import inspect
import logging
import re
import traceback
from types import GenericAlias
from typing import get_args, get_origin, get_type_hints

from aiohttp import web
from hypothesis import given, strategies as st
from msgspec import json
import pytest

from custom_components.odorik.api import OdorikClient, OdorikError, RecordList, pages

from .answers import DEEP, DEEPEST, DOCUMENTED, MIRROR, Answer, answers, try_answers
from .conftest import PASSWORD, QUESTIONS, TEXT, Serve

QUERY = re.compile(r"\?\S*=")
EXAMPLES = 60
"""Examples of each question."""
MAX_REQUESTS = 20
"""Requests after which a server has no more answers, so that an endless loop ends."""

CHANGES = {"callback": "POST", "send_sms": "POST", "hang_up": "DELETE"}
"""The methods that change something at the operator."""

type Ask = Callable[[str, Sequence[Answer]], Awaitable[None]]

METHODS = {
    name: method
    for name, method in vars(OdorikClient).items()
    if not name.startswith("_")
    and (inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method))
}


@dataclass
class Server:
    """A server with scripted answers.

    Attributes:
        answers: One for each request of an example; the last one is repeated.
        asked: The requests of the example.
    """

    answers: Sequence[Answer] = ()
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Return the answer to a request."""
        self.asked.append(f"{request.method} {request.path.removeprefix('/api/v1/')}")
        await request.read()
        if len(self.asked) > MAX_REQUESTS:
            raise web.HTTPGone
        return self.answers[min(len(self.asked), len(self.answers)) - 1].response(request)


def _texts(err: BaseException | None) -> Iterator[str]:
    """List the texts of an error, and of its causes, that a log may contain."""
    while err is not None:
        yield from (str(err), repr(err), "".join(traceback.format_exception(err)))
        err = err.__cause__ or err.__context__


@pytest.fixture
def ask(serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Ask:
    """Ask a question that is answered in a given way, and check the outcome."""
    monkeypatch.setattr(pages, "PAGE_RETRY_DELAY", 0)
    server = Server()
    client = serve(server.answer)

    async def ask(question: str, answers: Sequence[Answer]) -> None:
        path, call = QUESTIONS[question]
        is_paged = path.startswith("calls.")
        server.answers = answers
        server.asked.clear()
        caplog.clear()
        try:
            value = await call(client)
        except OdorikError as err:
            for text in _texts(err):
                assert PASSWORD not in text
                assert TEXT not in text
                assert not QUERY.search(text)
        else:
            promised = get_type_hints(METHODS[question.partition(" ")[0]])["return"]
            if get_origin(promised) is RecordList:
                (record,) = get_args(promised)
                promised, value = GenericAlias(list, record), list(value)
            kind, values = (get_args(promised)[0], value) if is_paged else (promised, [value])
            # Only values of the promised types are the same after a round trip through JSON.
            assert [json.decode(json.encode(value), type=kind) for value in values] == values
        if is_paged:
            # A repeated page is the last one, but pages that mirror their address never repeat. A
            # page that fails is requested three times.
            repeats = not any(MIRROR in page.body for page in answers)
            assert len(server.asked) <= (len(answers) if repeats else MAX_REQUESTS + 1) + 2
        else:
            assert server.asked == [f"{CHANGES.get(question, 'GET')} {path}"]
        assert not [it for it in caplog.records if it.exc_info and it.levelno >= logging.WARNING]

    return ask


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Set the number of examples."""
    try_answers(metafunc, EXAMPLES)


def test_every_method_is_asked() -> None:
    """A new endpoint is tested here, too."""
    assert {name.partition(" ")[0] for name in QUESTIONS} == METHODS.keys()
    assert {path for path, _ in QUESTIONS.values()} == DOCUMENTED.keys()


async def test_only_callbacks_messages_and_hang_ups_change_anything(serve: Serve) -> None:
    """Every other request is a GET of a known path: nothing is bought or transferred."""
    server = Server([Answer(b"[]")])
    client = serve(server.answer)
    asked: list[str] = []
    for _, call in QUESTIONS.values():
        server.asked.clear()
        with suppress(OdorikError):
            await call(client)
        asked += server.asked
    assert {request.partition(" ")[2] for request in asked} == DOCUMENTED.keys()
    changing = {request for request in asked if not request.startswith("GET ")}
    assert changing == {"POST callback", "POST sms", "DELETE active_calls/1.json"}


@pytest.mark.parametrize("question", QUESTIONS)
@given(data=st.data())
async def test_any_answer_is_decoded_or_refused(
    ask: Ask, question: str, data: st.DataObject
) -> None:
    """Any response leads to values of the documented types or to an error of the client."""
    path, _ = QUESTIONS[question]
    most = 3 if path.startswith("calls.") else 1
    await ask(question, data.draw(st.lists(answers(path), min_size=1, max_size=most)))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "body", [DEEPEST, b'{"errors": %b}' % DEEP, b"error no such page: " + MIRROR]
)
async def test_answers_that_once_broke_the_client_are_refused(
    ask: Ask, question: str, body: bytes
) -> None:
    """Findings of longer runs stay fixed."""
    await ask(question, [Answer(body)])
