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


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload an account and set it up again."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
