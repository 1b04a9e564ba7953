"""A simulated exchange that a test can telephone through."""

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
    """An exchange that listens on 127.0.0.1; `url` is the base of its API, `site` the server's."""

    site: str
    exchange: Exchange
    username: str = USER
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """The base of the API, without a slash at its end."""
        return self.site + BASE

    @property
    def world(self) -> World:
        """The world behind it: make it ring, answer, end, look at its books."""
        return self.exchange.world

    @property
    def journal(self) -> list[JournalEntry]:
        """The requests so far."""
        return self.exchange.journal

    def fail(self, mode: str, **options: Any) -> None:
        """Let the next request fail, see simulator.faults.Fault."""
        self.exchange.fail(mode, **options)

    def requests(self, path: str) -> list[JournalEntry]:
        """Return the requests of one path, such as `/callback`."""
        return [entry for entry in self.journal if entry.path == path]


@asynccontextmanager
async def running(world: World | None = None) -> AsyncGenerator[RunningExchange]:
    """Serve a world, by default the quiet household, until the block is left."""
    app = make_app(world or quiet())
    server = TestServer(app, host="127.0.0.1")
    # The credentials ride in the queries, so there is no access log here either.
    await server.start_server(access_log=None)
    try:
        yield RunningExchange(str(server.make_url("")).rstrip("/"), app[EXCHANGE])
    finally:
        await server.close()
