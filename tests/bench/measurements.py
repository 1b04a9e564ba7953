"""All measurements by name; processes of their own import this module."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
import logging
from typing import Final

from . import decoding, fraud, home, inbox, push, reading, waits, years
from .budgets import slowness
from .measure import Row

MEASUREMENTS: Final[dict[str, Callable[[], Awaitable[list[Row]]]]] = {
    "decode": decoding.rows,
    "read": reading.rows,
    "event": waits.rows,
    "push": push.rows,
    "fraud": fraud.rows,
    **home.MEASUREMENTS,
    "inbox": inbox.rows,
    "years": years.rows,
}


def measure_one(name: str) -> list[Row]:
    """Run one measurement."""
    logging.basicConfig(level=logging.ERROR)
    before = slowness()
    rows = asyncio.run(MEASUREMENTS[name]())
    slower = max(before, slowness())
    return [replace(row, slowness=slower) for row in rows]
