"""Test how the log finds the active call of a record that does not name it."""

from typing import Any

import pytest

from custom_components.odorik.calls.log import CallLog

from .call_fixtures import (
    EVA,
    NOON,
    SECOND,
    WORKSHOP,
    WORKSHOP_LINE,
    active,
    answered,
    finished_events,
    has_unrecorded,
    record,
    watch,
)


def active_ids(log: CallLog, *rows: Any) -> list[int | None]:
    """Read records and return the active calls of the finished ones."""
    return [event.active_call_id for event in finished_events(log, *rows)]


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
    log: CallLog, fields: dict[str, Any], *, is_match: bool
) -> None:
    """The event then has the ID of the active call, whose record is no longer awaited."""
    watch(log, active(70, **fields), at=1)
    watch(log, at=20)
    assert active_ids(log, answered(7)) == [70 if is_match else None]
    assert has_unrecorded(log) is not is_match


def test_a_record_that_names_its_call_matches_no_other_one(log: CallLog) -> None:
    """A similar call that was seen is not taken for the named one, which no poll has found."""
    watch(log, active(70), at=1)
    watch(log, at=20)
    assert active_ids(log, answered(7, active_call_id=99)) == [99]
    assert has_unrecorded(log)


def test_two_similar_records_match_two_calls(log: CallLog) -> None:
    """A matched call is not matched again."""
    watch(log, active(70), active(71), at=1)
    watch(log, at=20)
    assert active_ids(log, record(7), record(8)) == [70, 71]
    assert not has_unrecorded(log)


def test_a_record_matches_a_call_that_has_ended(log: CallLog) -> None:
    """Of two similar calls, the one that is still up has no record yet."""
    watch(log, active(70), active(71), at=1)
    watch(log, active(70), at=20)
    assert active_ids(log, answered(7)) == [71]
