"""Fixtures and helpers for tests that use the simulated exchange over HTTP."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
import pytest

from simulator.world import Record, World
from tests.exchange import RunningExchange

FIXTURES = Path(__file__).parents[1] / "api" / "fixtures"
ALL_TIME = {"from_": "2010-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
ORDER = {"caller": "00420777123456", "recipient": "00420602111222"}

MESSAGE = {"recipient": "00420777123456", "message": "Ahoj"}


@dataclass(frozen=True, slots=True)
class Reply:
    """The response to a request."""

    status: int
    text: str
    content_type: str
    pages: str | None

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


type Send = Callable[..., Awaitable[Reply]]


def login(exchange: RunningExchange) -> dict[str, str]:
    """Return the login of the account as parameters."""
    return {"user": exchange.username, "password": exchange.password}


@pytest.fixture
async def session(exchange: RunningExchange) -> AsyncGenerator[ClientSession]:  # noqa: ARG001
    """Yield a session for requests to the exchange."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def api(exchange: RunningExchange, session: ClientSession) -> Send:
    """Send a request to the API, by default with the login of the account."""

    async def send(method: str, path: str, **params: Any) -> Reply:
        given = {**login(exchange), **params}
        given = {name.rstrip("_"): str(value) for name, value in given.items()}
        form, query = (given, None) if method == "POST" else (None, given)
        url = exchange.url + path
        async with session.request(method, url, data=form, params=query) as response:
            return Reply(
                response.status,
                await response.text(),
                response.content_type,
                response.headers.get("Odorik-Pages"),
            )

    return send


@pytest.fixture
def control(exchange: RunningExchange, session: ClientSession) -> Send:
    """Send a command to the controls."""

    async def send(method: str, name: str, **params: Any) -> Reply:
        url = f"{exchange.site}/_sim/{name}"
        params = {name.rstrip("_"): value for name, value in params.items()}
        async with session.request(method, url, json=params) as response:
            return Reply(response.status, await response.text(), response.content_type, None)

    return send


def history(world: World) -> list[Record]:
    """Return the records once they have all been written."""
    world.advance(world.legs.record_delay)
    return world.account().records


def documented(name: str) -> Any:
    """Return a response that the operator documents."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text


def shape(value: Any) -> Any:
    """Return the field names and types of a response."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__
