"""Who asks, and what they may know."""

import pytest

from simulator.world import Account, Line
from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS, documented

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


async def test_the_login_of_a_line_reads_the_credit_unless_it_may_not(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The document asks for a login only, and clients that sign in with a line show it."""
    line = {"user": "300110", "password": "sip-300110"}
    assert (await ask("GET", "/balance", **line)).text == "500.00"
    exchange.world.denied["300110"] = {"balance"}
    assert (await ask("GET", "/balance", **line)).text == "error unauthorized"
    assert (await ask("GET", "/balance")).text == "500.00"


@pytest.mark.parametrize(
    "path", ["/public_numbers.json", "/speed_dials.json", "/sim_cards/mobile_data.json"]
)
async def test_the_login_of_a_line_does_not_read_what_is_the_accounts(ask: Ask, path: str) -> None:
    """Numbers, contacts and mobile data are the account's."""
    said = await ask("GET", path, user="300110", password="sip-300110", **ALWAYS)
    assert "unauthorized" in said.text
    assert said.status == 200
