"""The history of calls as JSON, CSV and XML, and its pages."""

import csv
from datetime import datetime
import io
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, Send, documented, login, shape


async def test_the_documented_record_is_reproduced(exchange: RunningExchange, api: Send) -> None:
    """A record with the documented values has exactly the documented fields."""
    (row,) = documented("calls.json")
    exchange.world.add_record(**row | {"date": datetime.fromisoformat(row["date"])})
    assert (await api("GET", "/calls.json", since_id=0)).json == [row]


async def test_a_new_record_has_the_documented_fields(exchange: RunningExchange, api: Send) -> None:
    """Only `active_call_id` is additional."""
    call = exchange.world.ring("00420602111222")
    exchange.world.redirect(call.id)
    exchange.world.answer()
    exchange.world.end()
    exchange.world.advance(1)
    _, row = (await api("GET", "/calls.json", since_id=0)).json
    assert row.pop("active_call_id") == call.id + 1
    assert shape([row]) == shape(documented("calls.json"))
    assert list(row) == list(documented("calls.json")[0])


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "missing_argument from to"),
        ({"from_": "2020-01-01T00:00:00Z"}, "missing_argument to"),
        ({"since_id": 1, **ALL_TIME}, "invalid_argument since_id"),
        ({"since_id": 0, "page": 0}, "invalid_argument page"),
    ],
)
async def test_a_period_or_a_position_is_required(
    api: Send, params: dict[str, object], code: str
) -> None:
    """Either `from` and `to` or `since_id` is required, not both."""
    assert (await api("GET", "/calls.json", **params)).json == {"errors": [code]}


@pytest.mark.parametrize(("plus", "is_valid"), [("+", False), ("%2B", True)])
async def test_an_unencoded_plus_is_an_error(
    *, exchange: RunningExchange, session: ClientSession, plus: str, is_valid: bool
) -> None:
    """A plus sign in a query means a space; the operator's documentation warns of it."""
    query = f"from=2013-06-05T11:15:00{plus}02:00&to=2100-01-01T00:00:00Z"
    url = f"{exchange.url}/calls.json?{query}&{urlencode(login(exchange))}"
    async with session.get(url) as response:
        assert isinstance(await response.json(), list) is is_valid


async def test_a_page_has_at_most_2000_records(exchange: RunningExchange, api: Send) -> None:
    """All pages together contain each record once."""
    exchange.world.fill(4100)
    first = await api("GET", "/calls.json", since_id=0, page_size=5000)
    assert (len(first.json), first.pages) == (2000, "3")
    ids: list[int] = []
    for page in (1, 2, 3, 4):
        ids += [row["id"] for row in (await api("GET", "/calls.json", since_id=0, page=page)).json]
    assert ids == [record.id for record in exchange.world.account().records]
    small = await api("GET", "/calls.json", page_size=7, page=2, **ALL_TIME)
    assert ([row["id"] for row in small.json], small.pages) == (ids[7:14], "586")


async def test_since_id_returns_later_records(exchange: RunningExchange, api: Send) -> None:
    """IDs follow the order of writing: a long call has a higher ID than one that started later."""
    long_call = exchange.world.ring("00420602111222")
    exchange.world.answer()
    exchange.world.advance(60)
    missed = exchange.world.miss("00420737404808")
    exchange.world.end(long_call.id)
    exchange.world.advance(1)
    (row,) = (await api("GET", "/calls.json", since_id=missed.id)).json
    assert row["active_call_id"] == long_call.id
    assert row["date"] < missed.date.strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_sip_ids_and_messages_are_optional(exchange: RunningExchange, api: Send) -> None:
    """They are included only with their parameter; a message has no length."""
    exchange.world.miss("00420602111222")
    exchange.world.add_sms("00420777123456")
    (plain,) = (await api("GET", "/calls.json", since_id=0)).json
    everything = await api("GET", "/calls.json", since_id=0, sip_ids="true", include_sms="true")
    call, sms = everything.json
    assert set(call) - set(plain) == {"sip_in_call_id", "sip_out_call_id"}
    assert (sms["type"], sms["destination_name"]) == ("sms", "SMS zpráva")
    assert "length" not in sms


@pytest.mark.parametrize(
    "params", [{"path": "calls", "since_id": 0, "page_size": 10, "page": 3}, {"path": "sms"}]
)
async def test_csv_and_xml_equal_json(
    exchange: RunningExchange, api: Send, params: dict[str, object]
) -> None:
    """All formats contain the same values and the same number of pages."""
    params = {**params, **(ALL_TIME if "since_id" not in params else {})}
    path = params.pop("path")
    exchange.world.fill(25, messages=5)
    reply = await api("GET", f"/{path}.json", **params)
    rows = [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in reply.json
    ]
    assert len(rows) == 5
    table = await api("GET", f"/{path}.csv", **params)
    assert (table.content_type, table.pages) == ("text/csv", reply.pages)
    assert list(csv.DictReader(io.StringIO(table.text))) == rows
    document = await api("GET", f"/{path}.xml", **params)
    assert (document.content_type, document.pages) == ("application/xml", reply.pages)
    root = ET.fromstring(document.text)  # noqa: S314 - created by the simulator
    assert [{field.tag: field.text or "" for field in row} for row in root] == rows
    # Public clients read XML line by line.
    lines = [line.strip() for line in document.text.splitlines()]
    assert f"<id>{rows[0]['id']}</id>" in lines


async def test_every_csv_page_has_the_same_header(exchange: RunningExchange, api: Send) -> None:
    """An empty page and a page of messages have the header of any other page."""

    async def headers() -> list[str]:
        replies = (
            await api("GET", "/calls.csv", since_id=0),
            await api("GET", "/calls.csv", since_id=0, include_sms="true", sip_ids="true"),
            await api("GET", "/sms.csv", **ALL_TIME),
        )
        return [reply.text.splitlines()[0] for reply in replies]

    calls, mixed, messages = await headers()
    exchange.world.miss()
    exchange.world.add_sms("00420777123456")
    assert await headers() == [calls, mixed, messages]
    assert calls.startswith("id,redirection_parent_id,date,")
    assert calls.endswith(",recording,active_call_id")
    assert mixed == f"{calls},type,sip_in_call_id,sip_out_call_id"
