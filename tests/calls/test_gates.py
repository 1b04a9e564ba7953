"""Test the decisions on rings at gates."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import event, example, given, settings, strategies as st
import pytest

from custom_components.odorik.api import ActiveCall, Direction, Line, PublicNumber, SpeedDial
from custom_components.odorik.calls.directory import Directory
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


@pytest.fixture
def log() -> LogHarness:
    """A log of an account with a gate."""
    log = LogHarness()
    log.directory = WITH_GATE
    return log


def ring(call_id: int, source: str = JAN, at: float = 0, **fields: Any) -> ActiveCall:
    """Create a call that rings the gate, by default from Jan at noon."""
    fields = {"destination_number": GATE_NUMBER, "line": GATE_LINE, **fields}
    return active(call_id, source_number=source, start_date=NOON + at * SECOND, **fields)


def decide(
    keeper: GateKeeper, caller: str | None = JAN, *, at: float = 0, call_id: int = 1, **fields: Any
) -> GateDecision | None:
    """Decide on a ring that began a second before, some seconds after noon."""
    now = NOON + at * SECOND
    fields = {"started_at": now - SECOND, "today": TODAY, "contacts": CONTACTS, **fields}
    return keeper.decide(
        GARDEN, call_id=call_id, caller=e164(caller) if caller else None, now=now, **fields
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
    log.poll(at=0)
    [started] = log.poll(ring(70, caller or ""), at=1)
    assert started.gate is GARDEN
    assert decision == GateKeeper().decide(
        GARDEN,
        call_id=70,
        caller=started.number,
        started_at=started.started_at,
        contacts=CONTACTS,
        now=NOON + SECOND,
        today=TODAY,
    )


@pytest.mark.parametrize(("days", "decision"), [(0, OPENED), (1, NO_LONGER)])
def test_a_guest_may_open_until_the_end_of_the_last_day(days: int, decision: GateDecision) -> None:
    """A guest may open the gate on the last day, but not on the day after."""
    assert decide(GateKeeper(), GUEST, today=TODAY + timedelta(days=days)) == decision


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


def gates_of(*calls: ActiveCall, directory: Directory = WITH_GATE) -> list[Gate | None]:
    """Return the gates that the calls ring, each polled on its own."""
    found: list[Gate | None] = []
    for call in calls:
        log = LogHarness()
        log.directory = directory
        log.poll(at=0)
        found += [event.gate for event in log.poll(call, at=1)]
    return found


def test_a_number_is_a_gate_only_as_a_whole() -> None:
    """Calls to other numbers, and calls of the gate's line, ring no gate."""
    longer = f"{GATE_NUMBER}0"
    calls = [
        ring(1),
        ring(2, destination_number="*300120"),
        ring(3, destination_number=HOME),
        ring(4, destination_number=longer),
        ring(5, source=GATE_NUMBER, destination_number=JAN),
    ]
    assert gates_of(*calls) == [GARDEN, None, None, None, None]


def test_a_line_can_be_a_gate() -> None:
    """A line rings as a gate under its number and under its public number."""
    calls = [
        active(1, destination_number=WORKSHOP, line=WORKSHOP_LINE),
        active(2, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE),
        active(3),
        # A call made by the line.
        active(4, source_number=WORKSHOP, destination_number=JAN, line=WORKSHOP_LINE),
        # An internal call to the line.
        active(5, source_number=HOME, destination_number=AT_WORKSHOP, line=HOME_LINE),
    ]
    assert gates_of(*calls, directory=WITH_SHED) == [SHED, SHED, None, None, SHED]
    assert WITH_SHED.is_gate(WORKSHOP)
    assert not WITH_SHED.is_gate(HOME)


def test_a_line_and_its_public_number_can_be_two_gates() -> None:
    """A call rings the gate with the called number, whichever was added first."""
    yard = make_gate(EVA, number=WORKSHOP, gate_id="yard")
    directory = Directory(DIRECTORY.lines.values(), gates=[SHED, yard])
    calls = [
        active(1, destination_number=WORKSHOP, line=WORKSHOP_LINE),
        active(2, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE),
    ]
    assert gates_of(*calls, directory=directory) == [yard, SHED]


