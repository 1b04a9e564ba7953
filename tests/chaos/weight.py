"""What there is after so many calls: what is held, and what is written."""

import asyncio
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
import gc
from pathlib import Path
from resource import getpagesize
import sys
from typing import Final

from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util import dt as dt_util

from custom_components.odorik.calls.callback_order import Order
from custom_components.odorik.calls.inbox import Caller, Item
from custom_components.odorik.calls.record import Incoming
from custom_components.odorik.todo import _Summary

from .office import IDLE, MINUTE, Day

PACKAGE: Final = "custom_components.odorik"
PLAIN: Final = (dict, list, set, tuple, deque, str, bytes, int, float, date, timedelta)
FOR_A_DAY: Final = (Order, Caller, Incoming, Item, _Summary)
"""What is remembered for a day on purpose: callbacks that were ordered, callers and their calls."""
A_CALLER: Final = 30
"""Blocks of memory for each caller who is shown; 23 without what Home Assistant keeps of them."""
FEW: Final = 10
"""How many more objects of a class there may be in the end: destinations that were new, say."""
WARM: Final = 1000
"""After so many records nothing warms up any more: the ids of so many are remembered."""


@dataclass(frozen=True)
class Weight:
    """What there is while nobody telephones.

    Attributes:
        fixed: What a home has a certain number of.
        callers: How many are shown for the day.
        objects: Our objects, by class.
        things: All that these and our modules hold, each number and each text included.
        blocks: What the interpreter has given out, to whomever; in blocks of memory.
        resident: MiB of this process.
        database: Bytes of the recorder's database.
        records: How many calls the exchange has recorded.
    """

    fixed: dict[str, object]
    callers: int
    objects: Counter[str]
    things: int
    blocks: int
    resident: float
    database: int
    records: int


def open_files(database: Path) -> int:
    """Count what this process has open, sockets and files, but for the recorder's database.

    Each of the recorder's threads that reads has it open once more, and it starts them as it likes.
    """
    opened = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            opened += not link.readlink().name.startswith(database.name)
    return opened


async def weigh(day: Day) -> Weight:
    """Count for a minute, in which connections that nobody needs are closed."""
    files = []
    for _ in range(MINUTE // timedelta(seconds=IDLE)):
        files.append(open_files(day.database))
        await day.live(dt_util.utcnow() + timedelta(seconds=IDLE))
    ((is_busy, *_),) = await day.recorded("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not is_busy
    gc.collect()
    ours = [
        thing
        for thing in gc.get_objects()
        if type(thing).__module__.startswith(PACKAGE) and not isinstance(thing, FOR_A_DAY)
    ]
    return Weight(
        fixed={
            "tasks": len(asyncio.all_tasks()),
            "sockets and files": min(files),
            "listeners": {str(kind): n for kind, n in day.hass.bus.async_listeners().items()},
            "signals": {name: len(heard) for name, heard in day.hass.data[DATA_DISPATCHER].items()},
        },
        callers=sum(isinstance(thing, _Summary) for thing in gc.get_objects()),
        objects=Counter(type(thing).__name__ for thing in ours),
        things=count_things(ours),
        blocks=sys.getallocatedblocks(),
        resident=resident(),
        database=day.database.stat().st_size,
        records=len((await day.books()).rows),
    )


def resident() -> float:
    """Measure the memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20


def count_things(ours: list[object]) -> int:
    """Count what our objects and modules hold, up to where Home Assistant begins."""
    modules = [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]
    found: set[int] = set()
    todo = [*ours, *map(vars, modules)]
    while todo:
        thing = todo.pop()
        if isinstance(thing, FOR_A_DAY):
            continue
        is_ours = type(thing).__module__.startswith(PACKAGE)
        if id(thing) not in found and (is_ours or isinstance(thing, PLAIN)):
            found.add(id(thing))
            todo += gc.get_referents(thing)
    return len(found)


def assert_flat(weighed: list[Weight]) -> None:
    """Nothing may be there again and again: a day is one of thousands."""
    first, *_, last = weighed
    for later in weighed:
        assert later.fixed == first.fixed
    more = last.objects - first.objects
    assert {kind: number for kind, number in more.items() if number > FEW} == {}
    # In the evening alone the ids of the calls are still being collected.
    warm = next((then for then in weighed if then.records - first.records >= WARM), first)
    calls = last.records - warm.records
    assert last.things - warm.things < calls * (3 if warm is first else 0.1)
    shown = (last.callers - warm.callers) * A_CALLER
    assert warm is first or last.blocks - warm.blocks - shown < calls * 3
