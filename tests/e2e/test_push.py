"""Tests of push between a real Home Assistant and the exchange."""

import asyncio
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from scripts.demo import CALLER, demo
from scripts.exchange import Exchange
from scripts.home import Home, free_port

RINGS = 5
NO_POLLS = 300
"""Seconds between polls of the active calls, so long that only a push can report a call in time."""
REQUESTS = 10_000
MEMORY_LIMIT = 8_192
"""Kilobytes."""
RINGING = "binary_sensor.odorik_1234567_ringing"


def resident_memory(home: Home) -> int:
    """Return the resident memory of Home Assistant in kilobytes."""
    status = Path(f"/proc/{home.pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0])


@pytest.mark.usefixtures("socket_enabled")
async def test_a_push_shows_the_call_and_a_flood_does_no_harm(tmp_path: Path) -> None:
    """A pushed call is shown without waiting for a poll.

    A flood of pushes costs no memory and at most one poll per second, and the webhook's address,
    which is a secret, is not logged.
    """
    async with demo(tmp_path, free_port(), "--no-life", push=True) as (exchange, home):
        (entry,) = await home.get("config/config_entries/entry?domain=odorik")
        await home.change_options(
            entry["entry_id"], caller=CALLER, push=True, active_interval=NO_POLLS
        )
        await assert_calls_are_shown(exchange, home)
        path = await home.webhook_path("Odorik 1234567")
        await assert_flood_is_harmless(exchange, home, path)
        log = home.log + (tmp_path / "console.log").read_text("utf-8")
        assert path.rpartition("/")[2] not in log


async def assert_calls_are_shown(exchange: Exchange, home: Home) -> None:
    """Let calls ring one after the other."""
    for number in range(RINGS):
        await exchange.do("ring", **{"from": f"77712345{number}"})
        await home.wait_for_state(RINGING, lambda state: state["state"] == "on")
        await exchange.do("end")
        await home.wait_for_state(RINGING, lambda state: state["state"] == "off")
    pushes = await exchange.read("pushes")
    assert [push["outcome"] for push in pushes] == ["rings on in silence"] * RINGS
    last = await home.state("sensor.odorik_1234567_last_push_received")
    assert (last["attributes"]["announced"], last["attributes"]["proven"]) == (RINGS, True)


async def assert_flood_is_harmless(exchange: Exchange, home: Home, path: str) -> None:
    """Call the webhook as fast as possible, and send it a large body."""

    async def call(session: aiohttp.ClientSession, times: int) -> None:
        for number in range(times):
            query = f"hook=call&from={number}&x={'y' * 500}"
            async with session.get(f"{path}?{query}") as answer:
                assert await answer.text() == "dial:*082\n"

    async def flood(times: int) -> None:
        async with aiohttp.ClientSession(home.url) as session, asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(call(session, times // 10))

    await flood(REQUESTS // 4)
    before, polls, began = resident_memory(home), await count_polls(exchange), monotonic()
    await flood(REQUESTS)
    async with (
        aiohttp.ClientSession(home.url) as session,
        session.post(path, data=bytes(2**24)) as answer,
    ):
        assert answer.status == 413
    seconds = monotonic() - began
    assert resident_memory(home) - before < MEMORY_LIMIT
    assert await count_polls(exchange) - polls <= seconds + 2


async def count_polls(exchange: Exchange) -> int:
    """Count the requests of the active calls."""
    journal = await exchange.read("journal")
    return sum(entry["path"] == "/active_calls.json" for entry in journal)
