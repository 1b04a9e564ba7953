"""What Home Assistant makes of the card by itself: a dashboard, and a section of any other."""

from playwright.async_api import expect
import pytest

from .conftest import House, picture, the_card
from .page import JAN, calls, first_page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_dashboard_says_with_native_cards_what_they_say_best(house: House) -> None:
    """What Home Assistant draws itself looks like the rest of the house, and stays so."""
    await house.save({"strategy": {"type": "custom:odorik"}})
    async with house.look("/card-test/0", dark=True, size=(1280, 1100)) as page:
        await first_page(page)
        await expect(page.locator("hui-distribution-card")).to_be_visible()
        await expect(page.locator("hui-alert-card")).to_be_hidden()
        await house.do("ring", **{"from": JAN})
        await expect(page.locator("hui-alert-card")).to_be_visible()
        await expect(page.locator("hui-alert-card ha-card.pulse")).to_be_visible()
        await expect(page.locator("hui-warning, hui-error-card")).to_have_count(0)
        await picture(page, "dashboard-ringing")


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_first_view_shows_what_is_worth_knowing_of_today(
    house: House, language: str
) -> None:
    """The view *Calls* is in the user's language: figures, lines, and the graphs of 30 days."""
    await house.save({"strategy": {"type": "custom:odorik"}})
    async with house.look("/card-test/calls", language=language, size=(1280, 1100)) as page:
        await first_page(page)
        texts = (
            ("Calls", "Years", "Today", "This month", "Lines", "Most expensive destination")
            if language == "en"
            else ("Hovory", "Roky", "Dnes", "Tento měsíc", "Linky", "Nejdražší destinace")
        )
        for text in texts:
            await expect(page.get_by_text(text, exact=True).first).to_be_visible()
        talk_time = "Talk time" if language == "en" else "Doba hovorů"
        for card in ("hui-distribution-card", "hui-statistics-graph-card"):
            await expect(page.locator(card).filter(has_text=talk_time)).to_have_count(1)
        await expect(page.locator("hui-statistics-graph-card canvas")).to_have_count(2)
        await expect(page.locator("hui-warning, hui-error-card")).to_have_count(0)
        await picture(page, f"dashboard-{language}")


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_it_is_offered_when_a_dashboard_is_added(house: House, language: str) -> None:
    """*Add dashboard* lists Odorik, and what it makes opens with the calls of the account."""
    async with house.look(
        "/config/lovelace/dashboards", language=language, size=(1280, 900), fresh=True
    ) as page:
        add = "Add dashboard" if language == "en" else "Přidat ovládací panel"
        await page.get_by_role("button", name=add).click()
        offered = page.get_by_text(
            "Calls, costs and lines" if language == "en" else "Hovory, útrata a linky"
        )
        await expect(offered).to_be_visible()
        await picture(page, f"dashboard-offered-{language}")


async def test_a_section_is_offered_and_added(house: House) -> None:
    """Most have a dashboard already, and want the calls in it."""
    path = await house.show({"type": "clock"})
    async with house.look(f"{path}?edit=1", size=(1280, 1000), fresh=True) as page:
        await page.get_by_role("button", name="Create section").click()
        await page.get_by_text("Automatic section").click()
        option = page.locator(".option[data-type='custom:odorik']")
        await expect(option).to_contain_text("Calls")
        await expect(option.locator("odorik-calls-card")).to_be_attached()
        await picture(page, "section-offered")
        await option.click()
        await picture(page, "section-editor")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("button", name="Done").click()
        await first_page(page)
    saved = await house.home.command("lovelace/config", url_path="card-test")
    assert {"type": "custom:odorik"} in [
        section.get("strategy") for section in saved["views"][0]["sections"]
    ]


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_a_section_shows_the_calls(house: House, language: str) -> None:
    """It has to be whole without a single option."""
    section = {"strategy": {"type": "custom:odorik"}}
    await house.save({"views": [{"title": "T", "type": "sections", "sections": [section]}]})
    async with house.look("/card-test/0", language=language, size=(600, 1000)) as page:
        await first_page(page)
        await expect(page.locator("hui-heading-card")).to_contain_text(
            "Hovory" if language == "cs" else "Calls"
        )
        await expect(page.locator("hui-tile-card odorik-call-back")).to_be_visible()
        await house.do("ring", **{"from": JAN})
        await expect(calls(page)).to_contain_text("Jan Novák")
        await expect(the_card(page)).to_have_count(1)
        await picture(page, f"section-{language}")
