"""Home Assistant is stopped, reloaded and killed while people call, and tells every call."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import aiohttp
import pytest

from scripts.exchange import LOGIN, Exchange, exchange as run_exchange
from scripts.home import Home
from scripts.visitor import HomeError

from .blocking import WATCH, blocked
from .leaks import leaks
from .witnessed import FINISHED, Told, statement, witnessed

ALL_TOLD = 150
"""Seconds within which the last calls have to be told: the clock of the history, and some."""


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[Exchange]:  # noqa: ARG001
    """An exchange where nothing happens by itself."""
    async with run_exchange("--world", "quiet") as running:
        yield running


@pytest.fixture
def home(exchange: Exchange, tmp_path: Path) -> Home:
    """A Home Assistant with a witness in it."""
    return witnessed(folder=tmp_path, exchange=exchange.url, prelude=WATCH)


def told(home: Home) -> list[Told]:
    """How calls finished, as the witness has written it."""
    return [line for line in statement(home) if line["type"] in FINISHED]


async def recorded(exchange: Exchange) -> dict[int, str]:
    """How every call finished, by the exchange's own books."""
    user, password = LOGIN.values()
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{exchange.url}/calls.json", params={"user": user, "password": password, "since_id": 0}
        ) as response,
    ):
        return {row["id"]: row["status"] for row in await response.json()}


async def telephone(exchange: Exchange, chance: Random, calls: int, pause: float) -> None:
    """Let so many calls come in and go out, some of them so short that no look finds them.

    Between two of them are up to ``pause`` seconds.
    """
    for _ in range(calls):
        await asyncio.sleep(chance.uniform(0, pause))
        over = chance.uniform(1, 8)
        match chance.randrange(4):
            case 0:
                await exchange.do("miss")
            case 1:
                await exchange.do("ring", end_after=over)
            case 2:
                await exchange.do("ring", answer_after=over / 2, end_after=over)
            case _:
                await exchange.do("dial", answer_after=over / 2, end_after=over)


async def disturb(home: Home, entry_id: str, chance: Random) -> bool:
    """Do one thing to Home Assistant that a home has to live with; say whether it was a kill."""
    match chance.randrange(5):
        case 0:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.post(f"config/config_entries/entry/{entry_id}/reload")
            return False
        case 1:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.stop()
            await home.start()
            return False
        case 2:
            # Just as something is being told, before it can be stored, if luck will have it.
            known = len(told(home))
            with suppress(TimeoutError):
                async with asyncio.timeout(8):
                    while len(told(home)) == known:  # noqa: ASYNC110 - It is another process.
                        await asyncio.sleep(0.002)
            await home.kill()
        case 3:
            await asyncio.sleep(chance.uniform(0, 6))
            await home.kill()
        case _:
            await home.stop()
            starting = asyncio.create_task(home.start())
            await asyncio.sleep(chance.uniform(1, 8))
            home._process.kill()
            with suppress(HomeError):
                await starting
                await home.kill()
    await home.start()
    return True


@pytest.mark.parametrize(
    ("calls", "pause"),
    [(24, 1), pytest.param(220, 2, marks=pytest.mark.long)],
)
async def test_every_call_is_reported_whatever_becomes_of_home_assistant(
    home: Home,
    exchange: Exchange,
    calls: int,
    pause: float,
    record_property: Callable[[str, object], None],
) -> None:
    """Nothing is lost; what is reported again was told just before a kill, and has the same id."""
    chance = Random(calls)  # noqa: S311 - The same calls and kills every time.
    await home.start()
    kills = 0
    try:
        added = await home.add("odorik", **LOGIN)
        entry_id = added["result"]["entry_id"]
        await home.change(entry_id, active_interval=5)
        people = Random(chance.random())  # noqa: S311
        ringing = asyncio.create_task(telephone(exchange, people, calls, pause))
        while not ringing.done():
            kills += await disturb(home, entry_id, chance)
        await ringing
        await asyncio.sleep(9)
        truth = await recorded(exchange)
        assert len(truth) == calls
        with suppress(TimeoutError):
            async with asyncio.timeout(ALL_TOLD):
                while {line["call_id"] for line in told(home)} < truth.keys():  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
    finally:
        with suppress(ProcessLookupError):
            await home.stop()
    lines = told(home)
    assert {line["call_id"]: line["status"] for line in lines} == truth
    assert {line["state"] for line in lines} == {"RUNNING"}
    # Within one run nothing is ever repeated, and each kill can repeat but what was in its hands.
    assert max(Counter((line["run"], line["call_id"]) for line in lines).values()) == 1
    repeated = len(lines) - len(truth)
    assert repeated == 0 or kills
    assert repeated <= 5 * kills
    lost = len(truth.keys() - {line["call_id"] for line in lines})
    assert leaks(home.folder, [LOGIN["password"]]) == []
    assert blocked(home.folder) == []
    record_property("", {"calls": calls, "kills": kills, "lost": lost, "reported again": repeated})
