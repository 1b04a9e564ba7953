"""Effects of push on the delay of events and on the number of requests."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime
from random import Random
from statistics import median, quantiles
from time import monotonic, perf_counter
from typing import Any

import aiohttp
from freezegun import freeze_time
from homeassistant.core import Event, callback
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.odorik.gates import EVENT_GATE
from simulator.world import World
from simulator.worlds import HOME_NUMBER
from tests.accounts import add_gate
from tests.exchange import running

from .exchanges import Exchange, exchange
from .home import home, hooks, set_up
from .measure import Row
from .waits import CHANGES, EVENT_TIMEOUT, MISSED, SHARES, measured, small_account

CALLER = "00420777123456"
GATES = 40
LINES = 100
CALLS = 300
"""Requests to the webhook while all lines ring."""
NOON = datetime(2026, 11, 23, 11, 0, 30, tzinfo=UTC)
HOUR, STEP = 3600, 10


async def rows() -> list[Row]:
    """Measure with and without push."""
    return [*await wait_rows(), *await gate_rows(), await idle_row(), *await answer_rows()]


async def wait_rows() -> list[Row]:
    """Measure the delay of events with and without announced calls."""
    without, announced = await measured(), await measured(push=True)
    return [
        Row.compare(
            f"from when a call {what[0]} to its event, announced: {share}",
            of(announced[what, 1]),
            "s",
            "without push",
            of(without[what, 1]),
        )
        for what in (*CHANGES, MISSED)
        for share, of in SHARES.items()
    ]


async def gate_rows() -> list[Row]:
    """Measure the delay from a ring at a gate to its opening, with and without push."""
    without, announced = await _openings(push=False), await _openings(push=True)
    return [
        Row.compare(
            f"from a ring at a gate to its opening, announced: {share}",
            of(announced),
            "s",
            "without push",
            of(without),
        )
        for share, of in SHARES.items()
    ]


async def _openings(*, push: bool) -> list[float]:
    """Ring the gates of many accounts at random times, and return the delays in seconds."""
    chance = Random(1)  # noqa: S311 - moments, no secret
    users = [str(1_000_000 + number) for number in range(GATES)]
    world = World(*(small_account(user) for user in users))
    opened: dict[str, asyncio.Event] = {}

    @callback
    def note(event: Event[Any]) -> None:
        opened[event.data["config_entry_id"]].set()

    async def ring(user: str, entry_id: str) -> float:
        await asyncio.sleep(chance.random() * 10)
        began = monotonic()
        world.ring(CALLER, account=user)
        async with asyncio.timeout(EVENT_TIMEOUT):
            await opened[entry_id].wait()
        return monotonic() - began

    async with running(world) as served, home() as hass:
        hass.bus.async_listen(EVENT_GATE, note)
        entries = {user: await set_up(hass, served.url, user, push=push) for user in users}
        async with hooks(hass) if push else nullcontext("") as site:
            for user, entry in entries.items():
                opened[entry.entry_id] = asyncio.Event()
                [line] = world.account(user).lines
                add_gate(hass, entry, CALLER, number=str(line))
                if push:
                    url = f"{site}/api/webhook/{entry.data['webhook_id']}?hook=call"
                    world.save_push_url(url=url, account=user)
            delays = await asyncio.gather(
                *(ring(user, entry.entry_id) for user, entry in entries.items())
            )
            # The decisions are stored, and the calls hung up.
            await hass.async_block_till_done(wait_background_tasks=True)
            return delays


async def idle_row() -> Row:
    """Count the requests of an idle hour at the usual polling intervals."""
    requests = {push: await _idle_hour(push=push) for push in (False, True)}
    return Row.compare(
        "an idle hour with push", requests[True], "requests", "without push", requests[False]
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
    name = f"the webhook's response while {LINES} lines ring"
    return [
        Row(name=f"{name}: median", value=median(seconds) * 1000, unit="ms"),
        Row(name=f"{name}: 95th percentile", value=quantiles(seconds, n=20)[-1] * 1000, unit="ms"),
        Row(name=f"{name}: longest", value=max(seconds) * 1000, unit="ms"),
    ]


async def _ring(served: Exchange) -> None:
    for number in range(LINES):
        await served.control("ring", line=500_000 + number)
