"""Fixtures for the tests of the coordinators."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use the real storage, which yields to the event loop while it writes."""
    return {}


@pytest.fixture
def store(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """The file in which an account's position and inbox are stored."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
