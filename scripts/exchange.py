"""A simulated Odorik exchange in a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Any

import aiohttp

from scripts.client import HomeError
from scripts.home import ROOT, end, environment
from scripts.stores import HOST

LOGIN = {"username": "1234567", "password": "demo-api-password"}
"""The simulator's default login."""


@dataclass(frozen=True)
class Exchange:
    """A running exchange; ``site`` is its address, without a slash at the end."""

    site: str
    process: asyncio.subprocess.Process

    @property
    def url(self) -> str:
        """The base address of its API, for ``Home.exchange``."""
        return f"{self.site}/api/v1"

    async def do(self, command: str, **params: Any) -> Any:
        """Send a command; ``python -m simulator --help`` lists the commands and parameters."""
        return await self._request("POST", command, params)

    async def read(self, name: str) -> Any:
        """Return the exchange's ``state``, its ``pushes`` or the ``journal`` of its requests."""
        return await self._request("GET", name, None)

    async def account(self) -> dict[str, Any]:
        """Return the state of the exchange's first account."""
        account: dict[str, Any] = (await self.read("state"))["accounts"][0]
        return account

    async def query(self, path: str, **params: Any) -> Any:
        """Return the response of the API to a request with the default login."""
        login = {"user": LOGIN["username"], "password": LOGIN["password"]}
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.get(f"{self.url}/{path}", params=login | params) as response,
        ):
            return await response.json()

    async def _request(self, method: str, route: str, body: Any) -> Any:
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.request(method, f"{self.site}/_sim/{route}", json=body) as response,
        ):
            return await response.json()


@asynccontextmanager
async def exchange(*options: str, port: int = 0) -> AsyncIterator[Exchange]:
    """Run ``python -m simulator`` with the options, by default on a free port."""
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
