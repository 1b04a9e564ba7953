"""The years, as people see them: the cards that the page about them gives away, and our own."""

import asyncio

from playwright.async_api import expect
import pytest
import pytest_asyncio

from tests.test_statistics_doc import CARDS

from .conftest import House, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN = "hui-warning, hui-error-card"


@pytest_asyncio.fixture(loop_scope="session")
async def written(house: House) -> House:
    """Wait for what is written in the background after the start."""
    while "are complete" not in house.home.log:  # noqa: ASYNC110 - It is another process.
        await asyncio.sleep(0.2)
    return house


async def test_every_card_of_the_page_shows_something(written: House) -> None:
    """What is copied must not be an empty frame."""
    path = await written.show(*CARDS)
    async with written.look(path, size=(1280, 2000)) as page:
        graphs = [card for card in CARDS if card["type"] == "statistics-graph"]
        await expect(page.locator("hui-statistics-graph-card canvas")).to_have_count(len(graphs))
        (statistic,) = (card for card in CARDS if card["type"] == "statistic")
        card = page.locator("hui-statistic-card")
        await expect(card).to_contain_text(statistic["name"])
        await expect(card).to_contain_text("CZK")
        await expect(page.locator(BROKEN)).to_have_count(0)
        await expect(page.get_by_text("No statistics found")).to_have_count(0)
        await picture(page, "years-cards")


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_dashboard_draws_the_years(written: House, language: str) -> None:
    """Home Assistant itself suggests no card for them."""
    await written.save({"strategy": {"type": "custom:odorik"}})
    async with written.look("/card-test/0", language=language, size=(1280, 1600)) as page:
        for title in (
            ("Cost by month", "Minutes by month")
            if language == "en"
            else ("Útrata po měsících", "Minuty po měsících")
        ):
            card = page.locator("hui-statistics-graph-card").filter(has_text=title)
            await expect(card.locator("canvas")).to_have_count(1)
        await expect(page.locator(BROKEN)).to_have_count(0)
        await picture(page, f"years-{language}")
