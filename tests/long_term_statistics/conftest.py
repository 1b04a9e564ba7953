"""An account with a recorder, and the comparison of its statistics with the exchange's totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from unittest.mock import patch

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy import text

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.long_term_statistics import recorder
from custom_components.odorik.long_term_statistics.recorder import StatisticsRecorder
from custom_components.odorik.long_term_statistics.scheduler import StatisticsScheduler
from simulator.exchange import JournalEntry
from simulator.world import World
from tests.exchange import RunningExchange
from tests.long_term import at_rest, names, set_up, write

type Period = Literal["hour", "day", "month"]
DAYS = timedelta(days=1)
LAST_SECOND = timedelta(seconds=3599)
"""From the start of an hour; the operator's periods include their end."""
EDGES = (
    datetime(2025, 10, 25, 22, tzinfo=UTC),
    datetime(2025, 10, 26, 0, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 22, tzinfo=UTC),
)
"""Starts of days, months and a year in Prague, and changes of its clocks."""


def fill_with_edges(world: World) -> None:
    """Add calls of 500 days, and some around each start of a period and change of the clocks."""
    for edge in EDGES:
        for second in (-1, 0):
            moment = edge + timedelta(seconds=second)
            write(world, moment, price=0.7)
            write(world, moment, direction="out", price=1.1234, length=59, line=300110)
            parent = write(world, moment, status="missed", length=0)
            leg = {"direction": "redirected", "redirection_parent_id": parent.id, "line": 300120}
            later = moment + timedelta(seconds=2)
            write(world, later, **leg, **({} if second else {"status": "missed", "length": 0}))
    world.add_sms("00420777123456")
    world.fill(150, days=500)


@dataclass
class StatisticsHarness:
    """An account, its exchange and its long-term statistics."""

    hass: HomeAssistant
    exchange: RunningExchange
    entry: MockConfigEntry

    @property
    def world(self) -> World:
        """The state of the exchange."""
        return self.exchange.world

    @property
    def scheduler(self) -> StatisticsScheduler:
        """The scheduler of the imports."""
        scheduler: StatisticsScheduler = self.entry.runtime_data.statistics_scheduler
        return scheduler

    @property
    def recorder(self) -> StatisticsRecorder:
        """The access to the recorder."""
        return self.scheduler._importer.recorder

    async def set_up(self) -> None:
        """Set up the account and wait for the import."""
        await set_up(self.hass, self.entry)

    async def start_set_up(self) -> None:
        """Set up the account without waiting for the import."""
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)

    async def unload(self) -> None:
        """Unload the account."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)

    async def reload(self) -> None:
        """Reload the account and wait for the import."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.wait()

    async def wait(self) -> None:
        """Wait until everything is imported and written."""
        await at_rest(self.entry)

    def add_call(self, ago: timedelta = timedelta(), **fields: Any) -> Any:
        """Add a record to the history, by default an incoming call of one minute."""
        return write(self.world, **{"date": dt_util.utcnow() - ago, **fields})

    async def add_outgoing(self, ago: timedelta = timedelta(), price: float = 1.5) -> Any:
        """Add an outgoing call, and wait until it is imported."""
        record = self.add_call(ago, direction="out", price=price)
        await self.poll()
        return record

    async def poll(self) -> None:
        """Poll the history, and wait until new records are imported."""
        await self.entry.runtime_data.history.async_refresh()
        await self.wait()

    async def rebuild(self) -> Any:
        """Rebuild the statistics."""
        return await self.hass.services.async_call(
            DOMAIN, "rebuild_statistics", blocking=True, return_response=True
        )

    async def clear(self, *keys: str) -> None:
        """Clear statistics of the account in the recorder, by default all."""
        ids = [f"odorik:1234567_{key}" for key in keys] or list(await self.names())
        get_instance(self.hass).async_clear_statistics(ids)
        await get_instance(self.hass).async_block_till_done()

    async def delete_rows(self, where: str) -> None:
        """Delete rows from the database."""

        def delete() -> None:
            with session_scope(hass=self.hass) as session:
                session.execute(text(f"DELETE FROM statistics WHERE {where}"))  # noqa: S608 - A test's own.

        await get_instance(self.hass).async_add_executor_job(delete)

    async def names(self) -> dict[str, str | None]:
        """Return the names of all statistics by their IDs."""
        return await names(self.hass)

    def reads(self, parameter: Literal["from", "page_size"]) -> list[JournalEntry]:
        """Return the reads of a period; only those that search the first call have a page size."""
        return [
            request
            for request in self.exchange.requests("/calls.json")
            if parameter in request.params
        ]

    async def read(self, period: Period) -> dict[str, list[Any]]:
        """Return the rows of all statistics by hour, day or month of Home Assistant's time zone."""
        known = set(await self.names())
        if not known:
            return {}

        def read_rows() -> dict[str, list[Any]]:
            epoch, types = dt_util.utc_from_timestamp(0), {"state", "sum", "change"}
            rows = statistics_during_period(self.hass, epoch, None, known, period, None, types)  # type: ignore[arg-type]
            return {statistic_id: list(of_one) for statistic_id, of_one in rows.items()}

        return await get_instance(self.hass).async_add_executor_job(read_rows)

    async def assert_complete(self, user: str | None = None) -> None:
        """Compare the hours of an account with the exchange's totals."""
        account = self.world.account(user)
        hours = {
            record.date.replace(minute=0, second=0, microsecond=0) for record in account.records
        }
        expected = {
            start.timestamp(): totals
            for start in hours
            if (totals := _totals(self.world, start, start + LAST_SECOND, account.user))
        }
        assert _changes(await self.read("hour"), account.user) == expected


