"""A Home Assistant that records the integration's events."""

import json
from pathlib import Path
from typing import Any, Final

from scripts.home import Home, free_port

EVENT_RECORDER: Final = Path(__file__).parent / "event_recorder"
FINISHED: Final = {"odorik_call_ended", "odorik_missed_call"}
"""The events that report how a call finished."""

type RecordedEvent = dict[str, Any]
"""The data of an event, with its ``type``, the process ID (``run``) and the ``state`` of Home
Assistant, and the monotonic time in seconds (``at``)."""


def home_with_event_log(
    *, folder: Path, exchange: str, configuration: str = "", **options: Any
) -> Home:
    """Return a Home Assistant with the event recorder and debug logging."""
    return Home(
        folder=folder,
        port=free_port(),
        exchange=exchange,
        configuration=f"event_recorder:\n{configuration}",
        integrations=(EVENT_RECORDER,),
        is_verbose=True,
        **options,
    )


def recorded_events(home: Home) -> list[RecordedEvent]:
    """Return the recorded events, without a last line that a kill has cut short."""
    path = home.folder / "events.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line[-1:] == "}"]


def finished_events(home: Home) -> list[RecordedEvent]:
    """Return the recorded events that report how a call finished."""
    return [event for event in recorded_events(home) if event["type"] in FINISHED]
