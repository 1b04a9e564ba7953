"""Calls in, out and sent on, and the records of them."""

import pytest

from simulator.world import Record, World
from simulator.worlds import office, quiet


def history(world: World) -> list[Record]:
    """Return the records after everything that was due."""
    world.advance(world.record_delay)
    return world.account().records


def test_a_record_appears_a_little_after_the_call_has_ended() -> None:
    """A reader that looks at once finds nothing yet, as in life."""
    world = quiet()
    world.freeze()
    world.ring("00420602111222", answer_after=4, end_after=64)
    world.advance(64.4)
    assert (world.active, world.account().records) == ({}, [])
    world.advance(0.1)
    (record,) = world.account().records
    assert (record.status, record.ringing_length, record.length) == ("answered", 4, 60)


def test_a_missed_call_is_there_at_once_and_costs_nothing() -> None:
    """The shortest way to a missed call for other tests."""
    world = quiet()
    record = world.miss("777123456", ringing=12)
    assert world.account().records == [record]
    assert (record.source_number, record.status) == ("00420777123456", "missed")
    assert (record.length, record.ringing_length, record.price) == (0, 12, 0.0)
    assert (world.active, world.account().credit) == ({}, 500.0)


def test_the_number_called_says_whose_telephone_rings() -> None:
    """Line, public number and shared number all lead home."""
    world = office()
    assert world.ring(destination="00420541200003").line == 400130
    assert world.ring(destination="*400120").line == 400120
    assert world.ring(destination="00420800400100").line == 400100
    assert world.ring(line=400140).destination == "00420541200004"
    with pytest.raises(LookupError, match="no line 1"):
        world.ring(line=1)


def test_a_call_out_costs_by_destination_and_length() -> None:
    """Credit falls by what the record says, to the fourth place."""
    world = quiet()
    world.freeze()
    for number in ("00420602111222", "004930901820", "800123456", "*300110"):
        world.dial(number, answer_after=5, end_after=95)
        world.advance(100)
    mobile, abroad, free, inside = world.account().records
    assert (mobile.destination_name, mobile.price) == ("Česká rep. - mobil", 0.885)
    assert (abroad.price_per_minute, abroad.price) == (0.79, 1.185)
    assert free.price == inside.price == 0.0
    assert abroad.balance_after == inside.balance_after == 500 - 0.885 - 1.185


def test_a_redirected_call_is_answered_as_one_and_written_as_two() -> None:
    """The redirected record points to the incoming one, which stands before it."""
    world = quiet()
    world.freeze()
    world.ring("00420602111222")
    leg = world.redirect(to="777000111")
    assert [call.direction for call in world.active.values()] == ["in", "redirected"]
    world.advance(5)
    world.answer(leg.id)
    world.advance(30)
    world.end(leg.id)
    first, second = history(world)
    assert (first.direction, first.status, first.length) == ("in", "answered", 30)
    assert (second.direction, second.status, second.length) == ("redirected", "answered", 30)
    assert second.redirection_parent_id == first.id < second.id
    assert (second.source_number, second.price) == ("00420602111222", 0.295)


def test_an_incoming_leg_can_be_missed_while_its_redirected_leg_is_answered() -> None:
    """A reader that reports the first record at once reports a missed call that was none."""
    world = quiet()
    call = world.ring()
    leg = world.redirect(call.id, keep=False)
    (missed,) = history(world)
    assert (missed.status, list(world.active)) == ("missed", [leg.id])
    world.answer()
    world.end()
    assert history(world)[1].status == "answered"
    assert history(world)[1].redirection_parent_id == missed.id


def test_of_several_telephones_that_ring_one_is_picked_up() -> None:
    """The others fall silent, and the caller's giving up silences all."""
    world = quiet()
    call = world.ring()
    first, second = world.redirect(call.id, "777000111"), world.redirect(call.id, "777000222")
    world.answer(second.id)
    assert set(world.active) == {call.id, second.id}
    assert first.ended is not None
    world.end(call.id)
    assert world.active == {}
    world.end(world.redirect(world.ring().id).id)
    assert world.active == {}, "the caller hears that nobody is there"
