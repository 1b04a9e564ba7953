"""What the recorder holds of an account's years, and how it gets there.

The recorder takes jobs and works them off later, so one thing is written after the other, and what
was written is waited for before anything is read back. One writer at a time, therefore.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
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
from ..calls.hours import OF_ACCOUNT, Amounts, Series
from ..const import DOMAIN
from .series import Catalogue, orphans

BLOCK: Final = 2000
"""Rows that the recorder is given at a time. It writes nothing else meanwhile; what has queued up
until then comes before the next."""
SPANS: Final = (timedelta(days=31), timedelta(days=366), None)
"""How far is looked for a row, so that years are read into memory only where there is no other."""
CLEARED_WITHIN: Final = 10
"""Seconds that the removal of an account waits for a recorder that is busy."""

type Row = tuple[int, int]
"""The amount of an hour and the sum up to its end, in grains of the measure."""
type Rows = dict[Series, dict[int, Row]]
"""The rows of series by the hour."""


class NotWrittenError(Exception):
    """The recorder has not written what it was given: its disk may be full."""


def is_recorded(hass: HomeAssistant) -> bool:
    """Whether there is a recorder."""
    return RECORDER in hass.config.components


class Archive:
    """The long-term statistics of one account."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Write for an account."""
        self._hass = hass
        self._catalogue = Catalogue(hass, entry)
        self._sums: dict[Series, int] = {}
        self._asked: set[asyncio.Future[Any]] = set()

    async def open(self) -> None:
        """Begin to write from some hour on, and then only forward."""
        self._sums = {}
        await self._catalogue.load_names()
        # Whoever wrote before may have been interrupted, and the recorder still be at it.
        await self.wait()

    async def write(
        self, start: datetime, end: datetime, amounts: Amounts, directory: Directory
    ) -> None:
        """Let the hours of a period be what they add up to, and wait until they are.

        Only what differs is written. An hour that has nothing any more stays, with nothing in it.

        Raises:
            NotWrittenError: They are not, after all.
        """
        rows = await self._ask(self._rows, start, end, amounts)
        if not rows:
            return
        metadata = self._catalogue.metadata(rows, directory)
        data = await self._hass.async_add_executor_job(_as_data, rows)
        queued = 0
        for series, of_series in data.items():
            for some in batched(of_series, BLOCK, strict=False):
                if queued + len(some) > BLOCK:
                    await self.wait()
                    queued = 0
                async_add_external_statistics(self._hass, metadata[series], some)
                queued += len(some)
        await self.wait()
        if not await self._ask(self._has, start, end, rows):
            raise NotWrittenError("the recorder did not write them")

    async def name(self, directory: Directory) -> None:
        """Let every account have the same series, and all be called what they are called now."""
        await self._catalogue.load_names()
        known = await self._ask(self._catalogue.known)
        described = self._catalogue.metadata({*OF_ACCOUNT, *known}, directory)
        for series, metadata in described.items():
            if series not in known or known[series]["name"] != metadata["name"]:
                async_add_external_statistics(self._hass, metadata, [])

    async def wait(self) -> None:
        """Wait until the recorder has done what it was given before."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def tell() -> None:
            loop.call_soon_threadsafe(done.set)

        # To clear nothing is the one job that tells when it is done.
        get_instance(self._hass).async_clear_statistics([], on_done=tell)
        await done.wait()

    async def count(self, start: datetime, end: datetime) -> int:
        """Count the rows of all series in a period. Hours whose calls are gone keep theirs."""
        return await self._ask(self._count, start, end)

    async def clear(self) -> None:
        """Let the recorder forget the account, and no other."""
        try:
            async with asyncio.timeout(CLEARED_WITHIN):
                await self.wait()
        except TimeoutError:
            # What it still has to do comes before what it is now told to do.
            pass
        known = await self._ask(self._catalogue.known)
        if known:
            ids = [self._catalogue.id_of(series) for series in known]
            get_instance(self._hass).async_clear_statistics(ids)

    async def clear_orphans(self) -> None:
        """Clear the statistics of accounts that were deleted while we were not installed."""
        entries = self._hass.config_entries.async_entries(DOMAIN)
        if ids := await self._ask(orphans, self._hass, entries):
            get_instance(self._hass).async_clear_statistics(ids)

    async def answered(self, _event: Event) -> None:
        """Wait until nobody reads the database, which the recorder closes when all stops."""
        if self._asked:
            await asyncio.wait(self._asked)

    async def _ask[*Given, Answer](
        self, question: Callable[[*Given], Answer], *given: *Given
    ) -> Answer:
        """Ask the database; who does not wait for the answer any more, lets it come."""
        asked = get_instance(self._hass).async_add_executor_job(question, *given)
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        # An error that nobody waits for is nothing to be told.
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(asked)

    # What follows runs in the recorder's executor.

    def _rows(self, start: datetime, end: datetime, amounts: Amounts) -> Rows:
        """Make the rows of a period that differ from those that are there."""
        known = self._read(start, end)
        rows: Rows = {}
        for series in {**amounts, **known}:
            if series not in self._sums:
                self._sums[series] = self._sum_before(series, start)
            made = self._continued(series, amounts.get(series, {}), known.get(series, {}))
            if of_series := dict(made):
                rows[series] = of_series
        return rows

    def _continued(
        self, series: Series, amounts: Mapping[int, int], known: Mapping[int, Row]
    ) -> Iterator[tuple[int, Row]]:
        """Go on adding up a series, and give the rows that are new or others."""
        for hour in sorted({*amounts, *known}):
            amount = amounts.get(hour, 0)
            self._sums[series] += amount
            row = (amount, self._sums[series])
            if known.get(hour) != row:
                yield hour, row

    def _has(self, start: datetime, end: datetime, rows: Rows) -> bool:
        """Whether the rows of a period are there."""
        known = self._read(start, end)
        return all(known.get(series, {}).items() >= rows[series].items() for series in rows)

    def _read(self, start: datetime, end: datetime) -> Rows:
        """Read the rows of a period."""
        known = {self._catalogue.id_of(series): series for series in self._catalogue.known()}
        if not known:
            return {}
        read = statistics_during_period(
            self._hass, start, end, set(known), "hour", None, {"state", "sum"}
        )
        found: Rows = {}
        for statistic_id, rows in read.items():
            series = known[statistic_id]
            grain = series.measure.grain
            found[series] = {
                int(row["start"]): (
                    round((row["state"] or 0) * grain),
                    round((row["sum"] or 0) * grain),
                )
                for row in rows
            }
        return found

    def _sum_before(self, series: Series, start: datetime) -> int:
        """Tell what a series had come to before an hour; its last row may be of a later one."""
        statistic_id = self._catalogue.id_of(series)
        last = get_last_statistics(self._hass, 1, statistic_id, False, {"sum"}).get(statistic_id)  # noqa: FBT003
        if not last:
            return 0
        total = last[0]["sum"] or 0.0
        if last[0]["start"] >= start.timestamp():
            for span in SPANS:
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
        return round(total * series.measure.grain)

    def _count(self, start: datetime, end: datetime) -> int:
        """Count the rows in a period, which an index of the recorder's holds."""
        ids = [self._catalogue.id_of(series) for series in self._catalogue.known()]
        counted = (
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
            return session.execute(counted).scalar_one()


def _as_data(rows: Rows) -> dict[Series, list[StatisticData]]:
    """Write rows as the recorder takes them."""
    return {
        series: [
            StatisticData(
                start=datetime.fromtimestamp(hour, UTC),
                state=amount / series.measure.grain,
                sum=total / series.measure.grain,
            )
            for hour, (amount, total) in of_series.items()
        ]
        for series, of_series in rows.items()
    }
