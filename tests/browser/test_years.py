"""The years, as people see them: the cards that the page about them gives away, and our own."""

import re

from playwright.async_api import expect
import pytest

from tests.documents.test_statistics import CARDS

from .conftest import House, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN = "hui-warning, hui-error-card"
AMOUNT = re.compile(r"\d")
TEXTS = {
    "en": (
        ("Cost by month", "Minutes by month", "Calls by week"),
        (
            *("Incoming", "Outgoing", "Missed", "Incoming talk time", "Outgoing talk time"),
            "Cost of outgoing calls",
        ),
    ),
    "cs": (
        ("Útrata po měsících", "Minuty po měsících", "Hovory po týdnech"),
        (
            *("Příchozí", "Odchozí", "Zmeškané", "Doba příchozích hovorů"),
            *("Doba odchozích hovorů", "Útrata za odchozí hovory"),
        ),
    ),
}
"""The graphs and the sums of the view *Years*."""
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
    """The view *Years* shows this year's sums and a graph of each kind, with values in them.

    Home Assistant itself suggests no card for these statistics.
    """
    await house.save({"strategy": {"type": "custom:odorik"}})
    titles, names = TEXTS[language]
    async with house.look("/card-test/years", language=language, size=(1280, 1600)) as page:
        for title in titles:
            card = page.locator("hui-statistics-graph-card").filter(has_text=title)
            await expect(card.locator("canvas")).to_have_count(1)
        await expect(page.locator("hui-statistics-graph-card canvas")).to_have_count(len(titles))
        for name in names:
            card = page.locator("hui-statistic-card").filter(has=page.get_by_text(name, exact=True))
            await expect(card.locator(".value")).to_have_text(AMOUNT)
        await expect(page.locator(BROKEN)).to_have_count(0)
        await expect(page.get_by_text(NOTHING)).to_have_count(0)
        await picture(page, f"years-{language}")


async def test_this_years_sums_are_read_whole_on_a_phone(house: House) -> None:
    """No amount of this year's sums is cut off at 360 pixels."""
    await house.save({"strategy": {"type": "custom:odorik"}})
    async with house.look("/card-test/years", language="cs", size=(360, 900)) as page:
        values = page.locator("hui-statistic-card .info > *")
        await expect(values).to_have_count(2 * len(TEXTS["cs"][1]))
        await expect(page.locator("hui-statistic-card .value").last).to_have_text(AMOUNT)
        cut = await values.evaluate_all(
            "parts => parts.filter(it => it.scrollWidth > it.clientWidth).map(it => it.textContent)"
        )
        assert cut == []
