"""Find the parts of the card on a page, and check its accessibility."""

from importlib.util import find_spec
import os
from pathlib import Path
from typing import Any

from playwright.async_api import FloatRect, Locator, Page, expect

from scripts.home import ROOT

CARD: dict[str, Any] = {"type": "custom:odorik-calls-card"}
HIGH_CARD = {**CARD, "grid_options": {"rows": 12}}
STRATEGY: dict[str, Any] = {"strategy": {"type": "custom:odorik"}}
JAN, EVA, GRANNY = "00420777123456", "00420602987654", "00420733555111"
JAN_NAMED, EVA_NAMED, GRANNY_NAMED = "Jan Novák mobil", "Eva Dvořáková", "Babička Růžena"
BROKEN = "hui-warning, hui-error-card"
PICTURES = ROOT / "pictures"
FONT_SIZE = "part => parseFloat(getComputedStyle(part).fontSize)"


def tile(entity: str, feature: str) -> dict[str, Any]:
    """Return the configuration of a tile with a feature."""
    return {
        "type": "tile",
        "entity": f"sensor.odorik_1234567_{entity}",
        "features": [{"type": f"custom:odorik-{feature}"}],
    }


MISSED_TILE = tile("last_missed_call", "call-back")
ACTIVE_TILE = tile("active_calls", "hang-up")
WALL_VIEW = {"views": [{"title": "Wall", "type": "panel", "cards": [CARD]}]}


def the_card(page: Page) -> Locator:
    """Find the card."""
    return page.locator("odorik-calls-card")


def rows(page: Page) -> Locator:
    """Find the calls in the history."""
    return the_card(page).locator(".entry")


def active_calls(page: Page) -> Locator:
    """Find the active calls."""
    return the_card(page).locator(".now li")


def suggestions(page: Page) -> Locator:
    """Find the suggested contacts."""
    return the_card(page).get_by_role("listbox").get_by_role("option")


def button(within: Locator, name: str) -> Locator:
    """Find a button by its exact name."""
    return within.get_by_role("button", name=name, exact=True)


async def wait_for_history(page: Page) -> None:
    """Wait for the first page: 50 calls, and others that began with the last of them."""
    await expect(rows(page).nth(49)).to_be_attached()
    assert await rows(page).count() < 60


async def box(part: Locator) -> FloatRect:
    """Return the position and size of a part in pixels."""
    found = await part.bounding_box()
    assert found is not None
    return found


def screenshot_path() -> Path:
    """Return the path for a screenshot of the current test, which is kept for review."""
    PICTURES.mkdir(exist_ok=True)
    test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
    return PICTURES / f"{test}.png"


RUN_AXE = """\
async element => {
  const found = [], rest = [document.querySelector("home-assistant")];
  while (rest.length) {
    const part = rest.pop();
    if (part.localName === element) found.push(part);
    else rest.push(...part.children, ...(part.shadowRoot?.children ?? []));
  }
  return found.length && axe.run({include: found}, {resultTypes: ["violations"]});
}"""
"""Run axe-core. Listing nodes without violations would take as long again."""


async def violations(page: Page, element: str = "odorik-calls-card") -> list[str]:
    """Return the violations that axe-core finds in all elements with a name."""
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    await page.evaluate((Path(package.origin).parent / "axe.min.js").read_text("utf-8"))
    found = await page.evaluate(RUN_AXE, element)
    assert found, f"there is no {element}"
    assert found["passes"]
    return [
        f"{problem['id']}: {node['html'][:200]} {node['failureSummary']}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ]
