"""The named worlds."""

import pytest

from simulator.worlds import WORLDS, fraud, household


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("household", 420),
        ("years", 20_000),
        ("quiet", 0),
        ("office", 5000),
        ("office_years", 150_000),
        ("quirks", 420),
        ("fraud", 420),
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


def test_the_fraud_is_a_hundred_dear_calls_in_ten_minutes() -> None:
    """The calls use every line, and their records cost exactly what the credit has lost.

    The credit falls while the calls last, before the first record is written.
    """
    world = fraud()
    world.freeze()
    began, credit, written = world.now(), world.account().credit, len(world.account().records)
    world.advance(110)
    assert len(world.active) > 1
    assert len(world.account().records) == written
    assert world.account().credit < credit
    world.advance(3490)
    records = world.account().records[written:]
    assert len(records) == 100
    seconds = [(record.date - began).total_seconds() for record in records]
    assert max(seconds) - min(seconds) < 600
    assert {record.line for record in records} == set(world.account().lines)
    assert {record.direction for record in records} == {"out"}
    lost = credit - world.account().credit
    assert lost == pytest.approx(sum(record.price for record in records))
    assert lost > 10_000


def test_the_fraud_has_fees_per_call_and_prices_that_rise_when_answered() -> None:
    """Some calls show no price per minute, and some a harmless one while they ring."""
    world = fraud()
    world.freeze()
    ringing: dict[int, float | None] = {}
    answered: dict[int, float | None] = {}
    for _ in range(700):
        world.advance(1)
        for call in world.active.values():
            (ringing if call.answered is None else answered)[call.id] = call.price_per_minute
    assert None in ringing.values()
    assert any((ringing[call] or 0) < 1 < (answered[call] or 0) for call in answered)


def test_the_fraud_ends_with_the_background_traffic() -> None:
    """`--no-background-traffic` makes no dear calls either."""
    world = fraud()
    written = len(world.account().records)
    world.background_traffic = None
    world.advance(3600)
    assert len(world.account().records) == written
