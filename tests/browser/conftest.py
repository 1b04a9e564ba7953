"""One Home Assistant, exchange and Chromium for all browser tests.

They run in the event loop of the session and are kept between tests.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import os
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page, ViewportSize, expect
import pytest
import pytest_asyncio
import pytest_socket

from scripts.chromium import PROGRAM, chromium, logged_in
from scripts.client import log_in
from scripts.exchange import LOGIN, Exchange, exchange
from scripts.home import PYTHON, Home, free_port
from tests.e2e.blocking import DETECT_BLOCKING, blocking_calls

from .page import screenshot_path

TIMEOUT = 30_000
"""Milliseconds."""
ACTIVE_CALLS = "sensor.odorik_1234567_active_calls"
LAST_CALL = "sensor.odorik_1234567_last_call"
EMPTY_PANEL = "/profile/general"
"""A panel without elements of ours."""
RECORDS = 240
MARKUP = "<img src=x onerror=alert(1)>"
IS_PANEL_SHOWN = """\
panel => document.querySelector("home-assistant").shadowRoot
  .querySelector("home-assistant-main")?.shadowRoot
  .querySelector("partial-panel-resolver")?.lastElementChild?.route?.prefix === `/${panel}`
"""

expect.set_options(timeout=TIMEOUT)


@dataclass
class CardTestApp:
    """A Home Assistant with an Odorik account, an exchange and a browser.

    Attributes:
        problems: JavaScript errors and dialogs on the pages.
        pages: Idle pages that can be used again, by language and dark mode.
    """

    home: Home
    exchange: Exchange
    browser: Browser
    entry_id: str
    problems: list[str] = field(default_factory=list)
    pages: dict[tuple[str, bool], Page] = field(default_factory=dict)

    async def save_cards(self, *cards: dict[str, Any], columns: int = 2) -> str:
        """Save a dashboard with each card in a section of its own, and return its path."""
        sections = [{"type": "grid", "cards": [card]} for card in cards]
        view = {"title": "Telephone", "type": "sections", "sections": sections}
        return await self.save_dashboard({"views": [view | {"max_columns": columns}]})

    async def save_dashboard(self, config: dict[str, Any]) -> str:
        """Save a dashboard, and return its path."""
        path = "card-test"
        boards = await self.home.command("lovelace/dashboards/list")
        if path not in {board["url_path"] for board in boards}:
            await self.home.command(
                "lovelace/dashboards/create", url_path=path, title="Telephone", mode="storage"
            )
        await self.home.command("lovelace/config/save", url_path=path, config=config)
        return f"/{path}/0"

    @asynccontextmanager
    async def visit(
        self,
        path: str,
        *,
        language: str = "en",
        dark: bool = False,
        size: tuple[int, int] = (1280, 800),
        tokens: dict[str, Any] | None = None,
        fresh: bool = False,
    ) -> AsyncIterator[Page]:
        """Open a path on a page that is logged in.

        Pages are used again, since loading the frontend takes two seconds.

        Args:
            path: Path of the dashboard.
            language: Language of the user.
            dark: True if the browser prefers dark mode.
            size: Size of the window in pixels.
            tokens: Tokens of another user, whose page is not used again.
            fresh: True to load the page, and close it afterwards.
        """
        kind = (language, dark)
        viewport = ViewportSize(width=size[0], height=size[1])
        is_new = fresh or tokens is not None
        page = None if is_new else self.pages.pop(kind, None)
        if page is None:
            page = await self.open(language, is_dark=dark, tokens=tokens)
            await page.set_viewport_size(viewport)
            await page.goto(self.home.url + path)
        else:
            await page.set_viewport_size(viewport)
            await navigate(page, path)
        is_kept = False
        try:
            yield page
            is_kept = not is_new
        finally:
            await page.screenshot(path=screenshot_path(), animations="disabled")
            if not is_kept:
                await page.context.close()
        if is_kept:
            await navigate(page, EMPTY_PANEL)
            self.pages[kind] = page

    async def open(
        self, language: str, *, is_dark: bool = False, tokens: dict[str, Any] | None = None
    ) -> Page:
        """Open a page in a browser context of its own."""
        context = await logged_in(
            self.browser,
            self.home,
            language=language,
            is_dark=is_dark,
            tokens=tokens,
        )
        context.set_default_timeout(TIMEOUT)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        return page

    async def simulate(self, command: str, **params: Any) -> Any:
        """Send a command to the exchange, and let the integration poll at once."""
        result = await self.exchange.do(command, **params)
        await self.poll()
        return result

    async def poll(self) -> None:
        """Poll the active calls and the history."""
        await self.home.act("homeassistant.update_entity", entity_id=[ACTIVE_CALLS, LAST_CALL])

    @asynccontextmanager
    async def default_caller(self, number: str) -> AsyncIterator[None]:
        """Set the number that callbacks ring first, and clear it afterwards."""
        await self.home.change_options(self.entry_id, caller=number)
        try:
            yield
        finally:
            await self.home.change_options(self.entry_id)

    async def callbacks(self) -> list[dict[str, Any]]:
        """Return the callbacks that the exchange has accepted."""
        orders: list[dict[str, Any]] = (await self.exchange.account())["callbacks"]
        return orders

    async def end_calls(self) -> None:
        """End all calls, and wait until Home Assistant has seen that."""
        if calls := (await self.exchange.account())["active_calls"]:
            for call in calls:
                await self.simulate("end", id=call["id"])
            await self.wait_for_calls(0)

    async def wait_for_calls(self, number: int) -> None:
        """Wait until Home Assistant shows this number of active calls.

        If a call ends before a poll has seen it, its record is only found minutes later.
        """
        await self.home.wait_for_state(ACTIVE_CALLS, lambda now: now["state"] == str(number))

    async def add_user(self, name: str, group: str) -> dict[str, Any]:
        """Add a user to a group, and return the tokens of a login."""
        created = await self.home.command("config/auth/create", name=name, group_ids=[group])
        credentials = {"username": name.lower(), "password": f"{name}-password"}
        await self.home.command(
            "config/auth_provider/homeassistant/create",
            user_id=created["user"]["id"],
            **credentials,
        )
        async with aiohttp.ClientSession(self.home.url) as session:
            return await log_in(session, self.home.url, **credentials)


async def navigate(page: Page, path: str) -> None:
    """Go to a path without loading the page again, and wait until its panel is shown."""
    panel = path.split("/")[1]
    # A dialog that closes goes back in the history, which would undo this.
    await page.wait_for_function("!history.state?.dialog")
    await page.wait_for_function(
        "panel => panel in (document.querySelector('home-assistant').hass?.panels ?? {})",
        arg=panel,
    )
    await page.evaluate(
        "path => { history.pushState(null, '', path);"
        " dispatchEvent(new CustomEvent('location-changed')) }",
        path,
    )
    await page.wait_for_function(IS_PANEL_SHOWN, arg=panel)


@pytest.fixture
def verify_cleanup() -> None:
    """Allow processes and connections to be kept after a test."""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shared_app(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[CardTestApp]:
    """The processes for all tests."""
    if not (PROGRAM.exists() and PYTHON.exists()):
        missing = "Chromium" if PYTHON.exists() else "scripts/setup"
        if os.environ.get("CI"):
            pytest.fail(f"browser tests are required in CI, and {missing} is missing")
        pytest.skip(f"{missing} is missing")
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("home")
    async with (
        exchange("--world", "quiet") as running,
        Home(
            folder=folder, port=free_port(), exchange=running.url, prelude=DETECT_BLOCKING
        ) as home,
        chromium() as browser,
    ):
        # The integration decodes entities in names; the result must not be used as markup.
        name = MARKUP.replace("<", "&lt;").replace(">", "&gt;")
        contact = {"shortcut": "66", "number": "00420608666666", "name": name}
        await running.do("set", add_contact=contact)
        await running.do("fill", n=RECORDS, days=60)
        added = await home.add("odorik", **LOGIN)
        await home.wait_for_statistics()
        yield CardTestApp(home, running, browser, added["result"]["entry_id"])
    assert blocking_calls(folder) == []


@pytest_asyncio.fixture(loop_scope="session")
async def app(
    shared_app: CardTestApp,
    socket_enabled: None,  # noqa: ARG001
) -> AsyncGenerator[CardTestApp]:
    """The processes without active calls. No page may report a problem."""
    shared_app.problems.clear()
    yield shared_app
    await shared_app.end_calls()
    assert shared_app.problems == []
