"""Two numbers are connected on order."""

from datetime import timedelta

from simulator.world import Record, World
from simulator.worlds import household, quiet, start_background_traffic


def history(world: World) -> list[Record]:
    """Return the records after everything that was due."""
    world.advance(world.legs.record_delay)
    return world.account().records


def test_a_callback_rings_the_recipient_when_the_caller_has_picked_up() -> None:
    """Two legs, two records, and nothing in them that ties them together."""
    world = quiet()
    world.freeze()
    order = world.order_callback("777123456", "602111222", line=300110)
    (first,) = world.active.values()
    assert first.destination == "00420777123456"
    world.advance(5)
    world.answer()
    second = world.call()
    assert (second.destination, second.answered) == ("00420602111222", None)
    world.advance(5)
    world.answer()
    world.advance(60)
    world.end(first.id)
    one, two = history(world)
    assert order.call_ids == [one.active_call_id, two.active_call_id]
    assert (one.length, two.length) == (65, 60)
    assert {one.line, two.line} == {300110}
    assert one.redirection_parent_id is two.redirection_parent_id is None


def test_a_callback_that_the_caller_declines_never_reaches_the_recipient() -> None:
    """Otherwise a stranger's telephone would ring for nobody."""
    world = quiet()
    world.order_callback("777123456", "602111222")
    world.end()
    (record,) = history(world)
    assert (record.status, record.destination_number) == ("missed", "00420777123456")


def test_a_recipient_who_does_not_answer_ends_both_legs() -> None:
    """The caller is not left alone on the line."""
    world = quiet()
    world.order_callback("777123456", "602111222")
    world.answer()
    world.end()
    assert world.active == {}
    assert [record.status for record in history(world)] == ["answered", "missed"]


def test_a_delayed_callback_starts_when_the_clock_says_so() -> None:
    """By the clock of the world, which a test can move."""
    world = quiet()
    world.order_callback("777123456", "602111222", due=world.now() + timedelta(minutes=5))
    world.advance(299)
    assert world.active == {}
    world.advance(1)
    assert world.call().started == world.account().callbacks[0].due


def test_a_callback_in_a_living_world_goes_its_way_by_itself() -> None:
    """Somebody who tries the demo's callback hears both sides being picked up."""
    world = household()
    start_background_traffic(world)
    order = world.order_callback("777123456", "602111222")
    world.advance(600)
    mine = [r for r in world.account().records if r.active_call_id in order.call_ids]
    assert [record.status for record in mine] == ["answered", "answered"]


def test_the_exchange_repeats_an_attempt_that_was_not_answered() -> None:
    """Every attempt is a leg and a record of its own; nothing ties them together."""
    world = quiet()
    world.freeze()
    world.callbacks.attempts = 3
    order = world.order_callback("777123456", "602111222")
    world.advance(5)
    caller = world.answer()
    for attempt in (1, 2):
        world.advance(10)
        declined = world.decline(order.call_ids[-1])
        assert declined.destination == "00420602111222"
        assert len(order.call_ids) == attempt + 2
        assert list(world.active) == [caller.id, order.call_ids[-1]]
    world.advance(8)
    world.answer(order.call_ids[-1])
    world.advance(60)
    world.end(order.call_ids[-1])
    assert world.active == {}
    told = [(r.destination_number, r.status, r.length) for r in history(world)]
    assert sorted(told) == [
        ("00420602111222", "answered", 60),
        ("00420602111222", "missed", 0),
        ("00420602111222", "missed", 0),
        ("00420777123456", "answered", 88),
    ]


def test_the_last_attempt_is_the_end_of_the_callback() -> None:
    """The caller is not left alone on the line, however many attempts there were."""
    world = quiet()
    world.callbacks.attempts = 2
    order = world.order_callback("777123456", "602111222")
    world.answer()
    world.decline()
    world.decline()
    assert world.active == {}
    assert len(order.call_ids) == 3


def test_the_caller_is_called_again_too_and_can_end_it_all() -> None:
    """A caller who hangs up while the recipient rings ends the order."""
    world = quiet()
    world.callbacks.attempts = 2
    order = world.order_callback("777123456", "602111222")
    world.decline()
    assert world.call().destination == "00420777123456"
    world.answer()
    world.end(order.call_ids[1])
    assert world.active == {}
    assert len(order.call_ids) == 3


def test_a_simple_callback_is_tried_once() -> None:
    """`simple` says so."""
    world = quiet()
    world.callbacks.attempts = 3
    order = world.order_callback("777123456", "602111222", simple=True)
    world.answer()
    world.decline()
    assert world.active == {}
    assert len(order.call_ids) == 2
