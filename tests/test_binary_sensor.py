"""Test the binary sensors."""

from collections.abc import Callable
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import CONF_UNREGISTERED_LINES, DOMAIN
from custom_components.odorik.diagnostics import async_get_config_entry_diagnostics
from simulator.world import World
from simulator.worlds import GATE_NUMBER, HOME_NUMBER

from .accounts import HOME, STRANGER, WORKSHOP, add_gate, reload, state_of
from .conftest import Tick

type StateByKey = Callable[[str], str | None]


@pytest.fixture
def state(hass: HomeAssistant, account: MockConfigEntry) -> StateByKey:
    """Return the state of a binary sensor by its key."""
    return partial(state_of, hass, account, "binary_sensor")


async def test_the_branches_of_a_ring_at_a_gate_do_not_count(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, state: StateByKey
) -> None:
    """No one answers the branch that requests the webhook; other calls of the caller count."""
    add_gate(hass, account, "777 123 456")
    call = world.ring(STRANGER, GATE_NUMBER)
    branch = world.redirect(call.id, to="*0071")
    await tick(10)
    assert state("ringing") == "off"
    world.answer(branch.id)
    await tick(3)
    assert state("call_in_progress") == "off"
    world.ring(STRANGER, HOME_NUMBER)
    await tick(3)
    assert state("ringing") == "on"


async def test_ringing_ends_when_the_call_is_answered(
    world: World, tick: Tick, state: StateByKey
) -> None:
    """A call rings until it is answered, and is then in progress until it ends."""

    def seen(line: str) -> tuple[str | None, str | None]:
        return state(f"{line}ringing"), state(f"{line}call_in_progress")

    assert seen("") == seen("300110_") == ("off", "off")
    world.ring(STRANGER, line=WORKSHOP)
    await tick(10)
    assert seen("") == seen("300110_") == ("on", "off")
    assert seen("300100_") == ("off", "off")

    world.answer()
    await tick(3)
    assert seen("") == seen("300110_") == ("off", "on")
    world.ring(STRANGER, line=HOME)
    await tick(3)
    assert seen("") == ("on", "on")
    assert seen("300100_") == ("on", "off")

    for call in list(world.active):
        world.end(call)
    await tick(3)
    assert seen("") == seen("300100_") == seen("300110_") == ("off", "off")


async def test_an_expired_registration_does_not_count(
    hass: HomeAssistant, world: World, account: MockConfigEntry, tick: Tick, state: StateByKey
) -> None:
    """A registration that has expired counts as none in the sensor, the repairs and diagnostics.

    The operator may keep listing a telephone that has been unplugged.
    """
    hass.config_entries.async_update_entry(account, options={CONF_UNREGISTERED_LINES: True})
    await reload(hass, account)

    async def shown() -> tuple[str | None, int, list[int | None]]:
        issues = [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
        file = await async_get_config_entry_diagnostics(hass, account)
        return state("300100_registered"), len(issues), file["account"]["registered_telephones"]

    assert await shown() == ("on", 1, [1, 1, 0])
    (device,) = world.account().lines[HOME].devices
    device.last = world.now()
    # Nothing changes before the next poll of the lines.
    await tick(890)
    assert await shown() == ("on", 1, [1, 1, 0])
    await tick(10)
    assert await shown() == ("on", 1, [1, 1, 0])
    await tick(1000)
    assert await shown() == ("off", 2, [0, 1, 0])
    device.last = None
    await tick(900)
    assert await shown() == ("on", 1, [1, 1, 0])
