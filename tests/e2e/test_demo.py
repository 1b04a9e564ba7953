"""The demo, which is what a newcomer sees first."""

from pathlib import Path
import re

import pytest

from scripts.demo import CALLER, DASHBOARD, PANEL, WORLD, demo
from scripts.home import free_port

from .test_years import assert_as_counted, complete

SERIES = re.compile(r"odorik:\w+")
ENTITY = re.compile(r"entity: (\w+\.\w+)")


@pytest.mark.usefixtures("socket_enabled")
async def test_the_demo_shows_an_account_that_is_there(tmp_path: Path) -> None:
    """A newcomer would meet a wall of "Entity not found", or a form."""
    named = set(ENTITY.findall(DASHBOARD.read_text("utf-8")))
    assert named
    async with demo(tmp_path, free_port(), *WORLD, "--no-life") as (exchange, home):
        there = {state["entity_id"] for state in await home.get("states")}
        assert named - there == set()
        board = await home.command("lovelace/config", url_path=PANEL)
        assert board["views"]
        [entry] = await home.get("config/config_entries/entry?domain=odorik")
        assert entry["state"] == "loaded"
        await home.act("odorik.callback", recipient="777 123 456")
        [order] = (await exchange.read("state"))["accounts"][0]["callbacks"]
        assert order["caller"].endswith(CALLER.replace(" ", ""))
        # A newcomer looks at the years minutes later, and finds what the exchange has counted.
        await complete(home)
        series = set(SERIES.findall(DASHBOARD.read_text("utf-8")))
        known = await home.command("recorder/list_statistic_ids")
        assert series - {one["statistic_id"] for one in known} == set()
        assert len(series) > 5
        await assert_as_counted(home, exchange, months=60)
