"""A witness inside Home Assistant: writes down what is told, and counts what is there.

It is an integration of its own, which tests put beside ours.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
import gc
import json
import os
from pathlib import Path
import time
from typing import Any
from urllib.parse import urlsplit

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

DOMAIN = "witness"
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)
PACKAGE = "custom_components.odorik"
WRITTEN = ("odorik.", "calls.")
"""How the names of the files begin that the integration writes: its stores and exports."""
OPEN_STATES = ("01", "08")
"""States of a TCP connection that this process has not closed: established, close-wait."""
KINDS = (
    "odorik_call_started",
    "odorik_call_answered",
    "odorik_call_ended",
    "odorik_missed_call",
    "odorik_call_returned",
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Listen from the first moment on."""
    paper = os.open(hass.config.path("witness.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @callback
    def write(event: Event[Mapping[str, Any]]) -> None:
        """Write at once, before anybody else can hear of it, so that no kill can hide it."""
        line = {
            "run": os.getpid(),
            "at": time.monotonic(),
            "state": hass.state.value,
            "type": event.event_type,
            **event.data,
        }
        os.write(paper, (json.dumps(line) + "\n").encode())

    for kind in KINDS:
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


async def _lasting_tasks() -> int:
    """Count the integration's tasks that last; a look at the active calls may just be under way."""
    counted = []
    for _ in range(20):
        counted.append(sum(map(_is_our_task, asyncio.all_tasks())))
        await asyncio.sleep(0.05)
    return min(counted)


def _open_files(folder: Path) -> int:
    """Count the open files that the integration writes, and the connections to its exchange.

    The process has others open, such as the recorder's database once for each thread that reads.
    """
    opened = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            target = link.readlink()
            opened += target.is_relative_to(folder) and target.name.startswith(WRITTEN)
    port = urlsplit(os.environ["ODORIK_API_URL"]).port or 0
    for row in Path("/proc/self/net/tcp").read_text("utf-8").splitlines()[1:]:
        _, _, remote, state, *_ = row.split()
        opened += remote.endswith(f":{port:04X}") and state in OPEN_STATES
    return opened


async def _count(call: ServiceCall) -> ServiceResponse:
    """Count what a reload may leave behind."""
    await call.hass.async_block_till_done()
    for _ in range(3):
        gc.collect()
    pages = (await asyncio.to_thread(Path("/proc/self/statm").read_text)).split()[1]
    return {
        "tasks": await _lasting_tasks(),
        "files": await asyncio.to_thread(_open_files, Path(call.hass.config.config_dir)),
        "listeners": sum(call.hass.bus.async_listeners().values()),
        "ours": sum(map(_is_ours, gc.get_objects())),
        "kilobytes": int(pages) * os.sysconf("SC_PAGE_SIZE") // 1024,
    }
