"""How these tests speak to an exchange: like somebody with nothing but HTTP."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange


@dataclass(frozen=True, slots=True)
class Said:
    """What came back."""

    status: int
    text: str
    content_type: str
    pages: str | None

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


type Ask = Callable[..., Awaitable[Said]]


@pytest.fixture
async def ask(exchange: RunningExchange) -> AsyncGenerator[Ask]:
    """Ask the exchange as its account, or as whoever is named."""
    async with ClientSession() as session:

        async def send(method: str, path: str, **params: Any) -> Said:
            given = {"user": exchange.username, "password": exchange.password, **params}
            given = {name.rstrip("_"): str(value) for name, value in given.items()}
            form, query = (given, None) if method == "POST" else (None, given)
            url = exchange.url + path
            async with session.request(method, url, data=form, params=query) as response:
                return Said(
                    response.status,
                    await response.text(),
                    response.content_type,
                    response.headers.get("Odorik-Pages"),
                )

        yield send


@pytest.fixture
async def control(exchange: RunningExchange) -> AsyncGenerator[Ask]:
    """Turn a knob of the exchange."""
    async with ClientSession() as session:

        async def send(method: str, name: str, **wishes: Any) -> Said:
            url = f"{exchange.site}/_sim/{name}"
            wishes = {name.rstrip("_"): value for name, value in wishes.items()}
            async with session.request(method, url, json=wishes) as response:
                return Said(response.status, await response.text(), response.content_type, None)

        yield send
