"""A busy day in Home Assistant: the clock, the actions of its users, and outages."""

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

from .expected import ExchangeRecords, Row

IDLE_STEP, CALL_STEP = 10, 3
"""Seconds between two polls of the active calls: without a call, and during one."""
MINUTE: Final = timedelta(minutes=1)
RECIPIENTS: Final = tuple(f"3124567{number}" for number in range(10, 60))
EXPECTED_ERRORS: Final = {
    "call_has_ended",
    "no_call_on_line",
    "no_call_with_number",
    "service_config_entry_not_loaded",
}
"""Errors of actions without an outage: the call has ended, or setup has not been retried yet."""
TABLES: Final = ("states", "events", "statistics", "statistics_short_term")

type Task = Callable[[], Awaitable[object]]


@dataclass
class BusyDay:
    """A running account, an exchange, and tasks to run at certain times."""

    hass: HomeAssistant
    exchange: Exchange
    account: MockConfigEntry
    tick: Tick
    chance: Random
    is_out: bool = False
    _due: list[tuple[datetime, int, Task]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, task: Task) -> None:
        """Schedule a task."""
        heappush(self._due, (moment, next(self._number), task))

    async def advance(self, until: datetime) -> None:
        """Advance the clocks in steps of one poll, and run the tasks that are due."""
        while (now := dt_util.utcnow()) < until:
            # One task per step, to keep the legs of two orders apart.
            if self._due and self._due[0][0] <= now:
                await heappop(self._due)[2]()
            step = CALL_STEP if self.account.runtime_data.active.data else IDLE_STEP
            seconds = min(step, (until - now).total_seconds())
            await self.exchange.control("advance", seconds=seconds)
            await self.tick(seconds)

    async def call_back(self) -> None:
        """Order a callback, immediately or delayed."""
        await self._perform(
            "callback",
            recipient=self.chance.choice(RECIPIENTS),
            **self.chance.choice(({}, {"line": 300110}, {"delay": 2})),
        )

    async def hang_up(self) -> None:
        """Hang up a call, selected by ID, line or number."""
        if active := self.account.runtime_data.active.data:
            call = self.chance.choice(active)
            selections = (
                {"active_call_id": call.id},
                {"line": call.line},
                {"number": call.destination_number},
            )
            await self._perform("hangup", **self.chance.choice(selections))

    async def _perform(self, action: str, **data: Any) -> None:
        try:
            await self.hass.services.async_call(DOMAIN, action, data, blocking=True)
        except HomeAssistantError as err:
            if not self.is_out and err.translation_key not in EXPECTED_ERRORS:
                raise

    async def reload(self) -> None:
        """Reload the account."""
        await self.hass.config_entries.async_reload(self.account.entry_id)

    async def begin_outage(self, mode: str) -> None:
        """Make all requests fail for some minutes, before or after the exchange handles them."""
        self.is_out = True
        is_late = self.chance.random() < 0.5
        await self.exchange.control("fail", mode=mode, times=0, after=is_late)
        self.at(dt_util.utcnow() + self.chance.uniform(1, 5) * MINUTE, self.end_outage)

    async def end_outage(self) -> None:
        """Make requests succeed again."""
        await self.exchange.control("fail", method="DELETE")
        self.is_out = False

    async def records(self) -> ExchangeRecords:
        """Read the records of the exchange."""
        (account,) = (await self.exchange.control("state", method="GET"))["accounts"]
        rows: list[Row] = []
        login = {"user": LOGIN["username"], "password": LOGIN["password"]}
        async with aiohttp.ClientSession() as session:
            while len(rows) < account["records"]:
                params = login | {"since_id": str(rows[-1]["id"] if rows else 0)}
                async with session.get(f"{self.exchange.url}/calls.json", params=params) as answer:
                    rows += await answer.json()
        for row in rows:
            row["date"] = datetime.fromisoformat(row["date"])
        return ExchangeRecords(rows, account["callbacks"], account["credit"])

    async def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Query the recorder's database after pending writes."""
        await self.hass.async_block_till_done()
        await get_instance(self.hass).async_block_till_done()
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    async def count_rows(self) -> Counter[str]:
        """Count the rows of the recorder's tables."""
        counts = Counter[str]()
        for table in TABLES:
            ((counts[table],),) = await self.query(f"SELECT count(*) FROM {table}")  # noqa: S608
        return counts

    @property
    def database(self) -> Path:
        """The path of the recorder's database."""
        return Path(self.hass.config.path("home-assistant_v2.db"))