def test_a_call_that_also_rings_the_line_of_a_gate_opens_nothing() -> None:
    """A call to another number opens nothing, although one of its branches rings the gate."""
    log = LogHarness()
    log.directory = WITH_SHED
    log.poll(at=0)
    branch = active(71, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE)
    events = log.poll(active(70), branch, at=1)
    assert [(event.is_of_branch, event.gate) for event in events] == [(False, None), (True, None)]


@pytest.mark.parametrize("at_gate_first", [True, False])
def test_a_ring_and_a_call_are_never_one_call(log: LogHarness, *, at_gate_first: bool) -> None:
    """A ring and a call are not joined if one caller makes both within seconds."""
    log.poll(at=0)
    first, second = ring(70, at=1), active(71, start_date=NOON + 2 * SECOND)
    if not at_gate_first:
        first, second = active(70, start_date=NOON + SECOND), ring(71, at=2)
    assert [event.type for event in log.poll(first, at=1.5)] == [STARTED]
    [started] = log.poll(first, second, at=2.5)
    assert (started.gate is None) is at_gate_first
    # The missed call does not wait for the one at the gate.
    missed = record(1, active_call_id=70 if second.id == 71 and not at_gate_first else 71)
    assert MISSED in log.finished_types(missed, at=3)


@pytest.mark.parametrize("at_gate_first", [True, False])
def test_a_call_is_no_ring_at_a_line(log: LogHarness, *, at_gate_first: bool) -> None:
    """The public number of a line that is a gate is as good as the number of a gate."""
    log.directory = WITH_SHED
    log.poll(at=0)
    at_shed = {"destination_number": WORKSHOP, "line": WORKSHOP_LINE}
    began = [NOON + SECOND, NOON + 2 * SECOND]
    first = active(70, start_date=began[0], **(at_shed if at_gate_first else {}))
    second = active(71, start_date=began[1], **({} if at_gate_first else at_shed))
    events = [*log.poll(first, at=1.5), *log.poll(first, second, at=2.5)]
    gates = [event.gate for event in events if not event.is_of_branch]
    assert gates == ([SHED, None] if at_gate_first else [None, SHED])


def test_a_household_phone_rings_a_line_under_its_public_number() -> None:
    """The call is listed under the line that makes it."""
    call = active(5, source_number=HOME, destination_number=WORKSHOP, line=HOME_LINE)
    assert gates_of(call, directory=WITH_SHED) == [SHED]


def test_a_line_without_a_number_of_its_own_can_be_a_gate() -> None:
    """Several lines may share a public number, which is then not that of a gate."""
    lines = [Line(id=line, public_number=SHARED_CALLER_ID) for line in (HOME_LINE, WORKSHOP_LINE)]
    directory = Directory(lines, gates=[SHED])
    calls = [
        active(line, destination_number=SHARED_CALLER_ID, line=line) for line in directory.lines
    ]
    assert gates_of(*calls, directory=directory) == [None, SHED]
    assert not directory.is_gate(SHARED_CALLER_ID)


def test_a_number_of_several_lines_is_not_that_of_a_gate() -> None:
    """Calls to it may be for a phone, even if they are listed under the line of the gate."""
    lines = [Line(id=line, public_number=HOME) for line in (HOME_LINE, WORKSHOP_LINE)]
    directory = Directory(lines, [PublicNumber(public_number=HOME)], gates=[SHED])
    calls = [active(1), active(2, line=WORKSHOP_LINE)]
    calls.append(active(3, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE))
    assert gates_of(*calls, directory=directory) == [None, None, SHED]
    assert not directory.is_gate(HOME)


def test_a_caller_on_the_phone_can_ring_a_line_without_a_number(log: LogHarness) -> None:
    """A ring at a line that has no number of its own is no branch of the other call."""
    log.directory = Directory(
        [DIRECTORY.lines[HOME_LINE], Line(id=WORKSHOP_LINE)],
        [PublicNumber(public_number=HOME), PublicNumber(public_number=GATE_NUMBER)],
        gates=[SHED],
    )
    log.poll(at=0)
    talk = picked_up(active(70))
    log.poll(talk, at=10)
    events = log.poll(talk, ring(71, at=30, line=WORKSHOP_LINE), at=31)
    assert [(event.is_of_branch, event.gate) for event in events] == [(False, SHED)]


