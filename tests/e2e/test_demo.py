"""The demo, which is what a newcomer sees first."""

from pathlib import Path

import pytest

from scripts.demo import CALLER, DASHBOARD, PANEL, WORLD, demo
from scripts.home import free_port

from .test_years import assert_as_counted, complete


@pytest.mark.usefixtures("socket_enabled")
async def test_the_demo_shows_an_account_that_is_there(tmp_path: Path) -> None:
    """The demo opens with the dashboard that the integration makes of an account.

    A dashboard of its own would show newcomers what they do not get.
    """
    async with demo(tmp_path, free_port(), *WORLD, "--no-background-traffic") as (exchange, home):
        assert await home.command("lovelace/config", url_path=PANEL) == DASHBOARD
        shown = await home.command("frontend/get_system_data", key="core")
        assert shown["value"] == {"default_panel": PANEL}
        [entry] = await home.get("config/config_entries/entry?domain=odorik")
        assert entry["state"] == "loaded"
        await home.act("odorik.callback", recipient="777 123 456")
        [order] = (await exchange.read("state"))["accounts"][0]["callbacks"]
        assert order["caller"].endswith(CALLER.replace(" ", ""))
        # A newcomer looks at the years minutes later, and finds what the exchange has counted.
        await complete(home)
        await assert_as_counted(home, exchange, months=60)
