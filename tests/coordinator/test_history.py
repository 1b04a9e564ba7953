"""Every call is reported once, across restarts, failures and changes of permissions."""

# ruff: noqa: ASYNC240 - Tests may block the event loop while they read a small file.

import asyncio
from datetime import timedelta
from pathlib import Path
import stat
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, STARTED_AT
from simulator.world import World
from tests.accounts import EVA, JAN
from tests.conftest import AccountAction, EventLog, Tick
from tests.exchange import RunningExchange, call_ids


@pytest.fixture(autouse=True)
def _no_delay_before_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Request a page again at once."""
    monkeypatch.setattr("custom_components.odorik.api.pages.PAGE_RETRY_DELAY", 0)


# Home Assistant starts, reloads and stops


async def test_events_during_downtime_are_reported_after_the_start(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    set_up: AccountAction,
    unload: AccountAction,
    world: World,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
    event_log: EventLog,
    messages: list[Event[dict[str, Any]]],
) -> None:
    """Calls and messages of the last week are reported in order once Home Assistant has started.

    Automations do not listen before that.
    """
    assert account.title
    world.miss(JAN)
    await tick(120)
    assert len(event_log.ends) == 1
    await unload()
    received = []
    for days in (1, 1, 5.5, 1):
        freezer.tick(timedelta(days=days))
        world.miss(EVA)
        received.append(world.receive_sms(EVA).id)
    world.ring(JAN)
    freezer.tick(30)
    world.end()
    freezer.tick(30)

    hass.set_state(CoreState.not_running)
    hass.data[STARTED_AT] = world.now()
    await set_up()
    hass.set_state(CoreState.starting)
    freezer.tick(5)
    world.miss(JAN)
    received.append(world.receive_sms(JAN).id)
    await tick(*[10] * 20)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert (len(event_log.ends), messages) == (1, [])
    await tick(3, 0)
    reported = event_log.ends[1:]
    assert [data["call_id"] for data in reported] == call_ids(world)[2:]
    assert [data["replayed"] for data in reported] == [True, True, True, True, False]
    moments = [data["started_at"] for data in reported]
    assert moments == sorted(moments)
    assert [item.uid for item in account.runtime_data.inbox.waiting] == [
        f"+{JAN[2:]}",
        f"+{EVA[2:]}",
    ]
    await tick(120)
    assert len(event_log.ends) == 6
    assert [event.data["sms_id"] for event in messages] == received[1:]
    assert [event.data["replayed"] for event in messages] == [True, True, True, False]


async def test_nothing_is_reported_during_shutdown(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    event_log: EventLog,
    reload: AccountAction,
) -> None:
    """A call that is found while Home Assistant stops is reported after the next start."""
    world.miss(JAN)
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await account.runtime_data.history.async_refresh()
    assert event_log.kinds == []
    hass.set_state(CoreState.running)
    await reload()
    await tick(0)
    assert event_log.kinds == ["missed_call"]


@pytest.mark.usefixtures("account")
async def test_a_call_across_two_reloads_is_reported_once(
    world: World, tick: Tick, event_log: EventLog, reload: AccountAction
) -> None:
    """A call is not lost when an option is changed while it rings."""
    await tick(10)
    world.ring(JAN)
    await tick(10)
    await reload()
    await tick(3)
    world.end()
    await tick(3)
    await reload()
    await tick(3, 120)
    assert event_log.kinds == ["call_started", "missed_call"]


async def test_concurrent_refreshes_report_a_call_once(
    account: MockConfigEntry, world: World, event_log: EventLog
) -> None:
    """The regular poll may overlap with the search for the record of a finished call."""
    world.fill(400, days=1)
    history = account.runtime_data.history
    await asyncio.gather(*(history.async_refresh() for _ in range(3)))
    assert len(event_log.ids) == len(set(event_log.ids)) > 300


async def test_other_callbacks_run_between_the_events_of_a_backlog(
    hass: HomeAssistant, account: MockConfigEntry, world: World, event_log: EventLog
) -> None:
    """The event loop is not blocked until all events have been dispatched."""
    for _ in range(25):
        world.miss(JAN)
    counts: list[int] = []

    @callback
    def schedule(_: Event) -> None:
        hass.loop.call_soon(lambda: counts.append(len(event_log.events)))

    hass.bus.async_listen("odorik_missed_call", schedule)
    await account.runtime_data.history.async_refresh()
    assert counts == [10] * 10 + [20] * 10 + [25] * 5


# Failures of the network and the operator


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("outage", [60, 86_400])
async def test_an_outage_loses_no_call(
    exchange: RunningExchange, world: World, tick: Tick, event_log: EventLog, outage: int
) -> None:
    """Calls of an outage of a minute or a day are reported once, and as new ones."""
    await tick(10)
    world.ring(JAN)
    await tick(10)
    exchange.fail("503", times=0)
    world.end()
    for _ in range(12):
        await tick(outage / 12)
        world.miss(EVA, ringing=3)
    exchange.exchange.faults.clear()
    await tick(*[10] * 14)
    assert event_log.ids == call_ids(world)
    assert [data["replayed"] for data in event_log.ends] == [False] * 13


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("mode", "every"), [("500", 3), ("reset", 3), ("cut_json", 3), ("html", 2)]
)
async def test_frequent_failures_lose_no_call(
    exchange: RunningExchange, world: World, tick: Tick, event_log: EventLog, mode: str, every: int
) -> None:
    """All calls are reported although every second or third request fails."""
    exchange.fail(mode, times=0, every=every)
    for number in range(8):
        await tick(10)
        world.ring(JAN)
        await tick(10)
        if number % 2:
            world.answer()
        await tick(3)
        world.end()
        await tick(3)
    exchange.exchange.faults.clear()
    await tick(120, 120)
    assert event_log.ids == call_ids(world)
    assert [data["status"] for data in event_log.ends] == ["missed", "answered"] * 4


async def test_an_unreadable_record_is_skipped(
    account: MockConfigEntry,
    exchange: RunningExchange,
    world: World,
    tick: Tick,
    event_log: EventLog,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The calls around an unreadable record are reported, and it is not requested forever."""
    numbers = [world.miss(JAN).id for _ in range(3)]
    exchange.fail("cut_record", path="/calls.json", times=0, record=numbers[1])
    await tick(120)
    assert event_log.ids == [numbers[0], numbers[2]]
    await tick(120)
    numbers += [world.miss(JAN).id for _ in range(40)]
    await tick(120)
    assert event_log.ids == [number for number in numbers if number != numbers[1]]
    # The position advances with the next poll and is sent by the one after it.
    await tick(120, 120)
    assert int(exchange.requests("/calls.json")[-1].params["since_id"]) >= numbers[1]
    assert account.runtime_data.history.last_update_success
    assert caplog.text.count("cannot be read and are skipped") == 1


