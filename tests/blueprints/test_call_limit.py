"""Hanging up calls that last too long or cost too much."""

from typing import Any

from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.odorik.const import CONF_PUSH
from simulator.worlds import HOME_NUMBER
from tests.accounts import set_up

from .conftest import HOME, JAN, STRANGER, WORKSHOP, Harness


async def limit_calls(harness: Harness, **inputs: Any) -> None:
    """Limit the calls of the account."""
    await harness.add("call_limit", active_calls=harness.sensor("active_calls"), **inputs)


async def let_pass(harness: Harness, seconds: int) -> None:
    """Advance the time in steps of five seconds, the automation's interval."""
    for _ in range(seconds // 5):
        await harness.tick(5)


@pytest.mark.usefixtures("account")
async def test_a_call_that_lasts_too_long_is_hung_up(harness: Harness) -> None:
    """Incoming calls and unanswered calls go on."""
    ended = async_mock_service(harness.hass, "test", "ended")
    afterwards = [{"action": "test.ended", "data": {"who": "{{ call.number }} {{ call.line }}"}}]
    await limit_calls(harness, minutes=2, price=0, afterwards=afterwards)
    incoming = harness.world.ring(JAN, line=HOME)
    outgoing = harness.world.dial(STRANGER, line=HOME)
    unanswered = harness.world.dial(JAN, line=WORKSHOP)
    await let_pass(harness, 10)
    harness.world.answer(incoming.id)
    harness.world.answer(outgoing.id)
    await let_pass(harness, 110)
    assert set(harness.world.active) == {incoming.id, outgoing.id, unanswered.id}
    await let_pass(harness, 20)
    assert set(harness.world.active) == {incoming.id, unanswered.id}
    assert [call.data["who"] for call in ended] == [f"+420602555123 {HOME}"]
    assert len([entry for entry in harness.exchange.journal if entry.method == "DELETE"]) == 1


@pytest.mark.usefixtures("account")
async def test_a_call_that_costs_too_much_is_hung_up(harness: Harness) -> None:
    """The cost is the price per minute times the time since the call was answered."""
    await limit_calls(harness, minutes=0, price=5)
    abroad = harness.world.dial("00421905123456", line=HOME)
    domestic = harness.world.dial(STRANGER, line=WORKSHOP)
    harness.world.answer(abroad.id)
    harness.world.answer(domestic.id)
    await harness.tick(10)
    assert abroad.price_per_minute == 2.49
    await let_pass(harness, 100)
    assert set(harness.world.active) == {abroad.id, domestic.id}
    await let_pass(harness, 20)
    assert set(harness.world.active) == {domestic.id}


async def test_a_call_that_began_before_startup_is_limited(
    harness: Harness, entry: MockConfigEntry
) -> None:
    """A restart of Home Assistant during a call does not lift the limit."""
    call = harness.world.dial(STRANGER, line=HOME)
    harness.world.answer(call.id)
    await harness.set_up_before_startup(entry)
    await limit_calls(harness, minutes=1)
    await harness.start()
    await let_pass(harness, 70)
    assert harness.world.active == {}


@pytest.mark.usefixtures("account")
async def test_a_failed_hangup_is_repeated(harness: Harness) -> None:
    """A call that could not be hung up the first time does not go on."""
    await limit_calls(harness, minutes=1)
    call = harness.world.dial(STRANGER, line=HOME)
    harness.world.answer(call.id)
    harness.exchange.fail("503", path="DELETE", times=1)
    await harness.tick(10)
    await let_pass(harness, 80)
    assert harness.world.active == {}
    assert [entry.method for entry in harness.exchange.journal].count("DELETE") == 2


EMERGENCIES = (
    *("112", "150", "155", "156", "158", "00420112", "155*300100", "158*0", "*300110*156"),
    *("000150", "*09112"),
)
ALLOWED = (JAN, "004930901820", "00420602987654", "*0712345678")
LIMITED = (STRANGER, "0049112", "00421777123456", "300158", "*07112", "1188", "00420777112158")


@pytest.mark.usefixtures("account")
async def test_emergency_calls_are_never_hung_up(harness: Harness) -> None:
    """Emergency numbers in every spelling, and numbers that the user allows, are exempt.

    A number that merely contains one of them is not.
    """
    await limit_calls(
        harness,
        minutes=0.1,
        never=["777 123 456", "00 49 30/901820", "Eva Dvořáková", "*0712345678", ""],
    )
    numbers = (*EMERGENCIES, *ALLOWED, *LIMITED)
    calls = {harness.world.dial(number, line=HOME).id: number for number in numbers}
    for call_id in calls:
        harness.world.answer(call_id)
    await let_pass(harness, 60)
    assert [calls[call_id] for call_id in harness.world.active] == [*EMERGENCIES, *ALLOWED]


async def test_a_call_is_limited_while_polls_are_rare(
    harness: Harness, entry: MockConfigEntry
) -> None:
    """The automation requests polls while push has reduced them to one a minute.

    Outgoing calls are never pushed, so they would otherwise be seen up to a minute late.
    """
    assert await async_setup_component(harness.hass, "homeassistant", {})
    assert await set_up(harness.hass, entry, **{CONF_PUSH: True})
    await harness.tick(1)
    harness.world.ring(STRANGER, HOME_NUMBER)
    entry.runtime_data.push.monitor.async_receive(is_for_call=True)
    await harness.tick(3)
    harness.world.end()
    for _ in range(24):
        await harness.tick(10)
    harness.exchange.journal.clear()
    await let_pass(harness, 60)
    assert len(harness.exchange.requests("/active_calls.json")) == 1
    await limit_calls(harness, minutes=0.1)
    await let_pass(harness, 60)
    for _ in range(5):
        call = harness.world.dial(STRANGER, line=HOME)
        harness.world.answer(call.id)
        await let_pass(harness, 40)
        assert harness.world.active == {}
        await let_pass(harness, 45)
