"""Filters do what the operator's document says of them, where it lists them."""

from typing import Any

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"direction": "in"}, {1, 2, 5}),
        ({"direction": "out"}, {3, 4}),
        ({"direction": "redirected"}, {6}),
        ({"status": "missed"}, {2}),
        ({"status": "answered", "direction": "in"}, {1, 5}),
        ({"line": 300110}, {3}),
        ({"min_length": 60}, {1, 3, 6}),
        ({"max_length": 59}, {2, 4, 5}),
        ({"min_length": 30, "max_length": 60}, {3, 4}),
        ({"min_price": 0.59}, {3, 6}),
        ({"max_price": 0.5}, {1, 2, 4, 5}),
        ({"phone_number_filter": "0049"}, {2, 3}),
        ({"phone_number_filter": "00420602111222"}, {1}),
        ({"include_sms": "true", "direction": "out"}, {3, 4, 7}),
        ({"include_sms": "false"}, {1, 2, 3, 4, 5, 6}),
    ],
)
async def test_every_filter_of_the_document(
    exchange: RunningExchange, ask: Ask, params: dict[str, Any], expected: set[int]
) -> None:
    """Each lets through what it names, at its bounds too."""
    home, other = "00420910123456", "00420548138000"
    for fields in (
        {"source_number": "00420602111222", "destination_number": home, "length": 61},
        {"source_number": "004930901820", "destination_number": home, "status": "missed"},
        {
            "source_number": home,
            "destination_number": "004930901821",
            "direction": "out",
            "length": 60,
            "price": 0.79,
            "line": 300110,
        },
        {
            "source_number": home,
            "destination_number": other,
            "direction": "out",
            "length": 30,
            "price": 0.5,
        },
        {"source_number": "", "destination_number": home, "length": 5},
        {
            "source_number": other,
            "destination_number": other,
            "direction": "redirected",
            "length": 99,
            "price": 0.59,
        },
    ):
        exchange.world.add_record(id=len(exchange.world.account().records) + 1, **fields)
    exchange.world.add_record(
        id=7,
        source_number=home,
        destination_number=other,
        direction="out",
        type="sms",
        destination_name="SMS zpráva",
        length=None,
        ringing_length=None,
        status="unknown",
    )
    rows = (await ask("GET", "/calls.json", since_id=0, **params)).json
    assert {row["id"] for row in rows} == expected


@pytest.mark.parametrize(
    "params",
    [{"direction": "up"}, {"status": "lost"}, {"line": "abc"}, {"min_length": "nan"}],
)
async def test_a_filter_that_means_nothing_is_refused(ask: Ask, params: dict[str, str]) -> None:
    """A stand-in that shrugs would hide a client's mistake."""
    assert "errors" in (await ask("GET", "/calls.json", since_id=0, **params)).json


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/call_statistics.json", {"status": "missed", "phone_number_filter": "0049"}),
        ("/call_statistics/by_destination.json", {"status": "missed", "phone_number_filter": "1"}),
        ("/call_statistics/missed_calls.json", {"line": 300120, "direction": "out"}),
        ("/call_statistics/missed_calls.json", {"line": "of no meaning", "min_length": "x"}),
        ("/sms.json", {"status": "missed", "min_price": 100}),
    ],
)
async def test_a_filter_that_the_document_does_not_list_is_passed_over(
    exchange: RunningExchange, ask: Ask, path: str, filters: dict[str, Any]
) -> None:
    """A client that relies on it would show the figures of all calls as those of some."""
    exchange.world.fill(200)
    exchange.world.add_sms("00420777123456")
    everything = (await ask("GET", path, **ALWAYS)).json
    assert everything
    assert (await ask("GET", path, **ALWAYS, **filters)).json == everything
