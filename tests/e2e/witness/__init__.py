"""A witness inside Home Assistant: writes down what is told, and counts what is there.

It is an integration of its own, which tests put beside ours.
"""

import asyncio
from collections.abc import Mapping
import gc
import json
import os
from pathlib import Path
import time
from typing import Any

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


async def _lasting_tasks() -> int:
    """Count the tasks that last; a look at the active calls may just be under way."""
    counted = []
    for _ in range(20):
        counted.append(len(asyncio.all_tasks()))
        await asyncio.sleep(0.05)
    return min(counted)


async def _count(call: ServiceCall) -> ServiceResponse:
    """Count what may grow: of everything, and of ours."""
    await call.hass.async_block_till_done()
    for _ in range(3):
        gc.collect()
    things = gc.get_objects()
    modules = (str(type(thing).__module__) for thing in things)
    ours = sum(module.startswith("custom_components.odorik") for module in modules)
    pages = (await asyncio.to_thread(Path("/proc/self/statm").read_text)).split()[1]
    return {
        "tasks": await _lasting_tasks(),
        "files": len(await asyncio.to_thread(os.listdir, "/proc/self/fd")),
        "listeners": sum(call.hass.bus.async_listeners().values()),
        "ours": ours,
        "objects": len(things),
        "kilobytes": int(pages) * os.sysconf("SC_PAGE_SIZE") // 1024,
    }
