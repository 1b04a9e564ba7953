"""Helpers for tests of the long-term statistics."""

import asyncio
from datetime import datetime
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.world import World

IMPORT_TIMEOUT = 120
"""Seconds until an import is considered stuck."""


def write(world: World, date: datetime, **fields: Any) -> Any:
    """Add a record to the history, by default an incoming call of one minute."""
    call = {"length": 60, "status": "answered", "direction": "in"}
    numbers = {"source_number": "00420777123456", "destination_number": "00420910123456"}
    return world.add_record(**{**call, **numbers, "date": date, **fields})


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set up an account, add it first if necessary, and wait for the import."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await at_rest(entry)
    return entry


async def at_rest(account: MockConfigEntry) -> None:
    """Wait until nothing is left to import, and the recorder has written all rows."""
    scheduler = account.runtime_data.statistics_scheduler
    async with asyncio.timeout(IMPORT_TIMEOUT):
        # Nothing signals the end of an import.
        while scheduler._cancel_retry or (scheduler._task and not scheduler._task.done()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await scheduler._importer.recorder.async_wait()


async def names(hass: HomeAssistant) -> dict[str, str | None]:
    """Return the names of the integration's statistics by their IDs."""

    def read() -> dict[str, str | None]:
        held = get_metadata(hass, statistic_source=DOMAIN)
        return {statistic_id: metadata["name"] for statistic_id, (_, metadata) in held.items()}

    return await get_instance(hass).async_add_executor_job(read)
