"""Tests of the import of long-term statistics in a Home Assistant that is killed."""

import asyncio
from random import Random

import pytest

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

from .leaks import leaks
from .monthly_totals import assert_totals_match


@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.long)])
async def test_an_import_counts_each_call_once_after_kills(
    exchange: Exchange, home: Home, kills: int
) -> None:
    """An import that is killed resumes; no month is missing or counted twice."""
    chance = Random(17)  # noqa: S311 - The same kills every time.
    await exchange.do("fill", n=2000 * kills, days=1000)
    # Store the account before an import can begin.
    await exchange.do("set", deny=["calls"])
    await home.add("odorik", **LOGIN)
    await home.stop()
    await exchange.do("set", allow=["calls"])
    await home.start()
    killed = 0
    for _ in range(kills):
        await home.wait_for_log("Importing the call history")
        await asyncio.sleep(chance.uniform(0, 0.8))
        if home.has_logged("are complete"):
            break
        await home.kill()
        await home.start()
        killed += 1
    assert killed
    await home.wait_for_statistics()
    await assert_totals_match(home, exchange, months=33)
    await home.stop()
    assert leaks(home.folder, [LOGIN["password"]]) == []
