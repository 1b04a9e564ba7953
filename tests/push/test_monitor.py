"""Polling and repairs, depending on whether calls are announced by pushes."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.odorik.const import CONF_PUSH
from tests import accounts
from tests.conftest import Tick, pass_time
from tests.exchange import RunningExchange

from .conftest import HOME, STRANGER, Operator, SetUp


async def miss_call(operator: Operator, tick: Tick, *, rings: int = 20) -> None:
    """Receive an unanswered call while both clocks advance."""
    pushes = len(operator.exchange.exchange.pushes)
    call = operator.world.ring(STRANGER, HOME)
    if operator.world.account().ringings.get(HOME):
        await operator.pushed(pushes + 1)
    await pass_time(tick, rings, step=1)
    operator.world.end(call.id)
    await pass_time(tick, 10, step=1)


def counts(operator: Operator) -> tuple[int, int]:
    """Return the numbers of announced and unannounced calls."""
    return operator.health.announced, operator.health.unannounced


# The interval between polls


@pytest.mark.parametrize(
    ("options", "before", "after"),
    [
        ({}, 10, 60),
        ({"push_relaxed": False}, 10, 10),
        ({"active_interval": 300}, 300, 300),
    ],
)
async def test_an_announced_call_slows_the_polling_down(
    set_up: SetUp, tick: Tick, options: dict[str, Any], before: int, after: int
) -> None:
    """Proven push allows one poll a minute, or at a longer interval that the user has chosen."""
    operator = await set_up(**options)
    assert operator.interval == before
    operator.announce()
    await miss_call(operator, tick)
    assert operator.health.is_proven
    assert operator.interval == after
    polls = operator.polls
    await pass_time(tick, 600)
    assert operator.polls - polls in {600 // after, 600 // after + 1}


@pytest.mark.parametrize("ringing", [5, 60])
async def test_an_unannounced_call_restores_the_interval(
    operator: Operator, tick: Tick, ringing: int
) -> None:
    """A call without a push restores frequent polls, even if only the history contains it."""
    operator.announce()
    await miss_call(operator, tick)
    await pass_time(tick, 20)
    operator.stop_announcing()
    operator.world.ring(STRANGER, HOME, end_after=ringing)
    await pass_time(tick, 130)
    assert counts(operator) == (1, 1)
    assert operator.interval == 10
    polls = operator.polls
    await pass_time(tick, 60)
    assert operator.polls - polls >= 5


async def test_a_failed_poll_is_repeated_soon(operator: Operator, tick: Tick) -> None:
    """After a failure, polls are as frequent as without push."""
    operator.announce()
    await miss_call(operator, tick)
    assert operator.interval == 60
    operator.exchange.fail("503", times=2, path="/active_calls.json")
    active = operator.entry.runtime_data.active
    while active.last_update_success:
        await tick(10)
    await tick(11)
    assert active.last_update_success
    assert operator.interval == 60


# Calls that count


async def test_three_unannounced_calls_raise_a_repair_until_one_is_announced(
    operator: Operator, tick: Tick
) -> None:
    """The repair contains no address, since every user can read it."""
    for _ in range(3):
        assert operator.issues == set()
        await miss_call(operator, tick)
    assert operator.issues == {"push_missing"}
    (issue,) = ir.async_get(operator.hass).issues.values()
    assert issue.is_fixable
    assert operator.webhook_id not in str(issue.to_json()) + str(issue)
    assert issue.data == {"entry_id": operator.entry.entry_id}
    assert issue.translation_placeholders == {"account": operator.entry.title}
    operator.announce()
    await miss_call(operator, tick)
    assert operator.issues == set()


async def test_informational_pushes_do_not_announce_calls(operator: Operator, tick: Tick) -> None:
    """Pushes of slots 98 and 99 come when a call is answered or over, announced or not."""
    for slot in (98, 99):
        operator.announce("hook=info", slot=slot)
    for number in range(3):
        assert operator.issues == set(), number
        operator.world.ring(STRANGER, HOME, answer_after=5, end_after=8)
        await operator.pushed(2 * number)
        await pass_time(tick, 10, step=1)
        await operator.pushed(2 * number + 2)
        await pass_time(tick, 10)
    assert counts(operator) == (0, 3)
    assert operator.interval == 10
    assert operator.issues == {"push_missing"}


async def test_a_call_with_an_impossible_date_is_reported_and_counted(
    operator: Operator, tick: Tick
) -> None:
    """An active call dated to the year 9999 is reported without a start."""
    started = async_capture_events(operator.hass, "odorik_call_started")
    ended = async_capture_events(operator.hass, "odorik_missed_call")
    operator.announce()
    call = operator.world.ring(STRANGER, HOME)
    began, call.started = call.started, datetime.max.replace(tzinfo=UTC)
    await operator.pushed()
    await pass_time(tick, 10, step=1)
    call.started = began
    operator.world.end(call.id)
    await pass_time(tick, 100)
    assert [event.data["started_at"] for event in started] == [None]
    assert len(ended) == 1
    assert counts(operator) == (1, 0)
    assert operator.interval == 60


async def test_a_late_push_counts(operator: Operator, tick: Tick) -> None:
    """A push that comes after its call was polled still announces it."""
    operator.world.ring(STRANGER, HOME)
    await tick(10)
    assert counts(operator) == (0, 1)
    await operator.call_hook()
    assert counts(operator) == (1, 0)
    operator.world.end()
    await pass_time(tick, 10, step=1)
    assert operator.interval == 60


async def test_the_health_is_kept_until_push_is_turned_off(operator: Operator, tick: Tick) -> None:
    """A reload changes neither the interval, the counts nor the repair; turning push off does."""
    operator.announce()
    await miss_call(operator, tick)
    await operator.reload()
    await pass_time(tick, 60)
    assert operator.health.is_proven
    assert operator.interval == 60
    operator.stop_announcing()
    for _ in range(3):
        await miss_call(operator, tick, rings=61)
    await operator.reload()
    assert operator.issues == {"push_missing"}
    assert counts(operator) == (1, 3)
    await operator.reload(push=False)
    assert operator.issues == set()
    assert operator.interval == 10
    assert operator.entry.runtime_data.store.data.push_health is None
    await operator.reload(push=True)
    assert counts(operator) == (0, 0)


# Calls that do not count


async def test_calls_without_a_connection_do_not_count(operator: Operator, tick: Tick) -> None:
    """Calls during a network failure do not count, since pushes could not arrive either."""
    operator.announce()
    await miss_call(operator, tick)
    operator.exchange.fail("reset", times=0)
    await pass_time(tick, 70)
    operator.stop_announcing()
    for _ in range(4):
        operator.world.miss(STRANGER, HOME)
        await tick(30)
    operator.world.ring(STRANGER, HOME)
    await pass_time(tick, 70)
    operator.exchange.exchange.faults.clear()
    await pass_time(tick, 130)
    operator.world.end()
    await pass_time(tick, 130)
    assert counts(operator) == (1, 0)
    assert operator.issues == set()
    await miss_call(operator, tick, rings=61)
    assert operator.health.unannounced == 1


async def test_calls_before_home_assistant_has_started_do_not_count(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """Calls count only after the start: the webhook cannot be reached earlier."""
    hass.set_state(CoreState.starting)
    operator = await set_up()
    operator.world.ring(STRANGER, HOME)
    await pass_time(tick, 20)
    assert not operator.health.is_active
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await operator.settle()
    await pass_time(tick, 20)
    operator.world.end()
    await pass_time(tick, 130)
    assert (operator.health.is_active, operator.health.unannounced) == (True, 0)


async def test_the_content_of_a_push_is_ignored(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """Calls that only a push mentions are not reported, and prove nothing."""
    kinds = ("call_started", "call_answered", "call_ended", "missed_call")
    events = [async_capture_events(hass, f"odorik_{kind}") for kind in kinds]
    for query in (
        "hook=call&from=00420777123456&to=00420910123456&line=300100&sip_in_callid=x",
        "hook=info&callid=1&status=ANSWER",
        "hook=info&callid=1&status=NOANSWER",
    ):
        for _ in range(3):
            await operator.call_hook(query)
            await tick(1)
    await pass_time(tick, 130)
    assert not any(events)
    assert operator.issues == set()
    assert operator.interval == 10


async def test_a_push_concerns_one_account(
    hass: HomeAssistant, operator: Operator, exchange: RunningExchange
) -> None:
    """Each account has its own webhook, and a push polls only that account."""
    other = accounts.make_entry("300110", "sip-300110", options={CONF_PUSH: True})
    assert await accounts.set_up(hass, other)
    assert other.data["webhook_id"] != operator.webhook_id
    exchange.journal.clear()
    await operator.call_hook()
    assert [it.login for it in exchange.requests("/active_calls.json")] == ["1234567"]
