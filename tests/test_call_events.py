"""Each call is reported once on the event bus, through the real client and the exchange."""

from datetime import UTC, datetime
from statistics import median

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.odorik.const import DOMAIN
from simulator.world import World

from .accounts import HOME, JAN, WORKSHOP, get_state
from .conftest import AccountAction, EventLog, Tick
from .exchange import RunningExchange

MOBILE = "00420777000111"
WAITING_SENSOR = "sensor.odorik_1234567_callers_waiting"
SETTLED = (3, 2, 5, 15, 120)
"""Seconds to pass until a call that has ended is reported."""


def shown(hass: HomeAssistant, *lines: str) -> list[str]:
    """Return the last events of the event entities of some lines."""
    return [get_state(hass, f"event.{line}_call").attributes["event_type"] for line in lines]


def are_on(hass: HomeAssistant, kind: str, *owners: str) -> list[bool]:
    """Return which binary sensors of a kind are on."""
    return [get_state(hass, f"binary_sensor.{owner}_{kind}").state == "on" for owner in owners]


@pytest.mark.usefixtures("account")
async def test_a_missed_call_is_reported_within_four_seconds_of_the_end(
    world: World, tick: Tick, freezer: FrozenDateTimeFactory, event_log: EventLog
) -> None:
    """Half of all missed calls are reported within four seconds, the others within six."""
    await tick(10)
    delays: dict[str, dict[int, float]] = {"odorik_call_started": {}, "odorik_missed_call": {}}

    def measure(kind: str, began: datetime) -> None:
        for event in event_log.events:
            if event.event_type == kind:
                delay = freezer().replace(tzinfo=UTC) - began
                delays[kind].setdefault(event.data["active_call_id"], delay.total_seconds())

    for number in range(50):
        # Vary the position of the call between two polls.
        await tick(7 + number * 0.37 % 10)
        world.ring(JAN)
        began = world.now()
        for _ in range(20):
            await tick(1)
            measure("odorik_call_started", began)
        world.end()
        ended = world.now()
        for _ in range(20):
            await tick(0.25)
            measure("odorik_missed_call", ended)
    started, missed = (delays[kind].values() for kind in delays)
    assert len(missed) == len(started) == 50
    assert median(missed) <= 4
    assert max(missed) <= 6
    assert max(started) <= 11


@pytest.mark.usefixtures("account")
async def test_a_late_record_is_read_again(
    world: World, exchange: RunningExchange, tick: Tick, event_log: EventLog
) -> None:
    """The history is read at once and after 0.6, 2, 5, 15 and 60 seconds, and no more often."""
    world.legs.record_delay = 40
    await tick(10)
    world.ring(JAN)
    await tick(10)
    world.end()
    exchange.journal.clear()
    await tick(3)
    began = world.now()
    await tick(*[1] * 70)
    polls = [
        round((request.time - began).total_seconds())
        for request in exchange.requests("/calls.json")
    ]
    # The clock of this test advances by whole seconds.
    assert polls[:6] in ([0, 1, 2, 5, 15, 60], [1, 1, 2, 5, 15, 60])
    assert event_log.kinds == ["call_started", "missed_call"]


@pytest.mark.usefixtures("account")
async def test_a_call_that_is_forwarded_after_a_long_ring_starts_once(
    world: World, tick: Tick, event_log: EventLog
) -> None:
    """Polls that find nothing changed count as polls when the forwarded leg is matched.

    Otherwise the leg is reported as a second call.
    """
    await tick(10)
    call = world.ring(JAN)
    await tick(*[3] * 9)
    world.redirect(call.id, MOBILE, keep=False, answer_after=4, end_after=20)
    await tick(*[3] * 15)
    assert event_log.kinds == ["call_started", "call_answered", "call_ended"]


@pytest.mark.usefixtures("account")
async def test_a_call_that_is_answered_elsewhere_is_not_missed(
    world: World, tick: Tick, event_log: EventLog
) -> None:
    """A record that says missed waits while its forwarded leg is active."""
    await tick(10)
    call = world.ring(JAN)
    await tick(10)
    world.redirect(call.id, MOBILE, keep=False)
    await tick(3)
    world.answer()
    await tick(*[3] * 60)
    world.end()
    await tick(0.2, 3, 3)
    assert event_log.kinds == ["call_started", "call_answered", "call_ended"]
    [ended] = event_log.ends
    assert (ended["call_id"], ended["direction"]) == (call.record_id, "in")
    assert ended["price"] == pytest.approx(sum(record.price for record in world.account().records))


