"""One Home Assistant, one exchange and one Chromium for all tests of the card.

Everything here lives in the loop of the whole session, and the test plugin's check that a test
leaves nothing running is set aside: these processes are meant to outlive a test.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
import json
import os
from pathlib import Path
import time
from typing import Any

import aiohttp
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect
import pytest
import pytest_asyncio
import pytest_socket

from scripts.chromium import PROGRAM, chromium
from scripts.exchange import LOGIN, Exchange, exchange
from scripts.home import PYTHON, ROOT, Home, free_port
from tests.e2e.blocking import WATCH, blocked

PICTURES = ROOT / "pictures"
PATIENCE = 30_000
"""Milliseconds."""

CLOCKS = ["sensor.odorik_1234567_active_calls", "sensor.odorik_1234567_last_call"]
"""An entity of each clock that a call shows itself by."""
REST = "/profile/general"
"""A panel that shows nothing of ours."""
RECORDS = 600
MARKUP = "<img src=x onerror=alert(1)>"

expect.set_options(timeout=PATIENCE)


@dataclass
class House:
    """A Home Assistant with an Odorik account, and whoever looks at it through a browser."""

    home: Home
    exchange: Exchange
    browser: Browser
    entry_id: str
    problems: list[str] = field(default_factory=list)
    """What the pages complained of."""
    pages: dict[tuple[str, bool], Page] = field(default_factory=dict)
    """Those that wait to be looked at, by their language and whether they are dark."""

    async def show(self, *cards: dict[str, Any], columns: int = 2) -> str:
        """Put cards on a dashboard, each in a section of its own, and return where it is."""
        sections = [{"type": "grid", "cards": [card]} for card in cards]
        view = {"title": "Telephone", "type": "sections", "sections": sections}
        return await self.save({"views": [view | {"max_columns": columns}]})

    async def save(self, config: dict[str, Any], path: str = "card-test") -> str:
        """Write a dashboard, and return where it is."""
        boards = await self.home.command("lovelace/dashboards/list")
        if path not in {board["url_path"] for board in boards}:
            await self.home.command(
                "lovelace/dashboards/create", url_path=path, title="Telephone", mode="storage"
            )
        await self.home.command("lovelace/config/save", url_path=path, config=config)
        return f"/{path}/0"

    @asynccontextmanager
    async def look(
        self,
        path: str,
        *,
        language: str = "en",
        dark: bool = False,
        size: tuple[int, int] = (1280, 800),
        tokens: dict[str, Any] | None = None,
        fresh: bool = False,
    ) -> AsyncIterator[Page]:
        """Look at a page as somebody who is logged in.

        Pages stay open, as on a wall: the next one who looks in the same language goes from there
        to another dashboard, where loading would take two seconds of the processor.

        Args:
            path: Of the dashboard.
            language: In which it is shown.
            dark: Whether it is dark.
            size: Of the window, in pixels.
            tokens: Of a guest, whose page nobody else gets.
            fresh: Whether the page is to be loaded, and closed afterwards.
        """
        kind = (language, dark)
        page = None if fresh or tokens else self.pages.pop(kind, None)
        if page is None:
            page = await self.open(language, tokens or self.home.tokens, is_dark=dark)
            await page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
            await page.goto(self.home.url + path)
        else:
            await page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
            await go(page, path)
        try:
            yield page
        except BaseException:
            await picture(page, "failed")
            await page.context.close()
            raise
        if fresh or tokens:
            await page.context.close()
        else:
            await go(page, REST)
            self.pages[kind] = page

    async def open(self, language: str, tokens: dict[str, Any], *, is_dark: bool) -> Page:
        """Open a browser of its own for somebody."""
        context = await self.browser.new_context(
            color_scheme="dark" if is_dark else "light",
            locale="cs-CZ" if language == "cs" else "en-GB",
            timezone_id="Europe/Prague",
            device_scale_factor=1.5,
        )
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(
            storage_script(self.home, tokens, language=language, is_dark=is_dark)
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        return page

    async def do(self, act: str, **wishes: Any) -> Any:
        """Let something happen on the telephone, and have the integration notice at once."""
        done = await self.exchange.do(act, **wishes)
        await self.home.act("homeassistant.update_entity", entity_id=CLOCKS)
        return done

    @asynccontextmanager
    async def calling_from(self, number: str) -> AsyncIterator[None]:
        """Have a telephone that a callback rings first, for a while."""
        await self.home.change(self.entry_id, caller=number)
        try:
            yield
        finally:
            await self.home.change(self.entry_id)

    async def ask(self, what: str) -> Any:
        """Return what the exchange says of itself: its ``state`` or its ``journal``."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.exchange.site}/_sim/{what}") as answer,
        ):
            return await answer.json()

    async def orders(self) -> list[dict[str, Any]]:
        """Return the callbacks that the exchange has taken."""
        orders: list[dict[str, Any]] = (await self.ask("state"))["accounts"][0]["callbacks"]
        return orders

    async def quiet(self) -> None:
        """End whatever call is left over, and let Home Assistant see that."""
        if left := (await self.ask("state"))["accounts"][0]["active_calls"]:
            for call in left:
                await self.do("end", id=call["id"])
            await self.until_up(0)

    async def until_up(self, number: int) -> None:
        """Wait until Home Assistant sees so many calls. One it never saw is found minutes later."""
        await self.home.until(CLOCKS[0], lambda now: now["state"] == str(number))


