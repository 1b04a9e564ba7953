"""Detect blocking calls, such as opening a file, in the event loop of Home Assistant."""

from pathlib import Path
from typing import Final

DETECT_BLOCKING: Final = """\
import asyncio, sys

def watch(event, args):
    if event not in {"import", "open"} or asyncio._get_running_loop() is None:
        return
    frame = sys._getframe()
    while frame is not None:
        if "/custom_components/odorik/" in (file := frame.f_code.co_filename):
            print(f"Detected blocking call to {event} {args[0]} at {file}:{frame.f_lineno}",
                  file=sys.stderr)
            return
        if "/site-packages/homeassistant/" in file:
            return
        frame = frame.f_back

sys.addaudithook(watch)
"""
"""Code for ``Home.prelude`` that reports every file opened and every module imported by the
integration, or by a library that it calls. Home Assistant's own detection covers a few functions
only."""

_MESSAGES: Final = ("Detected blocking call", "Caught blocking call")


def blocking_calls(folder: Path) -> list[str]:
    """Return the lines of the logs in a configuration folder that report a blocking call."""
    logs = [*folder.glob("home-assistant.log*"), folder / "console.log"]
    return [
        line
        for log in logs
        for line in log.read_text("utf-8").splitlines()
        if any(message in line for message in _MESSAGES)
    ]
