"""An account comes, runs, fails, recovers and goes, and leaves nothing behind."""

import asyncio
from datetime import timedelta
import functools
import logging
from types import CoroutineType, FunctionType, MethodType
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import CONF_LOW_CREDIT, DOMAIN, signal_call

from .conftest import Tick
from .exchange import RunningExchange

PACKAGE = "custom_components.odorik"
POLLS = {
    "/lines.json": 15 * 60,
    "/active_calls.json": 10,
    "/calls.json": 120,
    "/call_statistics.json": 15 * 60,
}
"""What is polled, and the seconds after which it is due again."""
BAD_WEATHER = ["html", "400", "401", "403", "404", "500", "503", "reset", "bad_json"]
"""What comes from anything but the operator itself."""


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait fifteen seconds for an answer that will not come."""
    monkeypatch.setattr(f"{PACKAGE}.api.connection.TIMEOUT", 0.5)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an account up, whatever comes of it."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def reauths(hass: HomeAssistant) -> list[Any]:
    """List the logins that the user is asked for."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """List what the log says to somebody who has turned no debugging on."""
    return [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.name.startswith(PACKAGE)
        and record.levelno >= logging.INFO
        and record.module != "config_entries"
    ]


def state_of(hass: HomeAssistant, platform: str, unique_id: str) -> str:
    """Tell what an entity shows."""
    entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert entity_id
    state = hass.states.get(entity_id)
    assert state
    return state.state


def is_ours(thing: object) -> bool:
    """Return whether a callable, a coroutine or what holds one is the integration's, by its code.

    Its text would not do: it holds the paths of files, in which the folder may have any name.
    """
    match thing:
        case HassJob():
            return is_ours(thing.target)
        case functools.partial():
            return any(map(is_ours, (thing.func, *thing.args)))
        case MethodType():
            return is_ours(thing.__func__) or is_ours(thing.__self__)
        case FunctionType():
            return thing.__module__.startswith(PACKAGE)
        case CoroutineType():
            frame = thing.cr_frame
            return frame is not None and (
                str(frame.f_globals.get("__name__")).startswith(PACKAGE)
                or is_ours(frame.f_locals.get("self"))
            )
    is_home_assistants = type(thing).__module__.startswith("homeassistant.helpers.event")
    return type(thing).__module__.startswith(PACKAGE) or (
        is_home_assistants and is_ours(getattr(thing, "job", None))
    )


def left_behind(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return what still runs or listens."""
    scheduled: list[Any] = get_scheduled_timer_handles(hass.loop)
    return {
        "timers": [
            handle
            for handle in scheduled
            if not handle.cancelled() and any(map(is_ours, (handle._callback, *handle._args)))
        ],
        "tasks": [
            task for task in asyncio.all_tasks() if not task.done() and is_ours(task.get_coro())
        ],
        "signals": list(hass.data.get(DATA_DISPATCHER, {}).get(signal_call(entry.entry_id), ())),
        "listeners": dict(hass.bus.async_listeners()),
    }


