"""Test the times that an event is given or derives, and the event of an active call."""

from datetime import datetime
from typing import Any

import pytest

from custom_components.odorik.api import CallStatus
from custom_components.odorik.calls.event import CallEvent, current_event, seconds_between

from .builders import active, picked_up
from .call_fixtures import ANSWERED, DIRECTORY, ENDED, NOON, SECOND, STARTED


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"started_at": NOON}, None),
        ({"status": CallStatus.MISSED}, None),
        ({"status": CallStatus.MISSED, "started_at": NOON}, 0),
        ({"status": CallStatus.MISSED, "started_at": NOON, "ringing_duration": 20}, 20),
        ({"status": CallStatus.ANSWERED, "started_at": NOON, "duration": 30}, 30),
        (
            {
                "status": CallStatus.ANSWERED,
                "started_at": NOON,
                "ringing_duration": 20,
                "duration": 30,
            },
            50,
        ),
    ],
)
def test_a_call_ends_after_its_ringing_and_talk_time(
    fields: dict[str, Any], seconds: int | None
) -> None:
    """Without a start or a status there is no end."""
    ended_at = CallEvent(type=ENDED, **fields).ended_at
    assert ended_at == (None if seconds is None else NOON + seconds * SECOND)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        (NOON, NOON, 0),
        (NOON, NOON + 0.9 * SECOND, 0),
        (NOON, NOON + 1.9 * SECOND, 1),
        # The operator's clocks may put the answer before the start.
        (NOON, NOON - 5 * SECOND, 0),
        (None, NOON, None),
        (NOON, None, None),
    ],
)
def test_seconds_between_two_moments(
    start: datetime | None, end: datetime | None, seconds: int | None
) -> None:
    """The result is in whole seconds and never negative."""
    assert seconds_between(start, end) == seconds


def test_an_active_call_is_described_by_its_current_state() -> None:
    """The sensors show a ringing call as started and an answered one as answered."""
    assert current_event(active(70), DIRECTORY).type is STARTED
    assert current_event(picked_up(active(70)), DIRECTORY).type is ANSWERED
