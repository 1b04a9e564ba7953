"""Test the button that hangs up all calls."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN

from .accounts import HOME, STRANGER, WORKSHOP, entity_id_of, state_of
from .conftest import Tick
from .exchange import RunningExchange


async def press(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Press the button."""
    entity_id = entity_id_of(hass, account, "button", "hang_up_all")
    await hass.services.async_call("button", "press", {"entity_id": entity_id}, blocking=True)


async def test_all_calls_are_hung_up(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Calls that began after the last poll are hung up as well."""
    exchange.world.dial("00447700900123", line=HOME, answer_after=0)
    await tick(10)
    exchange.world.ring(STRANGER, line=WORKSHOP)
    await press(hass, account)
    assert not exchange.world.active
    await tick(3)
    assert state_of(hass, account, "binary_sensor", "ringing") == "off"


async def test_pressing_without_a_call_is_not_an_error(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """Nothing is sent to the operator if there is no call, as after a second press."""
    await press(hass, account)
    assert not [entry for entry in exchange.journal if entry.method == "DELETE"]


async def test_a_refused_hangup_raises(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The user learns that the call goes on; the message does not contain the password."""
    exchange.world.ring(STRANGER)
    exchange.world.denied[exchange.username] = {"hangup"}
    with pytest.raises(HomeAssistantError) as refused:
        await press(hass, account)
    assert refused.value.translation_domain == DOMAIN
    assert exchange.world.active
    assert exchange.password not in str(refused.value)
