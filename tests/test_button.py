"""The button that ends every call."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN

from .conftest import Tick
from .exchange import RunningExchange

STRANGER = "00420602555123"


async def press(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Press it."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "button", DOMAIN, f"{account.unique_id}_hang_up_all"
    )
    await hass.services.async_call("button", "press", {"entity_id": entity_id}, blocking=True)


async def test_every_call_is_ended(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """A child has dialled the other end of the world, and nobody finds the handset.

    Also the call is ended that began after the last look at the active calls.
    """
    exchange.world.dial("00447700900123", line=300100, answer_after=0)
    await tick(10)
    exchange.world.ring(STRANGER, line=300110)
    await press(hass, account)
    assert not exchange.world.active
    await tick(3)
    ringing = f"{account.unique_id}_ringing"
    entity_id = er.async_get(hass).async_get_entity_id("binary_sensor", DOMAIN, ringing)
    state = hass.states.get(entity_id or "")
    assert state is not None
    assert state.state == "off"


async def test_nothing_to_end_is_no_error(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """Somebody presses twice."""
    await press(hass, account)
    assert not [entry for entry in exchange.journal if entry.method == "DELETE"]


async def test_a_call_that_cannot_be_ended_is_said(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The call would go on, and cost, while the button looks as if it had worked."""
    exchange.world.ring(STRANGER)
    exchange.world.denied[exchange.username] = {"hangup"}
    with pytest.raises(HomeAssistantError) as refused:
        await press(hass, account)
    assert refused.value.translation_domain == DOMAIN
    assert exchange.world.active
    assert exchange.password not in str(refused.value)
