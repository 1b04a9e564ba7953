"""IDs of records."""

from freezegun.api import FrozenDateTimeFactory
import pytest

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