@pytest.mark.usefixtures("account")
async def test_a_callback_across_a_restart_is_one_call(
    hass: HomeAssistant, world: World, tick: Tick, event_log: EventLog, reload: AccountAction
) -> None:
    """The order of a callback is stored, since nothing else connects its two legs."""
    await tick(10)
    order = {"caller": MOBILE, "recipient": JAN}
    await hass.services.async_call(DOMAIN, "callback", order, blocking=True)
    await tick(3)
    world.answer()
    await tick(6)
    world.answer()
    await reload()
    await tick(30)
    world.end()
    await tick(3, 15)
    assert len(world.account().records) == 2
    [ended] = event_log.ends
    assert (ended["number"], ended["own_number"]) == ("+420777123456", "+420777000111")
    assert ended["status"] == "answered"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("answered", [True, False])
async def test_a_number_that_rings_two_lines_is_one_call(
    hass: HomeAssistant,
    world: World,
    tick: Tick,
    event_log: EventLog,
    *,
    linked: bool,
    answered: bool,
) -> None:
    """The call starts and ends once, while each line shows the leg that rings there."""
    await tick(10)
    call = world.ring(JAN, line=HOME, branches=[HOME, WORKSHOP], linked=linked)
    await tick(10)
    assert event_log.kinds == ["call_started"]
    assert event_log.events[0].data["active_call_id"] == call.id
    assert shown(hass, "domov", "dilna") == ["started", "started"]
    assert are_on(hass, "ringing", "domov", "dilna") == [True, True]
    if answered:
        world.answer(call.legs[-1].id)
        await tick(2)
        assert event_log.kinds == ["call_started", "call_answered"]
        data = event_log.events[1].data
        assert (data["line"], data["active_call_id"]) == (WORKSHOP, call.id)
        assert shown(hass, "domov", "dilna") == ["started", "answered"]
        assert are_on(hass, "call_in_progress", "dilna") == [True]
        await tick(60)
    world.end()
    await tick(*SETTLED)
    if answered:
        assert event_log.kinds == ["call_started", "call_answered", "call_ended"]
        assert event_log.ends[0]["status"] == "answered"
        assert shown(hass, "domov", "dilna") == ["ended", "ended"]
    else:
        assert event_log.kinds == ["call_started", "missed_call"]
        assert shown(hass, "domov", "dilna") == ["missed", "missed"]
        assert get_state(hass, WAITING_SENSOR).state == "1"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("answered", [True, False])
async def test_a_call_that_voicemail_takes_is_missed(
    hass: HomeAssistant, world: World, tick: Tick, event_log: EventLog, *, answered: bool
) -> None:
    """A voicemail leg does not count as answered, even if the incoming call does."""
    await tick(10)
    world.ring(JAN, line=HOME)
    await tick(10)
    leg = world.voicemail(answered=answered)
    await tick(2)
    assert not any(are_on(hass, "call_in_progress", "domov"))
    await tick(12)
    assert event_log.kinds == ["call_started"]
    world.end(leg.legs[0].id)
    await tick(*SETTLED)
    assert event_log.kinds == ["call_started", "missed_call"]
    [data] = event_log.ends
    assert (data["duration"], data["answered_at"], data["status"]) == (0, None, "missed")
    assert get_state(hass, WAITING_SENSOR).state == "1"


@pytest.mark.usefixtures("account")
async def test_a_callback_that_is_tried_again_is_one_call(
    hass: HomeAssistant, world: World, tick: Tick, event_log: EventLog
) -> None:
    """A callback that the caller and the recipient decline once each is reported once."""
    world.callbacks.attempts = 3
    await tick(10)
    order = {"caller": MOBILE, "recipient": JAN, "line": HOME}
    await hass.services.async_call(DOMAIN, "callback", order, blocking=True)
    await tick(10)
    world.decline()
    await tick(10)
    world.answer()
    await tick(5)
    world.decline()
    await tick(5)
    world.answer()
    await tick(3)
    assert event_log.kinds == ["call_started", "call_answered"]
    await tick(30)
    world.end()
    await tick(*SETTLED, 60)
    assert event_log.kinds == ["call_started", "call_answered", "call_ended"]
    [ended] = event_log.ends
    assert (ended["status"], ended["number"]) == ("answered", "+420777123456")


@pytest.mark.usefixtures("account")
async def test_a_call_that_stays_listed_ends_with_its_record(
    hass: HomeAssistant, world: World, tick: Tick, event_log: EventLog
) -> None:
    """A call that has a record does not start again while the exchange still lists it."""
    await tick(10)
    world.ring(JAN, line=HOME)
    await tick(10)
    world.answer()
    await tick(3)
    assert are_on(hass, "call_in_progress", "domov", "odorik_1234567") == [True, True]
    world.end(linger=600)
    await tick(3, 120)
    assert are_on(hass, "call_in_progress", "domov", "odorik_1234567") == [False, False]
    await tick(10, 10, 120)
    assert event_log.kinds == ["call_started", "call_answered", "call_ended"]
    assert are_on(hass, "call_in_progress", "domov") == [False]
