"""Users who ask for much hold up nobody."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

from custom_components.odorik.card.history import REACHES
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.readings import MOST_WAITING, Readings

from .exchange import RunningExchange

QUESTIONS = 200
ANSWERED = MOST_WAITING + 1

type Arrived = Callable[[int], Awaitable[None]]


@pytest.fixture
async def gate(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[asyncio.Event]:
    """Hold answers of the history back until this is set."""
    opened = asyncio.Event()

    async def hold(*_: object) -> None:
        await opened.wait()

    monkeypatch.setattr("simulator.faults.hold", hold)
    exchange.fail("slow", path="/calls.json", times=0)
    yield opened
    opened.set()


@pytest.fixture
def arrived(exchange: RunningExchange) -> Arrived:
    """Wait until so many requests for the history have reached the exchange."""

    async def wait(count: int) -> None:
        # The journal tells nobody of a request.
        while len(exchange.requests("/calls.json")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0)

    return wait


@pytest.fixture
async def busy(account: MockConfigEntry, exchange: RunningExchange) -> MockConfigEntry:
    """An account that has asked everything that it asks at first."""
    exchange.world.fill(50, days=5)
    exchange.journal.clear()
    return account


async def send(client: MockHAClientWebSocket, entry: MockConfigEntry, *searches: str) -> None:
    """Ask for the history, once for each search."""
    for search in searches:
        await client.send_json_auto_id(
            {"type": "odorik/history", "config_entry_id": entry.entry_id, "search": search}
        )


async def receive(client: MockHAClientWebSocket, count: int) -> list[Any]:
    """Receive so many answers."""
    return [await client.receive_json() for _ in range(count)]


def searches(count: int) -> list[str]:
    """Write so many different searches, none of which finds anything."""
    return [f"nobody {number}" for number in range(count)]


async def test_many_questions_of_a_connection_make_few_requests(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    gate: asyncio.Event,
    arrived: Arrived,
) -> None:
    """One question is read at a time, some wait, and all beyond are refused at once."""
    client = await hass_ws_client(hass)
    await send(client, busy, *searches(QUESTIONS))
    refused = await receive(client, QUESTIONS - ANSWERED)
    assert {answer["error"]["translation_key"] for answer in refused} == {"too_many_questions"}
    await arrived(1)
    # The active calls are polled while all of that waits.
    await busy.runtime_data.active.async_refresh()
    assert busy.runtime_data.active.last_update_success
    assert [entry.path for entry in exchange.journal] == ["/calls.json", "/active_calls.json"]
    gate.set()
    answers = await receive(client, ANSWERED)
    assert all(answer["success"] for answer in answers)
    assert len(exchange.requests("/calls.json")) == ANSWERED * len(REACHES)
    # Nothing is left of the flood.
    await send(client, busy, "")
    assert (await client.receive_json())["result"]["calls"]


async def test_equal_questions_share_one_reading(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    gate: asyncio.Event,
) -> None:
    """The same page is read once for all who ask for it meanwhile, on any connection."""
    clients = [await hass_ws_client(hass) for _ in range(2)]
    for client in clients:
        await send(client, busy, *["nobody"] * QUESTIONS)
        # An answer to what is sent last: all before has been looked at.
        await client.send_json_auto_id({"type": "ping"})
        assert (await client.receive_json())["type"] == "pong"
    gate.set()
    for client in clients:
        assert all(answer["success"] for answer in await receive(client, QUESTIONS))
    assert len(exchange.requests("/calls.json")) == len(REACHES)


async def test_a_connection_that_closes_stops_its_readings(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    gate: asyncio.Event,
    arrived: Arrived,
) -> None:
    """What nobody waits for any more is not read, and does not hold up the next who ask."""
    clients = [await hass_ws_client(hass) for _ in range(2)]
    for number, client in enumerate(clients):
        await send(client, busy, f"nobody {number}", f"nobody else {number}")
    await arrived(2)
    for client in clients:
        await client.close()
    exchange.exchange.faults.clear()
    client = await hass_ws_client(hass)
    await send(client, busy, "nobody")
    assert (await client.receive_json())["success"]
    assert not gate.is_set()
    assert len(exchange.requests("/calls.json")) == 2 + len(REACHES)


async def test_many_connections_leave_room_for_other_readings(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    gate: asyncio.Event,
    arrived: Arrived,
) -> None:
    """All connections together have two readings at a time, so polls are not held up."""
    clients = [await hass_ws_client(hass) for _ in range(10)]
    for number, client in enumerate(clients):
        await send(client, busy, f"nobody {number}")
    await arrived(2)
    data = busy.runtime_data
    for coordinator in (data.active, data.account, data.statistics):
        await coordinator.async_refresh()
        assert coordinator.last_update_success
    assert len(exchange.requests("/calls.json")) == 2
    gate.set()
    for client in clients:
        assert (await client.receive_json())["success"]


async def ask(hass: HomeAssistant, action: str, **fields: Any) -> Any:
    """Call an action that only reads."""
    return await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("get_calls", "/calls.json"),
        ("get_statistics", "/call_statistics.json"),
        ("get_statistics_by_destination", "/call_statistics/by_destination.json"),
        ("get_missed_calls", "/call_statistics/missed_calls.json"),
    ],
)
@pytest.mark.usefixtures("busy")
async def test_many_actions_make_few_requests(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    gate: asyncio.Event,
    action: str,
    path: str,
) -> None:
    """An automation that runs wild is refused, and equal questions are asked once."""
    gate.set()
    days = [f"{year}-{month:02}-01T00:00Z" for year in range(2001, 2018) for month in range(1, 13)]
    days = days[:QUESTIONS]
    questions = (ask(hass, action, start=day, end="2026-06-01T00:00Z") for day in days)
    answers = await asyncio.gather(*questions, return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(failures) == QUESTIONS - ANSWERED
    assert {getattr(it, "translation_key", None) for it in failures} == {"too_many_questions"}
    assert len(exchange.requests(path)) == ANSWERED
    exchange.journal.clear()
    questions = (ask(hass, action, start=days[0], end=days[1]) for _ in range(QUESTIONS))
    first, *others = await asyncio.gather(*questions)
    assert others == [first] * (QUESTIONS - 1)
    assert len(exchange.requests(path)) == 1


async def test_an_event_is_in_every_answer_that_is_asked_for_after_it(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    gate: asyncio.Event,
    arrived: Arrived,
) -> None:
    """An automation on a call reads the history anew, although an equal reading is under way."""
    period = {"start": "2000-01-01T00:00:00+00:00", "end": "2099-01-01T00:00:00+00:00"}
    before = hass.async_create_task(ask(hass, "get_calls", **period))
    await arrived(1)
    exchange.exchange.faults.clear()
    call = exchange.world.miss()
    await busy.runtime_data.history.async_refresh()
    after = hass.async_create_task(ask(hass, "get_calls", **period))
    gate.set()
    assert (await after)["calls"][0]["id"] == call.id
    await before
    asked = [entry for entry in exchange.requests("/calls.json") if "since_id" not in entry.params]
    assert len(asked) == 2


async def test_exports_take_place_one_after_the_other(
    *,
    hass: HomeAssistant,
    busy: MockConfigEntry,
    exchange: RunningExchange,
    gate: asyncio.Event,
    arrived: Arrived,
    tmp_path: Path,
) -> None:
    """Exports of an account wait for each other, and nothing else waits for them."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    fields = {"start": "2000-01-01T00:00Z", "end": "2099-01-01T00:00Z", "format": "json"}
    paths = [tmp_path / f"{number}.json" for number in range(5)]
    exports = asyncio.gather(
        *(ask(hass, "export_calls", path=str(path), **fields) for path in paths)
    )
    await arrived(1)
    assert await ask(hass, "get_statistics", start=fields["start"], end=fields["end"])
    await busy.runtime_data.active.async_refresh()
    assert len(exchange.requests("/calls.json")) == 1
    gate.set()
    assert [answer["path"] for answer in await exports] == [str(path) for path in paths]
    assert len(exchange.requests("/calls.json")) == len(paths)


async def test_a_reading_goes_on_while_somebody_waits_for_it() -> None:
    """One of two who share a reading may leave; when both are gone, it ends."""
    readings = Readings(1)
    begun, ended = asyncio.Event(), asyncio.Event()
    answered = asyncio.Event()

    async def read() -> str:
        begun.set()
        try:
            await answered.wait()
        finally:
            ended.set()
        return "answer"

    first, second = (asyncio.create_task(readings.ask(who, "what", read)) for who in (1, 2))
    await begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not ended.is_set()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    # A reading that is being ended is shared with nobody.
    again = asyncio.create_task(readings.ask(1, "what", read))
    await ended.wait()
    answered.set()
    assert await again == "answer"


async def test_those_who_share_a_reading_share_its_failure() -> None:
    """A failure reaches all who wait, and the next question is asked again."""
    readings = Readings(1)
    asked = 0

    async def read() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        raise HomeAssistantError("no")

    for times in (1, 2):
        questions = (readings.ask(who, "what", read) for who in range(3))
        answers = await asyncio.gather(*questions, return_exceptions=True)
        assert [str(answer) for answer in answers] == ["no"] * 3
        assert asked == times