async def test_a_history_that_restarts_with_lower_ids_is_followed(
    entry: MockConfigEntry,
    set_up: AccountAction,
    world: World,
    tick: Tick,
    event_log: EventLog,
    messages: list[Event[dict[str, Any]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """New events are reported although their IDs are lower than the stored position.

    Earlier ones are recognized by their time.
    """
    world.fill(50, messages=20)
    await set_up()
    calls, received = [world.miss(JAN).id], [world.receive_sms(JAN)]
    await tick(120)
    world.account().records.clear()
    await tick(120, 120)
    world.ledger._last_record = 0
    call = {"source_number": JAN, "destination_number": "", "status": "missed"}
    world.add_record(id=1, date=world.now() - timedelta(days=1), **call)
    world.receive_sms(JAN, id=2, date=received[0].date)
    for number in (3, 5):
        calls.append(world.add_record(id=number, **call).id)
        received.append(world.receive_sms(JAN, id=number + 1))
        await tick(120)
    assert event_log.ids == calls
    assert [event.data["sms_id"] for event in messages] == [message.id for message in received]
    assert f"The call history of {entry.title} starts over with lower IDs" in caplog.text


@pytest.mark.usefixtures("account")
async def test_five_thousand_calls_after_an_outage_are_reported_once(
    exchange: RunningExchange, world: World, tick: Tick, event_log: EventLog
) -> None:
    """Calls on three pages are reported once, although a page fails at first."""
    world.fill(5000, days=2)
    exchange.fail("500", path="GET /calls.json", every=2, times=1)
    await tick(120, 120)
    calls = call_ids(world)
    assert sorted(event_log.ids) == calls
    # The next poll requests only the newest records.
    exchange.journal.clear()
    await tick(120)
    [request] = exchange.requests("/calls.json")
    assert calls[-60] < int(request.params["since_id"]) < calls[-1]


# Several accounts and permissions


async def test_calls_are_reported_without_permission_to_read_the_history(
    entry: MockConfigEntry,
    exchange: RunningExchange,
    set_up: AccountAction,
    reload: AccountAction,
    world: World,
    tick: Tick,
    event_log: EventLog,
) -> None:
    """Active calls are reported without a record ID, and not again once the history is readable.

    The inbox follows them.
    """
    world.denied[exchange.username] = {"calls"}
    await set_up()
    for number in (JAN, EVA):
        world.ring(number)
        await tick(10)
        world.end()
        await tick(3)
    world.ring(JAN)
    await tick(10)
    world.answer()
    await tick(3)
    world.end()
    await tick(3)
    missed, answered = ["call_started", "missed_call"], ["call_started", "call_answered"]
    assert event_log.kinds == [*missed, *missed, *answered, "call_ended", "call_returned"]
    assert event_log.ids == [None, None, None]
    await reload()
    assert [item.uid for item in entry.runtime_data.inbox.waiting] == [f"+{EVA[2:]}"]
    world.denied.clear()
    await tick(120)
    world.miss(EVA)
    await tick(120)
    assert event_log.ids == [None, None, None, call_ids(world)[-1]]


@pytest.mark.usefixtures("account")
async def test_a_permission_that_is_revoked_and_restored_repeats_nothing(
    exchange: RunningExchange, world: World, tick: Tick, event_log: EventLog, reload: AccountAction
) -> None:
    """A call reported as an active call is not reported from its record, even after a restart."""
    world.miss(EVA)
    await tick(120)
    world.denied[exchange.username] = {"calls"}
    await tick(120)
    world.ring(JAN)
    await tick(10)
    world.end()
    await tick(3)
    world.miss(EVA)
    await tick(120)
    assert len(event_log.ends) == 2
    await reload()
    world.denied.clear()
    await tick(120, 120)
    assert event_log.ids == [call_ids(world)[0], None, call_ids(world)[2]]


# The stored position


async def test_the_position_is_stored_with_the_event_in_a_private_file(
    account: MockConfigEntry, world: World, store_file: Path, tick: Tick, event_log: EventLog
) -> None:
    """A power cut after an event does not repeat it, and other users cannot read the file."""
    world.miss(JAN)
    before = store_file.read_text("utf-8")
    await tick(120)
    assert event_log.kinds == ["missed_call"]
    after = store_file.read_text("utf-8")
    assert after != before
    assert account.data["password"] not in after
    assert stat.S_IMODE(store_file.stat().st_mode) == 0o600


async def test_a_disk_that_cannot_be_written_raises_a_repair_and_repeats_nothing(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    store_file: Path,
    tick: Tick,
    event_log: EventLog,
    reload: AccountAction,
) -> None:
    """The repair is resolved by the next poll, and the position is stored without a new call."""
    issue_id = (DOMAIN, f"{account.entry_id}_place_not_kept")
    issues = ir.async_get(hass).issues
    store_file.unlink()
    store_file.mkdir()
    world.miss(JAN)
    await tick(120)
    assert issues[issue_id].severity == ir.IssueSeverity.ERROR
    assert issues[issue_id].translation_placeholders == {"account": account.title}
    await tick(120)
    assert issue_id in issues
    assert event_log.kinds == ["missed_call"]
    store_file.rmdir()
    await tick(120)
    assert issue_id not in issues
    await reload()
    world.miss(JAN)
    await tick(120)
    await reload()
    await tick(120)
    assert event_log.ids == call_ids(world)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"version": 1',
        '{"a": 1}',
        '{"version": 1, "data": {"log": {"place": "many"}}}',
        '{"version": 1, "data": {"log": null}}',
        '{"version": 9, "data": {"log": {"place": 1}}}',
    ],
)
async def test_a_damaged_store_resets_the_baseline(
    entry: MockConfigEntry,
    set_up: AccountAction,
    reload: AccountAction,
    world: World,
    store_file: Path,
    tick: Tick,
    event_log: EventLog,
    caplog: pytest.LogCaptureFixture,
    content: str,
) -> None:
    """An account with an unreadable file is set up, and does not report its whole history."""
    world.fill(300, days=3)
    store_file.parent.mkdir(exist_ok=True)
    store_file.write_text(content, "utf-8")
    await set_up()
    await tick(120)
    assert event_log.kinds == []
    assert f"Calls of {entry.title} are reported from now on" in caplog.text
    world.miss(JAN)
    await tick(120)
    assert event_log.kinds == ["missed_call"]
    await reload()
    await tick(120)
    assert event_log.kinds == ["missed_call"]


@pytest.mark.parametrize("days", [0.5, 20, 200, 1000])
async def test_the_baseline_is_the_newest_record_however_old(
    entry: MockConfigEntry,
    set_up: AccountAction,
    world: World,
    tick: Tick,
    event_log: EventLog,
    days: float,
) -> None:
    """A quiet account is not taken for an empty one, whose whole history would be new."""
    date = (world.now() - timedelta(days=days)).replace(microsecond=0)
    home = "00420910123456"
    world.add_record(source_number=JAN, destination_number=home, date=date, status="missed")
    world.add_record(source_number=EVA, destination_number=home, date=date)
    await set_up()
    await tick(120)
    assert event_log.kinds == []
    history = entry.runtime_data.history.data
    assert history.last_call["number"] == "+420602987654"
    assert history.last_missed_call["started_at"] == date.isoformat()
