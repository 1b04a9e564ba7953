"""Hanging up calls that last too long or cost too much."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.odorik.const import CONF_PUSH
from simulator.world import World
from simulator.worlds import HOME_NUMBER
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import HOME, JAN, STRANGER, WORKSHOP, AddAutomation, FindSensor, start

type LimitCalls = Callable[..., Awaitable[None]]


@pytest.fixture
def limit_calls(add_automation: AddAutomation, find_sensor: FindSensor) -> LimitCalls:
    """Limit the calls of the account."""

    async def add(**inputs: Any) -> None:
        await add_automation("call_limit", active_calls=find_sensor("active_calls"), **inputs)

    return add


async def let_pass(tick: Tick, seconds: int) -> None:
    """Let time pass in steps of five seconds, as the automation checks the calls."""
    for _ in range(seconds // 5):
        await tick(5)


@pytest.mark.usefixtures("account")
async def test_a_call_that_lasts_too_long_is_hung_up(
    hass: HomeAssistant, exchange: RunningExchange, limit_calls: LimitCalls, tick: Tick
) -> None:
    """Incoming calls and calls that nobody has answered go on."""
    ended = async_mock_service(hass, "test", "ended")
    afterwards = [{"action": "test.ended", "data": {"who": "{{ call.number }} {{ call.line }}"}}]
    await limit_calls(minutes=2, price=0, afterwards=afterwards)
    incoming = exchange.world.ring(JAN, line=HOME)
    outgoing = exchange.world.dial(STRANGER, line=HOME)
    unanswered = exchange.world.dial(JAN, line=WORKSHOP)
    await let_pass(tick, 10)
    exchange.world.answer(incoming.id)
    exchange.world.answer(outgoing.id)
    await let_pass(tick, 110)
    assert set(exchange.world.active) == {incoming.id, outgoing.id, unanswered.id}
    await let_pass(tick, 20)
    assert set(exchange.world.active) == {incoming.id, unanswered.id}
    assert [call.data["who"] for call in ended] == [f"+420602555123 {HOME}"]
    assert len([entry for entry in exchange.journal if entry.method == "DELETE"]) == 1


@pytest.mark.usefixtures("account")
async def test_a_call_that_costs_too_much_is_hung_up(
    world: World, limit_calls: LimitCalls, tick: Tick
) -> None:
    """The cost is the price per minute times the time since the call was answered."""
    await limit_calls(minutes=0, price=5)
    abroad = world.dial("00421905123456", line=HOME)
    domestic = world.dial(STRANGER, line=WORKSHOP)
    world.answer(abroad.id)
    world.answer(domestic.id)
    await tick(10)
    assert abroad.price_per_minute == 2.49
    await let_pass(tick, 100)
    assert set(world.active) == {abroad.id, domestic.id}
    await let_pass(tick, 20)
    assert set(world.active) == {domestic.id}


async def test_a_call_that_began_before_startup_is_limited(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, limit_calls: LimitCalls, tick: Tick
) -> None:
    """A restart of Home Assistant during a call does not lift the limit."""
    call = world.dial(STRANGER, line=HOME)
    world.answer(call.id)
    hass.set_state(CoreState.not_running)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await limit_calls(minutes=1)
    await start(hass, tick)
    await let_pass(tick, 70)
    assert world.active == {}


@pytest.mark.usefixtures("account")
async def test_a_failed_hangup_is_repeated(
    exchange: RunningExchange, limit_calls: LimitCalls, tick: Tick
) -> None:
    """A call that could not be hung up the first time does not go on."""
    await limit_calls(minutes=1)
    call = exchange.world.dial(STRANGER, line=HOME)
    exchange.world.answer(call.id)
    exchange.fail("503", path="DELETE", times=1)
    await tick(10)
    await let_pass(tick, 80)
    assert exchange.world.active == {}


EMERGENCIES = (
    *("112", "150", "155", "156", "158", "00420112", "155*300100", "158*0", "*300110*156"),
    *("000150", "*09112"),
)
ALLOWED = (JAN, "004930901820", "00420602987654", "*0712345678")
LIMITED = (*(STRANGER, "0049112", "00421777123456", "300158", "*07112", "1188", "00420777112158"),)


@pytest.mark.usefixtures("account")
async def test_emergency_calls_are_never_hung_up(
    world: World, limit_calls: LimitCalls, tick: Tick, subtests: pytest.Subtests
) -> None:
    """Emergency numbers in every spelling, and numbers that the user allows, are exempt.

    A number that merely contains one of them is not.
    """
    await limit_calls(
        minutes=0.1,
        never=["777 123 456", "00 49 30/901820", "Eva Dvořáková", "*0712345678", ""],
    )
    for number in (*EMERGENCIES, *ALLOWED, *LIMITED):
        with subtests.test(number=number):
            call = world.dial(number, line=HOME)
            world.answer(call.id)
            await let_pass(tick, 30)
            assert (call.id in world.active) is (number not in LIMITED)
        if call.id in world.active:
            world.end(call.id)
        await let_pass(tick, 20)


async def test_a_call_is_limited_while_polls_are_rare(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    limit_calls: LimitCalls,
    tick: Tick,
) -> None:
    """The automation requests polls while push has reduced them to one a minute.

    Outgoing calls are never pushed, so they would otherwise be seen up to a minute late.
    """
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PUSH: True})
    assert await async_setup_component(hass, "homeassistant", {})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await tick(1)
    exchange.world.ring(STRANGER, HOME_NUMBER)
    entry.runtime_data.push.announcements.async_receive(is_for_call=True)
    await tick(3)
    exchange.world.end()
    for _ in range(24):
        await tick(10)
    exchange.journal.clear()
    await let_pass(tick, 60)
    assert len(exchange.requests("/active_calls.json")) == 1
    await limit_calls(minutes=0.1)
    await let_pass(tick, 60)
    for _ in range(5):
        call = exchange.world.dial(STRANGER, line=HOME)
        exchange.world.answer(call.id)
        await let_pass(tick, 40)
        assert exchange.world.active == {}
        await let_pass(tick, 45)
