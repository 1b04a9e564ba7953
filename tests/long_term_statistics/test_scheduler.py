"""When the history is imported, retried and rebuilt."""

from datetime import timedelta
from itertools import pairwise
import logging
from unittest.mock import patch

from homeassistant.components.recorder import get_instance
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy.exc import OperationalError

from custom_components.odorik.api import OdorikError
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.long_term_statistics.recorder import StatisticsRecorder
from tests.exchange import SlowHistory

from .conftest import DAYS, EDGES, StatisticsHarness, fill_with_edges


async def test_the_import_waits_until_home_assistant_has_started(stats: StatisticsHarness) -> None:
    """The start of Home Assistant is not delayed by the import; totals are not known before."""
    stats.world.fill(100, days=100)
    stats.hass.set_state(CoreState.starting)
    await stats.start_set_up()
    await stats.wait()
    assert not stats.reads("page_size")
    assert await stats.names() == {}
    assert await stats.scheduler.async_totals([(EDGES[0], EDGES[1])]) == {}
    stats.hass.set_state(CoreState.running)
    stats.hass.bus.async_fire("homeassistant_started")
    await stats.hass.async_block_till_done()
    await stats.wait()
    await stats.assert_complete()


@pytest.mark.usefixtures("short_retry")
async def test_a_failed_import_is_retried(
    stats: StatisticsHarness, caplog: pytest.LogCaptureFixture
) -> None:
    """A page that fails leaves no gap, and the log contains no password."""
    caplog.set_level(logging.DEBUG)
    fill_with_edges(stats.world)
    stats.exchange.fail("503", path="GET /calls.json", every=7, times=3)
    await stats.set_up()
    await stats.assert_complete()
    assert "the statistics import is postponed" in caplog.text
    assert "are complete" in caplog.text
    assert stats.exchange.password not in caplog.text


async def test_a_login_without_permission_to_read_the_history_has_no_statistics(
    stats: StatisticsHarness, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing permission logs no warning; once it is granted, a call starts the import."""
    caplog.set_level(logging.DEBUG, "custom_components.odorik")
    stats.world.fill(10)
    stats.world.denied[stats.exchange.username] = {"calls"}
    await stats.set_up()
    assert await stats.names() == {}
    assert "may not read the history" in caplog.text
    assert not [it for it in caplog.records if it.levelno >= logging.WARNING and DOMAIN in it.name]
    stats.world.denied.clear()
    stats.scheduler.async_import_from(dt_util.utcnow())
    await stats.wait()
    await stats.assert_complete()


async def test_a_rebuild_restores_cleared_and_adjusted_statistics(
    stats: StatisticsHarness, written: list[int]
) -> None:
    """A rebuild returns when all rows are written, and a second one writes nothing."""
    fill_with_edges(stats.world)
    await stats.set_up()
    await stats.clear("incoming_calls")
    some_hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0) - 100 * DAYS
    cost = "odorik:1234567_outgoing_cost"
    get_instance(stats.hass).async_adjust_statistics(cost, some_hour, 1000.5, "CZK")
    answer = await stats.rebuild()
    calls = [record for record in stats.world.account().records if record.type == "call"]
    first = min(record.date for record in calls).replace(minute=0, second=0)
    assert answer == {"calls": len(calls), "from": first.isoformat()}
    await stats.assert_complete()
    written.clear()
    assert await stats.rebuild() == answer
    assert sum(written) == 0


@pytest.mark.usefixtures("short_retry")
async def test_a_failed_rebuild_is_completed_later(stats: StatisticsHarness) -> None:
    """A rebuild that fails raises an error, and the rest is imported in the background."""
    stats.world.fill(50, days=200)
    await stats.set_up()
    await stats.clear()
    stats.exchange.fail("503", path="GET /calls.json", every=14)
    with pytest.raises(HomeAssistantError) as failure:
        await stats.rebuild()
    assert failure.value.translation_key == "cannot_connect"
    assert not isinstance(failure.value, OdorikError)
    await stats.wait()
    await stats.assert_complete()


async def test_an_unload_interrupts_a_rebuild_with_an_error(
    stats: StatisticsHarness, slow_history: SlowHistory
) -> None:
    """The caller of a rebuild is not left waiting, and gets an error it can show."""
    stats.world.fill(50, days=50)
    await stats.set_up()
    slow_history.hold()
    rebuild = stats.hass.async_create_task(stats.rebuild())
    await slow_history.held()
    await stats.unload()
    with pytest.raises(HomeAssistantError) as failure:
        await rebuild
    assert failure.value.translation_key == "rebuild_interrupted"


async def test_totals_equal_those_of_the_exchange(stats: StatisticsHarness) -> None:
    """The totals of any whole hours are read from the statistics."""
    fill_with_edges(stats.world)
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    periods = [*pairwise(EDGES), (EDGES[0], now)]
    await stats.set_up()
    client = stats.entry.runtime_data.client
    totals_of = await stats.scheduler.async_totals(periods)
    assert list(totals_of) == periods
    for period, totals in totals_of.items():
        start, end = period
        expected = await client.call_statistics(start, end - timedelta(seconds=1))
        for direction in ("incoming", "outgoing", "redirected"):
            total, wanted = getattr(totals, direction), getattr(expected, direction)
            assert (total.count, total.length) == (wanted.count, wanted.length), period
            assert total.price == pytest.approx(wanted.price)


async def test_there_are_no_totals_while_the_database_fails(stats: StatisticsHarness) -> None:
    """A failure of the database means that the totals are not known."""
    await stats.set_up()
    error = OperationalError("SELECT", {}, OSError("disk"))
    with patch.object(StatisticsRecorder, "_sums_at", side_effect=error):
        assert await stats.scheduler.async_totals([(EDGES[0], EDGES[1])]) == {}
