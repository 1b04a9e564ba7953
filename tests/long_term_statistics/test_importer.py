"""The years: the history becomes long-term statistics once, wholly, and stays as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
import logging
from threading import Event
import time
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    import_statistics,
)
from homeassistant.components.recorder.tasks import RecorderTask
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from custom_components.odorik.api import CallStatistics, OdorikError
from custom_components.odorik.calls.hours import Settled
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.coordinator import archive
from custom_components.odorik.coordinator.records import BEGINNING
from simulator.worlds import quiet
from tests.exchange import RunningExchange
from tests.long_term import (
    assert_as_booked,
    at_rest,
    five_hundred_days,
    names,
    read,
    set_up,
    tell,
    write,
)

pytestmark = pytest.mark.usefixtures("recording")

DAYS = timedelta(days=1)
LINES = (300100, 300110, 300120)
JAN = "00420777123456"
HOME = "00420910123456"


@asynccontextmanager
async def rows_written() -> AsyncIterator[list[int]]:
    """Count the rows that the recorder is given."""
    counts: list[int] = []
    real = async_add_external_statistics

    def count(hass: HomeAssistant, metadata: Any, rows: Any) -> None:
        counts.append(len(rows))
        real(hass, metadata, rows)

    with patch.object(archive, "async_add_external_statistics", count):
        yield counts


# The first import.


@pytest.mark.parametrize(
    ("dialect", "size"), [("documented", 2000), ("quirks", 7), ("backwards", 20)]
)
async def test_every_period_is_what_the_exchange_has_counted(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    dialect: str,
    size: int,
) -> None:
    """A bill that differs from the graph is believed, and the graph never again."""
    counted: dict[tuple[datetime, datetime], CallStatistics] = {}
    five_hundred_days(exchange.world)
    exchange.world.dialect = dialect
    with (
        patch("simulator.api.calls.PAGE_ROWS", size),
        patch("custom_components.odorik.api.pages.PAGE_SIZE", size),
    ):
        await set_up(hass, entry)
    await assert_as_booked(hass, exchange.world)
    client = entry.runtime_data.client
    for period in ("month", "day"):
        for series, rows in (await read(hass, period)).items():
            _, direction, measure = series.split("_", 2)
            if direction not in {"incoming", "outgoing", "redirected"}:
                continue
            for row in rows:
                start, end = (dt_util.utc_from_timestamp(row[name]) for name in ("start", "end"))
                asked = (start, end - timedelta(seconds=1))
                if asked not in counted:
                    counted[asked] = await client.call_statistics(*asked)
                total = getattr(counted[asked], direction)
                expected = {
                    "calls": total.count,
                    "duration": total.length / 60,
                    "cost": total.price,
                }[measure]
                assert row["change"] == pytest.approx(expected), (series, start)
    assert len(counted) > 100


async def test_nothing_is_asked_twice(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The operator would bar a client that reads years again and again."""
    exchange.world.fill(100, days=700)
    await set_up(hass, entry)
    asked = [
        tuple(sorted(request.params.items()))
        for request in exchange.requests("/calls.json")
        if "since_id" not in request.params
    ]
    assert len(asked) == len(set(asked))
    # The first look for the newest record is open to the future, and the search for the oldest
    # takes one record at a time; the rest is the import.
    whole = [one for one in map(dict, asked) if "page_size" not in one and one["to"] < "2100"]
    periods = sorted((one["from"], one["to"]) for one in whole)
    assert len(periods) > 20
    assert all(end <= start for (_, end), (start, _) in pairwise(periods))


