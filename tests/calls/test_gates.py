"""Test the decisions on rings at gates."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import event, example, given, settings, strategies as st
import pytest

from custom_components.odorik.api import ActiveCall, Direction, Line, PublicNumber, SpeedDial
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent
from custom_components.odorik.calls.gates import (
    MAX_CALL_LENGTH,
    MAX_REMEMBERED,
    MAX_RING_AGE,
    OPENING_TIME,
    AllowedCaller,
    Gate,
    GateDecision,
    GateKeeper,
    GateOutcome,
    GateRing,
    RefusalReason,
)
from custom_components.odorik.calls.hourly_totals import HourlyTotals, Metric, Series
from custom_components.odorik.calls.inbox import Inbox
from custom_components.odorik.calls.log import calls_of
from custom_components.odorik.calls.numbers import SHARED_CALLER_ID, is_same_number

from .builders import active, answered, leg, picked_up, record
from .call_fixtures import DIRECTORY, ENDED, MISSED, NOON, SECOND, STARTED, LogHarness, e164
from .phones import AT_WORKSHOP, EVA, HOME, HOME_LINE, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE

GATE_NUMBER, GATE_LINE = "00420910246810", 300120
STRANGER, GUEST, EXPIRED = "00420602555123", "00420603111222", "00420603111333"
TODAY = NOON.date()
CONTACTS = (SpeedDial(number=EVA, name="Eva Nováková"), SpeedDial(number="*100", name="Podpora"))
LOOKALIKES = (
    f"00421{JAN[5:]}",
    f"{JAN}0",
    JAN[:-1],
    f"0{JAN}",
    f"*09{JAN}",
    f"*{JAN[5:]}",
    f"sip:{JAN}@example.net",
    JAN[5:].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
)
"""Numbers that only look like Jan's."""
OPENED = GateDecision(outcome=GateOutcome.OPENED)
UNKNOWN, WITHHELD, NO_LONGER = (
    GateDecision(outcome=GateOutcome.REFUSED, reason=reason) for reason in RefusalReason
)


def make_gate(*callers: str, number: str = GATE_NUMBER, gate_id: str = "garden") -> Gate:
    """Create a gate for these callers."""
    return Gate.create(gate_id, name="Garden", number=number, callers=callers, hang_up=True)


GARDEN = make_gate(
    "777 123 456",
    "eva novakova",
    "Podpora",
    f"{GUEST} until {TODAY}",
    f"{EXPIRED} until 2026-11-22",
)
WITH_GATE = Directory(
    DIRECTORY.lines.values(),
    [*(PublicNumber(public_number=own) for own in (HOME, WORKSHOP, GATE_NUMBER))],
    CONTACTS,
    [GARDEN],
)

SHED = make_gate("777 123 456", number=str(WORKSHOP_LINE), gate_id="shed")
WITH_SHED = Directory(
    DIRECTORY.lines.values(),
    [PublicNumber(public_number=HOME), PublicNumber(public_number=WORKSHOP)],
    CONTACTS,
    [SHED],
)


def make_log(directory: Directory = WITH_GATE) -> LogHarness:
    """Create a log of an account with a gate, whose first poll found no active calls."""
    log = LogHarness()
    log.directory = directory
    log.poll(at=0)
    return log


AT_GATE: dict[str, Any] = {"destination_number": GATE_NUMBER, "line": GATE_LINE}
TO_HOME: dict[str, Any] = {"destination_number": HOME, "line": HOME_LINE}
TO_WORKSHOP: dict[str, Any] = {"destination_number": WORKSHOP, "line": WORKSHOP_LINE}
TO_SHED: dict[str, Any] = {"destination_number": AT_WORKSHOP, "line": WORKSHOP_LINE}


@pytest.fixture
def log() -> LogHarness:
    """A log of an account with a gate."""
    return make_log()


def ring(call_id: int, source: str = JAN, at: float = 0, **fields: Any) -> ActiveCall:
    """Create a call that rings the gate, by default from Jan at noon."""
    fields = {"start_date": NOON + at * SECOND, **AT_GATE, **fields}
    return active(call_id, source_number=source, **fields)


