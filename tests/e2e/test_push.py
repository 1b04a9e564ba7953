"""Push between the newest Home Assistant and the exchange, each in a process of its own."""

import asyncio
from pathlib import Path
from statistics import median
from time import monotonic

import aiohttp
import pytest

from scripts.demo import demo
from scripts.exchange import Exchange
from scripts.home import Home, free_port

RINGS = 5
SECOND = 1.0
SLACK = 1.5
"""Seconds besides, for a machine that does other things meanwhile."""
MANY = 10_000
MEMORY = 8_192
"""Kilobytes by which a process may breathe."""
RINGING = "binary_sensor.odorik_1234567_ringing"


def memory(home: Home) -> int:
    """Tell how many kilobytes of memory a Home Assistant holds."""
    status = Path(f"/proc/{home.pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0])


@pytest.mark.usefixtures("socket_enabled")
async def test_a_ring_is_shown_within_a_second_and_a_flood_does_no_harm(tmp_path: Path) -> None:
    """Half of the time that a call rings would be over before anybody sees it.

    And who has the address could fill the house's memory, or get the account barred.
    """
    async with demo(tmp_path, free_port(), "--no-background-traffic", push=True) as (
        exchange,
        home,
    ):
        await ring(exchange, home)
        path = await home.hook("Odorik 1234567")
        await flood(exchange, home, path)
        log = home.log + (tmp_path / "console.log").read_text("utf-8")
        assert path.rpartition("/")[2] not in log


async def ring(exchange: Exchange, home: Home) -> None:
    """Let it ring a few times, and hold a watch beside the entity."""
    waits = []
    for number in range(RINGS):
        began = monotonic()
        await exchange.do("ring", **{"from": f"77712345{number}"})
        await home.until(RINGING, lambda state: state["state"] == "on")
        waits.append(monotonic() - began)
        await exchange.do("end")
        await home.until(RINGING, lambda state: state["state"] == "off")
    assert median(waits) < SECOND
    assert max(waits) < SECOND + SLACK
    pushes = await exchange.read("pushes")
    assert [push["outcome"] for push in pushes] == ["rings silently"] * RINGS
    last = await home.state("sensor.odorik_1234567_last_push_received")
    assert (last["attributes"]["announced"], last["attributes"]["proven"]) == (RINGS, True)


async def flood(exchange: Exchange, home: Home, path: str) -> None:
    """Call the hook as often as can be, and send it a body that nobody asked for."""

    async def call_often(times: int) -> None:
        async with aiohttp.ClientSession(home.url) as session, asyncio.TaskGroup() as together:
            for _ in range(10):
                together.create_task(call(session, times // 10))

    async def call(session: aiohttp.ClientSession, times: int) -> None:
        for number in range(times):
            query = f"hook=call&from={number}&x={'y' * 500}"
            async with session.get(f"{path}?{query}") as answer:
                assert await answer.text() == "dial:*082\n"

    await call_often(MANY // 4)
    before, looks, began = memory(home), await count(exchange), monotonic()
    await call_often(MANY)
    async with (
        aiohttp.ClientSession(home.url) as session,
        session.post(path, data=bytes(2**24)) as answer,
    ):
        assert answer.status == 413
    seconds = monotonic() - began
    assert memory(home) - before < MEMORY
    assert await count(exchange) - looks <= seconds + 2


async def count(exchange: Exchange) -> int:
    """Count the looks at the active calls."""
    journal = await exchange.read("journal")
    return sum(entry["path"] == "/active_calls.json" for entry in journal)
