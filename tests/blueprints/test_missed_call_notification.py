"""Missed calls on a phone, with a button that calls back."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.world import World
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import (
    HOME,
    JAN,
    MY_NUMBER,
    STRANGER,
    WORKSHOP,
    AddAutomation,
    AddPhone,
    read_history,
    talk_to,
)

pytestmark = pytest.mark.usefixtures("account")

BLUEPRINT = "missed_call_notification"


async def test_the_button_calls_back(
    exchange: RunningExchange, add_phone: AddPhone, add_automation: AddAutomation, tick: Tick
) -> None:
    """Each missed call has a notification, and its button calls that caller back."""
    phone = add_phone("Jana's phone")
    await add_automation(BLUEPRINT, phones=[phone.device_id], caller=MY_NUMBER)
    exchange.world.miss(JAN, line=HOME)
    exchange.world.miss(STRANGER, line=WORKSHOP)
    await read_history(tick)
    first, second = phone.shown
    assert [push["title"] for push in phone.shown] == ["Missed call"] * 2
    assert first["message"].startswith("Jan Novák mobil · +420 777 123 456 · Domov · ")
    assert second["message"].startswith("+420 602 555 123 · Dílna · ")
    assert [action["title"] for action in second["data"]["actions"]] == ["Call back"]
    await phone.press(first)
    (order,) = exchange.requests("/callback")
    assert order.params["recipient"] == JAN
    assert order.params["caller"] == "00420603111222"
    assert order.params["line"] == str(HOME)
    assert phone.shown == [second]
    await phone.press(second)
    assert exchange.requests("/callback")[1].params["recipient"] == STRANGER
    assert phone.shown == []


async def test_the_button_orders_one_callback_for_all_phones_and_automations(
    account: MockConfigEntry,
    exchange: RunningExchange,
    add_phone: AddPhone,
    add_automation: AddAutomation,
    tick: Tick,
) -> None:
    """Pressing a button removes it from the other phones and leaves other automations alone."""
    phones = [add_phone("Jana"), add_phone("Petr 2")]
    await add_automation(
        BLUEPRINT,
        aliases=("ours", "theirs"),
        phones=[phone.device_id for phone in phones],
        caller=MY_NUMBER,
        account=account.entry_id,
        line=str(HOME),
        button="Zavolat zpět",
    )
    exchange.world.miss(JAN, line=HOME)
    await read_history(tick)
    assert [len(phone.shown) for phone in phones] == [2, 2]
    await phones[1].press(phones[1].shown[0])
    assert len(exchange.requests("/callback")) == 1
    # The notification of the other automation remains on each phone.
    assert [len(phone.shown) for phone in phones] == [1, 1]


async def test_the_button_works_after_a_restart(
    account: MockConfigEntry,
    exchange: RunningExchange,
    add_phone: AddPhone,
    add_automation: AddAutomation,
    tick: Tick,
) -> None:
    """The button needs no state of the automation or the integration."""
    phone = add_phone("Jana")
    hass = phone.hass
    await add_automation(BLUEPRINT, phones=[phone.device_id], caller=MY_NUMBER)
    exchange.world.miss(STRANGER, line=HOME)
    await read_history(tick)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "automation.ours"})
    await hass.config_entries.async_reload(account.entry_id)
    await hass.services.async_call("automation", "turn_on", {"entity_id": "automation.ours"})
    await hass.async_block_till_done(wait_background_tasks=True)
    await phone.press(phone.shown[0])
    (order,) = exchange.requests("/callback")
    assert order.params["recipient"] == STRANGER


async def test_a_withheld_number_has_no_button(
    world: World, add_phone: AddPhone, add_automation: AddAutomation, tick: Tick
) -> None:
    """A missed call from a withheld number is shown without a button."""
    phone = add_phone("Jana")
    await add_automation(BLUEPRINT, phones=[phone.device_id], withheld="Skryté číslo")
    world.miss("", line=HOME)
    await read_history(tick)
    (push,) = phone.shown
    assert push["message"].startswith("Skryté číslo · Domov · ")
    assert "actions" not in push["data"]


async def test_a_failed_callback_is_reported(
    exchange: RunningExchange, add_phone: AddPhone, add_automation: AddAutomation, tick: Tick
) -> None:
    """A callback that fails is not repeated, and the phone says that it failed."""
    phone = add_phone("Jana")
    await add_automation(BLUEPRINT, phones=[phone.device_id], caller=MY_NUMBER)
    exchange.world.miss(JAN, line=HOME)
    await read_history(tick)
    exchange.fail("callback_failed", path="/callback")
    await phone.press(phone.shown[0])
    assert len(exchange.requests("/callback")) == 1
    (push,) = phone.shown
    assert push["message"].startswith("The callback may not have been ordered.")


async def test_a_notification_is_removed_after_a_conversation(
    exchange: RunningExchange, add_phone: AddPhone, add_automation: AddAutomation, tick: Tick
) -> None:
    """Talking to a caller removes all notifications of that caller, and no others."""
    phones = [add_phone("Jana"), add_phone("Petr 2")]
    await add_automation(BLUEPRINT, phones=[phone.device_id for phone in phones])
    for number in (JAN, STRANGER, "", JAN):
        exchange.world.miss(number, line=HOME)
    await read_history(tick)
    assert [len(phone.shown) for phone in phones] == [3, 3]
    await talk_to(exchange.world, tick, JAN)
    messages = [[push["message"][:16] for push in phone.shown] for phone in phones]
    assert messages == [["+420 602 555 123", "Withheld number "]] * 2
    assert exchange.requests("/callback") == []
