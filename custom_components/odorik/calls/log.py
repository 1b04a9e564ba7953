"""Derive call events from the operator's lists.

Active calls have IDs of their own; the record of a call repeats its ID as ``active_call_id``.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from ..api import ActiveCall, CallRecord, Direction
from .call_legs import (
    SAME_START_SECONDS,
    Answer,
    CallKey,
    Group,
    Incoming,
    Numbers,
    PendingRecord,
    answer_of,
    find_answered_leg,
    find_duplicates,
    finished_event,
    is_answered,
    numbers_of,
    was_answered_by,
)
from .callback_order import CallbackOrder, CallbackOrders, ended_at
from .cursor import MAX_REMEMBERED, OVERLAP_RECORDS, Cursor
from .directory import Directory
from .event import INBOUND_DIRECTIONS, CallEvent, with_names
from .live_calls import LiveCalls

MAX_EVENT_AGE: Final = timedelta(days=7)
"""Calls that began earlier are not reported when catching up."""
ANSWERED_LEG_TIMEOUT: Final = timedelta(seconds=10)
"""How long a record waits for another record of the same call: the other leg of a callback, or the
incoming record from which it was redirected. The exchange may write them one by one."""
YIELD_EVERY: Final = 300
"""Records processed before yielding to the event loop."""


class LogState(Struct, kw_only=True, frozen=True):
    """The part of ``CallLog`` that is stored.

    Attributes:
        position: The ID after which the next read starts; lower records have been processed.
        done: The processed IDs above it, and some below.
        reported_live: The active calls whose end was reported without a record.
        newest: The start of the latest processed call.
        orders: The callbacks that may still have legs to come.
    """

    # Version 0.1.0 stored the position and the reported calls under these names.
    position: int = field(name="place")
    done: list[int] = []
    reported_live: list[int] = field(default_factory=list, name="told_live")
    newest: datetime | None = None
    orders: list[CallbackOrder] = []


class CallLog:
    """Combines records and active calls into calls, and reports each event once.

    Attributes:
        directory: The current names of numbers and lines.
        clock_offset: How far the clock that dates the calls is ahead of that of ``now``.
        live: The active calls.
        orders: The callbacks that were ordered by the integration.
        cursor: The position in the history.
    """

    def __init__(self, state: LogState | None = None) -> None:
        """Initialize from a stored state; without one, the cursor needs a baseline."""
        self.directory = Directory()
        self.clock_offset = timedelta()
        self.cursor = Cursor(state.position, state.done, state.newest) if state else Cursor()
        self._reported_live = dict.fromkeys(state.reported_live if state else ())
        self.orders = CallbackOrders(state.orders if state else ())
        self.live = LiveCalls(self.orders)
        self._pending: dict[int, PendingRecord] = {}
        self._recorded: dict[int, None] = {}
        self._past: dict[Numbers, deque[Incoming[int]]] = {}
        """The last incoming calls that have been processed."""

    @property
    def recorded(self) -> set[int]:
        """The active calls that are over, because their records have been read."""
        return set(self._recorded)

    @property
    def position(self) -> int | None:
        """The ID up to which all records have been processed; None before the baseline is set."""
        since = self.cursor.since
        if since is None:
            return None
        return min(self._pending) - 1 if self._pending else max([since, *self.cursor.done])

    @property
    def state(self) -> LogState | None:
        """The state to be stored; None before the baseline is set."""
        if self.cursor.since is None:
            return None
        return LogState(
            position=self.cursor.since,
            done=list(self.cursor.done),
            reported_live=list(self._reported_live),
            newest=self.cursor.newest,
            orders=self.orders.state(),
        )

    @property
    def waiting(self) -> int:
        """The number of records that have been read, but not reported."""
        return len(self._pending)

    def watch(
        self, calls: Iterable[ActiveCall], now: datetime, previous_poll: datetime | None = None
    ) -> list[CallEvent]:
        """Return the events of the active calls since the last poll.

        Args:
            calls: The active calls.
            now: When the list was requested.
            previous_poll: When the list was last found unchanged, if it was.
        """
        self.orders.expire(now + self.clock_offset)
        if previous_poll is not None:
            self.live.touch(previous_poll)
        events = self.live.watch(calls, self.directory, now, self.clock_offset)
        return [with_names(event, self.directory) for event in events]

    def end_unrecorded(self) -> list[CallEvent]:
        """Return the final events derived from the active calls, if the history cannot be read."""
        events = []
        for event, legs in self.live.end_unrecorded():
            self._reported_live.update(dict.fromkeys(legs))
            events.append(with_names(event, self.directory))
        self._reported_live = dict.fromkeys(list(self._reported_live)[-MAX_REMEMBERED:])
        return events

    def news(self, records: Iterable[CallRecord]) -> list[CallRecord]:
        """Return the records that have not been read yet, sorted by ID."""
        new_records: dict[int, CallRecord] = {}
        for record in records:
            if self._is_news(record.id):
                new_records[record.id] = record
            elif record.id not in self._pending:
                self._remember(record, self.directory.direction(record), record.active_call_id)
        return [new_records[record_id] for record_id in sorted(new_records)]

    def needs_poll(self, records: Iterable[CallRecord]) -> bool:
        """Return whether the active calls have to be polled before the records are reported.

        A call that is recorded as missed may be ringing elsewhere.
        """
        pending_records = (pending.record for pending in self._pending.values())
        return any(
            (direction := self.directory.direction(record)) in INBOUND_DIRECTIONS
            and answer_of(record, direction) is not Answer.BY_PEOPLE
            for record in chain(pending_records, records)
        )

    def start_over(self, records: Iterable[CallRecord]) -> bool:
        """Continue in a history whose IDs restart at lower values; return whether they do."""
        if not self.cursor.start_over(records):
            return False
        self._pending.clear()
        self._past.clear()
        return True

    def read(self, records: Iterable[CallRecord], now: datetime) -> None:
        """Add records in any order; those of one response may be added in batches."""
        new_records = {record.id: record for record in records if self._is_news(record.id)}
        for record in sorted(new_records.values(), key=attrgetter("date", "id")):
            pending = self._pending[record.id] = PendingRecord(
                record=record,
                read_at=now,
                direction=self.directory.direction(record),
                active_call_id=self.live.match_record(record),
            )
            if pending.active_call_id is not None:
                self._recorded[pending.active_call_id] = None
            self._find_order(pending)
            if record.is_sms or record.date < now + self.clock_offset - MAX_EVENT_AGE:
                self._finish_records([pending])
        self.cursor.move_on(min(self._pending, default=None))

    def pass_messages(self, message_ids: Iterable[int]) -> None:
        """Move the position past messages; their IDs must be of the same sequence as the calls'.

        Otherwise, each read would repeat all messages since the last calls. Messages after a call
        that is waiting are not passed yet: the call may have to be read again.
        """
        first_waiting, since = min(self._pending, default=None), self.cursor.since or 0
        self.cursor.done.update(
            (message_id, None)
            for message_id in message_ids
            if message_id > since and (first_waiting is None or message_id < first_waiting)
        )

    def decide(self, now: datetime) -> Iterator[CallEvent | None]:
        """Yield the final events of the calls whose records are complete, the oldest first.

        A call counts as reported once the iterator is advanced past its event. Yields None now and
        then, so that the caller can yield to the event loop.
        """
        calls: dict[CallKey, Group] = {}
        yield from self._group(calls)
        ready: list[tuple[datetime, int, CallKey, Group]] = []
        for number, (key, group) in enumerate(calls.items(), 1):
            if number % YIELD_EVERY == 0:
                yield None
            if self._is_complete(key, group, now):
                first = min(pending.record.date for pending in group)
                ready.append((first, min(pending.record.id for pending in group), key, group))
        for _, _, key, group in sorted(ready, key=lambda call: call[:2]):
            yield with_names(self._finished_event(key, group), self.directory)
            self._finish_records(group)
            if isinstance(key, CallbackOrder):
                key.end(was_unanswered=not any(is_answered(pending.record) for pending in group))
            else:
                # The record that the others refer to may be written later; the call is already
                # reported.
                self.cursor.done[key] = None

    def _group(self, calls: dict[CallKey, Group]) -> Iterator[None]:
        """Group the records by call, and finish those of calls that have been reported."""
        groups: dict[CallKey, Group] = {}
        for number, pending in enumerate(self._pending.values(), 1):
            groups.setdefault(self._call_key(pending), []).append(pending)
            if number % YIELD_EVERY == 0:
                yield None
        by_numbers: dict[Numbers, list[Incoming[int]]] = {}
        for number, (key, group) in enumerate(groups.items(), 1):
            if number % YIELD_EVERY == 0:
                yield None
            incoming = self._incoming(key, group)
            if self._is_reported(key, group) or (incoming and self._is_duplicate_of_past(incoming)):
                self._finish_records(group)
                continue
            calls[key] = group
            if incoming:
                by_numbers.setdefault(incoming.numbers, []).append(incoming)
        compared = 0
        for incoming_calls in by_numbers.values():
            for key, main in find_duplicates(incoming_calls).items():
                calls[main] += calls.pop(key)
            compared += len(incoming_calls)
            if compared >= YIELD_EVERY:
                compared = 0
                yield None

    def _finished_event(self, key: CallKey, group: Group) -> CallEvent:
        """Return the final event of a call with all lines that rang."""
        event = finished_event(key, group, self.directory)
        if event.direction not in INBOUND_DIRECTIONS:
            return event
        lines = {self.directory.rung_line(pending.record) for pending in group}
        lines |= self.live.lines_of({pending.active_call_id for pending in group})
        others = (line for line in lines if line is not None and line != event.line)
        return replace(event, other_lines=frozenset(others))

    def _incoming(self, key: CallKey, group: Group) -> Incoming[int] | None:
        """Return a call that has one incoming record, as it may have duplicates, or None."""
        if isinstance(key, CallbackOrder) or key not in self._pending or len(group) > 1:
            return None
        pending = self._pending[key]
        if pending.numbers is None:
            return None
        return _incoming(
            pending.record, pending.numbers, is_answered=find_answered_leg(group) is not None
        )

    def _is_duplicate_of_past(self, call: Incoming[int]) -> bool:
        """Return whether a missed call has been reported already by the record of another line."""
        if call.is_answered:
            return False
        past = self._past.get(call.numbers, ())
        lines = {
            earlier.line
            for earlier in past
            if abs(earlier.began - call.began) <= SAME_START_SECONDS
        }
        return any(was_answered_by(call, earlier) for earlier in past) or (
            bool(lines) and call.line not in lines
        )

    def _remember(
        self, record: CallRecord, direction: Direction, active_call_id: int | None
    ) -> None:
        """Remember a record for the comparison with later ones."""
        if active_call_id is not None:
            self._recorded[active_call_id] = None
            if len(self._recorded) > MAX_REMEMBERED:
                del self._recorded[next(iter(self._recorded))]
        if call_numbers := numbers_of(record, direction):
            is_by_people = answer_of(record, direction) is Answer.BY_PEOPLE
            call = _incoming(record, call_numbers, is_answered=is_by_people)
            past = self._past.pop(call_numbers, None) or deque(maxlen=OVERLAP_RECORDS)
            if call not in past:
                past.append(call)
            self._past[call_numbers] = past
            if len(self._past) > MAX_REMEMBERED:
                del self._past[next(iter(self._past))]

    def _is_news(self, record_id: int) -> bool:
        """Return whether a record has been neither processed nor read."""
        return not self.cursor.is_behind(record_id) and record_id not in self._pending

    def _find_order(self, pending: PendingRecord) -> None:
        """Find the callback that a record is a leg of."""
        record = pending.record
        for order in self.orders.nearest(pending.active_call_id, record.date):
            if not (legs := order.matching_legs(record, record.date, self.directory)):
                continue
            # If both parties have the same number, the recipient is rung after the caller has
            # answered.
            rings = legs[0 if order.over_at is None else -1]
            if any(
                other.order is order and other.rings == rings and _overlap(other.record, record)
                for other in self._pending.values()
            ):
                # Attempts do not overlap, so this leg belongs to another order.
                continue
            pending.order, pending.rings = order, rings
            if is_answered(record):
                order.note_answered(record)
            return

    def _call_key(self, pending: PendingRecord) -> CallKey:
        """Return the key of the call that a record belongs to.

        It is the order of a callback, or the ID of the record from which all others were
        redirected, whether that one has been read or not.
        """
        seen: set[int] = set()
        while parent := pending.record.redirection_parent_id:
            seen.add(pending.record.id)
            if parent not in self._pending or parent in seen:
                return parent
            pending = self._pending[parent]
        return pending.order or pending.record.id

    def _is_reported(self, key: CallKey, group: Group) -> bool:
        """Return whether the call of these records has already been reported."""
        if key.is_reported if isinstance(key, CallbackOrder) else key in self.cursor.done:
            return True
        return any(pending.active_call_id in self._reported_live for pending in group)

    def _is_complete(self, key: CallKey, group: Group, now: datetime) -> bool:
        """Return whether no further record can be expected that would change the final event."""
        # A clock that was set back must not extend the wait.
        waited = [abs(now - pending.read_at) >= ANSWERED_LEG_TIMEOUT for pending in group]
        answered_leg = find_answered_leg(group)
        if isinstance(key, CallbackOrder):
            # An unanswered leg may be tried again while our own end is connected.
            is_over = any(pending.rings == "recipient" for pending in group) and any(
                is_answered(pending.record) for pending in group
            )
            is_tried_again = self.live.may_be_ordered(key, self.directory, now)
            return answered_leg is not None or ((is_over or all(waited)) and not is_tried_again)
        if key not in self._pending and key > (self.cursor.since or 0):
            may_come = any(
                self.live.may_be_forwarded_from(pending.record, now) for pending in group
            )
            return any(waited) and not may_come
        if answered_leg:
            ids = {pending.active_call_id for pending in group}
            return any(waited) or not self.live.awaits_machine(ids, now)
        return not any(
            pending.direction in INBOUND_DIRECTIONS
            and self.live.may_be_forwarded_to(pending.record, self.directory, now)
            for pending in group
        )

    def _finish_records(self, group: Group) -> None:
        """Mark records as processed."""
        for pending in group:
            del self._pending[pending.record.id]
            self.cursor.finish(pending.record)
            self._remember(pending.record, pending.direction, pending.active_call_id)


def _overlap(one: CallRecord, other: CallRecord) -> bool:
    """Return whether two legs were active at the same time."""
    return max(one.date, other.date) < min(ended_at(one), ended_at(other))


def _incoming(record: CallRecord, call_numbers: Numbers, *, is_answered: bool) -> Incoming[int]:
    """Return the incoming call of a record."""
    began = record.date.timestamp()
    rang_until = began + (record.ringing_length or 0)
    return Incoming(record.id, call_numbers, began, rang_until, record.line, is_answered)


def calls_of(records: Iterable[CallRecord], directory: Directory) -> Iterator[CallEvent]:
    """Yield the finished calls of past records, without waiting or an age limit."""
    all_records = list(records)
    then = min((record.date for record in all_records), default=None)
    if then is not None:
        log = CallLog(LogState(position=0))
        log.directory = directory
        log.read(all_records, then)
        yield from filter(None, log.decide(then + ANSWERED_LEG_TIMEOUT))
