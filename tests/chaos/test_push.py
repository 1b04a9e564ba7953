"""Push that works, dies, lies, and comes late or twice: every call is told once all the same."""

from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random

from homeassistant.core import Event, HomeAssistant, callback
import pytest

from custom_components.odorik.const import CONF_PUSH_ANSWER
from custom_components.odorik.coordinator.reporter import BUS_EVENTS
from tests.conftest import Tick
from tests.e2e.witnessed import FINISHED
from tests.push.conftest import Operator, SetUp, set_up

from .conftest import booked

__all__ = ["set_up"]

STARTED = "odorik_call_started"
CALLERS = ("00420602555123", "00420737404808", "00420541246810", "")
HOME = "00420910123456"

type Trouble = Callable[[Operator, int], Awaitable[None]]


async def steady(_: Operator, __: int) -> None:
    """Push as it should be."""


async def dying(operator: Operator, number: int) -> None:
    """Push that the operator gives up in the middle."""
    if number == 3:
        operator.exchange.world.account().ringings.clear()


async def reviving(operator: Operator, number: int) -> None:
    """Push that is away for a while."""
    await dying(operator, number)
    if number == 5:
        operator.announce()


async def lossy(operator: Operator, _: int) -> None:
    """Push of which half is lost."""
    operator.exchange.world.push_settings.lost = 2


async def doubled(operator: Operator, _: int) -> None:
    """Push that comes three times."""
    operator.exchange.world.push_settings.copies = 3


async def late(operator: Operator, _: int) -> None:
    """Push for which something is read to the caller first."""
    operator.exchange.world.push_settings.delay = 8


async def listed(operator: Operator, _: int) -> None:
    """Push whose branch is a call like any other."""
    operator.exchange.world.push_settings.legs = True


async def lying(operator: Operator, number: int) -> None:
    """Push that tells of calls that there are not, and of every third that there is."""
    operator.exchange.world.push_settings.lost = 3
    for query in ("hook=call&from=1&to=2&sip_in_callid=x", "hook=info&status=ANSWER", "%00=%ff"):
        await operator.call_hook(f"{query}&number={number}")


async def torn(operator: Operator, number: int) -> None:
    """Push from an operator that cannot always be asked."""
    if number % 2:
        operator.exchange.fail("reset", times=4)


TROUBLES = (steady, dying, reviving, lossy, doubled, late, listed, lying, torn)


async def telephone(operator: Operator, chance: Random, tick: Tick) -> None:
    """Let one call happen, of any kind."""
    world, caller = operator.exchange.world, chance.choice(CALLERS)
    match chance.choice(("missed", "missed", "answered", "short", "out", "sent on", "two")):
        case "missed":
            world.ring(caller, HOME, end_after=20)
        case "answered":
            world.ring(caller, HOME, answer_after=6, end_after=30)
        case "short":
            world.ring(caller, HOME, end_after=2)
        case "out":
            world.dial("00420541246810", answer_after=5, end_after=15)
        case "sent on":
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


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
@pytest.mark.parametrize(
    ("seed", "calls"), [(1, 6), pytest.param(2, 90, marks=[pytest.mark.long])], ids=["few", "many"]
)
@pytest.mark.timeout(600)
async def test_every_call_is_told_once_whatever_push_does(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    tick: Tick,
    trouble: Trouble,
    seed: int,
    calls: int,
) -> None:
    """Push loses calls, doubles them, and leaves them ringing for ever: with other operators."""
    told: list[tuple[str, int | None, int | None]] = []

    @callback
    def hear(event: Event) -> None:
        told.append((str(event.event_type), event.data["call_id"], event.data["active_call_id"]))

    for kind in BUS_EVENTS.values():
        hass.bus.async_listen(kind, hear)
    operator = await set_up(**{CONF_PUSH_ANSWER: "hangup" if trouble is listed else "dial"})
    operator.announce()
    chance = Random(seed)  # noqa: S311 - Moments and people, no secret.
    for number in range(calls):
        await trouble(operator, number)
        await telephone(operator, chance, tick)
    operator.exchange.exchange.faults.clear()
    for _ in range(20):
        await tick(10)
    finished = Counter((call_id, kind) for kind, call_id, _ in told if kind in FINISHED)
    assert finished == Counter(booked(operator.exchange.world).items())
    started = Counter(active for kind, _, active in told if kind == STARTED)
    assert max(started.values(), default=0) <= 1
    assert not operator.exchange.world.active
    assert hass.states.get("sensor.odorik_1234567_active_calls").state == "0"  # type: ignore[union-attr]
    ringing = hass.states.get("binary_sensor.odorik_1234567_ringing")
    assert ringing is not None
    assert ringing.state == "off"
    assert operator.issues <= {"push_missing"}
