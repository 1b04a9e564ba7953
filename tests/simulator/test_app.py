"""Requests to the web application: parameters, journal, headers."""

from aiohttp import ClientSession
import pytest

from tests.exchange import RunningExchange

from .conftest import ORDER, Send, login


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_the_login_can_be_in_the_form_body(
    exchange: RunningExchange, session: ClientSession, method: str
) -> None:
    """Every method accepts the login in the body, as in the operator's samples for GET."""
    call = exchange.world.ring()
    path = {"GET": "/active_calls.json", "DELETE": f"/active_calls/{call.id}.json"}
    url = exchange.url + path.get(method, "/callback")
    form = login(exchange) | ORDER
    async with session.request(method, url, data=form) as response:
        assert "authentication" not in await response.text()
    assert exchange.journal[-1].login == exchange.username
    assert "password" not in exchange.journal[-1].params
    assert (call.ended is not None) is (method == "DELETE")


async def test_a_form_may_lack_a_content_type(exchange: RunningExchange) -> None:
    """A form without a content type is read, because a public client sends orders like this."""
    form = f"user={exchange.username}&password={exchange.password}&caller=1&recipient=800123456"
    async with (
        ClientSession(skip_auto_headers=["Content-Type"]) as session,
        session.post(f"{exchange.url}/callback", data=form.encode()) as response,
    ):
        assert await response.text() == "callback_ordered"
    assert exchange.world.account().callbacks[0].recipient == "00420800123456"


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("GET", "/calls.json", {"since_id": "0", "line": "\u00b2"}),
        ("GET", "/calls.json", {"since_id": "\u0663"}),
        pytest.param("GET", "/calls.json", {"since_id": "9" * 5000}, id="long since_id"),
        ("GET", "/calls.json", {"since_id": "0", "min_price": "\u0663"}),
        ("GET", "/calls.json", {"from": "\u0662014-10-01T11:28:31Z", "to": "2036-07-16T08:12:14Z"}),
        ("GET", "/calls.json", {"since_id": "0", "page": "2.5"}),
        ("GET", "/calls.json", {"since_id": "0", "page_size": "-1"}),
        ("POST", "/callback", ORDER | {"line": "\u00b2"}),
        pytest.param("POST", "/callback", ORDER | {"line": "9" * 5000}, id="long line"),
        ("POST", "/callback", ORDER | {"delayed": "\u0663"}),
        pytest.param("DELETE", f"/active_calls/{'9' * 5000}.json", {}, id="long ID"),
    ],
)
async def test_numbers_consist_of_ascii_digits(
    api: Send, method: str, path: str, params: dict[str, str]
) -> None:
    """Other Unicode digits, signs, exponents and numbers that are too long are errors."""
    reply = await api(method, path, **params)
    assert reply.status == 200
    assert "error" in reply.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/public_numbers/00420910123456/ringings.json", 404),
        ("DELETE", "/public_numbers/00420910123456/routes/1.json", 404),
        ("PUT", "/sim_cards/00420799300120.json", 404),
        ("GET", "/nowhere", 404),
        ("POST", "/lines.json", 405),
    ],
)
async def test_an_endpoint_that_is_not_simulated_responds_with_json(
    exchange: RunningExchange, api: Send, method: str, path: str, status: int
) -> None:
    """A client can parse the error for an endpoint that is missing here."""
    reply = await api(method, path)
    assert (reply.status, reply.content_type) == (status, "application/json")
    assert reply.json == {"errors": ["not_simulated"]}
    assert exchange.journal[-1].status == status


async def test_no_log_contains_a_query(
    exchange: RunningExchange, api: Send, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests are not logged with their query, which contains the password."""
    caplog.set_level("DEBUG")
    await api("GET", "/balance")
    await api("GET", "/nowhere")
    assert exchange.password not in caplog.text


async def test_the_journal_contains_all_but_the_password(
    exchange: RunningExchange, control: Send, api: Send
) -> None:
    """The journal lists method, path, parameters, login and status of each request."""
    await api("GET", "/calls.json", since_id=5)
    await api("POST", "/callback", **ORDER)
    await api("GET", "/nowhere")
    reply = await control("GET", "journal")
    assert exchange.password not in reply.text
    assert [(e["method"], e["path"], e["params"], e["status"]) for e in reply.json] == [
        ("GET", "/calls.json", {"since_id": "5"}, 200),
        ("POST", "/callback", ORDER, 200),
        ("GET", "/nowhere", {}, 404),
    ]
    assert {entry["login"] for entry in reply.json} == {exchange.username}
    await control("DELETE", "journal")
    assert exchange.journal == []


@pytest.mark.parametrize("path", ["/calls.json", "/calls.csv", "/balance", "/nowhere"])
async def test_pages_of_other_origins_may_read_responses(
    exchange: RunningExchange, session: ClientSession, path: str
) -> None:
    """Every response of the API has CORS headers, which public clients in a browser need."""
    params = login(exchange) | {"since_id": "0"}
    async with session.get(exchange.url + path, params=params) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Odorik-Pages" in response.headers["Access-Control-Expose-Headers"]


async def test_preflight_requests_are_answered(
    exchange: RunningExchange, session: ClientSession
) -> None:
    """A CORS preflight request is answered without an entry in the journal."""
    headers = {
        "Origin": "http://phone.example.net",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "content-type",
    }
    url = f"{exchange.url}/active_calls/1.json"
    async with session.options(url, headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
        assert response.headers["Access-Control-Allow-Headers"] == "content-type"
    assert exchange.journal == []
    async with session.get(f"{exchange.site}/_sim/state") as response:
        assert "Access-Control-Allow-Origin" not in response.headers
