"""Tests of the inbox in the card and in Home Assistant's to-do list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest

from .conftest import LAST_CALL, CardTestApp
from .page import CARD, EVA, EVA_NAMED, JAN, JAN_NAMED, active_calls, button, the_card, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIST = "todo.odorik_1234567_missed_calls"
TODO_CARD = {"type": "todo-list", "entity": LIST, "hide_create": True, "item_tap_action": "toggle"}
STRANGER, STRANGER_SHOWN = "00420601222333", "+420 601 222 333"
MAKE_UNAVAILABLE = """\
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
"""Show an entity as unavailable on a page."""


async def list_items(app: CardTestApp) -> list[dict[str, Any]]:
    """Return the items of the to-do list."""
    answer = await app.home.act(
        "todo.get_items", answer=True, entity_id=LIST, status=["needs_action", "completed"]
    )
    items: list[dict[str, Any]] = answer[LIST]["items"]
    return items


async def clear_inbox(app: CardTestApp) -> None:
    """Remove all callers from the inbox, after the last records have been written and read."""
    # The exchange writes a record a moment after the end of a call.
    await asyncio.sleep(1)
    await app.poll()
    page = await app.home.command("odorik/history", config_entry_id=app.entry_id, limit=1)
    newest = page["calls"][0]["started_at"]
    await app.home.wait_for_state(LAST_CALL, lambda now: now["state"] == newest)
    if uids := [item["uid"] for item in await list_items(app)]:
        await app.home.act("todo.remove_item", entity_id=LIST, item=uids)


@asynccontextmanager
async def open_inbox(
    app: CardTestApp, *cards: dict[str, Any], **options: Any
) -> AsyncIterator[Page]:
    """Clear the inbox and show the card, filtered by missed calls, with other cards beside it."""
    await clear_inbox(app)
    path = await app.save_cards(CARD, *cards)
    async with app.visit(path, size=(1280, 900), **options) as page:
        await the_card(page).locator(".filters button").nth(1).click()
        yield page


async def miss(app: CardTestApp, *numbers: str) -> None:
    """Make missed calls that begin now, after everything that the test has done so far."""
    for number in numbers:
        await app.simulate("miss", **{"from": number}, ringing=0)


def waiting(page: Page) -> Locator:
    """Find the callers who wait, in the card."""
    return the_card(page).locator(".history li").filter(has=page.locator("button.tick"))


def todo_items(page: Page, status: str = ":not(.completed)") -> Locator:
    """Find the open items of the to-do card, or the completed ones."""
    return page.locator(f"hui-todo-list-card ha-check-list-item{status}")


async def expect_callers(page: Page, *names: str) -> None:
    """Expect that both cards show these callers and no others."""
    for shown in (waiting(page), todo_items(page)):
        await expect(shown).to_have_count(len(names))
        for position, name in enumerate(names):
            await expect(shown.nth(position)).to_contain_text(name)


async def talk(app: CardTestApp, page: Page, command: str, **params: str) -> None:
    """Make an answered call, after the page has shown it ringing."""
    await app.simulate(command, **params)
    await expect(active_calls(page)).to_have_count(1)
    # A call without talk time does not count as answered.
    await app.simulate("answer", end_after=1)
    await expect(active_calls(page)).to_have_count(0)


@pytest.mark.parametrize(("language", "done"), [("en", "Done"), ("cs", "Vyřízeno")])
async def test_both_cards_show_the_same_callers(app: CardTestApp, language: str, done: str) -> None:
    """Callers are removed when called back, when they get through, and when ticked off."""
    async with open_inbox(app, TODO_CARD, language=language) as page:
        card = the_card(page)
        await expect_callers(page)
        await miss(app, JAN, JAN, EVA, STRANGER)
        await expect_callers(
            page, STRANGER_SHOWN, EVA_NAMED, f"{JAN_NAMED} (2\N{MULTIPLICATION SIGN})"
        )
        await expect(card.locator(".filters b")).to_have_text("3")
        assert await violations(page) == []
        await talk(app, page, "dial", to=STRANGER)
        await expect_callers(page, EVA_NAMED, JAN_NAMED)
        await talk(app, page, "ring", **{"from": EVA})
        await expect_callers(page, JAN_NAMED)
        await waiting(page).get_by_role("button", name=f"{done}: {JAN_NAMED}").press("Enter")
        await expect_callers(page)
        await expect(card.locator(".filters [aria-pressed=true]")).to_be_focused()
        await expect(card.locator(".filters b")).to_have_count(0)


