"""What follows from pushes that come, that do not come, and that lie."""

from datetime import UTC, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import CONF_ACTIVE_INTERVAL, CONF_PUSH, DOMAIN
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import Operator, SetUp

STRANGER = "00420602555123"
HOME, WORKSHOP = "00420910123456", "00420533111222"


async def telephone(operator: Operator, tick: Tick, *, to: str = HOME, rings: float = 20) -> None:
    """Let somebody call and give up, at the clocks of the house."""
    pushes = len(operator.exchange.exchange.pushes)
    slots = operator.exchange.world.account().ringings.get(to)
    call = operator.exchange.world.ring(STRANGER, to)
    if slots:
        await operator.pushed(pushes + 1)
    for _ in range(round(rings)):
        await tick(1)
    operator.exchange.world.end(call.id)
    for _ in range(10):
        await tick(1)


async def wait(tick: Tick, seconds: int, *, step: int = 10) -> None:
    """Let time pass in which nothing happens."""
    for _ in range(seconds // step):
        await tick(step)


async def test_looks_are_rare_while_calls_come_announced(operator: Operator, tick: Tick) -> None:
    """The operator would be asked every ten seconds for what it tells by itself."""
    assert operator.interval == 10
    operator.announce()
    await telephone(operator, tick)
    assert operator.interval == 60
    before = operator.looks
    await wait(tick, 600)
    assert operator.looks - before in {10, 11}


async def test_the_user_may_keep_the_interval(set_up: SetUp, tick: Tick) -> None:
    """Who calls out a lot would see each of his calls up to a minute late."""
    operator = await set_up(push_relaxed=False)
    operator.announce()
    await telephone(operator, tick)
    assert operator.announcements.proof.is_proven
    assert operator.interval == 10


async def test_an_interval_that_is_longer_anyway_stays(set_up: SetUp, tick: Tick) -> None:
    """Who wants to ask every five minutes would be made to ask more often."""
    operator = await set_up(**{CONF_ACTIVE_INTERVAL: 300})
    operator.announce()
    await telephone(operator, tick)
    assert operator.interval == 300


async def test_an_unannounced_call_brings_the_interval_back_at_once(
    operator: Operator, tick: Tick
) -> None:
    """Push that has died would let every call be seen a minute late, or never."""
    operator.announce()
    await telephone(operator, tick)
    operator.exchange.world.push_settings.lost = 1
    operator.exchange.world.account().ringings.clear()
    await telephone(operator, tick, rings=60)
    assert operator.interval == 10
    before = operator.looks
    await wait(tick, 60)
    assert operator.looks - before >= 5


async def test_a_call_that_no_look_has_seen_brings_the_interval_back(
    operator: Operator, tick: Tick
) -> None:
    """It came and went within the minute; only the history tells that it was not announced."""
    operator.announce()
    await telephone(operator, tick)
    await wait(tick, 20)
    operator.exchange.world.account().ringings.clear()
    operator.exchange.world.miss(STRANGER, HOME, ringing=5)
    await wait(tick, 130)
    assert operator.interval == 10
    assert operator.announcements.proof.unannounced == 1


async def test_three_calls_in_a_row_raise_the_repair_until_one_is_announced(
    operator: Operator, tick: Tick
) -> None:
    """Nobody would learn that the operator calls no more, or that it calls again."""
    for number in range(3):
        assert operator.issues == set(), number
        await telephone(operator, tick)
    assert operator.issues == {"push_missing"}
    operator.announce()
    await telephone(operator, tick)
    assert operator.issues == set()


async def test_pushes_for_information_do_not_prove_that_rings_are_announced(
    operator: Operator, tick: Tick
) -> None:
    """A push of slot 98 or 99 comes when a call is up or over. Rings could stay unannounced."""
    for slot in (98, 99):
        operator.announce("hook=info", slot=slot)
    for number in range(3):
        assert operator.issues == set(), number
        operator.exchange.world.ring(STRANGER, HOME, answer_after=5, end_after=8)
        await operator.pushed(2 * number)
        for _ in range(10):
            await tick(1)
        await operator.pushed(2 * number + 2)
        await wait(tick, 10)
    proof = operator.announcements.proof
    assert (proof.announced, proof.unannounced) == (0, 3)
    assert operator.interval == 10
    assert operator.issues == {"push_missing"}


async def test_a_number_that_is_no_longer_called_stops_counting(
    operator: Operator, tick: Tick
) -> None:
    """A number that has been given up cannot keep the polling interval short for ever."""
    operator.announce(number=HOME)
    await telephone(operator, tick, to=WORKSHOP)
    await telephone(operator, tick)
    assert operator.interval == 10
    await operator.hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    await tick(31 * 86_400)
    await telephone(operator, tick)
    assert operator.interval == 60
    await operator.hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.announcements.proof.is_proven


@pytest.mark.parametrize(
    "date",
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
    ids=["first", "last"],
)
async def test_a_call_with_an_impossible_date_is_reported_and_counted(
    operator: Operator, tick: Tick, date: datetime
) -> None:
    """An active call of the year 1 or 9999 has no known start, and works like any other."""
    started = async_capture_events(operator.hass, "odorik_call_started")
    ended = async_capture_events(operator.hass, "odorik_missed_call")
    operator.announce()
    call = operator.exchange.world.ring(STRANGER, HOME)
    began, call.started = call.started, date
    await operator.pushed()
    for _ in range(10):
        await tick(1)
    call.started = began
    operator.exchange.world.end(call.id)
    for _ in range(10):
        await tick(10)
    assert [event.data["started_at"] for event in started] == [None]
    assert len(ended) == 1
    proof = operator.announcements.proof
    assert (proof.announced, proof.unannounced) == (1, 0)
    assert operator.interval == 60


async def test_the_repair_says_no_address(operator: Operator, tick: Tick) -> None:
    """Everybody in the house can list the repairs."""
    for _ in range(3):
        await telephone(operator, tick)
    (issue,) = ir.async_get(operator.hass).issues.values()
    assert issue.is_fixable
    assert operator.entry.data["webhook_id"] not in str(issue.to_json()) + str(issue)
    assert issue.data == {"entry_id": operator.entry.entry_id}
    assert issue.translation_placeholders == {"account": operator.entry.title}


async def test_calls_out_prove_nothing(operator: Operator, tick: Tick) -> None:
    """They are never announced, so whoever calls out would be told that push is broken."""
    operator.announce()
    await telephone(operator, tick)
    for _ in range(5):
        operator.exchange.world.dial(STRANGER)
        await wait(tick, 70)
        operator.exchange.world.end()
        await wait(tick, 10)
    assert operator.issues == set()
    assert operator.interval == 60


async def test_calls_sent_on_and_within_the_house_prove_nothing(
    operator: Operator, tick: Tick
) -> None:
    """A push is ordered for a public number."""
    world = operator.exchange.world
    for _ in range(4):
        world.ring(STRANGER, "*300110", line=300110)
        await wait(tick, 20)
        world.end()
        await wait(tick, 10)
    assert operator.announcements.proof.unannounced == 0
    operator.announce()
    call = world.ring(STRANGER, HOME)
    await operator.pushed()
    world.redirect(call.id)
    await wait(tick, 20, step=1)
    world.end()
    await wait(tick, 20)
    proof = operator.announcements.proof
    assert (proof.announced, proof.unannounced) == (1, 0)


async def test_what_was_learnt_survives_a_reload(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """Each change of an option would set the counts to nothing, and the repair would go."""
    operator.announce()
    await telephone(operator, tick)
    assert operator.interval == 60
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.announcements.proof.is_proven
    await wait(tick, 60)
    assert operator.interval == 60
    operator.exchange.world.account().ringings.clear()
    for _ in range(3):
        await telephone(operator, tick, rings=61)
    assert operator.issues == {"push_missing"}
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.issues == {"push_missing"}
    assert operator.announcements.proof.unannounced == 3


async def test_calls_while_nobody_listened_prove_nothing(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """After each night without power there would be a repair."""
    operator.announce()
    await telephone(operator, tick)
    assert await hass.config_entries.async_unload(operator.entry.entry_id)
    operator.exchange.world.account().ringings.clear()
    for _ in range(4):
        await tick(100)
        operator.exchange.world.miss(STRANGER, HOME)
    missed = async_capture_events(hass, "odorik_missed_call")
    assert await hass.config_entries.async_setup(operator.entry.entry_id)
    await operator.settle()
    await wait(tick, 10)
    assert len(missed) == 4
    assert operator.announcements.proof.unannounced == 0
    assert operator.announcements.proof.is_proven
    assert operator.issues == set()


async def test_calls_while_the_internet_was_away_prove_nothing(
    operator: Operator, tick: Tick
) -> None:
    """When we could not ask the operator, it could not call us either."""
    operator.announce()
    await telephone(operator, tick)
    operator.exchange.fail("reset", times=0)
    await wait(tick, 70)
    operator.exchange.world.account().ringings.clear()
    for _ in range(4):
        operator.exchange.world.miss(STRANGER, HOME)
        await tick(30)
    operator.exchange.world.ring(STRANGER, HOME)
    await wait(tick, 70)
    operator.exchange.exchange.faults.clear()
    await wait(tick, 130)
    operator.exchange.world.end()
    await wait(tick, 130)
    proof = operator.announcements.proof
    assert (proof.announced, proof.unannounced) == (1, 0)
    assert operator.issues == set()
    await telephone(operator, tick, rings=61)
    assert proof.unannounced == 1


async def test_a_failure_is_followed_as_closely_as_without_push(
    operator: Operator, tick: Tick
) -> None:
    """The entities would be unavailable for a minute after every hiccup."""
    operator.announce()
    await telephone(operator, tick)
    assert operator.interval == 60
    operator.exchange.fail("503", times=1, path="/active_calls.json")
    active = operator.entry.runtime_data.active
    while active.last_update_success:
        await tick(10)
    await tick(11)
    assert active.last_update_success
    assert operator.interval == 60


async def test_nothing_is_judged_before_home_assistant_has_started(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """Until then nobody can reach it, and a call that rings meanwhile was announced in vain."""
    hass.set_state(CoreState.starting)
    operator = await set_up()
    operator.exchange.world.ring(STRANGER, HOME)
    await wait(tick, 20)
    assert not operator.announcements.proof.is_listening
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await operator.settle()
    await wait(tick, 20)
    operator.exchange.world.end()
    await wait(tick, 130)
    proof = operator.announcements.proof
    assert (proof.is_listening, proof.unannounced) == (True, 0)


async def test_of_two_numbers_each_has_to_be_announced(operator: Operator, tick: Tick) -> None:
    """The calls to the one that was forgotten would each be seen a minute late."""
    operator.announce(number=HOME)
    for _ in range(3):
        await telephone(operator, tick)
        await telephone(operator, tick, to=WORKSHOP, rings=61)
        assert operator.interval == 10
    assert operator.issues == {"push_missing"}
    operator.announce(number=WORKSHOP)
    await telephone(operator, tick, to=WORKSHOP)
    assert operator.interval == 60
    assert operator.issues == set()


@pytest.mark.parametrize("late", [2, 8])
async def test_a_late_push_still_counts(operator: Operator, tick: Tick, late: int) -> None:
    """An announcement that is read to the caller first would look like no push at all."""
    operator.announce()
    operator.exchange.world.push_settings.delay = late
    operator.exchange.world.ring(STRANGER, HOME)
    await operator.entry.runtime_data.active.async_refresh()
    await operator.settle()
    assert operator.announcements.proof.unannounced == 1
    for _ in range(late + 2):
        await tick(1)
        operator.exchange.world.run_due()
    await operator.pushed()
    assert operator.announcements.proof.unannounced == 0
    assert operator.announcements.proof.is_proven


async def test_pushes_that_lie_change_nothing(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """Whatever a push says, only the operator's list tells who calls."""
    heard: list[Any] = []
    for kind in ("started", "answered", "ended"):
        heard += [async_capture_events(hass, f"odorik_call_{kind}")]
    heard += [async_capture_events(hass, "odorik_missed_call")]
    for query in (
        "hook=call&from=00420777123456&to=00420910123456&line=300100&sip_in_callid=x",
        "hook=info&callid=1&status=ANSWER",
        "hook=info&callid=1&status=NOANSWER",
    ):
        for _ in range(3):
            await operator.call_hook(query)
            await tick(1)
    await wait(tick, 130)
    assert not any(heard)
    assert operator.issues == set()
    assert operator.interval == 10


async def test_turning_push_off_leaves_nothing_behind(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """The looks would stay rare with nobody announcing anything, and the repair would stay."""
    operator.announce()
    await telephone(operator, tick)
    operator.exchange.world.account().ringings.clear()
    for _ in range(3):
        await telephone(operator, tick, rings=61)
    assert operator.issues == {"push_missing"}
    hass.config_entries.async_update_entry(operator.entry, options={CONF_PUSH: False})
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.issues == set()
    assert operator.interval == 10
    assert operator.entry.runtime_data.place.kept.proof is None
    hass.config_entries.async_update_entry(operator.entry, options={CONF_PUSH: True})
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.announcements.proof.state.announced == 0


async def test_two_accounts_are_told_apart(
    hass: HomeAssistant, operator: Operator, exchange: RunningExchange
) -> None:
    """A push for one would make the other look, and prove what nobody has announced to it."""
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Odorik 300110",
        unique_id="300110",
        data={"username": "300110", "password": "sip-300110"},
        options={CONF_PUSH: True},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await operator.settle()
    assert other.data["webhook_id"] != operator.entry.data["webhook_id"]
    exchange.journal.clear()
    await operator.call_hook()
    assert [it.login for it in exchange.requests("/active_calls.json")] == ["1234567"]


async def test_the_announcing_branch_changes_nothing_about_a_call(
    hass: HomeAssistant, operator: Operator, tick: Tick, freezer: FrozenDateTimeFactory
) -> None:
    """Should the operator list it among the calls, a missed call must still be one missed call."""
    told = {
        kind: async_capture_events(hass, kind)
        for kind in ("odorik_call_started", "odorik_call_ended", "odorik_missed_call")
    }
    operator.exchange.world.push_settings.legs = True
    operator.announce()
    await telephone(operator, tick)
    await wait(tick, 130)
    assert {kind: len(events) for kind, events in told.items()} == {
        "odorik_call_started": 1,
        "odorik_call_ended": 0,
        "odorik_missed_call": 1,
    }
    freezer.tick(1)
    call = operator.exchange.world.ring(STRANGER, HOME)
    await operator.pushed(2)
    operator.exchange.world.answer(call.id)
    await wait(tick, 10)
    operator.exchange.world.end(call.id)
    await wait(tick, 130)
    assert {kind: len(events) for kind, events in told.items()} == {
        "odorik_call_started": 2,
        "odorik_call_ended": 1,
        "odorik_missed_call": 1,
    }
