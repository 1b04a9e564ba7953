"""Missed calls on a phone, with a button that calls back."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.worlds import GATE_NUMBER

from .conftest import HOME, JAN, MINE, MY_NUMBER, STRANGER, WORKSHOP, Harness

pytestmark = pytest.mark.usefixtures("account")

BLUEPRINT = "missed_call_notification"


async def test_the_button_calls_back(harness: Harness) -> None:
    """Each missed call has a notification, and its button calls that caller back."""
    (phone,) = await harness.add_phones(BLUEPRINT, "Jana's phone", caller=MY_NUMBER)
    harness.world.miss(JAN, line=HOME)
    harness.world.miss(STRANGER, line=WORKSHOP)
    await harness.read_history()
    first, second = phone.shown
    assert [push["title"] for push in phone.shown] == ["Missed call"] * 2
    assert first["message"].startswith("Jan Novák mobil · +420 777 123 456 · Domov · ")
    assert second["message"].startswith("+420 602 555 123 · Dílna · ")
    assert [action["title"] for action in second["data"]["actions"]] == ["Call back"]
    await phone.press(first)
    assert harness.exchange.requests("/callback")[0].params["line"] == str(HOME)
    assert phone.shown == [second]
    await phone.press(second)
    assert harness.callbacks == [(JAN, MINE), (STRANGER, MINE)]
    assert phone.shown == []


async def test_the_button_orders_one_callback_for_all_phones_and_automations(
    harness: Harness, account: MockConfigEntry
) -> None:
    """Pressing a button removes it from the other phones and leaves other automations alone."""
    phones = await harness.add_phones(
        BLUEPRINT,
        *("Jana", "Petr 2"),
        aliases=("ours_2", "ours"),
        caller=MY_NUMBER,
        account=account.entry_id,
        line=str(HOME),
        button="Zavolat zpět",
    )
    harness.world.miss(JAN, line=HOME)
    await harness.read_history()
    assert [len(phone.shown) for phone in phones] == [2, 2]
    await phones[1].press(phones[1].shown[0])
    assert len(harness.callbacks) == 1
    # The notification of the other automation remains on each phone.
    assert [len(phone.shown) for phone in phones] == [1, 1]


async def test_the_button_works_after_a_restart(harness: Harness, account: MockConfigEntry) -> None:
    """The button needs no state of the automation or the integration."""
    (phone,) = await harness.add_phones(BLUEPRINT, caller=MY_NUMBER)
    harness.world.miss(STRANGER, line=HOME)
    await harness.read_history()
    await harness.restart_automation(account)
    await phone.press(phone.shown[0])
    assert harness.callbacks == [(STRANGER, MINE)]


async def test_a_withheld_number_has_no_button(harness: Harness) -> None:
    """A missed call from a withheld number is shown without a button."""
    (phone,) = await harness.add_phones(BLUEPRINT, withheld="Skryté číslo")
    harness.world.miss("", line=HOME)
    await harness.read_history()
    (push,) = phone.shown
    assert push["message"].startswith("Skryté číslo · Domov · ")
    assert "actions" not in push["data"]


async def test_a_failed_callback_is_reported(harness: Harness) -> None:
    """A callback that fails is not repeated, and the phone says that it failed."""
    (phone,) = await harness.add_phones(BLUEPRINT, caller=MY_NUMBER)
    harness.world.miss(JAN, line=HOME)
    await harness.read_history()
    harness.exchange.fail("callback_failed", path="/callback")
    await phone.press(phone.shown[0])
    assert len(harness.callbacks) == 1
    (push,) = phone.shown
    assert push["message"].startswith("The callback may not have been ordered.")


async def test_a_notification_is_removed_after_a_conversation(harness: Harness) -> None:
    """Talking to a caller removes all notifications of that caller, and no others."""
    phones = await harness.add_phones(BLUEPRINT, "Jana", "Petr 2")
    for number in (JAN, STRANGER, "", JAN):
        harness.world.miss(number, line=HOME)
    await harness.read_history()
    assert [len(phone.shown) for phone in phones] == [3, 3]
    await harness.talk_to(JAN)
    messages = [[push["message"][:16] for push in phone.shown] for phone in phones]
    assert messages == [["+420 602 555 123", "Withheld number "]] * 2
    assert harness.callbacks == []


async def test_a_ring_at_a_gate_is_no_missed_call(harness: Harness) -> None:
    """Only the call to a line has a notification."""
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    (phone,) = await harness.add_phones(BLUEPRINT)
    for source in (JAN, STRANGER, ""):
        harness.world.ring(source, GATE_NUMBER, end_after=20)
        await harness.tick(10)
        await harness.tick(10)
    harness.world.miss(STRANGER, line=HOME)
    await harness.read_history()
    (push,) = phone.pushed
    assert push.data["message"].startswith("+420 602 555 123 · Domov · ")
