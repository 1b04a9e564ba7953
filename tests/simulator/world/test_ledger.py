"""IDs of records, and lookups."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.world import Account, Line, World
from simulator.worlds import household, quiet


def test_ids_ascend_over_a_restart(freezer: FrozenDateTimeFactory) -> None:
    """A restarted exchange issues higher IDs, so that clients do not miss new records."""
    freezer.move_to("2026-11-01T12:00:00Z")
    before = household()
    before.advance(3600)
    ids = [record.id for record in before.account().records]
    assert ids == sorted(set(ids))
    freezer.move_to("2026-11-01T13:00:01Z")
    after = household()
    assert after.miss().id > ids[-1]
    assert after.ring().id > max(r.active_call_id or 0 for r in before.account().records)


def test_an_explicit_id_must_be_higher() -> None:
    """A client that reads by `since_id` would never see a record with a lower ID."""
    world = quiet()
    record = world.miss()
    with pytest.raises(ValueError, match="IDs must ascend"):
        world.add_record(id=record.id, source_number="", destination_number="*100")


def test_errors_name_what_is_unknown() -> None:
    """Unknown calls, accounts and lines are named in the error."""
    world = World(Account("1", "secret", lines={100200: Line(100200)}))
    with pytest.raises(LookupError, match="no call is ringing"):
        world.answer()
    with pytest.raises(LookupError, match="no active call 7"):
        world.end(7)
    with pytest.raises(LookupError, match="no account 2"):
        world.ring(account="2")
    with pytest.raises(LookupError, match="no line 1"):
        world.ring(line=1)
    world.dial("100")
    with pytest.raises(ValueError, match="only an incoming call"):
        world.redirect()
