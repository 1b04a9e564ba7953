"""Tests of the action that reads the history."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from simulator.world import Record

from .conftest import EVER, START, Actions, parameters

FILTER: dict[str, Any] = {
    "direction": "in",
    "line": 300100,
    "min_length": 5,
    "max_length": 3600,
    "min_price": 0.00001,
    "max_price": 100,
}
SENT_FILTER = {name: str(value) for name, value in FILTER.items()} | {
    "min_price": "0.00001",
    "max_price": "100.0",
}

SELECTIONS: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {**FILTER, "status": "missed", "include_sms": True, "sip_ids": True},
        {**SENT_FILTER, "status": "missed", "include_sms": "true", "sip_ids": "true"},
    ),
    ({"include_sms": False, "sip_ids": False, "min_length": 0}, {"min_length": "0"}),
    ({"number": "+420 533 533 533"}, {"phone_number_filter": "00420533533533"}),
    ({"number": "+49"}, {"phone_number_filter": "0049"}),
    ({"number": "jan novak"}, {"phone_number_filter": "00420777123456"}),
    ({"number": "*300"}, {"phone_number_filter": "*300"}),
]


async def test_the_selection_of_calls_is_sent_as_documented(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """Period and filters reach the operator in the documented form."""
    await hass.config.async_set_time_zone("Europe/Prague")
    wanted: dict[str, Any] = {"start": "2026-11-01 00:00:00", "end": "2026-11-02T00:00:00+01:00"}
    period = {"from": "2026-10-31T23:00:00Z", "to": "2026-11-01T23:00:00Z"}
    for fields, sent in SELECTIONS:
        act.reset()
        with subtests.test(fields=fields):
            await act("get_calls", **wanted, **fields)
            assert act.readings == [{**period, **sent}]


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("get_statistics", "/call_statistics.json"),
        ("get_statistics_by_destination", "/call_statistics/by_destination.json"),
    ],
)
async def test_the_selection_of_statistics_is_sent_as_documented(
    act: Actions, action: str, path: str
) -> None:
    """Statistics are requested with the same period and filters as calls."""
    act.reset()
    await act(action, start="2026-11-01T00:00:00Z", end="2026-11-02T00:00:00Z", **FILTER)
    (request,) = act.exchange.requests(path)
    period = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}
    assert parameters(request) == {**period, **SENT_FILTER}


def add_record(act: Actions, **fields: Any) -> Record:
    """Add an incoming call to the history."""
    call = {"source_number": "00420777123456", "destination_number": "00420910123456"}
    date = datetime(2026, 11, 10, 12, tzinfo=UTC)
    return act.world.add_record(**{"date": date, **call, **fields})


async def test_calls_have_the_fields_of_the_api_and_a_name(act: Actions) -> None:
    """A call has the operator's fields, and also its name and type."""
    row = add_record(act, status="missed", ringing_length=20)
    add_record(act, direction="out", destination_number="00420602987654", price=1.5, length=61)
    add_record(act, source_number="")
    act.world.add_sms("00420777123456")
    calls = (await act("get_calls", start="2026-11-01", end="2027-01-01"))["calls"]
    assert [call["name"] for call in calls] == [None, "Eva Dvořáková", "Jan Novák mobil"]
    assert calls[2] == {
        "id": row.id,
        "redirection_parent_id": None,
        "date": "2026-11-10T12:00:00Z",
        "direction": "in",
        "source_number": "00420777123456",
        "destination_number": "00420910123456",
        "destination_name": "Česko v síti",
        "length": 0,
        "ringing_length": 20,
        "status": "missed",
        "price": 0.0,
        "price_per_minute": 0.0,
        "balance_after": 500.0,
        "line": 300100,
        "recording": None,
        "active_call_id": None,
        "name": "Jan Novák mobil",
        "type": "call",
    }
    calls = (await act("get_calls", **START, include_sms=True, sip_ids=True))["calls"]
    assert {call["type"] for call in calls} == {"call", "sms"}
    assert all("sip_in_call_id" in call for call in calls)


@pytest.mark.parametrize("has_direction", [True, False])
async def test_a_message_has_the_name_of_the_other_party(
    act: Actions, *, has_direction: bool
) -> None:
    """A received message is named after its sender, even if the record has no direction."""
    for sms in (
        act.world.receive_sms("00420602987654", "00420910123456"),
        act.world.add_sms("00420777123456"),
    ):
        sms.direction = sms.direction if has_direction else None
    calls = (await act("get_calls", include_sms=True, **START))["calls"]
    assert [call["name"] for call in calls] == ["Jan Novák mobil", "Eva Dvořáková"]


async def test_the_newest_calls_are_returned(act: Actions) -> None:
    """The limit keeps the newest calls, by default 200."""
    act.world.fill(4500)
    records = sorted(act.world.account().records, key=lambda row: (row.date, row.id), reverse=True)
    newest = [row.id for row in records]
    act.reset()
    for limit in (1, 200, 3000, 4500):
        calls = (await act("get_calls", **EVER, limit=limit))["calls"]
        assert [call["id"] for call in calls] == newest[:limit]
    assert [request.get("page") for request in act.readings[:3]] == [None, "2", "3"]
    assert len((await act("get_calls", **EVER))["calls"]) == 200


async def test_calls_can_be_read_since_an_id(act: Actions) -> None:
    """Only newer calls are requested and returned."""
    old, new = add_record(act), add_record(act)
    act.reset()
    calls = (await act("get_calls", since_id=old.id))["calls"]
    assert [call["id"] for call in calls] == [new.id]
    requests = map(parameters, act.exchange.requests("/calls.json"))
    assert {"since_id": str(old.id)} in requests
