"""One call is reported once, through the real client and the exchange."""

from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant, State, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from simulator.world import World
from tests.conftest import Tick

JAN, MOBILE = "00420777123456", "00420777000111"
DOMOV, DILNA = 300100, 300110


@pytest.fixture
def told(hass: HomeAssistant) -> list[tuple[str, dict[str, Any]]]:
    """Return what is on the bus from now on."""
    events: list[tuple[str, dict[str, Any]]] = []

    @callback
    def hear(event: Event[dict[str, Any]]) -> None:
        events.append((str(event.event_type).removeprefix(f"{DOMAIN}_"), event.data))

    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, hear)
    return events


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that is there."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


def shown(hass: HomeAssistant, *homes: str) -> list[str]:
    """Return the events that the entities of some lines show."""
    entities = [f"event.{home}_call" for home in homes]
    return [state_of(hass, entity).attributes["event_type"] for entity in entities]


def are_on(hass: HomeAssistant, kind: str, *homes: str) -> list[bool]:
    """Return which binary sensors of a kind are on."""
    return [state_of(hass, f"binary_sensor.{home}_{kind}").state == "on" for home in homes]


def kinds(told: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Return the names of the events."""
    return [kind for kind, _ in told]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("linked", [True, False])
async def test_a_number_that_rings_two_lines_is_one_call(
    hass: HomeAssistant,
    world: World,
    tick: Tick,
    told: list[tuple[str, dict[str, Any]]],
    *,
    linked: bool,
) -> None:
    """It starts, is answered and ends once; each line shows the branch that rings there."""
    await tick(10)
    call = world.ring(JAN, line=DOMOV, branches=[DOMOV, DILNA], linked=linked)
    await tick(10)
    assert kinds(told) == ["call_started"]
    assert told[0][1]["active_call_id"] == call.id
    assert shown(hass, "domov", "dilna") == ["started", "started"]
    assert are_on(hass, "ringing", "domov", "dilna") == [True, True]
    world.answer(call.legs[-1].id)
    await tick(2)
    assert kinds(told) == ["call_started", "call_answered"]
    assert (told[1][1]["line"], told[1][1]["active_call_id"]) == (DILNA, call.id)
    assert shown(hass, "domov", "dilna") == ["started", "answered"]
    assert are_on(hass, "call_in_progress", "dilna") == [True]
    await tick(60)
    world.end()
    for seconds in (3, 2, 5, 15):
        await tick(seconds)
    assert kinds(told) == ["call_started", "call_answered", "call_ended"]
    assert told[2][1]["status"] == "answered"
    assert shown(hass, "domov", "dilna") == ["ended", "ended"]
    await tick(120)
    assert len(told) == 3


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("linked", [True, False])
async def test_a_number_that_rings_two_lines_in_vain_is_missed_once(
    hass: HomeAssistant,
    world: World,
    tick: Tick,
    told: list[tuple[str, dict[str, Any]]],
    *,
    linked: bool,
) -> None:
    """Both lines show it."""
    await tick(10)
    world.ring(JAN, line=DOMOV, branches=[DOMOV, DILNA], linked=linked)
    await tick(10)
    world.end()
    for seconds in (2, 2, 5, 15, 120):
        await tick(seconds)
    assert kinds(told) == ["call_started", "missed_call"]
    assert shown(hass, "domov", "dilna") == ["missed", "missed"]
    assert state_of(hass, "sensor.odorik_1234567_callers_waiting").state == "1"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("answered", [True, False])
async def test_a_call_that_voicemail_takes_is_missed(
    hass: HomeAssistant,
    world: World,
    tick: Tick,
    told: list[tuple[str, dict[str, Any]]],
    *,
    answered: bool,
) -> None:
    """Whatever the exchange says of the incoming call, its caller waits."""
    await tick(10)
    world.ring(JAN, line=DOMOV)
    await tick(10)
    leg = world.voicemail(answered=answered)
    await tick(2)
    assert not any(are_on(hass, "call_in_progress", "domov"))
    await tick(12)
    assert kinds(told) == ["call_started"]
    world.end(leg.legs[0].id)
    for seconds in (3, 2, 5, 15, 120):
        await tick(seconds)
    assert kinds(told) == ["call_started", "missed_call"]
    data = told[1][1]
    assert (data["duration"], data["answered_at"], data["status"]) == (0, None, "missed")
    assert state_of(hass, "sensor.odorik_1234567_callers_waiting").state == "1"


async def test_a_callback_that_is_tried_again_is_one_call(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    told: list[tuple[str, dict[str, Any]]],
) -> None:
    """The caller and the recipient decline once each."""
    world.callbacks.attempts = 3
    await tick(10)
    await hass.services.async_call(
        DOMAIN,
        "callback",
        {"config_entry_id": account.entry_id, "caller": MOBILE, "recipient": JAN, "line": DOMOV},
        blocking=True,
    )
    await tick(10)
    world.decline()
    await tick(10)
    world.answer()
    await tick(5)
    world.decline()
    await tick(5)
    world.answer()
    await tick(3)
    assert kinds(told) == ["call_started", "call_answered"]
    await tick(30)
    world.end()
    for seconds in (3, 2, 5, 15, 60, 120):
        await tick(seconds)
    assert kinds(told) == ["call_started", "call_answered", "call_ended"]
    assert (told[2][1]["status"], told[2][1]["number"]) == ("answered", "+420777123456")


@pytest.mark.usefixtures("account")
async def test_a_call_that_stays_listed_is_over_when_its_record_is_there(
    hass: HomeAssistant,
    world: World,
    tick: Tick,
    told: list[tuple[str, dict[str, Any]]],
) -> None:
    """And it does not begin again while the exchange goes on listing it."""
    await tick(10)
    world.ring(JAN, line=DOMOV)
    await tick(10)
    world.answer()
    await tick(3)
    assert are_on(hass, "call_in_progress", "domov", "odorik_1234567") == [True, True]
    world.end(linger=600)
    await tick(3)
    await tick(120)
    assert are_on(hass, "call_in_progress", "domov", "odorik_1234567") == [False, False]
    for seconds in (10, 10, 120):
        await tick(seconds)
    assert kinds(told) == ["call_started", "call_answered", "call_ended"]
    assert are_on(hass, "call_in_progress", "domov") == [False]


async def test_active_calls_are_read_faster_while_one_rings(
    account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Every 10 s while nothing happens, every 2 s while it rings, every 3 s while it is up."""
    await tick(10)
    active = account.runtime_data.active
    for act, seconds in ((lambda: None, 10), (lambda: world.ring(JAN), 2), (world.answer, 3)):
        act()
        await tick(10)
        assert active.update_interval == timedelta(seconds=seconds)
    world.end()
    await tick(10)
    assert active.update_interval == timedelta(seconds=10)
