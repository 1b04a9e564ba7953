"""Totals of records."""

from datetime import timedelta

import pytest

from simulator.worlds import quiet


def test_totals_equal_the_sums_of_the_records() -> None:
    """Prices, credit and counts agree, for the whole history, by line and by period."""
    world = quiet()
    world.fill(1000)
    records = world.account().records
    assert len(records) == 1000
    totals = world.totals()
    spent = sum(record.price for record in records)
    by_direction = (totals.incoming, totals.outgoing, totals.redirected)
    assert sum(subtotal.price for subtotal in by_direction) == pytest.approx(spent)
    assert totals.credit == records[-1].balance_after == 500.0
    assert records[0].balance_after == pytest.approx(500 + spent - records[0].price)
    lines = [world.totals(line=line).records for line in world.account().lines]
    assert sum(lines) == totals.records == 1000
    middle = records[500].date
    later = world.totals(middle + timedelta(seconds=1)).records
    assert later + world.totals(end=middle).records == 1000
