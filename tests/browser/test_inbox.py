"""Who waits to be called back, in our card and in Home Assistant's own list beside it."""

import asyncio
import time
from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest

from .conftest import CLOCKS, House, log_in, picture, the_card
from .page import CARD, EVA, JAN, calls, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIST = "todo.odorik_1234567_missed_calls"
CARDS: tuple[dict[str, Any], ...] = (
    CARD,
    {"type": "todo-list", "entity": LIST, "hide_create": True, "item_tap_action": "toggle"},
)
STRANGER = "00420601222333"
JAN_NAMED, EVA_NAMED, STRANGER_READ = "Jan Novák mobil", "Eva Dvořáková", "+420 601 222 333"
UNAVAILABLE = """\
entity => {
  const home = document.querySelector("home-assistant");
  const update = home._updateHass.bind(home);
  home._updateHass = changes => update(changes.states ? {
    ...changes,
    states: {
      ...changes.states,
      [entity]: { ...changes.states[entity], state: "unavailable" },
    },
  } : changes);
  home._updateHass({ states: home.hass.states });
}"""
"""Let a page see an entity as unavailable from now on."""
AGREED = 2
"""Seconds within which the two cards agree."""


async def items(house: House) -> list[dict[str, Any]]:
    """What is on the list."""
    answer = await house.home.act(
        "todo.get_items", answer=True, entity_id=LIST, status=["needs_action", "completed"]
    )
    found: list[dict[str, Any]] = answer[LIST]["items"]
    return found


async def empty(house: House) -> None:
    """Begin with nobody, also nobody whose record is still being written."""
    await asyncio.sleep(1)
    await house.home.act("homeassistant.update_entity", entity_id=CLOCKS)
    # An update soon after another is put off.
    page = await house.home.command("odorik/history", config_entry_id=house.entry_id, limit=1)
    newest = page["calls"][0]["started_at"]
    await house.home.until(CLOCKS[1], lambda now: now["state"] == newest)
    if found := [item["uid"] for item in await items(house)]:
        await house.home.act("todo.remove_item", entity_id=LIST, item=found)


async def miss(house: House, number: str) -> None:
    """Miss a call that has just begun, so that it follows all that a test did before."""
    await house.do("miss", **{"from": number}, ringing=0)


def waiting(page: Page) -> Locator:
    """Find those who wait in our card."""
    return the_card(page).locator(".history li").filter(has=page.locator("button.tick"))


def native(page: Page) -> Locator:
    """Find what is open on Home Assistant's card."""
    return page.locator("hui-todo-list-card ha-check-list-item:not(.completed)")


async def agree(page: Page, *names: str) -> None:
    """See both cards show these callers and no others, the one soon after the other."""

    async def shows(shown: Locator) -> float:
        await expect(shown).to_have_count(len(names))
        for place, name in enumerate(names):
            await expect(shown.nth(place)).to_contain_text(name)
        return time.monotonic()

    ours, theirs = await asyncio.gather(shows(waiting(page)), shows(native(page)))
    assert abs(ours - theirs) < AGREED


async def talk(house: House, page: Page, act: str, **whom: str) -> None:
    """Talk with somebody. A call that was never seen up is found only after a while."""
    await house.do(act, **whom)
    await expect(calls(page)).to_have_count(1)
    # An answer without any talk time is none.
    await house.do("answer", end_after=1)
    await expect(calls(page)).to_have_count(0)


async def show_missed(page: Page) -> None:
    """Filter our card."""
    await the_card(page).locator(".filters button").nth(1).click()


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_both_lists_agree_at_every_step(house: House, language: str) -> None:
    """Somebody would be called twice, or by nobody."""
    await empty(house)
    path = await house.show(*CARDS)
    done = "Vyřízeno" if language == "cs" else "Done"
    async with house.look(path, language=language, size=(1280, 900)) as page:
        await show_missed(page)
        await agree(page)
        # Three are missed, one of them twice.
        for number in (JAN, JAN, EVA, STRANGER):
            await miss(house, number)
        await agree(page, STRANGER_READ, EVA_NAMED, f"{JAN_NAMED} (2\N{MULTIPLICATION SIGN})")
        await expect(the_card(page).locator(".filters b")).to_have_text("3")
        await picture(page, f"inbox-{language}")
        assert await violations(page) == []
        # One is called back.
        await talk(house, page, "dial", to=STRANGER)
        await agree(page, EVA_NAMED, JAN_NAMED)
        # The next try of the second is answered.
        await talk(house, page, "ring", **{"from": EVA})
        await agree(page, JAN_NAMED)
        # The third is ticked off.
        await waiting(page).get_by_role("button", name=f"{done}: {JAN_NAMED}").press("Enter")
        await agree(page)
        await expect(the_card(page).locator(".filters [aria-pressed=true]")).to_be_focused()
        await expect(the_card(page).locator(".filters b")).to_have_count(0)
        await picture(page, f"inbox-done-{language}")


async def test_a_tick_in_the_other_card_counts_too(house: House) -> None:
    """And one that is taken back."""
    await empty(house)
    path = await house.show(*CARDS)
    async with house.look(path, size=(1280, 900)) as page:
        await show_missed(page)
        for number in (JAN, EVA):
            await miss(house, number)
        await agree(page, EVA_NAMED, JAN_NAMED)
        await native(page).filter(has_text=JAN_NAMED).locator(".summary").click()
        await agree(page, EVA_NAMED)
        completed = page.locator("hui-todo-list-card ha-check-list-item.completed")
        await completed.filter(has_text=JAN_NAMED).locator(".summary").click()
        await agree(page, EVA_NAMED, JAN_NAMED)


