"""The page about the years: its ids are those there are, and its automation says what was paid."""

from datetime import UTC, datetime
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

from custom_components.odorik.calls.hours import OF_ACCOUNT
from custom_components.odorik.const import DOMAIN
from simulator.worlds import USER
from tests.exchange import RunningExchange
from tests.long_term import names, set_up, write

PAGE = (Path(__file__).parent.parent / "docs/statistics.md").read_text("utf-8")
EXAMPLES: list[Any] = [
    parse_yaml(block)
    for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
]
CARDS = [example for example in EXAMPLES if isinstance(example, dict)]
(STEPS,) = (example for example in EXAMPLES if isinstance(example, list))


async def test_the_automation_says_what_last_month_has_cost(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
) -> None:
    """The first thing that somebody copies must not fail."""
    await hass.config.async_set_time_zone("Europe/Prague")
    this_month = dt_util.start_of_local_day().replace(day=1)
    write(exchange.world, datetime(2026, 1, 5, tzinfo=UTC), direction="out", price=100)
    last_moment = this_month.astimezone(UTC) - dt_util.dt.timedelta(seconds=1)
    write(exchange.world, last_moment, direction="out", price=2.5)
    write(exchange.world, last_moment, direction="redirected", price=1.25)
    write(exchange.world, this_month.astimezone(UTC), direction="out", price=7)
    await set_up(hass, entry)
    sequence = await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(STEPS))
    result = await Script(hass, sequence, "example", DOMAIN).async_run(context=Context())
    assert result
    assert result.variables["cost"] == pytest.approx(3.75)


async def test_every_id_on_the_page_is_one_that_there_is(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
) -> None:
    """A card would stay empty for ever, and nobody would know why."""
    for line in (300100, 300110):
        write(exchange.world, dt_util.utcnow(), line=line)
    await set_up(hass, entry)
    named = set(re.findall(r"odorik:\w+", PAGE))
    assert len(named) > 8
    assert named - set(await names(hass)) == set()
    # Each series of an account is named, if only by its end.
    for series in OF_ACCOUNT:
        assert re.search(rf"(?:odorik:{USER}|…)_{series.key}`", PAGE), series
