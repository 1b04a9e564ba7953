"""The history is imported completely, and stays as the exchange counts it."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder.statistics import import_statistics
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy.exc import OperationalError

from custom_components.odorik.api import CallStatistics
from custom_components.odorik.calls.hourly_totals import ImportState
from custom_components.odorik.long_term_statistics import recorder

from .conftest import DAYS, Period, StatisticsHarness, fill_with_edges

# The first import


@pytest.mark.parametrize(
    ("dialect", "page_size"), [("documented", 2000), ("quirks", 7), ("backwards", 20)]
)
async def test_every_period_equals_the_totals_of_the_exchange(
    stats: StatisticsHarness, dialect: str, page_size: int
) -> None:
    """Months, days and hours equal the exchange's own totals and the responses of its API."""
    fill_with_edges(stats.world)
    stats.world.dialect = dialect
    with (
        patch("simulator.api.calls.PAGE_ROWS", page_size),
        patch("custom_components.odorik.api.pages.PAGE_SIZE", page_size),
    ):
        await stats.set_up()
    await stats.assert_complete()
    client = stats.entry.runtime_data.client
    answers: dict[tuple[datetime, datetime], CallStatistics] = {}
    periods: tuple[Period, ...] = ("month", "day")
    for period in periods:
        for statistic_id, rows in (await stats.read(period)).items():
            _, direction, measure = statistic_id.split("_", 2)
            if direction not in {"incoming", "outgoing", "redirected"}:
                continue
            for row in rows:
                start, end = (dt_util.utc_from_timestamp(row[name]) for name in ("start", "end"))
                bounds = (start, end - timedelta(seconds=1))
                if bounds not in answers:
                    answers[bounds] = await client.call_statistics(*bounds)
                total = getattr(answers[bounds], direction)
                values = {"calls": total.count, "duration": total.length / 60, "cost": total.price}
                assert row["change"] == pytest.approx(values[measure]), (statistic_id, start)
    assert len(answers) > 100


async def test_nothing_is_requested_twice(stats: StatisticsHarness) -> None:
    """The import reads each period once."""
    stats.world.fill(100, days=700)
    await stats.set_up()
    requests = [tuple(sorted(request.params.items())) for request in stats.reads("from")]
    assert len(requests) == len(set(requests))
    # The search for the newest record is open to the future, and the search for the first call
    # has a page size. The rest is the import.
    imports = [one for one in map(dict, requests) if "page_size" not in one and one["to"] < "2100"]
    periods = sorted((one["from"], one["to"]) for one in imports)
    assert len(periods) > 20
    assert all(end <= start for (_, end), (start, _) in pairwise(periods))


async def test_unreadable_first_records_do_not_hide_later_ones(stats: StatisticsHarness) -> None:
    """The search for the first call skips a record that cannot be read."""
    broken = stats.add_call(700 * DAYS)
    broken.id = 0.5
    for number in range(26):
        stats.add_call(699 * DAYS - number * DAYS / 5)
    stats.add_call(DAYS)
    await stats.set_up()
    stats.world.account().records.remove(broken)
    await stats.assert_complete()


# Interruptions and lost rows


