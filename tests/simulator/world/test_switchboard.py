"""Incoming, outgoing and redirected calls, and their records."""

import pytest

from simulator.world import VOICEMAIL, ActiveCall, World
from simulator.worlds import office, quiet
from tests.simulator.conftest import history

JAN, HOME = "00420777123456", "00420910123456"
LINES = (300100, 300110)


@pytest.fixture
def world() -> World:
    """Return the quiet household with a stopped clock."""
    made = quiet()
    made.freeze()
    return made


def listed(world: World) -> list[tuple[str, int, bool]]:
    """Return destination, line and whether it is answered, of every active call."""
    return [
        (call.destination, call.line, call.answered is not None) for call in world.active.values()
    ]


def fork(world: World, *, linked: bool = True) -> list[ActiveCall]:
    """Ring a number that rings two lines, and return all active calls."""
    world.ring(JAN, HOME, branches=LINES, linked=linked)
    return list(world.active.values())


def test_a_record_is_written_shortly_after_the_call(world: World) -> None:
    """A client that reads at once finds no record yet."""
    world.ring("00420602111222", answer_after=4, end_after=64)
    world.advance(64.4)
    assert (world.active, world.account().records) == ({}, [])
    world.advance(0.1)
    (record,) = world.account().records
    assert (record.status, record.ringing_length, record.length) == ("answered", 4, 60)


def test_the_called_number_determines_the_line() -> None:
    """A line rings by its public number, its short number and a shared number."""
    world = office()
    assert world.ring(destination="00420541200003").line == 400130
    assert world.ring(destination="*400120").line == 400120
    assert world.ring(destination="00420800400100").line == 400100
    assert world.ring(line=400140).destination == "00420541200004"


@pytest.mark.parametrize(
    ("number", "answer_after", "price_per_minute", "price"),
    [
        ("00420602111222", 5, 0.59, 0.885),
        ("004930901820", 5, 0.79, 1.185),
        ("800123456", 5, 0.0, 0.0),
        ("*300110", 5, 0.0, 0.0),
        pytest.param("00420905606123", 5, None, 60.0, id="fee per call"),
        pytest.param("00420905606123", None, None, 0.0, id="fee of a call that is not answered"),
    ],
)
def test_an_outgoing_call_is_charged(
    world: World,
    number: str,
    answer_after: float | None,
    price_per_minute: float | None,
    price: float,
) -> None:
    """The price depends on destination and length, or is a fee, and reduces the credit."""
    call = world.dial(number, answer_after=answer_after, end_after=95)
    assert call.price_per_minute == price_per_minute
    world.advance(100)
    (record,) = world.account().records
    assert record.price == price
    assert world.account().credit == record.balance_after == 500 - price


def test_a_redirected_call_has_two_legs_and_two_records(world: World) -> None:
    """The redirected leg answers the incoming one, whose record precedes its own."""
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


def test_an_incoming_leg_can_be_missed_before_its_redirected_leg_is_answered(world: World) -> None:
    """Its record appears while the redirected leg still rings."""
    leg = world.redirect(world.ring().id, keep=False)
    (missed,) = history(world)
    assert (missed.status, list(world.active)) == ("missed", [leg.id])
    world.answer()
    world.end()
    answered = history(world)[1]
    assert (answered.status, answered.redirection_parent_id) == ("answered", missed.id)


def test_only_one_of_several_redirected_legs_is_answered(world: World) -> None:
    """The others stop ringing; all legs end with the incoming one or the last ringing one."""
    call = world.ring()
    first, second = world.redirect(call.id, "777000111"), world.redirect(call.id, "777000222")
    world.answer(second.id)
    assert set(world.active) == {call.id, second.id}
    assert first.ended is not None
    world.end(call.id)
    assert world.active == {}
    world.end(world.redirect(world.ring().id).id)
    assert world.active == {}


def test_an_answered_branch_ends_the_others(world: World) -> None:
    """The incoming call stays listed as answered; all records are written together."""
    main, first, second = fork(world)
    assert listed(world) == [
        (HOME, 300100, False),
        ("*300100", 300100, False),
        ("*300110", 300110, False),
    ]
    assert {call.source for call in (main, first, second)} == {JAN}
    assert main.started == first.started == second.started
    world.advance(8)
    world.answer(second.id)
    assert listed(world) == [(HOME, 300100, True), ("*300110", 300110, True)]
    assert main.answered == second.answered
    world.advance(30)
    assert world.account().records == []
    world.end(second.id)
    incoming, missed, answered = history(world)
    assert (incoming.direction, incoming.status, incoming.length) == ("in", "answered", 30)
    for record in (missed, answered):
        assert (record.direction, record.redirection_parent_id) == ("redirected", incoming.id)
    assert (missed.status, missed.line, missed.destination_number) == ("missed", 300100, "*300100")
    assert (answered.status, answered.line, answered.length) == ("answered", 300110, 30)
    assert first.record_id == missed.id


