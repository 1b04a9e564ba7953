"""Tests of the card in the oldest supported versions of Chromium, and in Firefox.

Playwright's locators do not work there, so the tests use plain JavaScript.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
import json
import re
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, async_playwright
import pytest
import pytest_asyncio
import pytest_socket

from scripts.chromium import launch, login_script
from scripts.home import ROOT

from .conftest import CardTestApp
from .firefox import FirefoxPage, firefox
from .page import (
    ACTIVE_TILE,
    BROKEN,
    CARD,
    EVA,
    GRANNY,
    JAN,
    MISSED_TILE,
    STRATEGY,
    WALL_VIEW,
    screenshot_path,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROWSERS = ROOT / ".cache/browsers"
TIMEOUT = 30
PHONE, WALL = ViewportSize(width=360, height=800), ViewportSize(width=1280, height=800)
FIND = """\
selector => {
  let found = [document];
  for (const step of selector.split(" >> ")) {
    const roots = found.flatMap(part => [part, part.shadowRoot]).filter(Boolean);
    found = [];
    for (const root of roots) {
      found.push(...root.querySelectorAll(step));
      const parts = [...root.querySelectorAll("*")];
      roots.push(...parts.map(part => part.shadowRoot).filter(Boolean));
    }
  }
  return found.filter(part => part.getClientRects().length);
}"""
"""Find visible elements in all shadow roots; each step searches within the previous one."""

type AnyPage = Page | FirefoxPage
type OpenPage = Callable[[], AbstractAsyncContextManager[tuple[AnyPage, list[str]]]]


async def evaluate(page: AnyPage, selector: str, expression: str) -> list[Any]:
    """Evaluate an expression for each ``part`` that a selector finds."""
    answer: list[Any] = await page.evaluate(
        f"({FIND})({json.dumps(selector)}).map(part => {expression})"
    )
    return answer


async def wait_for(page: AnyPage, selector: str, expression: str = "part.textContent") -> list[Any]:
    """Wait until a selector finds elements, and evaluate an expression for each."""
    async with asyncio.timeout(TIMEOUT):
        while not (answer := await evaluate(page, selector, expression)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return answer


def channels(color: str) -> list[float]:
    """Return red, green, blue and opacity of a computed colour, from 0 to 1."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", color)]
    scale = 1 if color.startswith("color(") else 255
    return [number / scale for number in numbers[:3]] + [*numbers[3:], 1.0][:1]


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels(color)[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(color: str, other: str) -> float:
    """Return the contrast ratio of two colours, as WCAG defines it."""
    darker, lighter = sorted((luminance(color), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


ABORTED = re.compile(r"dynamically imported module: \S+/frontend_\w+/")
"""Message about a module of the frontend that is still loading when a page is left."""


@asynccontextmanager
async def chromium_page(browser: Browser) -> AsyncIterator[tuple[Page, list[str]]]:
    """Open a page, and collect its errors."""
    problems: list[str] = []
    page = await browser.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page, problems
    await page.close()


@asynccontextmanager
async def firefox_page(tab: FirefoxPage) -> AsyncIterator[tuple[FirefoxPage, list[str]]]:
    """Leave the page that is shown, and collect the errors of the following ones."""
    await tab.goto("about:blank")
    tab.problems.clear()
    yield tab, tab.problems


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="session",
    params=["chromium-92", pytest.param("chromium-110", marks=pytest.mark.long), "firefox"],
)
async def open_page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[OpenPage]:
    """Open a page in one of the browsers."""
    program = BROWSERS / request.param
    if not program.exists():
        pytest.skip(f"{request.param} is missing: scripts/browsers installs it")
    pytest_socket.enable_socket()
    if request.param == "firefox":
        async with firefox(program, tmp_path_factory.mktemp("profile")) as tab:
            yield partial(firefox_page, tab)
    else:
        async with async_playwright() as playwright:
            browser = await launch(playwright, program)
            try:
                yield partial(chromium_page, browser)
            finally:
                await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: OpenPage) -> AsyncGenerator[AnyPage]:
    """An empty page in one of the browsers, which must report no errors."""
    async with open_page() as (page, problems):
        yield page
        await page.screenshot(path=screenshot_path())
        assert [text for text in problems if not ABORTED.search(text)] == []


async def visit(
    page: AnyPage, app: CardTestApp, path: str, *, language: str = "en", is_dark: bool = False
) -> None:
    """Log in and open a path on a wall tablet."""
    script = login_script(app.home, app.home.tokens, language=language, is_dark=is_dark)
    await page.add_init_script(script)
    await page.set_viewport_size(WALL)
    await page.goto(app.home.url + path)


async def test_the_card_works_and_is_legible(app: CardTestApp, page: AnyPage) -> None:
    """The card and the tiles work, buttons have enough contrast, and missed calls are red."""
    path = await app.save_cards(CARD, MISSED_TILE, ACTIVE_TILE)
    await app.simulate("miss", **{"from": GRANNY})
    await app.simulate("dial", to=EVA, answer_after=0)
    await visit(page, app, path)
    await wait_for(page, "odorik-live-call >> .name")
    await wait_for(page, ".due .name")
    await wait_for(page, "odorik-hang-up >> button:not(:disabled)")
    style = "[part.className, getComputedStyle(part).color, getComputedStyle(part).backgroundColor]"
    buttons = await evaluate(page, "button.call, button.end", style)
    assert len(buttons) == 4
    for name, color, background in buttons:
        assert channels(background)[3] == 1, (name, background)
        assert contrast(color, background) >= 4.5, (name, color, background)
    missed, *_ = await evaluate(page, ".due .name", "getComputedStyle(part).color")
    red, green, blue, _ = channels(missed)
    assert red > 2 * max(green, blue)
    assert contrast(missed, "rgb(255, 255, 255)") >= 4.5
    await evaluate(page, "odorik-live-call >> .end", "part.click()")
    await wait_for(page, ".sure .end")
    await evaluate(page, ".sure .end", "part.click()")
    await app.wait_for_calls(0)


async def test_the_layout_follows_the_width_of_the_card(app: CardTestApp, page: AnyPage) -> None:
    """A ringing call is large on a wall tablet, and everything fits a phone."""
    path = await app.save_dashboard(WALL_VIEW)
    await visit(page, app, path)
    await wait_for(page, ".figure")
    await app.simulate("ring", **{"from": JAN})
    size = "parseFloat(getComputedStyle(part).fontSize)"
    assert (await wait_for(page, ".now .ringing >> .name", size))[0] >= 48
    await page.set_viewport_size(PHONE)
    await page.goto(f"{app.home.url}{path}?phone")
    assert (await wait_for(page, ".now .ringing >> .name", size))[0] < 24
    await wait_for(page, "odorik-history-row")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut = await evaluate(page, ".figure .value", "part.scrollWidth - part.clientWidth")
    assert cut == [0, 0, 0]


async def test_the_generated_dashboard_shows_both_views(app: CardTestApp, page: AnyPage) -> None:
    """The strategy generates the views from a module that is loaded on demand."""
    await app.save_dashboard(STRATEGY)
    await visit(page, app, "/card-test/calls", language="cs", is_dark=True)
    await wait_for(page, "odorik-history-row")
    await wait_for(page, "hui-statistics-graph-card >> canvas")
    await page.goto(app.home.url + "/card-test/years")
    await wait_for(page, "hui-statistics-graph-card >> canvas")
    assert await evaluate(page, BROKEN, "part.textContent") == []
