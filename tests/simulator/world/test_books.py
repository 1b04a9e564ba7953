"""What records add up to."""

from datetime import timedelta

import pytest

from simulator.worlds import quiet


def test_the_books_agree_with_the_records() -> None:
    """What tests hold Home Assistant's figures to, added up here a second time."""
    world = quiet()
    world.fill(1000)
    records = world.account().records
    assert len(records) == 1000
    books = world.totals()
    spent = sum(record.price for record in records)
    told = books.incoming.price + books.outgoing.price + books.redirected.price
    assert told == pytest.approx(spent)
    assert books.credit == records[-1].balance_after == 500.0
    assert records[0].balance_after == pytest.approx(500 + spent - records[0].price)
    lines = [world.totals(line=line).records for line in world.account().lines]
    assert sum(lines) == books.records == 1000
    middle = records[500].date
    later = world.totals(middle + timedelta(seconds=1)).records
    assert later + world.totals(end=middle).records == 1000