async def test_the_card_follows_the_todo_card(app: CardTestApp) -> None:
    """Completing an item of the to-do card, and opening it again, changes the card."""
    async with open_inbox(app, TODO_CARD) as page:
        await miss(app, JAN, EVA)
        await expect_callers(page, EVA_NAMED, JAN_NAMED)
        await todo_items(page).filter(has_text=JAN_NAMED).locator(".summary").click()
        await expect_callers(page, EVA_NAMED)
        completed = todo_items(page, ".completed").filter(has_text=JAN_NAMED)
        await completed.locator(".summary").click()
        await expect_callers(page, EVA_NAMED, JAN_NAMED)


async def test_a_missed_call_is_highlighted_until_the_caller_is_called_back(
    app: CardTestApp,
) -> None:
    """The list of all calls shows a missed call in red only while its caller waits."""
    async with open_inbox(app) as page:
        card = the_card(page)
        await card.locator(".filters button").first.click()
        await miss(app, JAN)
        missed = card.locator(".history li.missed").first
        await expect(missed.locator(".due")).to_contain_text(JAN_NAMED)
        await talk(app, page, "dial", to=JAN)
        await expect(missed).to_contain_text(JAN_NAMED)
        await expect(missed.locator(".due")).to_have_count(0)


async def test_a_waiting_caller_is_called_back(app: CardTestApp) -> None:
    """The button orders one callback; the caller still waits until it is answered."""
    async with app.default_caller("+420603111222"), open_inbox(app, language="cs") as page:
        await page.set_viewport_size({"width": 360, "height": 800})
        before = len(await app.callbacks())
        await miss(app, EVA)
        await waiting(page).get_by_role("button", name=f"Zavolat zpět: {EVA_NAMED}").click()
        await expect(waiting(page)).to_contain_text("Objednáno")
        await expect(waiting(page)).to_contain_text("zazvoní +420 603 111 222;")
        orders = await app.callbacks()
        assert [order["recipient"] for order in orders[before:]] == [EVA]
        await expect(waiting(page)).to_have_count(1)


async def messages(app: CardTestApp) -> list[dict[str, Any]]:
    """Return the messages that the exchange has accepted."""
    sent: list[dict[str, Any]] = (await app.exchange.account())["messages"]
    return sent


async def test_a_message_is_sent_once(app: CardTestApp) -> None:
    """A double tap on *Send* sends one message, in the form that the card has shown."""
    async with open_inbox(app, language="cs") as page:
        await page.set_viewport_size({"width": 360, "height": 800})
        await miss(app, STRANGER, EVA)
        await expect(waiting(page)).to_have_count(2)
        # Only known people can be written to.
        write = the_card(page).get_by_role("button", name="Napsat")
        await expect(write).to_have_accessible_name(f"Napsat: {EVA_NAMED}")
        before = len(await messages(app))
        await write.press("Enter")
        dialog = the_card(page).get_by_role("dialog", name=f"Napsat: {EVA_NAMED}")
        await expect(dialog).to_contain_text("+420 602 987 654")
        text = dialog.get_by_role("textbox", name="Text zprávy")
        await expect(text).to_be_focused()
        await expect(button(dialog, "Odeslat zprávu")).to_be_disabled()
        await page.keyboard.type("Přijdu později")
        await expect(dialog).to_contain_text("14 z 765 znaků, 1 část")
        await expect(dialog).to_contain_text("Prijdu pozdeji")
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await expect(write).to_be_focused()
        await write.click()
        await expect(text).to_have_value("Přijdu později")
        await text.fill("Přijdu později. " * 11)
        await button(dialog, "Odeslat 2 části").dblclick()
        await expect(waiting(page).first).to_contain_text(f"Zpráva odeslána: {EVA_NAMED}")
        await expect(dialog).to_be_hidden()
        await expect(write).to_be_focused()
        (message,) = (await messages(app))[before:]
        assert message["recipient"] == EVA
        assert message["text"] == "Prijdu pozdeji. " * 11
        await write.click()
        await expect(text).to_have_value("")


