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
