"""What happened on the telephone: decides from the operator's lists what each call was.

The log is fed with the lists as they are read and says what is new. It does no input or output,
and nothing of Home Assistant is in it.

Two number spaces meet here. The list of active calls has ids of its own; a record of the history
repeats the one of its call as ``active_call_id``. Ids of records rise in the order in which they
are written (operator's document, "since_id"). Yet of two that are written in the same moment the
lower one may show itself last, so that each reading begins a few records before the end of what is
known. What has been told is known by its id, and not told again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct

from . import phone_number
from .api import ActiveCall, Call, CallStatus, Direction
from .call_event import CAME_IN, CallEvent, CallEventType, parties, seconds_between
from .callback_order import LIFE, Leg, Order
from .directory import Directory
from .live_calls import LiveCalls, answered, started

MEMORY: Final = timedelta(days=7)
"""A call that began longer ago is passed over when the log catches up."""
PATIENCE: Final = timedelta(seconds=10)
"""How long a record waits for another one of the same call: the other leg of a callback, or the
incoming record that it was redirected from. The exchange writes them together or one by one."""
OVERLAP: Final = 30
"""How many of the records that are done each reading goes over again."""
STEP: Final = 1000
"""How many records are thought about before others get their turn."""
REMEMBERED: Final = 1000
"""How many records that are done are known by their ids, for the legs that point to them."""


class LogState(Struct, kw_only=True, frozen=True):
    """What survives a restart."""

    place: int
    """The id from which to read on. What is at or below it is done."""
    done: list[int] = []
    """The ids above it, and some below, that are done."""
    told_live: list[int] = []
    """The active calls of which it was told how they finished, without a record."""
    newest: datetime | None = None
    """When the youngest call began that is done."""
    orders: list[Order] = []


@dataclass(kw_only=True, slots=True)
class _Record:
    """A record that has been read and not been told."""

    call: Call
    read_at: datetime
    direction: Direction
    active_call_id: int | None
    order: Order | None = None
    rings: Leg | None = None


type _Group = list[_Record]


class CallLog:
    """The memory that joins legs and records to calls and knows what has been told."""

    def __init__(self, state: LogState | None = None) -> None:
        """Go on from where an earlier log stopped; without a state, take bearings first."""
        self.directory = Directory.empty()
        self.ahead = timedelta()
        """How far the clock that dates the calls is ahead of the one that ``now`` is read from."""
        self.live = LiveCalls()
        self._since = state.place if state else None
        self._done = dict.fromkeys(state.done if state else ())
        self._told_live = dict.fromkeys(state.told_live if state else ())
        self._newest = state.newest if state else None
        self._orders = list(state.orders) if state else []
        self._records: dict[int, _Record] = {}

    @property
    def since(self) -> int | None:
        """The id since which the history is to be read; None before the first bearings."""
        return self._since

    @property
    def place(self) -> int | None:
        """The id up to which everything is done; None before the first bearings."""
        if self._since is None:
            return None
        return min(self._records) - 1 if self._records else max([self._since, *self._done])

    @property
    def newest(self) -> datetime | None:
        """When the youngest call began that is done."""
        return self._newest

    @property
    def state(self) -> LogState | None:
        """What has to survive a restart; None before the first bearings."""
        if self._since is None:
            return None
        return LogState(
            place=self._since,
            done=list(self._done),
            told_live=list(self._told_live),
            newest=self._newest,
            orders=[order if order.is_told else order.unread() for order in self._orders],
        )

    @property
    def has_unrecorded(self) -> bool:
        """Whether a call has ended whose record has not been read."""
        return self.live.has_unrecorded

    @property
    def waiting(self) -> int:
        """How many records have been read that could not be told yet."""
        return len(self._records)

    def take_bearings(self, rows: Iterable[Call]) -> None:
        """Begin after these records, without telling them."""
        known = list(rows)
        self._since = max((row.id for row in known), default=0)
        self._newest = max((row.date for row in known), default=None)

    def order(self, caller: str, recipient: str, line: int | None, due: datetime) -> Order:
        """Remember a callback that is ordered, so that its legs are known as one call."""
        order = Order(caller=caller, recipient=recipient, line=line, due=due)
        self._orders.append(order)
        return order

    def withdraw(self, order: Order) -> None:
        """Forget a callback that was refused, before somebody's own call is taken for its leg."""
        if order in self._orders:
            self._orders.remove(order)

    def watch(
        self, calls: Iterable[ActiveCall], now: datetime, looked_before: datetime | None = None
    ) -> list[CallEvent]:
        """Compare the active calls with those of the last look, and tell what is new.

        Args:
            calls: what is up.
            now: when it was looked at.
            looked_before: when everything was last seen to be as it had been, if it was.
        """
        self._orders = [order for order in self._orders if now + self.ahead - order.due < LIFE]
        if looked_before is not None:
            self.live.see_again(looked_before)
        return self.live.watch(calls, self._orders, self.directory, now)

    def describe(self, call: ActiveCall) -> CallEvent:
        """Show an active call by what was last to be told of it."""
        event = started(call, self.directory)
        return event if call.is_ringing else answered(event, call)

    def end_unrecorded(self) -> list[CallEvent]:
        """Tell how calls finished from the active calls alone, where no history may be read."""
        events = []
        for event, legs in self.live.end_unrecorded():
            self._told_live.update(dict.fromkeys(legs))
            events.append(event)
        self._told_live = dict.fromkeys(list(self._told_live)[-REMEMBERED:])
        return events

    def news(self, rows: Iterable[Call]) -> list[Call]:
        """Pick out what has not been read yet, in the order in which it was written."""
        fresh = {row.id: row for row in rows if self._is_news(row.id)}
        return [fresh[record_id] for record_id in sorted(fresh)]

    def needs_look(self, rows: Iterable[Call]) -> bool:
        """Whether a fresh look at the active calls is due before the records are told.

        The call that a record says was missed may just be ringing somewhere else.
        """
        read = (record.call for record in self._records.values())
        return any(self._is_missed(row) for row in chain(read, rows))

    def is_lost(self, rows: Iterable[Call]) -> bool:
        """Whether a reading has found nothing, not even the records that it goes over again."""
        since = self._since or 0
        return any(record_id > since for record_id in self._done) and not any(True for _ in rows)

    def start_over(self, rows: Iterable[Call]) -> bool:
        """Go on in a history that begins anew with lower ids; say whether this one does.

        Args:
            rows: what it holds since ``newest``. Only what is younger is news.
        """
        known = list(rows)
        if not known or self._newest is None or max(row.id for row in known) > (self._since or 0):
            return False
        self._since = min(row.id for row in known) - 1
        self._done = {row.id: None for row in known if row.date <= self._newest}
        self._records.clear()
        return True

    def read(self, rows: Iterable[Call], now: datetime) -> None:
        """Take in records, in any order; those of one answer may come in portions."""
        fresh = {row.id: row for row in rows if self._is_news(row.id)}
        for row in sorted(fresh.values(), key=attrgetter("date", "id")):
            record = self._records[row.id] = _Record(
                call=row,
                read_at=now,
                direction=self._direction(row),
                active_call_id=self.live.recognise(row),
            )
            for order in sorted(
                self._orders, key=lambda order: order.distance(record.active_call_id, row.date)
            ):
                legs = order.legs_like(row, row.date, self.directory)
                if rings := next((leg for leg in legs if leg not in order.legs), None):
                    order.legs.append(rings)
                    record.order, record.rings = order, rings
                    break
            if row.is_sms or row.date < now + self.ahead - MEMORY:
                self._finish([record])
        self._move_on()

    def decide(self, now: datetime) -> Iterator[CallEvent | None]:
        """Tell of the calls whose records are complete, the oldest first.

        A call counts as told when the next one is asked for or the end is reached. While there
        are many to think about, a None now and then lets others have their turn.
        """
        groups: dict[Order | int, _Group] = {}
        for number, record in enumerate(self._records.values(), 1):
            groups.setdefault(self._call_of(record), []).append(record)
            if number % STEP == 0:
                yield None
        ready: list[tuple[datetime, int, Order | int, _Group]] = []
        for number, (key, group) in enumerate(groups.items(), 1):
            if number % STEP == 0:
                yield None
            if self._is_told(key, group):
                self._finish(group)
            elif self._is_complete(key, group, now):
                first = min(record.call.date for record in group)
                ready.append((first, min(record.call.id for record in group), key, group))
        for _, _, key, group in sorted(ready, key=lambda call: call[:2]):
            yield self._finished(key, group)
            self._finish(group)
            if isinstance(key, Order):
                key.is_told = True
            else:
                # Should the record that the others point to come after all, it is no news.
                self._done[key] = None

    def _is_news(self, record_id: int) -> bool:
        """Whether a record has neither been done nor been read."""
        return not (
            record_id <= (self._since or 0) or record_id in self._done or record_id in self._records
        )

    def _direction(self, row: Call) -> Direction:
        """Tell where a call went, by its numbers where the record does not say it."""
        if row.direction not in {None, Direction.UNKNOWN}:
            return row.direction
        return self.directory.direction(
            ActiveCall(
                id=row.id,
                source_number=row.source_number,
                destination_number=row.destination_number,
                line=row.line,
            )
        )

    def _is_missed(self, row: Call) -> bool:
        """Whether a record by itself says that a call was missed."""
        return self._direction(row) in CAME_IN and not _is_answered(row)

    def _call_of(self, record: _Record) -> Order | int:
        """Name the call that a record belongs to.

        It is the order of a callback, or the id of the record from which all others were
        redirected, whether that has been read or not.
        """
        seen: set[int] = set()
        while record.order is None and (parent := record.call.redirection_parent_id):
            seen.add(record.call.id)
            if parent not in self._records or parent in seen:
                return parent
            record = self._records[parent]
        return record.order or record.call.id

    def _is_told(self, key: Order | int, group: _Group) -> bool:
        """Whether the call of some records has been told before; they change nothing of that."""
        if key.is_told if isinstance(key, Order) else key in self._done:
            return True
        return any(record.active_call_id in self._told_live for record in group)

    def _is_complete(self, key: Order | int, group: _Group, now: datetime) -> bool:
        """Whether nothing can be waiting any more that would change what a call was."""
        # A clock that was set back must not make a record wait longer.
        has_waited = abs(now - min(record.read_at for record in group)) >= PATIENCE
        if isinstance(key, Order):
            if {record.rings for record in group} >= {"caller", "recipient"}:
                return True
            return has_waited and not self.live.may_be_ordered(key, self.directory, now)
        if key not in self._records and key > (self._since or 0):
            may_come = any(self.live.may_be_sent_from(record.call, now) for record in group)
            return has_waited and not may_come
        return any(_is_answered(record.call) for record in group) or not any(
            record.direction in CAME_IN
            and self.live.may_be_sent_on(record.call, self.directory, now)
            for record in group
        )

    def _finished(self, key: Order | int, group: _Group) -> CallEvent:
        """Say what a call was, from its records."""
        records = sorted(group, key=_rank)
        main = records[0]
        if isinstance(key, Order):
            call_id, active_call_id = main.call.id, key.active_call_id or main.active_call_id
            direction = Direction.OUT
            number = phone_number.canonical(key.recipient)
            own_number = phone_number.canonical(key.caller)
        else:
            call_id, active_call_id = key, main.active_call_id
            direction = main.direction
            number, own_number = parties(main.call, direction)
        # That our own end was picked up does not mean that anybody was reached.
        talk = next(
            (
                record.call
                for record in records
                if _is_answered(record.call) and record.rings != "caller"
            ),
            None,
        )
        is_missed = talk is None and direction in CAME_IN
        started_at = min(record.call.date for record in records)
        answered_at = talk.date + timedelta(seconds=talk.ringing_length or 0) if talk else None
        prices = [record.call.price for record in records if record.call.price is not None]
        return CallEvent(
            type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
            call_id=call_id,
            active_call_id=active_call_id,
            direction=direction,
            number=number,
            own_number=own_number,
            line=main.call.line,
            started_at=started_at,
            answered_at=answered_at,
            duration=talk.length if talk else 0,
            ringing_duration=(
                seconds_between(started_at, answered_at) if talk else main.call.ringing_length
            ),
            price=round(sum(prices), 4) if prices else None,
            status=CallStatus.ANSWERED if talk else CallStatus.MISSED,
        )

    def _finish(self, group: _Group) -> None:
        """Count records as done."""
        for record in group:
            del self._records[record.call.id]
            self._done[record.call.id] = None
            self._newest = max(self._newest or record.call.date, record.call.date)

    def _move_on(self) -> None:
        """Let the next reading begin later, and let go of what nothing can refer to any more.

        Only a reading may do so: after a restart it brings back the records that were waiting.
        """
        first = min(self._records, default=None)
        known = sorted(self._done)
        settled = [number for number in known if first is None or number < first]
        for record_id in settled[:-REMEMBERED]:
            del self._done[record_id]
        if len(settled) > OVERLAP:
            self._since = max(self._since or 0, settled[-OVERLAP - 1])


def calls_of(rows: Iterable[Call], directory: Directory) -> Iterator[CallEvent]:
    """Join records to calls, for somebody who looks back; nothing waits, and nothing is too old."""
    records = list(rows)
    then = min((row.date for row in records), default=None)
    if then is not None:
        log = CallLog(LogState(place=0))
        log.directory = directory
        log.read(records, then)
        yield from filter(None, log.decide(then + PATIENCE))


def _is_answered(row: Call) -> bool:
    """Whether somebody talked; the length tells it where the status does not."""
    if row.status in {CallStatus.ANSWERED, CallStatus.MISSED}:
        return row.status is CallStatus.ANSWERED
    return bool(row.length)


def _rank(record: _Record) -> tuple[bool, bool, int]:
    """Order the records of a call so that the one which names it comes first."""
    return (
        record.order is not None and record.rings != "recipient",
        bool(record.call.redirection_parent_id),
        record.call.id,
    )
