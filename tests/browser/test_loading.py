"""Tests of loading the card in the oldest and the newest supported Home Assistant."""

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

from .conftest import CardTestApp
from .page import CARD, STRATEGY, the_card

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOADS = 40
"""Loads with an empty cache, and with a full one."""
APP, MODULE = "**/frontend_*/app.*.js", "**/odorik-calls-card.js*"
ERROR = "hui-error-card"


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["oldest", "newest"])
async def either_app(
    request: pytest.FixtureRequest,
    shared_app: CardTestApp,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[CardTestApp]:
    """The oldest and the newest supported Home Assistant."""
    python: Path = {"oldest": OLDEST, "newest": PYTHON}[request.param]
    if not await asyncio.to_thread(python.exists):
        pytest.skip(f"the {request.param} Home Assistant is missing: scripts/browsers installs it")
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp(request.param)
    exchange, browser = shared_app.exchange, shared_app.browser
    async with Home(folder=folder, port=free_port(), exchange=exchange.url, python=python) as home:
        added = await home.add("odorik", **LOGIN)
        yield CardTestApp(home, exchange, browser, added["result"]["entry_id"])


@pytest_asyncio.fixture(loop_scope="session")
async def app(
    either_app: CardTestApp,
    socket_enabled: None,  # noqa: ARG001
) -> AsyncGenerator[CardTestApp]:
    """The same; no page may report a problem."""
    either_app.problems.clear()
    yield either_app
    assert either_app.problems == []


@asynccontextmanager
async def empty_cache(app: CardTestApp) -> AsyncIterator[Page]:
    """Open a page in a browser context with an empty cache."""
    page = await app.open("en")
    try:
        yield page
    finally:
        await page.context.close()


async def load_card(page: Page, url: str) -> float | None:
    """Load a page, and return the milliseconds until the card is shown, or None for an error."""
    await page.goto(url)
    shown = the_card(page).locator(".figure").first
    await expect(shown.or_(page.locator(f"{ERROR}:visible").first)).to_be_visible()
    if not await shown.is_visible():
        return None
    return float(await page.evaluate("performance.now()"))


# Newer frontends load the module themselves, and later.
@pytest.mark.parametrize("either_app", ["oldest"], indirect=True)
@pytest.mark.parametrize("config", [None, STRATEGY], ids=["card", "strategy"])
async def test_the_card_is_shown_if_its_module_loads_before_the_frontend(
    app: CardTestApp, config: dict[str, Any] | None
) -> None:
    """The frontend of 2026.10 replaces the element registry after the module has been loaded."""
    path = await (app.save_dashboard(config) if config else app.save_cards(CARD))

    async with empty_cache(app) as page:

        async def hold(route: Route) -> None:
            await module.value
            await page.evaluate("fetch('/manifest.json')")
            await route.continue_()

        async with page.expect_request_finished(
            lambda request: "odorik-calls-card" in request.url
        ) as module:
            await page.route(APP, hold)
            assert await load_card(page, app.home.url + path) is not None


async def test_the_card_replaces_the_error_if_its_module_is_late(app: CardTestApp) -> None:
    """On a slow network Home Assistant shows an error until the module has been loaded."""
    path = await app.save_cards(CARD)
    async with empty_cache(app) as page:

        async def hold(route: Route) -> None:
            await expect(page.locator(ERROR)).to_be_visible()
            await route.continue_()

        await page.route(MODULE, hold)
        await page.goto(app.home.url + path)
        await expect(the_card(page).locator(".figure").first).to_be_visible()
        await expect(page.locator(ERROR)).to_have_count(0)


@pytest.mark.long
async def test_the_card_is_shown_at_every_load(app: CardTestApp) -> None:
    """Many loads, since modules are loaded in no fixed order."""
    url = app.home.url + await app.save_cards(CARD)
    cold: list[float | None] = []
    for _ in range(LOADS):
        async with empty_cache(app) as page:
            cold.append(await load_card(page, url))
    async with empty_cache(app) as page:
        await load_card(page, url)
        warm = [await load_card(page, url) for _ in range(LOADS)]
    for name, loads in (("cold", cold), ("warm", warm)):
        times = [load for load in loads if load is not None]
        print(  # noqa: T201
            f"{name}: {loads.count(None)} of {len(loads)} without the card,"
            f" which is shown after {median(times):.0f} ms"
        )
    assert (cold.count(None), warm.count(None)) == (0, 0)
