"""A home that stores to files, and what the tests of the coordinators look at in it."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.world import World
from tests.exchange import RunningExchange


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A folder of its own, since what is stored is looked at and decides what is reported."""
    return hass_tmp_config_dir


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """The real store, which yields while it writes; the test plugin would replace it by this."""
    return {}


@pytest.fixture
def world(exchange: RunningExchange) -> World:
    """The exchange's truth."""
    return exchange.world


@pytest.fixture
def store(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """The file in which the place is kept."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))


@pytest.fixture
async def recording(
    recorder_mock: object,  # noqa: ARG001
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001
) -> None:
    """A house in Prague with a recorder, which comes before any integration."""
    await hass.config.async_set_time_zone("Europe/Prague")
