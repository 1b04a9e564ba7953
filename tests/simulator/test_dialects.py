"""Each dialect words the same facts in its own way, and refuses in its own form."""

import csv
from datetime import UTC, datetime
import io
from xml.etree import ElementTree as ET

import pytest

from simulator.dialects import DIALECTS
from tests.exchange import RunningExchange

from .conftest import Ask
from .documents import ALWAYS

CODE = "authentication_failed"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_every_dialect_tells_of_the_same_calls(
    exchange: RunningExchange, ask: Ask, dialect: str
) -> None:
    """A dialect that loses a call would have the client blamed for it."""
    exchange.world.fill(40)
    ids = {str(record.id) for record in exchange.world.account().records}
    exchange.world.dialect = dialect
    rows = (await ask("GET", "/calls.json", since_id=0)).json
    assert {str(row["id"]) for row in rows} == ids
    sheet = (await ask("GET", "/calls.csv", since_id=0)).text.removeprefix("\ufeff")
    delimiter = DIALECTS[dialect].delimiter
    assert {row["id"] for row in csv.DictReader(io.StringIO(sheet), delimiter=delimiter)} == ids
    root = ET.fromstring((await ask("GET", "/calls.xml", since_id=0)).text)  # noqa: S314
    assert {call.findtext("id") for call in root} == ids


async def test_an_empty_history_is_still_a_table(ask: Ask) -> None:
    """A header says that there are no calls; an empty file would say nothing."""
    (header,) = (await ask("GET", "/calls.csv", since_id=0)).text.splitlines()
    assert header.startswith("id,redirection_parent_id,date,")


@pytest.mark.parametrize(
    ("dialect", "form", "text"),
    [
        ("documented", "json", f'{{"errors": ["{CODE}"]}}'),
        ("documented", "csv", f"error {CODE}"),
        ("documented", "xml", f"error {CODE}"),
        ("described", "json", f'{{"errors": ["{CODE}"]}}'),
        ("described", "csv", f"errors\n{CODE}\n"),
        (
            "described",
            "xml",
            (
                '<?xml version="1.0"?>\n<hash><errors type="array">'
                f"<error>{CODE}</error></errors></hash>\n"
            ),
        ),
        ("text", "xml", f"<errors><error>{CODE}</error></errors>"),
        ("sheets", "csv", f'\ufeff"status";"errors"\r\n"error";"{CODE}"\r\n'),
        ("sheets", "xml", f"<odpoved><status>error</status><errors>{CODE}</errors></odpoved>"),
        ("quirks", "csv", f"error {CODE}"),
    ],
)
async def test_each_dialect_refuses_in_its_own_form(
    exchange: RunningExchange, ask: Ask, dialect: str, form: str, text: str
) -> None:
    """Whether the exchange refuses or a test lets it, and always with HTTP 200."""
    exchange.world.dialect = dialect
    said = await ask("GET", f"/calls.{form}", since_id=0, password="wrong")
    assert (said.status, said.text) == (200, text)
    exchange.fail(CODE)
    assert (await ask("GET", f"/calls.{form}", since_id=0)).text == text
    assert (await ask("GET", "/balance", password="wrong")).text == f"error {CODE}"


@pytest.mark.parametrize(
    ("dialect", "none", "kind"),
    [("documented", None, int), ("live", None, str), ("described", "", str)],
)
async def test_a_parent_is_a_number_text_or_null(
    *, exchange: RunningExchange, ask: Ask, dialect: str, none: str | None, kind: type
) -> None:
    """Public clients need text where there is a parent, and null or no text where there is none."""
    exchange.world.dialect = dialect
    exchange.world.redirect(exchange.world.ring().id)
    exchange.world.end()
    exchange.world.advance(1)
    first, second = (await ask("GET", "/calls.json", since_id=0)).json
    assert (first["redirection_parent_id"], second["redirection_parent_id"]) == (
        none,
        kind(first["id"]),
    )
    assert isinstance(first["id"], int)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_time_without_a_zone_is_local_or_utc(
    exchange: RunningExchange, ask: Ask, dialect: str
) -> None:
    """Public clients disagree; a time with a zone is the same in all dialects."""
    exchange.world.dialect = dialect
    exchange.world.add_record(
        date=datetime(2026, 7, 1, 10, 0, tzinfo=UTC), source_number="", destination_number="*100"
    )

    async def finds(start: str, end: str) -> bool:
        return bool((await ask("GET", "/calls.json", from_=start, to=end)).json)

    assert await finds("2026-07-01T09:59:00Z", "2026-07-01T12:01:00+02:00")
    is_utc = dialect == "utc"
    assert await finds("2026-07-01T09:59:00", "2026-07-01T10:01:00") is is_utc
    assert await finds("2026-07-01T11:59:00", "2026-07-01T12:01:00") is not is_utc
    order = {"caller": "1", "recipient": "2", "delayed": "2036-07-16T08:00:00"}
    await ask("POST", "/callback", **order)
    assert exchange.world.account().callbacks[0].due.astimezone(UTC).hour == (8 if is_utc else 6)


