"""Totals of a period."""

import pytest

from .conftest import EVER, Actions


async def test_statistics_match_the_records_of_the_operator(act: Actions) -> None:
    """Totals, destinations and missed calls are what the operator has counted."""
    act.world.fill(300)
    books = act.world.totals()
    totals = await act("get_statistics", **EVER)
    assert totals["outgoing"] == {
        "count": books.outgoing.count,
        "length": books.outgoing.length,
        "price": pytest.approx(books.outgoing.price),
    }
    assert set(totals) == {"incoming", "outgoing", "redirected"}
    answer = await act("get_statistics_by_destination", **EVER, direction="out")
    rows = answer["destinations"]
    assert sum(row["count"] for row in rows) == books.outgoing.count
    assert sum(row["price"] for row in rows) == pytest.approx(books.outgoing.price)
    fields = {"destination", "count", "length", "price", "price_per_minute", "direction"}
    assert set(rows[0]) == fields
    missed = (await act("get_missed_calls", **EVER))["missed_calls"]
    assert {row["destination_number"]: row["count"] for row in missed} == books.missed
