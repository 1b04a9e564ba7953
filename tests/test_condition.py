"""The conditions, asked by Home Assistant while the exchange telephones."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition as condition_helper
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from .conftest import Tick
from .exchange import RunningExchange

HOME, WORKSHOP = 300100, 300110


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


async def is_so(hass: HomeAssistant, kind: str, **options: Any) -> bool:
    """Ask a condition once, as a script does."""
    config = {"condition": f"odorik.{kind}", "options": options}
    valid = await condition_helper.async_validate_condition_config(hass, config)
    checker = await condition_helper.async_from_config(hass, valid)
    try:
        return bool(checker.async_check())
    finally:
        checker.async_unload()


async def test_ringing_turns_into_talking(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Music would play on into a conversation, or stay silent for good."""
    for kind in ("is_ringing", "is_in_call"):
        assert not await is_so(hass, kind)
    exchange.world.ring(line=HOME)
    await tick(10)
    assert await is_so(hass, "is_ringing")
    assert await is_so(hass, "is_ringing", line=HOME, config_entry_id=account.entry_id)
    assert await is_so(hass, "is_ringing", line=float(HOME))
    assert not await is_so(hass, "is_ringing", line=WORKSHOP)
    assert await is_so(hass, "is_ringing", direction="in")
    assert not await is_so(hass, "is_ringing", direction="out")
    assert not await is_so(hass, "is_ringing", config_entry_id="01ANOTHER")
    assert not await is_so(hass, "is_in_call")
    exchange.world.answer()
    await tick(3)
    assert not await is_so(hass, "is_ringing")
    assert await is_so(hass, "is_in_call", line=HOME)
    assert not await is_so(hass, "is_in_call", line=WORKSHOP)
    exchange.world.end()
    await tick(3)
    assert not await is_so(hass, "is_in_call")


async def test_what_is_not_known_is_not_so(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """A call that was up when the connection broke would be up for ever."""
    exchange.world.ring(line=HOME)
    await tick(10)
    assert await is_so(hass, "is_ringing")
    exchange.fail("503", times=0)
    await tick(3)
    assert not await is_so(hass, "is_ringing")
    exchange.exchange.faults.clear()
    await tick(10)
    assert await is_so(hass, "is_ringing")
    await hass.config_entries.async_unload(account.entry_id)
    assert not await is_so(hass, "is_ringing")


async def test_an_automation_asks_while_the_account_is_not_there(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, tick: Tick
) -> None:
    """At a start without internet the automation would be refused and stay off."""
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "triggers": {"trigger": "event", "event_type": "ask"},
                "conditions": {"condition": "odorik.is_ringing", "options": {"line": HOME}},
                "actions": {"event": "so"},
            }
        },
    )
    heard = async_capture_events(hass, "so")
    hass.bus.async_fire("ask")
    await hass.async_block_till_done()
    assert heard == []
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    exchange.world.ring(line=HOME)
    await tick(10)
    hass.bus.async_fire("ask")
    await hass.async_block_till_done()
    assert len(heard) == 1


@pytest.mark.parametrize("options", [{"line": "kitchen"}, {"number": "777"}, []])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_what_nobody_can_mean_is_refused(
    hass: HomeAssistant,
    options: Any,
) -> None:
    """A slip in an automation would make the condition say no for ever."""
    config = {"condition": "odorik.is_ringing", "options": options}
    with pytest.raises(vol.Invalid):
        await condition_helper.async_validate_condition_config(hass, config)


@pytest.mark.usefixtures("account")
async def test_the_editor_offers_the_conditions_with_their_fields(
    hass: HomeAssistant,
) -> None:
    """In the editor there would be nothing to choose."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await condition_helper.async_get_all_descriptions(hass)
    ours = {name: text for name, text in descriptions.items() if name.startswith("odorik.")}
    assert sorted(ours) == ["odorik.is_in_call", "odorik.is_ringing"]
    for description in ours.values():
        assert description
        assert {name: list(field["selector"]) for name, field in description["fields"].items()} == {
            "config_entry_id": ["config_entry"],
            "line": ["number"],
            "direction": ["select"],
        }
