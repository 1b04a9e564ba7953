"""docs/statistics.md: its statistic IDs exist, and its automation computes the cost."""

from datetime import UTC, datetime, timedelta
import re
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.calls.hourly_totals import ACCOUNT_SERIES
from simulator.worlds import USER
from tests.exchange import RunningExchange
from tests.long_term import names, set_up, write

from .examples import pages, run_steps, yaml_blocks

PAGE = pages("statistics.md")["en"]
(STEPS,) = (example for example in yaml_blocks(PAGE) if example.startswith("- "))
CARDS: list[Any] = [parse_yaml(example) for example in yaml_blocks(PAGE) if example != STEPS]


async def test_the_automation_returns_the_cost_of_last_month(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
) -> None:
    """Only the calls of last month count, outgoing and redirected."""
    await hass.config.async_set_time_zone("Europe/Prague")
    this_month = dt_util.start_of_local_day().replace(day=1).astimezone(UTC)
    last_moment = this_month - timedelta(seconds=1)
    write(exchange.world, datetime(2026, 1, 5, tzinfo=UTC), direction="out", price=100)
    write(exchange.world, last_moment, direction="out", price=2.5)
    write(exchange.world, last_moment, direction="redirected", price=1.25)
    write(exchange.world, this_month, direction="out", price=7)
    await set_up(hass, entry)
    variables = await run_steps(hass, STEPS)
    assert variables["cost"] == pytest.approx(3.75)


async def test_every_statistic_id_exists(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
) -> None:
    """Each ID on the page is one of the account, and each series of the account is on the page."""
    for line in (300100, 300110):
        write(exchange.world, dt_util.utcnow(), line=line)
    await set_up(hass, entry)
    named = set(re.findall(r"odorik:\w+", PAGE))
    assert len(named) > 8
    assert named - set(await names(hass)) == set()
    # The page abbreviates some IDs to their ends.
    for series in ACCOUNT_SERIES:
        assert re.search(rf"(?:odorik:{USER}|…)_{series.key}`", PAGE), series