@pytest.mark.parametrize("window", [1, 6])
async def test_an_interrupted_import_is_resumed(
    stats: StatisticsHarness, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    """An import that is interrupted while it writes goes on there, without a gap or a duplicate."""
    fill_with_edges(stats.world)
    write = recorder.StatisticsRecorder.async_write
    reached = asyncio.Event()
    windows = 0

    async def stop_there(*args: Any) -> None:
        nonlocal windows
        windows += 1
        if windows == window:
            # Some of the rows have been passed to the recorder when the account is unloaded.
            with (
                patch.object(recorder, "MAX_QUEUED_ROWS", 1),
                patch.object(recorder.StatisticsRecorder, "async_wait", never),
            ):
                await write(*args)
        await write(*args)

    async def never(_: recorder.StatisticsRecorder) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(recorder.StatisticsRecorder, "async_write", stop_there)
    await stats.start_set_up()
    await reached.wait()
    await stats.unload()
    assert windows == window
    stats.exchange.journal.clear()
    await stats.set_up()
    await stats.assert_complete()
    # Windows that have been written are not read again.
    assert bool(stats.reads("page_size")) is (window == 1)


@pytest.mark.parametrize("noticed", ["with the next call", "once a day", "after a start"])
@pytest.mark.parametrize("loss", ["a series", "everything", "the oldest rows", "a single row"])
async def test_lost_rows_are_noticed_and_written_again(
    stats: StatisticsHarness, loss: str, noticed: str
) -> None:
    """Missing rows are noticed although newer ones have been written since."""
    stats.world.fill(60, days=100)
    await stats.set_up()
    if loss == "a series":
        await stats.clear("300100_calls")
    elif loss == "everything":
        await stats.clear()
    elif loss == "the oldest rows":
        await stats.delete_rows(f"start_ts < {(dt_util.utcnow() - 50 * DAYS).timestamp()}")
    else:
        await stats.delete_rows("id = (SELECT min(id) FROM statistics)")
    if noticed == "with the next call":
        await stats.add_outgoing()
    elif noticed == "once a day":
        stats.scheduler._import_corrections(dt_util.utcnow())
        await stats.wait()
    else:
        await stats.reload()
    await stats.assert_complete()


async def test_a_late_record_is_no_loss_and_hides_none(stats: StatisticsHarness) -> None:
    """Rows added to older hours are counted, too, when missing rows are looked for."""
    stats.world.fill(50, days=100)
    await stats.set_up()
    await stats.add_outgoing(40 * DAYS)
    stats.exchange.journal.clear()
    await stats.reload()
    # The first call is searched only when everything is written again.
    assert not stats.reads("page_size")
    await stats.delete_rows("id = (SELECT min(id) FROM statistics)")
    await stats.add_outgoing(30 * DAYS)
    await stats.assert_complete()


async def test_rows_without_calls_at_the_operator_are_imported_again_only_once(
    stats: StatisticsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost rows that cannot be restored do not make every call read the whole history."""
    monkeypatch.setattr(
        "custom_components.odorik.long_term_statistics.importer.SEARCH_PRECISION", DAYS / 24
    )
    stats.world.fill(50, days=100)
    await stats.set_up()
    stats.world.account().records.clear()
    await stats.clear()
    for _ in range(2):
        stats.exchange.journal.clear()
        await stats.add_outgoing()
    assert not stats.reads("page_size")
    await stats.assert_complete()


async def test_the_rows_of_version_0_2_0_are_checked_once(
    stats: StatisticsHarness, written: list[int]
) -> None:
    """Rows lost before an update are written again; that version did not count its rows.

    The next start reads only the last days and writes nothing.
    """
    stats.world.fill(50, days=100)
    await stats.set_up()
    store = stats.entry.runtime_data.store
    imported = store.data.statistics
    assert imported
    await store.async_save(statistics=ImportState(imported_until=imported.imported_until))
    await stats.unload()
    await stats.clear("300100_calls")
    await stats.set_up()
    await stats.assert_complete()
    stats.exchange.journal.clear()
    written.clear()
    await stats.reload()
    assert sum(written) == 0
    assert len(stats.reads("from")) == 1


@pytest.mark.usefixtures("short_retry")
async def test_rows_that_the_database_refuses_are_written_again(stats: StatisticsHarness) -> None:
    """A disk that is full for a while leaves no gap."""
    stats.world.fill(100, days=150)
    attempts = 0

    def refuse_some(*args: Any) -> bool:
        nonlocal attempts
        attempts += 1
        if 20 < attempts < 24:
            raise OperationalError("INSERT", {}, OSError("disk full"))
        return bool(import_statistics(*args))

    with patch("homeassistant.components.recorder.statistics.import_statistics", refuse_some):
        await stats.set_up()
    assert attempts > 60
    await stats.assert_complete()


# New records


@pytest.mark.parametrize("ago", [timedelta(), timedelta(minutes=90), 40 * DAYS])
async def test_a_record_counts_in_the_hour_of_its_call(
    stats: StatisticsHarness, written: list[int], ago: timedelta
) -> None:
    """A record counts when its call began, and reading it again changes nothing."""
    stats.world.fill(50, days=90)
    await stats.set_up()
    await stats.add_outgoing(ago, price=3.21)
    await stats.assert_complete()
    written.clear()
    stats.scheduler.async_import_from(dt_util.utcnow() - ago)
    await stats.wait()
    assert sum(written) == 0


async def test_a_call_answered_on_a_later_leg_is_no_longer_missed(
    stats: StatisticsHarness,
) -> None:
    """A forwarded leg may be recorded after its call, even in the next hour."""

    async def missed() -> tuple[float, float]:
        [row] = (await stats.read("hour"))["odorik:1234567_missed_calls"]
        return row["state"], row["sum"]

    began = dt_util.utcnow().replace(minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    await stats.set_up()
    parent = stats.add_call(date=began, status="missed", length=0)
    await stats.poll()
    assert await missed() == (1, 1)
    later = began + timedelta(seconds=2)
    stats.add_call(date=later, direction="redirected", redirection_parent_id=parent.id)
    await stats.poll()
    assert await missed() == (0, 0)
    await stats.assert_complete()


async def test_a_corrected_price_is_found(stats: StatisticsHarness) -> None:
    """The daily import writes corrections of the last days."""
    stats.world.fill(100, days=30)
    await stats.set_up()
    record = stats.add_call(2 * DAYS, direction="out", price=5)
    await stats.add_outgoing(DAYS)
    record.price = 2.5
    stats.scheduler._import_corrections(dt_util.utcnow())
    await stats.wait()
    await stats.assert_complete()


async def test_a_call_dated_in_the_future_is_not_imported_yet(stats: StatisticsHarness) -> None:
    """A call of tomorrow does not count today."""
    stats.add_call(DAYS)
    stats.add_call(-DAYS)
    await stats.set_up()
    [row] = (await stats.read("hour"))["odorik:1234567_incoming_calls"]
    assert row["sum"] == 1
