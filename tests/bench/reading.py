"""Speed of reading a long history."""

from functools import partial
from typing import Any

import aiohttp
import orjson

from custom_components.odorik.api import OdorikClient

from .exchanges import LOGIN, serving
from .measure import Row, held, side_by_side

RECORDS = 100_000
ROUNDS = 7


async def bare(session: aiohttp.ClientSession, url: str) -> list[Any]:
    """Read all pages without validation or error handling."""
    records: list[Any] = []
    page = pages = 1
    while page <= pages:
        wanted = {"since_id": "0", "page": str(page)}
        async with session.get(f"{url}/calls.json", params=wanted) as answer:
            records += orjson.loads(await answer.read())
            pages = int(answer.headers["Odorik-Pages"])
        page += 1
    return records


async def ours(session: aiohttp.ClientSession, url: str) -> list[Any]:
    """Read all pages with the client."""
    client = OdorikClient(session, *LOGIN.values(), base_url=url)
    return [record async for page in client.calls(since_id=0) for record in page]


async def rows() -> list[Row]:
    """Read from a server with prepared pages, in a process of its own."""
    async with (
        serving("tests.bench.pages", str(RECORDS)) as long,
        serving("tests.bench.pages", str(RECORDS // 10)) as short,
        aiohttp.ClientSession() as session,
    ):
        assert len(await bare(session, long)) == len(await ours(session, long)) == RECORDS
        seconds = await side_by_side(
            ROUNDS,
            {
                "bare": partial(bare, session, long),
                "ours": partial(ours, session, long),
                "tenth": partial(ours, session, short),
            },
        )
        with held() as loop:
            kept = await ours(session, long)
        del kept
    name = f"read {RECORDS:,} records over loopback"
    return [
        Row.compare(
            name, seconds["ours"], "s", "a bare loop of aiohttp and orjson", seconds["bare"]
        ),
        Row.compare(name, seconds["ours"], "s", f"{RECORDS // 10:,} records", seconds["tenth"]),
        Row(name=f"{name}: longest block of the event loop", value=loop.longest * 1000, unit="ms"),
    ]
