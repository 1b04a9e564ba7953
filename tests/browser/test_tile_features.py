"""Buttons of ours in Home Assistant's own tiles."""

from typing import Any

from playwright.async_api import Page, expect
import pytest

from .conftest import House, picture
from .page import EVA, GRANNY, JAN, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Babička Růžena"


def tile(entity: str, feature: str) -> dict[str, Any]:
    """Write a tile with one of our features."""
    entity_id = f"sensor.{entity}"
    return {"type": "tile", "entity": entity_id, "features": [{"type": f"custom:{feature}"}]}


MISSED = tile("odorik_1234567_last_missed_call", "odorik-call-back")
ACTIVE = tile("odorik_1234567_active_calls", "odorik-hang-up")


async def confirm(page: Page) -> None:
    """Say yes to what Home Assistant asks."""
    await page.locator("dialog-box").get_by_role("button", name="OK").click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_the_tile_calls_back_whoever_was_missed(house: House, *, dark: bool) -> None:
    """The tile is on the wall already; the card need not be. A slip of the finger calls nobody."""
    async with house.calling_from("777000111"):
        path = await house.show(MISSED, ACTIVE)
        ringing = await house.do("ring", **{"from": GRANNY})
        await house.until_up(1)
        await house.do("end", id=ringing["id"])
        missed = MISSED["entity"]
        await house.home.until(missed, lambda now: now["attributes"].get("name") == NAME)
        async with house.look(path, dark=dark, size=(800, 500)) as page:
            button = page.locator("odorik-call-back button")
            await expect(button).to_be_enabled()
            before = len(await house.orders())
            await button.click()
            await expect(page.locator("dialog-box")).to_contain_text(f"Call back: {NAME}?")
            await picture(page, f"call-back-asked-{'dark' if dark else 'light'}")
            await page.locator("dialog-box").get_by_role("button", name="Cancel").click()
            await expect(page.get_by_role("dialog")).to_be_hidden()
            assert len(await house.orders()) == before
            assert await violations(page, "odorik-call-back") == []
            await button.click()
            await confirm(page)
            orders = await house.orders()
            for _ in range(50):
                if len(orders := await house.orders()) > before:
                    break
                await page.wait_for_timeout(100)
            assert [order["recipient"] for order in orders[before:]] == [GRANNY]


async def test_the_tile_hangs_up_what_it_counts(house: House) -> None:
    """One call is ended as that call; of several, all that the tile counts."""
    path = await house.show(MISSED, ACTIVE)
    async with house.look(path, language="cs", size=(800, 500)) as page:
        button = page.locator("odorik-hang-up button")
        await expect(button).to_be_disabled()
        await house.do("ring", **{"from": JAN})
        await expect(button).to_be_enabled()
        await picture(page, "tile-features")
        assert await violations(page, "odorik-hang-up") == []
        await button.click()
        await expect(page.locator("dialog-box")).to_contain_text("Ukončit tento hovor?")
        await confirm(page)
        await expect(button).to_be_disabled()
        await house.do("ring", **{"from": JAN})
        await house.do("dial", to=EVA, answer_after=0)
        await expect(page.locator("hui-tile-card").last).to_contain_text("2")
        await button.click()
        await expect(page.locator("dialog-box")).to_contain_text("Ukončit všechny tyto hovory?")
        await confirm(page)
        await expect(button).to_be_disabled()
        assert (await house.ask("state"))["accounts"][0]["active_calls"] == []


async def test_features_are_offered_where_they_fit(house: House) -> None:
    """Under any other tile they could do nothing."""
    await house.show(MISSED)
    async with house.look("/card-test/0", size=(800, 500)) as page:
        await expect(page.locator("odorik-call-back")).to_be_attached()
        offered = await page.evaluate(
            """() => {
              const { hass } = document.querySelector("home-assistant");
              const ids = Object.keys(hass.entities).filter((id) => id.includes("odorik"));
              return Object.fromEntries(window.customCardFeatures.map(({ type, isSupported }) =>
                [type, ids.filter((entity_id) => isSupported(hass, { entity_id }))]));
            }"""
        )
        assert offered["odorik-call-back"] == ["sensor.odorik_1234567_last_missed_call"]
        assert "sensor.odorik_1234567_active_calls" in offered["odorik-hang-up"]
        assert all(one.endswith("_active_calls") for one in offered["odorik-hang-up"])