def storage_script(
    home: Home, tokens: dict[str, Any], *, language: str = "en", is_dark: bool = False
) -> str:
    """Return the script that logs a page in and sets what is stored of a profile."""
    login = tokens | {
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "expires": (time.time() + tokens["expires_in"]) * 1000,
    }
    storage = {
        "hassTokens": json.dumps(login),
        "selectedLanguage": json.dumps(language),
        "selectedTheme": json.dumps({"dark": is_dark}),
        "dockedSidebar": json.dumps("always_hidden"),
    }
    return f"for (const [k, v] of Object.entries({json.dumps(storage)})) localStorage[k] = v"


async def picture(page: Page, name: str) -> None:
    """Keep what the page shows, for a person to look at."""
    PICTURES.mkdir(exist_ok=True)
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(500)
    await page.screenshot(path=PICTURES / f"card-{name}.png")


SHOWN = """\
panel => document.querySelector("home-assistant").shadowRoot
  .querySelector("home-assistant-main")?.shadowRoot
  .querySelector("partial-panel-resolver")?.lastElementChild?.route?.prefix === `/${panel}`
"""


async def go(page: Page, path: str) -> None:
    """Go to another panel as a link of the sidebar does, and wait for it."""
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
    await page.wait_for_function(
        SHOWN,
        arg=panel,
    )


def the_card(page: Page) -> Locator:
    """Find the card on the page."""
    return page.locator("odorik-calls-card")


@pytest.fixture
def verify_cleanup() -> None:
    """Let processes and connections outlive a test."""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Start everything once."""
    if not (PROGRAM.exists() and PYTHON.exists()):
        missing = "Chromium" if PYTHON.exists() else "scripts/setup"
        if os.environ.get("CI"):
            pytest.fail(f"the card has to be tested here, and {missing} is missing")
        pytest.skip(f"the card is not tested: {missing} is missing")
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("home")
    async with (
        exchange("--world", "quiet") as telephone,
        Home(folder=folder, port=free_port(), exchange=telephone.url, prelude=WATCH) as home,
        chromium() as browser,
    ):
        # A name that is markup once its entities are decoded.
        name = MARKUP.replace("<", "&lt;").replace(">", "&gt;")
        contact = {"shortcut": "66", "number": "00420608666666", "name": name}
        await telephone.do("set", add_contact=contact)
        await telephone.do("fill", n=RECORDS, days=60)
        result = await home.add("odorik", **LOGIN)
        entry_id = result["result"]["entry_id"]
        while "are complete" not in home.log:  # noqa: ASYNC110 - It is another process.
            await asyncio.sleep(0.1)
        yield House(home, telephone, browser, entry_id)
    assert blocked(folder) == []


@pytest_asyncio.fixture(loop_scope="session")
async def house(whole_house: House, socket_enabled: None) -> AsyncGenerator[House]:  # noqa: ARG001
    """The house while nobody telephones; no page in it may have complained."""
    whole_house.problems.clear()
    yield whole_house
    await whole_house.quiet()
    assert whole_house.problems == []


async def log_in(home: Home, name: str, password: str) -> dict[str, Any]:
    """Log somebody in and return the tokens."""
    client = {"client_id": f"{home.url}/"}
    async with aiohttp.ClientSession(home.url, raise_for_status=True) as session:
        flow = {**client, "handler": ["homeassistant", None], "redirect_uri": f"{home.url}/"}
        async with session.post("/auth/login_flow", json=flow) as answer:
            path = f"/auth/login_flow/{(await answer.json())['flow_id']}"
        login = {**client, "username": name, "password": password}
        async with session.post(path, json=login) as answer:
            code = (await answer.json())["result"]
        grant = {**client, "grant_type": "authorization_code", "code": code}
        async with session.post("/auth/token", data=grant) as answer:
            tokens: dict[str, Any] = await answer.json()
            return tokens


def axe_source() -> str:
    """Return the script that looks for what keeps people with a disability out."""
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "axe.min.js").read_text("utf-8")
