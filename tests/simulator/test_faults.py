"""Injected faults."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout
import pytest

from simulator.faults import damage
from tests.exchange import RunningExchange

from .conftest import ORDER, Send


@pytest.mark.parametrize(
    ("mode", "status", "text"),
    [
        ("500", 500, "<html>"),
        ("503", 503, "<html>"),
        ("html", 200, "<html>"),
        ("bad_json", 200, "nonsense"),
        ("authentication_failed", 200, '{"errors": ["authentication_failed"]}'),
        ("something_new", 200, '{"errors": ["something_new"]}'),
    ],
)
async def test_a_fault_affects_the_next_request_only(
    control: Send, api: Send, mode: str, status: int, text: str
) -> None:
    """By default a fault applies to a single request."""
    await control("POST", "fail", mode=mode)
    reply = await api("GET", "/lines.json")
    assert reply.status == status
    assert text in reply.text
    assert isinstance((await api("GET", "/lines.json")).json, list)


async def test_responses_can_be_cut_emptied_or_replaced(
    exchange: RunningExchange, api: Send
) -> None:
    """The modes `cut_json`, `empty` and `answer` determine the body."""
    whole = (await api("GET", "/speed_dials.json")).text
    exchange.fail("cut_json")
    cut = (await api("GET", "/speed_dials.json")).text
    assert 0 < len(cut) < len(whole)
    assert whole.startswith(cut)
    exchange.fail("empty")
    assert (await api("GET", "/speed_dials.json")).text == ""
    exchange.fail("answer", body="unexpected", status=202)
    reply = await api("GET", "/balance")
    assert (reply.status, reply.text) == (202, "unexpected")
    exchange.fail("authentication_failed")
    assert (await api("GET", "/balance")).text == "error authentication_failed"


async def test_connections_can_be_aborted_and_held(exchange: RunningExchange) -> None:
    """Both modes send no response; a held request ends when the exchange closes."""
    params = {"user": exchange.username, "password": exchange.password}
    async with ClientSession(timeout=ClientTimeout(total=30)) as session:
        for mode in ("reset", "timeout"):
            # aiohttp itself repeats a GET request whose connection was aborted.
            exchange.fail(mode, times=2)
            if mode == "timeout":
                exchange.exchange.closing.set()
            with pytest.raises(ClientError):
                async with session.get(f"{exchange.url}/balance", params=params):
                    pass
    assert [entry.status for entry in exchange.journal] == [0, 0, 0, 0]


@pytest.mark.parametrize("mode", ["slow", "slow_body"])
async def test_slow_responses_are_correct(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """A slow response is complete in the end; `slow_body` sends the headers immediately."""
    released = asyncio.Event()

    async def hold(*_: object) -> None:
        await released.wait()

    monkeypatch.setattr("simulator.faults.hold", hold)
    exchange.fail(mode)
    params = {"user": exchange.username, "password": exchange.password}
    async with ClientSession() as session:
        if mode == "slow":
            released.set()
        async with session.get(f"{exchange.url}/balance", params=params) as response:
            assert response.status == 200
            released.set()
            assert await response.text() == "500.00"


async def test_a_request_can_take_effect_before_it_fails(
    exchange: RunningExchange, api: Send
) -> None:
    """With `after` an order is accepted although its response is an error."""
    exchange.fail("503", path="POST /callback")
    exchange.fail("503", path="POST /callback", after=True)
    assert (await api("GET", "/balance")).status == 200
    assert (await api("POST", "/callback", **ORDER)).status == 503
    assert exchange.world.account().callbacks == []
    assert (await api("POST", "/callback", **ORDER)).status == 503
    assert len(exchange.world.account().callbacks) == 1


async def test_faults_are_limited_periodic_or_permanent(control: Send, api: Send) -> None:
    """A fault applies `times` times, to each n-th request, or until it is cleared."""

    async def statuses(n: int) -> list[int]:
        return [(await api("GET", "/balance")).status for _ in range(n)]

    await control("POST", "fail", mode="500", times=2)
    assert await statuses(3) == [500, 500, 200]
    await control("POST", "fail", mode="500", times=2, every=3)
    assert await statuses(8) == [200, 200, 500, 200, 200, 500, 200, 200]
    await control("POST", "fail", mode="500", path="/calls.json", parameter="include_sms")
    assert (await api("GET", "/calls.json", since_id=0)).status == 200
    assert (await api("GET", "/calls.json", since_id=0, include_sms="true")).status == 500
    await control("POST", "fail", mode="500", times=0, path="/balance")
    assert await statuses(5) == [500] * 5
    await control("DELETE", "fail")
    assert await statuses(1) == [200]


@pytest.mark.parametrize(
    ("mode", "damaged"),
    [
        ("nan", '{"id": 2, "price": NaN, "name": "x"}'),
        ("half_emoji", '{"id": 2, "price": 1, "name": "\\ud83d"}'),
        ("raw_tab", '{"id": 2, "price": 1, "name": "a\tb"}'),
        ("bad_escape", '{"id": 2, "price": 1, "name": "\\x"}'),
        ("cut_record", '{"id": 2, "price"'),
    ],
)
def test_one_record_is_damaged(mode: str, damaged: str) -> None:
    """By default the last record is damaged, in a field that it has; the others are unchanged."""
    first, second = '{"id": 1}', '{"id": 2, "price": 1, "name": "x"}'
    assert damage(second, mode) == damaged
    assert damage(f"[{first}, {second}]", mode) == f"[{first}, {damaged}]"
    assert damage(f"[{second}, {first}]", mode, record=2) == f"[{damaged}, {first}]"
    for text in ("[]", "500.00", f"[{first}]"):
        assert damage(text, mode, record=2) == text


async def test_a_damaged_record_is_damaged_in_every_response(
    exchange: RunningExchange, api: Send
) -> None:
    """A permanent fault affects the responses that contain the record, and no others."""
    exchange.world.fill(3)
    first, *_ = (record.id for record in exchange.world.account().records)
    exchange.fail("nan", times=0, record=first, field="line")
    reply = await api("GET", "/calls.json", since_id=0, page_size=2)
    assert (reply.pages, reply.content_type) == ("2", "application/json")
    assert '"line": NaN' in reply.text
    assert "NaN" not in (await api("GET", "/calls.json", since_id=first)).text
    assert (await api("GET", "/balance")).text == "500.00"
    assert '"line": NaN' in (await api("GET", "/calls.json", since_id=0)).text
