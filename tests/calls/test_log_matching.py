"""Test how the log finds the active call of a record that lacks its ID."""

from typing import Any

import pytest

from .builders import active, answered, record
from .call_fixtures import NOON, SECOND, LogHarness
from .phones import EVA, WORKSHOP, WORKSHOP_LINE


def active_ids(log: LogHarness, *rows: Any) -> list[int | None]:
    """Read records and return the active calls of the finished ones."""
    return [event.active_call_id for event in log.finished_events(*rows)]


@pytest.mark.parametrize(
    ("fields", "is_match"),
    [
        ({}, True),
        ({"start_date": None}, True),
        ({"start_date": NOON + 5 * SECOND}, True),
        ({"start_date": NOON - 5 * SECOND}, True),
        ({"source_number": "+420 777 123 456"}, True),
        ({"line": WORKSHOP_LINE}, False),
        ({"line": None}, False),
        ({"source_number": EVA}, False),
        ({"source_number": ""}, False),
        ({"destination_number": WORKSHOP}, False),
        ({"start_date": NOON + 5.5 * SECOND}, False),
        ({"start_date": NOON - 5.5 * SECOND}, False),
    ],
)
def test_a_record_matches_by_line_numbers_and_start(
    log: LogHarness, fields: dict[str, Any], *, is_match: bool
) -> None:
    """The event then has the ID of the active call, whose record is no longer awaited."""
    log.poll(active(70, **fields), at=1)
    log.poll(at=20)
    assert active_ids(log, answered(7)) == [70 if is_match else None]
    assert log.awaits_record() is not is_match


def test_a_record_that_names_its_call_matches_no_other_one(log: LogHarness) -> None:
    """A similar call that was seen is not taken for the named one, which no poll has found."""
    log.poll(active(70), at=1)
    log.poll(at=20)
    assert active_ids(log, answered(7, active_call_id=99)) == [99]
    assert log.awaits_record()


def test_two_similar_records_match_two_calls(log: LogHarness) -> None:
    """A matched call is not matched again."""
    log.poll(active(70), active(71), at=1)
    log.poll(at=20)
    assert active_ids(log, record(7), record(8)) == [70, 71]
    assert not log.awaits_record()


def test_a_record_matches_a_call_that_has_ended(log: LogHarness) -> None:
    """Of two similar calls, the one that is still up has no record yet."""
    log.poll(active(70), active(71), at=1)
    log.poll(active(70), at=20)
    assert active_ids(log, answered(7)) == [71]
