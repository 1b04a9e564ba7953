"""Tests of the generated dashboard and section, and of the cards in the documentation."""

import re

from playwright.async_api import Page, expect
import pytest

from tests.documents.test_statistics import CARDS

from .conftest import CardTestApp
from .page import BROKEN, JAN, JAN_NAMED, STRATEGY, active_calls, the_card, wait_for_history

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRAPH, TOTAL = "hui-statistics-graph-card", "hui-statistic-card"
NUMBER = re.compile(r"\d")
NO_DATA = re.compile("No statistics found|Nebyly nalezeny žádné statistiky")
CALLS_VIEW = {
    "en": ("Calls", "Years", "Today", "This month", "Lines", "Most expensive destination"),
    "cs": ("Hovory", "Roky", "Dnes", "Tento měsíc", "Linky", "Nejdražší destinace"),
}
GRAPHS = {
    "en": ("Cost by month", "Minutes by month", "Calls by week"),
    "cs": ("Útrata po měsících", "Minuty po měsících", "Hovory po týdnech"),
}
TOTALS = {
    "en": (
        *("Incoming", "Outgoing", "Missed", "Incoming talk time", "Outgoing talk time"),
        "Cost of outgoing calls",
    ),
    "cs": (
        *("Příchozí", "Odchozí", "Zmeškané", "Délka příchozích hovorů"),
        *("Délka odchozích hovorů", "Útrata za odchozí hovory"),
    ),
}


async def assert_complete(page: Page) -> None:
    """Assert that no card shows an error or lacks data."""
    await expect(page.locator(BROKEN)).to_have_count(0)
    await expect(page.get_by_text(NO_DATA)).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_calls_view_shows_figures_lines_graphs_and_a_ringing_call(
    app: CardTestApp, language: str
) -> None:
    """The view has seven figures, three lines and two graphs of 30 days; a call adds an alert."""
    await app.save_dashboard(STRATEGY)
    is_czech = language == "cs"
    async with app.visit(
        "/card-test/calls", language=language, dark=is_czech, size=(1280, 1100)
    ) as page:
        await wait_for_history(page)
        for text in CALLS_VIEW[language]:
            await expect(page.get_by_text(text, exact=True).first).to_be_visible()
        talk_time = "Délka hovorů" if is_czech else "Talk time"
        for card in ("hui-distribution-card", GRAPH):
            await expect(page.locator(card).filter(has_text=talk_time)).to_have_count(1)
        await expect(page.locator(f"{GRAPH} canvas")).to_have_count(2)
        await expect(page.locator("hui-tile-card")).to_have_count(10)
        await expect(page.locator("hui-tile-card", has_text="Dílna")).to_be_visible()
        await expect(page.locator("hui-alert-card")).to_be_hidden()
        await assert_complete(page)
        await app.simulate("ring", **{"from": JAN})
        await expect(page.locator("hui-alert-card")).to_be_visible()
        await expect(page.locator("hui-alert-card ha-card.pulse")).to_be_visible()
        await assert_complete(page)


@pytest.mark.parametrize(
    ("language", "heading", "outcome"),
    [("en", "Gates", "opened"), ("cs", "Brány", "otevřeno")],
)
async def test_the_calls_view_shows_the_last_ring_at_a_gate(
    app: CardTestApp, language: str, heading: str, outcome: str
) -> None:
    """A tile shows what the last ring led to, and the card shows the ring among the calls."""
    form = {"name": "Shed", "number": "910 246 810", "callers": ["777 123 456"], "hang_up": True}
    await app.home.add_subentry(app.entry_id, "gate", **form)
    try:
        await app.simulate("advance", seconds=60)
        await app.simulate("ring", **{"from": JAN, "to": "910246810"})
        await app.home.wait_for_state("event.shed", lambda now: now["state"] != "unknown")
        await app.save_dashboard(STRATEGY)
        async with app.visit("/card-test/calls", language=language, size=(1280, 1100)) as page:
            await wait_for_history(page)
            await expect(page.get_by_text(heading, exact=True)).to_be_visible()
            tile = page.locator("hui-tile-card", has_text="Shed")
            await expect(tile).to_contain_text(outcome, ignore_case=True)
            await expect(page.get_by_text(f"Shed: {outcome}").first).to_be_visible()
    finally:
        await remove_subentries(app, "gate")


