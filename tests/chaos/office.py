"""A home on a busy day, and what people in it do."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
import sqlite3
from typing import Any, Final

import aiohttp
from homeassistant.components.recorder import get_instance
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from tests.bench.exchanges import LOGIN, Exchange
from tests.conftest import Tick

from .ledger import Ledger, Row

IDLE, IN_CALL = 10, 3
"""Seconds of a step, as often as the active calls are looked at."""
MINUTE: Final = timedelta(minutes=1)
RECIPIENTS: Final = tuple(f"3124567{number}" for number in range(10, 60))
HARMLESS: Final = {
    "call_has_ended",
    "no_call_on_line",
    "no_call_with_number",
    "service_config_entry_not_loaded",
}
"""Why an action may fail while the exchange is in reach: the call was over, or Home Assistant has
not tried again yet to set the account up."""
TABLES: Final = ("states", "events", "statistics", "statistics_short_term")

type Act = Callable[[], Awaitable[object]]


@dataclass
class Day:
    """A day at home and at the exchange, and what people at home do in it."""

    hass: HomeAssistant
    exchange: Exchange
    account: MockConfigEntry
    tick: Tick
    chance: Random
    is_out: bool = False
    _due: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, act: Act) -> None:
        """Let somebody do something."""
        heappush(self._due, (moment, next(self._number), act))

    async def live(self, until: datetime) -> None:
        """Let time pass, with short steps while a call is up."""
        while (now := dt_util.utcnow()) < until:
            # One at a time: of two orders of one second nobody could tell the legs apart.
            if self._due and self._due[0][0] <= now:
                await heappop(self._due)[2]()
            step = IN_CALL if self.account.runtime_data.active.data else IDLE
            seconds = min(step, (until - now).total_seconds())
            await self.exchange.control("advance", seconds=seconds)
            await self.tick(seconds)

    async def call_back(self) -> None:
        """Order a callback, now or in a while."""
        await self._ask(
            "callback",
            recipient=self.chance.choice(RECIPIENTS),
            **self.chance.choice(({}, {"line": 300110}, {"delay": 2})),
        )

    async def hang_up(self) -> None:
        """Hang a call up in one of the ways that there are."""
        if up := self.account.runtime_data.active.data:
            call = self.chance.choice(up)
            ways = (
                {"active_call_id": call.id},
                {"line": call.line},
                {"number": call.destination_number},
            )
            await self._ask("hangup", **self.chance.choice(ways))

    async def _ask(self, action: str, **wanted: Any) -> None:
        try:
            await self.hass.services.async_call(DOMAIN, action, wanted, blocking=True)
        except HomeAssistantError as err:
            if not self.is_out and err.translation_key not in HARMLESS:
                raise

    async def reload(self) -> None:
        """Try another option."""
        await self.hass.config_entries.async_reload(self.account.entry_id)

    async def break_down(self, mode: str) -> None:
        """Let the exchange be out of reach, or nearly so, for some minutes."""
        self.is_out = True
        is_late = self.chance.random() < 0.5
        await self.exchange.control("fail", mode=mode, times=0, after=is_late)
        self.at(dt_util.utcnow() + self.chance.uniform(1, 5) * MINUTE, self.mend)

    async def mend(self) -> None:
        """Let it be in reach again."""
        await self.exchange.control("fail", method="DELETE")
        self.is_out = False

    async def books(self) -> Ledger:
        """Read the books of the exchange."""
        (account,) = (await self.exchange.control("state", method="GET"))["accounts"]
        rows: list[Row] = []
        async with aiohttp.ClientSession() as session:
            while len(rows) < account["records"]:
                since = {"since_id": str(rows[-1]["id"] if rows else 0)}
                login = {"user": LOGIN["username"], "password": LOGIN["password"]}
                address = f"{self.exchange.url}/calls.json"
                async with session.get(address, params=login | since) as answer:
                    rows += await answer.json()
        for row in rows:
            row["date"] = datetime.fromisoformat(row["date"])
        return Ledger(rows, account["callbacks"], account["credit"])

    async def recorded(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the recorder's database, when all has been written to it."""
        await self.hass.async_block_till_done()
        await get_instance(self.hass).async_block_till_done()
        return ask(self.database, question)

    async def count_rows(self) -> Counter[str]:
        """Count the rows of the recorder's tables."""
        counts = Counter[str]()
        for table in TABLES:
            ((counts[table],),) = await self.recorded(f"SELECT count(*) FROM {table}")  # noqa: S608
        return counts

    @property
    def database(self) -> Path:
        """Where the recorder writes."""
        return Path(self.hass.config.path("home-assistant_v2.db"))

    @property
    def store(self) -> Path:
        """Where the integration keeps what has to survive a restart."""
        return Path(self.hass.config.path(".storage", f"{DOMAIN}.{self.account.entry_id}"))


def ask(database: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask a database."""
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(question).fetchall()
