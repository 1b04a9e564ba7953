"""Whether calls come announced, told from pushes that say nothing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.odorik.api import CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.proof import FORGOTTEN, HEARD, MISSING, Proof, ProofState

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOME, WORKSHOP = "+420910123456", "+420533111222"


def at(seconds: float) -> datetime:
    """Tell a moment after noon."""
    return NOON + timedelta(seconds=seconds)


def call(
    number: int,
    began: float,
    *,
    to: str | None = HOME,
    direction: Direction = Direction.IN,
    rang: int | None = None,
) -> CallEvent:
    """Describe a call that rings, or one that was missed after so many seconds."""
    return CallEvent(
        type=CallEventType.STARTED if rang is None else CallEventType.MISSED,
        active_call_id=number,
        direction=direction,
        own_number=to,
        started_at=at(began),
        ringing_duration=rang,
        status=None if rang is None else CallStatus.MISSED,
    )


def proven(proof: Proof) -> bool:
    """Whether calls come announced, by now."""
    return proof.is_proven


def missing(proof: Proof) -> bool:
    """Whether somebody has to look after it, by now."""
    return proof.is_missing


@pytest.fixture
def proof() -> Proof:
    """A proof that listens since noon."""
    proof = Proof()
    proof.listen(NOON)
    return proof


def test_one_announced_call_proves_it(proof: Proof) -> None:
    """Push would be set up, and the operator be asked as often as ever."""
    assert not proven(proof)
    proof.hear(at(10.2))
    assert not proven(proof)
    assert proof.judge(call(1, 10), at(10.5))
    assert proven(proof)
    assert (proof.announced, proof.unannounced) == (1, 0)


@pytest.mark.parametrize(
    ("heard", "is_announced"), [(4.9, False), (5, True), (35, True), (35.1, False)]
)
def test_a_push_belongs_to_a_call_until_five_seconds_beside_it(
    proof: Proof, heard: float, *, is_announced: bool
) -> None:
    """The clocks differ a little; a push for another call must not prove this one."""
    proof.hear(at(heard))
    assert proof.judge(call(1, 10, rang=20), at(60))
    assert proven(proof) is is_announced


def test_pushes_alone_prove_nothing(proof: Proof) -> None:
    """Who has the address could slow down all looks, and calls would be seen a minute late."""
    for second in range(1000):
        proof.hear(at(second))
    assert not proven(proof)


def test_an_unannounced_call_takes_the_proof_away(proof: Proof) -> None:
    """Push that has died would let every call be seen a minute late."""
    proof.hear(at(10))
    proof.judge(call(1, 10), at(10))
    proof.judge(call(2, 100), at(130))
    assert not proven(proof)
    assert not missing(proof)
    proof.hear(at(200))
    proof.judge(call(3, 200), at(200))
    assert proven(proof)


def test_three_in_a_row_are_no_chance(proof: Proof) -> None:
    """Nobody would ever learn that the operator calls no more."""
    for number in range(MISSING):
        assert not missing(proof)
        proof.judge(call(number, 100 * number), at(100 * number + 5))
    assert missing(proof)
    proof.hear(at(1000))
    proof.judge(call(9, 1000), at(1000))
    assert not missing(proof)


def test_a_number_that_nobody_announces_is_not_proven_by_another(proof: Proof) -> None:
    """Of two numbers one was forgotten, and each of its calls was seen a minute late."""
    for number in range(MISSING):
        proof.judge(call(2 * number, 100 * number, to=WORKSHOP), at(100 * number + 5))
        proof.hear(at(100 * number + 50))
        proof.judge(call(2 * number + 1, 100 * number + 50), at(100 * number + 50))
        assert not proven(proof)
    assert missing(proof)
    proof.hear(at(1000))
    proof.judge(call(9, 1000, to=WORKSHOP), at(1000))
    assert proven(proof)


def test_a_number_without_calls_for_a_month_no_longer_counts(proof: Proof) -> None:
    """A number that is no longer in use does not keep another one from being proven."""
    month = FORGOTTEN.total_seconds()
    for number in range(MISSING):
        proof.judge(call(number, 100 * number, to=WORKSHOP), at(100 * number))
    last = 100 * (MISSING - 1)
    proof.hear(at(last + month))
    proof.judge(call(8, last + month), at(last + month))
    assert missing(proof)
    assert not proven(proof)
    again = Proof(proof.state)
    again.hear(at(last + month + 100))
    again.judge(call(9, last + month + 100), at(last + month + 100))
    assert not missing(again)
    assert proven(again)
    assert again.state.silent == again.state.silent_at == {}


def test_a_number_that_is_rarely_called_still_counts_its_calls(proof: Proof) -> None:
    """Its own unannounced calls in a row raise the repair, however far apart they are."""
    month = FORGOTTEN.total_seconds()
    for number in range(MISSING):
        proof.judge(call(number, 2 * month * number), at(2 * month * number))
    assert missing(proof)


def test_a_number_of_an_older_version_is_forgotten_a_month_later() -> None:
    """Earlier versions did not store when a number was last called."""
    month = FORGOTTEN.total_seconds()
    proof = Proof(ProofState(announced=1, unannounced=1, silent={WORKSHOP: 1}))
    proof.listen(NOON)
    for number, moment in enumerate((10.0, month, month + 100)):
        proof.hear(at(moment))
        proof.judge(call(number, moment), at(moment))
        assert proven(proof) is (moment > month)


@pytest.mark.parametrize(
    ("edge", "announced"),
    [(datetime.min.replace(tzinfo=UTC), 1), (datetime.max.replace(tzinfo=UTC), 0)],
    ids=["first", "last"],
)
def test_a_call_at_the_edge_of_the_calendar_is_judged(
    proof: Proof, edge: datetime, announced: int
) -> None:
    """Nothing is added to a foreign moment, which could overflow."""
    foreign = CallEvent(
        type=CallEventType.STARTED,
        active_call_id=1,
        direction=Direction.IN,
        own_number=HOME,
        started_at=edge,
    )
    proof.hear(at(10))
    assert proof.judge(foreign, at(10))
    assert proof.announced == announced


@pytest.mark.parametrize("late", [0.1, 5, 15])
def test_a_push_that_a_look_overtakes_still_counts(proof: Proof, late: float) -> None:
    """During a call a look is due every three seconds, and comes before many a push."""
    proof.judge(call(1, 10), at(10.1))
    assert not proven(proof)
    assert proof.hear(at(10.1 + late))
    assert proven(proof)
    assert (proof.announced, proof.unannounced) == (1, 0)


def test_a_push_that_comes_much_later_does_not_count(proof: Proof) -> None:
    """It is of another call."""
    proof.judge(call(1, 10), at(20))
    assert not proof.hear(at(40))
    assert not proven(proof)


def test_a_push_long_before_a_call_is_not_of_it(proof: Proof) -> None:
    """Somebody who looked at the address in a browser would prove the next call."""
    proof.hear(at(10))
    proof.judge(call(1, 20), at(25))
    assert proof.unannounced == 1


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
def test_what_is_never_announced_proves_nothing(
    proof: Proof, direction: Direction, to: str | None
) -> None:
    """Who calls out a lot would see a repair for it."""
    for number in range(10):
        assert not proof.judge(call(number, 10 * number, to=to, direction=direction), at(100))
    assert (proof.announced, proof.unannounced) == (0, 0)


def test_a_sip_name_is_a_number_too(proof: Proof) -> None:
    """Its ringings can be set like those of any other number."""
    assert proof.judge(call(1, 10, to="domov.novakovi"), at(10))


def test_a_call_is_judged_once(proof: Proof) -> None:
    """Its start, its answer and its end would make three of one."""
    proof.judge(call(1, 10), at(20))
    assert not proof.judge(call(1, 10, rang=20), at(40))
    unnamed = CallEvent(type=CallEventType.MISSED, direction=Direction.IN, own_number=HOME)
    assert not proof.judge(
        CallEvent(
            type=CallEventType.MISSED,
            direction=Direction.IN,
            own_number=HOME,
            started_at=at(12),
            status=CallStatus.MISSED,
        ),
        at(40),
    )
    assert proof.unannounced == 1
    assert proof.judge(unnamed, at(400))


def test_a_call_that_was_too_short_to_be_seen_is_found_in_the_history(proof: Proof) -> None:
    """Between two looks a minute apart a call may come and go, and show that push has died."""
    proof.hear(at(101))
    assert proof.judge(call(1, 100, rang=8), at(200))
    assert proven(proof)
    assert proof.judge(call(2, 300, rang=8), at(400))
    assert not proven(proof)


def test_what_happened_while_nobody_listened_proves_nothing() -> None:
    """After every start of Home Assistant there would be a repair."""
    proof = Proof()
    assert not proof.judge(call(1, 10), at(20))
    proof.listen(at(100))
    assert not proof.judge(call(2, 90, rang=20), at(200))
    proof.listen(None)
    assert not proof.judge(call(3, 300), at(300))
    assert not proof.is_listening
    proof.listen(at(400))
    assert proof.judge(call(4, 410), at(411))


def test_a_restart_changes_nothing(proof: Proof) -> None:
    """The repair would go with every restart, and the rare looks too."""
    proof.judge(call(1, 10), at(10))
    proof.judge(call(2, 100), at(100))
    again = Proof(proof.state)
    again.listen(at(200))
    again.judge(call(3, 210), at(210))
    assert again.is_missing
    assert (again.announced, again.unannounced) == (0, 3)


def test_forgiving_begins_anew(proof: Proof) -> None:
    """Who has mended it would see the repair again with the next call that slips through."""
    for number in range(MISSING):
        proof.judge(call(number, 100 * number), at(100 * number))
    proof.forgive()
    assert not missing(proof)
    assert not proven(proof)


@given(st.lists(st.floats(0, 86_400, width=32), max_size=2_000))
def test_no_number_of_pushes_takes_more_room(moments: list[float]) -> None:
    """Who has the address could fill the memory of the house."""
    proof = Proof()
    proof.listen(NOON)
    for moment in moments:
        proof.hear(at(moment))
    assert len(proof._heard) <= HEARD
    assert not proven(proof)
    assert not missing(proof)


@given(
    st.lists(
        st.tuples(st.sampled_from([HOME, WORKSHOP]), st.booleans(), st.integers(30, 500)),
        max_size=40,
    )
)
def test_every_call_counts_once_as_what_it_was(calls: list[tuple[str, bool, int]]) -> None:
    """What a home is told of push would be wrong after some odd sequence of calls."""
    proof = Proof()
    proof.listen(NOON)
    then = 60.0
    row = dict.fromkeys((HOME, WORKSHOP), 0)
    for number, (to, is_announced, gap) in enumerate(calls):
        then += gap
        if is_announced:
            proof.hear(at(then + 0.1))
        proof.judge(call(number, then, to=to), at(then + 1))
        row[to] = 0 if is_announced else row[to] + 1
        assert missing(proof) == (sum(row.values()) >= MISSING)
    announced = sum(is_announced for _, is_announced, _ in calls)
    assert (proof.announced, proof.unannounced) == (announced, len(calls) - announced)
    assert proven(proof) == (announced > 0 and not any(row.values()))
