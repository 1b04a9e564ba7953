"""Tests of the features for Home Assistant's tile card."""

from playwright.async_api import Page, expect
import pytest

from .conftest import CardTestApp
from .page import ACTIVE_TILE, EVA, GRANNY, GRANNY_NAMED, JAN, MISSED_TILE, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def confirm(page: Page, question: str) -> None:
    """Answer Home Assistant's confirmation dialog."""
    await expect(page.locator("dialog-box")).to_contain_text(question)
    await page.locator("dialog-box").get_by_role("button", name="OK").click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_tile_calls_the_missed_caller_back(app: CardTestApp, *, dark: bool) -> None:
    """The button orders a callback after a confirmation, and none if that is cancelled."""
    async with app.default_caller("777000111"):
        path = await app.save_cards(MISSED_TILE, ACTIVE_TILE)
        ringing = await app.simulate("ring", **{"from": GRANNY})
        await app.wait_for_calls(1)
        await app.simulate("end", id=ringing["id"])
        await app.home.wait_for_state(
            MISSED_TILE["entity"], lambda now: now["attributes"].get("name") == GRANNY_NAMED
        )
        async with app.visit(path, dark=dark, size=(800, 500)) as page:
            button = page.locator("odorik-call-back button")
            await expect(button).to_be_enabled()
            before = len(await app.callbacks())
            await button.click()
            await expect(page.locator("dialog-box")).to_contain_text(f"Call back: {GRANNY_NAMED}?")
            await page.locator("dialog-box").get_by_role("button", name="Cancel").click()
            await expect(page.get_by_role("dialog")).to_be_hidden()
            assert len(await app.callbacks()) == before
            assert await violations(page, "odorik-call-back") == []
            await button.click()
            await confirm(page, f"Call back: {GRANNY_NAMED}?")
            for _ in range(50):
                if len(orders := await app.callbacks()) > before:
                    break
                await page.wait_for_timeout(100)
            assert [order["recipient"] for order in orders[before:]] == [GRANNY]


async def test_a_tile_hangs_up_the_calls_it_counts(app: CardTestApp) -> None:
    """The button ends one call, or all of several, after a confirmation."""
    path = await app.save_cards(MISSED_TILE, ACTIVE_TILE)
    async with app.visit(path, language="cs", size=(800, 500)) as page:
        button = page.locator("odorik-hang-up button")
        await expect(button).to_be_disabled()
        await app.simulate("ring", **{"from": JAN})
        await expect(button).to_be_enabled()
        assert await violations(page, "odorik-hang-up") == []
        await button.click()
        await confirm(page, "Ukončit tento hovor?")
        await expect(button).to_be_disabled()
        await app.simulate("ring", **{"from": JAN})
        await app.simulate("dial", to=EVA, answer_after=0)
        await expect(page.locator("hui-tile-card").last).to_contain_text("2")
        await button.click()
        await confirm(page, "Ukončit všechny tyto hovory?")
        await expect(button).to_be_disabled()
        assert (await app.exchange.account())["active_calls"] == []


async def test_the_tile_of_a_line_hangs_up_the_calls_that_ring_there(app: CardTestApp) -> None:
    """They may be listed under another line, whose own calls go on."""
    registered = await app.home.command("config/entity_registry/list")
    (entity_id,) = (
        it["entity_id"] for it in registered if it["unique_id"].endswith("_300110_active_calls")
    )
    path = await app.save_cards({**ACTIVE_TILE, "entity": entity_id})
    async with app.visit(path, size=(800, 500)) as page:
        other = await app.simulate("dial", to=EVA, line=300100, answer_after=0)
        ringing = await app.simulate("ring", **{"from": JAN, "branches": [300100, 300110]})
        await app.simulate("dial", to=GRANNY, line=300110, answer_after=0)
        await expect(page.locator("hui-tile-card")).to_contain_text("2")
        await page.locator("odorik-hang-up button").click()
        await confirm(page, "End all these calls?")
        await expect(page.locator("hui-tile-card")).to_contain_text("0")
        destinations = {it["destination"] for it in (await app.exchange.account())["active_calls"]}
        assert destinations >= {EVA}
        assert destinations.isdisjoint({GRANNY, "*300110"})
        for call in (other, ringing):
            await app.simulate("end", id=call["id"])


async def test_features_are_offered_for_supported_entities_only(app: CardTestApp) -> None:
    """Each feature supports the entities that it can act on."""
    path = await app.save_cards(MISSED_TILE)
    async with app.visit(path, size=(800, 500)) as page:
        await expect(page.locator("odorik-call-back")).to_be_attached()
        supported = await page.evaluate(
            """() => {
              const { hass } = document.querySelector("home-assistant");
              const ids = Object.keys(hass.entities).filter((id) => id.includes("odorik"));
              return Object.fromEntries(window.customCardFeatures.map(({ type, isSupported }) =>
                [type, ids.filter((entity_id) => isSupported(hass, { entity_id }))]));
            }"""
        )
        assert supported["odorik-call-back"] == [MISSED_TILE["entity"]]
        assert ACTIVE_TILE["entity"] in supported["odorik-hang-up"]
        assert all(one.endswith("_active_calls") for one in supported["odorik-hang-up"])
