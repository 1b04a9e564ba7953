"""Injected faults."""

import asyncio
import re

from aiohttp import ClientError, ClientSession
import pytest

from simulator.faults import damage
from tests.exchange import RunningExchange

from .conftest import Send, login


@pytest.mark.parametrize(
    ("mode", "status", "pattern"),
    [
        ("500", 500, "<!DOCTYPE html>.*"),
        ("html", 200, "<!DOCTYPE html>.*"),
        ("bad_json", 200, ".*nonsense"),
        ("cut_json", 200, r'\[{"id": 300100,.*[^]]'),
        ("empty", 200, ""),
        ("something_new", 200, r'{"errors": \["something_new"\]}'),
    ],
)
async def test_a_fault_replaces_the_response(
    exchange: RunningExchange, api: Send, mode: str, status: int, pattern: str
) -> None:
    """An unknown mode is the code of an error of the operator."""
    exchange.fail(mode)
    reply = await api("GET", "/lines.json")
    assert reply.status == status
    assert re.fullmatch(pattern, reply.text)


@pytest.mark.parametrize("mode", ["reset", "timeout"])
async def test_connections_can_be_aborted_and_held(
    exchange: RunningExchange, session: ClientSession, mode: str
) -> None:
    """Both modes send no response; a held request ends when the exchange closes."""
    # aiohttp itself repeats a GET request whose connection was aborted.
    exchange.fail(mode, times=2)
    exchange.exchange.closing.set()
    with pytest.raises(ClientError):
        await session.get(f"{exchange.url}/balance", params=login(exchange))
    assert [entry.status for entry in exchange.journal] == [0, 0]


@pytest.mark.parametrize("mode", ["slow", "slow_body"])
async def test_slow_responses_are_correct(
    exchange: RunningExchange, session: ClientSession, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """A slow response is complete in the end; `slow_body` sends the headers immediately."""
    released = asyncio.Event()

    async def hold(*_: object) -> None:
        await released.wait()

    monkeypatch.setattr("simulator.faults.hold", hold)
    exchange.fail(mode)
    if mode == "slow":
        released.set()
    async with session.get(f"{exchange.url}/balance", params=login(exchange)) as response:
        assert response.status == 200
        released.set()
        assert await response.text() == "500.00"


async def test_faults_are_limited_periodic_or_permanent(control: Send, api: Send) -> None:
    """A fault applies once, `times` times, to each n-th request, or until it is cleared."""

    async def statuses(n: int) -> list[int]:
        return [(await api("GET", "/balance")).status for _ in range(n)]

    await control("POST", "fail", mode="500")
    assert await statuses(2) == [500, 200]
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
    assert damage(second, "nan", field="id") == '{"id": NaN, "price": 1, "name": "x"}'
    for text in ("[]", "500.00", f"[{first}]"):
        assert damage(text, mode, record=2) == text