async def remove_subentries(app: CardTestApp, kind: str) -> None:
    """Delete the subentries of a type."""
    listed = await app.home.command("config_entries/subentries/list", entry_id=app.entry_id)
    for subentry in listed:
        if subentry["subentry_type"] == kind:
            await app.home.command(
                "config_entries/subentries/delete",
                entry_id=app.entry_id,
                subentry_id=subentry["subentry_id"],
            )


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_years_view_shows_graphs_and_totals(app: CardTestApp, language: str) -> None:
    """Each graph is drawn, and each total of this year has a value."""
    await app.save_dashboard(STRATEGY)
    async with app.visit("/card-test/years", language=language, size=(1280, 1600)) as page:
        for title in GRAPHS[language]:
            graph = page.locator(GRAPH).filter(has_text=title)
            await expect(graph.locator("canvas")).to_have_count(1)
        await expect(page.locator(f"{GRAPH} canvas")).to_have_count(len(GRAPHS[language]))
        for name in TOTALS[language]:
            total = page.locator(TOTAL).filter(has=page.get_by_text(name, exact=True))
            await expect(total.locator(".value")).to_have_text(NUMBER)
        await assert_complete(page)


async def test_totals_are_not_cut_off_on_a_phone(app: CardTestApp) -> None:
    """The totals of the view Years fit a width of 360 pixels."""
    await app.save_dashboard(STRATEGY)
    async with app.visit("/card-test/years", language="cs", size=(360, 900)) as page:
        values = page.locator(f"{TOTAL} .info > *")
        await expect(values).to_have_count(2 * len(TOTALS["cs"]))
        await expect(page.locator(f"{TOTAL} .value").last).to_have_text(NUMBER)
        cut = await values.evaluate_all(
            "parts => parts.filter(it => it.scrollWidth > it.clientWidth).map(it => it.textContent)"
        )
        assert cut == []


async def test_the_cards_in_the_documentation_show_data(app: CardTestApp) -> None:
    """The statistics cards that users copy are drawn with data."""
    path = await app.save_cards(*CARDS)
    async with app.visit(path, size=(1280, 2000)) as page:
        graphs = [card for card in CARDS if card["type"] == "statistics-graph"]
        await expect(page.locator(f"{GRAPH} canvas")).to_have_count(len(graphs))
        (statistic,) = (card for card in CARDS if card["type"] == "statistic")
        await expect(page.locator(TOTAL)).to_contain_text(statistic["name"])
        await expect(page.locator(TOTAL)).to_contain_text("CZK")
        await assert_complete(page)


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_dashboard_is_offered_in_the_settings(app: CardTestApp, language: str) -> None:
    """The dialog *Add dashboard* offers the generated dashboard."""
    add, offer = {
        "en": ("Add dashboard", "Calls, costs and lines"),
        "cs": ("Přidat ovládací panel", "Hovory, útrata a linky"),
    }[language]
    async with app.visit(
        "/config/lovelace/dashboards", language=language, size=(1280, 900), fresh=True
    ) as page:
        await page.get_by_role("button", name=add).click()
        await expect(page.get_by_text(offer)).to_be_visible()


async def test_the_section_is_offered_and_added(app: CardTestApp) -> None:
    """The generated section can be added to an existing dashboard."""
    path = await app.save_cards({"type": "clock"})
    async with app.visit(f"{path}?edit=1", size=(1280, 1000), fresh=True) as page:
        await page.get_by_role("button", name="Create section").click()
        await page.get_by_text("Automatic section").click()
        option = page.locator(".option[data-type='custom:odorik']")
        await expect(option).to_contain_text("Calls")
        await expect(option.locator("odorik-calls-card")).to_be_attached()
        await option.click()
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("button", name="Done").click()
        await wait_for_history(page)
    saved = await app.home.command("lovelace/config", url_path="card-test")
    strategies = [section.get("strategy") for section in saved["views"][0]["sections"]]
    assert STRATEGY["strategy"] in strategies


@pytest.mark.parametrize(("language", "heading"), [("en", "Calls"), ("cs", "Hovory")])
async def test_the_section_shows_the_calls(app: CardTestApp, language: str, heading: str) -> None:
    """A section without options has a heading, a callback tile and the card."""
    path = await app.save_dashboard(
        {"views": [{"title": "T", "type": "sections", "sections": [STRATEGY]}]}
    )
    async with app.visit(path, language=language, size=(600, 1000)) as page:
        await wait_for_history(page)
        await expect(page.locator("hui-heading-card")).to_contain_text(heading)
        await expect(page.locator("hui-tile-card odorik-call-back")).to_be_visible()
        await app.simulate("ring", **{"from": JAN})
        await expect(active_calls(page)).to_contain_text(JAN_NAMED)
        await expect(the_card(page)).to_have_count(1)
