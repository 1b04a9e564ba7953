"""Measurements of the integration in a real Home Assistant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
import gc
import os
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
import tracemalloc
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp.test_utils import TestServer
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import aiohttp_client, llm
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.odorik.call_events import BUS_EVENTS
from custom_components.odorik.card.history import find_page
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.permission import entity_of
from custom_components.odorik.recipients import RECIPIENT

from .exchanges import LOGIN, exchange, serving
from .measure import Row, held, side_by_side
from .reading import bare

ROUNDS = 5
LOOKS = 200
BUSY = 50
RECORDS = 10_000
HISTORY = 100_000
NEWEST = 200
RECIPIENTS = 50
MESSAGES = 10
LONG_MESSAGE = "Příliš žluťoučký kůň úpěl ďábelské ódy. " * 19
ASKS = 20
QUIET = 492
BLOCK = "longest block of the event loop"


class Resolver(aiohttp.ThreadedResolver):
    """A resolver that does not listen for mDNS, unlike Home Assistant's own."""

    real_close = aiohttp.ThreadedResolver.close


@asynccontextmanager
async def home() -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant with a configuration folder of its own."""
    with (
        TemporaryDirectory() as folder,
        patch.object(aiohttp_client, "_async_make_resolver", lambda _: Resolver()),
    ):
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            yield hass
            for entry in hass.config_entries.async_entries(DOMAIN):
                await hass.config_entries.async_unload(entry.entry_id)
            await hass.async_stop(force=True)


@asynccontextmanager
async def hooks(hass: HomeAssistant) -> AsyncIterator[str]:
    """Serve Home Assistant's webhooks, and yield the address."""
    server = TestServer(hass.http.app, host="127.0.0.1")
    await server.start_server(access_log=None)
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


