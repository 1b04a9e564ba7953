"""The exchange answers as the operator's document says, refusals included."""

import csv
from datetime import UTC, datetime, timedelta
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import ClientSession
import pytest

from simulator.world import Account, Contact, Device, Line, PublicNumber
from tests.exchange import RunningExchange

from .conftest import Ask

FIXTURES = Path(__file__).parents[1] / "api" / "fixtures"
ALWAYS = {"from_": "2010-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
JSON_PATHS = (
    "/calls.json",
    "/active_calls.json",
    "/call_statistics.json",
    "/call_statistics/by_destination.json",
    "/call_statistics/missed_calls.json",
    "/lines.json",
    "/public_numbers.json",
    "/speed_dials.json",
)
TEXT_PATHS = ("/balance", "/lines", "/calls.csv", "/calls.xml")


def documented(name: str) -> Any:
    """Return a documented answer."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text


def shape(value: Any) -> Any:
    """Return the names and types of an answer without what it says."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


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


async def test_an_active_call_has_the_documented_fields(
    exchange: RunningExchange, ask: Ask
) -> None:
    """While it rings, it has no answer date."""
    exchange.world.ring()
    (ringing,) = (await ask("GET", "/active_calls.json")).json
    assert ringing["answer_date"] is None
    exchange.world.answer()
    (talking,) = answer = (await ask("GET", "/active_calls.json")).json
    assert shape(answer) == shape(documented("active_calls.json"))
    assert list(talking) == list(documented("active_calls.json")[0])


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


@pytest.mark.parametrize(
    ("path", "fixture"),
    [
        ("/lines.json", "clients_lines.json"),
        ("/public_numbers.json", "clients_public_numbers.json"),
        ("/speed_dials.json", "clients_speed_dials.json"),
    ],
)
async def test_the_directories_have_the_fields_that_clients_know(
    ask: Ask, path: str, fixture: str
) -> None:
    """Lines, own numbers and contacts are read by name."""
    answer = (await ask("GET", path)).json
    known = documented(fixture)
    assert sorted(answer[0]) == sorted(known[0])
    if path != "/lines.json":
        assert shape(answer) == shape(known)


async def test_lines_and_balance_are_the_texts_that_clients_know(
    exchange: RunningExchange, ask: Ask
) -> None:
    """No JSON, no unit, no line end."""
    account = exchange.world.account()
    account.credit = 193.32
    account.lines = {number: Line(number) for number in (300100, 300110)}
    assert (await ask("GET", "/balance")).text == documented("clients_balance.txt")
    assert (await ask("GET", "/lines")).text == documented("clients_lines.txt")


@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
@pytest.mark.parametrize("path", [*JSON_PATHS, *TEXT_PATHS])
async def test_a_wrong_login_is_refused_in_the_form_of_the_endpoint(
    ask: Ask, path: str, code: str
) -> None:
    """Always HTTP 200: text on text endpoints, a list of codes on JSON ones."""
    said = await ask("GET", path, password="wrong" if code.endswith("failed") else "")
    assert said.status == 200
    if path.endswith(".json"):
        assert said.json == documented(f"{code}.json")
        assert said.content_type == "application/json"
    else:
        assert said.text == documented(f"{code}.txt")
        assert said.content_type == "text/plain"


async def test_what_a_login_may_not_read_is_unauthorized(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The rest goes on answering."""
    exchange.world.denied[exchange.username] = {"active_calls", "balance"}
    assert (await ask("GET", "/active_calls.json")).json == documented("unauthorized.json")
    assert (await ask("GET", "/balance")).text == "error unauthorized"
    assert (await ask("GET", "/calls.json", since_id=0)).json == []


# Callback


async def test_a_callback_is_taken_in_the_form_body_and_in_the_query(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The operator's framework does not tell the two apart."""
    order = {"caller": "00420777123456", "recipient": "800123456"}
    assert (await ask("POST", "/callback", **order)).text == documented("callback_ordered.txt")
    query = {"user": exchange.username, "password": exchange.password, **order}
    async with (
        ClientSession() as session,
        session.post(f"{exchange.url}/callback", params=query) as response,
    ):
        assert await response.text() == "callback_ordered"
    orders = exchange.world.account().callbacks
    assert [order.recipient for order in orders] == ["00420800123456"] * 2


@pytest.mark.parametrize(
    ("params", "fixture"),
    [
        ({"caller": "", "recipient": ""}, "callback_missing_argument.txt"),
        ({"line": "999999"}, "callback_invalid_line.txt"),
        ({"line": "abc"}, "callback_invalid_line.txt"),
        ({"delayed": "soon"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-07-16 08:12"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "2036-13-16T08:12:14Z"}, "callback_invalid_delay_format.txt"),
        ({"delayed": "-5"}, "callback_delayed_into_past.txt"),
        ({"delayed": "2016-07-16T08:12:14Z"}, "callback_delayed_into_past.txt"),
        ({"delayed": "5"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14Z"}, "callback_enqueued.txt"),
        ({"delayed": "2096-07-16T08:12:14+02:00"}, "callback_enqueued.txt"),
        ({"line": "300110", "simple": "true"}, "callback_ordered.txt"),
    ],
)
async def test_each_documented_answer_to_a_callback(
    exchange: RunningExchange, ask: Ask, params: dict[str, str], fixture: str
) -> None:
    """A refused order makes nobody's telephone ring."""
    order = {"caller": "00420777123456", "recipient": "00420602111222", **params}
    said = await ask("POST", "/callback", **order)
    assert (said.status, said.text) == (200, documented(fixture))
    assert len(exchange.world.account().callbacks) == (not said.text.startswith("error"))


async def test_a_callback_that_the_exchange_does_not_take(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The last documented refusal comes from the exchange behind the API."""
    exchange.world.callback_fails = True
    said = await ask("POST", "/callback", caller="00420777123456", recipient="800123456")
    assert said.text == documented("callback_failed.txt")


async def test_one_missing_argument_is_named(ask: Ask) -> None:
    """The list holds what is missing and nothing else."""
    said = await ask("POST", "/callback", caller="00420777123456")
    assert said.text == "error missing_argument recipient"


# History


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


async def test_times_are_utc_and_devices_carry_the_local_offset(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The two forms stand side by side in the operator's answers."""
    exchange.world.ring()
    (call,) = (await ask("GET", "/active_calls.json")).json
    started = datetime.fromisoformat(call["start_date"])
    assert call["start_date"].endswith("Z")
    assert abs(started - datetime.now(UTC)) < timedelta(seconds=5)
    device = (await ask("GET", "/lines.json")).json[0]["connected_devices"][0]
    for name in ("last_registration_at", "registration_expires_at"):
        assert device[name][-6:] in {"+01:00", "+02:00"}


# Hanging up


async def test_hanging_up_ends_the_call_and_a_second_time_is_refused(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A call may have ended while somebody reached for the button."""
    call = exchange.world.ring()
    path = f"/active_calls/{call.id}.json"
    assert (await ask("DELETE", path)).json == {}
    assert (await ask("GET", "/active_calls.json")).json == []
    assert (await ask("DELETE", path)).json == {"errors": ["call_not_found"]}
    assert (await ask("DELETE", "/active_calls/x.json")).json == {"errors": ["call_not_found"]}


# Logins


async def test_the_login_of_a_line_sees_that_line_only(exchange: RunningExchange, ask: Ask) -> None:
    """A `line` parameter is pointless there."""
    world = exchange.world
    mine, other = world.ring(line=300110), world.ring(line=300100)
    world.miss(line=300110)
    world.miss(line=300100)
    line = {"user": "300110", "password": "sip-300110"}
    assert [row["id"] for row in (await ask("GET", "/lines.json", **line)).json] == [300110]
    assert (await ask("GET", "/lines", **line)).text == "300110"
    assert [c["id"] for c in (await ask("GET", "/active_calls.json", **line)).json] == [mine.id]
    rows = (await ask("GET", "/calls.json", since_id=0, line_="300100", **line)).json
    assert [row["line"] for row in rows] == [300110]
    totals = (await ask("GET", "/call_statistics.json", **ALWAYS, **line)).json
    assert totals["incoming"]["count"] == 1
    hung_up = await ask("DELETE", f"/active_calls/{other.id}.json", **line)
    assert hung_up.json == {"errors": ["unauthorized"]}
    order = {"caller": "00420777123456", "recipient": "800123456", "line_": "1"}
    assert (await ask("POST", "/callback", **order, **line)).text == "callback_ordered"
    assert world.account().callbacks[0].line == 300110


async def test_accounts_with_the_same_line_numbers_stay_apart(
    exchange: RunningExchange, ask: Ask
) -> None:
    """Two households on one exchange must never see each other's calls."""
    second = Account(
        "7654321",
        "other-password",
        lines={300100: Line(300100, "Chata", "00420910654321", sip_password="elsewhere")},
    )
    exchange.world.accounts[second.user] = second
    call = exchange.world.ring("00420602111222", "00420910654321")
    exchange.world.miss("00420602111222", account=second.user)
    login = {"user": second.user, "password": second.password}
    assert (await ask("GET", "/active_calls.json")).json == []
    assert (await ask("GET", "/calls.json", since_id=0)).json == []
    assert (await ask("DELETE", f"/active_calls/{call.id}.json")).json == {
        "errors": ["unauthorized"]
    }
    assert len((await ask("GET", "/active_calls.json", **login)).json) == 1
    assert len((await ask("GET", "/calls.json", since_id=0, **login)).json) == 1
    names = [
        (await ask("GET", "/lines.json", user="300100", password=password)).json[0]["name"]
        for password in ("sip-300100", "elsewhere")
    ]
    assert names == ["Domov", "Chata"]


# Sums


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
    assert all(isinstance(row["price"], str) and "field_of_tomorrow" in row for row in loose)
    assert any(row["destination_name"] is None for row in loose)
    totals = (await ask("GET", "/call_statistics.json", **ALWAYS)).json
    assert isinstance(totals["incoming"]["count"], str)
    (call,) = (await ask("GET", "/active_calls.json")).json
    assert isinstance(call["line"], str)


async def test_contacts_keep_their_markup(exchange: RunningExchange, ask: Ask) -> None:
    """The operator sends it, so the client has to take it off."""
    account = exchange.world.account()
    account.contacts = [Contact(9, "*100", "<img src=x onerror=alert(1)>")]
    account.numbers = [PublicNumber("00420910123456", "nomadic")]
    account.lines[300110].devices = [Device()]
    assert (await ask("GET", "/speed_dials.json")).json == [
        {"shortcut": 9, "number": "*100", "name": "<img src=x onerror=alert(1)>"}
    ]


async def test_no_log_shows_a_query(
    exchange: RunningExchange, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    """Credentials ride in queries; an access log would put them into every test's output."""
    caplog.set_level("DEBUG")
    await ask("GET", "/balance")
    await ask("GET", "/nowhere")
    assert exchange.password not in caplog.text


# What a strict exchange does not do


@pytest.mark.parametrize("name", ["page", "page_size", "line", "since_id", "min_length"])
@pytest.mark.parametrize("value", ["2.5", "-1", "1e3"])
async def test_what_is_counted_is_a_whole_number(ask: Ask, name: str, value: str) -> None:
    """There is no page two and a half; a client that asks for it has made a mistake."""
    said = await ask("GET", "/calls.json", **{"since_id": 0, name: value})
    assert said.json == {"errors": [f"invalid_argument {name}"]}


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


@pytest.mark.parametrize(
    "path", ["/balance", "/public_numbers.json", "/speed_dials.json", "/sim_cards/mobile_data.json"]
)
async def test_the_login_of_a_line_does_not_read_what_is_the_accounts(ask: Ask, path: str) -> None:
    """Whoever has the telephone in the hall would read the credit of the house."""
    said = await ask("GET", path, user="300110", password="sip-300110", **ALWAYS)
    assert "unauthorized" in said.text
    assert said.status == 200


async def test_names_and_shared_numbers_are_listed_only_when_asked_for(
    exchange: RunningExchange, ask: Ask
) -> None:
    """A client that does not ask would take calls to them for calls of others."""
    exchange.world.account().numbers.append(PublicNumber("00420800400100", "shared", 300100))

    async def types(**flags: str) -> set[str]:
        return {row["type"] for row in (await ask("GET", "/public_numbers.json", **flags)).json}

    plain = {"nomadic", "geographic", "mobile"}
    assert await types() == plain
    assert await types(include_sip_names="false") == plain
    assert await types(include_sip_names="true") == plain | {"sip_name"}
    assert await types(include_shared_numbers="true") == plain | {"shared"}


# What a kind exchange takes


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_a_login_in_the_form_body_is_taken_with_every_method(
    exchange: RunningExchange, method: str
) -> None:
    """The operator's own samples send a GET's login there, to keep it out of the address."""
    call = exchange.world.ring()
    path = {"GET": "/active_calls.json", "DELETE": f"/active_calls/{call.id}.json"}
    form = {
        "user": exchange.username,
        "password": exchange.password,
        "caller": "00420777123456",
        "recipient": "800123456",
    }
    url = exchange.url + path.get(method, "/callback")
    async with ClientSession() as session, session.request(method, url, data=form) as response:
        said = await response.text()
    assert "authentication" not in said
    assert exchange.journal[-1].login == exchange.username
    assert "password" not in exchange.journal[-1].params
    assert (call.ended is not None) is (method == "DELETE")


@pytest.mark.parametrize("path", ["/calls.json", "/calls.csv", "/balance", "/nowhere"])
async def test_a_page_in_a_browser_may_read_every_answer(
    exchange: RunningExchange, path: str
) -> None:
    """Public clients that live in a browser would see nothing but an error without a reason."""
    params = {"user": exchange.username, "password": exchange.password, "since_id": "0"}
    async with (
        ClientSession() as session,
        session.get(exchange.url + path, params=params) as response,
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Odorik-Pages" in response.headers["Access-Control-Expose-Headers"]


async def test_a_browser_is_told_what_a_page_may_send(exchange: RunningExchange) -> None:
    """It asks before it hangs up; and what it asks is no request of the API."""
    headers = {
        "Origin": "http://phone.example.net",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "content-type",
    }
    url = f"{exchange.url}/active_calls/1.json"
    async with ClientSession() as session, session.options(url, headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
        assert response.headers["Access-Control-Allow-Headers"] == "content-type"
    assert exchange.journal == []
    async with ClientSession() as session, session.get(f"{exchange.site}/_sim/state") as response:
        assert "Access-Control-Allow-Origin" not in response.headers


# Registration


async def test_a_registration_can_be_over_and_still_be_listed(
    exchange: RunningExchange, ask: Ask
) -> None:
    """An exchange may list a telephone whose plug has been pulled."""

    async def expires(line: int) -> datetime:
        lines = {row["id"]: row for row in (await ask("GET", "/lines.json")).json}
        (device,) = lines[line]["connected_devices"]
        return datetime.fromisoformat(device["registration_expires_at"])

    device = exchange.world.account().lines[300110].devices[0]
    device.last = exchange.world.now() - timedelta(hours=2)
    assert await expires(300110) < exchange.world.now() < await expires(300100)
