"""Where the parts of the card are on a page, and what keeps people out of them."""

from typing import Any

from playwright.async_api import FloatRect, Locator, Page, expect

from .conftest import axe_source, the_card

CARD: dict[str, Any] = {"type": "custom:odorik-calls-card"}
JAN, EVA, GRANNY = "00420777123456", "00420602987654", "00420733555111"


def rows(page: Page) -> Locator:
    """Find the calls of the history."""
    return the_card(page).locator(".entry")


async def first_page(page: Page) -> None:
    """Wait for the history: 50 calls, and those of the same moment as the last of them."""
    await expect(rows(page).nth(49)).to_be_attached()
    assert await rows(page).count() < 60


def calls(page: Page) -> Locator:
    """Find the calls that are ringing or up."""
    return the_card(page).locator(".now li")


def options(page: Page) -> Locator:
    """Find the contacts that are suggested."""
    return the_card(page).get_by_role("listbox").get_by_role("option")


async def box(part: Locator) -> FloatRect:
    """Say where a part of the page is, in pixels."""
    found = await part.bounding_box()
    assert found is not None
    return found


EXAMINED = """\
async element => {
  const found = [], rest = [document.querySelector("home-assistant")];
  while (rest.length) {
    const part = rest.pop();
    if (part.localName === element) found.push(part);
    else rest.push(...part.children, ...(part.shadowRoot?.children ?? []));
  }
  return found.length && axe.run({include: found}, {resultTypes: ["violations"]});
}"""
"""Nodes are listed of what is wrong only: to list those that are right takes as long again."""


async def violations(page: Page, element: str = "odorik-calls-card") -> list[str]:
    """Say what axe-core has against our elements of a kind."""
    await page.evaluate(axe_source())
    found = await page.evaluate(EXAMINED, element)
    assert found, f"there is no {element}"
    assert found["passes"]
    return [
        f"{problem['id']}: {node['html'][:200]} {node['failureSummary']}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ]