def test_a_gate_that_is_listed_for_each_phone_is_rung_once(log: LogHarness) -> None:
    """The phones of one call may be listed with the called number."""
    log.poll(at=0)
    events = log.poll(ring(70), ring(71, line=HOME_LINE), at=1)
    assert [event.gate for event in events if not event.is_of_branch] == [GARDEN]


@pytest.mark.parametrize("at_gate_first", [True, False])
def test_a_call_that_is_recorded_for_each_phone_is_missed(
    log: LogHarness, *, at_gate_first: bool
) -> None:
    """A line that is a gate may also ring for calls to the home number."""
    log.directory = WITH_SHED
    lines = [WORKSHOP_LINE, HOME_LINE] if at_gate_first else [HOME_LINE, WORKSHOP_LINE]
    rows = [record(number, line=line) for number, line in enumerate(lines, 1)]
    assert log.finished_types(*rows) == [MISSED]


def test_a_gate_that_rings_telephones_too_opens_once(log: LogHarness) -> None:
    """The branches of a ring belong to it and do not open the gate again."""
    log.poll(at=0)
    legs = [ring(70), ring(71, destination_number="*0071", line=GATE_LINE)]
    legs.append(active(72, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE))
    events = log.poll(*legs, at=1)
    assert [event.gate for event in events if not event.is_of_branch] == [GARDEN]


def test_a_callback_to_the_gate_is_no_ring(log: LogHarness) -> None:
    """A call that the integration itself ordered opens nothing."""
    log.poll(at=0)
    log.order_callback(caller=MOBILE, recipient=GATE_NUMBER)
    call = active(70, source_number=HOME, destination_number=MOBILE, line=HOME_LINE)
    assert [event.gate for event in log.poll(call, at=1)] == [None]


# Rings are no missed calls.


def test_a_ring_is_no_missed_call(log: LogHarness) -> None:
    """A ring ends, whether or not active calls may be read, and the statistics do not count it."""
    at_gate = {"destination_number": GATE_NUMBER, "line": GATE_LINE}
    rows = [record(1, **at_gate), record(2, date=NOON + 5 * SECOND)]
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
    log.poll(at=0)
    log.poll(ring(70), at=1)
    log.poll(at=3)
    [ended] = log.end_unrecorded()
    assert (ended.type, ended.gate) == (ENDED, GARDEN)


