"""The years, as people see them: the cards that the page about them gives away, and our own."""

import re

from playwright.async_api import expect
import pytest

from tests.test_statistics_doc import CARDS

from .conftest import House, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN = "hui-warning, hui-error-card"
NOTHING = re.compile("No statistics found|Nebyly nalezeny žádné statistiky")


async def test_every_card_of_the_page_shows_something(house: House) -> None:
    """What is copied must not be an empty frame."""
    path = await house.show(*CARDS)
    async with house.look(path, size=(1280, 2000)) as page:
        graphs = [card for card in CARDS if card["type"] == "statistics-graph"]
        await expect(page.locator("hui-statistics-graph-card canvas")).to_have_count(len(graphs))
        (statistic,) = (card for card in CARDS if card["type"] == "statistic")
        card = page.locator("hui-statistic-card")
        await expect(card).to_contain_text(statistic["name"])
        await expect(card).to_contain_text("CZK")
        await expect(page.locator(BROKEN)).to_have_count(0)
        await expect(page.get_by_text(NOTHING)).to_have_count(0)
        await picture(page, "years-cards")


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_dashboard_draws_the_years(house: House, language: str) -> None:
    """Home Assistant itself suggests no card for them."""
    await house.save({"strategy": {"type": "custom:odorik"}})
    async with house.look("/card-test/0", language=language, size=(1280, 1600)) as page:
        for title in (
            ("Cost by month", "Minutes by month")
            if language == "en"
            else ("Útrata po měsících", "Minuty po měsících")
        ):
            card = page.locator("hui-statistics-graph-card").filter(has_text=title)
            await expect(card.locator("canvas")).to_have_count(1)
        await expect(page.locator("hui-statistics-graph-card canvas")).to_have_count(4)
        await expect(page.locator(BROKEN)).to_have_count(0)
        await expect(page.get_by_text(NOTHING)).to_have_count(0)
        await picture(page, f"years-{language}")
