"""Requests are taken as they come, and fail in the named way and no other."""

import json

from aiohttp import ClientError, ClientSession, ClientTimeout
import pytest

from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask

ORDER = {"caller": "00420777123456", "recipient": "00420602111222"}


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


async def test_no_log_shows_a_query(
    exchange: RunningExchange, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    """Credentials ride in queries; an access log would put them into every test's output."""
    caplog.set_level("DEBUG")
    await ask("GET", "/balance")
    await ask("GET", "/nowhere")
    assert exchange.password not in caplog.text


async def test_the_journal_tells_all_but_the_password(
    exchange: RunningExchange, control: Ask, ask: Ask
) -> None:
    """A password in a journal ends up in a test's output."""
    await ask("GET", "/calls.json", since_id=5)
    await ask("POST", "/callback", **ORDER)
    await ask("GET", "/nowhere")
    said = await control("GET", "journal")
    assert exchange.password not in said.text
    assert [(e["method"], e["path"], e["params"], e["status"]) for e in said.json] == [
        ("GET", "/calls.json", {"since_id": "5"}, 200),
        ("POST", "/callback", ORDER, 200),
        ("GET", "/nowhere", {}, 404),
    ]
    assert {entry["login"] for entry in said.json} == {exchange.username}
    await control("DELETE", "journal")
    assert exchange.journal == []


@pytest.mark.parametrize(
    ("mode", "status", "text"),
    [
        ("500", 500, "<html>"),
        ("503", 503, "<html>"),
        ("html", 200, "<html>"),
        ("bad_json", 200, "nonsense"),
        ("authentication_failed", 200, '{"errors": ["authentication_failed"]}'),
        ("unauthorized", 200, '{"errors": ["unauthorized"]}'),
        ("something_new", 200, '{"errors": ["something_new"]}'),
    ],
)
async def test_the_next_request_fails_in_the_named_way_and_the_one_after_does_not(
    control: Ask, ask: Ask, mode: str, status: int, text: str
) -> None:
    """Once means once."""
    await control("POST", "fail", mode=mode)
    said = await ask("GET", "/lines.json")
    assert said.status == status
    assert text in said.text
    assert isinstance((await ask("GET", "/lines.json")).json, list)


async def test_answers_that_are_cut_empty_or_said_by_the_test(
    exchange: RunningExchange, ask: Ask
) -> None:
    """Half a body, none, and any other."""
    whole = (await ask("GET", "/speed_dials.json")).text
    exchange.fail("cut_json")
    cut = (await ask("GET", "/speed_dials.json")).text
    assert whole.startswith(cut)
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut)
    exchange.fail("empty")
    assert (await ask("GET", "/speed_dials.json")).text == ""
    exchange.fail("answer", body="who knows", status=202)
    said = await ask("GET", "/balance")
    assert (said.status, said.text) == (202, "who knows")
    exchange.fail("authentication_failed")
    assert (await ask("GET", "/balance")).text == "error authentication_failed"


async def test_a_broken_and_a_silent_connection(exchange: RunningExchange) -> None:
    """Neither gives an answer; the silent one holds until the client's own patience is over."""
    params = {"user": exchange.username, "password": exchange.password}
    async with ClientSession(timeout=ClientTimeout(total=0.2)) as session:
        for mode, problem in (("reset", ClientError), ("timeout", TimeoutError)):
            # aiohttp itself asks a second time when a GET's connection breaks.
            exchange.fail(mode, times=2 if mode == "reset" else 1)
            with pytest.raises(problem):
                async with session.get(f"{exchange.url}/balance", params=params):
                    pass
    assert [entry.status for entry in exchange.journal] == [0, 0, 0]


async def test_slow_answers_are_right_in_the_end(exchange: RunningExchange) -> None:
    """The head can be quick and the body slow: a time-out has to cover both."""
    params = {"user": exchange.username, "password": exchange.password}
    async with ClientSession(timeout=ClientTimeout(total=2)) as session:
        for mode in ("slow", "slow_body"):
            exchange.fail(mode, seconds=0.1)
            async with session.get(f"{exchange.url}/balance", params=params) as response:
                assert await response.text() == "500.00"
    exchange.fail("slow_body", seconds=60)
    async with (
        ClientSession(timeout=ClientTimeout(total=0.2)) as session,
        session.get(f"{exchange.url}/balance", params=params) as response,
    ):
        assert response.status == 200
        with pytest.raises(TimeoutError):
            await response.text()


async def test_an_order_can_take_effect_though_its_answer_is_lost(
    exchange: RunningExchange, ask: Ask
) -> None:
    """The case in which an order sent again costs money."""
    exchange.fail("503", path="POST /callback")
    exchange.fail("503", path="POST /callback", after=True)
    assert (await ask("GET", "/balance")).status == 200
    assert (await ask("POST", "/callback", **ORDER)).status == 503
    assert exchange.world.account().callbacks == []
    assert (await ask("POST", "/callback", **ORDER)).status == 503
    assert len(exchange.world.account().callbacks) == 1


async def test_faults_by_number_by_turn_and_until_taken_away(control: Ask, ask: Ask) -> None:
    """Twice, every third time, always."""

    async def statuses(n: int) -> list[int]:
        return [(await ask("GET", "/balance")).status for _ in range(n)]

    await control("POST", "fail", mode="500", times=2)
    assert await statuses(3) == [500, 500, 200]
    await control("POST", "fail", mode="500", times=2, every=3)
    assert await statuses(8) == [200, 200, 500, 200, 200, 500, 200, 200]
    await control("POST", "fail", mode="500", times=0, path="/balance")
    assert await statuses(5) == [500] * 5
    await control("DELETE", "fail")
    assert await statuses(1) == [200]
