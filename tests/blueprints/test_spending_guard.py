"""Reports of the spending guard on a phone, with a button that allows the number."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.accounts import set_up

from .conftest import HOME, WORKSHOP, Harness

BLUEPRINT = "spending_guard"
PREMIUM, DEAR = "00420906123456", "00420777123456"
SPACED = "+420 906 123 456"


@pytest.fixture(name="guarded")
async def guarded_account(harness: Harness, entry: MockConfigEntry) -> MockConfigEntry:
    """An account whose guard hangs up."""
    assert await set_up(harness.hass, entry, spending_guard="hang_up")
    return entry


@pytest.mark.usefixtures("guarded")
async def test_the_notification_contains_the_call_the_rule_and_the_outcome(
    harness: Harness,
) -> None:
    """Each number has a notification of its own."""
    (phone,) = await harness.add_phones(BLUEPRINT)
    harness.world.dial(PREMIUM, line=HOME)
    harness.world.dial(DEAR, line=WORKSHOP).price_per_minute = 12.5
    await harness.tick(10)
    first, second = phone.shown
    assert [push["title"] for push in phone.shown] == ["Expensive call hung up"] * 2
    assert first["message"].startswith(f"{SPACED} · Domov · ")
    assert first["message"].endswith(" · Forbidden prefix +420906")
    assert second["message"].startswith("Jan Novák mobil · +420 777 123 456 · Dílna · ")
    assert second["message"].endswith(" · 12.5 CZK per minute, limit 10")


@pytest.mark.usefixtures("guarded")
async def test_the_button_allows_the_number(harness: Harness, guarded: MockConfigEntry) -> None:
    """The next call to the number goes on; the notification disappears from all phones."""
    phones = await harness.add_phones(BLUEPRINT, "Jana", "Petr 2")
    harness.world.dial(PREMIUM, line=HOME)
    harness.world.dial(DEAR, line=HOME).price_per_minute = 12.5
    await harness.tick(10)
    (push, other) = phones[1].shown
    assert [action["title"] for action in push["data"]["actions"]] == ["Allow this number"]
    assert all(action["authenticationRequired"] for action in push["data"]["actions"])
    await phones[1].press(push)
    assert guarded.options["guard_allowed"] == ["+420906123456"]
    assert [phone.shown for phone in phones] == [[other], [other]]
    call = harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    await harness.tick(3)
    assert call.id in harness.world.active


async def test_the_button_works_after_a_restart(harness: Harness, guarded: MockConfigEntry) -> None:
    """The button needs no state of the automation or the integration."""
    (phone,) = await harness.add_phones(BLUEPRINT)
    harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    await harness.restart_automation(guarded)
    await phone.press(phone.shown[0])
    assert guarded.options["guard_allowed"] == ["+420906123456"]


async def test_a_number_that_cannot_be_allowed_is_reported(
    harness: Harness, guarded: MockConfigEntry
) -> None:
    """The phone says so if the account has been removed meanwhile."""
    (phone,) = await harness.add_phones(BLUEPRINT)
    harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    (push,) = phone.shown
    await harness.hass.config_entries.async_remove(guarded.entry_id)
    await phone.press(push)
    (failure,) = phone.shown
    assert failure["message"] == "The number could not be allowed: 00420906123456"


@pytest.mark.usefixtures("guarded")
async def test_two_automations_have_buttons_of_their_own(harness: Harness) -> None:
    """Pressing the button of one automation leaves the notification of the other one alone."""
    (phone,) = await harness.add_phones(BLUEPRINT, aliases=("ours_2", "ours"))
    harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    assert len(phone.shown) == 2
    await phone.press(phone.shown[0])
    assert len(phone.shown) == 1


@pytest.mark.usefixtures("guarded")
async def test_a_success_replaces_the_failure_before_it(harness: Harness) -> None:
    """A hang-up that fails is tried again; the phone shows how it ended."""
    (phone,) = await harness.add_phones(BLUEPRINT)
    harness.exchange.fail("500", path="DELETE", times=0)
    harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    assert [push["title"] for push in phone.shown] == ["Expensive call could not be hung up"]
    harness.exchange.exchange.faults.clear()
    await harness.tick(3)
    await harness.tick(3)
    assert [push["title"] for push in phone.shown] == ["Expensive call hung up"]
    assert len(phone.pushed) == 2


CALL = {
    "config_entry_id": "01ABC",
    "number": "+420777123456",
    "name": None,
    "line": HOME,
    "line_name": None,
    "started_at": None,
    "outcome": "warned",
}
LIMITS: tuple[dict[str, Any], ...] = (
    {"rule": "call_cost", "limit": 50, "value": 50.12},
    {"rule": "call_duration", "limit": 120, "value": 120.0333},
    {"rule": "parallel_calls", "limit": 2, "value": 3},
    {"rule": "hour_cost", "limit": 50.0, "value": 51.5},
    {"rule": "day_cost", "limit": 200.0, "value": 200.5},
)
ENGLISH = (
    "Has cost 50.12 CZK, limit 50",
    "Has lasted 120.03 minutes, limit 120",
    "3 expensive calls at once, limit 2",
    "51.5 CZK within an hour, limit 50",
    "200.5 CZK today, limit 200",
)
CZECH = (
    "Zatím stojí 50,12 Kč, limit 50",
    "Trvá 120,03 min, limit 120",
    "Drahých hovorů najednou: 3, limit 2",
    "Za hodinu už 51,5 Kč, limit 50",
    "Dnes už 200,5 Kč, limit 200",
)


@pytest.mark.parametrize(
    ("language", "title", "reasons"),
    [("en", "Expensive call", ENGLISH), ("cs", "Drahý hovor", CZECH)],
    ids=["en", "cs"],
)
async def test_every_rule_has_a_text(
    harness: Harness, language: str, title: str, reasons: tuple[str, ...]
) -> None:
    """The limit and the value are in the language of the automation."""
    (phone,) = await harness.add_phones(BLUEPRINT, language=language)
    for data, reason in zip(LIMITS, reasons, strict=True):
        harness.hass.bus.async_fire("odorik_spending_guard", CALL | data)
        await harness.tick(1)
        push = phone.pushed[-1].data
        assert push["title"] == title
        assert push["message"].endswith(f" · {reason}")


async def test_only_the_chosen_calls_are_sent(harness: Harness, guarded: MockConfigEntry) -> None:
    """Outcomes and accounts that were not chosen send nothing."""
    (phone,) = await harness.add_phones(BLUEPRINT, outcomes=["warned"], account=guarded.entry_id)
    harness.world.dial(PREMIUM, line=HOME)
    await harness.tick(10)
    assert phone.pushed == []
    for entry_id in ("01ABC", guarded.entry_id):
        data = CALL | LIMITS[0] | {"config_entry_id": entry_id}
        harness.hass.bus.async_fire("odorik_spending_guard", data)
    await harness.tick(1)
    assert len(phone.pushed) == 1
