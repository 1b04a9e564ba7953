"""Test where the log begins, and that it reports no record twice and loses none."""

from datetime import timedelta

import pytest

from custom_components.odorik.calls.log import LogState

from .builders import active, answered, forwarded, leg, record
from .call_fixtures import ENDED, NOON, SECOND, LogHarness
from .phones import EVA, HOME_LINE, JAN, MOBILE, WORKSHOP_LINE

DAY = timedelta(days=1)
OFFSETS = [timedelta(0), timedelta(hours=1), timedelta(hours=-1)]
"""How far the operator's clock is ahead."""


def test_calls_before_the_baseline_are_not_reported() -> None:
    """A new account reports only calls that are recorded after it was added."""
    log = LogHarness(None)
    assert (log.position, log.state) == (None, None)
    log.cursor.set_baseline([record(8), record(7)])
    assert log.cursor.since == log.position == 8
    assert log.finished_ids(record(7), record(8), record(9)) == [9]


def test_a_record_with_an_absurd_id_does_not_hide_later_ones(log: LogHarness) -> None:
    """Later records are still reported, and the cursor moves on with them."""
    log.finished_events(record(2**63 - 1), record(5))
    for number in range(6, 200):
        assert log.finished_ids(record(number)) == [number]
    assert log.cursor.since is not None
    assert 100 < log.cursor.since < 200


def test_news_are_unread_records_sorted_by_id(log: LogHarness) -> None:
    """Records that are done, pending or repeated are not news."""
    log.finished_events(record(6), leg(9, 8))
    rows = [record(7), leg(9, 8), record(5), record(6), record(7)]
    assert [row.id for row in log.news(rows)] == [5, 7]


def test_a_pending_record_is_read_again_after_a_restart(log: LogHarness) -> None:
    """The cursor stays before the first pending record, however many others were reported."""
    log.poll(forwarded(71, 1), at=20)
    others = [record(number, source_number=EVA, line=WORKSHOP_LINE) for number in range(6, 106)]
    assert not log.finished_events(record(5, active_call_id=70))
    assert len(log.finished_events(*others, record(200, active_call_id=72))) == 100
    log.read([], NOON + 21 * SECOND)
    assert log.waiting == 2
    assert (log.position, log.cursor.since) == (4, 0)
    assert log.restarted().finished_ids(record(5, active_call_id=70)) == [5]


def test_messages_after_a_pending_record_are_not_passed(log: LogHarness) -> None:
    """The cursor moves on with messages among calls, but stays before the first such record."""
    log.poll(forwarded(71, 1), at=20)
    assert not log.finished_events(record(50, active_call_id=70), leg(60, 59, source_number=EVA))
    log.pass_messages(number for number in range(1, 101) if number not in {50, 60})
    log.read([], NOON + 21 * SECOND)
    assert log.cursor.since == 19
    assert log.cursor.done.keys() == set(range(1, 50))


@pytest.mark.parametrize("clock_offset", OFFSETS)
def test_a_call_older_than_a_week_is_skipped(log: LogHarness, clock_offset: timedelta) -> None:
    """The age of a call is measured by the operator's clock, which dates the calls."""
    log.clock_offset = clock_offset
    week_ago = NOON + clock_offset - 7 * DAY
    rows = [record(7, date=week_ago), record(8, date=week_ago - SECOND)]
    assert log.finished_ids(*rows, at=0) == [7]
    assert log.position == 8


@pytest.mark.parametrize("clock_offset", OFFSETS)
def test_an_order_is_remembered_for_a_day(log: LogHarness, clock_offset: timedelta) -> None:
    """The age of an order is measured by the operator's clock, by which it is due."""
    log.clock_offset = clock_offset
    log.orders.add(MOBILE, JAN, HOME_LINE, NOON + clock_offset)
    for age, is_remembered in ((DAY - SECOND, True), (DAY, False)):
        log.watch([], NOON + age)
        assert log.state
        assert bool(log.state.orders) is is_remembered


def test_a_forwarded_call_without_its_origin_is_reported_after_ten_seconds(log: LogHarness) -> None:
    """The login of a line may not see the incoming record. If it comes later, it is not news."""
    assert not log.finished_events(leg(8, 7), leg(9, 7), at=20)
    assert log.finished_ids(at=31) == [7]
    assert not log.finished_events(record(7), at=32)
    assert not log.restarted().finished_events(record(7), leg(10, 7), at=33)


def test_a_forwarded_leg_waits_while_its_origin_is_up(log: LogHarness) -> None:
    """A call that was forwarded in vain may still be answered where it came in."""
    log.poll(active(70), at=1)
    assert not log.finished_events(leg(8, 7, date=NOON + 5 * SECOND, active_call_id=71), at=20)
    log.poll(active(70, answer_date=NOON + 25 * SECOND), at=55)
    assert not log.finished_events(at=56)
    log.poll(at=60)
    (event,) = log.finished_events(answered(7, active_call_id=70), at=62)
    assert (event.type, event.call_id) == (ENDED, 7)


def test_a_late_leg_of_a_reported_call_is_ignored(log: LogHarness) -> None:
    """Late legs of a finished call cause no second event, even if a leg between them is missing."""
    log.finished_events(record(7))
    assert not log.finished_events(leg(9, 8), at=22)
    assert not log.finished_events(leg(8, 7), at=23)
    assert not log.waiting


def test_pending_records_of_a_restarted_history_are_reported_once() -> None:
    """If IDs start again from low numbers, calls after the last known one are reported."""
    log = LogHarness(LogState(position=4000, done=[5000], newest=NOON))
    assert not log.finished_events(leg(5002, 5001, date=NOON + SECOND))
    rows = [record(3), record(4, date=NOON + SECOND), leg(5, 4, date=NOON + SECOND)]
    assert log.start_over(rows)
    assert log.finished_ids(*rows, at=40) == [4]
    assert not log.waiting


def test_recorded_calls_are_known_by_their_active_call(log: LogHarness) -> None:
    """A record without the ID of its active call is matched; after a restart it names none."""
    log.poll(active(70), active(71, source_number=EVA), at=1)
    rows = [record(7, active_call_id=70), record(8, source_number=EVA)]
    log.finished_events(*log.news(rows))
    assert log.recorded == {70, 71}
    later = log.restarted()
    later.news(rows)
    assert later.recorded == {70}


def test_a_reported_end_without_a_record_is_not_repeated_by_its_record(log: LogHarness) -> None:
    """If the permission to read the history returns, records of reported calls are ignored."""
    log.poll(active(70), at=3)
    log.poll(at=12)
    assert len(log.end_unrecorded()) == 1
    for later in (log.restarted(), log):
        # The second leg was in no poll.
        rows = [record(7, active_call_id=70), leg(8, 7, active_call_id=71)]
        assert not later.finished_events(*rows)
        assert not later.waiting


def test_a_recorded_end_is_not_repeated_without_the_record(log: LogHarness) -> None:
    """A call that was reported from its record has no second end."""
    log.poll(active(70), at=3)
    log.poll(at=12)
    assert len(log.finished_events(record(7, active_call_id=70))) == 1
    assert log.end_unrecorded() == []


def test_a_thousand_ends_without_a_record_are_remembered() -> None:
    """The newest thousand are kept, so that the store does not grow without limit."""
    log = LogHarness(LogState(position=0, reported_live=list(range(1, 1001))))
    log.poll(active(1001), at=3)
    log.poll(at=12)
    assert len(log.end_unrecorded()) == 1
    assert log.state
    assert log.state.reported_live == list(range(2, 1002))
