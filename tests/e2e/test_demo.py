"""Tests of the demo."""

from pathlib import Path

import pytest

from scripts.demo import CALLER, DASHBOARD, PANEL, WORLD, demo
from scripts.home import free_port

from .monthly_totals import assert_totals_match


@pytest.mark.usefixtures("socket_enabled")
async def test_the_demo_shows_a_working_account(tmp_path: Path) -> None:
    """The demo opens with the generated dashboard of an account with five years of statistics."""
    async with demo(tmp_path, free_port(), *WORLD, "--no-background-traffic") as (exchange, home):
        assert await home.command("lovelace/config", url_path=PANEL) == DASHBOARD
        data = await home.command("frontend/get_system_data", key="core")
        assert data["value"] == {"default_panel": PANEL}
        [entry] = await home.get("config/config_entries/entry?domain=odorik")
        assert entry["state"] == "loaded"
        await home.act("odorik.callback", recipient="777 123 456")
        [order] = (await exchange.account())["callbacks"]
        assert order["caller"].endswith(CALLER.replace(" ", ""))
        await home.wait_for_statistics()
        await assert_totals_match(home, exchange, months=60)