async def test_an_unloaded_account_leaves_nothing_running(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Each reload would leave another set of timers that ask the operator, for ever."""
    call = exchange.world.ring()
    await tick(10)
    exchange.world.end(call.id)  # The record of a call is being looked for when it is unloaded.
    await tick(3)
    account.runtime_data.history.async_refresh_soon()
    running = left_behind(hass, account)
    assert running["timers"]
    assert running["tasks"]
    assert await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    after_one = left_behind(hass, account)
    assert after_one | {"listeners": None} == {
        "timers": [],
        "tasks": [],
        "signals": [],
        "listeners": None,
    }
    assert not hasattr(account, "runtime_data")
    asked = len(exchange.journal)
    await tick(3600)
    assert len(exchange.journal) == asked

    for _ in range(3):
        assert await hass.config_entries.async_setup(account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert left_behind(hass, account) == after_one


async def test_a_reload_changes_neither_what_is_shown_nor_how_often_is_asked(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Pollers of the time before would go on beside the new ones."""
    before = {state.entity_id for state in hass.states.async_all()}
    for _ in range(3):
        assert await hass.config_entries.async_reload(account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert {state.entity_id for state in hass.states.async_all()} == before
    exchange.journal.clear()
    for _ in range(6):
        await tick(10)
    assert len(exchange.requests("/active_calls.json")) == 6


async def test_a_call_that_ends_around_a_reload_is_reported_once(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An answer that is still under way would be told by the old account and by the new one."""
    missed = async_capture_events(hass, f"{DOMAIN}_missed_call")
    exchange.world.miss()
    exchange.world.advance(60)
    exchange.fail("slow", path="/calls.json", seconds=1)
    exchange.journal.clear()
    reading = hass.async_create_task(account.runtime_data.history.async_refresh())
    while not exchange.requests("/calls.json"):  # noqa: ASYNC110 - It is a journal.
        await asyncio.sleep(0.01)
    assert await hass.config_entries.async_reload(account.entry_id)
    await reading
    await hass.async_block_till_done(wait_background_tasks=True)
    await account.runtime_data.history.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(missed) == 1
    assert "Unexpected error" not in caplog.text


@pytest.mark.parametrize("path", ["/lines.json", "/active_calls.json", "/calls.json"])
async def test_a_set_up_that_fails_half_way_leaves_nothing_and_is_made_good(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    path: str,
) -> None:
    """After an evening without the internet the account would ask twice as often as it should."""
    exchange.fail("503", path=path, times=3)
    await set_up(hass, entry)
    for _ in range(2):
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.reason
        found = left_behind(hass, entry)
        assert found["tasks"] == found["signals"] == []
        # Home Assistant itself will try again; nothing else is waiting.
        assert found["timers"] == []
        await tick(30)
    await tick(60)
    assert entry.state is ConfigEntryState.LOADED
    exchange.journal.clear()
    for _ in range(6):
        await tick(10)
    assert len(exchange.requests("/active_calls.json")) == 6


@pytest.mark.parametrize("path", ["/public_numbers.json", "/speed_dials.json"])
async def test_numbers_and_contacts_are_dispensable(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
    *,
    path: str,
) -> None:
    """Nobody would hear of a missed call, only because the contacts cannot be read."""
    exchange.fail("500", path=path, times=2)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    await tick(15 * 60)
    await tick(15 * 60)
    data = entry.runtime_data.account.data
    assert data.public_numbers
    assert data.speed_dials
    levels = [level for level, text in said(caplog) if "can" in text]
    assert levels == [logging.WARNING, logging.INFO]
    # What has been read is not asked for again until the next morning.
    exchange.journal.clear()
    await tick(15 * 60)
    assert not exchange.requests(path)


async def test_contacts_that_cannot_be_read_again_stay_known(
    exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Callers would lose their names for as long as one answer fails."""
    exchange.fail("500", path="/speed_dials.json", times=0)
    await tick(6 * 3600 + 60)
    assert exchange.requests("/speed_dials.json")
    assert account.runtime_data.account.data.directory.name_of("+420777123456") == "Jan Novák mobil"


@pytest.mark.parametrize("path", ["/lines.json", "/public_numbers.json", "/speed_dials.json"])
@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
async def test_a_refused_login_at_set_up_asks_for_the_password(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, path: str, code: str
) -> None:
    """Home Assistant would try for ever with a password that is no longer good."""
    exchange.fail(code, path=path)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert len(reauths(hass)) == 1


@pytest.mark.parametrize("path", POLLS)
@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
async def test_a_refused_login_of_a_poll_asks_for_the_password_once(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    *,
    path: str,
    code: str,
) -> None:
    """The account would fall silent, or ask with a form for each of its clocks."""
    exchange.fail(code, times=0, path=path)
    await tick(POLLS[path])
    assert len(reauths(hass)) == 1
    exchange.fail(code, times=0)
    await tick(3600)
    assert len(reauths(hass)) == 1
    assert account.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("fault", [*BAD_WEATHER, "timeout", "something_of_tomorrow"])
async def test_bad_weather_at_set_up_is_tried_again_without_asking_for_a_password(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, fault: str
) -> None:
    """After each maintenance of the operator, users would be asked for a good password."""
    exchange.fail(fault, times=0)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert reauths(hass) == []
    assert exchange.password not in str(entry.reason)
    assert "user=" not in str(entry.reason)


@pytest.mark.parametrize("fault", [*BAD_WEATHER, "something_of_tomorrow", "unauthorized"])
async def test_bad_weather_of_a_poll_never_asks_for_a_password(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick, fault: str
) -> None:
    """The same, while it is running; polling goes on and recovers by itself."""
    exchange.fail(fault, times=0)
    await tick(15 * 60)
    assert reauths(hass) == []
    exchange.exchange.faults.clear()
    await tick(15 * 60)
    assert reauths(hass) == []
    data = account.runtime_data
    for coordinator in (data.account, data.active, data.history, data.statistics):
        assert coordinator.last_update_success


async def test_an_outage_is_said_once_and_its_end_once(
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An hour without the internet would fill the log, once for each of four clocks."""
    caplog.clear()
    exchange.fail("503", times=0)
    for _ in range(40):
        await tick(60)
    data = account.runtime_data
    for coordinator in (data.account, data.active, data.history, data.statistics):
        assert not coordinator.last_update_success
    assert [level for level, _ in said(caplog)] == [logging.ERROR]
    assert "503" in said(caplog)[0][1]

    exchange.exchange.faults.clear()
    for _ in range(40):
        await tick(60)
    for coordinator in (data.account, data.active, data.history, data.statistics):
        assert coordinator.last_update_success
    assert [level for level, _ in said(caplog)] == [logging.ERROR, logging.INFO]


@pytest.mark.parametrize("order", [list(POLLS), list(reversed(POLLS))])
async def test_an_outage_is_said_once_whichever_clock_meets_it_first(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    order: list[str],
) -> None:
    """What the log says would depend on chance. The entities follow each clock by itself."""
    data = account.runtime_data
    clocks = dict(
        zip(POLLS, (data.account, data.active, data.history, data.statistics), strict=True)
    )
    shown = [f"{account.unique_id}_300100_{key}" for key in ("registered", "ringing")]
    caplog.clear()
    for path in order:
        exchange.fail("503", times=0, path=path)
        if path == "/call_statistics.json":
            # One figure that fails alone is no outage.
            exchange.fail("503", times=0, path="/call_statistics/")
            exchange.fail("503", times=0, path="/balance")
        await clocks[path].async_refresh()
    await hass.async_block_till_done()
    assert [level for level, _ in said(caplog)] == [logging.ERROR]
    assert {state_of(hass, "binary_sensor", unique_id) for unique_id in shown} == {"unavailable"}
    exchange.exchange.faults.clear()
    for path in order:
        await clocks[path].async_refresh()
    await hass.async_block_till_done()
    assert [level for level, _ in said(caplog)] == [logging.ERROR, logging.INFO]
    assert [state_of(hass, "binary_sensor", unique_id) for unique_id in shown] == ["on", "off"]


@pytest.mark.parametrize("path", ["/lines.json", "/active_calls.json", "/calls.json"])
async def test_one_reading_that_fails_alone_is_said_and_the_rest_goes_on(
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    """One broken page of the operator's would take the whole account with it, in silence."""
    caplog.clear()
    exchange.fail("cut_json" if path != "/active_calls.json" else "500", times=0, path=path)
    for _ in range(30):
        await tick(60)
    data = account.runtime_data
    fine = [
        coordinator.last_update_success for coordinator in (data.account, data.active, data.history)
    ]
    assert fine.count(False) == 1
    assert [level for level, _ in said(caplog)] == [logging.ERROR]
    exchange.exchange.faults.clear()
    for _ in range(30):
        await tick(60)
    assert [level for level, _ in said(caplog)] == [logging.ERROR, logging.INFO]


async def test_an_outage_at_set_up_is_left_to_home_assistant_to_say(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A start without the internet would be said at each try, and an outage later perhaps not."""
    exchange.fail("503", times=0)
    await set_up(hass, entry)
    await tick(30)
    await tick(60)
    assert said(caplog) == []
    exchange.exchange.faults.clear()
    await tick(120)
    assert entry.state is ConfigEntryState.LOADED
    caplog.clear()
    exchange.fail("503", times=0)
    await tick(120)
    assert [level for level, _ in said(caplog)] == [logging.ERROR]


async def test_no_log_holds_a_password_or_an_address_with_its_query(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """People paste debug logs into forums, and whoever has the API password has the credit."""
    caplog.set_level(logging.DEBUG)
    sip_passwords = [line.sip_password for line in exchange.world.account().lines.values()]
    for fault in (*BAD_WEATHER, "authentication_failed"):
        exchange.fail(fault, times=2)
    await set_up(hass, entry)
    for _ in range(20):
        await tick(300)
    exchange.exchange.faults.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    for fault in (*BAD_WEATHER, "authentication_failed"):
        exchange.fail(fault, times=4)
        await tick(900)
    assert "503" in caplog.text
    assert exchange.password not in caplog.text
    for secret in sip_passwords:
        assert secret not in caplog.text
    for mark in ("user=", "password=", "user_agent="):
        assert mark not in caplog.text


async def test_what_a_login_may_not_read_is_left_out_with_one_line_for_debugging(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An account with few rights would look broken, or fill the log."""
    caplog.set_level(logging.DEBUG, logger=PACKAGE)
    denied = {"public_numbers", "speed_dials", "calls", "balance"}
    exchange.world.denied[exchange.username] = denied
    await set_up(hass, entry)
    for _ in range(10):
        await tick(15 * 60)
    assert entry.state is ConfigEntryState.LOADED
    assert [text for level, text in said(caplog) if level > logging.INFO] == []
    lines = [record for record in caplog.records if "may not read" in record.getMessage()]
    assert len(lines) == len(denied)
    assert {record.levelno for record in lines} == {logging.DEBUG}


async def test_removing_an_account_removes_everything_that_was_kept(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    hass_storage: dict[str, Any],
) -> None:
    """Numbers of callers would lie in a file of an account that is no longer there."""
    exchange.world.miss()
    await tick(120)
    key = f"{DOMAIN}.{account.entry_id}"
    assert key in hass_storage
    assert await hass.config_entries.async_remove(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await tick(120)
    assert key not in hass_storage
    assert not er.async_entries_for_config_entry(er.async_get(hass), account.entry_id)
    assert hass.states.async_entity_ids() == []


async def test_an_account_that_never_ran_can_be_removed(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """Who mistyped everything could not get rid of it."""
    exchange.fail("503", times=0)
    await set_up(hass, entry)
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_options_take_effect_by_a_reload_and_an_older_entry_needs_none(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """An option would wait for the next restart."""
    assert account.options == {}
    first = account.runtime_data
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {CONF_LOW_CREDIT: 5})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.runtime_data is not first
    assert account.runtime_data.active.update_interval == timedelta(seconds=10)
    assert exchange.requests("/active_calls.json")
