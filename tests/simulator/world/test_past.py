"""A past that nobody has seen happen."""

from datetime import UTC, datetime, timedelta
import time

import pytest

from simulator.worlds import household, quiet


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
