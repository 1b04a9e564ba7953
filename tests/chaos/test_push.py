"""Tests that each call is reported once while push is lost, repeated, late or wrong."""

from collections import Counter
from random import Random

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.odorik.call_events import BUS_EVENTS
from custom_components.odorik.const import CONF_PUSH_ANSWER
from tests.conftest import Tick
from tests.e2e.event_log import FINISHED
from tests.push.conftest import Operator, SetUp, set_up

from .calls import expected_events

__all__ = ["set_up"]

STARTED = "odorik_call_started"
CALLERS = ("00420602555123", "00420737404808", "00420541246810", "")
HOME = "00420910123456"
FAULTS: dict[str, dict[str, int]] = {
    "none": {},
    "stopped": {},
    "interrupted": {},
    "lossy": {"lost": 2},
    "repeated": {"copies": 3},
    "late": {"delay": 8},
    "listed as a call": {"legs": True},
    "false": {"lost": 3},
    "operator unreachable": {},
}
"""Settings of the exchange's pushes, by fault."""
FALSE_PUSHES = ("hook=call&from=1&to=2&sip_in_callid=x", "hook=info&status=ANSWER", "%00=%ff")


async def inject(fault: str, operator: Operator, number: int) -> None:
    """Inject a fault before the call with a number."""
    if fault in {"stopped", "interrupted"} and number == 3:
        operator.exchange.world.account().ringings.clear()
    if fault == "interrupted" and number == 5:
        operator.announce()
    if fault == "operator unreachable" and number % 2:
        operator.exchange.fail("reset", times=4)
    if fault == "false":
        for query in FALSE_PUSHES:
            await operator.call_hook(f"{query}&number={number}")


async def make_call(operator: Operator, chance: Random, tick: Tick) -> None:
    """Make a call of a random kind, or two at a time."""
    world, caller = operator.exchange.world, chance.choice(CALLERS)
    match chance.choice(("missed", "missed", "answered", "short", "out", "forwarded", "two")):
        case "missed":
            world.ring(caller, HOME, end_after=20)
        case "answered":
            world.ring(caller, HOME, answer_after=6, end_after=30)
        case "short":
            world.ring(caller, HOME, end_after=2)
        case "out":
            world.dial("00420541246810", answer_after=5, end_after=15)
        case "forwarded":
            call = world.ring("00420733555111", HOME)
            world.redirect(call.id, answer_after=10, end_after=25)
        case _:
            world.ring("00420602555123", HOME, end_after=15)
            await tick(3)
            world.ring("00420777123456", HOME, answer_after=8, end_after=20)
    for _ in range(40):
        await tick(1)
        world.run_due()
    for _ in range(chance.randint(3, 9)):
        await tick(10)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("seed", "calls"), [(1, 6), pytest.param(2, 90, marks=[pytest.mark.long])], ids=["few", "many"]
)
@pytest.mark.timeout(600)
async def test_each_call_is_reported_once_despite_push_faults(
    hass: HomeAssistant, set_up: SetUp, tick: Tick, fault: str, seed: int, calls: int
) -> None:
    """Push never loses, repeats or invents a call, and leaves no call ringing."""
    captured = {kind: async_capture_events(hass, kind) for kind in BUS_EVENTS.values()}
    operator = await set_up(**{CONF_PUSH_ANSWER: "hangup" if "listed" in fault else "dial"})
    operator.announce()
    for name, value in FAULTS[fault].items():
        setattr(operator.exchange.world.push_settings, name, value)
    chance = Random(seed)  # noqa: S311 - Not a secret.
    for number in range(calls):
        await inject(fault, operator, number)
        await make_call(operator, chance, tick)
    operator.exchange.exchange.faults.clear()
    for _ in range(20):
        await tick(10)
    finished = Counter(
        (event.data["call_id"], kind) for kind in FINISHED for event in captured[kind]
    )
    assert finished == Counter(expected_events(operator.exchange.world).items())
    started = Counter(event.data["active_call_id"] for event in captured[STARTED])
    assert max(started.values(), default=0) <= 1
    assert not operator.exchange.world.active
    states = {state.entity_id: state.state for state in hass.states.async_all()}
    assert states["sensor.odorik_1234567_active_calls"] == "0"
    assert states["binary_sensor.odorik_1234567_ringing"] == "off"
    assert operator.issues <= {"push_missing"}