async def set_up(
    hass: HomeAssistant,
    url: str,
    user: str = LOGIN["username"],
    *,
    recipients: int = 0,
    **options: Any,
) -> MockConfigEntry:
    """Set an account up and return its entry."""
    os.environ[ENV_API_URL] = url
    login = LOGIN | {"username": user}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=f"Odorik {user}",
        unique_id=user,
        data=login,
        options=options,
        subentries_data=[
            ConfigSubentryData(
                data={"number": f"+420777{number:06}", "keep_accents": True},
                subentry_type=RECIPIENT,
                title=f"Person {number}",
                unique_id=f"+420777{number:06}",
            )
            for number in range(recipients)
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def set_up_rows() -> list[Row]:
    """Set up accounts with more and more lines, up to the last state."""
    counts = (1, 10, 100)
    seconds: dict[int, list[float]] = {lines: [] for lines in counts}
    longest: dict[int, list[float]] = {lines: [] for lines in counts}
    async with exchange(1) as one, exchange(10) as ten, exchange(100) as hundred:
        async with home() as hass:
            await set_up(hass, one.url)  # Python compiles and imports only once.
        for _ in range(ROUNDS):
            for lines, served in zip(counts, (one, ten, hundred), strict=True):
                async with home() as hass:
                    gc.collect()
                    with held() as loop:
                        began = perf_counter()
                        await set_up(hass, served.url)
                        seconds[lines].append(perf_counter() - began)
                    longest[lines].append(loop.longest)
    middle = {lines: median(times) for lines, times in seconds.items()}
    rows = []
    for lines in counts:
        few, name = lines // 10, f"set up an account with {_lines(lines)}"
        rows += [
            Row(
                name=name,
                value=middle[lines],
                unit="s",
                against=_lines(few) if few else None,
                ratio=middle[lines] / middle[few] if few else None,
            ),
            Row(name=f"{name}: {BLOCK}", value=median(longest[lines]) * 1000, unit="ms"),
        ]
    return rows


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


async def time_polls(active: DataUpdateCoordinator[Any]) -> tuple[float, float]:
    """Return the median time of a poll on the event loop and the longest block, in milliseconds."""
    gc.collect()
    polls: list[float] = []
    with held() as loop:
        for _ in range(LOOKS):
            before = loop.total
            await active.async_refresh()
            polls.append(loop.total - before)
    return median(polls) * 1000, loop.longest * 1000


async def poll_rows() -> list[Row]:
    """Poll the active calls of an idle account."""
    milliseconds: dict[int, float] = {}
    requests: dict[int, float] = {}
    writes, longest = 0, 0.0

    @callback
    def count(_: Event[Any]) -> None:
        nonlocal writes
        writes += 1

    @callback
    def every(_: Any) -> bool:
        return True

    for lines in (10, 100):
        async with exchange(lines) as served, home() as hass:
            active = (await set_up(hass, served.url)).runtime_data.active
            await active.async_refresh()
            stop = [hass.bus.async_listen(kind, count, every) for kind in _WRITES]
            before = await served.requests()
            milliseconds[lines], block = await time_polls(active)
            requests[lines] = (await served.requests() - before) / LOOKS
            for unsubscribe in stop:
                unsubscribe()
            longest = max(longest, block)
    name = "an idle poll"
    return [
        Row.compare(
            f"{name}: time on the event loop, 100 lines",
            milliseconds[100],
            "ms",
            "10 lines",
            milliseconds[10],
        ),
        Row.compare(
            f"{name}: requests, 100 lines", requests[100], "requests", "10 lines", requests[10]
        ),
        Row(name=f"{name}: states written", value=writes / LOOKS / 2, unit="writes"),
        Row(name=f"{name}: {BLOCK}", value=longest, unit="ms"),
    ]


_WRITES = (EVENT_STATE_CHANGED, EVENT_STATE_REPORTED)


async def busy_poll_rows() -> list[Row]:
    """Poll while many calls ring: when they appear, and while they last."""
    appear: list[float] = []
    last: list[float] = []
    async with exchange(10) as served, home() as hass:
        # Another coordinator reads the call records, so they are not available here.
        await served.control("set", deny=["calls"])
        active = (await set_up(hass, served.url)).runtime_data.active
        for attempt in range(ROUNDS):
            # New callers each time: a caller who rings again at once may be another leg of a call.
            calls = [
                await served.control("ring", **{"from": f"00420602{attempt}{number:05}"})
                for number in range(BUSY)
            ]
            for blocks in (appear, last):
                with held() as loop:
                    await active.async_refresh()
                    await hass.async_block_till_done(wait_background_tasks=True)
                blocks.append(loop.longest * 1000)
            for call in calls:
                await served.control("end", id=call["id"])
            await active.async_refresh()
            await hass.async_block_till_done(wait_background_tasks=True)
    return [
        Row(name=f"a poll with {BUSY} {what} calls: {BLOCK}", value=median(blocks), unit="ms")
        for what, blocks in (("new", appear), ("known", last))
    ]


async def catch_up_rows() -> list[Row]:
    """Report calls that were recorded between two polls."""
    few = RECORDS // 10
    seconds: dict[int, list[float]] = {few: [], RECORDS: []}
    busy: dict[int, list[float]] = {few: [], RECORDS: []}
    longest, wrong = 0.0, 0
    for records in (few, RECORDS) * ROUNDS:
        async with exchange() as served, home() as hass:
            entry = await set_up(hass, served.url)
            await served.control("fill", n=records, days=6)
            reported: list[int] = []

            @callback
            def hear(event: Event[Any], reported: list[int] = reported) -> None:
                reported.append(event.data["call_id"])

            for kind in BUS_EVENTS.values():
                hass.bus.async_listen(kind, hear)
            gc.collect()
            with held() as loop:
                began = perf_counter()
                await entry.runtime_data.history.async_refresh()
                seconds[records].append(perf_counter() - began)
            busy[records].append(loop.total)
            longest = max(longest, loop.longest)
            calls = entry.runtime_data.client.calls(since_id=0)
            rows = [row async for page in calls for row in page]
            assert len(rows) == records
            real = {row.id for row in rows if row.redirection_parent_id is None}
            wrong += len(reported) - len(set(reported)) + len(real ^ set(reported))
    name = f"catch up on {RECORDS:,} records"
    return [
        Row(
            name=name,
            value=median(seconds[RECORDS]),
            unit="s",
            against=f"{few:,} records",
            # The time on the event loop varies less, and the speed of the machine hardly changes
            # between two runs in succession.
            ratio=median(many / less for less, many in zip(*busy.values(), strict=True)),
        ),
        Row(name=f"{name}: events lost or duplicated", value=wrong, unit="events"),
        Row(name=f"{name}: {BLOCK}", value=longest * 1000, unit="ms"),
    ]


async def message_rows() -> list[Row]:
    """Set up an account with many recipients, and send long messages to one of them."""
    seconds: dict[int, list[float]] = {0: [], RECIPIENTS: []}
    setting_up = sending = 0.0
    async with exchange(1) as served:
        await served.control("set", credit=10_000)
        async with home() as hass:
            await set_up(hass, served.url, recipients=1)  # Python imports only once.
        for _ in range(ROUNDS):
            for recipients, times in seconds.items():
                async with home() as hass:
                    gc.collect()
                    with held() as loop:
                        await set_up(hass, served.url, recipients=recipients, sms_limit=1000)
                    times.append(loop.total)
                    setting_up = max(setting_up, loop.longest if recipients else 0)
                    message = {"recipient": "Person 0", "message": LONG_MESSAGE}
                    if recipients:
                        with held() as loop:
                            for _ in range(MESSAGES):
                                await hass.services.async_call(
                                    DOMAIN, "send_sms", message, blocking=True
                                )
                        sending = max(sending, loop.longest)
    more = median(seconds[RECIPIENTS]) - median(seconds[0])
    return [
        Row(
            name=f"set up {RECIPIENTS} recipients: additional time on the event loop",
            value=more * 1000,
            unit="ms",
        ),
        Row(name=f"set up {RECIPIENTS} recipients: {BLOCK}", value=setting_up * 1000, unit="ms"),
        Row(name=f"send a long message: {BLOCK}", value=sending * 1000, unit="ms"),
    ]


async def guard_rows() -> list[Row]:
    """Poll while paid calls are up, with and without the spending guard."""
    milliseconds: dict[str, float] = {}
    for mode in ("off", "hang_up"):
        async with exchange(100) as served, home() as hass:
            off: dict[str, Any] = {"guard_parallel_calls": 0, "guard_hour_cost": 0}
            entry = await set_up(hass, served.url, spending_guard=mode, **off)
            active = entry.runtime_data.active
            for number in range(BUSY):
                call = await served.control("dial", to=f"00420777{number:06}")
                await served.control("answer", id=call["id"])
            await active.async_refresh()
            milliseconds[mode], _ = await time_polls(active)
            assert len(active.data) == BUSY
    more = milliseconds["hang_up"] - milliseconds["off"]
    return [
        Row(name=f"a poll with {BUSY} paid calls: additional with the guard", value=more, unit="ms")
    ]


async def get_calls_rows() -> list[Row]:
    """Request the newest calls of a long history with an action, and all of them."""
    async with (
        serving("tests.bench.pages", str(HISTORY)) as url,
        home() as hass,
        aiohttp.ClientSession() as session,
    ):
        await set_up(hass, url)
        ways: dict[str, Callable[[], Awaitable[object]]] = {
            "bare": partial(bare, session, url),
            "newest": partial(_get_calls, hass, NEWEST),
            "all": partial(_get_calls, hass, HISTORY),
        }
        with held() as loop:
            # The caller frees the long response, so this is not measured.
            answers = [await ways[which]() for which in ("newest", "all")]
            # The code below runs in another step of the event loop, which is not measured.
            await asyncio.sleep(0)
        del answers
        seconds = await side_by_side(ROUNDS, ways)
    rows = [
        Row.compare(
            f"get_calls over {HISTORY:,} records, {which}",
            seconds[which],
            "s",
            "a bare loop of aiohttp and orjson",
            seconds["bare"],
        )
        for which in ("newest", "all")
    ]
    block = Row(name=f"get_calls: {BLOCK}", value=loop.longest * 1000, unit="ms")
    return [*rows, block]


async def _get_calls(hass: HomeAssistant, limit: int) -> Any:
    wanted = {"since_id": 0, "limit": limit}
    answer: Any = await hass.services.async_call(
        DOMAIN, "get_calls", wanted, blocking=True, return_response=True
    )
    assert len(answer["calls"]) == limit
    return answer


async def card_rows() -> list[Row]:
    """Open the card of an account with a long history and no recent calls."""
    message: dict[str, Any] = {"show": "all", "search": "", "limit": 200}
    async with exchange() as served, home() as hass:
        entry = await set_up(hass, served.url)
        await served.control("fill", n=HISTORY, days=1500)
        await served.control("advance", seconds=QUIET * 86400)
        # The response contains the operator's time.
        await entry.runtime_data.active.async_refresh()
        gc.collect()
        with held() as loop:
            began = perf_counter()
            shown = await find_page(hass, entry, message)
            seconds = perf_counter() - began
    assert len(shown["calls"]) >= message["limit"]
    name = f"the card's history after {QUIET} quiet days, of {HISTORY:,} records"
    return [
        Row(name=name, value=seconds, unit="s"),
        Row(name=f"{name}: {BLOCK}", value=loop.longest * 1000, unit="ms"),
    ]


async def ask_rows() -> list[Row]:
    """Call the tools for language models with five years of calls behind them."""
    context = llm.LLMContext(
        platform="bench", context=None, language="en", assistant="conversation", device_id=None
    )
    async with exchange() as served, home() as hass:
        for component in ("homeassistant", "llm"):
            assert await async_setup_component(hass, component, {})
        entry = await set_up(hass, served.url)
        await served.control("fill", n=HISTORY, days=5 * 365)
        for key in ("active_calls", "callers_waiting"):
            entity_id = entity_of(hass, entry, key)
            assert entity_id
            async_expose_entity(hass, "conversation", entity_id, should_expose=True)
        api = await llm.async_get_api(hass, llm.LLM_API_ASSIST, context)
        search = llm.ToolInput("odorik__search_calls", {"query": "420", "limit": 50})
        inputs = [
            *(llm.ToolInput(tool.name, {}) for tool in api.tools if tool.integration == DOMAIN),
            search,
            llm.ToolInput(search.tool_name, {"query": "absent", "since": "2000-01-01"}),
        ]
        seconds: list[float] = []
        gc.collect()
        with held() as loop:
            began = perf_counter()
            # This waits for the calls to be read.
            assert not (await api.async_call_tool(search)).error
            first = perf_counter() - began
            before = await served.requests()
            for asked in inputs:
                times = []
                for _ in range(ASKS):
                    began = perf_counter()
                    answer = await api.async_call_tool(asked)
                    times.append(perf_counter() - began)
                    assert not answer.error
                seconds.append(max(times))
        requests = await served.requests() - before
    name = f"a question about {HISTORY:,} records"
    return [
        Row(name=f"{name}: slowest answer", value=max(seconds) * 1000, unit="ms"),
        Row(name=f"{name}: first search, which reads", value=first * 1000, unit="ms"),
        Row(name=f"{name}: requests", value=requests, unit="requests"),
        Row(name=f"{name}: {BLOCK}", value=loop.longest * 1000, unit="ms"),
    ]


async def export_rows() -> list[Row]:
    """Export the history to a file, several times for the time and once for the memory."""
    seconds: dict[int, float] = {}
    memory: dict[int, float] = {}
    longest = 0.0
    few = HISTORY // 10
    for records in (few, HISTORY):
        async with serving("tests.bench.pages", str(records)) as url, home() as hass:
            await set_up(hass, url)
            times = []
            with held() as loop:
                for _ in range(ROUNDS):
                    began = perf_counter()
                    await _export(hass, records)
                    times.append(perf_counter() - began)
            seconds[records] = median(times)
            longest = max(longest, loop.longest)
            tracemalloc.start()
            try:
                await _export(hass, records)
                memory[records] = tracemalloc.get_traced_memory()[1] / 2**20
            finally:
                tracemalloc.stop()
    name, against = f"export {HISTORY:,} records as CSV", f"{few:,} records"
    return [
        Row.compare(name, seconds[HISTORY], "s", against, seconds[few]),
        Row.compare(
            f"{name}: most memory above idle", memory[HISTORY], "MiB", against, memory[few]
        ),
        Row(name=f"{name}: {BLOCK}", value=longest * 1000, unit="ms"),
    ]


async def _export(hass: HomeAssistant, records: int) -> None:
    wanted = {"since_id": 0, "format": "csv", "path": "export.csv"}
    answer = await hass.services.async_call(
        DOMAIN, "export_calls", wanted, blocking=True, return_response=True
    )
    assert answer
    assert answer["calls"] == records


MEASUREMENTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "set-up": set_up_rows,
    "poll": poll_rows,
    "busy-poll": busy_poll_rows,
    "catch-up": catch_up_rows,
    "messages": message_rows,
    "guard": guard_rows,
    "get-calls": get_calls_rows,
    "card": card_rows,
    "ask": ask_rows,
    "export": export_rows,
}
