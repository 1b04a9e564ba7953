"""Requests are taken as they come, and fail in the named way and no other."""

import json

from aiohttp import ClientError, ClientSession, ClientTimeout
import pytest

from simulator.faults import DAMAGES
from tests.exchange import RunningExchange
from tests.simulator.conftest import Ask
from tests.simulator.documents import ALWAYS

PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
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


async def test_a_form_without_a_content_type_is_read_by_its_body(
    exchange: RunningExchange,
) -> None:
    """A public client sends its orders so."""
    login = f"user={exchange.username}&password={exchange.password}"
    form = f"{login}&caller=777123456&recipient=800123456"
    async with (
        ClientSession(skip_auto_headers=["Content-Type"]) as session,
        session.post(f"{exchange.url}/callback", data=form.encode()) as response,
    ):
        assert await response.text() == "callback_ordered"
    assert exchange.world.account().callbacks[0].recipient == "00420800123456"


async def test_json_is_no_form(exchange: RunningExchange) -> None:
    """A client that posts JSON has to hear that its login is missing, as it does in life."""
    login = {"user": exchange.username, "password": exchange.password}
    async with (
        ClientSession() as session,
        session.post(f"{exchange.url}/callback", json=login) as response,
    ):
        assert await response.text() == "error authentication_required"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"caller=\xff\xfe&recipient=\x80"),
        ("application/x-www-form-urlencoded; charset=of-tomorrow", b"caller=777123456"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"caller=7"),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        ("multipart/form-data; boundary=x; charset=of-tomorrow", b"--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            PART + b"Content-Type: text/plain; charset=of-tomorrow\r\n\r\nb\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            PART + b"\r\n\xff\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            PART + b"Content-Transfer-Encoding: of-tomorrow\r\n\r\nb\r\n--x--\r\n",
        ),
        ("nonsense", b"caller=777123456"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_broken_body_is_refused_and_breaks_nothing(
    exchange: RunningExchange, method: str, content_type: str, body: bytes
) -> None:
    """The login in the address is taken, and what is missing is said; never status 500."""
    path = {"GET": "/lines.json", "POST": "/callback", "DELETE": "/active_calls/1.json"}[method]
    login = {"user": exchange.username, "password": exchange.password}
    async with (
        ClientSession() as session,
        session.request(
            method,
            exchange.url + path,
            params=login,
            data=body,
            headers={"Content-Type": content_type},
        ) as response,
    ):
        assert response.status == 200
        assert "authentication" not in await response.text()


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("GET", "/calls.json", {"since_id": "0", "line": "\u00b2"}),
        ("GET", "/calls.json", {"since_id": "\u0663"}),
        pytest.param("GET", "/calls.json", {"since_id": "9" * 5000}, id="long since_id"),
        ("GET", "/calls.json", {"since_id": "0", "min_price": "\u0663"}),
        ("GET", "/calls.json", {"from": "\u0662014-10-01T11:28:31Z", "to": "2036-07-16T08:12:14Z"}),
        ("POST", "/callback", {"caller": "1", "recipient": "2", "line": "\u00b2"}),
        pytest.param(
            "POST",
            "/callback",
            {"caller": "1", "recipient": "2", "line": "9" * 5000},
            id="long line",
        ),
        ("POST", "/callback", {"caller": "1", "recipient": "2", "delayed": "\u0663"}),
        ("DELETE", "/active_calls/\u00b2.json", {}),
        pytest.param("DELETE", f"/active_calls/{'9' * 5000}.json", {}, id="long"),
        ("DELETE", "/active_calls/%00.json", {}),
    ],
)
async def test_a_digit_is_one_of_ten(
    ask: Ask, method: str, path: str, params: dict[str, str]
) -> None:
    """Other characters that Unicode counts among digits are refused, as is a number too long."""
    said = await ask(method, path, **params)
    assert said.status == 200
    assert "error" in said.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/public_numbers/00420910123456/ringings.json"),
        ("POST", "/public_numbers/00420910123456/ringings.json"),
        ("DELETE", "/public_numbers/00420910123456/ringings/*100.json"),
        ("GET", "/public_numbers/00420910123456/routes.json"),
        ("DELETE", "/public_numbers/00420910123456/routes/1.json"),
        ("GET", "/sim_cards.json"),
        ("GET", "/sim_cards/00420799300120"),
        ("PUT", "/sim_cards/00420799300120.json"),
        ("GET", "/nowhere"),
        ("POST", "/lines.json"),
    ],
)
async def test_what_is_not_here_is_said_in_json(
    exchange: RunningExchange, ask: Ask, method: str, path: str
) -> None:
    """A client that asks for what is not simulated reads a refusal that it can parse."""
    said = await ask(method, path)
    assert said.status == (405 if path == "/lines.json" else 404)
    assert said.content_type == "application/json"
    assert said.json == {"errors": ["not_simulated"]}
    assert exchange.journal[-1].status == said.status


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


