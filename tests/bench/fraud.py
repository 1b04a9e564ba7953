"""How fast the spending guard of a real Home Assistant acts, and how much of a loss it prevents."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from freezegun import freeze_time

from custom_components.odorik.calls.spending import SpendingLimits
from scripts.home import Home, free_port
from simulator.world import ActiveCall, World
from simulator.worlds import PASSWORD, fraud
from tests.exchange import running
from tests.integration.fraud import loss

from .measure import Row
from .waits import SHARES, small_account

ACCOUNTS = 40
EXPENSIVE, CALLER = "00881621451000", "00420777123456"
IDLE_INTERVAL, IN_CALL_INTERVAL = 10, 3
"""Seconds between polls before the guard has acted, and afterwards."""
UNTIL_IDLE = 20
"""Seconds after a call until the account is polled as rarely as possible."""
ACT_TIMEOUT = 60
"""Seconds after which an act counts as lost."""
NIGHT = datetime(2026, 11, 2, 2, tzinfo=UTC)
FIRST, NEXT = "an expensive call", "the next expensive call"

type Delays = defaultdict[str, list[float]]


async def rows() -> list[Row]:
    """Measure the delays with and without push, and the loss."""
    return [*await delay_rows(), *loss_rows()]


async def delay_rows() -> list[Row]:
    """Measure the time from the start of expensive calls to the events and to their ends."""
    without, announced = await measured(push=False), await measured(push=True)
    figures = [
        (f"{name}{{}}: {share}", of(without[name]), of(announced[name]))
        for name in without
        for share, of in SHARES.items()
    ]
    return [
        *(Row(name=name.format(""), value=value, unit="s") for name, value, _ in figures),
        *(
            Row.compare(name.format(", with push"), value, "s", "without push", reference)
            for name, reference, value in figures
        ),
    ]


async def measured(*, push: bool) -> Delays:
    """Make two expensive calls on each of many accounts, at moments spread between the polls.

    Returns:
        The seconds until the guard's event and until the end of the call.
    """
    delays: Delays = defaultdict(list)
    accounts = [str(1_000_000 + number) for number in range(ACCOUNTS)]
    # In another order than the accounts, whose polls are spread, too.
    moments = Random(1).sample(range(ACCOUNTS), ACCOUNTS)  # noqa: S311 - moments, no secret
    world = World(*(small_account(user) for user in accounts))
    async with running(world) as served, guarded(served.url, accounts) as home:
        if push:
            await announce_calls(world, home, accounts)
        events: dict[int, asyncio.Future[float]] = defaultdict(
            asyncio.get_running_loop().create_future
        )

        async def call(user: str, which: str) -> None:
            began = monotonic()
            made = world.dial(EXPENSIVE, account=user)
            async with asyncio.timeout(ACT_TIMEOUT):
                reported = await events[made.id]
            delays[f"from when {which} starts to the guard's event"].append(reported - began)
            delays[f"from when {which} starts to its end"].append(_duration(made))

        async def steal(user: str, share: float) -> None:
            await asyncio.sleep(share * IDLE_INTERVAL)
            await call(user, FIRST)
            await asyncio.sleep(IN_CALL_INTERVAL * (1 + share))
            await call(user, NEXT)

        async def receive(queue: asyncio.Queue[dict[str, Any]]) -> None:
            while True:
                event = await queue.get()
                assert event["outcome"] == "hung_up"
                events[event["active_call_id"]].set_result(monotonic())

        async with home.events("odorik_spending_guard") as queue:
            receiver = asyncio.create_task(receive(queue))
            await asyncio.gather(
                *(
                    steal(user, moment / ACCOUNTS)
                    for user, moment in zip(accounts, moments, strict=True)
                )
            )
            receiver.cancel()
    return delays


@asynccontextmanager
async def guarded(url: str, accounts: list[str]) -> AsyncIterator[Home]:
    """Run a Home Assistant that hangs up expensive calls of the accounts."""
    with TemporaryDirectory() as folder:
        async with Home(folder=Path(folder), port=free_port(), exchange=url) as home:
            for user in accounts:
                form = await home.add("odorik", username=user, password=PASSWORD)
                await home.change_options(form["result"]["entry_id"], spending_guard="hang_up")
            await asyncio.sleep(IDLE_INTERVAL)
            yield home


async def announce_calls(world: World, home: Home, accounts: list[str]) -> None:
    """Turn push on, and call each account once to prove that its calls are announced."""
    entries = await home.get("config/config_entries/entry?domain=odorik")
    for entry in entries:
        await home.change_options(entry["entry_id"], spending_guard="hang_up", push=True)
    hooks = {hook["name"]: hook["webhook_id"] for hook in await home.command("webhook/list")}
    for user in accounts:
        (webhook_id,) = (hook for name, hook in hooks.items() if user in name)
        url = f"{home.url}/api/webhook/{webhook_id}?hook=call"
        world.save_push_url(url=url, account=user)
        world.ring(CALLER, account=user)
    await asyncio.sleep(IN_CALL_INTERVAL)
    for call in list(world.active.values()):
        world.end(call.id)
    for user in accounts:
        sensor = f"sensor.odorik_{user}_last_push_received"
        await home.wait_for_state(sensor, lambda state: state["attributes"].get("proven") is True)
    await asyncio.sleep(UNTIL_IDLE)


def _duration(call: ActiveCall) -> float:
    """Return how long a call lasted, in seconds."""
    assert call.ended
    return (call.ended - call.started).total_seconds()


def loss_rows() -> list[Row]:
    """Compute what an hour of the world *fraud* costs with and without the default rules."""
    name = "cost of the simulated fraud"
    with freeze_time(NIGHT):
        (without, _), (guarded, _) = loss(fraud(), None), loss(fraud(), SpendingLimits())
    return [
        Row(name=name, value=without, unit="CZK"),
        Row.compare(f"{name}, with the guard", guarded, "CZK", "without it", without),
    ]
