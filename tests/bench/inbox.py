"""Measurements of an inbox with hundreds of waiting callers."""

import gc
from statistics import median
from typing import Any, Final

from homeassistant.components.todo import TodoItem, TodoListEntity
from homeassistant.components.todo.const import DATA_COMPONENT
from homeassistant.components.todo.entity import serialize_todo_item
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN

from .exchanges import exchange
from .home import BLOCK, home, set_up
from .measure import Row, held

WAITING: Final = 500
CHANGES: Final = 20
LIST: Final = f"todo.{DOMAIN}_1234567_missed_calls"


def look(hass: HomeAssistant) -> None:
    """Subscribe to the list as a page does: each change sends the whole list."""
    found = hass.data[DATA_COMPONENT].get_entity(LIST)
    assert isinstance(found, TodoListEntity)

    def send(items: list[TodoItem] | None) -> None:
        json_bytes([serialize_todo_item(item) for item in items or ()])

    found.async_subscribe_updates(send)


async def tick(hass: HomeAssistant, entry: MockConfigEntry, uid: str) -> None:
    """Tick a caller off."""
    await hass.services.async_call(
        "todo",
        "update_item",
        {"entity_id": LIST, "item": uid, "status": "completed"},
        blocking=True,
    )
    assert entry.runtime_data.inbox.find(uid).completed


async def rows() -> list[Row]:
    """Receive further missed calls and tick callers off while many callers wait."""
    longest, times = 0.0, []
    async with exchange() as served:
        async with home() as hass:
            await set_up(hass, served.url)  # Python imports only once.
        async with home() as hass:
            for number in range(WAITING):
                await served.control("miss", **{"from": f"00420602{number:06}"})
            gc.collect()
            with held() as loop:
                entry: Any = await set_up(hass, served.url)
            begun = loop.longest
            inbox = entry.runtime_data.inbox
            assert len(inbox.waiting) == WAITING
            look(hass)
            for number in range(CHANGES):
                await served.control("miss", **{"from": f"00420603{number:06}"})
                with held() as loop:
                    await entry.runtime_data.history.async_refresh()
                    await tick(hass, entry, f"+420602{number:06}")
                longest = max(longest, loop.longest)
                times.append(loop.total / 2)
            assert len(inbox.waiting) == WAITING
    name = f"a change while {WAITING} callers wait"
    return [
        Row(name=f"{name}: time on the event loop", value=median(times) * 1000, unit="ms"),
        Row(name=f"{name}: {BLOCK}", value=longest * 1000, unit="ms"),
        Row(name=f"set up with {WAITING} callers waiting: {BLOCK}", value=begun * 1000, unit="ms"),
    ]
