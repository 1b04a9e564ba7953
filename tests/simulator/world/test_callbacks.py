"""Callbacks."""

from datetime import timedelta

import pytest

from simulator.world import Callback, World
from simulator.worlds import household, quiet
from tests.simulator.conftest import history

CALLER, RECIPIENT = "00420777123456", "00420602111222"


def ordered(*, attempts: int = 1, simple: bool = False) -> tuple[World, Callback]:
    """Return a quiet world and a callback that rings the caller."""
    world = quiet()
    world.freeze()
    world.callbacks.attempts = attempts
    return world, world.order_callback("777123456", "602111222", line=300110, simple=simple)


def test_the_recipient_rings_once_the_caller_has_answered() -> None:
    """The two legs have records that nothing connects."""
    world, order = ordered()
    (first,) = world.active.values()
    assert first.destination == CALLER
    world.advance(5)
    world.answer()
    second = world.call()
    assert (second.destination, second.answered) == (RECIPIENT, None)
    world.advance(5)
    world.answer()
    world.advance(60)
    world.end(first.id)
    one, two = history(world)
    assert order.call_ids == [one.active_call_id, two.active_call_id]
    assert (one.length, two.length) == (65, 60)
    assert {one.line, two.line} == {300110}
    assert one.redirection_parent_id is two.redirection_parent_id is None


@pytest.mark.parametrize(
    ("answers", "statuses"),
    [(0, ["missed"]), (1, ["answered", "missed"])],
    ids=["the caller declines", "the recipient does not answer"],
)
def test_a_declined_leg_ends_the_callback(answers: int, statuses: list[str]) -> None:
    """Each leg that has rung has a record, and that of the caller may count as answered."""
    world, _ = ordered()
    for _ in range(answers):
        world.answer()
    world.end()
    assert world.active == {}
    assert [record.status for record in history(world)] == statuses


def test_a_delayed_callback_starts_when_it_is_due() -> None:
    """The clock of the world determines the start."""
    world = quiet()
    world.order_callback("777123456", "602111222", due=world.now() + timedelta(minutes=5))
    world.advance(299)
    assert world.active == {}
    world.advance(1)
    assert world.call().started == world.account().callbacks[0].due


def test_background_traffic_answers_callbacks() -> None:
    """Both parties answer automatically."""
    world = household()
    order = world.order_callback("777123456", "602111222")
    world.advance(600)
    legs = [r for r in world.account().records if r.active_call_id in order.call_ids]
    assert [record.status for record in legs] == ["answered", "answered"]


def test_a_declined_attempt_is_retried() -> None:
    """Every attempt is a leg with a record; nothing connects them."""
    world, order = ordered(attempts=3)
    world.advance(5)
    caller = world.answer()
    for attempt in (1, 2):
        world.advance(10)
        declined = world.decline(order.call_ids[-1])
        assert declined.destination == RECIPIENT
        assert len(order.call_ids) == attempt + 2
        assert list(world.active) == [caller.id, order.call_ids[-1]]
    world.advance(8)
    world.answer(order.call_ids[-1])
    world.advance(60)
    world.end(order.call_ids[-1])
    assert world.active == {}
    assert sorted((r.destination_number, r.status, r.length) for r in history(world)) == [
        (RECIPIENT, "answered", 60),
        (RECIPIENT, "missed", 0),
        (RECIPIENT, "missed", 0),
        (CALLER, "answered", 88),
    ]


@pytest.mark.parametrize(("attempts", "simple", "legs"), [(2, False, 3), (3, True, 2)])
def test_the_last_attempt_ends_the_callback(*, attempts: int, simple: bool, legs: int) -> None:
    """The caller's leg ends as well; a simple callback is tried once."""
    world, order = ordered(attempts=attempts, simple=simple)
    world.answer()
    while world.active:
        world.decline()
    assert len(order.call_ids) == legs


def test_the_caller_is_called_again_and_can_end_the_callback() -> None:
    """A caller who hangs up while the recipient rings ends the callback."""
    world, order = ordered(attempts=2)
    world.decline()
    assert world.call().destination == CALLER
    world.answer()
    world.end(order.call_ids[1])
    assert world.active == {}
    assert len(order.call_ids) == 3
