"""Test how long a record waits for another leg of its call, and for which one."""

from typing import Any

import pytest

from custom_components.odorik.api import CallRecord, CallStatus, Direction
from custom_components.odorik.calls.log import LogState

from .builders import (
    active,
    answered,
    answered_leg,
    dialled,
    forwarded,
    leg,
    outgoing,
    picked_up,
    record,
    ring_both_lines,
)
from .call_fixtures import ENDED, MISSED, NOON, SECOND, LogHarness
from .phones import AT_WORKSHOP, EVA, HOME, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE

# A missed call and the leg to which it may have been forwarded


@pytest.mark.parametrize(
    "other",
    [
        {"destination_number": MOBILE, "start_date": NOON + 20 * SECOND},
        {"destination_number": MOBILE, "start_date": None},
        {"destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE},
    ],
)
def test_a_missed_call_waits_while_a_forwarded_leg_is_up(
    log: LogHarness, other: dict[str, Any]
) -> None:
    """The call may still be answered there, so it is reported when that leg has its record."""
    ringing = active(71, **{"start_date": NOON + 20 * SECOND, **other})
    log.poll(active(70), at=1)
    log.poll(ringing, at=21)
    assert not log.finished_events(record(7, active_call_id=70), at=22)
    assert log.position == 6
    log.poll(ringing, at=80)
    assert not log.finished_events(at=81)
    log.poll(at=90)
    assert not log.finished_events(at=90)
    assert log.finished_types(answered_leg(8, 7, active_call_id=71), at=92) == [ENDED]


@pytest.mark.parametrize(
    ("began", "other"),
    [
        (20, {"destination_number": MOBILE}),
        (21, {"destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE}),
        (10, {"destination_number": WORKSHOP, "line": WORKSHOP_LINE}),
        (0, {"destination_number": WORKSHOP}),
        (2, {"line": WORKSHOP_LINE}),
        (0, {"line": WORKSHOP_LINE}),
        # The record below names its own call, so one that looks like it is another leg.
        (0, {}),
    ],
)
def test_a_missed_call_waits_for_a_possible_leg(
    log: LogHarness, began: float, other: dict[str, Any]
) -> None:
    """Another call of the same caller that began while the first one rang may be its leg."""
    log.poll(active(70), at=1)
    log.poll(active(71, start_date=NOON + began * SECOND, **other), at=22)
    assert not log.finished_events(record(7, active_call_id=70), at=22)


@pytest.mark.parametrize("other", [{"line": WORKSHOP_LINE}, {"destination_number": WORKSHOP}])
def test_a_record_without_an_active_call_waits_for_a_possible_leg(
    log: LogHarness, other: dict[str, Any]
) -> None:
    """A call that differs in its line or number is not that of the record, but may be its leg."""
    log.poll(active(71, **other), at=6)
    assert not log.finished_events(record(7))


@pytest.mark.parametrize(
    ("began", "other"),
    [
        # Before the call, or after it: a redial three seconds after the caller has hung up.
        (-60, {"destination_number": MOBILE}),
        (23, {}),
        (23, {"destination_number": WORKSHOP, "line": WORKSHOP_LINE}),
        (60, {"destination_number": MOBILE}),
        # Another call of the same number on the same line.
        (10, {}),
        # Other callers, two of them withheld.
        (1, {"source_number": EVA}),
        (10, {"source_number": ""}),
        (10, {"source_number": None}),
        # Outgoing calls.
        (1, {"source_number": HOME, "line": WORKSHOP_LINE}),
        (10, {"source_number": HOME, "destination_number": EVA}),
        (10, {"source_number": HOME, "destination_number": JAN}),
    ],
)
@pytest.mark.parametrize("source", [JAN, ""])
def test_a_missed_call_does_not_wait_for_an_unrelated_call(
    log: LogHarness, source: str, began: float, other: dict[str, Any]
) -> None:
    """A call that cannot be a leg of the missed one does not delay its event."""
    fields = {"source_number": source, "start_date": NOON + began * SECOND, **other}
    log.poll(active(70, source_number=source), at=1)
    log.poll(picked_up(active(71, **fields), 25), at=26)
    row = record(7, source_number=source, active_call_id=70)
    assert log.finished_types(row, at=26) == [MISSED]


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"source_number": ""}, True),
        ({"source_number": "", "line": WORKSHOP_LINE}, False),
        ({"start_date": NOON + SECOND}, False),
    ],
)
def test_a_withheld_call_waits_for_a_withheld_leg_on_its_line(
    log: LogHarness, fields: dict[str, Any], *, waits: bool
) -> None:
    """There is no number to compare, so the line decides; a shown number is another caller's."""
    log.poll(active(71, **{"destination_number": MOBILE, **fields}), at=1)
    row = record(7, source_number="", active_call_id=70)
    assert log.finished_types(row) == ([] if waits else [MISSED])


