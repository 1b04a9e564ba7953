"""Test the selection of the newest calls of a long history."""

from datetime import datetime

from hypothesis import given, settings, strategies as st

from custom_components.odorik.api import CallRecord
from custom_components.odorik.calls.newest import Newest

from .builders import record
from .call_fixtures import NOON, SECOND

RECORDS = st.builds(
    lambda record_id, seconds: record(record_id, date=NOON + seconds * SECOND),
    st.integers(1, 40),
    st.integers(0, 3),
)


@settings(deadline=None, database=None, derandomize=True)
@given(
    limit=st.integers(1, 12),
    pages=st.lists(st.lists(RECORDS, max_size=10), max_size=6),
    takes=st.lists(st.integers(0, 5), max_size=8),
)
def test_the_newest_records_are_kept(
    limit: int, pages: list[list[CallRecord]], takes: list[int]
) -> None:
    """The result equals sorting the whole history, with any order and repetitions."""
    newest = Newest(limit)
    first: dict[tuple[datetime, int], CallRecord] = {}
    for page in pages:
        newest.add(iter(page))
        for row in page:
            first.setdefault((row.date, row.id), row)
        assert len(newest) == min(limit, len(first))
        assert newest.is_cut is (len(first) > limit)
    expected = sorted(first.values(), key=lambda row: (row.date, row.id))[-limit:]
    for take in takes:
        taken, expected = expected[:take], expected[take:]
        assert newest.pop_oldest(take) == taken
        assert len(newest) == len(expected)
    assert newest.pop_oldest(limit) == expected
    assert not newest


def test_a_record_that_was_dropped_is_not_added_again() -> None:
    """Records slip to the next page while a history is read."""
    newest = Newest(1)
    newest.add([record(1), record(2)])
    assert newest.pop_oldest(1) == [record(2)]
    newest.add([record(1), record(2)])
    assert not newest
