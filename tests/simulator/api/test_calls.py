"""The history, as rows, as a table and as a document; its pages."""

import csv
from datetime import datetime
import io
from xml.etree import ElementTree as ET

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS, documented, shape


async def test_the_documented_record_comes_out_as_it_went_in(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A field of another name or type here would let the client pass with a wrong one."""
    (row,) = documented("calls.json")
    exchange.world.add_record(**row | {"date": datetime.fromisoformat(row["date"])})
    assert (await ask("GET", "/calls.json", since_id=0)).json == [row]


async def test_a_new_record_has_the_documented_fields(exchange: RunningExchange, ask: Ask) -> None:
    """Only the newer active_call_id stands beside them."""
    call = exchange.world.ring("00420602111222")
    exchange.world.redirect(call.id)
    exchange.world.answer()
    exchange.world.advance(10)
    exchange.world.end()
    exchange.world.advance(1)
    _, row = (await ask("GET", "/calls.json", since_id=0)).json
    assert row.pop("active_call_id") == call.id + 1
    assert shape([row]) == shape(documented("calls.json"))
    assert list(row) == list(documented("calls.json")[0])


async def test_exactly_one_of_the_two_ways_to_ask_for_calls(ask: Ask) -> None:
    """A period or a place, never both and never neither."""
    assert (await ask("GET", "/calls.json")).json == {"errors": ["missing_argument from to"]}
    assert (await ask("GET", "/calls.json", from_="2020-01-01T00:00:00Z")).json == {
        "errors": ["missing_argument to"]
    }
    assert "errors" in (await ask("GET", "/calls.json", since_id=1, **ALWAYS)).json
    assert (await ask("GET", "/calls.json", since_id=0)).json == []


async def test_an_unencoded_plus_is_a_space_and_refused(exchange: RunningExchange) -> None:
    """The document warns of it, so the client must be caught when it forgets."""
    login = f"user={exchange.username}&password={exchange.password}"
    async with ClientSession() as session:
        for plus, good in (("+", False), ("%2B", True)):
            query = f"from=2013-06-05T11:15:00{plus}02:00&to=2100-01-01T00:00:00Z&{login}"
            async with session.get(f"{exchange.url}/calls.json?{query}") as response:
                assert isinstance(await response.json(), list) is good


async def test_pages_hold_2000_calls_at_most_and_all_calls_together(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A page lost or read twice is a call lost or reported twice."""
    exchange.world.fill(4100)
    first = await ask("GET", "/calls.json", since_id=0, page_size=5000)
    assert (len(first.json), first.pages) == (2000, "3")
    ids: list[int] = []
    for page in (1, 2, 3, 4):
        ids += [row["id"] for row in (await ask("GET", "/calls.json", since_id=0, page=page)).json]
    assert ids == [record.id for record in exchange.world.account().records]
    small = await ask("GET", "/calls.json", page_size=7, page=2, **ALWAYS)
    assert ([row["id"] for row in small.json], small.pages) == (ids[7:14], "586")
    assert "errors" in (await ask("GET", "/calls.json", since_id=0, page=0)).json


async def test_since_id_gives_what_was_written_later(exchange: RunningExchange, ask: Ask) -> None:
    """A long call that began first is written last, and has the highest id."""
    long_call = exchange.world.ring("00420602111222")
    exchange.world.answer()
    exchange.world.advance(60)
    missed = exchange.world.miss("00420737404808")
    exchange.world.end(long_call.id)
    exchange.world.advance(1)
    (row,) = (await ask("GET", "/calls.json", since_id=missed.id)).json
    assert row["active_call_id"] == long_call.id
    assert row["date"] < missed.date.strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_sip_ids_and_messages_only_when_asked_for(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A message has no length and no text."""
    exchange.world.miss("00420602111222")
    exchange.world.add_sms("00420777123456")
    (plain,) = (await ask("GET", "/calls.json", since_id=0)).json
    call, sms = (
        await ask("GET", "/calls.json", since_id=0, sip_ids="true", include_sms="true")
    ).json
    assert set(call) - set(plain) == {"sip_in_call_id", "sip_out_call_id"}
    assert (sms["type"], sms["destination_name"]) == ("sms", "SMS zpráva")
    assert "length" not in sms


async def test_csv_and_xml_say_the_same_as_json(exchange: RunningExchange, ask: Ask) -> None:
    """All three are one history, with the same pages."""
    exchange.world.fill(25)
    ways = {"since_id": 0, "page_size": 10, "page": 3}
    rows = (await ask("GET", "/calls.json", **ways)).json
    text = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    sheet = await ask("GET", "/calls.csv", **ways)
    assert (sheet.content_type, sheet.pages) == ("text/csv", "3")
    assert list(csv.DictReader(io.StringIO(sheet.text))) == text
    tree = await ask("GET", "/calls.xml", **ways)
    assert (tree.content_type, tree.pages) == ("application/xml", "3")
    root = ET.fromstring(tree.text)  # noqa: S314 - our own text
    assert [{field.tag: field.text or "" for field in call} for call in root] == text


async def test_every_table_has_the_whole_header(exchange: RunningExchange, ask: Ask) -> None:
    """Also an empty page, and a page of messages only: pages are put together."""

    async def header(**params: object) -> str:
        return (await ask("GET", "/calls.csv", since_id=0, **params)).text.splitlines()[0]

    empty, empty_mixed = await header(), await header(include_sms="true", sip_ids="true")
    exchange.world.miss()
    exchange.world.add_sms("00420777123456")
    assert await header() == empty
    assert empty.endswith(",recording,active_call_id")
    assert await header(include_sms="true", sip_ids="true") == empty_mixed
    assert empty_mixed == f"{empty},type,sip_in_call_id,sip_out_call_id"


async def test_a_document_has_a_line_for_each_element(exchange: RunningExchange, ask: Ask) -> None:
    """Public clients read it line by line."""
    exchange.world.miss("00420602111222")
    text = (await ask("GET", "/calls.xml", since_id=0)).text
    assert "<source_number>00420602111222</source_number>" in [
        line.strip() for line in text.splitlines()
    ]


@pytest.mark.parametrize("name", ["page", "page_size", "line", "since_id", "min_length"])
@pytest.mark.parametrize("value", ["2.5", "-1", "1e3"])
async def test_what_is_counted_is_a_whole_number(ask: Ask, name: str, value: str) -> None:
    """There is no page two and a half; a client that asks for it has made a mistake."""
    said = await ask("GET", "/calls.json", **{"since_id": 0, name: value})
    assert said.json == {"errors": [f"invalid_argument {name}"]}
