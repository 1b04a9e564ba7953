"""Calls in, out and sent on, and the records of them."""

import pytest

from simulator.world import VOICEMAIL, ActiveCall, Record, World
from simulator.worlds import office, quiet

JAN, HOME = "00420777123456", "00420910123456"
LINES = (300100, 300110)


def history(world: World) -> list[Record]:
    """Return the records after everything that was due."""
    world.advance(world.legs.record_delay)
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
    assert world.active == {}, "caller hears that nobody is there"


def listed(world: World) -> list[tuple[str, int, bool]]:
    """Return destination, line and whether it is answered, of every active call."""
    return [
        (call.destination, call.line, call.answered is not None) for call in world.active.values()
    ]


@pytest.fixture
def world() -> World:
    """Return the quiet household with a clock that stands still."""
    made = quiet()
    made.freeze()
    return made


def forked(world: World, *, linked: bool = True) -> list[ActiveCall]:
    """Ring a number that rings two lines; return every active call that makes."""
    world.ring(JAN, HOME, branches=LINES, linked=linked)
    return list(world.active.values())


def test_a_number_that_rings_two_lines_is_listed_with_a_branch_for_each(world: World) -> None:
    """The branches have in-network destinations and begin when the call does."""
    main, first, second = forked(world)
    assert listed(world) == [
        (HOME, 300100, False),
        ("*300100", 300100, False),
        ("*300110", 300110, False),
    ]
    assert {call.source for call in (main, first, second)} == {JAN}
    assert {call.started for call in (main, first, second)} == {main.started}


def test_one_branch_is_answered_and_the_others_go(world: World) -> None:
    """The incoming call stays listed with its answer date; all records are written together."""
    main, first, second = forked(world)
    world.advance(8)
    world.answer(second.id)
    assert listed(world) == [(HOME, 300100, True), ("*300110", 300110, True)]
    assert main.answered == second.answered
    world.advance(30)
    assert world.account().records == []
    world.end(second.id)
    incoming, missed, answered = history(world)
    assert (incoming.direction, incoming.status, incoming.length) == ("in", "answered", 30)
    assert [record.redirection_parent_id for record in (incoming, missed, answered)] == [
        None,
        incoming.id,
        incoming.id,
    ]
    assert (missed.status, missed.line, missed.destination_number) == (
        "missed",
        300100,
        "*300100",
    )
    assert (answered.status, answered.line, answered.length) == ("answered", 300110, 30)
    assert {record.direction for record in (missed, answered)} == {"redirected"}
    assert first.record_id == missed.id


@pytest.mark.parametrize("named", [False, True])
def test_a_caller_who_gives_up_ends_every_branch(world: World, *, named: bool) -> None:
    """All of their records are missed ones."""
    main, *_ = forked(world)
    world.end(main.id if named else None)
    assert world.active == {}
    assert [record.status for record in history(world)] == ["missed"] * 3


def test_a_telephone_that_declines_leaves_the_others_ringing(world: World) -> None:
    """Its record is written with that of the incoming call, which it points to."""
    main, first, second = forked(world)
    world.decline(first.id)
    assert list(world.active) == [main.id, second.id]
    assert history(world) == []
    world.decline()
    assert world.active == {}
    incoming, *branches = history(world)
    assert {branch.redirection_parent_id for branch in branches} == {incoming.id}


def test_a_call_can_ring_several_lines_as_unlinked_incoming_calls(world: World) -> None:
    """Each telephone has an `in` record, and one of them is answered ("answered elsewhere")."""
    first, second = forked(world, linked=False)
    assert listed(world) == [(HOME, 300100, False), (HOME, 300110, False)]
    world.advance(6)
    world.answer(second.id)
    assert list(world.active) == [second.id]
    world.advance(60)
    world.end()
    missed, answered = history(world)
    assert (missed.line, missed.status) == (300100, "missed")
    assert (answered.line, answered.status) == (300110, "answered")
    assert {(r.direction, r.source_number, r.destination_number) for r in (missed, answered)} == {
        ("in", JAN, HOME)
    }
    assert missed.date == answered.date
    assert missed.redirection_parent_id is answered.redirection_parent_id is None
    assert first.ended == second.answered


