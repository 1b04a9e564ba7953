"""Effects of push on the delay of events and on the number of requests."""

import asyncio
from datetime import UTC, datetime
from statistics import median, quantiles
from time import perf_counter

import aiohttp
from freezegun import freeze_time
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from simulator.worlds import HOME_NUMBER
from tests.exchange import running

from .exchanges import Exchange, exchange
from .home import home, hooks, set_up
from .measure import Row
from .waits import CHANGES, MISSED, SHARES, measured

LINES = 100
CALLS = 300
"""Requests to the webhook while all lines ring."""
NOON = datetime(2026, 11, 23, 11, 0, 30, tzinfo=UTC)
HOUR, STEP = 3600, 10


async def rows() -> list[Row]:
    """Measure with and without push."""
    return [*await wait_rows(), await idle_row(), *await answer_rows()]


async def wait_rows() -> list[Row]:
    """Measure the delay of events with and without announced calls."""
    without, announced = await measured(), await measured(push=True)
    found = []
    for what in (*CHANGES, MISSED):
        for share, of in SHARES.items():
            one, other = of(announced[what, 1]), of(without[what, 1])
            found.append(
                Row(
                    name=f"from when a call {what[0]} to its event, announced: {share}",
                    value=one,
                    unit="s",
                    against="without push",
                    ratio=one / other,
                )
            )
    return found


async def idle_row() -> Row:
    """Count the requests of an idle hour at the usual polling intervals."""
    requests = {push: await _idle_hour(push=push) for push in (False, True)}
    return Row(
        name="an idle hour while calls come announced",
        value=requests[True],
        unit="requests",
        against="without push",
        ratio=requests[True] / requests[False],
    )


async def _idle_hour(*, push: bool) -> int:
    with freeze_time(NOON) as clock:
        async with running() as served, home() as hass:
            entry = await set_up(hass, served.url, push=push)

            async def let_pass(seconds: float) -> None:
                clock.tick(seconds)
                async_fire_time_changed(hass)
                await hass.async_block_till_done(wait_background_tasks=True)

            if push:
                served.world.ring("00420602555123", HOME_NUMBER)
                entry.runtime_data.push.monitor.async_receive(is_for_call=True)
                await let_pass(1)
                served.world.end()
            for _ in range(12):
                await let_pass(STEP)
            served.journal.clear()
            for _ in range(HOUR // STEP):
                await let_pass(STEP)
            return len(served.journal)


async def answer_rows() -> list[Row]:
    """Request the webhook while all lines of a large account ring and are announced."""
    seconds = []
    async with exchange(LINES) as served, home() as hass, aiohttp.ClientSession() as session:
        entry = await set_up(hass, served.url, push=True)
        async with hooks(hass) as site:
            url = f"{site}/api/webhook/{entry.data['webhook_id']}?hook=call"
            await served.control("hook", url=url)
            ringing = asyncio.create_task(_ring(served))
            for _ in range(CALLS):
                began = perf_counter()
                async with session.get(url) as answer:
                    assert await answer.text() == "dial:*082\n"
                seconds.append(perf_counter() - began)
                await asyncio.sleep(0.01)
            await ringing
    name = f"the hook answers while {LINES} lines ring"
    return [
        Row(name=f"{name}: median", value=median(seconds) * 1000, unit="ms"),
        Row(name=f"{name}: 95 %", value=quantiles(seconds, n=20)[-1] * 1000, unit="ms"),
        Row(name=f"{name}: longest", value=max(seconds) * 1000, unit="ms"),
    ]


async def _ring(served: Exchange) -> None:
    for number in range(LINES):
        await served.control("ring", line=500_000 + number)
