"""Common tools of all measurements."""

import asyncio
from asyncio import events
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
import gc
import json
from random import Random
from statistics import median
from time import perf_counter, thread_time
from typing import Self
from unittest.mock import patch


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        ratio: The value divided by that of the reference.
        slowness: How many times slower than the reference machine this one was meanwhile.
    """

    name: str
    value: float
    unit: str
    against: str | None = None
    ratio: float | None = None
    slowness: float = 1.0

    @classmethod
    def compare(cls, name: str, value: float, unit: str, against: str, reference: float) -> Self:
        """Return a row with a value, and its ratio to that of a reference."""
        return cls(name=name, value=value, unit=unit, against=against, ratio=value / reference)


async def side_by_side(
    rounds: int, ways: Mapping[str, Callable[[], Awaitable[object]]]
) -> dict[str, float]:
    """Return the median seconds of each way.

    The order of the ways changes with each round, so other programs on this machine affect all of
    them alike.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    names, order = list(ways), Random(1)  # noqa: S311 - an order, no secret
    for _ in range(rounds):
        order.shuffle(names)
        for name in names:
            gc.collect()
            began = perf_counter()
            kept = await ways[name]()
            seconds[name].append(perf_counter() - began)
            del kept
    return {name: median(times) for name, times in seconds.items()}


def reference_seconds() -> float:
    """Measure how long this machine takes for a fixed piece of Python, at its best.

    This is processor time, as for the event loop, so other programs hardly matter.
    """
    body = json.dumps([{"id": number, "text": str(number)} for number in range(3000)])
    best = float("inf")
    for _ in range(50):
        began = thread_time()
        rows = json.loads(body)
        by_text = {row["text"]: row for row in rows}
        sorted(by_text.values(), key=lambda row: (row["text"][::-1], row["id"]))
        best = min(best, thread_time() - began)
    return best


@dataclass(slots=True)
class Held:
    """Seconds for which callbacks blocked the event loop.

    This is processor time, so other programs on this machine do not count.
    """

    total: float = 0.0
    longest: float = 0.0


@contextmanager
def held() -> Iterator[Held]:
    """Measure every callback that an event loop of this process runs."""
    measured, is_on = Held(), True
    run = events.Handle._run

    def measure(handle: asyncio.Handle) -> None:
        began = thread_time()
        run(handle)
        if not is_on:
            # The step in which the measurement ended continued with other code.
            return
        seconds = thread_time() - began
        measured.total += seconds
        measured.longest = max(measured.longest, seconds)

    # Objects of earlier measurements must not be collected during this one.
    is_frozen = gc.get_freeze_count() > 0
    gc.collect()
    gc.freeze()
    try:
        with patch.object(events.Handle, "_run", measure):
            yield measured
    finally:
        is_on = False
        if not is_frozen:
            gc.unfreeze()
