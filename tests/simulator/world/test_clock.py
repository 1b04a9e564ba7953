"""What is to happen happens in its time."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory

from simulator.world import World
from simulator.worlds import household, office, quiet


def test_nothing_happens_before_its_time_and_all_of_it_in_order() -> None:
    """One long step gives what many short ones give."""
    stepped, leapt = household(seed=5), household(seed=5)
    for world in (stepped, leapt):
        world.freeze()
    leapt.clock._frozen = stepped.clock._frozen
    for _ in range(600):
        stepped.advance(1)
    leapt.advance(600)

    def told(world: World) -> list[tuple[object, ...]]:
        first = world.account().records[0].date
        return [
            (r.date - first, r.direction, r.source_number, r.destination_number, r.length)
            for r in world.account().records[420:]
        ]

    assert len(told(stepped)) > 3
    assert [row[1:] for row in told(stepped)] == [row[1:] for row in told(leapt)]


def test_the_same_seed_tells_the_same_story(freezer: FrozenDateTimeFactory) -> None:
    """A failure must be repeatable, a picture for the documents too."""
    freezer.move_to("2026-11-01T12:00:00Z")
    worlds = [office(seed=3), office(seed=3), office(seed=4)]
    for world in worlds:
        world.advance(3600)
    first, again, other = [world.account().records for world in worlds]
    assert first == again
    assert first != other


def test_the_clock_of_a_test_is_followed(freezer: FrozenDateTimeFactory) -> None:
    """A test that freezes Home Assistant's clock must freeze the exchange too."""
    freezer.move_to("2030-01-01T00:00:00Z")
    world = quiet()
    call = world.ring(end_after=20)
    assert call.started == datetime(2030, 1, 1, tzinfo=UTC)
    freezer.tick(19)
    world.run_due()
    assert call.ended is None
    freezer.tick(3600)
    world.run_due()
    assert call.ended == datetime(2030, 1, 1, 0, 0, 20, tzinfo=UTC)
    assert len(world.account().records) == 1
