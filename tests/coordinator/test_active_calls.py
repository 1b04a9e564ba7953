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
