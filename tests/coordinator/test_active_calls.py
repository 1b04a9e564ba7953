"""The polling of active calls."""

from datetime import timedelta

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.world import World
from tests.conftest import Tick


async def test_active_calls_are_polled_faster_during_a_call(
    account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The interval is 10 s when idle, 2 s while a call rings, and 3 s while it is up."""
    active = account.runtime_data.active
    steps = ((lambda: None, 10), (world.ring, 2), (world.answer, 3), (world.end, 10))
    for step, seconds in steps:
        step()
        await tick(10)
        assert active.update_interval == timedelta(seconds=seconds)


async def test_a_call_that_is_listed_twice_counts_once(
    account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A list in which a call is both active and has ended shows one call."""
    call = world.ring()
    world.legs.lingering[call.id] = call
    await tick(10)
    assert [it.id for it in account.runtime_data.active.data] == [call.id]
