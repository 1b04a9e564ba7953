"""The named worlds."""

import pytest

from simulator.worlds import WORLDS, household


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("household", 420),
        ("years", 20_000),
        ("quiet", 0),
        ("office", 5000),
        ("office_years", 150_000),
        ("quirks", 420),
    ],
)
def test_each_world_has_its_history_and_traffic(name: str, calls: int) -> None:
    """Every world except `quiet` has calls, messages and background traffic."""
    world = WORLDS[name]()
    records = world.account().records
    written = len(records)
    messages = [record.direction for record in records if record.type == "sms"]
    assert set(messages) == ({"in", "out"} if calls else set())
    assert written - len(messages) == calls
    assert world.dialect == ("quirks" if name == "quirks" else "documented")
    world.advance(3600)
    added = len(world.account().records) - written
    assert (30 < added < 120) if calls else added == 0


def test_background_traffic_consists_of_every_kind_of_call() -> None:
    """Within two hours calls are missed, answered, dialled and redirected, and all of them end."""
    world = household()
    written = len(world.account().records)
    most = 0
    for _ in range(720):
        world.advance(10)
        most = max(most, len(world.active))
    kinds = {(record.direction, record.status) for record in world.account().records[written:]}
    assert kinds >= {
        ("in", "missed"),
        ("in", "answered"),
        ("out", "answered"),
        ("redirected", "answered"),
    }
    assert most <= 4