@pytest.mark.parametrize("by_id", [False, True])
def test_a_caller_who_hangs_up_ends_every_branch(world: World, *, by_id: bool) -> None:
    """All records are missed."""
    main, *_ = fork(world)
    world.end(main.id if by_id else None)
    assert world.active == {}
    assert [record.status for record in history(world)] == ["missed"] * 3


def test_a_declined_branch_leaves_the_others_ringing(world: World) -> None:
    """Its record is written with that of the incoming call, to which it refers."""
    main, first, second = fork(world)
    world.decline(first.id)
    assert list(world.active) == [main.id, second.id]
    assert history(world) == []
    world.decline()
    assert world.active == {}
    incoming, *branches = history(world)
    assert {branch.redirection_parent_id for branch in branches} == {incoming.id}


def test_a_call_can_ring_lines_as_unlinked_calls(world: World) -> None:
    """Each line has an incoming record, and only one of them is answered."""
    first, second = fork(world, linked=False)
    assert listed(world) == [(HOME, 300100, False), (HOME, 300110, False)]
    world.advance(6)
    world.answer(second.id)
    assert list(world.active) == [second.id]
    world.advance(60)
    world.end()
    missed, answered = history(world)
    assert (missed.line, missed.status) == (300100, "missed")
    assert (answered.line, answered.status) == (300110, "answered")
    for record in (missed, answered):
        assert (record.direction, record.source_number) == ("in", JAN)
        assert (record.destination_number, record.redirection_parent_id) == (HOME, None)
    assert missed.date == answered.date
    assert first.ended == second.answered


def test_an_unlinked_call_is_declined_alone(world: World) -> None:
    """The other call rings until it is declined, too."""
    first, second = fork(world, linked=False)
    world.decline(first.id)
    assert list(world.active) == [second.id]
    world.decline(second.id)
    assert [record.status for record in history(world)] == ["missed", "missed"]


@pytest.mark.parametrize("linked", [False, True])
def test_a_forked_call_can_be_scheduled(world: World, *, linked: bool) -> None:
    """The last branch answers, and the whole call ends."""
    world.ring(JAN, HOME, branches=LINES, linked=linked, answer_after=4, end_after=10)
    world.advance(4)
    assert world.call().line == 300110
    assert world.call().answered == world.now()
    world.advance(6)
    assert world.active == {}


@pytest.mark.parametrize("answered", [False, True])
def test_voicemail_answers_a_ringing_call(world: World, *, answered: bool) -> None:
    """The redirected record is answered; the incoming one only if wanted."""
    call = world.ring(JAN, HOME)
    world.advance(20)
    leg = world.voicemail(answered=answered)
    assert listed(world) == [(HOME, 300100, answered), (VOICEMAIL, 300100, True)]
    assert leg.source == JAN
    world.advance(14)
    world.end()
    incoming, message = history(world)
    assert (incoming.direction, incoming.status) == ("in", "answered" if answered else "missed")
    assert incoming.length == (14 if answered else 0)
    assert (message.direction, message.status, message.length) == ("redirected", "answered", 14)
    assert (message.destination_number, message.redirection_parent_id) == (VOICEMAIL, incoming.id)
    assert call.record_id == incoming.id


def test_voicemail_waits_while_telephones_ring(world: World) -> None:
    """Its leg is listed from the start, and answers only if no telephone does."""
    main, first, second = fork(world)
    leg = world.voicemail(main.id, answer_after=20)
    assert (leg.answered, world.call().id) == (None, second.id)
    world.advance(19)
    world.answer(first.id)
    assert list(world.active) == [main.id, first.id]
    world.advance(60)
    world.end()
    statuses = [record.status for record in history(world)]
    assert statuses == ["answered", "answered", "missed", "missed"]

    main, *_ = fork(world)
    leg = world.voicemail(main.id, answer_after=20, end_after=34)
    world.advance(20)
    assert leg.answered is not None
    assert list(world.active) == [main.id, leg.id]
    world.advance(14)
    assert world.active == {}


def test_a_call_can_be_answered_with_length_zero(world: World) -> None:
    """Its record is answered with length 0."""
    world.ring(JAN)
    world.advance(5)
    world.answer(end_after=0)
    (record,) = history(world)
    assert (record.status, record.length, record.ringing_length) == ("answered", 0, 5)


def test_only_a_ringing_incoming_call_can_be_passed_on(world: World) -> None:
    """Outgoing and answered calls cannot be redirected or go to voicemail."""
    world.dial(JAN)
    with pytest.raises(ValueError, match="incoming"):
        world.redirect()
    with pytest.raises(ValueError, match="incoming"):
        world.voicemail()
    world.answer(world.ring(JAN).id)
    with pytest.raises(ValueError, match="incoming"):
        world.voicemail()