def decide(
    keeper: GateKeeper, caller: str | None = JAN, *, at: float = 0, call_id: int = 1, **fields: Any
) -> GateDecision | None:
    """Decide on a ring that began a second before, some seconds after noon."""
    now = NOON + at * SECOND
    fields = {"started_at": now - SECOND, "today": TODAY, "contacts": CONTACTS, **fields}
    return keeper.decide(
        GARDEN, call_id=call_id, caller=e164(caller) if caller else None, now=now, **fields
    )


def decide_on(keeper: GateKeeper, started: CallEvent, at: float) -> GateDecision | None:
    """Decide on a call that was reported some seconds after noon."""
    return keeper.decide(
        GARDEN,
        call_id=started.active_call_id or 0,
        caller=started.number,
        started_at=started.started_at,
        contacts=CONTACTS,
        now=NOON + at * SECOND,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("text", "number", "name", "until", "stored"),
    [
        ("777 123 456", "+420777123456", None, None, "+420 777 123 456"),
        ("00421 903 111 222", "+421903111222", None, None, "+421 903 111 222"),
        ("*300110", "300110", None, None, "300110"),
        ("Jan Novák", None, "Jan Novák", None, "Jan Novák"),
        ("*100", None, "*100", None, "*100"),
        (
            "777123456 until 2026-12-24",
            "+420777123456",
            None,
            date(2026, 12, 24),
            "+420 777 123 456 until 2026-12-24",
        ),
        ("Jan do 24. 12. 2026", None, "Jan", date(2026, 12, 24), "Jan until 2026-12-24"),
        ("Jan  DO 2026-12-4 ", None, "Jan", date(2026, 12, 4), "Jan until 2026-12-04"),
        ("until 2026-12-24", None, "until 2026-12-24", None, "until 2026-12-24"),
    ],
)
def test_callers_are_written_as_people_write_them(
    text: str, number: str | None, name: str | None, until: date | None, stored: str
) -> None:
    """A caller is a number or a contact, with or without a last day."""
    caller = AllowedCaller.parse(text)
    assert (caller.number, caller.name, caller.until) == (number, name, until)
    assert str(caller) == stored
    assert AllowedCaller.parse(stored) == caller


def test_a_caller_with_an_impossible_date_is_left_out() -> None:
    """An impossible date does not prevent the setup. The form does not accept one."""
    with pytest.raises(ValueError, match="day"):
        AllowedCaller.parse("777123456 until 2026-02-30")
    assert make_gate("777123456 until 2026-02-30", "777123456").callers == (
        AllowedCaller(number="+420777123456"),
    )


@pytest.mark.parametrize(
    ("caller", "decision"),
    [
        (JAN, OPENED),
        (EVA, OPENED),
        (GUEST, OPENED),
        (EXPIRED, NO_LONGER),
        (STRANGER, UNKNOWN),
        ("*100", UNKNOWN),
        (None, WITHHELD),
        *((number, UNKNOWN) for number in LOOKALIKES),
    ],
)
def test_a_gate_opens_for_its_callers_only(
    caller: str | None, decision: GateDecision, log: LogHarness
) -> None:
    """Numbers are compared exactly, from the operator's list to the decision."""
    [started] = log.poll(ring(70, caller or ""), at=1)
    assert started.gate is GARDEN
    assert decide_on(GateKeeper(), started, at=1) == decision


def test_a_shared_caller_id_opens_nothing() -> None:
    """All customers of the operator have it, even if a contact's number is the same."""
    gate = make_gate("Podpora", SHARED_CALLER_ID)
    contacts = [SpeedDial(number="00420910119999", name="Podpora")]
    assert gate.refusal(SHARED_CALLER_ID, contacts, TODAY) is RefusalReason.UNKNOWN_CALLER


def test_a_guest_whose_permission_was_extended_may_open() -> None:
    """The later of two entries counts."""
    twice = make_gate(f"{JAN} until 2026-11-01", f"{JAN} until 2026-12-01")
    assert twice.refusal(e164(JAN), (), TODAY) is None
    assert twice.refusal(e164(JAN), (), date(2026, 12, 2)) is RefusalReason.EXPIRED


