"""An account that is unloaded, reloaded or removed at any moment of a reading."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.file import File
from tests.exchange import RunningExchange

JAN = "00420777123456"
SLOW = 0.3
"""Seconds; the account goes while an answer is under way."""
MISSED: dict[str, Any] = {
    "direction": "in",
    "source_number": JAN,
    "destination_number": "00420910123456",
    "status": "missed",
    "length": 0,
}
UNLOADED_WITHIN = 10
"""Seconds that Home Assistant waits for the tasks of an account that it unloads."""


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the account up anew."""
    assert await hass.config_entries.async_reload(entry.entry_id)


async def change_options(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Fill in the form of the options, which reloads the account."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        form["flow_id"], {"active_interval": 20, "unregistered_lines": True}
    )


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Disable the account."""
    assert await hass.config_entries.async_unload(entry.entry_id)


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Delete the account."""
    await hass.config_entries.async_remove(entry.entry_id)


async def stop(hass: HomeAssistant, entry: MockConfigEntry) -> None:  # noqa: ARG001
    """Shut Home Assistant down."""
    await hass.async_stop()


WAYS: list[Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]] = [
    reload,
    change_options,
    unload,
    remove,
    stop,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("path", ["/calls.json", "/active_calls.json", "/lines.json", "/balance"])
async def test_a_reading_under_way_writes_no_traceback_and_reports_nothing_twice(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    path: str,
    way: Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]],
) -> None:
    """The log of a home would fill with errors whenever somebody changes an option."""
    # At debug level Home Assistant itself traces each failed poll.
    caplog.set_level(logging.INFO)
    missed = async_capture_events(hass, f"{DOMAIN}_missed_call")
    data = account.runtime_data
    exchange.world.ring(JAN)
    await data.active.async_refresh()
    exchange.world.end()
    exchange.world.advance(5)
    # The missed call makes the history look at the active calls again, and then for its record.
    exchange.fail("slow", path=path, seconds=SLOW, times=0)
    readings = [
        asyncio.create_task(reading.async_refresh())
        for reading in (data.history, data.active, data.account, data.statistics)
    ]
    await asyncio.sleep(SLOW / 2)
    await way(hass, account)
    exchange.exchange.faults.clear()
    await asyncio.gather(*readings, return_exceptions=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    if way in (reload, change_options):
        await account.runtime_data.history.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert len(missed) == 1
    assert len(missed) <= 1
    assert "Traceback" not in caplog.text
    assert "AttributeError" not in caplog.text


async def test_a_chase_ends_with_its_account(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It was a task of the house and not of the account, and went on after it was gone."""
    exchange.world.ring(JAN)
    await account.runtime_data.active.async_refresh()
    exchange.fail("slow", path="/calls.json", seconds=SLOW, times=0)
    exchange.world.end()
    await account.runtime_data.active.async_refresh()
    async with asyncio.timeout(5):
        while exchange.journal[-1].path != "/calls.json":  # noqa: ASYNC110 - The exchange's.
            await asyncio.sleep(0.01)
    await remove(hass, account)
    await asyncio.sleep(SLOW)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "Traceback" not in caplog.text


async def test_a_card_that_waits_for_its_history_gets_an_answer(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It asked an account that was gone when the records came."""
    exchange.world.fill(30, days=3)
    client = await hass_ws_client(hass)
    exchange.fail("slow", path="/calls.json", seconds=SLOW, times=0)
    await client.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    await asyncio.sleep(SLOW / 2)
    await unload(hass, account)
    answer = await client.receive_json()
    assert answer["success"], answer
    assert answer["result"]["calls"]
    assert "Traceback" not in caplog.text


async def test_events_that_are_out_are_stored_when_the_account_goes(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
) -> None:
    """Reloaded in the middle of reporting, the account would report the same calls again."""
    ended = async_capture_events(hass, f"{DOMAIN}_call_ended")
    missed = async_capture_events(hass, f"{DOMAIN}_missed_call")
    exchange.world.fill(600, days=1)
    reading = account.async_create_background_task(
        hass, account.runtime_data.history.async_refresh(), "reading"
    )
    while len(ended) + len(missed) < 150:  # noqa: ASYNC110 - The bus has no event for that.
        await asyncio.sleep(0)
    await reload(hass, account)
    await asyncio.gather(reading, return_exceptions=True)
    await account.runtime_data.history.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    ids = [event.data["call_id"] for event in (*ended, *missed)]
    assert len(ids) == len(set(ids))
    records = exchange.world.account().records
    assert set(ids) == {record.id for record in records if record.redirection_parent_id is None}


@pytest.mark.parametrize("way", [reload, change_options, unload, remove])
async def test_an_account_does_not_go_before_the_position_of_its_events_is_stored(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]],
) -> None:
    """A disk that stalls for longer than Home Assistant waits for tasks repeats no event."""
    missed = async_capture_events(hass, f"{DOMAIN}_missed_call")
    stalls, goes_on = asyncio.Event(), asyncio.Event()
    write, wait = File.write, asyncio.wait

    async def stall(file: File[Any], document: Any) -> bool:
        stalls.set()
        await goes_on.wait()
        return await write(file, document)

    async def lose_patience(tasks: Any, **how: Any) -> Any:
        if how.get("timeout") == UNLOADED_WITHIN:
            how["timeout"] = 0
        return await wait(tasks, **how)

    monkeypatch.setattr(File, "write", stall)
    monkeypatch.setattr(asyncio, "wait", lose_patience)
    exchange.world.add_record(**MISSED, date=dt_util.utcnow())
    history = account.runtime_data.history
    reading = asyncio.create_task(history.async_refresh())
    await stalls.wait()
    assert len(missed) == 1
    going = asyncio.ensure_future(way(hass, account))
    while not history._reporting._waiters:  # noqa: ASYNC110 - The lock has no event for that.
        await asyncio.sleep(0)
    for _ in range(100):
        await asyncio.sleep(0)
        assert account.state is ConfigEntryState.UNLOAD_IN_PROGRESS
    goes_on.set()
    await asyncio.gather(going, reading)
    await hass.async_block_till_done(wait_background_tasks=True)
    if way is unload:
        assert await hass.config_entries.async_setup(account.entry_id)
    if way is not remove:
        await account.runtime_data.history.async_refresh()
    assert len(missed) == 1
