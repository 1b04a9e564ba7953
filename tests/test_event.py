"""The event entities tell what happened last, of the account and of each line."""

import importlib
from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik import PLATFORMS
from custom_components.odorik.coordinator.reporter import EVENT_DATA, FEW
from custom_components.odorik.event import CallEventEntity
from custom_components.odorik.sensor import HistorySensor
from simulator.world import World

from .conftest import Tick
from .exchange import RunningExchange

PACKAGE = "custom_components.odorik"
JAN = "00420777123456"
ACCOUNT = "event.odorik_1234567_call"
DOMOV, DILNA = "event.domov_call", "event.dilna_call"


@pytest.fixture
def world(exchange: RunningExchange) -> World:
    """The exchange's truth."""
    return exchange.world


@pytest.fixture
def shown(hass: HomeAssistant) -> list[tuple[str, dict[str, Any]]]:
    """Every state that an event entity takes on, with its attributes."""
    states: list[tuple[str, dict[str, Any]]] = []

    @callback
    def show(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and "event_type" in state.attributes:
            states.append((state.entity_id, dict(state.attributes)))

    async_track_state_change_event(hass, [ACCOUNT, DOMOV, DILNA], show)
    return states


@pytest.mark.usefixtures("account")
async def test_each_step_of_a_call_is_shown_by_its_line_and_the_account(
    hass: HomeAssistant, world: World, tick: Tick
) -> None:
    """And by no other line, or the wrong room's light would flash."""
    await tick(10)
    world.ring(JAN, line=300100)
    await tick(10)
    for entity_id in (ACCOUNT, DOMOV):
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.attributes["event_type"] == "started"
        assert state.attributes["number"] == "+420777123456"
    other = hass.states.get(DILNA)
    assert other is not None
    assert other.state == "unknown"
    world.end()
    await tick(3)
    await tick(2)
    state = hass.states.get(DOMOV)
    assert state is not None
    assert state.attributes["event_type"] == "missed"
    assert state.attributes["call_id"] == world.account().records[-1].id


@pytest.mark.usefixtures("account")
async def test_every_one_of_a_few_calls_is_shown(
    world: World, tick: Tick, shown: list[tuple[str, dict[str, Any]]]
) -> None:
    """Those that a single reading brings are shown one by one, or all but the last were lost."""
    for _ in range(5):
        world.miss(JAN, line=300100)
    await tick(120)
    ids = [record.id for record in world.account().records]
    for entity_id in (ACCOUNT, DOMOV):
        assert [data["call_id"] for entity, data in shown if entity == entity_id] == ids


@pytest.mark.usefixtures("account")
async def test_of_very_many_calls_the_newest_are_shown(
    world: World, tick: Tick, shown: list[tuple[str, dict[str, Any]]]
) -> None:
    """After an outage the recorder is not filled with states that nobody looks at."""
    for _ in range(300):
        world.miss(JAN, line=300100)
    await tick(120)
    ids = [record.id for record in world.account().records]
    assert [data["call_id"] for entity, data in shown if entity == ACCOUNT] == ids[-FEW:]
    shown.clear()
    world.miss(JAN, line=300110)
    await tick(120)
    assert [entity for entity, _ in shown] == [ACCOUNT, DILNA]


async def test_a_reload_keeps_what_was_shown_and_shows_nothing_twice(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
) -> None:
    """Else each changed option would announce the last caller again."""
    world.miss(JAN)
    await tick(120)
    before = hass.states.get(ACCOUNT)
    assert before is not None
    assert await hass.config_entries.async_reload(account.entry_id)
    await tick(120)
    after = hass.states.get(ACCOUNT)
    assert after is not None
    assert (after.state, after.attributes) == (before.state, before.attributes)


@pytest.mark.usefixtures("account")
async def test_a_history_that_cannot_be_read_hides_no_ringing(
    hass: HomeAssistant, exchange: RunningExchange, world: World, tick: Tick
) -> None:
    """Calls start and are answered by the active calls; a dashboard would not show the ring."""
    exchange.fail("503", path="/calls.json", times=0)
    await tick(120)
    for entity_id in (ACCOUNT, DOMOV):
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state != "unavailable"
    world.ring(JAN, line=300100)
    await tick(10)
    for entity_id in (ACCOUNT, DOMOV):
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.attributes["event_type"] == "started"
    exchange.fail("503", times=0)
    await tick(120)
    state = hass.states.get(ACCOUNT)
    assert state is not None
    assert state.state == "unavailable"
    exchange.exchange.faults.clear()
    await tick(120)
    state = hass.states.get(ACCOUNT)
    assert state is not None
    assert state.state != "unavailable"


async def test_an_event_that_is_renamed_goes_on_under_its_new_name(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Since 2026.11 an entity that listens would be removed and added again, and lose its state."""
    assert account.title
    world.ring(JAN, line=300100)
    await tick(10)
    er.async_get(hass).async_update_entity(DOMOV, new_entity_id="event.kitchen")
    await hass.async_block_till_done()
    world.end()
    for seconds in (3, 2):
        await tick(seconds)
    state = hass.states.get("event.kitchen")
    assert state is not None
    assert state.attributes["event_type"] == "missed"
    assert hass.states.get(DOMOV) is None


def test_no_entity_of_ours_is_removed_to_be_renamed() -> None:
    """Home Assistant 2026.11 asks each class that listens to say that it need not be.

    Its rule (``homeassistant.helpers.entity``): a class that has one of these methods needs the
    hook, in itself or in a class made of it.
    """
    methods = {"async_prepare_to_add_to_hass", "async_added_to_hass", "async_will_remove_from_hass"}
    modules = [importlib.import_module(f"{PACKAGE}.{platform}") for platform in PLATFORMS]
    classes = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Entity)
        and kind.__module__ == module.__name__
    }
    assert len(classes) >= len(PLATFORMS)
    for kind in classes:
        ours = [one for one in kind.__mro__ if one.__module__.startswith(PACKAGE)]
        owners = [one for one in ours if "async_entity_id_changed" in vars(one)]
        for one in ours:
            if methods & vars(one).keys():
                assert any(issubclass(owner, one) for owner in owners), one


def test_the_recorder_keeps_nothing_twice() -> None:
    """The event on the bus is recorded, and each of three entities stored the same once more."""
    assert CallEventEntity._unrecorded_attributes >= EVENT_DATA
    assert HistorySensor._unrecorded_attributes >= EVENT_DATA


@pytest.mark.usefixtures("account")
async def test_what_is_left_out_of_the_recorder_is_what_the_bus_holds(
    hass: HomeAssistant, world: World, tick: Tick
) -> None:
    """An attribute that is added to the event and forgotten in the list would be stored again."""
    heard = async_capture_events(hass, "odorik_call_started")
    world.ring(JAN, line=300100)
    await tick(10)
    assert heard[0].data.keys() == EVENT_DATA
