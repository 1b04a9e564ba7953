"""Tests that every call is reported while Home Assistant is stopped, reloaded and killed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scripts.client import HomeError
from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

from .blocking import DETECT_BLOCKING, blocking_calls
from .event_log import finished_events, home_with_event_log
from .leaks import leaks

EVENTS_TIMEOUT = 150
"""Seconds until the last events are reported, which is at the next poll of the history."""
EVENTS_PER_KILL = 5
"""Events that a kill can repeat: those fired while their position is being stored."""


async def simulate_calls(exchange: Exchange, chance: Random, calls: int, pause: float) -> None:
    """Make calls, some too short for a poll to see, with up to ``pause`` seconds in between.

    Each has a caller of its own: calls of one caller that begin within a second would be one.
    """
    for number in range(calls):
        caller = {"from": f"00420602{number:06}"}
        await asyncio.sleep(chance.uniform(0, pause))
        over = chance.uniform(1, 8)
        match chance.randrange(4):
            case 0:
                await exchange.do("miss", **caller)
            case 1:
                await exchange.do("ring", **caller, end_after=over)
            case 2:
                await exchange.do("ring", **caller, answer_after=over / 2, end_after=over)
            case _:
                await exchange.do("dial", answer_after=over / 2, end_after=over)


async def disturb(home: Home, entry_id: str, chance: Random) -> bool:
    """Reload, restart or kill Home Assistant, and return whether it was killed."""
    match chance.randrange(5):
        case 0:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.reload(entry_id)
            return False
        case 1:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.stop()
            await home.start()
            return False
        case 2:
            # Kill right after an event, perhaps before its position is stored.
            known = len(finished_events(home))
            with suppress(TimeoutError):
                async with asyncio.timeout(8):
                    while len(finished_events(home)) == known:  # noqa: ASYNC110 - A file changes.
                        await asyncio.sleep(0.002)
            await home.kill()
        case 3:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.kill()
        case _:
            await home.stop()
            starting = asyncio.create_task(home.start())
            await asyncio.sleep(chance.uniform(1, 8))
            home._process.kill()
            with suppress(HomeError):
                await starting
                await home.kill()
    await home.start()
    return True


@pytest.mark.parametrize(
    ("calls", "pause"),
    [(24, 1), pytest.param(220, 2, marks=pytest.mark.long)],
)
async def test_every_call_is_reported_across_restarts(
    exchange: Exchange,
    tmp_path: Path,
    calls: int,
    pause: float,
    record_property: Callable[[str, object], None],
) -> None:
    """No event is lost. Only a kill may repeat one, and with the same `call_id`."""
    chance = Random(calls)  # noqa: S311 - The same calls and kills every time.
    kills = 0
    async with home_with_event_log(
        folder=tmp_path, exchange=exchange.url, prelude=DETECT_BLOCKING
    ) as home:
        added = await home.add("odorik", **LOGIN)
        entry_id = added["result"]["entry_id"]
        await home.change_options(entry_id, active_interval=5)
        callers = Random(chance.random())  # noqa: S311
        calling = asyncio.create_task(simulate_calls(exchange, callers, calls, pause))
        while not calling.done():
            kills += await disturb(home, entry_id, chance)
        await calling
        records: list[dict[str, Any]] = []
        async with asyncio.timeout(EVENTS_TIMEOUT):
            while len(records) < calls:
                # The exchange is another process; it writes a record after the end of its call.
                await asyncio.sleep(0.5)
                records = await exchange.query("calls.json", since_id=0)
        expected = {record["id"]: record["status"] for record in records}
        assert len(expected) == calls
        with suppress(TimeoutError):
            async with asyncio.timeout(EVENTS_TIMEOUT):
                while {event["call_id"] for event in finished_events(home)} < expected.keys():  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
    events = finished_events(home)
    assert {event["call_id"]: event["status"] for event in events} == expected
    assert {event["state"] for event in events} == {"RUNNING"}
    assert max(Counter((event["run"], event["call_id"]) for event in events).values()) == 1
    repeated = len(events) - len(expected)
    assert repeated == 0 or kills
    assert repeated <= EVENTS_PER_KILL * kills
    assert leaks(home.folder, [LOGIN["password"]]) == []
    assert blocking_calls(home.folder) == []
    lost = len(expected.keys() - {event["call_id"] for event in events})
    record_property("", {"calls": calls, "kills": kills, "lost": lost, "reported again": repeated})
