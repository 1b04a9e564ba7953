"""Tests of the card's layout, accessibility, themes and animations."""

from playwright.async_api import expect
import pytest

from .conftest import CardTestApp
from .page import (
    CARD,
    EVA,
    FONT_SIZE,
    GRANNY,
    HIGH_CARD,
    JAN,
    JAN_NAMED,
    WALL_VIEW,
    active_calls,
    box,
    button,
    rows,
    suggestions,
    the_card,
    violations,
    wait_for_history,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLET, PHONE = (1280, 800), (360, 800)
CREDIT = "sensor.odorik_1234567_credit"
NEXT_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The card changes its layout after it has observed a new size."""
UNUSUAL_THEME = {
    "--primary-color": "#ff00aa",
    "--primary-text-color": "#102000",
    "--secondary-text-color": "#304010",
    "--card-background-color": "#f4ff8d",
    "--ha-card-background": "rgb(244 255 141 / 60%)",
    "--primary-background-color": "#e8ffd0",
    "--error-color": "#a00000",
    "--success-color": "#006000",
}


@pytest.mark.parametrize(
    ("language", "size", "dark"),
    [("en", TABLET, False), ("cs", TABLET, True), ("cs", PHONE, False), ("en", PHONE, True)],
)
async def test_the_card_fits_and_is_accessible(
    app: CardTestApp, language: str, size: tuple[int, int], *, dark: bool
) -> None:
    """In each language, size and theme the card has no axe violation and no horizontal scroll."""
    today, incoming, hang_up = {
        "en": ("Today", "Incoming call", "Hang up: Eva"),
        "cs": ("Dnes", "Příchozí hovor", "Zavěsit: Eva"),
    }[language]
    path = await app.save_cards(CARD, {"type": "clock"})
    async with app.visit(path, language=language, dark=dark, size=size) as page:
        await wait_for_history(page)
        await app.simulate("miss", **{"from": GRANNY})
        await expect(the_card(page).get_by_text(today, exact=True)).to_be_visible()
        await app.simulate("ring", **{"from": JAN})
        await app.simulate("dial", to=EVA, answer_after=0)
        await expect(active_calls(page)).to_have_count(2)
        await expect(active_calls(page).filter(has_text=JAN_NAMED)).to_contain_text(incoming)
        await the_card(page).get_by_role("button", name=hang_up).click()
        await rows(page).locator("button").first.click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert await violations(page) == []


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_figures_are_not_cut_off(app: CardTestApp, language: str) -> None:
    """A five-digit credit fits a narrow phone."""
    path = await app.save_cards(CARD)

    async def set_credit(credit: float) -> None:
        await app.exchange.do("set", credit=credit)
        await app.home.act("homeassistant.update_entity", entity_id=CREDIT)

    async with app.visit(path, language=language, size=(320, 800)) as page:
        await wait_for_history(page)
        await set_credit(12345.67)
        try:
            await app.home.wait_for_state(CREDIT, lambda now: now["state"].startswith("123"))
            figures = the_card(page).locator(".figure")
            await expect(figures.locator(".value").first).to_contain_text("345")
            for width in (320, 360, 390):
                await page.set_viewport_size({"width": width, "height": 800})
                await page.evaluate(NEXT_FRAMES)
                for text in await figures.locator(".cut").all():
                    assert await text.evaluate("part => part.scrollWidth - part.clientWidth") == 0
        finally:
            await set_credit(500)


async def test_every_state_of_the_card_is_accessible(app: CardTestApp) -> None:
    """Suggestions, an empty search, a callback and a failed hang-up have no axe violations."""
    path = await app.save_cards(CARD)
    async with app.visit(path, size=(500, 900)) as page:
        await wait_for_history(page)
        card = the_card(page)
        dial = card.get_by_role("combobox", name="Number or contact")
        await dial.fill("o")
        await page.keyboard.press("ArrowDown")
        await expect(suggestions(page).first).to_have_attribute("aria-selected", "true")
        assert await violations(page) == []
        await page.keyboard.press("Enter")
        await expect(card.get_by_role("combobox", name="Ring first")).to_be_visible()
        assert await violations(page) == []
        await dial.fill("")
        await card.get_by_role("searchbox").fill("no such name")
        await expect(card).to_contain_text("No matching calls")
        assert await violations(page) == []
        await card.get_by_role("searchbox").fill("")
        await wait_for_history(page)
        await rows(page).first.locator("button").first.press("Enter")
        await card.get_by_role("button", name="Call back:").first.press("Enter")
        await expect(card).to_contain_text("Which phone should ring first?")
        assert await violations(page) == []
        await app.simulate("dial", to=EVA, answer_after=0)
        await app.exchange.do("fail", mode="503", path="DELETE /active_calls")
        call = active_calls(page)
        await call.get_by_role("button", name="Hang up: Eva").press("Enter")
        await button(call, "Hang up").press("Enter")
        await expect(call.locator(".said")).to_contain_text("Odorik")
        await expect(call.get_by_role("button", name="Hang up")).to_be_enabled()
        assert await violations(page) == []


async def test_the_day_stays_visible_when_scrolling(app: CardTestApp) -> None:
    """The heading of a day sticks to the top of the list."""
    path = await app.save_cards(HIGH_CARD)
    async with app.visit(path, size=(500, 900)) as page:
        await wait_for_history(page)
        scroll = the_card(page).locator(".scroll")
        await scroll.evaluate("list => list.scrollTo(0, 900)")
        edge = (await box(scroll))["y"]
        tops = [(await box(day))["y"] for day in await the_card(page).locator(".day").all()]
        assert any(abs(top - edge) < 1 for top in tops)


@pytest.mark.parametrize(("language", "size"), [("cs", (1280, 800)), ("en", (1920, 1080))])
async def test_a_ringing_call_is_large_on_a_wall_tablet(
    app: CardTestApp, language: str, size: tuple[int, int]
) -> None:
    """The name is legible from a distance, and the buttons are easy to hit."""
    path = await app.save_dashboard(WALL_VIEW)
    async with app.visit(path, language=language, dark=language == "cs", size=size) as page:
        await wait_for_history(page)
        await app.simulate("dial", to=EVA, answer_after=0)
        await app.simulate("ring", **{"from": JAN})
        first = active_calls(page).first
        await expect(first).to_contain_text(JAN_NAMED)
        assert await first.locator(".name").evaluate(FONT_SIZE) >= 48
        end = await box(first.locator("button.end"))
        assert min(end["height"], end["width"]) >= 72
        figures = await box(the_card(page).locator(".figure").first)
        assert end["y"] < figures["y"]
        await first.locator("button.end").click()
        confirm = first.locator(".sure button.end")
        assert (await box(confirm))["height"] >= 72
        assert await violations(page) == []
        await confirm.click()
        await expect(active_calls(page).filter(has_text=JAN_NAMED)).to_have_count(0)


async def test_the_card_supports_other_themes_and_right_to_left(app: CardTestApp) -> None:
    """A translucent theme keeps the contrast, and right-to-left text mirrors the layout."""
    path = await app.save_cards(HIGH_CARD)
    async with app.visit(path, size=(400, 900), fresh=True) as page:
        await wait_for_history(page)
        await page.evaluate(
            "theme => Object.entries(theme).forEach(([name, value]) =>"
            " document.documentElement.style.setProperty(name, value))",
            UNUSUAL_THEME,
        )
        await app.simulate("ring", **{"from": JAN})
        await expect(active_calls(page)).to_have_count(1)
        await rows(page).locator("button").first.click()
        assert await violations(page) == []
        await page.evaluate("document.documentElement.dir = 'rtl'")
        await the_card(page).locator("ha-card").evaluate("card => { card.style.direction = 'rtl' }")
        name = await box(active_calls(page).locator(".name"))
        end = await box(active_calls(page).locator("button.end"))
        assert name["x"] > end["x"]
        width, visible = await page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= visible


async def test_animations_respect_reduced_motion(app: CardTestApp) -> None:
    """A ringing call is not animated for users who prefer reduced motion."""
    path = await app.save_cards(CARD)
    async with app.visit(path) as page:
        await page.emulate_media(reduced_motion="reduce")
        await wait_for_history(page)
        await app.simulate("ring", **{"from": JAN})
        disc = active_calls(page).locator(".disc")
        await expect(disc).to_have_css("animation-name", "none")
        await page.emulate_media(reduced_motion="no-preference")
        await expect(disc).not_to_have_css("animation-name", "none")
