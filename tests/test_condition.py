"""Test the conditions."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from .accounts import HOME, WORKSHOP, set_up
from .conftest import Tick
from .exchange import RunningExchange

pytestmark = pytest.mark.usefixtures("freezer")


async def is_met(hass: HomeAssistant, kind: str, **options: Any) -> bool:
    """Return whether a condition is met, as in a script."""
    config = {"condition": f"odorik.{kind}", "options": options}
    valid = await condition.async_validate_condition_config(hass, config)
    checker = await condition.async_from_config(hass, valid)
    try:
        return bool(checker.async_check())
    finally:
        checker.async_unload()


async def test_a_call_is_ringing_and_then_in_progress(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Each condition is met only during its part of a call, and only for its options."""
    for kind in ("is_ringing", "is_in_call"):
        assert not await is_met(hass, kind)
    exchange.world.ring(line=HOME)
    await tick(10)
    assert await is_met(hass, "is_ringing")
    assert await is_met(hass, "is_ringing", line=HOME, config_entry_id=account.entry_id)
    assert await is_met(hass, "is_ringing", line=float(HOME))
    assert not await is_met(hass, "is_ringing", line=WORKSHOP)
    assert await is_met(hass, "is_ringing", direction="in")
    assert not await is_met(hass, "is_ringing", direction="out")
    assert not await is_met(hass, "is_ringing", config_entry_id="01ANOTHER")
    assert not await is_met(hass, "is_in_call")
    exchange.world.answer()
    await tick(3)
    assert not await is_met(hass, "is_ringing")
    assert await is_met(hass, "is_in_call", line=HOME)
    assert not await is_met(hass, "is_in_call", line=WORKSHOP)
    exchange.world.end()
    await tick(3)
    assert not await is_met(hass, "is_in_call")


async def test_an_unknown_state_does_not_meet_the_condition(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """A call does not seem to last when the connection is lost or the account is unloaded."""
    exchange.world.ring(line=HOME)
    await tick(10)
    assert await is_met(hass, "is_ringing")
    exchange.fail("503", times=0)
    await tick(3)
    assert not await is_met(hass, "is_ringing")
    exchange.exchange.faults.clear()
    await tick(10)
    assert await is_met(hass, "is_ringing")
    await hass.config_entries.async_unload(account.entry_id)
    assert not await is_met(hass, "is_ringing")


async def test_an_automation_can_start_before_the_account(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """An automation with a condition stays on if the account is set up later."""
    automation = {
        "triggers": {"trigger": "event", "event_type": "check"},
        "conditions": {"condition": "odorik.is_ringing", "options": {"line": HOME}},
        "actions": {"event": "condition_met"},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    met = async_capture_events(hass, "condition_met")
    hass.bus.async_fire("check")
    await hass.async_block_till_done()
    assert met == []
    assert await set_up(hass, entry)
    exchange.world.ring(line=HOME)
    await tick(10)
    hass.bus.async_fire("check")
    await hass.async_block_till_done()
    assert len(met) == 1


@pytest.mark.parametrize("options", [{"line": "kitchen"}, {"number": "777"}, []])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_invalid_options_are_refused(hass: HomeAssistant, options: Any) -> None:
    """A mistake in an automation is reported when it is loaded."""
    config = {"condition": "odorik.is_ringing", "options": options}
    with pytest.raises(vol.Invalid):
        await condition.async_validate_condition_config(hass, config)


@pytest.mark.usefixtures("account")
async def test_the_editor_offers_the_conditions(hass: HomeAssistant) -> None:
    """Each condition is described with its fields."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await condition.async_get_all_descriptions(hass)
    ours = {name: text for name, text in descriptions.items() if name.startswith("odorik.")}
    assert sorted(ours) == ["odorik.is_in_call", "odorik.is_ringing"]
    for description in ours.values():
        assert description
        assert {name: list(field["selector"]) for name, field in description["fields"].items()} == {
            "config_entry_id": ["config_entry"],
            "line": ["number"],
            "direction": ["select"],
        }
