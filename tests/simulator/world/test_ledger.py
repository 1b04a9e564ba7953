"""Records, their ids, and who is who."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.world import Account, Line, World
from simulator.worlds import household, quiet


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


def test_no_id_of_a_record_is_given_twice() -> None:
    """A record that would come below the place of a reader would never be read."""
    world = quiet()
    record = world.miss()
    with pytest.raises(ValueError, match="IDs must ascend"):
        world.add_record(id=record.id, source_number="", destination_number="*100")


def test_what_is_not_there_is_said_by_name() -> None:
    """A test's own mistake should not look like the exchange's."""
    world = World(Account("1", "secret", lines={100200: Line(100200)}))
    with pytest.raises(LookupError, match="no call rings"):
        world.answer()
    with pytest.raises(LookupError, match="no active call 7"):
        world.end(7)
    with pytest.raises(LookupError, match="no account 2"):
        world.ring(account="2")
    world.dial("100")
    with pytest.raises(ValueError, match="only an incoming call"):
        world.redirect()
