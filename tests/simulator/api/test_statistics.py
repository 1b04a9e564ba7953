"""The sums are those of the records."""

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS, documented, shape


async def test_the_statistics_have_the_documented_fields(
    exchange: RunningExchange, ask: Ask
) -> None:
    """All three of them, filled."""
    exchange.world.fill(300)
    for path, fixture in (
        ("/call_statistics.json", "call_statistics.json"),
        ("/call_statistics/by_destination.json", "by_destination.json"),
        ("/call_statistics/missed_calls.json", "missed_calls.json"),
    ):
        answer = (await ask("GET", path, **ALWAYS)).json
        assert shape(answer) == shape(documented(fixture))


async def test_statistics_are_the_sums_of_the_records(exchange: RunningExchange, ask: Ask) -> None:
    """Added up here from the rows, so that the two cannot be wrong together."""
    exchange.world.fill(500)
    rows = (await ask("GET", "/calls.json", **ALWAYS)).json
    totals = (await ask("GET", "/call_statistics.json", **ALWAYS)).json
    names = {"in": "incoming", "out": "outgoing", "redirected": "redirected"}
    for direction, name in names.items():
        mine = [row for row in rows if row["direction"] == direction]
        assert totals[name] == {
            "count": len(mine),
            "length": sum(row["length"] for row in mine),
            "price": pytest.approx(sum(row["price"] for row in mine)),
        }
    destinations = (await ask("GET", "/call_statistics/by_destination.json", **ALWAYS)).json
    assert sum(row["count"] for row in destinations) == 500
    assert sum(row["price"] for row in destinations) == pytest.approx(
        sum(row["price"] for row in rows)
    )
    missed = (await ask("GET", "/call_statistics/missed_calls.json", **ALWAYS)).json
    lost = [row for row in rows if row["direction"] == "in" and row["status"] == "missed"]
    assert sum(row["count"] for row in missed) == len(lost) > 0
    narrowed = (await ask("GET", "/call_statistics.json", direction="out", **ALWAYS)).json
    assert narrowed["incoming"]["count"] == 0
    assert narrowed["outgoing"] == totals["outgoing"]
