"""Pausing the music and flashing the lights while the telephone rings."""

from typing import Any

from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    setup_test_component_platform,
)

from simulator.worlds import GATE_NUMBER

from .conftest import HOME, JAN, STRANGER, WORKSHOP, Harness

BLUEPRINT = "ringing_pause_and_flash"
BED, KITCHEN = "light.bed", "light.kitchen"
RADIO, LOUNGE = "media_player.radio", "media_player.lounge"
INPUTS: dict[str, Any] = {"lights": [BED, KITCHEN], "players": [RADIO, LOUNGE]}


class Lamp(LightEntity):
    """A dimmable light."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}  # noqa: RUF012

    def __init__(self, name: str, brightness: int | None) -> None:
        self._attr_name = name
        self._attr_is_on = brightness is not None
        self._attr_brightness = brightness

    async def async_turn_on(self, brightness: int = 255, **_: Any) -> None:
        """Turn on, at full brightness by default."""
        self._attr_is_on = True
        self._attr_brightness = brightness
        self.async_write_ha_state()

    async def async_turn_off(self, **_: Any) -> None:
        """Turn off."""
        self._attr_is_on = False
        self.async_write_ha_state()


class Player(MediaPlayerEntity):
    """A media player that can be paused."""

    _attr_supported_features = (
        MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.PLAY
        | MediaPlayerEntityFeature.TURN_OFF
    )

    def __init__(self, name: str, state: MediaPlayerState) -> None:
        self._attr_name = name
        self._attr_state = state

    async def async_media_pause(self) -> None:
        """Pause."""
        self._set_state(MediaPlayerState.PAUSED)

    async def async_media_play(self) -> None:
        """Play."""
        self._set_state(MediaPlayerState.PLAYING)

    async def async_turn_off(self) -> None:
        """Turn off."""
        self._set_state(MediaPlayerState.OFF)

    def _set_state(self, state: MediaPlayerState) -> None:
        self._attr_state = state
        self.async_write_ha_state()


@pytest.fixture(autouse=True)
async def rooms(harness: Harness) -> None:
    """A light that is off, a dimmed one, a media player that plays, and a paused one."""
    setup_test_component_platform(harness.hass, "light", [Lamp("Bed", None), Lamp("Kitchen", 77)])
    players = [
        Player("Radio", MediaPlayerState.PLAYING),
        Player("Lounge", MediaPlayerState.PAUSED),
    ]
    setup_test_component_platform(harness.hass, "media_player", players)
    for component in ("homeassistant", "scene", "light", "media_player"):
        assert await async_setup_component(
            harness.hass, component, {component: {"platform": "test"}}
        )
    await harness.hass.async_block_till_done()


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
async def test_a_ring_at_a_gate_does_nothing(harness: Harness) -> None:
    """The music goes on, and the lights do not flash."""
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    await harness.add(BLUEPRINT, **INPUTS)
    harness.world.ring(STRANGER, GATE_NUMBER)
    await harness.tick(10)
    assert harness.is_state(RADIO, "playing")
    assert await watch_bed(harness) == {"off"}


@pytest.mark.usefixtures("account")
async def test_a_ring_at_a_gate_does_not_prolong_the_flashing(harness: Harness) -> None:
    """Everything is restored at the end of the call, although the gate still rings."""
    await harness.add_gate("Brána", GATE_NUMBER, JAN)
    await harness.add(BLUEPRINT, **INPUTS)
    gate = harness.world.ring(STRANGER, GATE_NUMBER)
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
