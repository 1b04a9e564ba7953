"""Looks for what made Home Assistant wait: files and imports in its event loop."""

from pathlib import Path
from typing import Final

WATCH: Final = """\
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
"""What a Home Assistant runs first that is watched closely. Its own detection, which is always on,
sees calls of a few functions; this sees every file that is opened and every module that is read
by something of ours, or by what that calls and is no part of Home Assistant."""

_DETECTED: Final = ("Detected blocking call", "Caught blocking call")


def blocked(folder: Path) -> list[str]:
    """Return what the logs in Home Assistant's folder say of calls that made its loop wait."""
    logs = [*folder.glob("home-assistant.log*"), folder / "console.log"]
    return [
        line
        for log in logs
        for line in log.read_text("utf-8").splitlines()
        if any(words in line for words in _DETECTED)
    ]
