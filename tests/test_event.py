"""The event entities tell what happened last, of the account and of each line."""

from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.history import FEW
from simulator.world import World

from .conftest import Tick
from .exchange import RunningExchange

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
