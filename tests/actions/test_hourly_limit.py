"""The hourly limits of callbacks and of message parts."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.accounts import set_up
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import ORDER, Actions


async def assert_limited(act: Actions, orders: int) -> None:
    """Check that another callback is refused, and count those that were ordered."""
    failure = await act.fails("callback_limit", "callback", **ORDER)
    assert f"({act.entry.options.get('callback_limit', 30)})" in str(failure)
    assert act.orders == orders


async def test_the_limit_counts_the_last_hour_and_raises_a_repair(act: Actions, tick: Tick) -> None:
    """Callbacks are refused, and the repair stays, until the oldest order is an hour old.

    A reload removes neither the count nor the repair.
    """
    act.set_options(callback_limit=3)
    for _ in range(3):
        await act("callback", **ORDER)
        await tick(600)
    await assert_limited(act, 3)
    issue = act.find_issue()
    assert issue
    assert issue.translation_placeholders == {"account": act.entry.title, "limit": "3"}
    await act.reload()
    assert act.find_issue() == issue
    await assert_limited(act, 3)
    await tick(1790)
    assert act.find_issue()
    await tick(20)
    assert act.find_issue() is None
    await act("callback", **ORDER)
    await assert_limited(act, 4)


async def test_the_count_survives_a_reload_without_permission_to_read_calls(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """The count is stored even if the login cannot read the history."""
    exchange.world.denied[exchange.username] = {"calls"}
    assert await set_up(hass, entry, callback_limit=1)
    act = Actions(hass, exchange, entry)
    await act("callback", **ORDER)
    await act.reload()
    await assert_limited(act, 1)


async def test_setting_the_clock_does_not_reset_the_count(
    act: Actions, tick: Tick, freezer: FrozenDateTimeFactory
) -> None:
    """Callbacks are counted by the operator's clock, not by the local one."""
    act.set_options(callback_limit=1)
    await act("callback", **ORDER)
    freezer.tick(2 * 86400)
    act.world.advance(-2 * 86400)
    await tick(10)
    await assert_limited(act, 1)


async def test_refused_callbacks_share_one_timer(act: Actions) -> None:
    """An automation in an endless loop does not add a timer for each refused callback."""
    act.set_options(callback_limit=1)
    await act("callback", **ORDER)
    before = len(act.entry._on_unload or ())
    for _ in range(20):
        await assert_limited(act, 1)
    assert act.find_issue()
    assert len(act.entry._on_unload or ()) <= before + 1


async def test_a_raised_limit_removes_the_repair(act: Actions) -> None:
    """Callbacks can be ordered again after the limit was raised."""
    act.set_options(callback_limit=1)
    await act("callback", **ORDER)
    await assert_limited(act, 1)
    assert act.find_issue()
    act.set_options(callback_limit=2)
    await act.reload()
    assert act.find_issue() is None
    await act("callback", **ORDER)


async def send(act: Actions, parts: int = 1) -> None:
    """Send a message of several parts."""
    text = "a" * (160 if parts == 1 else 153 * parts)
    await act("send_sms", recipient="777123456", message=text)


async def refuse(act: Actions, parts: int = 1) -> None:
    """Check that a message of several parts is refused without a request."""
    act.exchange.journal.clear()
    with pytest.raises(HomeAssistantError) as failure:
        await send(act, parts)
    assert failure.value.translation_key == "sms_limit"
    assert act.exchange.requests("/sms") == []


async def test_message_parts_are_counted(act: Actions) -> None:
    """A message needs as many parts as it has; a shorter one may still be sent."""
    act.set_options(sms_limit=4)
    await send(act)
    await send(act, 2)
    await act.reload()
    await refuse(act, 2)
    issue = act.find_issue("sms_limit")
    assert issue
    assert issue.translation_placeholders == {"account": act.entry.title, "limit": "4"}
    assert act.find_issue() is None
    await send(act)
    await refuse(act)


async def test_a_message_larger_than_the_limit_raises_a_repair(act: Actions, tick: Tick) -> None:
    """Such a message is never sent, so the repair is shown for an hour."""
    act.set_options(sms_limit=1)
    await refuse(act, 2)
    await tick(3500)
    assert act.find_issue("sms_limit")
    await tick(200)
    assert act.find_issue("sms_limit") is None
    await send(act)


async def test_the_default_limits_are_thirty_callbacks_and_twenty_parts(act: Actions) -> None:
    """There are limits even if the options contain none."""
    for _ in range(30):
        await act("callback", **ORDER)
    await assert_limited(act, 30)
    for _ in range(4):
        await send(act, 5)
    await refuse(act)
