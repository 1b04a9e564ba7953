"""The state of the server other than the world: journal, faults, pushes."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from aiohttp import web

from .dialects import DIALECTS, Dialect
from .faults import Fault
from .world import Push, World

BASE = "/api/v1"
MAX_JOURNAL_ENTRIES = 100_000

type Params = dict[str, str]


@dataclass(slots=True)
class JournalEntry:
    """One request without its password; `path` excludes the base, `status` is 0 until answered."""

    time: datetime
    method: str
    path: str
    params: Params
    login: str
    status: int = 0


@dataclass(slots=True)
class Exchange:
    """A world with the journals of its server and the faults to inject."""

    world: World
    journal: list[JournalEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    # Separate from the world's generator, so that requests do not change the world.
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311

    @property
    def dialect(self) -> Dialect:
        """How responses are worded."""
        return DIALECTS[self.world.dialect]

    def fail(self, mode: str, **options: Any) -> None:
        """Inject a fault; `options` are the fields of Fault."""
        self.faults.append(Fault(mode, **options))

    def next_fault(self, request: str, params: Params) -> Fault | None:
        """Return the fault that is due for a request `METHOD /path`, and count the request."""
        for fault in self.faults:
            if fault.path not in request or fault.parameter not in {"", *params}:
                continue
            fault.seen += 1
            if fault.seen % max(fault.every, 1):
                continue
            fault.times -= 1
            if fault.times == 0:
                self.faults.remove(fault)
            return fault
        return None

    def add_entry(self, entry: JournalEntry) -> None:
        """Append a request to the journal, and drop the oldest if there are too many."""
        self.journal.append(entry)
        if len(self.journal) > MAX_JOURNAL_ENTRIES:
            del self.journal[: MAX_JOURNAL_ENTRIES // 10]


EXCHANGE = web.AppKey("exchange", Exchange)
