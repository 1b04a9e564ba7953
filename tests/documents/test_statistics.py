"""docs/statistics.md: its statistic IDs exist, and its automation computes the cost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
import re
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.calls.hourly_totals import ACCOUNT_SERIES
from custom_components.odorik.const import DOMAIN
from simulator.worlds import USER
from tests.exchange import RunningExchange
from tests.long_term import names, set_up, write

PAGE = (Path(__file__).parents[2] / "docs/statistics.md").read_text("utf-8")
EXAMPLES: list[Any] = [
    parse_yaml(block)
    for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
]
CARDS = [example for example in EXAMPLES if isinstance(example, dict)]
(STEPS,) = (example for example in EXAMPLES if isinstance(example, list))


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
    sequence = await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(STEPS))
    result = await Script(hass, sequence, "example", DOMAIN).async_run(context=Context())
    assert result
    assert result.variables["cost"] == pytest.approx(3.75)


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
