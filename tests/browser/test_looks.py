"""How the card looks and moves, to everybody: in two languages, light and dark, narrow and wide."""

from playwright.async_api import expect
import pytest

from .conftest import House, picture, the_card
from .page import CARD, EVA, GRANNY, JAN, box, calls, first_page, options, rows, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLET, PHONE = (1280, 800), (360, 800)
CREDIT = "sensor.odorik_1234567_credit"
FONT_SIZE = "part => parseFloat(getComputedStyle(part).fontSize)"


@pytest.mark.parametrize(
    ("language", "size", "dark"),
    [("en", TABLET, False), ("cs", TABLET, True), ("cs", PHONE, False), ("en", PHONE, True)],
)
async def test_the_card_looks_well_and_keeps_nobody_out(
    house: House, language: str, size: tuple[int, int], *, dark: bool
) -> None:
    """A card that some cannot read, in their light or with their aids, is a card for the others."""
    path = await house.show(CARD, {"type": "clock"})
    async with house.look(path, language=language, dark=dark, size=size) as page:
        await first_page(page)
        await house.do("miss", **{"from": GRANNY})
        today = the_card(page).get_by_text("Dnes" if language == "cs" else "Today", exact=True)
        await expect(today).to_be_visible()
        await house.do("ring", **{"from": JAN})
        await house.do("dial", to=EVA, answer_after=0)
        await expect(calls(page)).to_have_count(2)
        words = "Příchozí hovor" if language == "cs" else "Incoming call"
        await expect(calls(page).filter(has_text="Jan Novák")).to_contain_text(words)
        end = "Zavěsit: Eva" if language == "cs" else "Hang up: Eva"
        await the_card(page).get_by_role("button", name=end).click()
        await rows(page).locator("button").first.click()
        await picture(page, f"{language}-{size[0]}-{'dark' if dark else 'light'}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert await violations(page) == []


@pytest.mark.parametrize("width", [320, 360, 390])
@pytest.mark.parametrize("language", ["en", "cs"])
async def test_figures_are_never_cut(house: House, language: str, width: int) -> None:
    """A credit of five digits can be read on a narrow telephone."""
    path = await house.show(CARD)
    async with house.look(path, language=language, size=(width, 800)) as page:
        await first_page(page)
        await house.exchange.do("set", credit=12345.67)
        await house.home.act("homeassistant.update_entity", entity_id=CREDIT)
        try:
            await house.home.until(CREDIT, lambda now: now["state"].startswith("123"))
            values = the_card(page).locator(".figure .value")
            await expect(values.first).to_contain_text("345")
            for text in await the_card(page).locator(".figure .cut").all():
                assert await text.evaluate("part => part.scrollWidth - part.clientWidth") == 0
            await picture(page, f"figures-{language}-{width}")
        finally:
            await house.exchange.do("set", credit=500)
            await house.home.act("homeassistant.update_entity", entity_id=CREDIT)


async def test_everybody_is_let_in_in_every_state(house: House) -> None:
    """Who uses a keyboard or hears the page gets stuck in the one state that nobody looked at."""
    path = await house.show(CARD)
    async with house.look(path, size=(500, 900)) as page:
        await first_page(page)
        card = the_card(page)
        dial = card.get_by_role("combobox", name="Number or contact")
        await dial.fill("o")
        await page.keyboard.press("ArrowDown")
        await expect(options(page).first).to_have_attribute("aria-selected", "true")
        assert await violations(page) == []
        await page.keyboard.press("Enter")
        await expect(card.get_by_role("combobox", name="Ring first")).to_be_visible()
        assert await violations(page) == []
        await dial.fill("")
        await card.get_by_role("searchbox").fill("nobody at all")
        await expect(card).to_contain_text("No matching calls")
        assert await violations(page) == []
        await card.get_by_role("searchbox").fill("")
        await first_page(page)
        await rows(page).first.locator("button").first.press("Enter")
        await card.get_by_role("button", name="Call back:").first.press("Enter")
        await expect(card).to_contain_text("Which phone should ring first?")
        assert await violations(page) == []
        await house.do("dial", to=EVA, answer_after=0)
        await house.exchange.do("fail", mode="503", path="DELETE /active_calls")
        await calls(page).get_by_role("button", name="Hang up: Eva").press("Enter")
        await calls(page).get_by_role("button", name="Hang up", exact=True).press("Enter")
        await expect(calls(page).locator(".said")).to_contain_text("Odorik")
        assert await violations(page) == []


async def test_the_day_stays_in_view(house: House) -> None:
    """Far down in the list nobody knows any more which day it was."""
    path = await house.show({**CARD, "grid_options": {"rows": 12}})
    async with house.look(path, size=(500, 900)) as page:
        await first_page(page)
        lists = the_card(page).locator(".scroll")
        await lists.evaluate("list => list.scrollTo(0, 900)")
        edge = (await box(lists))["y"]
        tops = [(await box(day))["y"] for day in await the_card(page).locator(".day").all()]
        assert any(abs(top - edge) < 1 for top in tops)
        await picture(page, "scrolled")


@pytest.mark.parametrize(("language", "size"), [("cs", (1280, 800)), ("en", (1920, 1080))])
async def test_on_a_wall_a_ringing_call_is_seen_from_afar(
    house: House, language: str, size: tuple[int, int]
) -> None:
    """From three metres one has to see who it is, and the first tap has to hit."""
    view = {"title": "Wall", "type": "panel", "cards": [CARD]}
    path = await house.save({"views": [view]})
    async with house.look(path, language=language, dark=language == "cs", size=size) as page:
        await first_page(page)
        await house.do("dial", to=EVA, answer_after=0)
        await house.do("ring", **{"from": JAN})
        first = calls(page).first
        await expect(first).to_contain_text("Jan Novák mobil")
        name = await first.locator(".name").evaluate(FONT_SIZE)
        assert name >= 48
        button = await box(first.locator("button.end"))
        assert min(button["height"], button["width"]) >= 72
        figures = await box(the_card(page).locator(".figure").first)
        assert button["y"] < figures["y"]
        await picture(page, f"wall-{language}-{size[0]}")
        await first.locator("button.end").click()
        sure = first.locator(".sure button.end")
        assert (await box(sure))["height"] >= 72
        assert await violations(page) == []
        await sure.click()
        await expect(calls(page).filter(has_text="Jan Novák")).to_have_count(0)


STRANGE = {
    "--primary-color": "#ff00aa",
    "--primary-text-color": "#102000",
    "--secondary-text-color": "#304010",
    "--card-background-color": "#f4ff8d",
    "--ha-card-background": "rgb(244 255 141 / 60%)",
    "--primary-background-color": "#e8ffd0",
    "--error-color": "#a00000",
    "--success-color": "#006000",
}
"""A theme that somebody made on a Sunday, with cards that let the background through."""


async def test_a_strange_theme_and_the_other_direction_break_nothing(house: House) -> None:
    """Homes have themes that nobody tested, and people who read from the right."""
    path = await house.show({**CARD, "grid_options": {"rows": 12}})
    async with house.look(path, size=(400, 900), fresh=True) as page:
        await first_page(page)
        await page.evaluate(
            "theme => Object.entries(theme).forEach(([name, value]) =>"
            " document.documentElement.style.setProperty(name, value))",
            STRANGE,
        )
        await house.do("ring", **{"from": JAN})
        await expect(calls(page)).to_have_count(1)
        await rows(page).locator("button").first.click()
        assert await violations(page) == []
        await picture(page, "strange-theme")
        await page.evaluate("document.documentElement.dir = 'rtl'")
        await the_card(page).locator("ha-card").evaluate("card => { card.style.direction = 'rtl' }")
        name = await box(calls(page).locator(".name"))
        end = await box(calls(page).locator("button.end"))
        assert name["x"] > end["x"]
        widths = await page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert widths[0] <= widths[1]
        await picture(page, "from-the-right")


async def test_nothing_moves_for_whom_that_makes_ill(house: House) -> None:
    """A shaking bell on the wall is no joke for everybody."""
    path = await house.show(CARD)
    async with house.look(path) as page:
        await page.emulate_media(reduced_motion="reduce")
        await first_page(page)
        await house.do("ring", **{"from": JAN})
        disc = calls(page).locator(".disc")
        await expect(disc).to_have_css("animation-name", "none")
        await page.emulate_media(reduced_motion="no-preference")
        await expect(disc).not_to_have_css("animation-name", "none")
