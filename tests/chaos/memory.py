"""Measure the memory, open files and database of Home Assistant while there are no calls."""

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

from .busy_day import IDLE_STEP, MINUTE, BusyDay

PACKAGE: Final = "custom_components.odorik"
PLAIN: Final = (dict, list, set, tuple, deque, str, bytes, int, float, date, timedelta)
KEPT_FOR_A_DAY: Final = (Order, Caller, Incoming, Item, _Summary)
"""Objects that are kept for a day by design: callback orders, callers and their calls."""
BLOCKS_PER_CALLER: Final = 30
"""Memory blocks for each caller shown, 7 of them kept by Home Assistant."""
TOLERANCE: Final = 10
"""Additional objects of a class, for new destinations and the like."""
WARM_UP: Final = 1000
"""Records after which caches are full: the IDs of that many calls are remembered."""


@dataclass(frozen=True)
class Footprint:
    """What Home Assistant holds at a time without calls.

    Attributes:
        constant: Numbers of tasks, files, listeners and signals, which must not change.
        callers: Number of callers shown.
        objects: Number of the integration's objects, by class.
        referenced: Number of objects that those and the integration's modules refer to.
        blocks: Number of memory blocks allocated by the interpreter.
        resident: Resident memory of the process in MiB.
        database: Size of the recorder's database in bytes.
        records: Number of records at the exchange.
    """

    constant: dict[str, object]
    callers: int
    objects: Counter[str]
    referenced: int
    blocks: int
    resident: float
    database: int
    records: int


def count_open_files(database: Path) -> int:
    """Count the open sockets and files, except for the database.

    The recorder opens the database once for each of its threads.
    """
    opened = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            opened += not link.readlink().name.startswith(database.name)
    return opened


async def measure(day: BusyDay) -> Footprint:
    """Measure during a minute, in which idle connections are closed."""
    files = []
    for _ in range(MINUTE // timedelta(seconds=IDLE_STEP)):
        files.append(count_open_files(day.database))
        await day.advance(dt_util.utcnow() + timedelta(seconds=IDLE_STEP))
    ((is_busy, *_),) = await day.query("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not is_busy
    gc.collect()
    ours = [
        thing
        for thing in gc.get_objects()
        if type(thing).__module__.startswith(PACKAGE) and not isinstance(thing, KEPT_FOR_A_DAY)
    ]
    return Footprint(
        constant={
            "tasks": len(asyncio.all_tasks()),
            "sockets and files": min(files),
            "listeners": {str(kind): n for kind, n in day.hass.bus.async_listeners().items()},
            "signals": {name: len(heard) for name, heard in day.hass.data[DATA_DISPATCHER].items()},
        },
        callers=sum(isinstance(thing, _Summary) for thing in gc.get_objects()),
        objects=Counter(type(thing).__name__ for thing in ours),
        referenced=count_referenced(ours),
        blocks=sys.getallocatedblocks(),
        resident=resident_memory(),
        database=day.database.stat().st_size,
        records=len((await day.records()).rows),
    )


def resident_memory() -> float:
    """Return the resident memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20


def count_referenced(ours: list[object]) -> int:
    """Count the objects that ours and our modules refer to, without those of Home Assistant."""
    modules = [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]
    found: set[int] = set()
    todo = [*ours, *map(vars, modules)]
    while todo:
        thing = todo.pop()
        if isinstance(thing, KEPT_FOR_A_DAY):
            continue
        is_ours = type(thing).__module__.startswith(PACKAGE)
        if id(thing) not in found and (is_ours or isinstance(thing, PLAIN)):
            found.add(id(thing))
            todo += gc.get_referents(thing)
    return len(found)


def assert_no_growth(footprints: list[Footprint]) -> None:
    """Assert that the memory does not grow with the number of calls."""
    first, *_, last = footprints
    for later in footprints:
        assert later.constant == first.constant
    more = last.objects - first.objects
    assert {kind: number for kind, number in more.items() if number > TOLERANCE} == {}
    # In a short test the caches are not full before the end.
    warm = next((it for it in footprints if it.records - first.records >= WARM_UP), first)
    calls = last.records - warm.records
    assert last.referenced - warm.referenced < calls * (3 if warm is first else 0.1)
    shown = (last.callers - warm.callers) * BLOCKS_PER_CALLER
    assert warm is first or last.blocks - warm.blocks - shown < calls * 3
