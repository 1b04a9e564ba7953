"""Fixtures for the tests of the coordinators."""

from typing import Any

from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use the real storage, which yields to the event loop while it writes."""
    return {}


@pytest.fixture
def messages(hass: HomeAssistant) -> list[Event[dict[str, Any]]]:
    """The events of received messages."""
    return async_capture_events(hass, "odorik_sms_received")