def test_a_call_opens_once() -> None:
    """The same call is never decided on again, not even after a restart."""
    keeper = GateKeeper()
    assert decide(keeper, call_id=7) == OPENED
    assert decide(keeper, call_id=7, at=60) is None
    # The clock was set back.
    assert decide(keeper, call_id=7, at=-60) is None
    stored = GateRing(gate="garden", active_call_id=7, at=NOON, outcome=GateOutcome.OPENED)
    assert decide(GateKeeper([stored]), call_id=7, at=60) is None
    assert decide(GateKeeper([stored]), call_id=8, at=5) is None
    # The operator may use the ID again.
    assert decide(GateKeeper([stored]), call_id=7, at=MAX_CALL_LENGTH.total_seconds()) == OPENED


def test_a_gate_is_not_opened_again_while_it_opens() -> None:
    """An allowed ring within ten seconds has no effect; strangers are still refused."""
    keeper = GateKeeper()
    wait = OPENING_TIME.total_seconds()
    assert decide(keeper, call_id=1) == OPENED
    assert decide(keeper, EVA, call_id=2, at=wait - 1) is None
    assert decide(keeper, STRANGER, call_id=3, at=wait - 1) == UNKNOWN
    assert decide(keeper, call_id=4, at=wait) == OPENED
    # The clock was set back by an hour.
    assert decide(keeper, call_id=5, at=-3600) == OPENED


def test_each_gate_opens_by_itself() -> None:
    """An opening is not delayed by that of another gate, or by a refusal before a restart."""
    rings = [
        GateRing(gate="shed", active_call_id=1, at=NOON, outcome=GateOutcome.OPENED),
        GateRing(gate="garden", active_call_id=2, at=NOON, outcome=GateOutcome.REFUSED),
    ]
    keeper = GateKeeper(rings)
    assert decide(keeper, call_id=2) is None
    assert decide(keeper, call_id=3) == OPENED


def test_an_old_call_opens_nothing() -> None:
    """A call that began long ago is decided on neither now nor later."""
    keeper = GateKeeper()
    began = NOON - MAX_RING_AGE - SECOND
    assert decide(keeper, started_at=began) is None
    assert decide(keeper, started_at=NOON) is None
    assert decide(keeper, call_id=2, started_at=None) == OPENED
    assert decide(GateKeeper(), started_at=NOON - MAX_RING_AGE) == OPENED


def test_memory_is_bounded() -> None:
    """The keeper only remembers the last calls."""
    keeper = GateKeeper()
    for call_id in range(MAX_REMEMBERED + 1):
        decide(keeper, STRANGER, call_id=call_id)
    assert decide(keeper, STRANGER, call_id=1) is None
    assert decide(keeper, STRANGER, call_id=0) == UNKNOWN


# Which calls ring a gate.


YARD = make_gate(EVA, number=WORKSHOP, gate_id="yard")
SHED_AND_YARD = Directory(DIRECTORY.lines.values(), gates=[SHED, YARD])
SHARED_CALLER_IDS = Directory(
    [Line(id=line, public_number=SHARED_CALLER_ID) for line in (HOME_LINE, WORKSHOP_LINE)],
    gates=[SHED],
)
ONE_NUMBER = Directory(
    [Line(id=line, public_number=HOME) for line in (HOME_LINE, WORKSHOP_LINE)],
    [PublicNumber(public_number=HOME)],
    gates=[SHED],
)


