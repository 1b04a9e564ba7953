"""Home Assistant is killed while it writes the years, and has each call once in the end."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest

from scripts.exchange import LOGIN, Exchange, exchange as run_exchange
from scripts.home import Home, free_port

from .blocking import WATCH, blocked
from .leaks import leaks

COMPLETE = "are complete"
SERIES = {
    f"odorik:{LOGIN['username']}_{direction}_{measure}": (direction, measure)
    for direction in ("incoming", "outgoing", "redirected")
    for measure in ("calls", "duration", "cost")
}
UNITS = {"calls": ("count", 1), "duration": ("length", 60), "cost": ("price", 1)}


async def by_month(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Read the months as the frontend does."""
    rows: dict[str, list[dict[str, Any]]] = await home.command(
        "recorder/statistics_during_period",
        start_time="2000-01-01T00:00:00Z",
        statistic_ids=list(SERIES),
        period="month",
        types=["change"],
    )
    return rows


def moment(milliseconds: float) -> str:
    """Write a moment as the operator reads it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def complete(home: Home) -> None:
    """Wait until the years are written."""
    async with asyncio.timeout(120):
        while COMPLETE not in log(home):  # noqa: ASYNC110 - It is another process.
            await asyncio.sleep(0.1)


async def assert_as_counted(home: Home, exchange: Exchange, *, months: int) -> None:
    """Hold each month against what the exchange counts."""
    found = await by_month(home)
    periods = {(row["start"], row["end"]) for rows in found.values() for row in rows}
    assert len(periods) >= months
    async with aiohttp.ClientSession() as session:
        for start, end in periods:
            asked = {
                "user": LOGIN["username"],
                "password": LOGIN["password"],
                "from": moment(start),
                "to": moment(end - 1000),
            }
            async with session.get(f"{exchange.url}/call_statistics.json", params=asked) as answer:
                sums = await answer.json()
            for series, (direction, measure) in SERIES.items():
                field, unit = UNITS[measure]
                changes = [row["change"] for row in found[series] if row["start"] == start]
                assert sum(changes) == pytest.approx(sums[direction][field] / unit), series


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.long)])
async def test_an_import_survives_every_kill(tmp_path: Path, kills: int) -> None:
    """A power cut in the first minutes would leave a hole of months, or count them twice."""
    chance = Random(17)  # noqa: S311 - The same kills every time.
    async with run_exchange("--world", "quiet") as exchange:
        await exchange.do("fill", n=2000 * kills, days=1000)
        home = Home(folder=tmp_path, port=free_port(), exchange=exchange.url, prelude=WATCH)
        await home.start()
        try:
            # The account is on the disk, and only then there are years to write.
            await exchange.do("set", deny=["calls"])
            await home.add("odorik", **LOGIN)
            await home.stop()
            await exchange.do("set", allow=["calls"])
            await home.start()
            survived = 0
            for _ in range(kills):
                async with asyncio.timeout(30):
                    while "are being written" not in log(home):  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                await asyncio.sleep(chance.uniform(0, 0.8))
                if COMPLETE in log(home):
                    break
                await home.kill()
                await home.start()
                survived += 1
            assert survived
            await complete(home)
            await assert_as_counted(home, exchange, months=33)
        finally:
            with suppress(ProcessLookupError):
                await home.stop()
    assert leaks(home.folder, [LOGIN["password"]]) == []
    assert blocked(home.folder) == []


def log(home: Home) -> str:
    """What Home Assistant has logged since it was started last."""
    return (home.folder / "home-assistant.log").read_text("utf-8")
