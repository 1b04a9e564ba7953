"""A custom integration for tests that records events to a file and counts what is in memory."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
import gc
import json
import os
from pathlib import Path
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from homeassistant.components.recorder import get_instance
from homeassistant.core import (
    Event,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

DOMAIN = "event_recorder"
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)
PACKAGE = "custom_components.odorik"
FILE_PREFIXES = ("odorik.", "calls.")
"""Prefixes of the files that the integration writes: stores and exports."""
OPEN_STATES = ("01", "08")
"""States of a TCP connection that this process has not closed: established, close-wait."""
EVENT_TYPES = (
    "odorik_call_started",
    "odorik_call_answered",
    "odorik_call_ended",
    "odorik_missed_call",
    "odorik_call_returned",
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Start recording events."""
    file = os.open(hass.config.path("events.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @callback
    def write(event: Event[Mapping[str, Any]]) -> None:
        """Write an event at once, so that it is recorded even if the process is killed next."""
        line = {
            "run": os.getpid(),
            "at": time.monotonic(),
            "state": hass.state.value,
            "type": event.event_type,
            **event.data,
        }
        os.write(file, (json.dumps(line) + "\n").encode())

    for kind in EVENT_TYPES:
        hass.bus.async_listen(kind, write)
    hass.services.async_register(DOMAIN, "count", _count, supports_response=SupportsResponse.ONLY)
    return True


def _is_ours(thing: object) -> bool:
    """Return whether the integration defines the type of an object."""
    return str(type(thing).__module__).startswith(PACKAGE)


def _is_our_task(task: asyncio.Task[Any]) -> bool:
    """Return whether a task runs a coroutine of the integration, or a method of its objects."""
    frame = getattr(task.get_coro(), "cr_frame", None)
    if frame is None:
        return False
    module = str(frame.f_globals.get("__name__"))
    return module.startswith(PACKAGE) or _is_ours(frame.f_locals.get("self"))


def count_tasks() -> int:
    """Count the integration's tasks."""
    return sum(map(_is_our_task, asyncio.all_tasks()))


def count_objects() -> Counter[str]:
    """Count the integration's objects by class."""
    return Counter(type(thing).__name__ for thing in gc.get_objects() if _is_ours(thing))


def count_open_files(folder: Path) -> int:
    """Count the open files of the integration and its connections to the exchange."""
    opened = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            target = link.readlink()
            opened += target.is_relative_to(folder) and target.name.startswith(FILE_PREFIXES)
    port = urlsplit(os.environ["ODORIK_API_URL"]).port or 0
    for row in Path("/proc/self/net/tcp").read_text("utf-8").splitlines()[1:]:
        _, _, remote, state, *_ = row.split()
        opened += remote.endswith(f":{port:04X}") and state in OPEN_STATES
    return opened


async def _count(call: ServiceCall) -> ServiceResponse:
    """Count what reloading the integration could leave behind."""
    await call.hass.async_block_till_done()
    # Events that wait to be written to the database are held by the recorder.
    await get_instance(call.hass).async_block_till_done()
    for _ in range(3):
        gc.collect()
    return {
        "tasks": count_tasks(),
        "files": await asyncio.to_thread(count_open_files, Path(call.hass.config.config_dir)),
        "listeners": sum(call.hass.bus.async_listeners().values()),
        "objects": count_objects().total(),
        "blocks": sys.getallocatedblocks(),
    }
