"""A simulated Odorik exchange in a process of its own: started, told what to do, and stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Any

import aiohttp

from scripts.home import ROOT, end, environment
from scripts.stores import HOST
from scripts.visitor import HomeError

LOGIN = {"username": "1234567", "password": "demo-api-password"}
"""What the simulator knows when nothing else is said."""


@dataclass(frozen=True)
class Exchange:
    """A running exchange; ``site`` is its address, without a slash at the end."""

    site: str
    process: asyncio.subprocess.Process

    @property
    def url(self) -> str:
        """The base address of its API, for ``Home.exchange``."""
        return f"{self.site}/api/v1"

    async def do(self, act: str, **wishes: Any) -> Any:
        """Let something happen; ``python -m simulator --help`` names the acts and their wishes."""
        return await self._ask("POST", act, wishes)

    async def read(self, book: str) -> Any:
        """Return the exchange's ``state`` or the ``journal`` of its requests."""
        return await self._ask("GET", book, None)

    async def _ask(self, method: str, route: str, body: Any) -> Any:
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.request(method, f"{self.site}/_sim/{route}", json=body) as response,
        ):
            return await response.json()


@asynccontextmanager
async def exchange(*options: str, port: int = 0) -> AsyncIterator[Exchange]:
    """Run ``python -m simulator`` with the options, on a free port if none is given."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--port", str(port), *options),
        cwd=ROOT,
        env=environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        line = (await process.stdout.readline()).decode() if process.stdout else ""
        if f"http://{HOST}:" not in line:
            raise HomeError("The simulated exchange did not start.")
        yield Exchange(line.split()[-1].removesuffix("/api/v1"), process)
    finally:
        await end(process)
