"""What happened on the telephone: decides from the operator's lists what each call was.

The log is fed with the lists as they are read and says what is new. It does no input or output,
and nothing of Home Assistant is in it.

Two number spaces meet here. The list of active calls has ids of its own; a record of the history
repeats the one of its call as ``active_call_id``. Ids of records rise in the order in which they
are written (operator's document, "since_id"), so one number, the *place*, says how far the log
has come: everything up to it is done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from msgspec import Struct

from . import phone_number
from .api import ActiveCall, Call, CallStatus, Direction
from .directory import Directory

MEMORY: Final = timedelta(days=7)
"""A call that began longer ago is passed over when the log catches up."""
ORDER_WINDOW: Final = timedelta(minutes=2)
"""The legs of a callback begin within this time after it is due."""
LEG_PATIENCE: Final = timedelta(seconds=15)
"""How long the record of one leg of a callback waits for that of the other."""
PARENT_PATIENCE: Final = timedelta(minutes=2)
"""How long a redirected record waits for the incoming one that it points to."""
RECORD_PATIENCE: Final = timedelta(seconds=90)
"""How long the record of a call that has ended is looked for with haste."""
ORDER_LIFE: Final = timedelta(days=1)
"""How long an order is remembered: its legs are recorded when the call has ended."""
SLACK: Final = timedelta(seconds=5)
"""How far apart the two lists may put the same moment."""
REMEMBERED: Final = 1000
"""How many records that are done are known by their ids, for the legs that point to them."""

_CAME_IN: Final = frozenset({Direction.IN, Direction.REDIRECTED})
_EPOCH: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class CallEventType(StrEnum):
    """What can be told of a call."""

    STARTED = "started"
    ANSWERED = "answered"
    ENDED = "ended"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEvent:
    """One thing to tell of one call; numbers are in the form that people know."""

    type: CallEventType
    call_id: int | None = None
    """Id of the record; of a joined call that of the incoming one."""
    active_call_id: int | None = None
    direction: Direction = Direction.UNKNOWN
    number: str | None = None
    """The other party; None where it is withheld."""
    own_number: str | None = None
    line: int | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    duration: int | None = None
    """Seconds of the answered leg."""
    ringing_duration: int | None = None
    """Seconds."""
    price: float | None = None
    """CZK, of all legs."""
    status: CallStatus | None = None
    """None while the call lasts."""

    @property
    def ended_at(self) -> datetime | None:
        """When the call was over, as far as its record tells; None while it lasts."""
        if self.started_at is None or self.status is None:
            return None
        seconds = (self.ringing_duration or 0) + (self.duration or 0)
        return self.started_at + timedelta(seconds=seconds)


class Order(Struct, kw_only=True, eq=False):
    """A callback that this integration ordered; numbers as they were sent."""

    caller: str
    recipient: str
    line: int | None = None
    due: datetime
    """When the exchange rings the caller."""
    active_call_id: int | None = None
    """The first leg that was seen."""
    legs: list[str] = []
    """The legs whose records have been read."""
    is_told: bool = False

    def leg_of(self, call: ActiveCall | Call, began: datetime, directory: Directory) -> str:
        """Say which leg a call is: ``caller``, ``recipient``, or none.

        The destination tells it. What comes in from a third party is no leg, even where it goes
        to the number that was to be rung: that may be a call which somebody misses.
        """
        if self.line is not None and call.line not in {None, self.line}:
            return ""
        if not self.due - SLACK <= began <= self.due + ORDER_WINDOW:
            return ""
        is_ours = directory.is_own(call.source_number) or any(
            phone_number.same(call.source_number, party) for party in (self.caller, self.recipient)
        )
        if directory.is_own(call.destination_number) and not is_ours:
            return ""
        if phone_number.same(call.destination_number, self.recipient):
            return "recipient"
        return "caller" if phone_number.same(call.destination_number, self.caller) else ""


class LogState(Struct, kw_only=True, frozen=True):
    """What survives a restart."""

    place: int
    done: list[int] = []
    orders: list[Order] = []


@dataclass(kw_only=True, slots=True)
class _Record:
    """A record that has been read and not been told."""

    call: Call
    read_at: datetime
    order: Order | None = None
    leg: str = ""


class CallLog:
    """The memory that joins legs and records to calls and knows what has been told."""

    def __init__(self, state: LogState | None = None) -> None:
        """Go on from where an earlier log stopped; without a state, take bearings first."""
        self.directory = Directory.empty()
        self._reached = state.place if state else None
        self._done: dict[int, None] = dict.fromkeys(state.done if state else ())
        self._orders = list(state.orders) if state else []
        self._records: dict[int, _Record] = {}
        self._up: dict[int, ActiveCall] | None = None
        self._gone: dict[int, tuple[ActiveCall, datetime]] = {}
        self._told_live: dict[int, set[CallEventType]] = {}

    @property
    def place(self) -> int | None:
        """The id up to which everything is done; None before the first bearings."""
        if self._reached is None:
            return None
        return min(self._reached, min(self._records, default=self._reached + 1) - 1)

    @property
    def state(self) -> LogState | None:
        """What has to survive a restart; None before the first bearings."""
        if (place := self.place) is None:
            return None
        return LogState(
            place=place,
            done=list(self._done),
            orders=[_unread(order) for order in self._orders if not order.is_told],
        )

    @property
    def is_waiting(self) -> bool:
        """Whether a record has been read that could not be told yet."""
        return bool(self._records)

    @property
    def has_unrecorded(self) -> bool:
        """Whether a call has ended whose record has not been read."""
        return bool(self._gone)

    @property
    def has_unjudged(self) -> bool:
        """Whether a fresh look at the active calls is due before the records are told.

        The call that a record says was missed may just be ringing somewhere else.
        """
        return any(_came_in_missed(record.call) for record in self._records.values())

    def take_bearings(self, rows: Iterable[Call]) -> None:
        """Begin after these records, without telling them."""
        ids = sorted(row.id for row in rows)
        self._reached = max(ids, default=0)
        self._done = dict.fromkeys(ids[-REMEMBERED:])

    def order(self, caller: str, recipient: str, line: int | None, due: datetime) -> Order:
        """Remember a callback that is ordered, so that its legs are known as one call."""
        order = Order(caller=caller, recipient=recipient, line=line, due=due)
        self._orders.append(order)
        return order

    def withdraw(self, order: Order) -> None:
        """Forget a callback that was refused, before somebody's own call is taken for its leg."""
        if order in self._orders:
            self._orders.remove(order)

    def watch(self, calls: Iterable[ActiveCall], now: datetime) -> list[CallEvent]:
        """Compare the active calls with those of the last look.

        The first look after a start tells nothing of the calls that it finds.
        """
        is_first, before = self._up is None, self._up or {}
        self._up = {call.id: call for call in calls}
        self._gone |= {call.id: (call, now) for call in before.values() if call.id not in self._up}
        self._forget(now)
        events: list[CallEvent] = []
        for call in self._up.values():
            started, is_answered = self._live(call, now)
            told = self._told_live.setdefault(started.active_call_id or call.id, set())
            if is_first:
                told |= {CallEventType.STARTED, CallEventType.ANSWERED}
            if CallEventType.STARTED not in told:
                events.append(started)
            if is_answered and CallEventType.ANSWERED not in told:
                events.append(_answered(started, call))
                told.add(CallEventType.ANSWERED)
            told.add(CallEventType.STARTED)
        return events

    def describe(self, call: ActiveCall) -> CallEvent:
        """Show an active call by what was last to be told of it."""
        started = self._started(call)
        return started if call.is_ringing else _answered(started, call)

    def read(self, rows: Iterable[Call], now: datetime) -> None:
        """Take in what the history answered to the place, all pages of it in any order."""
        fresh = [row for row in rows if not self._is_done(row.id) and row.id not in self._records]
        for row in sorted(fresh, key=attrgetter("date", "id")):
            self._find_active(row)
            self._records[row.id] = _Record(call=row, read_at=now)
            if (
                row.is_sms
                or row.date < now - MEMORY
                or row.redirection_parent_id in self._done
                or self._is_late_leg(self._records[row.id])
            ):
                self._finish([row.id])
        self._reached = max([self._reached or 0, *(row.id for row in fresh)])

    def decide(self, now: datetime) -> Iterator[CallEvent]:
        """Tell of the calls whose records are complete, the oldest first.

        A call counts as told when the next one is asked for or the end is reached.
        """
        groups: dict[int, list[_Record]] = {}
        for record in self._records.values():
            key = id(record.order) if record.order else self._root(record.call)
            groups.setdefault(key, []).append(record)
        ready = [group for group in groups.values() if self._is_complete(group, now)]
        for group in sorted(ready, key=lambda group: min(record.call.date for record in group)):
            yield self._finished(group)
            self._finish(record.call.id for record in group)
            for record in group:
                if record.order:
                    record.order.is_told = True

    def end_unrecorded(self) -> list[CallEvent]:
        """Tell how calls finished from the active calls alone, where no history may be read."""
        events = []
        for call, gone_at in self._gone.values():
            event = self.describe(call)
            is_missed = call.is_ringing and event.direction in _CAME_IN
            events.append(
                replace(
                    event,
                    type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
                    duration=_seconds(call.answer_date, gone_at) or 0,
                    status=CallStatus.MISSED if call.is_ringing else CallStatus.ANSWERED,
                )
            )
        self._gone.clear()
        return events

    def _live(self, call: ActiveCall, now: datetime) -> tuple[CallEvent, bool]:
        """Find the call that an active call is a leg of, and whether that one is answered."""
        for order in self._orders:
            if leg := order.leg_of(call, call.start_date or now, self.directory):
                order.active_call_id = order.active_call_id or call.id
                ordered = replace(
                    self._started(call),
                    active_call_id=order.active_call_id,
                    direction=Direction.OUT,
                    number=phone_number.canonical(order.recipient),
                    own_number=phone_number.canonical(order.caller),
                )
                # The call is answered when the recipient answers, not when our own end does.
                return ordered, leg == "recipient" and not call.is_ringing
        for parent in [*(self._up or {}).values(), *(gone for gone, _ in self._gone.values())]:
            if self._redirects(parent, call):
                return self._started(parent), not (call.is_ringing and parent.is_ringing)
        return self._started(call), not call.is_ringing

    def _redirects(self, parent: ActiveCall, call: ActiveCall) -> bool:
        """Whether an active call is where an incoming one is being sent on to.

        Only what is told while a call lasts hangs on this; how it finished is told by records.
        """
        return (
            parent.id != call.id
            and phone_number.same(parent.source_number, call.source_number)
            and self.directory.direction(parent) is Direction.IN
            and self.directory.direction(call) is Direction.REDIRECTED
            and (parent.start_date or _EPOCH) <= (call.start_date or _NEVER)
        )

    def _started(self, call: ActiveCall) -> CallEvent:
        """Describe an active call."""
        direction = self.directory.direction(call)
        number, own_number = _parties(call, direction)
        return CallEvent(
            type=CallEventType.STARTED,
            active_call_id=call.id,
            direction=direction,
            number=number,
            own_number=own_number,
            line=call.line,
            started_at=call.start_date,
        )

    def _is_done(self, record_id: int) -> bool:
        """Whether a record has been told, or was there before the first bearings."""
        return record_id in self._done or record_id <= (self.place or 0)

    def _find_active(self, row: Call) -> None:
        """Stop looking for the record of a call that has ended, now that it is here."""
        for active_id, (active, _) in self._gone.items():
            if row.active_call_id == active_id or (
                row.active_call_id is None and _is_same_call(row, active)
            ):
                del self._gone[active_id]
                return

    def _is_late_leg(self, record: _Record) -> bool:
        """Give a record to the order it is a leg of; say whether that has been told already."""
        for order in self._orders:
            leg = order.leg_of(record.call, record.call.date, self.directory)
            if leg and leg not in order.legs:
                order.legs.append(leg)
                record.order, record.leg = order, leg
                return order.is_told
        return False

    def _root(self, call: Call) -> int:
        """Follow what a record was redirected from to the record that names the call."""
        seen = {call.id}
        while (parent := call.redirection_parent_id) is not None and parent not in seen:
            if parent not in self._records:
                return parent
            seen.add(parent)
            call = self._records[parent].call
        return call.id

    def _is_complete(self, group: list[_Record], now: datetime) -> bool:
        """Whether nothing can be waiting any more that would change what a call was."""
        up = (self._up or {}).values()
        waited = now - min(record.read_at for record in group)
        if order := group[0].order:
            is_up = any(order.leg_of(call, call.start_date or now, self.directory) for call in up)
            return len(group) > 1 or (waited >= LEG_PATIENCE and not is_up)
        calls = [record.call for record in group]
        root = self._root(calls[0])
        if root not in self._records and root > (self._reached or 0):
            return waited >= PARENT_PATIENCE
        if any(call.status is CallStatus.ANSWERED for call in calls):
            return True
        return not any(
            _came_in_missed(call) and _may_be_leg(call, active) for call in calls for active in up
        )

    def _finished(self, group: list[_Record]) -> CallEvent:
        """Say what a call was, from its records."""
        records = sorted(group, key=_rank)
        calls = [record.call for record in records]
        main, order = calls[0], records[0].order
        if order:
            direction = Direction.OUT
            number = phone_number.canonical(order.recipient)
            own_number = phone_number.canonical(order.caller)
            # That our own end was picked up does not mean that anybody was reached.
            talks = [record.call for record in records if record.leg == "recipient"]
        else:
            direction = main.direction or Direction.UNKNOWN
            number, own_number = _parties(main, direction)
            talks = calls
        started_at = min(call.date for call in calls)
        talk = next((call for call in talks if call.status is CallStatus.ANSWERED), None)
        answered_at = talk.date + timedelta(seconds=talk.ringing_length or 0) if talk else None
        is_missed = talk is None and direction in _CAME_IN
        prices = [call.price for call in calls if call.price is not None]
        return CallEvent(
            type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
            call_id=main.id,
            active_call_id=order.active_call_id if order else main.active_call_id,
            direction=direction,
            number=number,
            own_number=own_number,
            line=main.line,
            started_at=started_at,
            answered_at=answered_at,
            duration=talk.length if talk else 0,
            ringing_duration=_seconds(started_at, answered_at) if talk else main.ringing_length,
            price=round(sum(prices), 4) if prices else None,
            status=CallStatus.ANSWERED if talk else CallStatus.MISSED,
        )

    def _finish(self, ids: Iterable[int]) -> None:
        """Count records as done."""
        for record_id in ids:
            del self._records[record_id]
            self._done[record_id] = None

    def _forget(self, now: datetime) -> None:
        """Let go of what nothing can refer to any more."""
        self._gone = {
            key: gone for key, gone in self._gone.items() if now - gone[1] < RECORD_PATIENCE
        }
        self._orders = [order for order in self._orders if now - order.due < ORDER_LIFE]
        live = {*(self._up or ()), *self._gone, *(order.active_call_id for order in self._orders)}
        self._told_live = {key: told for key, told in self._told_live.items() if key in live}
        place = self.place or 0
        known = sorted(record_id for record_id in self._done if record_id <= place)
        for record_id in known[:-REMEMBERED]:
            del self._done[record_id]


