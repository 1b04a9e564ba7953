"""Logins and their permissions."""

import pytest

from simulator.world import Account, Line
from tests.exchange import RunningExchange
from tests.simulator.conftest import ALL_TIME, ORDER, Send, documented

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
TEXT_PATHS = ("/balance", "/lines", "/calls.csv", "/calls.xml", "/sms.xml")


@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
@pytest.mark.parametrize("path", [*JSON_PATHS, *TEXT_PATHS])
async def test_authentication_errors_have_the_format_of_the_endpoint(
    api: Send, path: str, code: str
) -> None:
    """The status is always 200; JSON endpoints return a list of codes, the others text."""
    reply = await api("GET", path, password="wrong" if code.endswith("failed") else "")
    assert reply.status == 200
    if path.endswith(".json"):
        assert reply.json == documented(f"{code}.json")
        assert reply.content_type == "application/json"
    else:
        assert reply.text == documented(f"{code}.txt")
        assert reply.content_type == "text/plain"


async def test_the_login_of_a_line_is_limited_to_that_line(
    exchange: RunningExchange, api: Send
) -> None:
    """The parameter `line` has no effect, and data of the account is unauthorized."""
    world = exchange.world
    mine, other = world.ring(line=300110), world.ring(line=300100)
    world.miss(line=300110)
    world.miss(line=300100)
    login = {"user": "300110", "password": "sip-300110"}
    assert [row["id"] for row in (await api("GET", "/lines.json", **login)).json] == [300110]
    assert (await api("GET", "/lines", **login)).text == "300110"
    assert [c["id"] for c in (await api("GET", "/active_calls.json", **login)).json] == [mine.id]
    rows = (await api("GET", "/calls.json", since_id=0, line_="300100", **login)).json
    assert [row["line"] for row in rows] == [300110]
    totals = (await api("GET", "/call_statistics.json", **ALL_TIME, **login)).json
    assert totals["incoming"]["count"] == 1
    hung_up = await api("DELETE", f"/active_calls/{other.id}.json", **login)
    assert hung_up.json == documented("unauthorized.json")
    assert (await api("POST", "/callback", **ORDER, line_="1", **login)).text == "callback_ordered"
    assert world.account().callbacks[0].line == 300110
    mobile_data = await api("GET", "/sim_cards/mobile_data.json", **ALL_TIME, **login)
    assert mobile_data.json == {"errors": ["unauthorized"]}


async def test_accounts_with_equal_line_numbers_are_separate(
    exchange: RunningExchange, api: Send
) -> None:
    """An account cannot read or end the calls of another one."""
    second = Account(
        "7654321",
        "other-password",
        lines={300100: Line(300100, "Chata", "00420910654321", sip_password="elsewhere")},
    )
    exchange.world.accounts[second.user] = second
    call = exchange.world.ring("00420602111222", "00420910654321")
    exchange.world.miss("00420602111222", account=second.user)
    hung_up = await api("DELETE", f"/active_calls/{call.id}.json")
    assert hung_up.json == {"errors": ["unauthorized"]}
    login = {"user": second.user, "password": second.password}
    for own, count in (({}, 0), (login, 1)):
        assert len((await api("GET", "/active_calls.json", **own)).json) == count
        assert len((await api("GET", "/calls.json", since_id=0, **own)).json) == count
    names = [
        (await api("GET", "/lines.json", user="300100", password=password)).json[0]["name"]
        for password in ("sip-300100", "elsewhere")
    ]
    assert names == ["Domov", "Chata"]
