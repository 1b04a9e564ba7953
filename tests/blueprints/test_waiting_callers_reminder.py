"""A reminder of the callers who are waiting to be called back."""

from datetime import timedelta

from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.worlds import GATE_NUMBER

from .conftest import HOME, JAN, MINE, MY_NUMBER, STRANGER, Harness, Phone

MISSED_CALLS = "todo.odorik_1234567_missed_calls"


@pytest.fixture
async def phone(harness: Harness, account: MockConfigEntry) -> Phone:  # noqa: ARG001
    """A phone that was reminded in the evening of two callers and a withheld number.

    Another caller rang at a gate, which is not a missed call.
    """
    harness.hass.states.async_set("person.jana", "not_home")
    inputs = {"list": MISSED_CALLS, "caller": MY_NUMBER, "people": ["person.jana"]}
    (phone,) = await harness.add_phones("waiting_callers_reminder", **inputs)
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    harness.world.miss("00420737404808", GATE_NUMBER)
    for number in (JAN, JAN, STRANGER, ""):
        harness.world.miss(number, line=HOME)
    await harness.read_history()
    assert phone.shown == []
    evening = dt_util.now().replace(hour=18, minute=0, second=0, microsecond=0)
    harness.freezer.move_to(evening + timedelta(days=1, seconds=-1))
    await harness.tick(2)
    return phone


async def test_each_waiting_caller_has_a_notification(phone: Phone) -> None:
    """A withheld number can be ticked off but not called back."""
    assert [push["title"] for push in phone.shown] == ["Waiting to be called back"] * 3
    assert [push["message"].split(" · ")[0] for push in phone.shown] == [
        "Withheld number",
        "+420 602 555 123",
        "Jan Novák mobil (2\N{MULTIPLICATION SIGN})",
    ]
    assert [[button["title"] for button in push["data"]["actions"]] for push in phone.shown] == [
        ["Done"],
        ["Call back", "Done"],
        ["Call back", "Done"],
    ]


async def test_the_buttons_tick_off_and_call_back(harness: Harness, phone: Phone) -> None:
    """A caller is ticked off by *Done* at once, but by *Call back* only when they are reached."""
    withheld, stranger, jan = phone.shown
    await phone.press(withheld, "Done")
    await phone.press(stranger, "Done")
    assert harness.is_state(MISSED_CALLS, "1")
    assert phone.shown == [jan]
    await phone.press(jan, "Call back")
    assert harness.callbacks == [(JAN, MINE)]
    assert phone.shown == []
    assert harness.is_state(MISSED_CALLS, "1")
    for _ in ("my leg", "the recipient's leg"):
        await harness.tick(5)
        harness.world.answer()
    await harness.tick(20)
    harness.world.end()
    await harness.read_history()
    assert harness.is_state(MISSED_CALLS, "0")


async def test_a_notification_is_removed_when_its_item_is_done(
    harness: Harness, phone: Phone
) -> None:
    """It makes no difference whether the item is done by a call, ticked off or deleted."""
    await harness.talk_to(JAN)
    assert len(phone.shown) == 2
    item = {"item": "withheld", "status": "completed"}
    await harness.call("todo.update_item", entity_id=MISSED_CALLS, **item)
    await harness.call("todo.remove_item", entity_id=MISSED_CALLS, item="+420602555123")
    await harness.hass.async_block_till_done()
    assert phone.shown == []


async def test_coming_home_reminds(harness: Harness, phone: Phone) -> None:
    """A person who becomes available at home has not just come home."""
    await harness.talk_to(JAN)
    before = len(phone.pushed)
    for state in ("home", "unavailable", "home"):
        harness.hass.states.async_set("person.jana", state)
        await harness.hass.async_block_till_done()
    assert len(phone.pushed) == before + 2
    waiting = ["withheld", "+420602555123"]
    await harness.call("todo.remove_item", entity_id=MISSED_CALLS, item=waiting)
    harness.hass.states.async_set("person.jana", "not_home")
    harness.hass.states.async_set("person.jana", "home")
    await harness.hass.async_block_till_done()
    assert phone.shown == []


async def test_a_failed_callback_is_reported(harness: Harness, phone: Phone) -> None:
    """A callback that fails is not repeated, and the phone says that it failed."""
    harness.exchange.fail("callback_failed", path="/callback")
    await phone.press(phone.shown[-1], "Call back")
    assert len(harness.callbacks) == 1
    assert phone.shown[-1]["message"].startswith("The callback may not have been ordered.")
