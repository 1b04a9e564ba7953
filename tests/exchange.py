"""Run the simulated exchange as an HTTP server."""

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

    def fail(self, mode: str, **options: Any) -> None:
        """Inject a fault into the following requests, see `simulator.faults.Fault`."""
        self.exchange.fail(mode, **options)

    def requests(self, path: str) -> list[JournalEntry]:
        """Return the requests for a path, such as `/callback`."""
        return [entry for entry in self.journal if entry.path == path]


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
