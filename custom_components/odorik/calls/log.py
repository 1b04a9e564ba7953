"""What happened on the telephone: decides from the operator's lists what each call was.

The log is fed with the lists as they are read and says what is new.

Two number spaces meet here. The list of active calls has ids of its own; a record of the history
repeats the one of its call as ``active_call_id``.
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
    SAME_MOMENT,
    Answer,
    CallKey,
    Group,
    Incoming,
    Numbers,
    PendingRecord,
    answer_of,
    finished,
    is_answered,
    joined,
    numbers_of,
    talk_of,
    was_answered_by,
)
from .callback_order import CallbackOrder, CallbackOrders, ended_at
from .cursor import OVERLAP, REMEMBERED, Cursor
from .directory import Directory
from .event import CAME_IN, CallEvent
from .live_calls import LiveCalls, named

MAX_EVENT_AGE: Final = timedelta(days=7)
"""A call that began longer ago is passed over when the log catches up."""
ANSWERED_LEG_TIMEOUT: Final = timedelta(seconds=10)
"""How long a record waits for another one of the same call: the other leg of a callback, or the
incoming record that it was redirected from. The exchange writes them together or one by one."""
YIELD_EVERY: Final = 300
"""How many records are thought about before others get their turn."""


class LogState(Struct, kw_only=True, frozen=True):
    """What survives a restart.

    Attributes:
        position: The ID from which to read on. Lower records are done.
        done: The ids above it, and some below, that are done.
        reported_live: The active calls whose end was reported without a record.
        newest: When the youngest call began that is done.
        orders: The callbacks whose legs may still come.
    """

    # Stored under this name by version 0.1.0.
    position: int = field(name="place")
    done: list[int] = []
    # Version 0.1.0 stored it under this name.
    reported_live: list[int] = field(default_factory=list, name="told_live")
    newest: datetime | None = None
    orders: list[CallbackOrder] = []


class CallLog:
    """The memory that joins legs and records to calls and knows what has been reported.

    Attributes:
        directory: Who is who, as it is known now.
        ahead: How far the clock that dates the calls is ahead of the one that ``now`` is read from.
        live: The calls that are up.
        orders: The callbacks that were ordered here.
        cursor: How far the history has been read.
    """

    def __init__(self, state: LogState | None = None) -> None:
        """Go on from where an earlier log stopped; without a state, take bearings first."""
        self.directory = Directory.empty()
        self.clock_offset = timedelta()
        self.live = LiveCalls()
        self.cursor = Cursor(state.position, state.done, state.newest) if state else Cursor()
        self._reported_live = dict.fromkeys(state.reported_live if state else ())
        self.orders = CallbackOrders(state.orders if state else ())
        self._records: dict[int, PendingRecord] = {}
        self._recorded: dict[int, None] = {}
        self._past: dict[Numbers, deque[Incoming[int]]] = {}
        """The last incoming calls that are done."""

    @property
    def recorded(self) -> set[int]:
        """The active calls that are over: their records have been read."""
        return set(self._recorded)

    @property
    def position(self) -> int | None:
        """The id up to which everything is done; None before the first bearings."""
        since = self.cursor.since
        if since is None:
            return None
        return min(self._records) - 1 if self._records else max([since, *self.cursor.done])

    @property
    def state(self) -> LogState | None:
        """What has to survive a restart; None before the first bearings."""
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
    def has_unrecorded(self) -> bool:
        """Whether a call has ended whose record has not been read."""
        return self.live.has_unrecorded

    @property
    def waiting(self) -> int:
        """How many records have been read that could not be reported yet."""
        return len(self._records)

    def watch(
        self, calls: Iterable[ActiveCall], now: datetime, previous_poll: datetime | None = None
    ) -> list[CallEvent]:
        """Compare the active calls with those of the last look, and report what is new.

        Args:
            calls: What is up.
            now: When it was looked at.
            previous_poll: When everything was last seen to be as it had been, if it was.
        """
        self.orders.expire(now + self.clock_offset)
        if previous_poll is not None:
            self.live.touch(previous_poll)
        events = self.live.watch(calls, self.orders, self.directory, now, self.clock_offset)
        return [named(event, self.directory) for event in events]

    def end_unrecorded(self) -> list[CallEvent]:
        """Report how calls finished from the active calls alone, where no history may be read."""
        events = []
        for event, legs in self.live.end_unrecorded():
            self._reported_live.update(dict.fromkeys(legs))
            events.append(named(event, self.directory))
        self._reported_live = dict.fromkeys(list(self._reported_live)[-REMEMBERED:])
        return events

    def news(self, rows: Iterable[CallRecord]) -> list[CallRecord]:
        """Pick out what has not been read yet, in the order in which it was written."""
        fresh: dict[int, CallRecord] = {}
        for row in rows:
            if self._is_news(row.id):
                fresh[row.id] = row
            elif row.id not in self._records:
                self._remember(row, self.directory.direction(row), row.active_call_id)
        return [fresh[record_id] for record_id in sorted(fresh)]

    def needs_poll(self, rows: Iterable[CallRecord]) -> bool:
        """Whether a fresh look at the active calls is due before the records are reported.

        The call that a record says was missed may just be ringing somewhere else.
        """
        read = (record.call for record in self._records.values())
        return any(
            (direction := self.directory.direction(row)) in CAME_IN
            and answer_of(row, direction) is not Answer.BY_PEOPLE
            for row in chain(read, rows)
        )

    def start_over(self, rows: Iterable[CallRecord]) -> bool:
        """Go on in a history that begins anew with lower ids; say whether this one does."""
        if not self.cursor.start_over(rows):
            return False
        self._records.clear()
        self._past.clear()
        return True

    def read(self, rows: Iterable[CallRecord], now: datetime) -> None:
        """Take in records, in any order; those of one answer may come in portions."""
        fresh = {row.id: row for row in rows if self._is_news(row.id)}
        for row in sorted(fresh.values(), key=attrgetter("date", "id")):
            record = self._records[row.id] = PendingRecord(
                call=row,
                read_at=now,
                direction=self.directory.direction(row),
                active_call_id=self.live.match_record(row),
            )
            if record.active_call_id is not None:
                self._recorded[record.active_call_id] = None
            self._find_order(record)
            if row.is_sms or row.date < now + self.clock_offset - MAX_EVENT_AGE:
                self._finish([record])
        self.cursor.move_on(min(self._records, default=None))

    def decide(self, now: datetime) -> Iterator[CallEvent | None]:
        """Report the calls whose records are complete, the oldest first.

        A call counts as reported when the next one is asked for or the end is reached. While there
        are many to think about, a None now and then lets others have their turn.
        """
        calls: dict[CallKey, Group] = {}
        yield from self._group(calls)
        ready: list[tuple[datetime, int, CallKey, Group]] = []
        for number, (key, group) in enumerate(calls.items(), 1):
            if number % YIELD_EVERY == 0:
                yield None
            if self._is_complete(key, group, now):
                first = min(record.call.date for record in group)
                ready.append((first, min(record.call.id for record in group), key, group))
        for _, _, key, group in sorted(ready, key=lambda call: call[:2]):
            yield named(self._finished(key, group), self.directory)
            self._finish(group)
            if isinstance(key, CallbackOrder):
                key.end(was_unanswered=not any(is_answered(record.call) for record in group))
            else:
                # Should the record that the others point to come after all, it is no news.
                self.cursor.done[key] = None

    def _group(self, calls: dict[CallKey, Group]) -> Iterator[None]:
        """Put the records of each call together, and be done with those of reported ones."""
        groups: dict[CallKey, Group] = {}
        for number, record in enumerate(self._records.values(), 1):
            groups.setdefault(self._call_of(record), []).append(record)
            if number % YIELD_EVERY == 0:
                yield None
        alike: list[Incoming[int]] = []
        for number, (key, group) in enumerate(groups.items(), 1):
            if number % YIELD_EVERY == 0:
                yield None
            incoming = self._incoming(key, group)
            if self._is_reported(key, group) or (incoming and self._is_of_past(incoming)):
                self._finish(group)
                continue
            calls[key] = group
            alike += [incoming] if incoming else []
        for key, main in joined(alike).items():
            calls[main] += calls.pop(key)

    def _finished(self, key: CallKey, group: Group) -> CallEvent:
        """Say what a call was, and which lines it had rung."""
        event = finished(key, group)
        if event.direction not in CAME_IN:
            return event
        lines = {self.directory.rung_line(record.call) for record in group}
        lines |= self.live.lines_of({record.active_call_id for record in group})
        others = (line for line in lines if line is not None and line != event.line)
        return replace(event, other_lines=frozenset(others))

    def _incoming(self, key: CallKey, group: Group) -> Incoming[int] | None:
        """Describe a call of one incoming record: it may be one of several of an unlinked call."""
        if isinstance(key, CallbackOrder) or key not in self._records or len(group) > 1:
            return None
        record = self._records[key]
        if record.numbers is None:
            return None
        return _incoming(record.call, record.numbers, is_answered=talk_of(group) is not None)

    def _is_of_past(self, call: Incoming[int]) -> bool:
        """Whether a missed call is one that has been reported by the record of another line."""
        if call.is_answered:
            return False
        past = self._past.get(call.numbers, ())
        lines = {it.line for it in past if abs(it.began - call.began) <= SAME_MOMENT}
        return any(was_answered_by(call, it) for it in past) or (
            bool(lines) and call.line not in lines
        )

    def _remember(self, row: CallRecord, direction: Direction, active_call_id: int | None) -> None:
        """Remember what later records are compared with."""
        if active_call_id is not None:
            self._recorded[active_call_id] = None
            if len(self._recorded) > REMEMBERED:
                del self._recorded[next(iter(self._recorded))]
        if called := numbers_of(row, direction):
            is_by_people = answer_of(row, direction) is Answer.BY_PEOPLE
            call = _incoming(row, called, is_answered=is_by_people)
            past = self._past.pop(called, None) or deque(maxlen=OVERLAP)
            if call not in past:
                past.append(call)
            self._past[called] = past
            if len(self._past) > REMEMBERED:
                del self._past[next(iter(self._past))]

    def _is_news(self, record_id: int) -> bool:
        """Whether a record has neither been done nor been read."""
        return not self.cursor.is_behind(record_id) and record_id not in self._records

    def _find_order(self, record: PendingRecord) -> None:
        """Find the callback that a record is a leg of."""
        row = record.call
        for order in self.orders.nearest(record.active_call_id, row.date):
            if not (legs := order.matching_legs(row, row.date, self.directory)):
                continue
            # Where both have the same number, the recipient is rung once the caller is there.
            rings = legs[0 if order.over_at is None else -1]
            if any(
                other.order is order and other.rings == rings and _overlap(other.call, row)
                for other in self._records.values()
            ):
                # An attempt begins when the one before has ended: this is of another order.
                continue
            record.order, record.rings = order, rings
            if is_answered(row):
                order.note_answered(row)
            return

    def _call_of(self, record: PendingRecord) -> CallKey:
        """Name the call that a record belongs to.

        It is the order of a callback, or the id of the record from which all others were
        redirected, whether that has been read or not.
        """
        seen: set[int] = set()
        while parent := record.call.redirection_parent_id:
            seen.add(record.call.id)
            if parent not in self._records or parent in seen:
                return parent
            record = self._records[parent]
        return record.order or record.call.id

    def _is_reported(self, key: CallKey, group: Group) -> bool:
        """Whether the call of some records was reported before; they change nothing of that."""
        if key.is_reported if isinstance(key, CallbackOrder) else key in self.cursor.done:
            return True
        return any(record.active_call_id in self._reported_live for record in group)

    def _is_complete(self, key: CallKey, group: Group, now: datetime) -> bool:
        """Whether nothing can be waiting any more that would change what a call was."""
        # A clock that was set back must not make a record wait longer.
        waited = [abs(now - record.read_at) >= ANSWERED_LEG_TIMEOUT for record in group]
        talk = talk_of(group)
        if isinstance(key, CallbackOrder):
            # A leg that was not answered may be tried again, while our own end is there.
            is_over = any(record.rings == "recipient" for record in group) and any(
                is_answered(record.call) for record in group
            )
            is_tried_again = self.live.may_be_ordered(key, self.directory, now)
            return talk is not None or ((is_over or all(waited)) and not is_tried_again)
        if key not in self._records and key > (self.cursor.since or 0):
            may_come = any(self.live.may_be_forwarded_from(record.call, now) for record in group)
            return any(waited) and not may_come
        if talk:
            ids = {record.active_call_id for record in group}
            return any(waited) or not self.live.awaits_machine(ids, now)
        return not any(
            record.direction in CAME_IN
            and self.live.may_be_forwarded_to(record.call, self.directory, now)
            for record in group
        )

    def _finish(self, group: Group) -> None:
        """Count records as done."""
        for record in group:
            del self._records[record.call.id]
            self.cursor.finish(record.call)
            self._remember(record.call, record.direction, record.active_call_id)


def _overlap(one: CallRecord, other: CallRecord) -> bool:
    """Whether two legs were up at the same time."""
    return max(one.date, other.date) < min(ended_at(one), ended_at(other))


def _incoming(row: CallRecord, called: Numbers, *, is_answered: bool) -> Incoming[int]:
    """Describe a call by a record of it."""
    began = row.date.timestamp()
    rang_until = began + (row.ringing_length or 0)
    return Incoming(row.id, called, began, rang_until, row.line, is_answered)


def calls_of(rows: Iterable[CallRecord], directory: Directory) -> Iterator[CallEvent]:
    """Join records to calls, for somebody who looks back; nothing waits, and nothing is too old."""
    records = list(rows)
    then = min((row.date for row in records), default=None)
    if then is not None:
        log = CallLog(LogState(position=0))
        log.directory = directory
        log.read(records, then)
        yield from filter(None, log.decide(then + ANSWERED_LEG_TIMEOUT))
