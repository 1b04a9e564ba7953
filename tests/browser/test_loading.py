"""Loading the card into Home Assistant's pages, in the oldest and in the newest version."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Page, Route, expect
import pytest
import pytest_asyncio
import pytest_socket

from scripts.exchange import LOGIN
from scripts.home import OLDEST, PYTHON, Home, free_port

from .conftest import House, picture, the_card
from .page import CARD

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOADS = 40
"""Loads with an empty cache, and as many with a full one."""
APP, MODULE = "**/frontend_*/app.*.js", "**/odorik-calls-card.js*"
ERROR = "hui-error-card"
STRATEGY: dict[str, Any] = {"strategy": {"type": "custom:odorik"}}


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["oldest", "newest"])
async def either_whole_house(
    request: pytest.FixtureRequest, whole_house: House, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Run the oldest and the newest supported Home Assistant."""
    python: Path = {"oldest": OLDEST, "newest": PYTHON}[request.param]
    if not await asyncio.to_thread(python.exists):
        pytest.skip(f"the {request.param} Home Assistant is missing: scripts/browsers installs it")
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp(request.param)
    exchange, browser = whole_house.exchange, whole_house.browser
    async with Home(folder=folder, port=free_port(), exchange=exchange.url, python=python) as home:
        added = await home.add("odorik", **LOGIN)
        yield House(home, exchange, browser, added["result"]["entry_id"])


@pytest_asyncio.fixture(loop_scope="session")
async def house(either_whole_house: House, socket_enabled: None) -> AsyncGenerator[House]:  # noqa: ARG001
    """Check that no page complains."""
    either_whole_house.problems.clear()
    yield either_whole_house
    assert either_whole_house.problems == []


@asynccontextmanager
async def empty_page(house: House) -> AsyncIterator[Page]:
    """Open a page of a browser that has cached nothing."""
    page = await house.open("en", house.home.tokens, is_dark=False)
    try:
        yield page
    finally:
        await page.context.close()


async def shows_card(page: Page, url: str) -> float | None:
    """Load a page; return the milliseconds until its card is filled, or None if there is none."""
    await page.goto(url)
    filled = the_card(page).locator(".figure").first
    await expect(filled.or_(page.locator(f"{ERROR}:visible").first)).to_be_visible()
    if not await filled.is_visible():
        return None
    return float(await page.evaluate("performance.now()"))


@pytest.mark.parametrize("config", [None, STRATEGY], ids=["card", "strategy"])
async def test_a_module_that_is_there_before_the_frontend_shows_the_card(
    house: House, config: dict[str, Any] | None
) -> None:
    """The frontend of 2026.10 replaces the element registry after the module has been loaded."""
    path = await (house.save(config) if config else house.show(CARD))

    async with empty_page(house) as page:

        async def hold(route: Route) -> None:
            # Newer frontends load the module themselves, and later.
            if not await page.evaluate("'__haLoadExtraModules' in window"):
                await module.value
                await page.evaluate("fetch('/manifest.json')")
            await route.continue_()

        async with page.expect_request_finished(
            lambda request: "odorik-calls-card" in request.url
        ) as module:
            await page.route(APP, hold)
            assert await shows_card(page, house.home.url + path) is not None


async def test_a_module_that_comes_late_replaces_the_error(house: House) -> None:
    """A slow network shows an error in place of the card until the module is there."""
    path = await house.show(CARD)
    async with empty_page(house) as page:

        async def hold(route: Route) -> None:
            await expect(page.locator(ERROR)).to_be_visible()
            await route.continue_()

        await page.route(MODULE, hold)
        await page.goto(house.home.url + path)
        await expect(the_card(page).locator(".figure").first).to_be_visible()
        await expect(page.locator(ERROR)).to_have_count(0)


@pytest.mark.long
async def test_every_load_shows_the_card(house: House) -> None:
    """The order in which a page loads its modules is a matter of chance, so this tries often."""
    url = house.home.url + await house.show(CARD)
    cold: list[float | None] = []
    for _ in range(LOADS):
        async with empty_page(house) as page:
            cold.append(await shows_card(page, url))
    async with empty_page(house) as page:
        await shows_card(page, url)
        warm = [await shows_card(page, url) for _ in range(LOADS)]
        await picture(page, "loaded")
    for name, loads in (("cold", cold), ("warm", warm)):
        times = [load for load in loads if load is not None]
        print(  # noqa: T201
            f"{name}: {loads.count(None)} of {len(loads)} without the card,"
            f" which is there after {median(times):.0f} ms"
        )
    assert (cold.count(None), warm.count(None)) == (0, 0)