@pytest.mark.parametrize(
    ("directory", "call", "gate"),
    [
        (WITH_GATE, ring(1), GARDEN),
        # Calls to other numbers, and calls of the gate's line, ring no gate.
        (WITH_GATE, ring(1, destination_number="*300120"), None),
        (WITH_GATE, ring(1, destination_number=HOME), None),
        (WITH_GATE, ring(1, destination_number=f"{GATE_NUMBER}0"), None),
        (WITH_GATE, ring(1, source=GATE_NUMBER, destination_number=JAN), None),
        # A line rings as a gate under its number and under its public number.
        (WITH_SHED, active(1, **TO_WORKSHOP), SHED),
        (WITH_SHED, active(1, **TO_SHED), SHED),
        (WITH_SHED, active(1), None),
        (WITH_SHED, active(1, source_number=WORKSHOP, destination_number=JAN), None),
        # An internal call is listed under the line that makes it.
        (WITH_SHED, active(1, source_number=HOME, destination_number=AT_WORKSHOP), SHED),
        (WITH_SHED, active(1, source_number=HOME, destination_number=WORKSHOP), SHED),
        # A line and its public number are two gates.
        (SHED_AND_YARD, active(1, **TO_WORKSHOP), YARD),
        (SHED_AND_YARD, active(1, **TO_SHED), SHED),
        # Lines without a number of their own share a public number, which is not that of a gate.
        (SHARED_CALLER_IDS, active(1, destination_number=SHARED_CALLER_ID), None),
        (
            SHARED_CALLER_IDS,
            active(1, **TO_WORKSHOP | {"destination_number": SHARED_CALLER_ID}),
            SHED,
        ),
        # Calls to a number of several lines may be for a phone, even if listed under the gate.
        (ONE_NUMBER, active(1), None),
        (ONE_NUMBER, active(1, line=WORKSHOP_LINE), None),
        (ONE_NUMBER, active(1, **TO_SHED), SHED),
    ],
)
def test_a_call_rings_the_gate_with_the_called_number(
    directory: Directory, call: ActiveCall, gate: Gate | None
) -> None:
    """Numbers are compared whole, whichever gate was added first."""
    assert [event.gate for event in make_log(directory).poll(call, at=1)] == [gate]


def test_a_number_is_a_gate_unless_several_lines_share_it() -> None:
    """Calls to the number of a gate are not counted as missed."""
    assert WITH_SHED.is_gate(WORKSHOP)
    assert not WITH_SHED.is_gate(HOME)
    assert not SHARED_CALLER_IDS.is_gate(SHARED_CALLER_ID)
    assert not ONE_NUMBER.is_gate(HOME)


def test_a_call_that_also_rings_the_line_of_a_gate_opens_nothing() -> None:
    """A call to another number opens nothing, although one of its branches rings the gate."""
    events = make_log(WITH_SHED).poll(active(70), active(71, **TO_SHED), at=1)
    assert [(event.is_of_branch, event.gate) for event in events] == [(False, None), (True, None)]


@pytest.mark.parametrize("at_gate_first", [True, False])
@pytest.mark.parametrize(
    ("directory", "at_gate"),
    [(WITH_GATE, AT_GATE), (WITH_SHED, TO_WORKSHOP)],
    ids=["number of a gate", "number of a line"],
)
def test_a_ring_and_a_call_are_never_one_call(
    directory: Directory, at_gate: dict[str, Any], *, at_gate_first: bool
) -> None:
    """A ring and a call are not joined if one caller makes both within seconds.

    The missed call does not wait for the one at the gate.
    """
    log = make_log(directory)
    to = [at_gate, TO_HOME] if at_gate_first else [TO_HOME, at_gate]
    first, second = (
        active(70, start_date=NOON + SECOND, **to[0]),
        active(71, start_date=NOON + 2 * SECOND, **to[1]),
    )
    events = [*log.poll(first, at=1.5), *log.poll(first, second, at=2.5)]
    rings = [event.gate is not None for event in events if not event.is_of_branch]
    assert rings == [at_gate_first, not at_gate_first]
    missed = record(1, active_call_id=71 if at_gate_first else 70)
    assert MISSED in log.finished_types(missed, at=3)


def test_a_caller_on_the_phone_can_ring_a_line_without_a_number(log: LogHarness) -> None:
    """A ring at a line that has no number of its own is no branch of the other call."""
    log.directory = Directory(
        [DIRECTORY.lines[HOME_LINE], Line(id=WORKSHOP_LINE)],
        [PublicNumber(public_number=HOME), PublicNumber(public_number=GATE_NUMBER)],
        gates=[SHED],
    )
    talk = picked_up(active(70))
    log.poll(talk, at=10)
    events = log.poll(talk, ring(71, at=30, line=WORKSHOP_LINE), at=31)
    assert [(event.is_of_branch, event.gate) for event in events] == [(False, SHED)]


