"""Test the limits on what users can read at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

from custom_components.odorik.card.history import LOOKBACKS
from custom_components.odorik.readings import MAX_QUEUED, Readings

from .exchange import RunningExchange, SlowHistory
from .integration.conftest import act

REQUESTS = 200
ACCEPTED = MAX_QUEUED + 1

type Connect = Callable[[], Awaitable[MockHAClientWebSocket]]


@pytest.fixture
async def filled(account: MockConfigEntry, exchange: RunningExchange) -> MockConfigEntry:
    """An account with a history that has finished its first requests."""
    exchange.world.fill(50, days=5)
    exchange.journal.clear()
    return account


@pytest.fixture
def held(filled: MockConfigEntry, slow_history: SlowHistory) -> SlowHistory:
    """Responses with the history of that account, which are held back."""
    assert filled
    slow_history.hold()
    return slow_history


@pytest.fixture
def connect(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Connect:
    """Open a further WebSocket connection."""
    return lambda: hass_ws_client(hass)


async def search(client: MockHAClientWebSocket, entry: MockConfigEntry, *texts: str) -> None:
    """Request the history once for each text to search for."""
    for text in texts:
        await client.send_json_auto_id(
            {"type": "odorik/history", "config_entry_id": entry.entry_id, "search": text}
        )


async def receive(client: MockHAClientWebSocket, count: int) -> list[Any]:
    """Receive this many responses."""
    return [await client.receive_json() for _ in range(count)]


async def test_requests_of_a_connection_are_limited(
    filled: MockConfigEntry, exchange: RunningExchange, connect: Connect, held: SlowHistory
) -> None:
    """One request is processed at a time, some wait, and further ones are refused immediately.

    Polls are not delayed, and the connection can be used normally afterwards.
    """
    client = await connect()
    await search(client, filled, *(f"absent {number}" for number in range(REQUESTS)))
    refused = await receive(client, REQUESTS - ACCEPTED)
    assert {answer["error"]["translation_key"] for answer in refused} == {"too_many_questions"}
    await held.held()
    await filled.runtime_data.active.async_refresh()
    assert filled.runtime_data.active.last_update_success
    assert [entry.path for entry in exchange.journal] == ["/calls.json", "/active_calls.json"]
    held.release()
    answers = await receive(client, ACCEPTED)
    assert all(answer["success"] for answer in answers)
    assert len(exchange.requests("/calls.json")) == ACCEPTED * len(LOOKBACKS)
    await search(client, filled, "")
    assert (await client.receive_json())["result"]["calls"]


async def test_equal_requests_share_one_reading(
    filled: MockConfigEntry, exchange: RunningExchange, connect: Connect, held: SlowHistory
) -> None:
    """A page is read once for all concurrent requests, even on different connections."""
    clients = [await connect() for _ in range(2)]
    for client in clients:
        await search(client, filled, *["absent"] * REQUESTS)
        # All requests have been processed when the later ping is answered.
        await client.send_json_auto_id({"type": "ping"})
        assert (await client.receive_json())["type"] == "pong"
    held.release()
    for client in clients:
        assert all(answer["success"] for answer in await receive(client, REQUESTS))
    assert len(exchange.requests("/calls.json")) == len(LOOKBACKS)


async def test_closing_a_connection_cancels_its_readings(
    filled: MockConfigEntry, exchange: RunningExchange, connect: Connect, held: SlowHistory
) -> None:
    """Abandoned readings send no more requests and do not delay other connections."""
    clients = [await connect() for _ in range(2)]
    for number, client in enumerate(clients):
        await search(client, filled, f"absent {number}", f"absent else {number}")
    await held.held(2)
    for client in clients:
        await client.close()
    exchange.exchange.faults.clear()
    client = await connect()
    await search(client, filled, "absent")
    assert (await client.receive_json())["success"]
    assert len(exchange.requests("/calls.json")) == 2 + len(LOOKBACKS)


async def test_all_connections_share_two_slots(
    filled: MockConfigEntry, exchange: RunningExchange, connect: Connect, held: SlowHistory
) -> None:
    """At most two readings run at a time, so that polls are not delayed."""
    clients = [await connect() for _ in range(10)]
    for number, client in enumerate(clients):
        await search(client, filled, f"absent {number}")
    await held.held(2)
    data = filled.runtime_data
    for coordinator in (data.active, data.account, data.statistics):
        await coordinator.async_refresh()
        assert coordinator.last_update_success
    assert len(exchange.requests("/calls.json")) == 2
    held.release()
    for client in clients:
        assert (await client.receive_json())["success"]


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("get_calls", "/calls.json"),
        ("get_statistics", "/call_statistics.json"),
        ("get_statistics_by_destination", "/call_statistics/by_destination.json"),
        ("get_missed_calls", "/call_statistics/missed_calls.json"),
    ],
)
@pytest.mark.usefixtures("filled")
async def test_actions_are_limited(
    hass: HomeAssistant, exchange: RunningExchange, action: str, path: str
) -> None:
    """Excessive actions of an automation are refused, and equal ones share one request."""
    days = [f"{year}-{month:02}-01T00:00Z" for year in range(2001, 2018) for month in range(1, 13)]
    days = days[:REQUESTS]
    actions = (act(hass, action, start=day, end="2026-06-01T00:00Z") for day in days)
    answers = await asyncio.gather(*actions, return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(failures) == REQUESTS - ACCEPTED
    assert {getattr(it, "translation_key", None) for it in failures} == {"too_many_questions"}
    assert len(exchange.requests(path)) == ACCEPTED
    exchange.journal.clear()
    actions = (act(hass, action, start=days[0], end=days[1]) for _ in range(REQUESTS))
    first, *others = await asyncio.gather(*actions)
    assert others == [first] * (REQUESTS - 1)
    assert len(exchange.requests(path)) == 1


async def test_a_reading_after_an_event_contains_its_call(
    hass: HomeAssistant, filled: MockConfigEntry, exchange: RunningExchange, held: SlowHistory
) -> None:
    """An automation that reads the history on a call does not share an earlier reading."""
    period = {"start": "2000-01-01T00:00:00+00:00", "end": "2099-01-01T00:00:00+00:00"}
    before = hass.async_create_task(act(hass, "get_calls", **period))
    await held.held()
    exchange.exchange.faults.clear()
    call = exchange.world.miss()
    await filled.runtime_data.history.async_refresh()
    after = hass.async_create_task(act(hass, "get_calls", **period))
    held.release()
    assert (await after)["calls"][0]["id"] == call.id
    await before
    full = [entry for entry in exchange.requests("/calls.json") if "since_id" not in entry.params]
    assert len(full) == 2


async def test_exports_run_one_after_the_other(
    hass: HomeAssistant,
    filled: MockConfigEntry,
    exchange: RunningExchange,
    held: SlowHistory,
    tmp_path: Path,
) -> None:
    """Exports of an account wait for each other, but delay nothing else."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    period = {"start": "2000-01-01T00:00Z", "end": "2099-01-01T00:00Z"}
    paths = [str(tmp_path / f"{number}.json") for number in range(5)]
    exports = asyncio.gather(
        *(act(hass, "export_calls", path=path, format="json", **period) for path in paths)
    )
    await held.held()
    assert await act(hass, "get_statistics", **period)
    await filled.runtime_data.active.async_refresh()
    assert len(exchange.requests("/calls.json")) == 1
    held.release()
    assert [answer["path"] for answer in await exports] == paths
    assert len(exchange.requests("/calls.json")) == len(paths)


async def test_a_shared_reading_ends_with_its_last_listener() -> None:
    """A reading goes on while anything waits for it, and a cancelled one is not shared."""
    readings = Readings(1)
    begun, ended, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def read() -> str:
        begun.set()
        try:
            await answered.wait()
        finally:
            ended.set()
        return "answer"

    first, second = (asyncio.create_task(readings.ask(asker, "page", read)) for asker in (1, 2))
    await begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not ended.is_set()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    again = asyncio.create_task(readings.ask(1, "page", read))
    await ended.wait()
    answered.set()
    assert await again == "answer"


async def test_a_failure_reaches_all_listeners() -> None:
    """A failed reading is not remembered; the next request reads again."""
    readings = Readings(1)
    count = 0

    async def read() -> None:
        nonlocal count
        count += 1
        await asyncio.sleep(0)
        raise HomeAssistantError("no")

    for expected in (1, 2):
        questions = (readings.ask(asker, "page", read) for asker in range(3))
        answers = await asyncio.gather(*questions, return_exceptions=True)
        assert [str(answer) for answer in answers] == ["no"] * 3
        assert count == expected
