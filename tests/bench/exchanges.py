"""Simulated exchanges for the measurements, each in a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Any

import aiohttp

from simulator.worlds import PASSWORD, USER

LOGIN = {"username": USER, "password": PASSWORD}


@asynccontextmanager
async def serving(module: str, *arguments: str) -> AsyncIterator[str]:
    """Run a module that prints its address when it is ready, and yield the address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.kill()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A simulated exchange and its controls."""

    url: str
    _session: aiohttp.ClientSession

    async def control(self, name: str, *, method: str = "POST", **params: Any) -> Any:
        """Send a command to the simulator."""
        address = f"{self.url.removesuffix('/api/v1')}/_sim/{name}"
        async with self._session.request(
            method, address, json=params or None, raise_for_status=True
        ) as answer:
            return await answer.json()

    async def requests(self) -> int:
        """Count the requests so far."""
        return len(await self.control("journal", method="GET"))


@asynccontextmanager
async def exchange(lines: int = 1) -> AsyncIterator[Exchange]:
    """Run an exchange with one account of the given number of registered lines."""
    async with (
        serving("simulator", "--port", "0", "--world", "quiet") as url,
        aiohttp.ClientSession() as session,
    ):
        served = Exchange(url, session)
        state = await served.control("state", method="GET")
        for old in state["accounts"][0]["lines"]:
            await served.control("set", remove_line=old)
        for number in range(lines):
            line = {
                "id": 500_000 + number,
                "name": f"Line {number}",
                "public_number": f"0042053{number:07}",
            }
            await served.control("set", add_line=line)
            await served.control("set", register=line["id"])
        yield served
