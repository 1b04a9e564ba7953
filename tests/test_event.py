"""Test the event entities."""

from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.call_events import EVENT_DATA, MAX_BACKLOG_SHOWN
from custom_components.odorik.event import CallEventEntity
from custom_components.odorik.sensor import HistorySensor
from simulator.world import World

from .accounts import HOME, JAN, WORKSHOP, get_state, reload
from .conftest import Tick
from .exchange import RunningExchange

ACCOUNT = "event.odorik_1234567_call"
DOMOV, DILNA = "event.domov_call", "event.dilna_call"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("count", [5, 300])
async def test_the_newest_of_many_calls_are_shown(
    hass: HomeAssistant, world: World, tick: Tick, count: int
) -> None:
    """Calls that one poll returns are shown one by one, but after an outage only the newest.

    Otherwise the recorder would store hundreds of states at once.
    """
    shown: list[tuple[str, dict[str, Any]]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and "event_type" in state.attributes:
            shown.append((state.entity_id, dict(state.attributes)))

    async_track_state_change_event(hass, [ACCOUNT, DOMOV, DILNA], note)
    for _ in range(count):
        world.miss(JAN, line=HOME)
    await tick(120)
    ids = [record.id for record in world.account().records]
    for entity_id in (ACCOUNT, DOMOV):
        assert [data["call_id"] for entity, data in shown if entity == entity_id] == ids[
            -MAX_BACKLOG_SHOWN:
        ]
    shown.clear()
    world.miss(JAN, line=WORKSHOP)
    await tick(120)
    assert [entity for entity, _ in shown] == [ACCOUNT, DILNA]


async def test_a_reload_does_not_change_the_state(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A reload, as after a changed option, does not announce the last call again."""
    world.miss(JAN)
    await tick(120)
    before = get_state(hass, ACCOUNT)
    assert await reload(hass, account)
    await tick(120)
    after = get_state(hass, ACCOUNT)
    assert (after.state, after.attributes) == (before.state, before.attributes)


@pytest.mark.usefixtures("account")
async def test_a_call_is_shown_while_the_history_is_unavailable(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The entities are unavailable only if the active calls cannot be read either."""
    exchange.fail("503", path="/calls.json", times=0)
    await tick(120)
    for entity_id in (ACCOUNT, DOMOV):
        assert get_state(hass, entity_id).state != "unavailable"
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    for entity_id in (ACCOUNT, DOMOV):
        assert get_state(hass, entity_id).attributes["event_type"] == "started"
    exchange.fail("503", times=0)
    await tick(120)
    assert get_state(hass, ACCOUNT).state == "unavailable"
    exchange.exchange.faults.clear()
    await tick(120)
    assert get_state(hass, ACCOUNT).state != "unavailable"


@pytest.mark.usefixtures("account")
async def test_the_recorder_does_not_store_the_data_of_the_event(
    hass: HomeAssistant, world: World, tick: Tick
) -> None:
    """Entities exclude all attributes that the recorded event on the bus has."""
    events = async_capture_events(hass, "odorik_call_started")
    world.ring(JAN, line=HOME)
    await tick(10)
    assert events[0].data.keys() == EVENT_DATA
    for entity in (CallEventEntity, HistorySensor):
        assert entity._unrecorded_attributes >= EVENT_DATA
