"""Pausing the music and flashing the lights while the telephone rings."""

from typing import Any
from unittest.mock import patch

from homeassistant.const import Platform
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.worlds import GATE_NUMBER

from .conftest import HOME, JAN, STRANGER, WORKSHOP, Harness

BLUEPRINT = "ringing_pause_and_flash"
BED, KITCHEN = "light.bed_light", "light.kitchen_lights"
RADIO, LOUNGE = "media_player.bedroom", "media_player.lounge_room"
INPUTS: dict[str, Any] = {"lights": [BED, KITCHEN], "players": [RADIO, LOUNGE]}


@pytest.fixture(autouse=True)
async def rooms(harness: Harness) -> None:
    """A light that is off, a dimmed one, a media player that plays, and a paused one."""
    for component in ("homeassistant", "scene"):
        assert await async_setup_component(harness.hass, component, {})
    demo = MockConfigEntry(domain="demo")
    demo.add_to_hass(harness.hass)
    with patch(
        "homeassistant.components.demo.COMPONENTS_WITH_CONFIG_ENTRY_DEMO_PLATFORM",
        [Platform.LIGHT, Platform.MEDIA_PLAYER],
    ):
        assert await harness.hass.config_entries.async_setup(demo.entry_id)
    await harness.hass.async_block_till_done()
    await harness.call("light.turn_on", entity_id=KITCHEN, brightness=77)
    await harness.call("media_player.media_pause", entity_id=LOUNGE)


async def watch_bed(harness: Harness) -> set[str]:
    """Return the states that the bed light has within four seconds."""
    seen = set()
    for _ in range(4):
        await harness.tick(1)
        state = harness.hass.states.get(BED)
        assert state
        seen.add(state.state)
    return seen


def are_lights_restored(harness: Harness) -> bool:
    """Return whether the lights are as they were, and the scene has been deleted."""
    kitchen = harness.hass.states.get(KITCHEN)
    assert kitchen
    return (
        harness.is_state(BED, "off")
        and (kitchen.state, kitchen.attributes.get("brightness")) == ("on", 77)
        and not harness.hass.states.async_entity_ids("scene")
    )


@pytest.mark.parametrize("ending", ["missed", "outage", "unload", "longest ringing"])
async def test_everything_is_restored_after_the_ringing(
    harness: Harness, account: MockConfigEntry, ending: str
) -> None:
    """The lights are as before and the music goes on, even if the end of the call is not seen."""
    await harness.add(BLUEPRINT, **INPUTS, longest_ringing=20)
    harness.world.ring(JAN, line=HOME)
    await harness.tick(10)
    assert harness.is_state(RADIO, "paused")
    assert await watch_bed(harness) == {"on", "off"}
    match ending:
        case "missed":
            harness.world.end()
            await harness.tick(3)
        case "outage":
            harness.exchange.fail("503", times=0)
            await harness.tick(3)
        case "unload":
            await harness.hass.config_entries.async_unload(account.entry_id)
        case _:
            for _ in range(17):
                await harness.tick(1)
    await harness.tick(1)
    assert are_lights_restored(harness)
    assert harness.is_state(RADIO, "playing")
    assert harness.is_state(LOUNGE, "paused")


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("quiet_in_call", [True, False])
async def test_answering_stops_the_flashing(harness: Harness, *, quiet_in_call: bool) -> None:
    """An answered call restores the lights at once, and the music when the user wants it."""
    await harness.add(BLUEPRINT, **INPUTS, quiet_in_call=quiet_in_call)
    harness.world.ring(JAN, line=HOME)
    await harness.tick(10)
    harness.world.answer()
    await harness.tick(3)
    await harness.tick(1)
    assert are_lights_restored(harness)
    assert harness.is_state(RADIO, "paused" if quiet_in_call else "playing")
    harness.world.end()
    await harness.tick(3)
    await harness.tick(5)
    assert harness.is_state(RADIO, "playing")
    assert await watch_bed(harness) == {"off"}


@pytest.mark.usefixtures("account")
async def test_a_player_that_was_turned_off_stays_off(harness: Harness) -> None:
    """Only players that are still paused go on; calls on other lines do nothing."""
    await harness.add(BLUEPRINT, **INPUTS, line=str(HOME))
    harness.world.ring(JAN, line=WORKSHOP)
    await harness.tick(10)
    assert harness.is_state(RADIO, "playing")
    harness.world.end()
    await harness.tick(10)
    await harness.tick(1)
    harness.world.ring(JAN, line=HOME)
    await harness.tick(10)
    assert harness.is_state(RADIO, "paused")
    await harness.call("media_player.turn_off", entity_id=RADIO)
    harness.world.end()
    await harness.tick(3)
    await harness.tick(1)
    assert are_lights_restored(harness)
    assert harness.is_state(RADIO, "off")


@pytest.mark.usefixtures("account")
async def test_a_call_that_rings_on_several_lines_counts_for_each(harness: Harness) -> None:
    """The line of the event is only the first of them."""
    await harness.add(BLUEPRINT, **INPUTS, line=str(WORKSHOP))
    harness.world.ring(JAN, branches=[HOME, WORKSHOP])
    await harness.tick(10)
    assert harness.is_state(RADIO, "paused")


@pytest.mark.usefixtures("account")
async def test_a_ring_at_a_gate_does_nothing(harness: Harness) -> None:
    """It does not prolong the flashing of a call either, which ends before the gate's ring does."""
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    await harness.add(BLUEPRINT, **INPUTS)
    gate = harness.world.ring(STRANGER, GATE_NUMBER)
    await harness.tick(10)
    assert harness.is_state(RADIO, "playing")
    assert await watch_bed(harness) == {"off"}
    call = harness.world.ring(JAN, line=HOME)
    await harness.tick(10)
    assert harness.is_state(RADIO, "paused")
    assert await watch_bed(harness) == {"on", "off"}
    harness.world.end(call.id)
    await harness.tick(3)
    await harness.tick(1)
    assert gate.ended is None
    assert are_lights_restored(harness)
    assert harness.is_state(RADIO, "playing")