def _changes(rows: dict[str, list[Any]], user: str) -> dict[float, dict[str, float]]:
    """Return what each period added to the statistics of an account, by its start."""
    found: dict[float, dict[str, float]] = {}
    for statistic_id, of_one in rows.items():
        key = statistic_id.removeprefix(f"{DOMAIN}:{user}_")
        for row in of_one:
            if row["change"]:
                found.setdefault(row["start"], {})[key] = round(row["change"], 4)
    return found


def _totals(world: World, start: datetime, end: datetime, user: str) -> dict[str, float]:
    """Return the exchange's totals of a period, by the keys of the statistics."""
    account = world.account(user)
    found: dict[str, float] = {"missed_calls": _missed(account.records, start, end)}
    for line in (None, *account.lines):
        books = world.totals(start, end, account=user, line=line)
        by_direction = {
            "incoming": books.incoming,
            "outgoing": books.outgoing,
            "redirected": books.redirected,
        }
        for direction, total in by_direction.items():
            owner = direction if line is None else str(line)
            values = {"calls": total.count, "duration": total.length / 60, "cost": total.price}
            for measure, value in values.items():
                key = f"{owner}_{measure}"
                found[key] = found.get(key, 0) + value
    return {key: round(value, 4) for key, value in found.items() if value}


def _missed(records: list[Any], start: datetime, end: datetime) -> int:
    """Count the calls of a period that were answered on no leg."""
    answered = {record.redirection_parent_id for record in records if record.status == "answered"}
    return sum(
        start <= record.date <= end
        and (record.direction, record.status) == ("in", "missed")
        and record.id not in answered
        for record in records
    )


@pytest.fixture(autouse=True)
async def recording(
    recorder_mock: object,  # noqa: ARG001 - Must be set up before Home Assistant.
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001
) -> None:
    """A Home Assistant in Prague with a recorder."""
    await hass.config.async_set_time_zone("Europe/Prague")


@pytest.fixture
def stats(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> StatisticsHarness:
    """An account that has not been added to Home Assistant, with a recorder."""
    return StatisticsHarness(hass, exchange, entry)


@pytest.fixture
def short_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry a failed import soon."""
    delay = timedelta(seconds=0.2)
    monkeypatch.setattr(
        "custom_components.odorik.long_term_statistics.scheduler.IMPORT_RETRY_DELAY", delay
    )


@pytest.fixture
def written() -> Iterator[list[int]]:
    """The numbers of rows passed to the recorder."""
    counts: list[int] = []

    def count(hass: HomeAssistant, metadata: Any, rows: Any) -> None:
        counts.append(len(rows))
        async_add_external_statistics(hass, metadata, rows)

    with patch.object(recorder, "async_add_external_statistics", count):
        yield counts