@pytest.mark.parametrize(
    ("fields", "began", "waits"),
    [
        ({}, 0, True),
        ({}, -0.5, False),
        ({}, 21, True),
        ({}, 21.5, False),
        # Voicemail that picked up keeps the line a while longer.
        ({"length": 10}, 31, True),
        ({"length": 10}, 31.5, False),
        ({"ringing_length": None}, 1, True),
        ({"ringing_length": None}, 1.5, False),
        ({"ringing_length": None, "length": None}, 1, True),
        ({"length": None}, 21, True),
        ({"length": None}, 21.5, False),
    ],
)
def test_a_missed_call_waits_for_a_leg_that_began_while_it_rang(
    log: LogHarness, fields: dict[str, Any], began: float, *, waits: bool
) -> None:
    """A leg may begin up to a second after the call it belongs to has stopped ringing."""
    log.poll(forwarded(71, began), at=36)
    row = record(7, active_call_id=70, **fields)
    assert log.finished_types(row, at=37) == ([] if waits else [MISSED])


def test_an_answered_call_does_not_wait(log: LogHarness) -> None:
    """Another ringing leg cannot change that the call was answered."""
    log.poll(active(72, destination_number=EVA, start_date=NOON + SECOND), at=2)
    assert log.finished_types(record(7), answered_leg(8, 7)) == [ENDED]


def test_a_missed_call_does_not_wait_for_a_recorded_call(log: LogHarness) -> None:
    """The second call of the same caller has its record, so it is not a pending leg."""
    log.poll(active(71, start_date=NOON + 20 * SECOND), at=20)
    log.poll(at=30)
    log.finished_events(answered(8, active_call_id=71, date=NOON + 20 * SECOND), at=31)
    assert log.finished_types(record(7, active_call_id=70), at=32) == [MISSED]


@pytest.mark.parametrize("active_call_id", [70, None])
def test_a_missed_call_does_not_wait_for_itself(
    log: LogHarness, active_call_id: int | None
) -> None:
    """The list of active calls may be a moment older than the record."""
    log.poll(active(70), at=1)
    (event,) = log.finished_events(record(7, active_call_id=active_call_id))
    assert (event.type, event.active_call_id) == (MISSED, 70)


def test_an_unanswered_outgoing_call_does_not_wait_for_the_next_one(log: LogHarness) -> None:
    """A redial is not a leg of the first attempt."""
    log.poll(dialled(71, EVA, 1), at=2)
    assert log.finished_types(outgoing(7, JAN, status=CallStatus.MISSED)) == [ENDED]


def test_a_call_waits_if_any_of_its_records_may_have_a_pending_leg(log: LogHarness) -> None:
    """One record with a shown number is enough, although the other one is withheld."""
    log.poll(active(72, destination_number=EVA, start_date=NOON + SECOND), at=2)
    other = leg(
        8, 7, source_number="", line=WORKSHOP_LINE, date=NOON + 10 * SECOND, active_call_id=71
    )
    assert not log.finished_events(record(7, active_call_id=70), other)


def test_a_fresh_poll_is_needed_before_a_missed_call_is_reported(log: LogHarness) -> None:
    """Only a new poll shows whether the call is still ringing elsewhere."""
    assert log.needs_poll([answered(6), record(7)])
    assert not log.needs_poll([answered(7)])
    assert not log.needs_poll([record(7, direction=Direction.OUT)])


# For how long


def test_a_record_is_awaited_for_ninety_seconds(log: LogHarness) -> None:
    """The time counts from when the call was last seen up."""
    log.poll(active(70), at=1)
    log.poll(at=90.5)
    assert log.awaits_record()
    log.poll(at=91)
    assert not log.awaits_record()


def test_an_unchanged_poll_shows_that_a_call_is_up(log: LogHarness) -> None:
    """The record of a long call is awaited from the last poll that returned the same calls."""
    log.watch([active(70)], NOON)
    log.watch([], NOON + 200 * SECOND, previous_poll=NOON + 190 * SECOND)
    assert log.awaits_record()
    log.watch([], NOON + 280 * SECOND)
    assert not log.awaits_record()


def test_an_unchanged_poll_does_not_extend_a_call_that_has_ended(log: LogHarness) -> None:
    """A record that never comes is not awaited until all other calls have ended."""
    other = active(71, source_number=EVA)
    log.watch([active(70), other], NOON)
    log.watch([other], NOON + 3 * SECOND)
    log.watch([other], NOON + 100 * SECOND, previous_poll=NOON + 95 * SECOND)
    assert not log.awaits_record()


