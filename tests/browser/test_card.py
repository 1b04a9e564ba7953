"""Tests of the card with Home Assistant and the exchange."""

from datetime import datetime, timedelta
import re
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Page, WebSocket, expect
import pytest

from .conftest import ACTIVE_CALLS, EMPTY_PANEL, MARKUP, RECORDS, CardTestApp, navigate
from .page import (
    CARD,
    EVA_NAMED,
    GRANNY,
    GRANNY_NAMED,
    HIGH_CARD,
    JAN,
    JAN_NAMED,
    active_calls,
    button,
    rows,
    suggestions,
    the_card,
    violations,
    wait_for_history,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

COUNT_UPDATES = """\
row => {
  const prototype = row.constructor.prototype, update = prototype.performUpdate;
  window.updates = 0;
  prototype.performUpdate = function () { window.updates++; return update.call(this); };
}"""
"""Count how often any row of the history is rendered."""
NOT_MISSED = ".list li:not(.missed):not(.day), .history ul li:not(.missed):not(.day)"


async def test_a_call_is_shown_answered_and_hung_up(app: CardTestApp) -> None:
    """A call can be hung up after a confirmation, with the keyboard or the mouse."""
    path = await app.save_cards(CARD)
    async with app.visit(path) as page:
        await wait_for_history(page)
        shown = await rows(page).count()
        ringing = await app.simulate("ring", **{"from": JAN})
        call = active_calls(page)
        await expect(call).to_contain_text(JAN_NAMED)
        await expect(call).to_contain_text("Incoming call")
        await expect(the_card(page).get_by_role("alert")).to_have_text(
            f"Incoming call: {JAN_NAMED}"
        )
        clock = call.get_by_role("timer")
        await expect(clock).not_to_have_text(await clock.inner_text())
        await app.simulate("answer", id=ringing["id"])
        await expect(call).not_to_have_class("ringing")
        await page.keyboard.press("Tab")
        await call.get_by_role("button", name=f"Hang up: {JAN_NAMED}").press("Enter")
        await expect(call.get_by_text("End this call?")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(call.get_by_text("End this call?")).to_be_hidden()
        await hang_up(page)
        assert (await app.exchange.account())["active_calls"] == []
        await expect(rows(page).first).to_contain_text(JAN_NAMED)
        # The list does not grow on a page that stays open.
        await expect(rows(page)).to_have_count(shown)


async def hang_up(page: Page) -> None:
    """Hang up the only call, and wait until the card has removed it."""
    await active_calls(page).get_by_role("button", name="Hang up").click()
    await button(active_calls(page), "Hang up").click()
    await expect(active_calls(page)).to_have_count(0)


async def test_a_missed_call_is_called_back_once(app: CardTestApp) -> None:
    """A double click on *Call* orders one callback."""
    path = await app.save_cards(CARD)
    async with app.visit(path, size=(800, 900)) as page:
        await wait_for_history(page)
        ringing = await app.simulate("ring", **{"from": GRANNY})
        await expect(active_calls(page)).to_contain_text(GRANNY_NAMED)
        await app.simulate("end", id=ringing["id"])
        first = the_card(page).locator("li.missed").first
        await expect(first).to_contain_text(GRANNY_NAMED)
        before = len(await app.callbacks())
        await first.get_by_role("button", name=f"Call back: {GRANNY_NAMED}").click()
        await expect(first).to_contain_text("Which phone should ring first?")
        await page.keyboard.type("dom")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await button(first, "Call").dblclick()
        await expect(first).to_contain_text("Domov rings first")
        (order,) = (await app.callbacks())[before:]
        assert (order["caller"], order["recipient"]) == ("300100", GRANNY)


async def test_a_contact_is_dialled(app: CardTestApp) -> None:
    """A contact is found without accents; an order that fails shows an error."""
    path = await app.save_cards(CARD)
    async with app.visit(path, language="cs", size=(800, 900)) as page:
        await wait_for_history(page)
        card = the_card(page)
        number = card.get_by_role("combobox", name="Číslo nebo kontakt")
        await number.fill("ruzena")
        await expect(suggestions(page)).to_have_count(1)
        await suggestions(page).click()
        await card.get_by_role("combobox", name="Nejdřív zazvoní").fill("300110")
        await card.get_by_label("Linka").select_option("Dílna")
        await button(card, "Zavolat").click()
        form = card.get_by_role("form")
        await expect(form).to_contain_text(f"po zvednutí vás spojíme: {GRANNY_NAMED}")
        order = (await app.callbacks())[-1]
        assert (order["caller"], order["recipient"], order["line"]) == ("300110", GRANNY, 300110)
        await app.exchange.do("set", callback_fails=True)
        await number.fill("+420 602 987 654")
        await expect(button(card, "Zavolat")).to_be_enabled()
        await button(card, "Zavolat").click()
        await expect(form.locator(".said.bad")).to_be_visible()
        await app.exchange.do("set", callback_fails=False)


async def test_a_number_is_dialled_with_the_keyboard(app: CardTestApp) -> None:
    """Enter submits the form, and asks for the phone that is to ring first."""
    path = await app.save_cards(CARD)
    async with app.visit(path) as page:
        await wait_for_history(page)
        before = len(await app.callbacks())
        card = the_card(page)
        form = card.get_by_role("form")
        await card.get_by_role("combobox", name="Number or contact").focus()
        await page.keyboard.type("777 123 456")
        await page.keyboard.press("Enter")
        await expect(form).to_contain_text("Which phone should ring first?")
        await expect(card.get_by_role("combobox", name="Ring first")).to_be_focused()
        await page.keyboard.type("300110")
        await page.keyboard.press("Enter")
        await expect(form).to_contain_text("300110 rings first")
        await page.keyboard.press("Enter")
        (order,) = (await app.callbacks())[before:]
        assert (order["caller"], order["recipient"]) == ("300110", JAN)


async def test_the_history_is_paged_filtered_and_searched(app: CardTestApp) -> None:
    """All calls can be loaded, filtered by missed calls, and searched without accents."""
    path = await app.save_cards(HIGH_CARD)
    async with app.visit(path) as page:
        await wait_for_history(page)
        card = the_card(page)
        more = card.get_by_role("button", name="Show more")
        shown = await rows(page).count()
        while await more.count():
            await more.click()
            await expect(rows(page).nth(shown)).to_be_attached()
            await expect(card.get_by_text("Loading")).to_have_count(0)
            shown = await rows(page).count()
        records = (await app.exchange.account())["records"]
        assert 200 <= shown <= records
        assert records >= RECORDS
        await button(card, "Missed").click()
        await expect(card.locator(".history ul li.missed").first).to_be_visible()
        await expect(card.locator(NOT_MISSED)).to_have_count(0)
        await expect(button(card, "Missed")).to_have_attribute("aria-pressed", "true")
        await button(card, "All").click()
        await card.get_by_role("searchbox").fill("stastny")
        await expect(card.locator(".entry .name", has_not_text="Šťastný")).to_have_count(0)
        await expect(rows(page).first).to_contain_text("MUDr. Šťastný & sestra")
        await card.get_by_role("searchbox").fill("no such name")
        await expect(card).to_contain_text("No matching calls")


async def test_the_calls_of_a_contact_are_shown(app: CardTestApp) -> None:
    """An active call and a row of the history lead to all calls with the contact."""
    path = await app.save_cards(HIGH_CARD)
    async with app.visit(path, size=(700, 900)) as page:
        await wait_for_history(page)
        card = the_card(page)
        names = card.locator(".entry .name")
        await app.simulate("ring", **{"from": JAN})
        await button(active_calls(page), f"Calls with {JAN_NAMED}").click()
        leave = card.get_by_role("button", name="Show all calls")
        await expect(leave).to_be_focused()
        await expect(names.filter(has_not_text=JAN_NAMED)).to_have_count(0)
        await expect(rows(page).first).to_contain_text(JAN_NAMED)
        await expect(card.get_by_role("searchbox")).to_have_count(0)
        assert await violations(page) == []
        await button(card, "Missed").click()
        others = card.locator(".history li:not(.missed):not(.day)")
        await expect(others).to_have_count(0)
        await leave.press("Enter")
        await expect(card.get_by_role("searchbox")).to_be_focused()
        await button(card, "All").click()
        # The missed calls are shown until the others have been read.
        await expect(others).not_to_have_count(0)
        row = card.locator(".history li").filter(has_text=EVA_NAMED).first
        await row.locator(".entry button").first.click()
        await button(row, f"Calls with {EVA_NAMED}").click()
        await expect(names.filter(has_not_text=EVA_NAMED)).to_have_count(0)
        await expect(rows(page)).not_to_have_count(0)


async def test_a_name_is_never_used_as_markup(app: CardTestApp) -> None:
    """A contact's name with HTML is shown as text in calls, the history and suggestions."""
    path = await app.save_cards(CARD)
    async with app.visit(path) as page:
        await wait_for_history(page)
        await app.simulate("ring", **{"from": "00420608666666"})
        await expect(active_calls(page)).to_contain_text(MARKUP)
        await app.simulate("end")
        await expect(rows(page).first).to_contain_text(MARKUP)
        await the_card(page).get_by_role("combobox").first.fill("<img")
        await expect(suggestions(page)).to_contain_text(MARKUP)
        assert await the_card(page).locator("img").count() == 0


async def test_a_user_who_is_not_an_administrator_can_use_the_card(app: CardTestApp) -> None:
    """A normal user sees the history and the figures, and can hang up."""
    tokens = await app.add_user("Anna", "system-users")
    path = await app.save_cards(CARD)
    async with app.visit(path, tokens=tokens) as page:
        await wait_for_history(page)
        await app.simulate("ring", **{"from": JAN})
        await hang_up(page)
        await expect(the_card(page).locator(".figure")).to_have_count(3)


async def test_the_card_shows_that_an_account_is_missing_or_disabled(app: CardTestApp) -> None:
    """The card recovers when the account is enabled again."""
    path = await app.save_cards(CARD, {**CARD, "config_entry_id": "unknown"})

    async def disable(by: str | None) -> None:
        await app.home.command("config_entries/disable", entry_id=app.entry_id, disabled_by=by)

    async with app.visit(path) as page:
        await wait_for_history(page)
        await expect(the_card(page).nth(1)).to_contain_text("There is no Odorik account")
        await disable("user")
        await expect(the_card(page).first).to_contain_text("is not loaded")
        await disable(None)
        await wait_for_history(page)
        await app.home.reload(app.entry_id)
        await app.simulate("ring", **{"from": JAN})
        await expect(active_calls(page)).to_contain_text(JAN_NAMED)


async def test_the_card_is_suggested_and_edited(app: CardTestApp) -> None:
    """The card can be added and configured without YAML."""
    path = await app.save_cards({"type": "clock"})
    async with app.visit(f"{path}?edit=1", fresh=True) as page:
        section = page.locator("hui-grid-section")
        await section.get_by_role("button", name="Add card").click()
        await page.locator("hui-suggestion-entity-tree input").fill("active calls")
        await page.get_by_text("Active calls", exact=True).first.click()
        suggestion = page.locator("hui-suggestion-card").filter(has=the_card(page))
        await expect(suggestion).to_have_count(1)
        await suggestion.scroll_into_view_if_needed()
        await suggestion.click()
        await expect(section.locator("odorik-calls-card")).to_have_count(1)
        # A click on the card edits it, but not until the animation of the dialog has ended.
        form = page.locator("hui-form-editor")
        for _ in range(10):
            if await form.count():
                break
            await section.locator("odorik-calls-card").click(force=True)
            await page.wait_for_timeout(1000)
        await form.get_by_role("textbox", name="Title").fill("Phone calls")
        await form.get_by_text("Credit", exact=True).click()
        preview = page.locator("hui-dialog-edit-card odorik-calls-card")
        await expect(preview).to_contain_text("Phone calls")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("button", name="Done").click()
        await expect(the_card(page).get_by_role("heading")).to_have_text("Phone calls")
        await expect(the_card(page).locator(".figure")).to_have_count(2)


async def test_parts_of_the_card_can_be_hidden(app: CardTestApp) -> None:
    """The options hide figures and the dial form, and set a title."""
    hidden = {"title": "Doma", "hide": ["balance", "cost_this_month", "dial"]}
    path = await app.save_cards(CARD | hidden)
    async with app.visit(path) as page:
        await wait_for_history(page)
        card = the_card(page)
        await expect(card.locator(".figure")).to_have_count(1)
        await expect(card.locator(".figure")).to_contain_text("Missed today")
        await expect(card.get_by_role("combobox")).to_have_count(0)
        await expect(card.get_by_role("heading", name="Doma")).to_be_visible()


async def test_a_card_out_of_view_sends_no_requests(app: CardTestApp) -> None:
    """The card subscribes to the calls when it comes into view, and unsubscribes when it leaves."""
    tall = {"type": "markdown", "content": "…", "grid_options": {"rows": 60, "columns": "full"}}
    path = await app.save_cards(tall, CARD, columns=1)
    sent: list[str] = []
    sockets: list[WebSocket] = []

    def listen(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    def requests() -> list[str]:
        return [frame for frame in sent if "odorik/" in frame]

    async def wait_for_ping() -> None:
        """Wait until the page has been rendered and all requests before have been answered."""
        await page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            ".then(() => document.querySelector('home-assistant').hass.connection.ping())"
        )

    async with app.visit(EMPTY_PANEL, fresh=True) as page:
        page.on("websocket", listen)
        await page.goto(app.home.url + path)
        await expect(the_card(page)).to_be_attached()
        await wait_for_ping()
        assert requests() == []
        await the_card(page).evaluate("card => card.scrollIntoView()")
        await wait_for_history(page)
        assert sum("odorik/subscribe" in frame for frame in sent) == 1
        async with sockets[-1].expect_event(
            "framesent", lambda frame: "unsubscribe_events" in str(frame)
        ):
            await page.evaluate("window.scrollTo(0, 0)")
        before = requests()
        await app.simulate("ring", **{"from": JAN})
        await page.wait_for_function(
            "id => document.querySelector('home-assistant').hass.states[id].state === '1'",
            arg=ACTIVE_CALLS,
        )
        await wait_for_ping()
        assert requests() == before
        assert await active_calls(page).count() == 0
        await the_card(page).evaluate("card => card.scrollIntoView()")
        await expect(active_calls(page)).to_contain_text(JAN_NAMED)


async def test_an_update_of_a_call_does_not_render_the_history(app: CardTestApp) -> None:
    """Answering a call renders none of 200 rows again, which a slow tablet could not do in time."""
    path = await app.save_cards(CARD)
    async with app.visit(path, fresh=True) as page:
        for count in (50, 100, 150, 200):
            await expect(rows(page).nth(count - 1)).to_be_attached()
            if count < 200:
                await the_card(page).get_by_role("button", name="Show more").click()
        ringing = await app.simulate("ring", **{"from": JAN})
        await expect(active_calls(page)).to_have_count(1)
        await the_card(page).locator("odorik-history-row").first.evaluate(COUNT_UPDATES)
        await app.simulate("answer", id=ringing["id"])
        await expect(active_calls(page)).not_to_have_class("ringing")
        assert await page.evaluate("updates") == 0
        await app.end_calls()
        await expect(active_calls(page)).to_have_count(0)
        # The count works: the finished call is added to the history.
        await page.wait_for_function("updates > 0")


async def test_the_card_recovers_from_a_lost_connection(app: CardTestApp) -> None:
    """After a restart of Home Assistant the card shows calls again without being reloaded."""
    path = await app.save_cards(CARD)
    async with app.visit(path, fresh=True) as page:
        await wait_for_history(page)
        card = the_card(page)
        # Load the module for notifications, since it cannot be loaded without a connection.
        await page.evaluate(
            "document.querySelector('home-assistant').dispatchEvent("
            "new CustomEvent('hass-notification', {detail: {message: 'Hello'}}))"
        )
        await expect(page.get_by_text("Hello").first).to_be_visible()
        await app.home.stop()
        try:
            await expect(card).to_contain_text("No connection to Home Assistant")
            await expect(button(card, "Call")).to_be_disabled()
            await app.exchange.do("miss", **{"from": "00420601234567"})
        finally:
            await app.home.start()
        await expect(card).not_to_contain_text("No connection", timeout=60_000)
        await expect(card).to_contain_text("+420 601 234 567")
        await app.simulate("ring", **{"from": JAN})
        await expect(active_calls(page)).to_contain_text(JAN_NAMED)
    app.problems.clear()


async def test_the_heading_of_a_day_changes_at_midnight(app: CardTestApp) -> None:
    """*Today* becomes *Yesterday* without an update from Home Assistant."""
    path = await app.save_cards(CARD)
    now = datetime.now(ZoneInfo("Europe/Prague"))
    today = "sensor.odorik_1234567_missed_calls_today"
    before = (await app.home.state(today))["state"]
    await app.simulate("miss", **{"from": GRANNY})
    # The last update of an entity on the card.
    await app.home.wait_for_state(today, lambda state: state["state"] != before)
    async with app.visit(EMPTY_PANEL, fresh=True) as page:
        # This stops the time of day, but not timers.
        await page.clock.set_fixed_time(now.replace(hour=23, minute=59, second=59))
        await navigate(page, path)
        first = the_card(page).locator(".day").first
        await expect(first).to_have_text("Today")
        await page.clock.set_fixed_time(now.replace(hour=0, minute=0) + timedelta(days=1))
        await expect(first).to_have_text("Yesterday")


async def test_prices_ignore_the_settings_of_the_credit_entity(app: CardTestApp) -> None:
    """The precision and name of an entity affect its figure, not the prices of calls."""
    path = await app.save_cards(CARD)
    credit, renamed = "sensor.odorik_1234567_credit", "sensor.odorik"

    async def update(entity_id: str, **changes: Any) -> None:
        await app.home.command("config/entity_registry/update", entity_id=entity_id, **changes)

    async with app.visit(path) as page:
        await wait_for_history(page)
        prices = the_card(page).locator(".entry .meta .sub", has_text="CZK")
        before = await prices.first.inner_text()
        assert re.search(r"\d\.\d\d", before)
        await update(credit, new_entity_id=renamed)
        try:
            await update(renamed, options_domain="sensor", options={"display_precision": 0})
            figures = the_card(page).locator(".figure")
            await expect(figures.first).to_have_text(re.compile(r"\s*Credit\s*CZK\s500\s*"))
            await expect(prices.first).to_have_text(before)
        finally:
            await update(renamed, options_domain="sensor", options=None)
            await update(renamed, new_entity_id=credit)


@pytest.mark.parametrize("is_encrypted", [True, False], ids=["https", "http"])
async def test_a_number_is_copied(app: CardTestApp, *, is_encrypted: bool) -> None:
    """A number is copied over HTTPS and HTTP; only the former has the clipboard API."""
    path = await app.save_cards(CARD)
    async with app.visit(path, language="cs", fresh=True) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await wait_for_history(page)
        if not is_encrypted:
            await page.evaluate("navigator.clipboard.writeText = undefined")
        row = the_card(page).locator(".history li").filter(has_text=GRANNY_NAMED).first
        await row.locator(".entry button").first.click()
        await row.get_by_role("button", name="Kopírovat číslo").click()
        await expect(page.get_by_text("Zkopírováno: +420733555111").first).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == "+420733555111"
