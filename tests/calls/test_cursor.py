"""Test the position in the history and the records known to be done."""

import pytest

from custom_components.odorik.calls.cursor import Cursor

from .builders import record
from .call_fixtures import NOON, SECOND


def test_the_baseline_is_the_highest_id_and_the_latest_start() -> None:
    """The two need not be of one record."""
    cursor = Cursor()
    cursor.set_baseline([record(8), record(9, date=NOON - SECOND), record(7)])
    assert (cursor.since, cursor.newest) == (9, NOON)
    cursor.set_baseline([])
    assert (cursor.since, cursor.newest) == (0, None)


def test_a_record_is_behind_if_it_is_below_the_cursor_or_done() -> None:
    """Every other record is still to be reported."""
    cursor = Cursor(100, [103])
    behind = [record_id for record_id in range(99, 106) if cursor.is_behind(record_id)]
    assert behind == [99, 100, 103]
    assert not Cursor().is_behind(1)


@pytest.mark.parametrize(
    ("since", "done", "rows", "is_lost"),
    [
        (100, [90, 101], [], True),
        (100, [101], [record(101)], False),
        # No record is read again, so an empty answer is no evidence.
        (100, [], [], False),
        (100, [90, 100], [], False),
        (None, [1], [], True),
        (None, [], [], False),
    ],
)
def test_a_history_is_lost_if_no_known_record_is_read_again(
    since: int | None, done: list[int], rows: list[object], *, is_lost: bool
) -> None:
    """An empty response proves nothing for an account without a record to repeat."""
    assert Cursor(since, done).is_lost(rows) is is_lost  # type: ignore[arg-type]


def test_a_history_starts_over_only_with_lower_ids() -> None:
    """An empty or ordinary response changes nothing, nor does one without a known last call."""
    same = Cursor(100, [101], NOON)
    assert not same.start_over([])
    assert not same.start_over([record(3), record(101)])
    assert not Cursor(100, [101]).start_over([record(3)])
    assert not Cursor(None, [], NOON).start_over([record(1)])
    assert (same.since, list(same.done)) == (100, [101])


def test_a_restarted_history_is_read_from_its_first_record() -> None:
    """Calls that are no later than the last known one are done."""
    cursor = Cursor(100, [101], NOON)
    younger = record(7, date=NOON + SECOND)
    assert cursor.start_over([younger, record(5), record(9, date=NOON - SECOND)])
    assert cursor.since == 4
    assert sorted(cursor.done) == [5, 9]
    same_number = Cursor(100, [101], NOON)
    assert same_number.start_over([record(100, date=NOON + SECOND)])


def test_the_latest_start_is_kept() -> None:
    """Records come in any order."""
    cursor = Cursor(0)
    cursor.finish(record(1))
    assert cursor.newest == NOON
    cursor.finish(record(2, date=NOON - SECOND))
    assert cursor.newest == NOON
    cursor.finish(record(3, date=NOON + SECOND))
    assert cursor.newest == NOON + SECOND


@pytest.mark.parametrize(
    ("done", "first_waiting", "since"),
    [
        (range(1, 31), None, 0),
        (range(1, 32), None, 1),
        (range(31, 0, -1), None, 1),
        (range(1, 101), None, 70),
        (range(1, 101), 51, 20),
        # A finished call may have the ID of a record that was read after it was reported.
        (range(1, 101), 50, 19),
    ],
)
def test_the_cursor_stays_thirty_records_behind(
    done: range, first_waiting: int | None, since: int
) -> None:
    """It moves on, but leaves room for a record that appears late."""
    cursor = Cursor(0, done)
    cursor.move_on(first_waiting)
    assert cursor.since == since
    assert cursor.done.keys() == set(done)


def test_the_cursor_never_moves_back() -> None:
    """Records before it are no longer known, and would be reported again."""
    cursor = Cursor(90, range(1, 101))
    cursor.move_on(None)
    assert cursor.since == 90
    cursor = Cursor(None, range(1, 101))
    cursor.move_on(None)
    assert cursor.since == 70


def test_a_thousand_records_are_remembered() -> None:
    """The newest thousand are kept, and all after the first pending one."""
    cursor = Cursor(0, range(1002, 0, -1))
    cursor.move_on(None)
    assert cursor.done.keys() == set(range(3, 1003))
    cursor = Cursor(0, range(1, 1102))
    cursor.move_on(1001)
    assert cursor.done.keys() == set(range(1, 1102))
