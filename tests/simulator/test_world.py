"""The world behind the exchange: calls, money, time and how they hang together."""

from datetime import UTC, datetime, timedelta
import time

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.world import Account, Line, Record, World
from simulator.worlds import WORLDS, household, live, office, quiet


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


def test_nothing_happens_before_its_time_and_all_of_it_in_order() -> None:
    """One long step gives what many short ones give."""
    stepped, leapt = household(seed=5), household(seed=5)
    for world in (stepped, leapt):
        world.freeze()
    leapt._frozen = stepped._frozen
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
    world.settle()
    assert call.ended is None
    freezer.tick(3600)
    world.settle()
    assert call.ended == datetime(2030, 1, 1, 0, 0, 20, tzinfo=UTC)
    assert len(world.account().records) == 1


def test_ids_rise_and_an_exchange_started_again_goes_on_above_them(
    freezer: FrozenDateTimeFactory,
) -> None:
    """Home Assistant keeps its place over a restart of the demo and must not miss what follows."""
    freezer.move_to("2026-11-01T12:00:00Z")
    before = household()
    before.advance(3600)
    ids = [record.id for record in before.account().records]
    assert ids == sorted(set(ids))
    freezer.move_to("2026-11-01T13:00:01Z")
    after = household()
    assert after.miss().id > ids[-1]
    assert after.ring().id > max(r.active_call_id or 0 for r in before.account().records)


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


def test_the_books_agree_with_the_records() -> None:
    """What tests hold Home Assistant's figures to, added up here a second time."""
    world = quiet()
    world.fill(1000)
    records = world.account().records
    assert len(records) == 1000
    books = world.books()
    spent = sum(record.price for record in records)
    told = books.incoming.price + books.outgoing.price + books.redirected.price
    assert told == pytest.approx(spent)
    assert books.credit == records[-1].balance_after == 500.0
    assert records[0].balance_after == pytest.approx(500 + spent - records[0].price)
    lines = [world.books(line=line).records for line in world.account().lines]
    assert sum(lines) == books.records == 1000
    middle = records[500].date
    later = world.books(middle + timedelta(seconds=1)).records
    assert later + world.books(end=middle).records == 1000


def test_history_is_plausible_and_near_now() -> None:
    """Two months, nobody calls at night, some calls are redirected, missed or withheld."""
    account = household().account()
    now = datetime.now(UTC)
    assert all(now - timedelta(days=62) < r.date <= now for r in account.records)
    assert {r.direction for r in account.records} == {"in", "out", "redirected"}
    assert any(r.source_number == "" for r in account.records)
    parents = {r.id: r for r in account.records}
    legs = [r for r in account.records if r.direction == "redirected"]
    assert legs
    for leg in legs:
        parent = parents[leg.redirection_parent_id or 0]
        assert (parent.direction, parent.date, parent.line) == ("in", leg.date, leg.line)


@pytest.mark.alone
def test_a_hundred_thousand_records_are_quickly_written() -> None:
    """Else the tests with a long history would be left out."""
    world = quiet()
    start = time.perf_counter()
    world.fill(100_000)
    assert time.perf_counter() - start < 10
    assert len(world.account().records) == 100_000


@pytest.mark.parametrize("name", WORLDS)
def test_each_named_world_does_what_it_says(name: str) -> None:
    """Only the quiet one stays quiet."""
    world = WORLDS[name]()
    written = len(world.account().records)
    assert written == {"household": 420, "quiet": 0, "office": 5000, "quirks": 420}[name]
    assert world.quirks is (name == "quirks")
    world.advance(3600)
    happened = len(world.account().records) - written
    assert (30 < happened < 120) if name != "quiet" else happened == 0


def test_a_living_world_misses_answers_dials_and_redirects() -> None:
    """The demo shows every kind of call within two hours, and never piles them up."""
    world = household()
    most = 0
    for _ in range(720):
        world.advance(10)
        most = max(most, len(world.active))
    fresh = world.account().records[420:]
    kinds = {(r.direction, r.status) for r in fresh}
    assert kinds >= {("in", "missed"), ("in", "answered"), ("out", "answered")}
    assert ("redirected", "answered") in kinds
    assert most <= 4


def test_a_callback_in_a_living_world_goes_its_way_by_itself() -> None:
    """Somebody who tries the demo's callback hears both sides being picked up."""
    world = household()
    live(world)
    order = world.order_callback("777123456", "602111222")
    world.advance(600)
    mine = [r for r in world.account().records if r.active_call_id in order.call_ids]
    assert [record.status for record in mine] == ["answered", "answered"]


def test_no_id_of_a_record_is_given_twice() -> None:
    """A record that would come below the place of a reader would never be read."""
    world = quiet()
    record = world.miss()
    with pytest.raises(ValueError, match="ids rise"):
        world.add_record(id=record.id, source_number="", destination_number="*100")


def test_what_is_not_there_is_said_by_name() -> None:
    """A test's own mistake should not look like the exchange's."""
    world = World(Account("1", "secret", lines={100200: Line(100200)}))
    with pytest.raises(LookupError, match="no call rings"):
        world.answer()
    with pytest.raises(LookupError, match="no call 7 is up"):
        world.end(7)
    with pytest.raises(LookupError, match="no account 2"):
        world.ring(account="2")
    world.dial("100")
    with pytest.raises(ValueError, match="only an incoming call"):
        world.redirect()
