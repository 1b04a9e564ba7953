"""Writing years of calls into the long-term statistics of a real Home Assistant, the newest."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import sysconf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from scripts.exchange import Exchange, exchange
from scripts.home import Home, free_port

from .exchanges import LOGIN
from .home import BLOCK
from .measure import Row

WORLDS = {"years": "a household's 20,000 calls", "office_years": "an office's 150,000 calls"}
LAST_CALL = f"sensor.odorik_{LOGIN['username']}_last_call"
ROUNDS = 5
QUIET_AFTER = 10
"""Seconds until Home Assistant is idle after a start."""
WATCH = """
import sys, time
from asyncio import events
run, longest = events.Handle._run, 0.0

def measure(handle):
    global longest
    began = time.thread_time()
    run(handle)
    longest = max(longest, time.thread_time() - began)

def report():
    global longest
    while True:
        time.sleep(0.2)
        print("HELD", time.monotonic(), longest, flush=True)
        longest = 0.0

import threading
threading.Thread(target=report, daemon=True).start()
events.Handle._run = measure
"""
"""Code that Home Assistant runs first to measure its whole event loop, not only the integration."""


def longest_block(home: Home, began: float, ended: float) -> float:
    """Return the longest block in a period, in seconds of processor time."""
    lines = (home.folder / "console.log").read_text("utf-8").splitlines()
    blocks = [line.split() for line in lines if line.startswith("HELD ")]
    return max(float(block) for _, at, block in blocks if began + 0.4 < float(at) < ended)


def resident(home: Home) -> float:
    """Measure the memory of Home Assistant's process, in MiB."""
    pages = Path(f"/proc/{home.pid}/statm").read_text("utf-8").split()[1]
    return int(pages) * sysconf("SC_PAGESIZE") / 2**20


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition."""
    while not is_so():  # noqa: ASYNC110 - The condition concerns another process.
        await asyncio.sleep(0.05)


async def start(home: Home) -> float:
    """Start Home Assistant and return the seconds it took."""
    began = monotonic()
    await home.start()
    return monotonic() - began


async def count(home: Home) -> float:
    """Return the number of today's calls in the long-term statistics."""
    series = [f"odorik:{LOGIN['username']}_{way}_calls" for way in ("incoming", "outgoing")]
    rows: dict[str, list[dict[str, Any]]] = await home.command(
        "recorder/statistics_during_period",
        start_time=(datetime.now(UTC) - timedelta(hours=12)).isoformat(),
        statistic_ids=series,
        period="hour",
        types=["change"],
    )
    return sum(float(row["change"]) for of_series in rows.values() for row in of_series)


async def written_after(home: Home, served: Exchange) -> list[float]:
    """Place calls and return the seconds from each event to its rows in the database."""
    seconds = []
    async with home.events("odorik_call_ended") as events:
        for _ in range(ROUNDS):
            before = await count(home)
            await served.do("ring", answer_after=0.1, end_after=1)
            await asyncio.sleep(2)
            # Otherwise, the history would be polled only two minutes later.
            await home.act("homeassistant.update_entity", entity_id=LAST_CALL)
            await events.get()
            began = monotonic()
            while await count(home) == before:  # noqa: ASYNC110 - See above.
                await asyncio.sleep(0.02)
            seconds.append(monotonic() - began)
    return seconds


async def world_rows(world: str, what: str) -> list[Row]:
    """Import the long history of an account into Home Assistant."""
    with TemporaryDirectory() as folder:
        async with exchange("--world", world, "--no-background-traffic") as served:
            home = Home(folder=Path(folder), port=free_port(), exchange=served.url, prelude=WATCH)
            # Set up the account before it has a history, so that its memory is not counted.
            await served.do("set", deny=["calls"])
            await home.start()
            await home.add("odorik", **LOGIN)
            await home.stop()
            without = await start(home)
            await home.stop()
            await served.do("set", allow=["calls"])
            within = await start(home)
            await until(lambda: "are complete" in home.log)
            await home.stop()
            await home.start()
            await asyncio.sleep(QUIET_AFTER)
            idle, most = resident(home), 0.0
            began = monotonic()
            await home.command("recorder/clear_statistics", statistic_ids=await ids(home))
            rebuilding = asyncio.create_task(home.act("odorik.rebuild_statistics", answer=True))
            while not rebuilding.done():
                most = max(most, resident(home))
                await asyncio.sleep(0.05)
            ended = monotonic()
            waits = await written_after(home, served)
            block = longest_block(home, began, ended)
            await home.stop()
    name = f"import {what}"
    return [
        Row(name=name, value=ended - began, unit="s"),
        Row(name=f"{name}: most memory above idle", value=most - idle, unit="MiB"),
        Row(name=f"{name}: {BLOCK}", value=block * 1000, unit="ms"),
        Row.compare(
            f"start Home Assistant with {what} to import", within, "s", "with none", without
        ),
        Row(name=f"{name}: from one more event to its rows", value=median(waits), unit="s"),
        Row(name=f"{name}: the longest of these", value=max(waits), unit="s"),
    ]


async def ids(home: Home) -> list[str]:
    """List our statistics."""
    known = await home.command("recorder/list_statistic_ids")
    return [one["statistic_id"] for one in known if one["source"] == "odorik"]


async def rows() -> list[Row]:
    """Measure a household and an office."""
    return [row for world, what in WORLDS.items() for row in await world_rows(world, what)]
