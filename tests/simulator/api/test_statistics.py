"""The statistics."""

from dataclasses import asdict

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, Send, documented, shape


async def test_the_statistics_have_the_documented_fields(
    exchange: RunningExchange, api: Send
) -> None:
    """All three endpoints have the documented fields."""
    exchange.world.fill(300)
    for path, fixture in (
        ("/call_statistics.json", "call_statistics.json"),
        ("/call_statistics/by_destination.json", "by_destination.json"),
        ("/call_statistics/missed_calls.json", "missed_calls.json"),
    ):
        content = (await api("GET", path, **ALL_TIME)).json
        assert shape(content) == shape(documented(fixture))


async def test_statistics_are_the_totals_of_the_records(
    exchange: RunningExchange, api: Send
) -> None:
    """All endpoints agree with the totals of the world; filters apply."""
    exchange.world.fill(500)
    totals = exchange.world.totals()
    statistics = (await api("GET", "/call_statistics.json", **ALL_TIME)).json
    assert statistics == {
        name: asdict(getattr(totals, name)) for name in ("incoming", "outgoing", "redirected")
    }
    rows = (await api("GET", "/call_statistics/by_destination.json", **ALL_TIME)).json
    assert sum(row["count"] for row in rows) == 500
    price = sum(subtotal["price"] for subtotal in statistics.values())
    assert sum(row["price"] for row in rows) == pytest.approx(price)
    missed = (await api("GET", "/call_statistics/missed_calls.json", **ALL_TIME)).json
    assert {row["destination_number"]: row["count"] for row in missed} == totals.missed
    outgoing = (await api("GET", "/call_statistics.json", direction="out", **ALL_TIME)).json
    assert (outgoing["incoming"]["count"], outgoing["outgoing"]) == (0, statistics["outgoing"])
