"""The card in the oldest browsers that docs/card.md promises, and in another engine.

Playwright's locators do not work in a Chromium this old, so the page is asked in plain JavaScript.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
from typing import Any

from playwright.async_api import Page, ViewportSize, async_playwright
import pytest
import pytest_asyncio

from scripts.chromium import launch
from scripts.home import ROOT

from .conftest import PICTURES, House, storage_script
from .firefox import FirefoxPage, firefox
from .page import CARD, EVA, GRANNY, JAN

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROWSERS = ROOT / ".cache/browsers"
WITHIN = 30
"""Seconds until the page shows what is expected."""
PHONE, WALL = ViewportSize(width=360, height=800), ViewportSize(width=1280, height=800)
TILES: list[dict[str, Any]] = [
    {
        "type": "tile",
        "entity": f"sensor.odorik_1234567_{entity}",
        "features": [{"type": f"custom:odorik-{feature}"}],
    }
    for entity, feature in (("last_missed_call", "call-back"), ("active_calls", "hang-up"))
]
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
"""Find the visible elements in all shadow roots; each step searches inside those found before."""

type AnyPage = Page | FirefoxPage


async def ask(page: AnyPage, selector: str, what: str) -> list[Any]:
    """Evaluate an expression for each ``part`` that a selector finds."""
    answer: list[Any] = await page.evaluate(f"({FIND})({json.dumps(selector)}).map(part => {what})")
    return answer


async def until(page: AnyPage, selector: str, what: str = "part.textContent") -> list[Any]:
    """Wait until a selector finds something, and evaluate an expression for it."""
    async with asyncio.timeout(WITHIN):
        while not (answer := await ask(page, selector, what)):  # noqa: ASYNC110 - It is a browser.
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
    """Return the contrast of two colours."""
    darker, lighter = sorted((luminance(color), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


ABORTED = re.compile(r"dynamically imported module: \S+/frontend_\w+/")
"""A page that is left while Home Assistant's frontend loads one of its own modules."""


@asynccontextmanager
async def old_chromium(program: Path) -> AsyncIterator[tuple[Page, list[str]]]:
    """Start a Chromium."""
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await launch(playwright, program)
        try:
            page = await browser.new_page()
            page.on("pageerror", lambda error: problems.append(str(error)))
            yield page, problems
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session", params=["chromium-92", "chromium-110", "firefox"])
async def page(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AnyPage]:
    """Open an empty page in one of the browsers."""
    program = BROWSERS / request.param
    if not program.exists():
        pytest.skip(f"{request.param} is missing: scripts/browsers installs it")
    if request.param == "firefox":
        async with firefox(program, tmp_path) as page:
            yield page
            assert [text for text in page.problems if not ABORTED.search(text)] == []
    else:
        async with old_chromium(program) as (chromium_page, problems):
            yield chromium_page
            assert [text for text in problems if not ABORTED.search(text)] == []


async def visit(
    page: AnyPage, house: House, path: str, *, language: str = "en", is_dark: bool = False
) -> None:
    """Log in and load a dashboard on a wall."""
    script = storage_script(house.home, house.home.tokens, language=language, is_dark=is_dark)
    await page.add_init_script(script)
    await page.set_viewport_size(WALL)
    await page.goto(house.home.url + path)


async def picture(page: AnyPage, request: pytest.FixtureRequest, name: str) -> None:
    """Keep what the page shows, for a person to look at."""
    PICTURES.mkdir(exist_ok=True)
    await asyncio.sleep(0.5)
    await page.screenshot(path=PICTURES / f"card-{request.node.callspec.id}-{name}.png")


async def test_the_card_works_and_can_be_read(
    house: House, page: AnyPage, request: pytest.FixtureRequest
) -> None:
    """Everything is there, in colours that tell the buttons and the missed calls from the rest."""
    path = await house.show(CARD, *TILES)
    await house.do("miss", **{"from": GRANNY})
    await house.do("dial", to=EVA, answer_after=0)
    await visit(page, house, path)
    await until(page, "odorik-live-call >> .name")
    await until(page, ".due .name")
    await until(page, "odorik-hang-up >> button:not(:disabled)")
    style = "[part.className, getComputedStyle(part).color, getComputedStyle(part).backgroundColor]"
    buttons = await ask(page, "button.call, button.end", style)
    assert len(buttons) == 4
    for name, color, background in buttons:
        assert channels(background)[3] == 1, (name, background)
        assert contrast(color, background) >= 4.5, (name, color, background)
    red, green, blue, _ = channels(
        (await ask(page, ".due .name", "getComputedStyle(part).color"))[0]
    )
    assert red > 2 * max(green, blue)
    # The question before a call is ended, and its answer.
    await ask(page, "odorik-live-call >> .end", "part.click()")
    await until(page, ".sure .end")
    await picture(page, request, "asked")
    await ask(page, ".sure .end", "part.click()")
    await house.until_up(0)


async def test_the_layout_follows_the_width_of_the_card(
    house: House, page: AnyPage, request: pytest.FixtureRequest
) -> None:
    """A call is large on a wall, and everything fits on a telephone."""
    view = {"title": "Wall", "type": "panel", "cards": [CARD]}
    path = await house.save({"views": [view]})
    await visit(page, house, path)
    await until(page, ".figure")
    await house.do("ring", **{"from": JAN})
    size = "parseFloat(getComputedStyle(part).fontSize)"
    assert (await until(page, ".now .ringing >> .name", size))[0] >= 48
    await picture(page, request, "wall")
    await page.set_viewport_size(PHONE)
    await page.goto(f"{house.home.url}{path}?phone")
    assert (await until(page, ".now .ringing >> .name", size))[0] < 24
    await until(page, "odorik-history-row")
    await picture(page, request, "phone")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await ask(page, ".figure .value", "part.scrollWidth - part.clientWidth") == [0, 0, 0]


async def test_the_dashboard_has_both_views(
    house: House, page: AnyPage, request: pytest.FixtureRequest
) -> None:
    """The strategy makes them of the module that is loaded on demand."""
    await house.save({"strategy": {"type": "custom:odorik"}})
    await visit(page, house, "/card-test/calls", language="cs", is_dark=True)
    await until(page, "odorik-history-row")
    await until(page, "hui-statistics-graph-card >> canvas")
    await picture(page, request, "calls-dark")
    await page.goto(house.home.url + "/card-test/years")
    await until(page, "hui-statistics-graph-card >> canvas")
    await picture(page, request, "years-dark")
    assert await ask(page, "hui-error-card, hui-warning", "part.textContent") == []
