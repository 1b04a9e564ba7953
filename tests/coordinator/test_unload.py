"""Accounts that are unloaded, reloaded or removed during a poll."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.storage import _JsonFile
from simulator.world import World
from tests.conftest import EventLog
from tests.exchange import RunningExchange, call_ids

JAN = "00420777123456"
DELAY = 0.3
"""Seconds that a slow response takes; the account is unloaded meanwhile."""
UNLOAD_TIMEOUT = 10
"""Seconds that Home Assistant waits for the tasks of an account that it unloads."""

type Ending = Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Reload the account."""
    assert await hass.config_entries.async_reload(entry.entry_id)


async def change_options(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Change an option, which reloads the account."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        form["flow_id"], {"active_interval": 20, "unregistered_lines": True}
    )


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload the account."""
    assert await hass.config_entries.async_unload(entry.entry_id)


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove the account."""
    await hass.config_entries.async_remove(entry.entry_id)


async def stop(hass: HomeAssistant, entry: MockConfigEntry) -> None:  # noqa: ARG001 - An ending.
    """Stop Home Assistant."""
    await hass.async_stop()


@pytest.mark.parametrize("ending", [reload, change_options, unload, remove, stop])
@pytest.mark.parametrize("path", ["/calls.json", "/active_calls.json", "/lines.json", "/balance"])
async def test_an_account_may_end_during_a_poll(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    event_log: EventLog,
    caplog: pytest.LogCaptureFixture,
    path: str,
    ending: Ending,
) -> None:
    """Polls in progress log no error, and the call is reported once."""
    # At debug level Home Assistant itself logs a traceback for each failed poll.
    caplog.set_level(logging.INFO)
    data = account.runtime_data
    exchange.world.ring(JAN)
    await data.active.async_refresh()
    exchange.world.end()
    exchange.world.advance(5)
    # A missed call makes the history poll the active calls again, and then look for its record.
    exchange.fail("slow", path=path, seconds=DELAY, times=0)
    polls = [
        asyncio.create_task(coordinator.async_refresh())
        for coordinator in (data.history, data.active, data.account, data.statistics)
    ]
    await asyncio.sleep(DELAY / 2)
    await ending(hass, account)
    exchange.exchange.faults.clear()
    await asyncio.gather(*polls, return_exceptions=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    if ending in (reload, change_options):
        await account.runtime_data.history.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert len(event_log.ends) == 1
    assert len(event_log.ends) <= 1
    assert "Traceback" not in caplog.text
    assert "AttributeError" not in caplog.text


@pytest.mark.parametrize("coordinator", ["account", "active", "history", "statistics"])
async def test_a_requested_refresh_ends_with_home_assistant(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    coordinator: str,
) -> None:
    """A refresh that becomes due after the session was closed is not attempted."""
    requests = len(exchange.journal)
    await getattr(account.runtime_data, coordinator).async_request_refresh()
    await hass.async_stop()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=5))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(exchange.journal) == requests
    assert "ERROR" not in caplog.text


async def test_a_card_that_waits_for_its_history_gets_an_answer(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A request for the history is answered although its account is unloaded meanwhile."""
    exchange.world.fill(30, days=3)
    client = await hass_ws_client(hass)
    exchange.fail("slow", path="/calls.json", seconds=DELAY, times=0)
    await client.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    await asyncio.sleep(DELAY / 2)
    await unload(hass, account)
    answer = await client.receive_json()
    assert answer["success"], answer
    assert answer["result"]["calls"]
    assert "Traceback" not in caplog.text


def start(hass: HomeAssistant, _: MockConfigEntry, poll: Coroutine[Any, Any, None]) -> Any:
    """Start a task that an unload of the account does not cancel."""
    return hass.async_create_task(poll)


def start_for(hass: HomeAssistant, entry: MockConfigEntry, poll: Coroutine[Any, Any, None]) -> Any:
    """Start a task that an unload of the account cancels."""
    return entry.async_create_background_task(hass, poll, "poll")


@pytest.mark.parametrize("start", [start, start_for])
async def test_a_reload_while_events_are_reported_repeats_none(
    hass: HomeAssistant,
    world: World,
    account: MockConfigEntry,
    event_log: EventLog,
    start: Callable[..., asyncio.Task[None]],
) -> None:
    """An account stores the position of its reported events before it is set up again."""
    world.fill(600, days=1)
    poll = start(hass, account, account.runtime_data.history.async_refresh())
    while len(event_log.ends) < 150:  # noqa: ASYNC110 - The event bus has no event for that.
        await asyncio.sleep(0)
    await reload(hass, account)
    await asyncio.gather(poll, return_exceptions=True)
    await account.runtime_data.history.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(event_log.ids) == call_ids(world)


@pytest.mark.parametrize("ending", [reload, change_options, unload, remove])
async def test_an_unload_waits_until_the_position_is_stored(
    hass: HomeAssistant,
    world: World,
    account: MockConfigEntry,
    event_log: EventLog,
    monkeypatch: pytest.MonkeyPatch,
    ending: Ending,
) -> None:
    """A disk that stalls for longer than Home Assistant waits for tasks repeats no event."""
    stalls, goes_on = asyncio.Event(), asyncio.Event()
    async_save, wait = _JsonFile.async_save, asyncio.wait

    async def stall(file: _JsonFile[Any], document: Any) -> bool:
        stalls.set()
        await goes_on.wait()
        return await async_save(file, document)

    async def wait_no_longer(tasks: Any, **options: Any) -> Any:
        if options.get("timeout") == UNLOAD_TIMEOUT:
            options["timeout"] = 0
        return await wait(tasks, **options)

    monkeypatch.setattr(_JsonFile, "async_save", stall)
    monkeypatch.setattr(asyncio, "wait", wait_no_longer)
    numbers = {"source_number": JAN, "destination_number": "00420910123456"}
    world.add_record(**numbers, direction="in", status="missed", length=0, date=dt_util.utcnow())
    history = account.runtime_data.history
    poll = asyncio.create_task(history.async_refresh())
    await stalls.wait()
    assert event_log.kinds == ["missed_call"]
    end = asyncio.ensure_future(ending(hass, account))
    while not history._dispatch_lock._waiters:  # noqa: ASYNC110 - The lock has no event for that.
        await asyncio.sleep(0)
    for _ in range(100):
        await asyncio.sleep(0)
        assert account.state is ConfigEntryState.UNLOAD_IN_PROGRESS
    goes_on.set()
    await asyncio.gather(end, poll)
    await hass.async_block_till_done(wait_background_tasks=True)
    if ending is unload:
        assert await hass.config_entries.async_setup(account.entry_id)
    if ending is not remove:
        await account.runtime_data.history.async_refresh()
    assert event_log.kinds == ["missed_call"]
