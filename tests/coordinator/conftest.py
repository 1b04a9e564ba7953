"""Fixtures for the tests of the coordinators."""

from pathlib import Path
from typing import Any

from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import DOMAIN


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use the real storage, which yields to the event loop while it writes."""
    return {}


@pytest.fixture
def store(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """The file in which an account's position and inbox are stored."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))


@pytest.fixture
def messages(hass: HomeAssistant) -> list[Event[dict[str, Any]]]:
    """The events of received messages."""
    return async_capture_events(hass, "odorik_sms_received")
