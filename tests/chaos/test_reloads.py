"""Tests that reloading an account leaves nothing in memory."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.odorik.calls.cursor import OVERLAP_RECORDS

from .multi_account_app import multi_account_app

USER = "1000000"
CALLER = "00420603111222"
SAMPLES = 3
LIMITS = {"tasks": 0, "files": 5, "listeners": 5, "objects": 19, "blocks": 10_000}
"""Most that each may grow, which is less than if each reload kept its account.

An account has 54 objects of ours and 1,000 memory blocks; blocks are counted for the whole process,
whose caches are still growing. Idle connections stay open for a while, and other parts of Home
Assistant listen while they have data to store. The resident memory of the process is no measure: it
grows with the page cache of the recorder's database and the fragmentation of the heap.
"""


@pytest.mark.parametrize(
    ("warm_ups", "reloads"),
    [pytest.param(5, 20, id="a few"), pytest.param(20, 200, id="many")],
)
@pytest.mark.long
@pytest.mark.usefixtures("socket_enabled")
async def test_reloading_leaves_nothing_behind(
    tmp_path: Path, warm_ups: int, reloads: int, record_property: Callable[[str, object], None]
) -> None:
    """Reloads leave no tasks, open files, listeners or objects in Home Assistant's process."""
    async with multi_account_app(tmp_path, [USER]) as app:
        # Fill what is remembered of the latest calls.
        for _ in range(2 * OVERLAP_RECORDS):
            app.world.miss(CALLER, account=USER)

        async def count_after(times: int) -> dict[str, int]:
            for _ in range(times):
                app.world.ring(CALLER, account=USER, end_after=0.5)
                await app.reload(USER)
            await app.make_calls_and_wait(USER)
            # A request that is running has a connection, and is over at the next sample.
            samples = []
            for _ in range(SAMPLES):
                samples.append(await app.home.act("event_recorder.count", answer=True))
                await asyncio.sleep(1)
            return {name: min(sample[name] for sample in samples) for name in LIMITS}

        before = await count_after(warm_ups)
        after = await count_after(reloads)
        growth = {name: after[name] - before[name] for name in LIMITS}
        record_property("", {"reloads": reloads, **growth})
        assert {name: value for name, value in growth.items() if value > LIMITS[name]} == {}
        assert await app.leaks() == []
