"""Test how pushes and calls are compared to find out whether calls are announced."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.api import CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.push_health import (
    FAILING_AFTER,
    MAX_PUSHES,
    MISSES_EXPIRE_AFTER,
    PushHealth,
    PushHealthState,
)

from . import phones
from .call_fixtures import NOON, SECOND, e164

HOME, WORKSHOP = e164(phones.HOME), e164(phones.WORKSHOP)
MONTH = MISSES_EXPIRE_AFTER.total_seconds()


def at(seconds: float) -> datetime:
    """Return the time a number of seconds after noon."""
    return NOON + seconds * SECOND


def call(
    number: int,
    began: float,
    *,
    to: str | None = HOME,
    direction: Direction = Direction.IN,
    rang: int | None = None,
) -> CallEvent:
    """Create a call that rings, or one that was missed after some seconds."""
    return CallEvent(
        type=CallEventType.STARTED if rang is None else CallEventType.MISSED,
        active_call_id=number,
        direction=direction,
        own_number=to,
        started_at=at(began),
        ringing_duration=rang,
        status=None if rang is None else CallStatus.MISSED,
    )


def status(proof: PushHealth) -> str:
    """Return whether push is proven or failing, without narrowing the type of a property."""
    if proof.is_proven:
        return "proven"
    return "failing" if proof.is_failing else "unproven"


def announce(proof: PushHealth, number: int, moment: float, to: str = HOME) -> None:
    """Receive a push and find the call that it announces."""
    proof.record_push(at(moment))
    proof.record_call(call(number, moment, to=to), at(moment))


def fail(proof: PushHealth, to: str = HOME, pause: float = 100) -> None:
    """Find as many calls without a push as are reported."""
    for number in range(FAILING_AFTER):
        assert status(proof) == "unproven"
        proof.record_call(call(number, pause * number, to=to), at(pause * number + 5))
    assert status(proof) == "failing"


@pytest.fixture
def proof() -> PushHealth:
    """Return an instance that has listened since noon."""
    proof = PushHealth()
    proof.resume(NOON)
    return proof


def test_one_announced_call_proves_that_push_works(proof: PushHealth) -> None:
    """A push and a call are needed for that; a text as the called number is a SIP name."""
    assert status(proof) == "unproven"
    proof.record_push(at(10.2))
    assert status(proof) == "unproven"
    assert proof.record_call(call(1, 10, to="domov.novakovi"), at(10.5))
    assert status(proof) == "proven"
    assert (proof.announced, proof.unannounced) == (1, 0)


@pytest.mark.parametrize(
    ("heard", "rang", "is_announced"),
    [
        (4.9, 20, False),
        (5, 20, True),
        (35, 20, True),
        (35.1, 20, False),
        # The call came and went between two polls.
        (11, 8, True),
    ],
)
def test_a_push_may_come_five_seconds_before_or_after_the_ringing(
    proof: PushHealth, heard: float, rang: int, *, is_announced: bool
) -> None:
    """The clocks differ a little; any other push does not belong to the call."""
    proof.record_push(at(heard))
    assert proof.record_call(call(1, 10, rang=rang), at(60))
    assert (proof.announced, proof.unannounced) == (is_announced, not is_announced)


@pytest.mark.parametrize(
    ("late", "counts"), [(0.1, True), (5, True), (15, True), (15.1, False), (30, False)]
)
def test_a_push_may_come_fifteen_seconds_after_the_poll(
    proof: PushHealth, late: float, *, counts: bool
) -> None:
    """During a call, a poll may come before the push; a later one belongs to another call."""
    proof.record_call(call(1, 10), at(10.1))
    assert proof.record_push(at(10.1) + late * SECOND) is counts
    assert (proof.announced, proof.unannounced) == (counts, not counts)


@pytest.mark.parametrize(("pause", "is_announced"), [(0.9, False), (1, True)])
def test_pushes_within_a_second_count_as_one(
    proof: PushHealth, pause: float, *, is_announced: bool
) -> None:
    """Only the first of them is remembered, which is too early for this call."""
    proof.record_push(at(10))
    proof.record_push(at(10) + pause * SECOND)
    proof.record_call(call(1, 15 + pause), at(20))
    assert proof.is_proven is is_announced


@pytest.mark.parametrize("pause", [100, 2 * MONTH])
def test_three_unannounced_calls_in_a_row_are_reported(proof: PushHealth, pause: float) -> None:
    """The next announced call ends that. A rarely called number is reported as well."""
    fail(proof, pause=pause)
    announce(proof, 9, 10 * pause)
    assert status(proof) == "proven"


def test_a_number_without_calls_for_a_month_is_forgotten(proof: PushHealth) -> None:
    """A number that is no longer in use does not keep another one from being proven."""
    fail(proof, to=WORKSHOP)
    last = 100 * (FAILING_AFTER - 1) + 5 + MONTH
    announce(proof, 8, last)
    assert status(proof) == "failing"
    again = PushHealth(proof.state)
    announce(again, 9, last + 100)
    assert status(again) == "proven"
    assert again.state.silent == again.state.silent_at == {}


def test_a_number_from_an_older_version_is_forgotten_after_a_month() -> None:
    """Earlier versions did not store when a number was last called."""
    proof = PushHealth(PushHealthState(announced=1, unannounced=1, silent={WORKSHOP: 1}))
    proof.resume(NOON)
    for number, moment in enumerate((10.0, MONTH, MONTH + 100)):
        announce(proof, number, moment)
        assert proof.is_proven is (moment > MONTH)


@pytest.mark.parametrize(
    ("edge", "announced"),
    [(datetime.min.replace(tzinfo=UTC), 1), (datetime.max.replace(tzinfo=UTC), 0)],
    ids=["first", "last"],
)
def test_a_call_at_the_edge_of_the_calendar_is_judged(
    proof: PushHealth, edge: datetime, announced: int
) -> None:
    """Nothing is added to a foreign date, which could overflow."""
    proof.record_push(at(10))
    assert proof.record_call(replace(call(1, 10), started_at=edge), at(10))
    assert proof.announced == announced


@pytest.mark.parametrize(
    ("direction", "to"),
    [
        (Direction.OUT, HOME),
        (Direction.REDIRECTED, HOME),
        (Direction.UNKNOWN, HOME),
        (Direction.IN, "*300100"),
        (Direction.IN, "300100"),
        (Direction.IN, None),
    ],
)
def test_calls_that_are_never_announced_are_not_counted(
    proof: PushHealth, direction: Direction, to: str | None
) -> None:
    """Pushes are ordered for public numbers, and for incoming calls only."""
    assert not proof.record_call(call(1, 10, to=to, direction=direction), at(100))
    assert (proof.announced, proof.unannounced) == (0, 0)


def test_a_call_is_judged_once(proof: PushHealth) -> None:
    """Its start, answer and end count as one call, even if the record names no active call."""
    proof.record_call(call(1, 10), at(20))
    assert not proof.record_call(call(1, 10, rang=20), at(40))
    assert not proof.record_call(replace(call(1, 12, rang=20), active_call_id=None), at(40))
    assert proof.unannounced == 1
    # A different called number, a different start, or none.
    for event in (call(1, 10, to=WORKSHOP), call(1, 300), replace(call(1, 10), started_at=None)):
        assert proof.record_call(replace(event, active_call_id=None), at(400))


def test_calls_before_listening_are_not_counted() -> None:
    """No push could be received then."""
    proof = PushHealth()
    assert not proof.record_call(call(1, 10), at(20))
    proof.resume(at(100))
    assert not proof.record_call(call(2, 90, rang=20), at(200))
    proof.pause()
    assert not proof.record_call(call(3, 300), at(300))
    assert not proof.is_active
    proof.resume(at(400))
    assert proof.record_call(call(4, 410), at(411))


def test_counts_survive_a_restart(proof: PushHealth) -> None:
    """The next unannounced call is the third in a row."""
    proof.record_call(call(1, 10), at(10))
    proof.record_call(call(2, 100), at(100))
    again = PushHealth(proof.state)
    again.resume(at(200))
    again.record_call(call(3, 210), at(210))
    assert again.is_failing
    assert (again.announced, again.unannounced) == (0, 3)


@given(st.lists(st.floats(0, 86_400, width=32), max_size=2_000))
def test_the_number_of_remembered_pushes_is_limited(moments: list[float]) -> None:
    """Requests by anyone who knows the URL neither fill the memory nor prove anything."""
    proof = PushHealth()
    proof.resume(NOON)
    for moment in moments:
        proof.record_push(at(moment))
    assert len(proof._pushes) <= MAX_PUSHES
    assert status(proof) == "unproven"


@given(
    st.lists(
        st.tuples(st.sampled_from([HOME, WORKSHOP]), st.booleans(), st.integers(30, 500)),
        max_size=40,
    )
)
def test_every_call_is_counted_once(calls: list[tuple[str, bool, int]]) -> None:
    """The counts equal the number of announced and unannounced calls in any sequence."""
    proof = PushHealth()
    proof.resume(NOON)
    then = 60.0
    row = dict.fromkeys((HOME, WORKSHOP), 0)
    for number, (to, is_announced, gap) in enumerate(calls):
        then += gap
        if is_announced:
            proof.record_push(at(then + 0.1))
        proof.record_call(call(number, then, to=to), at(then + 1))
        row[to] = 0 if is_announced else row[to] + 1
        assert proof.is_failing == (sum(row.values()) >= FAILING_AFTER)
    announced = sum(is_announced for _, is_announced, _ in calls)
    assert (proof.announced, proof.unannounced) == (announced, len(calls) - announced)
    assert proof.is_proven == (announced > 0 and not any(row.values()))
