"""Statistics are written by a recorder that may be busy or stopping."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
import time
from unittest.mock import patch

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.tasks import RecorderTask
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.odorik.const import HISTORY_START

from .conftest import StatisticsHarness


@dataclass
class Busy(RecorderTask):
    """A task that keeps the recorder busy until an event is set."""

    done: Event

    def run(self, instance: Recorder) -> None:
        """Block the recorder."""
        del instance
        self.done.wait(20)


@contextmanager
def busy_recorder(hass: HomeAssistant) -> Iterator[None]:
    """Keep the recorder busy until the block is left."""
    done = Event()
    get_instance(hass).queue_task(Busy(done))
    try:
        yield
    finally:
        done.set()


async def test_calls_are_reported_while_the_recorder_is_busy(stats: StatisticsHarness) -> None:
    """A recorder that migrates its database for hours delays the import, but no event."""
    stats.world.fill(30, days=30)
    with busy_recorder(stats.hass):
        await stats.start_set_up()
        ended = async_capture_events(stats.hass, "odorik_call_ended")
        async with asyncio.timeout(5):
            while not stats.scheduler._task:  # noqa: ASYNC110 - Nothing signals it.
                await asyncio.sleep(0)
        stats.add_call(direction="out")
        await stats.entry.runtime_data.history.async_refresh()
        assert ended
        assert await stats.names() == {}
    await stats.wait()
    await stats.assert_complete()


async def test_a_stop_waits_for_reads_of_the_database(stats: StatisticsHarness) -> None:
    """A read is finished before the recorder closes the database."""
    hass = stats.hass
    stats.world.fill(30, days=30)
    await stats.set_up()
    recorder = stats.recorder
    begun, steps, count = Event(), list[str](), recorder._count

    def count_slowly(start: datetime, end: datetime) -> int:
        begun.set()
        time.sleep(0.3)
        rows = count(start, end)
        steps.append("read")
        return rows

    hass.bus.async_listen_once(
        EVENT_HOMEASSISTANT_FINAL_WRITE, lambda _event: steps.append("final write")
    )
    with patch.object(recorder, "_count", count_slowly):
        reading = recorder.async_count(HISTORY_START, dt_util.utcnow())
        stats.entry.async_create_background_task(hass, reading, "reading")
        assert await hass.async_add_executor_job(begun.wait, 5)
        await hass.async_stop()
    assert steps == ["read", "final write"]


async def test_removing_an_account_does_not_wait_for_a_busy_recorder(
    stats: StatisticsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statistics of a removed account are cleared when the recorder gets to it."""
    monkeypatch.setattr("custom_components.odorik.long_term_statistics.recorder.CLEAR_TIMEOUT", 0.1)
    stats.world.fill(30, days=30)
    await stats.set_up()
    with busy_recorder(stats.hass):
        async with asyncio.timeout(5):
            await stats.hass.config_entries.async_remove(stats.entry.entry_id)
        assert len(await stats.names()) == 19
    async with asyncio.timeout(5):
        while await stats.names():  # noqa: ASYNC110 - The recorder clears them by itself.
            await asyncio.sleep(0.01)
