"""The named worlds."""

import pytest

from simulator.world import World
from simulator.worlds import FRAUD_CALLS, WORLDS, fraud, household, quiet


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
    """The calls use every line, and their records cost exactly what the credit has lost."""
    world = fraud()
    world.freeze()
    began, credit, written = world.now(), world.account().credit, len(world.account().records)
    world.advance(3600)
    records = world.account().records[written:]
    assert len(records) == FRAUD_CALLS
    seconds = [(record.date - began).total_seconds() for record in records]
    assert max(seconds) - min(seconds) < 600
    assert {record.line for record in records} == set(world.account().lines)
    assert {record.direction for record in records} == {"out"}
    lost = credit - world.account().credit
    assert lost == pytest.approx(sum(record.price for record in records))
    assert lost > 10_000


def test_the_credit_falls_while_the_calls_of_the_fraud_last() -> None:
    """A client sees the loss before the first record is written."""
    world = fraud()
    world.freeze()
    credit, written = world.account().credit, len(world.account().records)
    world.advance(110)
    assert len(world.active) > 1
    assert len(world.account().records) == written
    assert world.account().credit < credit


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


def calls_of(world: World) -> list[tuple[str, int, float]]:
    """Return number, line and price of the calls that a world makes within an hour."""
    written = len(world.account().records)
    world.freeze()
    world.advance(3600)
    records = world.account().records[written:]
    return [(record.destination_number, record.line, record.price) for record in records]


def test_the_fraud_depends_on_the_seed_alone() -> None:
    """The same seed makes the same calls."""
    assert calls_of(fraud(seed=3)) == calls_of(fraud(seed=3))
    assert calls_of(fraud(seed=3)) != calls_of(fraud(seed=4))


def test_the_fraud_ends_with_the_background_traffic() -> None:
    """`--no-background-traffic` makes no dear calls either."""
    world = fraud()
    world.background_traffic = None
    assert calls_of(world) == []


@pytest.mark.parametrize(("answer_after", "price"), [(5, 60.0), (None, 0.0)])
def test_a_fee_per_call_is_charged_when_the_call_is_answered(
    answer_after: float | None, price: float
) -> None:
    """The length of the call does not matter, and the call has no price per minute."""
    world = quiet()
    world.freeze()
    call = world.dial("00420905606123", answer_after=answer_after, end_after=300)
    assert call.price_per_minute is None
    world.advance(310)
    assert [record.price for record in world.account().records] == [price]
    assert world.account().credit == 500.0 - price
