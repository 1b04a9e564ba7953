"""Run the simulated exchange as an HTTP server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestServer

from simulator.app import make_app
from simulator.exchange import BASE, EXCHANGE, Exchange, JournalEntry
from simulator.world import World
from simulator.worlds import PASSWORD, USER, quiet


@dataclass(frozen=True, slots=True)
class RunningExchange:
    """An exchange that listens on 127.0.0.1, and the login of its first account."""

    site: str
    exchange: Exchange
    username: str = USER
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """The base address of the API, without a trailing slash."""
        return self.site + BASE

    @property
    def world(self) -> World:
        """The state behind the API: calls, accounts and records."""
        return self.exchange.world

    @property
    def journal(self) -> list[JournalEntry]:
        """The requests received so far."""
        return self.exchange.journal

    @property
    def messages(self) -> list[tuple[str, str]]:
        """The recipient and text of each message that was sent to the operator."""
        return [
            (request.params["recipient"], request.params["message"])
            for request in self.requests("/sms")
        ]

    def fail(self, mode: str, **options: Any) -> None:
        """Inject a fault into the following requests, see `simulator.faults.Fault`."""
        self.exchange.fail(mode, **options)

    def requests(self, path: str) -> list[JournalEntry]:
        """Return the requests for a path, such as `/callback`."""
        return [entry for entry in self.journal if entry.path == path]


def call_ids(world: World) -> list[int]:
    """Return the IDs of all calls; a call is one row regardless of its legs."""
    records = world.account().records
    return [row.id for row in records if row.redirection_parent_id is None and row.type != "sms"]


class SlowHistory:
    """Responses with the history that are held back until they are released."""

    def __init__(self, exchange: RunningExchange) -> None:
        self._exchange = exchange
        self._released = asyncio.Event()
        self._held = 0

    def hold(self) -> None:
        """Hold the following responses back."""
        self._exchange.fail("slow", path="GET /calls.json", times=0)

    def release(self) -> None:
        """Send all responses."""
        self._released.set()

    async def wait(self, *_: object) -> None:
        """Delay a response."""
        self._held += 1
        await self._released.wait()

    async def held(self, count: int = 1) -> None:
        """Wait until this many responses have been held back."""
        while self._held < count:  # noqa: ASYNC110 - Nothing signals it.
            await asyncio.sleep(0)


@asynccontextmanager
async def running(world: World | None = None) -> AsyncGenerator[RunningExchange]:
    """Serve a world, by default one with an empty history, until the block is left."""
    app = make_app(world or quiet())
    server = TestServer(app, host="127.0.0.1")
    # Queries contain credentials, so they must not be logged.
    await server.start_server(access_log=None)
    try:
        yield RunningExchange(str(server.make_url("")).rstrip("/"), app[EXCHANGE])
    finally:
        await server.close()
