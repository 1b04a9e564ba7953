"""The dialects: the same facts and errors, worded differently."""

import csv
from datetime import UTC, datetime
import io
from xml.etree import ElementTree as ET

import pytest

from simulator.dialects import DIALECTS
from tests.exchange import RunningExchange

from .conftest import ALL_TIME, ORDER, Send

CODE = "authentication_failed"
DESCRIBED_XML = (
    f'<?xml version="1.0"?>\n<hash><errors type="array"><error>{CODE}</error></errors></hash>\n'
)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_every_dialect_lists_the_same_calls(
    exchange: RunningExchange, api: Send, dialect: str
) -> None:
    """JSON, CSV and XML contain all records in every dialect."""
    exchange.world.fill(40)
    ids = {str(record.id) for record in exchange.world.account().records}
    exchange.world.dialect = dialect
    rows = (await api("GET", "/calls.json", since_id=0)).json
    assert {str(row["id"]) for row in rows} == ids
    table = (await api("GET", "/calls.csv", since_id=0)).text.removeprefix("\ufeff")
    delimiter = DIALECTS[dialect].delimiter
    assert {row["id"] for row in csv.DictReader(io.StringIO(table), delimiter=delimiter)} == ids
    root = ET.fromstring((await api("GET", "/calls.xml", since_id=0)).text)  # noqa: S314
    assert {call.findtext("id") for call in root} == ids


@pytest.mark.parametrize(
    ("dialect", "form", "text"),
    [
        ("described", "json", f'{{"errors": ["{CODE}"]}}'),
        ("described", "csv", f"errors\n{CODE}\n"),
        ("described", "xml", DESCRIBED_XML),
        ("text", "xml", f"<errors><error>{CODE}</error></errors>"),
        ("sheets", "csv", f'\ufeff"status";"errors"\r\n"error";"{CODE}"\r\n'),
        ("sheets", "xml", f"<odpoved><status>error</status><errors>{CODE}</errors></odpoved>"),
        ("quirks", "csv", f"error {CODE}"),
    ],
)
async def test_each_dialect_has_its_own_errors(
    exchange: RunningExchange, api: Send, dialect: str, form: str, text: str
) -> None:
    """Genuine and injected errors have the same text and status 200."""
    exchange.world.dialect = dialect
    reply = await api("GET", f"/calls.{form}", since_id=0, password="wrong")
    assert (reply.status, reply.text) == (200, text)
    exchange.fail(CODE)
    assert (await api("GET", f"/calls.{form}", since_id=0)).text == text
    assert (await api("GET", "/balance", password="wrong")).text == f"error {CODE}"


@pytest.mark.parametrize(
    ("dialect", "none", "kind"),
    [("documented", None, int), ("live", None, str), ("described", "", str)],
)
async def test_parent_ids_are_numbers_or_text(
    exchange: RunningExchange, api: Send, dialect: str, none: str | None, kind: type
) -> None:
    """Without a parent the ID is null or empty."""
    exchange.world.dialect = dialect
    exchange.world.redirect(exchange.world.ring().id)
    exchange.world.end()
    exchange.world.advance(1)
    first, second = (await api("GET", "/calls.json", since_id=0)).json
    assert first["redirection_parent_id"] == none
    assert second["redirection_parent_id"] == kind(first["id"])
    assert isinstance(first["id"], int)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_time_without_a_zone_is_local_or_utc(
    exchange: RunningExchange, api: Send, dialect: str
) -> None:
    """A time with a zone is the same in all dialects."""
    exchange.world.dialect = dialect
    exchange.world.add_record(
        date=datetime(2026, 7, 1, 10, 0, tzinfo=UTC), source_number="", destination_number="*100"
    )

    async def finds(start: str, end: str) -> bool:
        return bool((await api("GET", "/calls.json", from_=start, to=end)).json)

    assert await finds("2026-07-01T09:59:00Z", "2026-07-01T12:01:00+02:00")
    is_utc = dialect == "utc"
    assert await finds("2026-07-01T09:59:00", "2026-07-01T10:01:00") is is_utc
    assert await finds("2026-07-01T11:59:00", "2026-07-01T12:01:00") is not is_utc
    await api("POST", "/callback", **ORDER, delayed="2036-07-16T08:00:00")
    assert exchange.world.account().callbacks[0].due.astimezone(UTC).hour == (8 if is_utc else 6)


async def test_text_replaces_numbers_and_nulls(exchange: RunningExchange, api: Send) -> None:
    """In the dialect `text` all values except booleans are text."""
    exchange.world.dialect = "text"
    exchange.world.fill(20)
    exchange.world.ring()
    for path in ("/calls.json", "/active_calls.json", "/speed_dials.json"):
        for row in (await api("GET", path, since_id=0)).json:
            assert {type(value) for value in row.values()} == {str}
    lines = (await api("GET", "/lines.json")).json
    assert {type(line["id"]) for line in lines} == {str}
    assert {type(line["active_sip"]) for line in lines} == {bool}


async def test_the_newest_record_is_on_the_first_page(exchange: RunningExchange, api: Send) -> None:
    """The dialect `backwards` reverses the whole history, and omits nulls."""
    exchange.world.dialect = "backwards"
    exchange.world.fill(25)
    ids: list[int] = []
    for page in (1, 2, 3):
        reply = await api("GET", "/calls.json", since_id=0, page_size=10, page=page)
        ids += [row["id"] for row in reply.json]
        assert "null" not in reply.text
    assert ids == [record.id for record in reversed(exchange.world.account().records)]
    exchange.world.ring()
    newest = exchange.world.ring()
    assert (await api("GET", "/active_calls.json")).json[0]["id"] == newest.id


async def test_quirks_affect_every_response(exchange: RunningExchange, api: Send) -> None:
    """Rows are shuffled and have unknown fields, numbers as text, and nulls, but none is lost."""
    exchange.world.fill(100)
    exchange.world.ring()
    ids = [str(record.id) for record in exchange.world.account().records]
    exchange.world.dialect = "quirks"
    rows = (await api("GET", "/calls.json", since_id=0)).json
    assert [row["id"] for row in rows] != ids
    assert sorted(row["id"] for row in rows) == ids
    assert all(isinstance(row["price"], str) and "unknown_field" in row for row in rows)
    assert any(row["destination_name"] is None for row in rows)
    totals = (await api("GET", "/call_statistics.json", **ALL_TIME)).json
    assert isinstance(totals["incoming"]["count"], str)
    (call,) = (await api("GET", "/active_calls.json")).json
    assert isinstance(call["line"], str)
