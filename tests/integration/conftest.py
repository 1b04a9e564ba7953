"""Fixtures of the integration tests."""

from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
import pytest

from custom_components.odorik.call_events import BUS_EVENTS
from custom_components.odorik.const import DOMAIN

type Reported = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def reported(hass: HomeAssistant) -> Reported:
    """The call events on the bus from now on, as type and data."""
    events: Reported = []

    @callback
    def note(event: Event[dict[str, Any]]) -> None:
        events.append((str(event.event_type).removeprefix(f"{DOMAIN}_"), dict(event.data)))

    for event_type in BUS_EVENTS.values():
        hass.bus.async_listen(event_type, note)
    return events


def finished(reported: Reported) -> list[dict[str, Any]]:
    """Return the data of the events that report the end of a call."""
    return [data for kind, data in reported if kind in {"call_ended", "missed_call"}]


async def act(hass: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Perform an action and return its response."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)
