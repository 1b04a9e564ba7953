"""Measure what Home Assistant holds while there are no calls."""

from collections import Counter
from dataclasses import dataclass
import gc
import sys
from typing import Final

from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util import dt as dt_util

from custom_components.odorik.calls.call_legs import Incoming
from custom_components.odorik.calls.callback_order import CallbackOrder
from tests.e2e.event_recorder import count_objects, count_open_files, count_tasks

from .busy_day import MINUTE, BusyDay

KEPT_FOR_A_DAY: Final = {kind.__name__ for kind in (CallbackOrder, Incoming)}
"""Objects that are kept for a day by design: callback orders and the calls of callers."""
BLOCKS_PER_CALLER: Final = 30
"""Memory blocks for each caller shown, 7 of them kept by Home Assistant."""
TOLERANCE: Final = 10
"""Additional objects of a class, for new destinations and the like."""
IDLE_CONNECTIONS: Final = 2
"""Additional connections: those of simultaneous requests stay open for 15 seconds."""
WARM_UP: Final = 1000
"""Records after which caches are full: the IDs of that many calls are remembered."""


@dataclass(frozen=True)
class Footprint:
    """The resources that Home Assistant uses at a time without calls.

    Attributes:
        constant: Numbers of tasks, listeners and signals, which must not change.
        files: Number of open files and connections.
        callers: Number of callers that the to-do list shows.
        objects: Number of the integration's objects, by class.
        blocks: Number of memory blocks allocated by the interpreter.
        database: Size of the recorder's database in bytes.
        records: Number of records at the exchange.
    """

    constant: dict[str, object]
    files: int
    callers: int
    objects: Counter[str]
    blocks: int
    database: int
    records: int


async def measure(day: BusyDay) -> Footprint:
    """Measure after a minute, in which most idle connections are closed."""
    await day.advance(dt_util.utcnow() + MINUTE)
    ((is_busy, *_),) = await day.query("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not is_busy
    gc.collect()
    return Footprint(
        constant={
            "tasks": count_tasks(),
            "listeners": {str(kind): n for kind, n in day.hass.bus.async_listeners().items()},
            "signals": {name: len(heard) for name, heard in day.hass.data[DATA_DISPATCHER].items()},
        },
        files=count_open_files(day.database.parent),
        callers=len(day.account.runtime_data.inbox.data),
        objects=count_objects(),
        blocks=sys.getallocatedblocks(),
        database=day.database.stat().st_size,
        records=len((await day.records()).rows),
    )


def assert_no_growth(footprints: list[Footprint]) -> None:
    """Assert that the memory does not grow with the number of calls."""
    first, *_, last = footprints
    for later in footprints:
        assert later.constant == first.constant
        assert later.files <= first.files + IDLE_CONNECTIONS
    more = last.objects - first.objects
    assert {kind for kind in more.keys() - KEPT_FOR_A_DAY if more[kind] > TOLERANCE} == set()
    # In a short test the caches are not full before the end.
    warm = next((it for it in footprints if it.records - first.records >= WARM_UP), last)
    shown = (last.callers - warm.callers) * BLOCKS_PER_CALLER
    assert last.blocks - warm.blocks - shown <= (last.records - warm.records) * 3