async def test_a_message_that_is_not_sent_is_kept(app: CardTestApp) -> None:
    """An error is shown in the user's language, and an unclear outcome offers no repetition."""
    async with open_inbox(app, language="cs") as page:
        await miss(app, EVA)
        before = len(await messages(app))
        await the_card(page).get_by_role("button", name="Napsat").click()
        dialog = the_card(page).get_by_role("dialog")
        text = dialog.get_by_role("textbox")
        send = button(dialog, "Odeslat zprávu")
        await text.fill("Přijdu 🐎")
        await expect(dialog.locator(".bad")).to_contain_text("Tyto znaky nelze odeslat: 🐎.")
        await expect(send).to_be_disabled()
        assert await violations(page) == []
        await text.fill("Přijdu")
        await app.exchange.do("set", sms_fails=True)
        await send.click()
        await expect(dialog.locator(".bad")).to_contain_text("SMS brána Odoriku selhala")
        await app.exchange.do("set", sms_fails=False)
        await expect(text).to_have_value("Přijdu")
        await expect(send).to_be_enabled()
        await app.exchange.do("fail", mode="503", path="POST /sms")
        await send.click()
        await expect(dialog.locator(".bad")).to_contain_text("Možná je doručená")
        await expect(text).to_have_value("Přijdu")
        await expect(send).to_be_disabled()
        await text.fill("Přijdu v pět")
        await expect(send).to_be_enabled()
        assert len(await messages(app)) == before


async def test_a_caller_is_ticked_off_after_the_list_is_renamed(app: CardTestApp) -> None:
    """An open card uses the new entity ID."""

    async def rename(entity_id: str, new_entity_id: str) -> None:
        await app.home.command(
            "config/entity_registry/update", entity_id=entity_id, new_entity_id=new_entity_id
        )

    async with open_inbox(app) as page:
        await miss(app, EVA)
        await expect(waiting(page)).to_have_count(1)
        await rename(LIST, "todo.callers")
        try:
            await waiting(page).get_by_role("button", name=f"Done: {EVA_NAMED}").click()
            await expect(waiting(page)).to_have_count(0)
        finally:
            await rename("todo.callers", LIST)


async def test_a_failure_to_tick_off_is_shown(app: CardTestApp) -> None:
    """Home Assistant reports success for an action on an unavailable entity; the card does not."""
    async with open_inbox(app) as page:
        await miss(app, EVA)
        await expect(waiting(page)).to_have_count(1)
        await page.evaluate(MAKE_UNAVAILABLE, LIST)
        await waiting(page).get_by_role("button", name=f"Done: {EVA_NAMED}").click()
        await expect(page.get_by_text("That did not work.").first).to_be_visible()
        await expect(waiting(page)).to_have_count(1)
        assert [item["status"] for item in await list_items(app)] == ["needs_action"]


async def test_a_user_without_permission_cannot_tick_off(app: CardTestApp) -> None:
    """A read-only user sees the callers, without buttons to tick them off or call them back."""
    tokens = await app.add_user("Guest", "system-read-only")
    async with open_inbox(app, tokens=tokens) as page:
        await miss(app, EVA)
        card = the_card(page)
        await expect(card.locator(".history li.missed").first.locator(".due")).to_contain_text(
            EVA_NAMED
        )
        await expect(card.locator(".filters b")).to_have_text("1")
        await expect(card.locator("button.tick, button.back")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "refusal"), [("en", "cannot be changed"), ("cs", "změnit nelze")]
)
async def test_the_dialog_of_an_item_ticks_it_off_and_refuses_a_note(
    app: CardTestApp, language: str, refusal: str
) -> None:
    """Home Assistant's dialog completes an item, and shows why a note cannot be saved."""
    await clear_inbox(app)
    await miss(app, STRANGER)
    await app.home.wait_for_state(LIST, lambda now: now["state"] != "0")
    async with app.visit(
        f"/todo?entity_id={LIST}", language=language, size=(1280, 900), fresh=True
    ) as page:
        await page.get_by_text(STRANGER_SHOWN).first.click()
        dialog = page.locator("dialog-todo-item-editor")
        note, save = dialog.locator("textarea").first, dialog.locator("[slot=primaryAction]").first
        shown = await note.input_value()
        await note.fill("Call her after work")
        await save.click()
        # The dialog shows all errors in English, and a notification shows them in the language.
        await expect(dialog.locator("ha-alert")).to_contain_text("cannot be changed")
        await expect(page.locator("notification-manager")).to_contain_text(refusal)
        await note.fill(shown)
        await dialog.locator("ha-checkbox").click()
        await save.click()
        await expect(dialog.locator("ha-dialog")).to_have_count(0)
    await app.home.wait_for_state(LIST, lambda now: now["state"] == "0")