@pytest.mark.parametrize(
    ("mode", "token"),
    [
        ("nan", '"price": NaN'),
        ("half_emoji", '"destination_name": "\\ud83d"'),
        ("raw_tab", '"destination_name": "a\tb"'),
        ("bad_escape", '"destination_name": "\\x"'),
        ("cut_record", None),
    ],
)
async def test_one_record_of_an_answer_is_damaged(
    exchange: RunningExchange, control: Ask, ask: Ask, mode: str, token: str | None
) -> None:
    """The records around it are whole, and so are the pages; the next answer is right again."""
    exchange.world.fill(5)
    ids = [record.id for record in exchange.world.account().records]
    good = await ask("GET", "/calls.json", since_id=0, page_size=3, page=1)
    await control("POST", "fail", mode=mode, path="/calls.json", record=ids[1])
    said = await ask("GET", "/calls.json", since_id=0, page_size=3, page=1)
    assert (said.pages, said.content_type) == ("2", "application/json")
    rows = [json.dumps(row, ensure_ascii=False) for row in good.json]
    first, damaged, last = rows[0], rows[1], rows[2]
    assert said.text.startswith(f"[{first}, ")
    assert said.text.endswith(f", {last}]")
    between = said.text.removeprefix(f"[{first}, ").removesuffix(f", {last}]")
    assert between != damaged
    if token is None:
        assert damaged.startswith(between)
    else:
        assert token in between
        assert f'"id": {ids[1]}' in between
    assert (await ask("GET", "/calls.json", since_id=0)).json[1]["id"] == ids[1]


@pytest.mark.parametrize("mode", DAMAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/lines.json",
        "/speed_dials.json",
        "/active_calls.json",
        "/call_statistics.json",
        "/sms.json",
    ],
)
async def test_every_answer_in_json_can_be_damaged(
    exchange: RunningExchange, ask: Ask, path: str, mode: str
) -> None:
    """Without a record that is named it is the last one; a field can be named."""
    exchange.world.ring()
    exchange.world.miss()
    exchange.world.add_sms("00420777123456")
    exchange.fail(mode, path=path)
    text = (await ask("GET", path, **ALWAYS)).text
    if mode == "half_emoji":
        assert "\\ud83d" in text
    elif mode == "nan":
        assert "NaN" in text
    else:
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)


async def test_a_record_that_is_damaged_stays_so_until_it_is_out_of_reach(
    exchange: RunningExchange, ask: Ask
) -> None:
    """Named by its id it is damaged in every answer that holds it, and in no other."""
    exchange.world.fill(3)
    first, second, _ = (record.id for record in exchange.world.account().records)
    exchange.fail("nan", times=0, record=first, field="line")
    assert '"line": NaN' in (await ask("GET", "/calls.json", since_id=0)).text
    assert "NaN" not in (await ask("GET", "/calls.json", since_id=first)).text
    assert (await ask("GET", "/calls.json", since_id=second)).json
    assert (await ask("GET", "/balance")).text == "500.00"