async def test_who_was_called_back_loses_the_red_by_itself(house: House) -> None:
    """What is red calls for somebody; when they have been talked with, nothing does any more."""
    await empty(house)
    path = await house.show(CARDS[0])
    async with house.look(path, size=(1280, 900)) as page:
        await miss(house, JAN)
        call = the_card(page).locator(".history li.missed").first
        await expect(call.locator(".due")).to_contain_text(JAN_NAMED)
        await talk(house, page, "dial", to=JAN)
        missed = the_card(page).locator(".history li.missed").first
        await expect(missed).to_contain_text(JAN_NAMED)
        await expect(missed.locator(".due")).to_have_count(0)


async def test_who_waits_is_called_back_from_the_list(house: House) -> None:
    """It is what the list is for."""
    await empty(house)
    path = await house.show(CARDS[0])
    async with (
        house.calling_from("+420603111222"),
        house.look(path, size=(360, 800), language="cs") as page,
    ):
        await show_missed(page)
        before = len(await house.orders())
        await miss(house, EVA)
        await waiting(page).get_by_role("button", name=f"Zavolat zpět: {EVA_NAMED}").click()
        await expect(waiting(page)).to_contain_text("Objednáno")
        await picture(page, "inbox-ordered")
        order = (await house.orders())[-1]
        assert (order["recipient"], len(await house.orders())) == (EVA, before + 1)
        await expect(waiting(page)).to_have_count(1)


async def rename(house: House, entity_id: str, new_entity_id: str) -> None:
    """Rename an entity, as its settings do."""
    await house.home.command(
        "config/entity_registry/update", entity_id=entity_id, new_entity_id=new_entity_id
    )


async def test_a_list_that_is_renamed_is_still_ticked(house: House) -> None:
    """A card that is open knows the new ID, so *Done* goes on working."""
    await empty(house)
    path = await house.show(CARDS[0])
    async with house.look(path, size=(600, 900)) as page:
        await show_missed(page)
        await miss(house, EVA)
        await expect(waiting(page)).to_have_count(1)
        await rename(house, LIST, "todo.callers")
        try:
            await waiting(page).get_by_role("button", name=f"Done: {EVA_NAMED}").click()
            await expect(waiting(page)).to_have_count(0)
        finally:
            await rename(house, "todo.callers", LIST)


async def test_a_tick_that_cannot_work_says_so(house: House) -> None:
    """Home Assistant reports success for an action on an entity that is unavailable."""
    await empty(house)
    path = await house.show(CARDS[0])
    async with house.look(path, size=(600, 900)) as page:
        await show_missed(page)
        await miss(house, EVA)
        await expect(waiting(page)).to_have_count(1)
        await page.evaluate(UNAVAILABLE, LIST)
        await waiting(page).get_by_role("button", name=f"Done: {EVA_NAMED}").click()
        await expect(page.get_by_text("That did not work.").first).to_be_visible()
        await expect(waiting(page)).to_have_count(1)
        assert [item["status"] for item in await items(house)] == ["needs_action"]


async def test_who_may_not_tick_is_not_offered_it(house: House) -> None:
    """A button that is refused is none."""
    await empty(house)
    users = await house.home.command("config/auth/list")
    if "Guest" not in {user["name"] for user in users}:
        made = await house.home.command(
            "config/auth/create", name="Guest", group_ids=["system-read-only"]
        )
        await house.home.command(
            "config/auth_provider/homeassistant/create",
            user_id=made["user"]["id"],
            username="inbox-guest",
            password="guest",
        )
    tokens = await log_in(house.home, "inbox-guest", "guest")
    path = await house.show(CARDS[0])
    await miss(house, EVA)
    async with house.look(path, tokens=tokens, size=(600, 900)) as page:
        await show_missed(page)
        row = the_card(page).locator(".history li.missed").first
        await expect(row.locator(".due")).to_contain_text(EVA_NAMED)
        await expect(the_card(page).locator(".filters b")).to_have_text("1")
        await expect(the_card(page).locator("button.tick, button.back")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_the_dialog_of_an_item_ticks_it_and_says_what_cannot_be_changed(
    house: House, language: str
) -> None:
    """Home Assistant's own dialog ticks a caller off, and shows why a note is not saved."""
    await empty(house)
    await miss(house, STRANGER)
    await house.home.until(LIST, lambda now: now["state"] != "0")
    async with house.look(
        f"/todo?entity_id={LIST}", language=language, size=(1280, 900), fresh=True
    ) as page:
        await page.get_by_text(STRANGER_READ).first.click()
        dialog = page.locator("dialog-todo-item-editor")
        note, save = dialog.locator("textarea").first, dialog.locator("[slot=primaryAction]").first
        shown = await note.input_value()
        await note.fill("Call her after work")
        await save.click()
        # The dialog itself shows every refusal in English, and a message below it in the user's.
        await expect(dialog.locator("ha-alert")).to_contain_text("cannot be changed")
        refusal = "cannot be changed" if language == "en" else "změnit nejde"
        await expect(page.locator("notification-manager")).to_contain_text(refusal)
        await picture(page, f"inbox-edited-{language}")
        await note.fill(shown)
        await dialog.locator("ha-checkbox").click()
        await save.click()
        await expect(dialog.locator("ha-dialog")).to_have_count(0)
    await house.home.until(LIST, lambda now: now["state"] == "0")
