"""Read and write an account's statistics in Home Assistant's recorder.

The recorder queues writes and processes them in its own thread, so each write is waited for before
anything is read back. Only one task may write at a time.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, Final

from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance
from homeassistant.components.recorder.db_schema import Statistics, StatisticsMeta
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.recorder import session_scope
from sqlalchemy import func, select

from ..calls.directory import Directory
from ..calls.hourly_totals import ACCOUNT_SERIES, Amounts, Series
from ..const import DOMAIN
from .metadata import StatisticsMetadata, find_orphans

MAX_QUEUED_ROWS: Final = 2000
"""Rows that are queued at a time. The recorder writes nothing else meanwhile; what other
integrations have queued by then comes before the next rows."""
SEARCH_SPANS: Final = (timedelta(days=31), timedelta(days=366), None)
"""How far ahead a row is searched for, so that years are only loaded if there is no nearer row."""
CLEAR_TIMEOUT: Final = 10
"""Seconds for which the removal of an account waits for a busy recorder."""

type Row = tuple[int, int]
"""The amount of an hour and the sum at its end, in units of 1 / ``Metric.scale``."""
type Sums = dict[Series, int]
"""Sums by series, in units of 1 / ``Metric.scale``."""
type Rows = dict[Series, dict[int, Row]]
"""Rows by series and hour."""


class NotWrittenError(Exception):
    """The recorder did not write its queue: the disk may be full."""


def has_recorder(hass: HomeAssistant) -> bool:
    """Return whether the recorder is set up."""
    return RECORDER in hass.config.components


class StatisticsRecorder:
    """Reads and writes the long-term statistics of one account."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        self._hass = hass
        self._metadata = StatisticsMetadata(hass, entry)
        self._sums: dict[Series, int] = {}
        self._queries: set[asyncio.Future[Any]] = set()

    async def async_begin(self) -> None:
        """Prepare to write from any hour on; the hours that follow must be written in order."""
        self._sums = {}
        await self._metadata.async_load_names()
        # An earlier import may have been interrupted while the recorder still had its rows queued.
        await self.async_wait()

    async def async_write(
        self, start: datetime, end: datetime, amounts: Amounts, directory: Directory
    ) -> None:
        """Set the hours of a period to the given amounts and wait until they are written.

        Only rows that differ are written. The row of an hour that no longer has any calls becomes
        zero.

        Raises:
            NotWrittenError: The rows are not in the database afterwards.
        """
        rows = await self._async_query(self._changed_rows, start, end, amounts)
        if not rows:
            return
        metadata = self._metadata.describe(rows, directory)
        data = await self._hass.async_add_executor_job(_to_statistic_data, rows)
        queued = 0
        for series, of_series in data.items():
            for batch in batched(of_series, MAX_QUEUED_ROWS, strict=False):
                if queued + len(batch) > MAX_QUEUED_ROWS:
                    await self.async_wait()
                    queued = 0
                async_add_external_statistics(self._hass, metadata[series], batch)
                queued += len(batch)
        await self.async_wait()
        if not await self._async_query(self._has_rows, start, end, rows):
            raise NotWrittenError("the recorder did not write them")

    async def async_update_names(self, directory: Directory) -> None:
        """Create the series that every account has, and rename those whose name has changed."""
        await self._metadata.async_load_names()
        known = await self._async_query(self._metadata.existing)
        described = self._metadata.describe({*ACCOUNT_SERIES, *known}, directory)
        for series, metadata in described.items():
            if series not in known or known[series]["name"] != metadata["name"]:
                async_add_external_statistics(self._hass, metadata, [])

    async def async_wait(self) -> None:
        """Wait until the recorder has processed its queue."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def set_done() -> None:
            loop.call_soon_threadsafe(done.set)

        # Clearing an empty list is the only job that reports its end.
        get_instance(self._hass).async_clear_statistics([], on_done=set_done)
        await done.wait()

    async def async_count(self, start: datetime, end: datetime) -> int:
        """Return the number of rows of all series in a period."""
        return await self._async_query(self._count, start, end)

    async def async_sums(self, moments: Iterable[datetime]) -> dict[datetime, Sums]:
        """Return the sums of the account's own series, without those of its lines, at given times.

        Each is found by an index, however many rows there are.
        """
        return await self._async_query(self._sums_at, tuple(moments))

    async def async_clear(self) -> None:
        """Delete the statistics of the account."""
        try:
            async with asyncio.timeout(CLEAR_TIMEOUT):
                await self.async_wait()
        except TimeoutError:
            # The rows that are still queued are written before they are cleared.
            pass
        known = await self._async_query(self._metadata.existing)
        if known:
            ids = [self._metadata.id_of(series) for series in known]
            get_instance(self._hass).async_clear_statistics(ids)

    async def async_clear_orphans(self) -> None:
        """Delete the statistics of accounts that were removed without the integration."""
        entries = self._hass.config_entries.async_entries(DOMAIN)
        if ids := await self._async_query(find_orphans, self._hass, entries):
            get_instance(self._hass).async_clear_statistics(ids)

    async def async_wait_for_queries(self, _event: Event) -> None:
        """Wait for running queries: the recorder closes the database when Home Assistant stops."""
        if self._queries:
            await asyncio.wait(self._queries)

    async def _async_query[*Args, R](self, query: Callable[[*Args], R], *args: *Args) -> R:
        """Run a query in the recorder's executor, to completion even if the caller is cancelled."""
        running = get_instance(self._hass).async_add_executor_job(query, *args)
        self._queries.add(running)
        running.add_done_callback(self._queries.discard)
        # Retrieve the error, which asyncio would log if the caller was cancelled.
        running.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(running)

    # The methods below run in the recorder's executor.

    def _changed_rows(self, start: datetime, end: datetime, amounts: Amounts) -> Rows:
        """Return the rows of a period that differ from those in the database."""
        known = self._read(start, end)
        rows: Rows = {}
        for series in {**amounts, **known}:
            if series not in self._sums:
                self._sums[series] = self._sum_before(series, start)
            changed = self._continue(series, amounts.get(series, {}), known.get(series, {}))
            if of_series := dict(changed):
                rows[series] = of_series
        return rows

    def _continue(
        self, series: Series, amounts: Mapping[int, int], known: Mapping[int, Row]
    ) -> Iterator[tuple[int, Row]]:
        """Continue the sum of a series, and yield the rows that are new or differ."""
        for hour in sorted({*amounts, *known}):
            amount = amounts.get(hour, 0)
            self._sums[series] += amount
            row = (amount, self._sums[series])
            if known.get(hour) != row:
                yield hour, row

    def _has_rows(self, start: datetime, end: datetime, rows: Rows) -> bool:
        """Return whether the rows of a period are in the database."""
        known = self._read(start, end)
        return all(known.get(series, {}).items() >= rows[series].items() for series in rows)

    def _read(self, start: datetime, end: datetime) -> Rows:
        """Return the rows of a period."""
        known = {self._metadata.id_of(series): series for series in self._metadata.existing()}
        if not known:
            return {}
        read = statistics_during_period(
            self._hass, start, end, set(known), "hour", None, {"state", "sum"}
        )
        found: Rows = {}
        for statistic_id, rows in read.items():
            series = known[statistic_id]
            scale = series.metric.scale
            found[series] = {
                int(row["start"]): (
                    round((row["state"] or 0) * scale),
                    round((row["sum"] or 0) * scale),
                )
                for row in rows
            }
        return found

    def _sum_before(self, series: Series, start: datetime) -> int:
        """Return the sum of a series before an hour; its last row may be of a later hour."""
        statistic_id = self._metadata.id_of(series)
        last = get_last_statistics(self._hass, 1, statistic_id, False, {"sum"}).get(statistic_id)  # noqa: FBT003
        if not last:
            return 0
        total = last[0]["sum"] or 0.0
        if last[0]["start"] >= start.timestamp():
            for span in SEARCH_SPANS:
                rows = statistics_during_period(
                    self._hass,
                    start,
                    start + span if span else None,
                    {statistic_id},
                    "hour",
                    None,
                    {"sum", "change"},
                ).get(statistic_id)
                if rows:
                    total = (rows[0]["sum"] or 0.0) - (rows[0]["change"] or 0.0)
                    break
        return round(total * series.metric.scale)

    def _count(self, start: datetime, end: datetime) -> int:
        """Count the rows in a period; an index of the recorder's covers the query."""
        ids = [self._metadata.id_of(series) for series in self._metadata.existing()]
        query = (
            select(func.count())
            .select_from(Statistics)
            .join(StatisticsMeta, Statistics.metadata_id == StatisticsMeta.id)
            .where(
                StatisticsMeta.statistic_id.in_(ids),
                Statistics.start_ts >= start.timestamp(),
                Statistics.start_ts < end.timestamp(),
            )
        )
        with session_scope(hass=self._hass, read_only=True) as session:
            return session.execute(query).scalar_one()

    def _sums_at(self, moments: Iterable[datetime]) -> dict[datetime, Sums]:
        """Return the sums of the rows that begin before each of the given times."""
        series_by_id = {self._metadata.id_of(series): series for series in ACCOUNT_SERIES}
        with session_scope(hass=self._hass, read_only=True) as session:
            known = session.execute(
                select(StatisticsMeta.id, StatisticsMeta.statistic_id).where(
                    StatisticsMeta.statistic_id.in_(series_by_id)
                )
            ).all()
            sums: dict[datetime, Sums] = {}
            for moment in moments:
                sums[moment] = {}
                for metadata_id, statistic_id in known:
                    series = series_by_id[statistic_id]
                    total = session.execute(
                        select(Statistics.sum)
                        .where(
                            Statistics.metadata_id == metadata_id,
                            Statistics.start_ts < moment.timestamp(),
                        )
                        .order_by(Statistics.start_ts.desc())
                        .limit(1)
                    ).scalar()
                    sums[moment][series] = round((total or 0.0) * series.metric.scale)
        return sums


def _to_statistic_data(rows: Rows) -> dict[Series, list[StatisticData]]:
    """Convert rows to the recorder's format."""
    return {
        series: [
            StatisticData(
                start=datetime.fromtimestamp(hour, UTC),
                state=amount / series.metric.scale,
                sum=total / series.metric.scale,
            )
            for hour, (amount, total) in of_series.items()
        ]
        for series, of_series in rows.items()
    }
