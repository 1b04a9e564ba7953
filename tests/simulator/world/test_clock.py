"""The clock and the events scheduled on it."""

from collections.abc import Callable
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.world import World
from simulator.worlds import fraud, household, office, quiet


def test_one_long_step_equals_many_short_ones(freezer: FrozenDateTimeFactory) -> None:
    """Events run in order of time, each at its own time."""
    freezer.move_to("2026-11-01T12:00:00Z")
    stepped, leapt = household(seed=5), household(seed=5)
    for _ in range(600):
        stepped.advance(1)
    leapt.advance(600)
    assert len(leapt.account().records) > len(household(seed=5).account().records) + 3
    assert stepped.account().records == leapt.account().records


@pytest.mark.parametrize("make", [office, fraud])
def test_the_seed_determines_the_world(
    freezer: FrozenDateTimeFactory, make: Callable[..., World]
) -> None:
    """The same seed produces the same calls, another one does not."""
    freezer.move_to("2026-11-01T12:00:00Z")
    worlds = [make(seed=3), make(seed=3), make(seed=4)]
    written = len(worlds[0].account().records)
    for world in worlds:
        world.advance(3600)
    first, again, other = [world.account().records[written:] for world in worlds]
    assert first
    assert first == again
    assert first != other


def test_the_clock_can_be_stopped_and_advanced(freezer: FrozenDateTimeFactory) -> None:
    """A stopped clock moves only by `advance`, and later continues from its own time."""
    world = quiet()
    world.freeze()
    moment = world.now()
    freezer.tick(10)
    assert world.now() == moment
    world.advance(60)
    assert world.now() == moment + timedelta(seconds=60)
    world.freeze(frozen=False)
    freezer.tick(5)
    assert world.now() == moment + timedelta(seconds=65)