@pytest.mark.parametrize("at_gate_first", [True, False])
def test_a_call_that_is_recorded_for_each_phone_is_missed(
    log: LogHarness, *, at_gate_first: bool
) -> None:
    """A line that is a gate may also ring for calls to the home number."""
    log.directory = WITH_SHED
    lines = [WORKSHOP_LINE, HOME_LINE] if at_gate_first else [HOME_LINE, WORKSHOP_LINE]
    rows = [record(number, line=line) for number, line in enumerate(lines, 1)]
    assert log.finished_types(*rows) == [MISSED]


@pytest.mark.parametrize(
    "branches",
    [
        # The phones of one call may be listed with the called number.
        [ring(71, line=HOME_LINE)],
        [ring(71, destination_number="*0071"), active(72, **TO_SHED)],
    ],
)
def test_a_gate_that_rings_telephones_too_opens_once(
    log: LogHarness, branches: list[ActiveCall]
) -> None:
    """The branches of a ring belong to it and do not open the gate again."""
    events = log.poll(ring(70), *branches, at=1)
    assert [event.gate for event in events if not event.is_of_branch] == [GARDEN]


def test_a_callback_to_the_gate_is_no_ring(log: LogHarness) -> None:
    """A call that the integration itself ordered opens nothing."""
    log.order_callback(caller=MOBILE, recipient=GATE_NUMBER)
    call = active(70, source_number=HOME, destination_number=MOBILE)
    assert [event.gate for event in log.poll(call, at=1)] == [None]


# Rings are no missed calls.