def _came_in_missed(call: Call) -> bool:
    """Whether a record by itself says that a call was missed."""
    return call.direction in _CAME_IN and call.status is not CallStatus.ANSWERED


def _rank(record: _Record) -> tuple[bool, bool, int]:
    """Order the records of a call so that the one which names it comes first."""
    return (
        record.order is not None and record.leg != "recipient",
        record.call.redirection_parent_id is not None,
        record.call.id,
    )


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    """Count whole seconds between two moments, none below zero."""
    if start is None or end is None:
        return None
    return max(0, int((end - start).total_seconds()))


def _answered(started: CallEvent, call: ActiveCall) -> CallEvent:
    """Go on from a call that rang to its answer."""
    return replace(
        started,
        type=CallEventType.ANSWERED,
        answered_at=call.answer_date,
        ringing_duration=_seconds(started.started_at, call.answer_date),
    )


def _parties(call: ActiveCall | Call, direction: Direction) -> tuple[str | None, str | None]:
    """Tell the other party from our own end."""
    source = phone_number.canonical(call.source_number)
    destination = phone_number.canonical(call.destination_number)
    return (destination, source) if direction is Direction.OUT else (source, destination)


def _is_same_call(row: Call, active: ActiveCall) -> bool:
    """Match a record that does not name its active call by line, numbers and start."""
    return (
        row.line == active.line
        and phone_number.keys(row.source_number) == phone_number.keys(active.source_number)
        and phone_number.keys(row.destination_number)
        == phone_number.keys(active.destination_number)
        and (active.start_date is None or abs(row.date - active.start_date) <= SLACK)
    )


def _may_be_leg(row: Call, active: ActiveCall) -> bool:
    """Whether a call that is up may be where a missed one has been sent on to.

    It is of the same caller or line and began while the missed one rang. A call that began before
    or after is another one, and a missed call must not wait for it.
    """
    if active.id == row.active_call_id or (
        row.active_call_id is None and _is_same_call(row, active)
    ):
        return False
    is_kin = phone_number.same(row.source_number, active.source_number) or (
        row.line is not None and row.line == active.line
    )
    began = active.start_date or row.date
    rang_until = row.date + timedelta(seconds=(row.ringing_length or 0) + (row.length or 0))
    return is_kin and row.date - SLACK <= began <= rang_until + SLACK


def _unread(order: Order) -> Order:
    """Write an order down as if none of its records had been read: they will be read again."""
    return Order(
        caller=order.caller,
        recipient=order.recipient,
        line=order.line,
        due=order.due,
        active_call_id=order.active_call_id,
    )
