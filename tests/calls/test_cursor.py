"""How far the history has been read."""

import pytest

from custom_components.odorik.calls.cursor import Cursor

from .house import NOON, SECOND, record


def test_bearings_are_the_highest_id_and_the_youngest_call() -> None:
    """They need not be of one record; else a history that begins anew would be told again."""
    cursor = Cursor()
    cursor.take_bearings([record(8), record(9, date=NOON - SECOND), record(7)])
    assert (cursor.since, cursor.newest) == (9, NOON)
    cursor.take_bearings([])
    assert (cursor.since, cursor.newest) == (0, None)


def test_what_is_behind_is_below_the_place_or_done() -> None:
    """Else a call would be told again, or never."""
    cursor = Cursor(100, [103])
    behind = [record_id for record_id in range(99, 106) if cursor.is_behind(record_id)]
    assert behind == [99, 100, 103]
    assert not Cursor().is_behind(1)


@pytest.mark.parametrize(
    ("since", "done", "rows", "is_lost"),
    [
        (100, [90, 101], [], True),
        (100, [101], [record(101)], False),
        # Nothing would be read again, so that nothing is found says nothing.
        (100, [], [], False),
        (100, [90, 100], [], False),
        (None, [1], [], True),
        (None, [], [], False),
    ],
)
def test_a_history_is_lost_when_not_even_what_is_done_is_there(
    since: int | None,
    done: list[int],
    rows: list[object],
    is_lost: bool,  # noqa: FBT001
) -> None:
    """A quiet account would be read from its beginning at every look, or a new one not at all."""
    assert Cursor(since, done).is_lost(rows) is is_lost  # type: ignore[arg-type]


def test_a_history_begins_anew_only_with_lower_ids() -> None:
    """Else one odd answer would have a week of calls told again."""
    same = Cursor(100, [101], NOON)
    assert not same.start_over([])
    assert not same.start_over([record(3), record(101)])
    assert not Cursor(100, [101]).start_over([record(3)])
    assert not Cursor(None, [], NOON).start_over([record(1)])
    assert (same.since, list(same.done)) == (100, [101])


def test_a_history_that_begins_anew_is_read_from_its_first_record() -> None:
    """What is as old as the last known call is done, whatever its number; the rest is news."""
    cursor = Cursor(100, [101], NOON)
    younger = record(7, date=NOON + SECOND)
    assert cursor.start_over([younger, record(5), record(9, date=NOON - SECOND)])
    assert cursor.since == 4
    assert sorted(cursor.done) == [5, 9]
    same_number = Cursor(100, [101], NOON)
    assert same_number.start_over([record(100, date=NOON + SECOND)])


def test_the_youngest_call_stays_known() -> None:
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
        # A call that is done may have the number of a record that came after it was told.
        (range(1, 101), 50, 19),
    ],
)
def test_the_place_stays_thirty_records_behind(
    done: range, first_waiting: int | None, since: int
) -> None:
    """Else a record that shows itself late would be lost, or all of them be fetched each time."""
    cursor = Cursor(0, done)
    cursor.move_on(first_waiting)
    assert cursor.since == since
    assert cursor.done.keys() == set(done)


def test_the_place_never_goes_back() -> None:
    """Else what has been let go of would be told again."""
    cursor = Cursor(90, range(1, 101))
    cursor.move_on(None)
    assert cursor.since == 90
    cursor = Cursor(None, range(1, 101))
    cursor.move_on(None)
    assert cursor.since == 70


def test_a_thousand_records_are_remembered() -> None:
    """The newest, and whatever waits besides; else the store would grow for ever."""
    cursor = Cursor(0, range(1002, 0, -1))
    cursor.move_on(None)
    assert cursor.done.keys() == set(range(3, 1003))
    cursor = Cursor(0, range(1, 1102))
    cursor.move_on(1001)
    assert cursor.done.keys() == set(range(1, 1102))