def test_an_answered_leg_is_awaited_for_ninety_seconds(log: LogHarness) -> None:
    """The time counts from when the leg was last seen up."""
    log.poll(forwarded(71, 1, answer_date=NOON + SECOND), at=2)
    log.poll(at=5)
    assert not log.finished_events(record(7, active_call_id=70), at=21)
    assert not log.finished_events(at=91.5)
    assert len(log.finished_events(at=92)) == 1


def test_a_leg_that_only_rang_is_awaited_for_five_seconds(log: LogHarness) -> None:
    """Such a leg may leave no record."""
    log.poll(*ring_both_lines(), at=1)
    log.poll(at=20)
    assert not log.finished_events(record(7, active_call_id=70), at=20)
    assert not log.finished_events(at=24.5)
    assert log.finished_types(at=25) == [MISSED]


def test_a_poll_is_valid_for_a_minute(log: LogHarness) -> None:
    """While active calls cannot be read, a missed call waits no longer than that."""
    log.poll(forwarded(71, 1), at=2)
    assert not log.finished_events(record(7, active_call_id=70), at=21)
    assert not log.finished_events(at=62)
    assert log.finished_types(at=62.5) == [MISSED]


# After the local clock was set back


@pytest.mark.parametrize("is_up", [True, False])
def test_a_poll_from_the_future_is_not_valid(log: LogHarness, *, is_up: bool) -> None:
    """A missed call does not wait until the clock has caught up."""
    log.poll(forwarded(71, 1), at=3600)
    if not is_up:
        log.poll(at=3603)
    assert log.finished_types(record(7, active_call_id=70), at=20) == [MISSED]


def test_the_record_of_a_call_from_the_future_is_not_awaited(log: LogHarness) -> None:
    """A call that was last seen an hour ahead has no pending record."""
    log.poll(active(70), at=3600)
    log.poll(at=20)
    assert not log.awaits_record()


def test_a_record_that_was_read_in_the_future_does_not_wait(log: LogHarness) -> None:
    """A leg whose origin is missing is reported as soon as the clock is right again."""
    assert not log.finished_events(leg(8, 7), at=3600)
    assert log.finished_ids(at=20) == [7]


# A forwarded leg and the record that it was forwarded from


@pytest.mark.parametrize(
    ("source", "origin", "waits"),
    [
        (JAN, {}, True),
        (JAN, {"start_date": None}, True),
        (JAN, {"start_date": NOON + 5 * SECOND}, True),
        (JAN, {"start_date": NOON + 5.5 * SECOND}, False),
        (JAN, {"source_number": EVA}, False),
        (JAN, {"source_number": ""}, False),
        # Without a number to compare, the line decides.
        ("", {"source_number": "", "line": WORKSHOP_LINE}, True),
        ("", {"source_number": ""}, False),
        ("", {"line": WORKSHOP_LINE}, False),
    ],
)
def test_a_forwarded_leg_waits_for_its_possible_origin(
    log: LogHarness, source: str, origin: dict[str, Any], *, waits: bool
) -> None:
    """The origin is an unrecorded call of the same caller that did not begin later."""
    row = leg(8, 7, source_number=source, active_call_id=71, line=WORKSHOP_LINE)
    log.poll(active(70, **origin), at=20)
    log.finished_events(row, at=21)
    assert bool(log.finished_events(at=32)) is not waits


def test_forwarded_legs_wait_if_any_of_them_may_have_an_origin(log: LogHarness) -> None:
    """One leg with a shown number is enough, although the other one is withheld."""
    log.poll(active(70), at=20)
    legs = [leg(8, 7, active_call_id=71), leg(9, 7, source_number="", line=WORKSHOP_LINE)]
    log.finished_events(*legs, at=21)
    assert not log.finished_events(at=32)


@pytest.mark.parametrize(
    ("place", "parent", "waits"),
    [(100, 50, False), (100, 100, False), (100, 101, True), (100, 107, True), (0, 1, True)],
)
def test_a_forwarded_leg_waits_for_an_origin_that_is_still_to_be_read(
    place: int, parent: int, *, waits: bool
) -> None:
    """An origin at or before the cursor will not be read any more."""
    log = LogHarness(LogState(position=place))
    assert log.finished_ids(leg(108, parent)) == ([] if waits else [parent])


@pytest.mark.parametrize("rows", [[outgoing(7, MOBILE)], [leg(8, 7), leg(9, 7)]])
def test_a_record_waits_ten_seconds_for_another_one(
    log: LogHarness, rows: list[CallRecord]
) -> None:
    """The time counts from the first reading; further readings and legs do not extend it."""
    log.order_callback()
    log.finished_events(rows[0], at=20)
    log.finished_events(*rows, at=25)
    assert log.waiting == len(rows)
    assert not log.finished_events(rows[0], at=29.5)
    assert len(log.finished_events(rows[0], at=30)) == 1