async def test_the_oldest_calls_are_imported_although_one_of_them_cannot_be_read(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The search for the first call skips a record that cannot be read, as all others do.

    Otherwise the other calls of these years are never imported.
    """
    now = dt_util.utcnow()
    records = exchange.world.account().records
    broken: Any = write(exchange.world, now - 700 * DAYS)
    broken.id = 0.5
    for number in range(26):
        write(exchange.world, now - 699 * DAYS + number * DAYS / 5)
    write(exchange.world, now - DAYS)
    await set_up(hass, entry)
    records.remove(broken)
    await assert_as_booked(hass, exchange.world)


async def test_the_names_are_in_the_language_of_the_house(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The list of statistics shows nothing else, and a renamed line would not be found in it."""
    hass.config.language = "cs"
    write(exchange.world, dt_util.utcnow())
    await set_up(hass, entry)
    named = await names(hass)
    assert named["odorik:1234567_outgoing_cost"] == "Odorik 1234567: cena odchozích hovorů"
    assert named["odorik:1234567_300100_calls"] == "Domov: všechny hovory"
    # Each account has the same ones, with calls or without, so that a card never lacks its own.
    assert len(named) == 13
    hass.config.language = "en"
    exchange.world.account().lines[300100].name = "Home"
    await hass.config_entries.async_reload(entry.entry_id)
    await at_rest(entry)
    named = await names(hass)
    assert named["odorik:1234567_missed_calls"] == "Odorik 1234567: missed calls"
    assert named["odorik:1234567_300100_calls"] == "Home: all calls"


async def test_the_names_follow_the_language(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Statistics are renamed when the language changes, also after the import is complete.

    They would keep the names of the old language until a restart.
    """
    write(exchange.world, dt_util.utcnow())
    await set_up(hass, entry)
    assert (await names(hass))["odorik:1234567_missed_calls"] == "Odorik 1234567: missed calls"
    await hass.config.async_update(language="cs")
    await hass.async_block_till_done(wait_background_tasks=True)
    await at_rest(entry)
    named = await names(hass)
    assert named["odorik:1234567_missed_calls"] == "Odorik 1234567: zmeškané hovory"
    assert named["odorik:1234567_300100_calls"] == "Domov: všechny hovory"
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config.async_update(language="en")
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_start_does_not_wait_for_the_years(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The lights would come on late, once, for a graph."""
    exchange.world.fill(100, days=100)
    hass.set_state(CoreState.starting)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await at_rest(entry)
    assert not [one for one in exchange.requests("/calls.json") if "page_size" in one.params]
    assert await names(hass) == {}
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    await at_rest(entry)
    await assert_as_booked(hass, exchange.world)


# Interrupted.


@pytest.mark.parametrize("cut", [1, 6])
async def test_an_import_that_is_interrupted_goes_on(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    cut: int,
) -> None:
    """Each restart would begin anew, or leave a hole, or count twice."""
    five_hundred_days(exchange.world)
    real = archive.Archive.write
    reached = asyncio.Event()
    windows = 0

    async def stop_there(*args: Any) -> None:
        nonlocal windows
        windows += 1
        if windows == cut:
            # A few rows of it have been given to the recorder when the account is unloaded.
            with patch.object(archive, "BLOCK", 1), patch.object(archive.Archive, "wait", never):
                await real(*args)
        await real(*args)

    async def never(_: archive.Archive) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(archive.Archive, "write", stop_there)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await reached.wait()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert windows == cut
    exchange.journal.clear()
    await set_up(hass, entry)
    await assert_as_booked(hass, exchange.world)
    # What had been written is not read again.
    probes = [one for one in exchange.requests("/calls.json") if "page_size" in one.params]
    assert bool(probes) is (cut == 1)


async def test_an_exchange_that_is_out_of_reach_is_come_back_to(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that failed is not a month without calls."""
    monkeypatch.setattr("custom_components.odorik.coordinator.years.RETRY", timedelta(seconds=0.3))
    five_hundred_days(exchange.world)
    exchange.fail("503", path="GET /calls.json", every=7, times=3)
    await set_up(hass, entry)
    await assert_as_booked(hass, exchange.world)
    assert "the statistics have to wait" in caplog.text
    assert "are complete" in caplog.text


async def test_a_database_that_was_lost_is_filled_again(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Home Assistant itself begins anew with a database that is broken."""
    exchange.world.fill(50, days=100)
    await set_up(hass, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    get_instance(hass).async_clear_statistics(list(await names(hass)))
    await set_up(hass, entry)
    await assert_as_booked(hass, exchange.world)


def delete_rows(hass: HomeAssistant, where: str) -> None:
    """Delete rows behind the recorder's back."""
    with session_scope(hass=hass) as session:
        session.execute(text(f"DELETE FROM statistics WHERE {where}"))  # noqa: S608


ALL_SERIES = (
    *(
        f"{owner}_{measure}"
        for owner in ("incoming", "outgoing", "redirected", *LINES)
        for measure in ("calls", "duration", "cost")
    ),
    "missed_calls",
)
LOSSES: dict[str, Callable[[HomeAssistant], object]] = {
    "a series": lambda hass: get_instance(hass).async_clear_statistics(
        ["odorik:1234567_300100_calls"]
    ),
    "everything": lambda hass: get_instance(hass).async_clear_statistics(
        [f"odorik:1234567_{name}" for name in ALL_SERIES]
    ),
    "the oldest rows": lambda hass: get_instance(hass).async_add_executor_job(
        delete_rows, hass, f"start_ts < {(dt_util.utcnow() - 50 * DAYS).timestamp()}"
    ),
    "a single row": lambda hass: get_instance(hass).async_add_executor_job(
        delete_rows, hass, "id = (SELECT min(id) FROM statistics)"
    ),
}


@pytest.mark.parametrize("noticed", ["with the next call", "once a day", "after a start"])
@pytest.mark.parametrize("loss", LOSSES)
async def test_whatever_is_lost_while_it_runs_is_noticed_and_written_again(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    loss: str,
    noticed: str,
) -> None:
    """Rows that are missing are noticed although newer ones have been written since."""
    exchange.world.fill(60, days=100)
    account = await set_up(hass, entry)
    result = LOSSES[loss](hass)
    if isinstance(result, asyncio.Future):
        await result
    await get_instance(hass).async_block_till_done()
    if noticed == "with the next call":
        write(exchange.world, dt_util.utcnow(), direction="out", price=1.5)
        await tell(account)
    elif noticed == "once a day":
        account.runtime_data.years._look_back(dt_util.utcnow())
        await at_rest(account)
    else:
        await hass.config_entries.async_reload(entry.entry_id)
        await at_rest(entry)
    await assert_as_booked(hass, exchange.world)


async def test_a_late_record_is_no_loss_and_hides_none(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """What is added to older hours counts, too, when it is looked whether rows are missing."""
    exchange.world.fill(50, days=100)
    account = await set_up(hass, entry)
    write(exchange.world, dt_util.utcnow() - 40 * DAYS, direction="out", price=1.5)
    await tell(account)
    exchange.journal.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await at_rest(entry)
    # The beginning of the history is looked for only when everything is written again.
    assert not [one for one in exchange.requests("/calls.json") if "page_size" in one.params]
    await get_instance(hass).async_add_executor_job(
        delete_rows, hass, "id = (SELECT min(id) FROM statistics)"
    )
    write(exchange.world, dt_util.utcnow() - 30 * DAYS, direction="out", price=1.5)
    await tell(account)
    await assert_as_booked(hass, exchange.world)


async def test_rows_that_the_operator_has_no_calls_for_any_more_are_written_again_once(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows that cannot be written again do not make every call read the whole history."""
    monkeypatch.setattr("custom_components.odorik.coordinator.scribe.QUIET", DAYS / 24)
    exchange.world.fill(50, days=100)
    account = await set_up(hass, entry)
    exchange.world.account().records.clear()
    LOSSES["everything"](hass)
    await get_instance(hass).async_block_till_done()
    for _ in range(2):
        exchange.journal.clear()
        write(exchange.world, dt_util.utcnow(), direction="out", price=1.5)
        await tell(account)
    assert not [one for one in exchange.requests("/calls.json") if "page_size" in one.params]
    await assert_as_booked(hass, exchange.world)


async def test_the_rows_of_version_0_2_0_are_looked_through_once(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """What was lost before an update is written again, since it did not count the rows."""
    exchange.world.fill(50, days=100)
    account = await set_up(hass, entry)
    place = account.runtime_data.place
    assert place.kept.years
    await place.keep(years=Settled(until=place.kept.years.until))
    await hass.config_entries.async_unload(entry.entry_id)
    get_instance(hass).async_clear_statistics(["odorik:1234567_300100_calls"])
    await set_up(hass, entry)
    await assert_as_booked(hass, exchange.world)
    exchange.journal.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await at_rest(entry)
    assert len([one for one in exchange.requests("/calls.json") if "from" in one.params]) == 1


async def test_a_start_writes_only_what_is_new(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Each start would cost minutes of a small box."""
    exchange.world.fill(50, days=100)
    await set_up(hass, entry)
    exchange.journal.clear()
    async with rows_written() as counts:
        await hass.config_entries.async_reload(entry.entry_id)
        await at_rest(entry)
    assert sum(counts) == 0
    assert len([one for one in exchange.requests("/calls.json") if "from" in one.params]) == 1


async def test_a_database_that_does_not_take_them_gets_them_again(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that was full for a minute would leave a hole for ever."""
    monkeypatch.setattr("custom_components.odorik.coordinator.years.RETRY", timedelta(seconds=0.2))
    exchange.world.fill(100, days=150)
    real = import_statistics
    asked = 0

    def refuse_some(*args: Any) -> bool:
        nonlocal asked
        asked += 1
        if 20 < asked < 24:
            raise OperationalError("INSERT", {}, OSError("disk full"))
        return bool(real(*args))

    with patch("homeassistant.components.recorder.statistics.import_statistics", refuse_some):
        await set_up(hass, entry)
    assert asked > 60
    await assert_as_booked(hass, exchange.world)


# Every record.


@pytest.mark.parametrize("ago", [timedelta(), timedelta(minutes=90), 40 * DAYS])
async def test_a_record_counts_in_its_hour_whenever_it_comes(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, ago: timedelta
) -> None:
    """A long call is recorded when it ends, in the hour in which it began."""
    exchange.world.fill(50, days=90)
    account = await set_up(hass, entry)
    write(exchange.world, dt_util.utcnow() - ago, direction="out", price=3.21)
    await tell(account)
    await assert_as_booked(hass, exchange.world)
    # The same again changes nothing.
    async with rows_written() as counts:
        account.runtime_data.years.async_read_from(dt_util.utcnow() - ago)
        await at_rest(account)
    assert sum(counts) == 0


async def test_a_call_that_turns_out_to_have_been_answered_was_not_missed(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Its leg is recorded after it, perhaps in the next hour."""
    began = dt_util.utcnow().replace(minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    account = await set_up(hass, entry)
    parent = write(exchange.world, began, status="missed", length=0)
    await tell(account)
    (row,) = (await read(hass, "hour"))["odorik:1234567_missed_calls"]
    assert (row["state"], row["sum"]) == (1, 1)
    write(
        exchange.world,
        began + timedelta(seconds=2),
        direction="redirected",
        redirection_parent_id=parent.id,
    )
    await tell(account)
    (row,) = (await read(hass, "hour"))["odorik:1234567_missed_calls"]
    assert (row["state"], row["sum"]) == (0, 0)
    await assert_as_booked(hass, exchange.world)


async def test_what_the_operator_corrects_is_found(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """A price is put right the day after, and nobody is told."""
    exchange.world.fill(100, days=30)
    account = await set_up(hass, entry)
    row = write(exchange.world, dt_util.utcnow() - 2 * DAYS, direction="out", price=5)
    write(exchange.world, dt_util.utcnow() - DAYS, direction="out", price=1)
    await tell(account)
    row.price = 2.5
    account.runtime_data.years._look_back(dt_util.utcnow())
    await at_rest(account)
    await assert_as_booked(hass, exchange.world)


async def test_a_call_dated_tomorrow_waits_for_tomorrow(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """A graph would show what has not happened."""
    write(exchange.world, dt_util.utcnow() - DAYS)
    write(exchange.world, dt_util.utcnow() + DAYS)
    await set_up(hass, entry)
    (row,) = (await read(hass, "hour"))["odorik:1234567_incoming_calls"]
    assert row["sum"] == 1


async def test_a_call_is_in_the_database_soon_after_its_event(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Whoever hangs up and looks would think that it does not work."""
    exchange.world.fill(200, days=60)
    account = await set_up(hass, entry)
    told = async_capture_events(hass, "odorik_call_ended")
    write(exchange.world, dt_util.utcnow(), direction="out", price=1)
    await account.runtime_data.history.async_refresh()
    assert told
    async with asyncio.timeout(20):
        await at_rest(account)
    await assert_as_booked(hass, exchange.world)


# A recorder that has other things to do.


@dataclass
class Busy(RecorderTask):
    """What a recorder is busy with until somebody says that it is done."""

    done: Event

    def run(self, instance: Recorder) -> None:
        """Be busy."""
        del instance
        self.done.wait(20)


async def test_a_recorder_that_is_busy_holds_nobody_up(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """While it migrates, for hours perhaps, calls are told as ever, and the years come after."""
    exchange.world.fill(30, days=30)
    done = Event()
    get_instance(hass).queue_task(Busy(done))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    told = async_capture_events(hass, "odorik_call_ended")
    await asyncio.sleep(0.5)
    write(exchange.world, dt_util.utcnow(), direction="out")
    await entry.runtime_data.history.async_refresh()
    assert told
    assert await names(hass) == {}
    done.set()
    await at_rest(entry)
    await assert_as_booked(hass, exchange.world)


async def test_a_stop_waits_for_what_is_being_read(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The recorder would close the database under its hands, and errors fill the log."""
    exchange.world.fill(30, days=30)
    account = await set_up(hass, entry)
    book = account.runtime_data.years._scribe.archive
    begun, steps, read_them = Event(), list[str](), book._count

    def read_slowly(start: datetime, end: datetime) -> int:
        begun.set()
        time.sleep(0.3)
        rows: int = read_them(start, end)
        steps.append("read")
        return rows

    hass.bus.async_listen_once(
        EVENT_HOMEASSISTANT_FINAL_WRITE, lambda _event: steps.append("final write")
    )
    with patch.object(book, "_count", read_slowly):
        reading = book.count(BEGINNING, dt_util.utcnow())
        account.async_create_background_task(hass, reading, "reading")
        assert await hass.async_add_executor_job(begun.wait, 5)
        await hass.async_stop()
    assert steps == ["read", "final write"]


async def test_statistics_that_no_account_owns_are_cleared(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """A start clears what was written for accounts that were deleted while we were missing.

    Removing an account promises that, and nothing else would ever do it.
    """
    write(exchange.world, dt_util.utcnow())
    await set_up(hass, entry)
    own = set(await names(hass))
    book = entry.runtime_data.years._scribe.archive
    assert await hass.config_entries.async_unload(entry.entry_id)
    orphans = {f"odorik:12345_{name}" for name in ("missed_calls", "300100_cost", "outgoing_cost")}
    others = {"odorik:12345_provider_before", "odorik:1234567_measure_of_the_future"}
    for statistic_id in orphans | others:
        async_add_external_statistics(
            hass,
            {
                "mean_type": StatisticMeanType.NONE,
                "has_sum": True,
                "name": None,
                "source": DOMAIN,
                "statistic_id": statistic_id,
                "unit_class": None,
                "unit_of_measurement": "CZK",
            },
            [],
        )
    await book.wait()
    assert set(await names(hass)) == own | orphans | others
    await set_up(hass, entry)
    assert set(await names(hass)) == own | others


async def test_a_busy_recorder_forgets_an_account_when_it_gets_to_it(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To remove an account would take as long as the recorder does."""
    monkeypatch.setattr(archive, "CLEARED_WITHIN", 0.1)
    exchange.world.fill(30, days=30)
    await set_up(hass, entry)
    done = Event()
    get_instance(hass).queue_task(Busy(done))
    async with asyncio.timeout(5):
        await hass.config_entries.async_remove(entry.entry_id)
    assert len(await names(hass)) == 19
    done.set()
    await get_instance(hass).async_block_till_done()
    await asyncio.sleep(0.2)
    assert await names(hass) == {}


# Whose.


async def test_two_accounts_do_not_touch_each_other(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The office's calls would stand in the household's graph, or go with it."""
    other = quiet("12345", "other").account()
    exchange.world.accounts[other.user] = other
    exchange.world.fill(100, days=50)
    exchange.world.fill(60, days=40, account=other.user)
    second = MockConfigEntry(
        domain=DOMAIN,
        title="Other",
        unique_id=other.user,
        data={"username": other.user, "password": other.password},
    )
    second.add_to_hass(hass)
    await set_up(hass, entry)
    await at_rest(second)
    theirs = {name: rows for name, rows in (await read(hass, "hour")).items() if ":12345_" in name}
    await hass.config_entries.async_remove(entry.entry_id)
    await second.runtime_data.years._scribe.archive.wait()
    assert await read(hass, "hour") == theirs
    assert theirs
    await assert_as_booked(hass, exchange.world, other.user)
    # Added again it is as it was, and nothing is there twice.
    again = MockConfigEntry(
        domain=DOMAIN, title="Odorik", unique_id=entry.unique_id, data=dict(entry.data)
    )
    await set_up(hass, again)
    found = await read(hass, "hour")
    assert {name: rows for name, rows in found.items() if name in theirs} == theirs
    assert found["odorik:1234567_incoming_calls"][-1]["sum"] == len(
        [row for row in exchange.world.account().records if row.direction == "in"]
    )


async def test_a_login_that_may_not_read_the_history_has_no_years(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """That is no failure, and not worth a line in anybody's log."""
    caplog.set_level(logging.DEBUG, "custom_components.odorik")
    exchange.world.fill(10)
    exchange.world.denied[exchange.username] = {"calls"}
    await set_up(hass, entry)
    assert await names(hass) == {}
    assert "may not read the history" in caplog.text
    assert not [it for it in caplog.records if it.levelno >= logging.WARNING and DOMAIN in it.name]
    # Should it be allowed later, a call is enough.
    exchange.world.denied.clear()
    entry.runtime_data.years.async_read_from(dt_util.utcnow())
    await at_rest(entry)
    await assert_as_booked(hass, exchange.world)


# Anew.


async def rebuild(hass: HomeAssistant, **context: Any) -> Any:
    """Have everything written anew."""
    return await hass.services.async_call(
        DOMAIN, "rebuild_statistics", blocking=True, return_response=True, **context
    )


async def test_a_rebuild_puts_right_what_was_cleared_or_changed_by_hand(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """It is the way back from everything."""
    five_hundred_days(exchange.world)
    await set_up(hass, entry)
    instance = get_instance(hass)
    instance.async_clear_statistics(["odorik:1234567_incoming_calls"])
    some_day = dt_util.utcnow().replace(minute=0, second=0, microsecond=0) - 100 * DAYS
    instance.async_adjust_statistics("odorik:1234567_outgoing_cost", some_day, 1000.5, "CZK")
    answer = await rebuild(hass)
    calls = [row for row in exchange.world.account().records if row.type == "call"]
    first = min(row.date for row in calls).replace(minute=0, second=0)
    assert answer == {"calls": len(calls), "from": first.isoformat()}
    # The rows are there when it answers.
    await assert_as_booked(hass, exchange.world)
    async with rows_written() as counts:
        assert await rebuild(hass) == answer
    assert sum(counts) == 0


async def test_a_rebuild_of_nothing_answers_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A new account has no calls."""
    await set_up(hass, entry)
    assert await rebuild(hass) == {"calls": 0, "from": None}


async def test_a_rebuild_that_fails_is_made_up_for(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of the years would be as they were, and half as they are."""
    monkeypatch.setattr("custom_components.odorik.coordinator.years.RETRY", timedelta(seconds=0.2))
    exchange.world.fill(50, days=200)
    await set_up(hass, entry)
    get_instance(hass).async_clear_statistics(list(await names(hass)))
    exchange.fail("503", path="GET /calls.json", every=14)
    with pytest.raises(HomeAssistantError) as failure:
        await rebuild(hass)
    assert failure.value.translation_key == "cannot_connect"
    assert not isinstance(failure.value, OdorikError)
    await at_rest(entry)
    await assert_as_booked(hass, exchange.world)


async def test_an_account_that_is_unloaded_says_that_a_rebuild_was_interrupted(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Whoever waits would wait for ever, or be told of a cancelled task."""
    exchange.world.fill(50, days=50)
    await set_up(hass, entry)
    exchange.fail("slow", path="GET /calls.json", seconds=3)
    asked = hass.async_create_task(rebuild(hass))
    await asyncio.sleep(0.1)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError) as failure:
        await asked
    assert failure.value.translation_key == "rebuild_interrupted"


async def test_the_address_of_the_exchange_is_not_logged(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It holds the password."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    monkeypatch.setenv(ENV_API_URL, "http://127.0.0.1:1/api/v1")
    exchange.fail("reset", times=0)
    entry.runtime_data.years.async_read_from(dt_util.utcnow())
    await asyncio.sleep(0.5)
    assert "the statistics have to wait" in caplog.text
    assert exchange.password not in caplog.text