async def test_everything_is_text_where_numbers_are(exchange: RunningExchange, ask: Ask) -> None:
    """Ids and money, too, and nothing is null."""
    exchange.world.dialect = "text"
    exchange.world.fill(20)
    exchange.world.ring()
    for path in ("/calls.json", "/active_calls.json", "/speed_dials.json"):
        for row in (await ask("GET", path, since_id=0)).json:
            assert {type(value) for value in row.values()} == {str}
    lines = (await ask("GET", "/lines.json")).json
    assert {type(line["id"]) for line in lines} == {str}
    assert {type(line["active_sip"]) for line in lines} == {bool}


async def test_the_newest_is_first_over_all_pages(exchange: RunningExchange, ask: Ask) -> None:
    """Not only within a page: the oldest call stands on the last one."""
    exchange.world.dialect = "backwards"
    exchange.world.fill(25)
    ids: list[int] = []
    for page in (1, 2, 3):
        said = await ask("GET", "/calls.json", since_id=0, page_size=10, page=page)
        ids += [row["id"] for row in said.json]
        assert "null" not in said.text
    assert ids == [record.id for record in reversed(exchange.world.account().records)]
    exchange.world.ring()
    newest = exchange.world.ring()
    assert (await ask("GET", "/active_calls.json")).json[0]["id"] == newest.id


async def test_a_dialect_is_chosen_while_it_runs(exchange: RunningExchange, control: Ask) -> None:
    """A mistake is said; the word that was there before goes on working."""
    assert (await control("POST", "set", dialect="backwards")).status == 200
    assert exchange.world.dialect == "backwards"
    said = await control("POST", "set", dialect="klingon")
    assert (said.status, said.json["error"]) == (400, "no dialect klingon")
    await control("POST", "set", quirks=True)
    assert (exchange.world.dialect, exchange.world.quirks) == ("quirks", True)
    await control("POST", "set", quirks=False)
    assert (exchange.world.dialect, exchange.world.quirks) == ("documented", False)


async def test_the_telephones_of_a_line_can_be_let_expire(
    exchange: RunningExchange, control: Ask, ask: Ask
) -> None:
    """They stay listed, and a telephone that registers again is there."""
    await control("POST", "set", expire=300100)
    (device,) = (await ask("GET", "/lines.json")).json[0]["connected_devices"]
    expires = datetime.fromisoformat(device["registration_expires_at"])
    assert expires <= exchange.world.now()
    await control("POST", "set", register=300100)
    assert len((await ask("GET", "/lines.json")).json[0]["connected_devices"]) == 2


async def test_quirks_loosen_every_answer_and_lose_nothing(
    exchange: RunningExchange, ask: Ask
) -> None:
    """Clients have met numbers as text, rows in any order, nulls and fields of tomorrow."""
    exchange.world.fill(100)
    exchange.world.ring()
    strict = (await ask("GET", "/calls.json", since_id=0)).json
    exchange.world.quirks = True
    loose = (await ask("GET", "/calls.json", since_id=0)).json
    assert [row["id"] for row in loose] != [str(row["id"]) for row in strict]
    assert {row["id"] for row in loose} == {str(row["id"]) for row in strict}
    assert all(isinstance(row["price"], str) and "unknown_field" in row for row in loose)
    assert any(row["destination_name"] is None for row in loose)
    totals = (await ask("GET", "/call_statistics.json", **ALWAYS)).json
    assert isinstance(totals["incoming"]["count"], str)
    (call,) = (await ask("GET", "/active_calls.json")).json
    assert isinstance(call["line"], str)