def test_a_ring_leaves_the_inbox_as_it_is(log: LogHarness) -> None:
    """A ring adds no caller, and a friend who opens the gate still waits to be called back."""
    inbox = Inbox()
    inbox.directory = WITH_GATE
    at_gate = {"destination_number": GATE_NUMBER, "line": GATE_LINE}
    rows = [
        record(1, source_number=EVA),
        record(2, date=NOON + 60 * SECOND, **at_gate),
        answered(3, source_number=EVA, date=NOON + 90 * SECOND, **at_gate),
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
    lasts: int
    listed_for: int
    """How long the operator goes on listing it."""
    is_dated: bool
    branches: int

    def legs(self, number: int) -> Iterator[ActiveCall]:
        """Yield the active calls."""
        fields = {"start_date": NOON + self.began * SECOND if self.is_dated else None}
        line = {HOME: HOME_LINE, WORKSHOP: WORKSHOP_LINE}.get(self.destination, GATE_LINE)
        for branch in range(self.branches + 1):
            to = ("*0071", AT_WORKSHOP)[branch - 1] if branch else self.destination
            yield active(
                number * 10 + branch,
                source_number=self.source,
                destination_number=to,
                line=line,
                **fields,
            )

    def is_listed(self, at: int) -> bool:
        """Return whether the operator lists the call."""
        return self.began <= at < self.began + self.lasts + self.listed_for


ALLOWED = {JAN, EVA, GUEST}
SOURCES = [*ALLOWED, EXPIRED, STRANGER, "", *LOOKALIKES]
RINGS = st.lists(
    st.builds(
        Ring,
        source=st.sampled_from(SOURCES),
        destination=st.sampled_from([GATE_NUMBER, GATE_NUMBER, HOME, WORKSHOP]),
        began=st.integers(0, 300),
        lasts=st.integers(1, 60),
        listed_for=st.sampled_from([0, 0, 5, 400]),
        is_dated=st.booleans(),
        branches=st.integers(0, 2),
    ),
    max_size=8,
)
POLLS = st.lists(
    st.tuples(
        # Seconds since the poll before: while a call rings, while none does, and after an outage.
        st.sampled_from([1, 2, 2, 3, 10, 100]),
        st.sampled_from(["poll", "poll", "poll", "poll", "restart", "flap"]),
    ),
    min_size=1,
    max_size=30,
)


class Opening(NamedTuple):
    """An opening of the gate; the time in seconds after noon."""

    at: int
    call: int
    session: int


def run(rings: list[Ring], polls: list[tuple[int, str]]) -> tuple[list[Opening], dict[int, Any]]:
    """Poll a history; return the openings and when each call was first listed, by session."""
    log, keeper, session = LogHarness(), GateKeeper(), 0
    log.directory = WITH_GATE
    openings: list[Opening] = []
    first_listed: dict[int, list[tuple[int, int, bool]]] = {}
    stored: list[GateRing] = []
    now, is_first = 0, True
    for wait, kind in polls:
        now += wait
        if kind == "restart":
            log, keeper, session, is_first = log.restarted(), GateKeeper(stored), session + 1, True
            log.directory = WITH_GATE
        listed = [
            number
            for number, it in enumerate(rings, 1)
            if it.is_listed(now) and not (kind == "flap" and number % 2)
        ]
        for number in listed:
            seen = first_listed.setdefault(number, [])
            if not any(known == session for known, _, _ in seen):
                seen.append((session, now, is_first))
        calls = [call for number in listed for call in rings[number - 1].legs(number)]
        for it in log.poll(*calls, at=now):
            if it.type is STARTED and it.gate and not it.is_of_branch:
                decision = keeper.decide(
                    it.gate,
                    call_id=it.active_call_id or 0,
                    caller=it.number,
                    started_at=it.started_at,
                    contacts=CONTACTS,
                    now=NOON + now * SECOND,
                    today=TODAY,
                )
                if decision:
                    stored.append(
                        GateRing(
                            gate="garden",
                            active_call_id=it.active_call_id or 0,
                            at=NOON + now * SECOND,
                            outcome=decision.outcome,
                        )
                    )
                if decision == OPENED:
                    openings.append(Opening(now, (it.active_call_id or 0) // 10, session))
        is_first = False
    return openings, first_listed


@settings(max_examples=1000)
@given(rings=RINGS, polls=POLLS)
@example(
    # All of them are listed at the first poll, and the last one again after a gap.
    rings=[Ring(GUEST, GATE_NUMBER, 0, 1, 0, is_dated=False, branches=0)] * 2
    + [Ring(GUEST, GATE_NUMBER, 0, 1, 400, is_dated=False, branches=0)],
    polls=[(1, "poll"), (100, "flap"), (1, "poll")],
)
def test_a_gate_opens_once_for_each_ring_of_its_callers(
    rings: list[Ring], polls: list[tuple[int, str]]
) -> None:
    """No history opens the gate for others, twice for a ring, or for a ring before a restart."""
    openings, first_listed = run(rings, polls)
    event(f"{min(len(openings), 3)} openings")
    for opening in openings:
        rung = rings[opening.call - 1]
        assert rung.source in ALLOWED
        assert rung.destination == GATE_NUMBER
        [is_first] = [
            first for session, _, first in first_listed[opening.call] if session == opening.session
        ]
        assert not is_first
        if rung.is_dated:
            assert opening.at - rung.began <= MAX_RING_AGE.total_seconds()
    assert len({opening.call for opening in openings}) == len(openings)
    times = [opening.at for opening in openings]
    for earlier, later in pairwise(times):
        assert later - earlier >= OPENING_TIME.total_seconds()
    # A ring opens the gate unless it has just been opened. Calls of one caller may be joined.
    sources = [it.source for it in rings]
    for number, seen in first_listed.items():
        rung = rings[number - 1]
        _, at, is_first = seen[0]
        is_fresh = not is_first and at - rung.began <= MAX_RING_AGE.total_seconds()
        if (
            rung.source in ALLOWED
            and rung.destination == GATE_NUMBER
            and is_fresh
            and sum(is_same_number(rung.source, source) for source in sources) == 1
        ):
            assert any(0 <= at - time < OPENING_TIME.total_seconds() for time in times)
