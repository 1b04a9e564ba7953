"""The filters of histories and statistics."""

from typing import Any

import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, Send


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
async def test_filters_select_records(
    exchange: RunningExchange, api: Send, params: dict[str, Any], expected: set[int]
) -> None:
    """Each documented filter selects by its field; limits are inclusive."""
    home, other = "00420910123456", "00420548138000"
    out = {"source_number": home, "direction": "out"}
    rows: tuple[dict[str, Any], ...] = (
        {"source_number": "00420602111222", "length": 61},
        {"source_number": "004930901820", "status": "missed"},
        {
            **out,
            "destination_number": "004930901821",
            "length": 60,
            "price": 0.79,
            "line": 300110,
        },
        {**out, "destination_number": other, "length": 30, "price": 0.5},
        {"source_number": "", "length": 5},
        {"source_number": other, "direction": "redirected", "length": 99, "price": 0.59},
        {**out, "destination_number": other, "type": "sms", "length": None},
    )
    for number, fields in enumerate(rows, start=1):
        exchange.world.add_record(id=number, **{"destination_number": home, **fields})
    selected = (await api("GET", "/calls.json", since_id=0, **params)).json
    assert {row["id"] for row in selected} == expected


@pytest.mark.parametrize(
    "params",
    [{"direction": "up"}, {"status": "lost"}, {"line": "abc"}, {"min_length": "nan"}],
)
async def test_an_invalid_filter_is_an_error(api: Send, params: dict[str, str]) -> None:
    """An invalid value is not ignored, which would hide a client's mistake."""
    assert "errors" in (await api("GET", "/calls.json", since_id=0, **params)).json


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
async def test_an_undocumented_filter_is_ignored(
    exchange: RunningExchange, api: Send, path: str, filters: dict[str, Any]
) -> None:
    """An endpoint applies only the filters that are documented for it."""
    exchange.world.fill(200)
    exchange.world.add_sms("00420777123456")
    everything = (await api("GET", path, **ALL_TIME)).json
    assert everything
    assert (await api("GET", path, **ALL_TIME, **filters)).json == everything
