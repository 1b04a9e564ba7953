"""Tests that reloading an account leaves nothing in memory."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.odorik.calls.cursor import OVERLAP

from .multi_account_app import multi_account_app

USER = "1000000"
CALLER = "00420603111222"
SAMPLES = 3
LIMITS = {"tasks": 0, "files": 5, "listeners": 5, "objects": 19, "blocks": 20_000}
"""Most that there may be more of each afterwards: less than one for each reload.

An account that is kept has 160 objects of ours. Idle connections stay open for a while, and other
parts of Home Assistant listen while they have data to store. Blocks are those that the interpreter
has allocated for all objects of the process. The process's resident memory is no measure: the
database's page cache grows with the number of rows, and the heap becomes fragmented.
"""


@pytest.mark.parametrize(
    ("warm_ups", "reloads"),
    [pytest.param(5, 20, id="a few"), pytest.param(20, 200, id="many", marks=pytest.mark.long)],
)
@pytest.mark.usefixtures("socket_enabled")
async def test_reloading_leaves_nothing_behind(
    tmp_path: Path, warm_ups: int, reloads: int, record_property: Callable[[str, object], None]
) -> None:
    """Reloads leave no tasks, open files, listeners or objects in Home Assistant's process."""
    async with multi_account_app(tmp_path, [USER]) as app:
        # Fill what is remembered of the latest calls.
        for _ in range(2 * OVERLAP):
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