def test_an_unlinked_telephone_declines_alone(world: World) -> None:
    """The other telephone of the call rings on, and the last one to decline ends it."""
    first, second = forked(world, linked=False)
    world.decline(first.id)
    assert list(world.active) == [second.id]
    world.decline(second.id)
    assert [record.status for record in history(world)] == ["missed", "missed"]


@pytest.mark.parametrize("linked", [False, True])
def test_a_call_that_rings_two_lines_goes_on_by_itself(world: World, *, linked: bool) -> None:
    """One of the lines picks up, and the whole call ends."""
    world.ring(JAN, HOME, branches=LINES, linked=linked, answer_after=4, end_after=10)
    world.advance(4)
    assert world.call().line == 300110
    assert world.call().answered == world.now()
    world.advance(6)
    assert world.active == {}


@pytest.mark.parametrize("counts", [False, True])
def test_voicemail_takes_a_ringing_call(world: World, *, counts: bool) -> None:
    """The incoming record is missed or answered, the redirected one answered with a length."""
    call = world.ring(JAN, HOME)
    world.advance(20)
    leg = world.voicemail(answered=counts)
    assert listed(world) == [(HOME, 300100, counts), (VOICEMAIL, 300100, True)]
    assert leg.source == JAN
    world.advance(14)
    world.end()
    incoming, message = history(world)
    assert (incoming.direction, incoming.status) == ("in", "answered" if counts else "missed")
    assert incoming.length == (14 if counts else 0)
    assert (message.direction, message.status, message.length) == ("redirected", "answered", 14)
    assert (message.destination_number, message.redirection_parent_id) == (VOICEMAIL, incoming.id)
    assert call.record_id == incoming.id


def test_voicemail_waits_while_the_telephones_ring(world: World) -> None:
    """Its leg is listed from the beginning; it picks up only if no telephone has."""
    main, first, second = forked(world)
    leg = world.voicemail(main.id, answer_after=20)
    assert (leg.answered, world.call().id) == (None, second.id)
    world.advance(19)
    world.answer(first.id)
    assert list(world.active) == [main.id, first.id]
    world.advance(60)
    world.end()
    assert [record.status for record in history(world)] == [
        "answered",
        "answered",
        "missed",
        "missed",
    ]

    main, *_ = forked(world)
    leg = world.voicemail(main.id, answer_after=20, end_after=34)
    world.advance(20)
    assert leg.answered is not None
    assert list(world.active) == [main.id, leg.id]
    world.advance(14)
    assert world.active == {}


def test_only_a_ringing_incoming_call_goes_to_voicemail(world: World) -> None:
    """A call out, or one that was picked up, cannot be taken."""
    world.dial(JAN)
    with pytest.raises(ValueError, match="incoming"):
        world.voicemail()
    world.answer(world.ring(JAN).id)
    with pytest.raises(ValueError, match="incoming"):
        world.voicemail()


def test_a_call_can_stay_listed_after_its_record_was_written(world: World) -> None:
    """Nobody can hang it up any more, and it goes when its time is over."""
    call = world.ring(JAN)
    world.answer()
    world.advance(10)
    world.end(linger=60)
    (record,) = history(world)
    assert record.active_call_id == call.id
    assert [leg.id for leg in world.listed()] == [call.id]
    with pytest.raises(LookupError):
        world.end(call.id)
    world.advance(60)
    assert world.listed() == []


def test_a_call_can_be_answered_for_no_time(world: World) -> None:
    """Its record is answered with length 0."""
    world.ring(JAN)
    world.advance(5)
    world.answer(end_after=0)
    (record,) = history(world)
    assert (record.status, record.length, record.ringing_length) == ("answered", 0, 5)
