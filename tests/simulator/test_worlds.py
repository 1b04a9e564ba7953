"""The named worlds are what they are said to be."""

import pytest

from simulator.worlds import WORLDS, household


@pytest.mark.parametrize("name", WORLDS)
def test_each_named_world_does_what_it_says(name: str) -> None:
    """Only the quiet one stays quiet."""
    world = WORLDS[name]()
    records = world.account().records
    written = len(records)
    messages = [record.direction for record in records if record.type == "sms"]
    assert set(messages) == (set() if name == "quiet" else {"in", "out"})
    assert (
        written - len(messages)
        == {
            "household": 420,
            "years": 20_000,
            "quiet": 0,
            "office": 5000,
            "office_years": 150_000,
            "quirks": 420,
        }[name]
    )
    assert world.quirks is (name == "quirks")
    world.advance(3600)
    happened = len(world.account().records) - written
    assert (30 < happened < 120) if name != "quiet" else happened == 0


def test_a_living_world_misses_answers_dials_and_redirects() -> None:
    """The demo shows every kind of call within two hours, and never piles them up."""
    world = household()
    written = len(world.account().records)
    most = 0
    for _ in range(720):
        world.advance(10)
        most = max(most, len(world.active))
    fresh = world.account().records[written:]
    kinds = {(r.direction, r.status) for r in fresh}
    assert kinds >= {("in", "missed"), ("in", "answered"), ("out", "answered")}
    assert ("redirected", "answered") in kinds
    assert most <= 4
