"""An account that is set up again and again in a real Home Assistant."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.odorik.calls.cursor import OVERLAP
from scripts.stores import HOST

from .street import street

USER = "1000000"
CALLER = "00420603111222"
MORE = {"tasks": 0, "files": 5, "listeners": 5, "ours": 19, "kilobytes": 16_384}
"""How much more there may be of each afterwards: less than one for each reload. Connections are
kept for a while after use, and other parts of Home Assistant listen while they have something to
store. An account that stays behind has 160 objects of ours; memory is that of the whole process."""


@pytest.mark.parametrize(
    ("warm_ups", "reloads"),
    [pytest.param(5, 20, id="a few"), pytest.param(20, 200, id="many", marks=pytest.mark.long)],
)
@pytest.mark.usefixtures("socket_enabled")
async def test_reloading_all_evening_leaves_nothing_behind(
    tmp_path: Path, warm_ups: int, reloads: int, record_property: Callable[[str, object], None]
) -> None:
    """Who tries one option after the other would have to start Home Assistant anew in the end."""
    async with street(tmp_path, [USER]) as built:
        # As many calls are remembered before as afterwards.
        for _ in range(2 * OVERLAP):
            built.world.miss(CALLER, account=USER)

        async def after(times: int) -> dict[str, int]:
            for _ in range(times):
                built.world.ring(CALLER, account=USER, end_after=0.5)
                await built.renew(USER)
            await built.telephone(USER)
            # An answer that is under way has its socket, and is over when one looks again.
            looks = []
            for _ in range(3):
                looks.append(await built.home.act("witness.count", answer=True))
                await asyncio.sleep(1)
            return {name: min(look[name] for look in looks) for name in MORE}

        before = await after(warm_ups)
        # What others have open in the same process does not count.
        others = [await asyncio.open_connection(HOST, built.home.port) for _ in range(reloads)]
        now = await after(reloads)
        for _, writer in others:
            writer.close()
        more = {name: now[name] - before[name] for name in MORE}
        record_property("", {"reloads": reloads, **more})
        assert {name: value for name, value in more.items() if value > MORE[name]} == {}
        assert await built.leaks() == []