def test_a_ring_is_no_missed_call(log: LogHarness) -> None:
    """A ring ends, whether or not active calls may be read, and the statistics do not count it."""
    rows = [record(1, **AT_GATE), record(2, date=NOON + 5 * SECOND)]
    rows.append(leg(3, 1, destination_number="*0071", line=GATE_LINE))
    assert [(event.call_id, event.type, event.gate) for event in log.finished_events(*rows)] == [
        (1, ENDED, GARDEN),
        (2, MISSED, None),
    ]
    assert [event.type for event in calls_of(rows, WITH_GATE)] == [ENDED, MISSED]
    totals = HourlyTotals(WITH_GATE)
    totals.add(rows)
    amounts = totals.take(NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert sum(amounts[Series(Metric.MISSED)].values()) == 1
    assert sum(amounts[Series(Metric.CALLS, Direction.IN)].values()) == 2


def test_a_ring_is_no_missed_call_without_the_history(log: LogHarness) -> None:
    """For a login without the history, the active calls show that a ring has ended."""
    log.poll(ring(70), at=1)
    log.poll(at=3)
    [ended] = log.end_unrecorded()
    assert (ended.type, ended.gate) == (ENDED, GARDEN)


def test_a_ring_leaves_the_inbox_as_it_is(log: LogHarness) -> None:
    """A ring adds no caller, and a friend who opens the gate still waits to be called back."""
    inbox = Inbox()
    inbox.directory = WITH_GATE
    rows = [
        record(1, source_number=EVA),
        record(2, date=NOON + 60 * SECOND, **AT_GATE),
        answered(3, source_number=EVA, date=NOON + 90 * SECOND, **AT_GATE),
    ]
    for call in log.finished_events(*rows, at=200):
        inbox.add(call)
    assert [(item.number, item.completed) for item in inbox.items] == [(e164(EVA), None)]


# Random histories.


class Ring(NamedTuple):
    """A call of a random history; times in seconds after noon."""

    source: str
    destination: str
    began: int
    listed_for: int
    is_dated: bool
    branches: int

    def legs(self, number: int) -> Iterator[ActiveCall]:
        """Yield the active calls."""
        fields = {"start_date": NOON + self.began * SECOND if self.is_dated else None}
        line = {HOME: HOME_LINE, WORKSHOP: WORKSHOP_LINE}.get(self.destination, GATE_LINE)
        for branch, to in enumerate([self.destination, "*0071", AT_WORKSHOP][: self.branches + 1]):
            numbers = {"source_number": self.source, "destination_number": to}
            yield active(number * 10 + branch, line=line, **numbers, **fields)


ALLOWED = {JAN, EVA, GUEST}
SOURCES = [*ALLOWED, EXPIRED, STRANGER, "", *LOOKALIKES]
RINGS = st.lists(
    st.builds(
        Ring,
        source=st.sampled_from(SOURCES),
        destination=st.sampled_from([GATE_NUMBER, GATE_NUMBER, HOME, WORKSHOP]),
        began=st.integers(0, 300),
        # The operator may list a call long after its end.
        listed_for=st.integers(1, 60) | st.just(400),
        is_dated=st.booleans(),
        branches=st.integers(0, 2),
    ),
    max_size=8,
)
POLLS = st.lists(
    st.tuples(
        # Seconds since the poll before: while a call rings, while none does, and after an outage.
        st.sampled_from([1, 2, 2, 3, 10, 100]),
        # A flap is a list that lacks every other call.
        st.sampled_from(["poll", "poll", "poll", "poll", "restart", "flap"]),
    ),
    min_size=1,
    max_size=30,
)


def run(
    rings: list[Ring], polls: list[tuple[int, str]]
) -> tuple[list[tuple[int, int]], dict[int, int | None]]:
    """Poll a history; return which calls opened the gate when, and when each was first listed.

    The latter is None for a call that may have rung before a restart.
    """
    log, keeper, now = make_log(), GateKeeper(), 0
    opened: list[tuple[int, int]] = []
    first_listed: dict[int, int | None] = {}
    rang_before: set[int] = set()
    stored: list[GateRing] = []
    for wait, kind in polls:
        now += wait
        listed = {
            number
            for number, rung in enumerate(rings, 1)
            if 0 <= now - rung.began < rung.listed_for and not (kind == "flap" and number % 2)
        }
        if kind == "restart":
            log, keeper, rang_before = log.restarted(), GateKeeper(stored), listed
            log.directory = WITH_GATE
        for number in listed:
            first_listed.setdefault(number, None if kind == "restart" else now)
        calls = [call for number in sorted(listed) for call in rings[number - 1].legs(number)]
        for started in log.poll(*calls, at=now):
            if started.type is not STARTED or not started.gate or started.is_of_branch:
                continue
            if decision := decide_on(keeper, started, now):
                call_id = started.active_call_id or 0
                time = NOON + now * SECOND
                stored.append(
                    GateRing(
                        gate="garden", active_call_id=call_id, at=time, outcome=decision.outcome
                    )
                )
                if decision == OPENED:
                    assert call_id // 10 not in rang_before
                    opened.append((call_id // 10, now))
    return opened, first_listed


@settings(max_examples=1000)
@given(rings=RINGS, polls=POLLS)
@example(
    # All of them are listed at the first poll, and the last one again after a gap.
    rings=[Ring(GUEST, GATE_NUMBER, 0, 1, is_dated=False, branches=0)] * 2
    + [Ring(GUEST, GATE_NUMBER, 0, 400, is_dated=False, branches=0)],
    polls=[(1, "restart"), (100, "flap"), (1, "poll")],
)
def test_a_gate_opens_once_for_each_ring_of_its_callers(
    rings: list[Ring], polls: list[tuple[int, str]]
) -> None:
    """No history opens the gate for others, twice for a ring, or for a ring before a restart.

    A ring opens the gate unless it has just been opened.
    """
    opened, first_listed = run(rings, polls)
    event(f"{min(len(opened), 3)} openings")
    oldest, pause = MAX_RING_AGE.total_seconds(), OPENING_TIME.total_seconds()
    for number, at in opened:
        rung = rings[number - 1]
        assert rung.source in ALLOWED
        assert rung.destination == GATE_NUMBER
        assert not rung.is_dated or at - rung.began <= oldest
    assert len(dict(opened)) == len(opened)
    times = [at for _, at in opened]
    assert all(later - earlier >= pause for earlier, later in pairwise(times))
    for number, listed_at in first_listed.items():
        rung = rings[number - 1]
        # Calls of one caller may be joined.
        is_only = sum(is_same_number(rung.source, other.source) for other in rings) == 1
        is_at_gate = rung.source in ALLOWED and rung.destination == GATE_NUMBER
        if not is_only or not is_at_gate or listed_at is None:
            continue
        if listed_at - rung.began <= oldest:
            assert any(0 <= listed_at - time < pause for time in times)
