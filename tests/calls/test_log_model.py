"""Compare the logs with models of the operator in random sequences of calls, polls and restarts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, count
from random import Random
from typing import Any

from hypothesis import given, settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from msgspec import convert, to_builtins
import pytest

from custom_components.odorik.api import ActiveCall, CallRecord, CallStatus, Direction
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.log import LogState, calls_of
from custom_components.odorik.calls.received_messages import MessageLog, MessageState

from .builders import leg, record
from .call_fixtures import (
    ANSWERED,
    DIRECTORY,
    ENDED,
    MISSED,
    NOON,
    SECOND,
    STARTED,
    LogHarness,
    count_missed,
)
from .phones import AT_HOME, AT_WORKSHOP, EVA, HOME, HOME_LINE, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE


@dataclass(eq=False)
class ModelLeg:
    """A leg of a call at the model operator, and its record once that is written."""

    id: int
    direction: Direction
    source: str
    destination: str
    line: int
    began: datetime
    parent: ModelLeg | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    row: CallRecord | None = None


@dataclass(eq=False)
class ModelCall:
    """A call with all its legs; a callback has its two numbers as ``order``."""

    legs: list[ModelLeg]
    order: tuple[str, str] | None = None
    needs_poll: bool = False
    """True if a leg was forwarded that no poll has found yet."""


class CallLogModel(RuleBasedStateMachine):
    """An operator that writes records late and in any order, and a log that is restarted."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        """Start at noon without calls, with a first poll and an empty baseline."""
        super().__init__()
        self.now = NOON
        self.ids = count(100)
        self.record_ids = self.message_ids = count(1)
        self.model: list[ModelCall] = []
        self.rows: list[tuple[datetime, CallRecord]] = []
        """The records, each with the time from which it can be read."""
        self.finished: list[CallEvent] = []
        self.unsaved: list[int | None] = []
        """The calls that were reported since the state was last saved."""
        self.repeatable: set[int | None] = set()
        """The calls that may be reported again, because a crash came before the state was saved."""
        self.reported: set[tuple[int | None, CallEventType]] = set()
        self.received: list[int] = []
        """The messages that were received, and those that were reported."""
        self.reported_messages: list[int] = []
        self.unsaved_messages: list[int] = []
        self.repeatable_messages: set[int] = set()
        self.log = LogHarness(None)
        self.log.cursor.set_baseline([])
        self.messages = MessageLog()
        self.messages.set_baseline([], NOON)
        self._save()
        self.poll()

    # The operator

    def _start(self, source: str, destination: str, line: int, direction: Direction) -> ModelLeg:
        return ModelLeg(next(self.ids), direction, source, destination, line, self.now)

    def _finish(self, leg: ModelLeg, visible_after: float) -> None:
        if leg.ended is None:
            leg.ended = self.now
            length = int((self.now - leg.answered).total_seconds()) if leg.answered else 0
            parent = leg.parent.row.id if leg.parent and leg.parent.row else None
            leg.row = CallRecord(
                id=next(self.record_ids),
                redirection_parent_id=parent,
                date=leg.began,
                direction=leg.direction,
                source_number=leg.source,
                destination_number=leg.destination,
                line=leg.line,
                length=length,
                ringing_length=int(((leg.answered or self.now) - leg.began).total_seconds()),
                status=CallStatus.ANSWERED if leg.answered else CallStatus.MISSED,
                price=leg.id / 100,
                active_call_id=leg.id,
            )
            self.rows.append((self.now + visible_after * SECOND, leg.row))

    @rule(
        target=calls,
        source=st.sampled_from([JAN, EVA, ""]),
        home=st.sampled_from([(HOME_LINE, HOME), (WORKSHOP_LINE, WORKSHOP)]),
    )
    def call_in(self, source: str, home: tuple[int, str]) -> ModelCall:
        """Start an incoming call; two of one caller at the same moment would be one call."""
        self.now += 3 * SECOND
        line, number = home
        self.model.append(ModelCall([self._start(source, number, line, Direction.IN)]))
        return self.model[-1]

    @rule(target=calls, recipient=st.sampled_from([JAN, EVA]))
    def call_out(self, recipient: str) -> ModelCall:
        """Start an outgoing call."""
        self.model.append(ModelCall([self._start(HOME, recipient, HOME_LINE, Direction.OUT)]))
        return self.model[-1]

    @rule(target=calls)
    def call_back(self) -> ModelCall:
        """Order a callback, each to a number of its own to keep them distinct."""
        self.now += 2 * SECOND
        recipient = f"004203{len(self.model):08}"
        self.log.orders.add(MOBILE, recipient, HOME_LINE, self.now)
        self._save()
        first = self._start(HOME, MOBILE, HOME_LINE, Direction.OUT)
        self.model.append(ModelCall([first], (MOBILE, recipient)))
        return self.model[-1]

    @rule(call=calls)
    def answer(self, call: ModelCall) -> None:
        """Answer the leg that rang last."""
        leg = call.legs[-1]
        if leg.ended or leg.answered or (call.order and self.now - leg.began > 60 * SECOND):
            return
        leg.answered = self.now
        if leg.parent and leg.parent.ended is None:
            leg.parent.answered = self.now
        if call.order and len(call.legs) == 1:
            call.legs.append(self._start(HOME, call.order[1], HOME_LINE, Direction.OUT))

    @rule(call=calls, keep=st.booleans(), visible_after=st.floats(0, 1))
    def forward(self, call: ModelCall, *, keep: bool, visible_after: float) -> None:
        """Forward a ringing call: it goes on ringing here, or gets a missed record."""
        first = call.legs[0]
        if call.order or len(call.legs) > 1 or first.answered or first.ended:
            return
        if first.direction is not Direction.IN:
            return
        leg = self._start(first.source, MOBILE, first.line, Direction.REDIRECTED)
        leg.parent = first
        call.legs.append(leg)
        if not keep:
            self._finish(first, visible_after)
            call.needs_poll = True

    @rule(call=consumes(calls), visible_after=st.lists(st.floats(0, 2), min_size=3, max_size=3))
    def hang_up(self, call: ModelCall, visible_after: list[float]) -> None:
        """End a call; its records become visible one after the other, in any order."""
        if call.needs_poll:
            self.poll()  # A ringing call is polled faster than people hang up.
        for part, after in zip(call.legs, visible_after, strict=False):
            self._finish(part, after)

    @rule(number=st.integers(1, 20), visible_after=st.floats(0, 2))
    def receive_messages(self, number: int, visible_after: float) -> None:
        """Write the records of text messages; some of them may be late."""
        for index in range(number):
            message_id = next(self.message_ids)
            row = record(message_id, type="sms", date=self.now, active_call_id=None)
            self.rows.append((self.now + (visible_after if index % 3 else 0) * SECOND, row))
            self.received.append(message_id)

    @rule(seconds=st.sampled_from([0.2, 1, 3, 10, 30, 150]))
    def wait(self, seconds: float) -> None:
        """Advance the time without a poll, as if the service was down."""
        self.now += seconds * SECOND

    # The log

    @rule()
    def poll(self) -> None:
        """Poll the active calls, and check that each step is reported once."""
        for call in self.model:
            call.needs_poll = False
        calls = [
            ActiveCall(
                id=leg.id,
                source_number=leg.source,
                destination_number=leg.destination,
                start_date=leg.began,
                answer_date=leg.answered,
                line=leg.line,
            )
            for call in self.model
            for leg in call.legs
            if leg.ended is None
        ]
        for event in self.log.watch(calls, self.now):
            if event.is_of_branch:
                continue
            step = (event.active_call_id, event.type)
            assert step not in self.reported
            assert event.type in {STARTED, ANSWERED}
            self.reported.add(step)

    def _save(self) -> None:
        self.saved = to_builtins(self.log.state)
        self.saved_messages = to_builtins(self.messages.state)
        self.unsaved.clear()
        self.unsaved_messages.clear()

    @rule()
    def restart(self) -> None:
        """Restart Home Assistant, which loses what was not saved."""
        self.repeatable.update(self.unsaved)
        self.unsaved.clear()
        self.repeatable_messages.update(self.unsaved_messages)
        self.unsaved_messages.clear()
        self.log = LogHarness(convert(self.saved, LogState))
        self.messages = MessageLog(convert(self.saved_messages, MessageState))
        self.reported.clear()
        self.now += 5 * SECOND
        self.poll()

    @rule(
        order=st.randoms(use_true_random=False),
        size=st.sampled_from([1, 3, 250]),
        killed_after=st.none() | st.integers(0, 3),
    )
    def read(self, order: Random, size: int, killed_after: int | None) -> None:
        """Read the history, possibly with a crash between two events."""
        since = self.log.cursor.since
        assert since is not None
        rows = [row for visible_at, row in self.rows if visible_at <= self.now and row.id > since]
        rows += rows[:3]
        order.shuffle(rows)
        if not self._read_messages(rows, killed_after):
            self.restart()
            return
        news = self.log.news([row for row in rows if not row.is_sms])
        if self.log.needs_poll(news):
            self.poll()
        for number, event in enumerate(self._finished(news, size)):
            if number == killed_after:
                self.restart()
                return
            if event.call_id in self.repeatable:
                self.repeatable.remove(event.call_id)
            else:
                self.finished.append(event)
            self.unsaved.append(event.call_id)
        if self.messages.shares_ids:
            settled = self.now - 5 * SECOND
            self.log.pass_messages(row.id for row in rows if row.is_sms and row.date < settled)
        self._save()

    def _read_messages(self, rows: list[CallRecord], killed_after: int | None) -> bool:
        """Report the messages like the coordinator; return False for a crash."""
        messages = [row for row in rows if row.is_sms]
        self.messages.find_shared_ids([row for row in rows if not row.is_sms], messages)
        for number, message in enumerate(self.messages.news(messages, DIRECTORY, self.now)):
            if message.sms_id in self.repeatable_messages:
                self.repeatable_messages.remove(message.sms_id)
            else:
                self.reported_messages.append(message.sms_id)
            self.unsaved_messages.append(message.sms_id)
            if number == killed_after:
                return False
            self.messages.finish(message)
        return True

    def _finished(self, news: list[CallRecord], size: int) -> Iterator[CallEvent]:
        self.log.read([], self.now)
        for some in batched(news, size, strict=False):
            self.log.read(some, self.now)
        yield from filter(None, self.log.decide(self.now))

    # Invariants

    @invariant()
    def no_call_is_reported_twice(self) -> None:
        """Check that the events of finished calls have distinct IDs."""
        ids = [event.call_id for event in self.finished]
        assert len(ids) == len(set(ids))
        assert len(self.reported_messages) == len(set(self.reported_messages))

    def teardown(self) -> None:
        """End all calls, read what is left, and compare the events with the model."""
        for call in self.model:
            if any(leg.ended is None for leg in call.legs):
                self.hang_up(call, [0, 0, 0])
        for seconds in (3, 3, 15, 60, 120):
            self.now += seconds * SECOND
            self.poll()
            self.read(Random(1), 250, None)  # noqa: S311
        assert not self.log.waiting
        assert sorted(self.reported_messages) == self.received
        events = {event.call_id: event for event in self.finished}
        assert len(events) == len(self.finished) == len(self.model)
        for call in self.model:
            rows = [leg.row for leg in call.legs if leg.row]
            (event,) = (events.pop(row.id) for row in rows if row.id in events)
            came_in = rows[0].direction is Direction.IN
            is_answered = any(
                row.status is CallStatus.ANSWERED and row.length
                for row in (rows[1:] if call.order else rows)
            )
            assert (event.type is MISSED) == (came_in and not is_answered)
            assert (event.status is CallStatus.ANSWERED) == is_answered
            assert event.price == pytest.approx(sum(row.price or 0 for row in rows))


class SeparateIdsModel(CallLogModel):
    """An operator whose messages have a sequence of IDs of their own, above those of the calls."""

    def __init__(self) -> None:
        """Start the sequence."""
        super().__init__()
        self.message_ids = count(10_000)


SETTINGS = settings(
    max_examples=60, stateful_step_count=40, deadline=None, database=None, derandomize=True
)
TestCallLogModel = CallLogModel.TestCase
TestCallLogModel.settings = SETTINGS
TestSeparateIdsModel = SeparateIdsModel.TestCase
TestSeparateIdsModel.settings = SETTINGS


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[CallRecord], bool]]:
    """Generate calls on one or two lines with their records, and whether people answered."""
    calls: list[tuple[list[CallRecord], bool]] = []
    ids = count(1)
    for number in range(draw(st.integers(1, 12))):
        source = draw(st.sampled_from([JAN, EVA, "", "00421602987654"]))
        by = draw(st.sampled_from([None, "person", "machine", "no time"]))
        form = draw(st.sampled_from(["single", "linked", "unlinked"]))
        fields: dict[str, Any] = {"source_number": source, "date": NOON + number * 5 * SECOND}
        length = 0 if by == "no time" else 14
        talk = {"status": CallStatus.ANSWERED, "length": length} if by else {}
        talk_of_parent = talk if draw(st.booleans()) else {}
        main = next(ids)
        match form:
            case "single" if by != "machine":
                rows = [record(main, **fields, **talk)]
            case "unlinked" if source and by != "machine":
                rows = [
                    record(main, **fields),
                    record(next(ids), **(fields | talk), line=WORKSHOP_LINE),
                ]
            case _:
                fields_of_leg = fields | talk | {"line": WORKSHOP_LINE}
                where = "*085120*1" if by == "machine" else AT_WORKSHOP
                rows = [
                    record(main, **fields, **talk_of_parent),
                    leg(next(ids), main, **fields, destination_number=AT_HOME),
                    leg(next(ids), main, **fields_of_leg, destination_number=where),
                ]
        calls.append((rows, by == "person"))
    return calls


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 5), st.booleans())
@settings(max_examples=100, database=None, derandomize=True)
def test_every_finished_call_has_exactly_one_end(
    calls: list[tuple[list[CallRecord], bool]],
    order: Random,
    size: int,
    restarts: bool,  # noqa: FBT001
) -> None:
    """The order of the records, overlapping readings and restarts change no event.

    The records of one call are read together, as the operator writes them.
    """
    groups = [rows for rows, _ in calls]
    order.shuffle(groups)
    log = LogHarness()
    events: list[CallEvent] = []
    read: list[CallRecord] = []
    at = 100.0
    for batch in batched(groups, size, strict=False):
        read += [row for rows in batch for row in rows]
        events += log.finished_events(*log.news(read), at=at)
        at += 1
        if restarts:
            log = log.restarted()
    events += log.finished_events(*log.news(read), at=at + 60)
    assert not log.waiting
    assert len(events) == len(calls)
    ids = {event.call_id: event for event in events}
    for rows, is_answered in calls:
        (event,) = (ids[row.id] for row in rows if row.id in ids)
        assert event.type is (ENDED if is_answered else MISSED)
        assert (event.status is CallStatus.ANSWERED) == is_answered
        assert bool(event.duration) == is_answered
    assert count_missed(*read) == sum(not is_answered for _, is_answered in calls)
    looked_back = {event.call_id: event.type for event in calls_of(read, DIRECTORY)}
    assert looked_back == {event.call_id: event.type for event in events}
