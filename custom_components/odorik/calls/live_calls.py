"""Track the calls that are ringing or in progress, from poll to poll.

How active calls are combined only affects the events during a call, and the final event if the
login may not read the history. Otherwise, the records determine the final event.
"""

from collections.abc import Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from ..api import ActiveCall, CallRecord, CallStatus, Direction
from . import numbers
from .call_legs import SAME_START_SECONDS, is_by_people
from .callback_order import CallbackOrder, CallbackOrders, Party
from .directory import Directory
from .event import (
    INBOUND_DIRECTIONS,
    CallEvent,
    CallEventType,
    answered_event,
    seconds_between,
    started_event,
)

RECORD_TIMEOUT: Final = timedelta(seconds=90)
"""How long to wait for the record of a call that has ended."""
END_GAP: Final = timedelta(seconds=1)
"""Maximum time from the end of a call's ringing to the start of the leg it is forwarded to."""
LEG_GAP: Final = timedelta(seconds=15)
"""Maximum time from when a call was last listed to when the leg it is forwarded to appears."""
POLL_VALID_FOR: Final = timedelta(minutes=1)
"""How long a poll is valid. After that, while polls fail, records do not wait for its calls."""
TIME_TOLERANCE: Final = timedelta(seconds=5)
"""How far apart the history and the active calls may put the same moment."""
SAME_START_TOLERANCE: Final = timedelta(seconds=SAME_START_SECONDS)


@dataclass(kw_only=True, slots=True, eq=False)
class _LiveCall:
    """A call with all its legs, including those that have ended."""

    started: CallEvent
    seen_at: datetime
    """When one of its legs was last listed."""
    order: CallbackOrder | None = None
    legs: dict[int, ActiveCall] = field(default_factory=dict)
    """By ID, as last listed."""
    gone: dict[int, datetime] = field(default_factory=dict)
    """By ID, when an ended leg was first missing from the list."""
    rings: dict[int, Party] = field(default_factory=dict)
    """By ID, the party that the leg of a callback rings."""
    lines: set[int | None] = field(default_factory=set)
    """The lines that have been reported as ringing."""
    recorded: set[int] = field(default_factory=set)
    """The legs whose records have been read."""
    reported: set[CallEventType] = field(default_factory=set)

    @property
    def root(self) -> ActiveCall:
        """The first leg; the others are branches of it."""
        return next(iter(self.legs.values()))

    @property
    def machine_legs(self) -> list[ActiveCall]:
        """The legs that a machine answered."""
        return [
            leg
            for leg in self.legs.values()
            if not leg.is_ringing and not is_by_people(leg, self.started.direction)
        ]

    @property
    def answered_leg(self) -> ActiveCall | None:
        """The leg that people answered; preferably a branch, which has the line.

        A callback is answered when the recipient answers, not when our own end does. If a machine
        answered, the call that was forwarded to it may be listed as answered, too.
        """
        root, machine_legs = self.root, self.machine_legs
        by_machine = {machine.answer_date for machine in machine_legs}
        candidates = [
            leg
            for leg in self.legs.values()
            if not leg.is_ringing
            and self.rings.get(leg.id) != "caller"
            and leg not in machine_legs
            and leg.answer_date not in by_machine
            and not (leg is root and machine_legs)
        ]
        return min(candidates, key=lambda leg: leg is root, default=None)


@dataclass(frozen=True, slots=True)
class _Poll:
    """The time of a poll, and the account as it was then."""

    directory: Directory
    now: datetime
    clock_offset: timedelta
    """How far the operator's clock is ahead of ``now``."""


class LiveCalls:
    """The active calls, combined from their legs."""

    def __init__(self, orders: CallbackOrders) -> None:
        """Initialize with the callbacks that may be among the calls."""
        self.active: dict[int, ActiveCall] = {}
        """The active calls by ID, as of the last poll."""
        self.has_ended_call = False
        """True if an active call has disappeared since the previous poll."""
        self._first_listed: frozenset[int] = frozenset()
        """The calls of the first poll, which do not start although they may be listed again."""
        self._orders = orders
        self._last_poll: datetime | None = None
        self._clock_offset = timedelta()
        self._calls: list[_LiveCall] = []
        self._expired: list[_LiveCall] = []
        """Calls that were last listed too long before the last poll to wait for their records."""
        self._by_leg: dict[int, _LiveCall] = {}
        self._by_caller: dict[str | None, dict[_LiveCall, None]] = {}

    @property
    def has_unrecorded(self) -> bool:
        """True if a call has ended whose record has not been read."""
        return any(
            leg not in self.active
            and leg not in live.recorded
            and CallEventType.ENDED not in live.reported
            for live in self._calls
            for leg in live.legs
        )

    def touch(self, polled_at: datetime) -> None:
        """Process a poll without changes."""
        for live in self._calls:
            if self._is_active(live):
                live.seen_at = polled_at

    def watch(
        self,
        calls: Iterable[ActiveCall],
        directory: Directory,
        now: datetime,
        clock_offset: timedelta,
    ) -> list[CallEvent]:
        """Return the events since the last poll.

        The first poll after a start returns no events.

        Args:
            calls: The active calls.
            directory: The account's lines, numbers and contacts.
            now: When the list was requested.
            clock_offset: How far the operator's clock is ahead of ``now``.
        """
        before, self.active = self.active, {call.id: call for call in calls}
        if self._last_poll is None:
            self._first_listed = frozenset(self.active)
        self._last_poll, self._clock_offset = now, clock_offset
        self.has_ended_call = not before.keys() <= self.active.keys()
        self._by_leg.clear()
        self._by_caller.clear()
        for live in self._calls:
            for known in live.legs.values():
                self._index(live, known)
        poll = _Poll(directory, now, clock_offset)
        found: dict[_LiveCall, None] = {}
        for call in sorted(
            self.active.values(),
            key=lambda call: (
                call.start_date or now,
                directory.is_line(call.destination_number),
                call.id,
            ),
        ):
            live = self._find_call(call, poll)
            live.legs[call.id], live.seen_at = call, now
            self._index(live, call)
            found[live] = None
        events = [event for live in found for event in self._report(live, directory)]
        for live in self._calls:
            for leg in live.legs.keys() - self.active.keys():
                live.gone.setdefault(leg, now)
        watched, self._calls, self._expired = self._calls, [], []
        for live in watched:
            # A clock that was set back must not extend the timeouts, here and below.
            is_recent = abs(now - live.seen_at) < RECORD_TIMEOUT
            (self._calls if is_recent else self._expired).append(live)
        return events

    def end_unrecorded(self) -> Iterator[tuple[CallEvent, Iterable[int]]]:
        """Yield the final events derived from polls alone, each with the IDs of the call's legs."""
        for live in (*self._expired, *self._calls):
            if live.recorded or CallEventType.ENDED in live.reported or self._is_active(live):
                continue
            live.reported.add(CallEventType.ENDED)
            # After a gap in the polls, it may have ended long before the last one.
            ended_before = min(self._last_poll or live.seen_at, live.seen_at + RECORD_TIMEOUT)
            yield _ended_event(live, ended_before + self._clock_offset), live.legs

    def match_record(self, record: CallRecord) -> int | None:
        """Return the ID of the active call of a record, and mark it as recorded.

        Older records lack this ID, and are matched by line, numbers and start.
        """
        legs = [(live, leg) for live in self._calls for leg in live.legs.values()]
        for live, leg in sorted(legs, key=lambda found: found[1].id in self.active):
            if leg.id == record.active_call_id or (
                record.active_call_id is None
                and leg.id not in live.recorded
                and _is_same_call(record, leg)
            ):
                live.recorded.add(leg.id)
                return leg.id
        return record.active_call_id

    def lines_of(self, legs: AbstractSet[int | None]) -> set[int | None]:
        """Return the lines that were reported as ringing for the calls of some legs."""
        calls = (live for live in self._calls if not legs.isdisjoint(live.legs))
        return set[int | None]().union(*(live.lines for live in calls))

    def awaits_machine(self, legs: AbstractSet[int | None], now: datetime) -> bool:
        """Return whether a machine answered one of these calls and its record is missing."""
        return any(
            leg in live.machine_legs and not legs.isdisjoint(live.legs)
            for live, leg in self._unrecorded(now)
        )

    def may_be_forwarded_to(self, record: CallRecord, directory: Directory, now: datetime) -> bool:
        """Return whether people may have answered a call, recorded as missed, on another leg.

        That leg is an unrecorded call from the same caller that began while the missed call was
        ringing. A missed call must not wait for any other call.
        """
        rang = timedelta(seconds=(record.ringing_length or 0) + (record.length or 0))
        first, last = record.date - SAME_START_TOLERANCE, record.date + rang + END_GAP
        return any(
            may_follow(record, other, directory)
            and is_by_people(other, Direction.REDIRECTED)
            and first <= (other.start_date or record.date) <= last
            and (
                other.id in self.active
                or not other.is_ringing
                or abs(now - live.gone[other.id]) < TIME_TOLERANCE
            )
            for live, other in self._others(record, now)
        )

    def may_be_forwarded_from(self, record: CallRecord, now: datetime) -> bool:
        """Return whether an unrecorded call may be the one from which a record was redirected."""
        return any(
            _is_same_caller(record, other)
            and (other.start_date or record.date) <= record.date + TIME_TOLERANCE
            for _, other in self._others(record, now)
        )

    def may_be_ordered(self, order: CallbackOrder, directory: Directory, now: datetime) -> bool:
        """Return whether an unrecorded call may be a leg of an order."""
        return any(
            order.matching_legs(call, call.start_date or order.due, directory)
            for _, call in self._unrecorded(now)
        )

    def _unrecorded(self, now: datetime) -> Iterator[tuple[_LiveCall, ActiveCall]]:
        """Yield the legs that are active, or that have ended and whose record is awaited."""
        is_known = self._last_poll is not None and abs(now - self._last_poll) <= POLL_VALID_FOR
        for live in self._calls:
            is_recent = abs(now - live.seen_at) < RECORD_TIMEOUT
            for leg in live.legs.values():
                if leg.id not in live.recorded and (
                    is_known if leg.id in self.active else is_recent
                ):
                    yield live, leg

    def _others(self, record: CallRecord, now: datetime) -> Iterator[tuple[_LiveCall, ActiveCall]]:
        """Yield the unrecorded calls, except that of the record itself."""
        for live, call in self._unrecorded(now):
            if call.id != record.active_call_id and not (
                record.active_call_id is None and _is_same_call(record, call)
            ):
                yield live, call

    def _index(self, live: _LiveCall, leg: ActiveCall) -> None:
        """Index a call by a leg and its caller, to find it fast when many calls begin at once."""
        self._by_leg.setdefault(leg.id, live)
        self._by_caller.setdefault(numbers.match_key(leg.source_number), {})[live] = None

    def _is_active(self, live: _LiveCall) -> bool:
        """Return whether a leg of a call is active."""
        return not self.active.keys().isdisjoint(live.legs)

    def _report(self, live: _LiveCall, directory: Directory) -> list[CallEvent]:
        """Return the events of a call since the last poll, and mark them as reported."""
        is_new, events = not live.reported, list(_new_events(live, directory))
        live.reported |= {event.type for event in events}
        if is_new and live.root.id in self._first_listed:
            live.reported.add(CallEventType.ANSWERED)
            return []
        return events

    def _find_call(self, call: ActiveCall, poll: _Poll) -> _LiveCall:
        """Return the call that a leg belongs to, or a new one."""
        live = self._by_leg.get(call.id) or self._find_callback(call, poll)
        live = live or self._find_parent(call, poll)
        if live is None:
            live = _LiveCall(started=started_event(call, poll.directory), seen_at=poll.now)
            self._calls.append(live)
        return live

    def _find_callback(self, call: ActiveCall, poll: _Poll) -> _LiveCall | None:
        """Return the callback that an active call is a leg of."""
        began = call.start_date or poll.now
        for order in self._orders.nearest(call.id, began):
            live = next((live for live in self._calls if live.order is order), None)
            legs = order.matching_legs(call, began, poll.directory)
            answered = [leg for leg in live.legs.values() if not leg.is_ringing] if live else []
            if not legs or any(leg.id not in self.active for leg in answered):
                continue
            # If both parties have the same number, the recipient is rung after the caller has
            # answered.
            rings = legs[-1 if answered else 0]
            if live and any(live.rings[leg] == rings for leg in live.legs if leg in self.active):
                # Attempts do not overlap, so this leg belongs to another order.
                continue
            if live is None:
                order.active_call_id = order.active_call_id or call.id
                event = _callback_event(order, call, poll.directory)
                live = _LiveCall(started=event, seen_at=poll.now, order=order)
                if order.is_reported:
                    live.reported.update(CallEventType)
                self._calls.append(live)
            live.rings[call.id] = rings
            return live
        return None

    def _find_parent(self, call: ActiveCall, poll: _Poll) -> _LiveCall | None:
        """Return the call that an active call is a branch of or was forwarded from.

        If there are several candidates, prefer a call on the same line, then one that is still
        active, then the one with the fewest legs.
        """
        parents = (
            live
            for live in self._by_caller.get(numbers.match_key(call.source_number), ())
            if live.order is None
            and poll.directory.direction(live.root) is Direction.IN
            and may_follow(live.root, call, poll.directory)
            and self._overlaps(live, call, poll)
        )
        return min(
            parents,
            key=lambda live: (
                all(leg.line != call.line for leg in live.legs.values()),
                not self._is_active(live),
                len(live.legs),
            ),
            default=None,
        )

    def _overlaps(self, live: _LiveCall, call: ActiveCall, poll: _Poll) -> bool:
        """Return whether an active call began during another one, on a phone that was free."""
        if poll.directory.direction(call) is not Direction.IN:
            return abs(poll.now - live.seen_at) <= LEG_GAP
        if live.recorded >= live.legs.keys():
            # The call is over if its records have been written.
            return False
        if any(leg.id in self.active and _is_same_phone(leg, call) for leg in live.legs.values()):
            return False
        if self._is_active(live) or live.gone.keys() != live.legs.keys():
            # It is active, or was first missing in this poll.
            ended_before = poll.now
        else:
            ended_before = max(live.gone.values())
        return (call.start_date or poll.now) <= ended_before + poll.clock_offset


def may_follow(first: ActiveCall | CallRecord, other: ActiveCall, directory: Directory) -> bool:
    """Return whether a call may be a branch of an incoming call, or its forwarded leg.

    Both have the same caller. A second call to the same number is another call, unless both began
    at the same moment: the phones of one call may be listed like that. Withheld callers are
    distinguished by line and start.
    """
    direction = directory.direction(other)
    is_withheld = numbers.normalize(first.source_number) is None
    if direction is Direction.OUT or not (
        numbers.normalize(other.source_number) is None
        if is_withheld
        else numbers.is_same_number(first.source_number, other.source_number)
    ):
        return False
    if directory.rings_apart(first, other):
        return False
    began = first.date if isinstance(first, CallRecord) else first.start_date
    is_at_once = (
        began is None
        or other.start_date is None
        or abs(other.start_date - began) <= SAME_START_TOLERANCE
    )
    is_later = began is None or other.start_date is None or began <= other.start_date
    if is_withheld and directory.is_line(other.destination_number):
        return is_at_once
    if is_withheld:
        return is_later and direction is not Direction.IN and first.line == other.line
    if numbers.is_same_number(first.destination_number, other.destination_number):
        return is_at_once
    return is_later


def _is_same_phone(one: ActiveCall, other: ActiveCall) -> bool:
    """Return whether two legs ring the same number on the same line."""
    return one.line == other.line and numbers.is_same_number(
        one.destination_number, other.destination_number
    )


def answered_by_people(calls: Iterable[ActiveCall]) -> list[ActiveCall]:
    """Return the calls that people have answered.

    A call that is forwarded to voicemail may be listed as answered at the same moment as the
    voicemail's leg.
    """
    answered = [call for call in calls if not call.is_ringing]
    machine_legs = [call for call in answered if not is_by_people(call, Direction.OUT)]
    return [
        call
        for call in answered
        if call not in machine_legs
        and not any(
            call.answer_date == machine.answer_date and _is_same_caller(call, machine)
            for machine in machine_legs
        )
    ]


def _callback_event(order: CallbackOrder, leg: ActiveCall, directory: Directory) -> CallEvent:
    """Return the event of a callback that rings its first leg."""
    return replace(
        started_event(leg, directory),
        active_call_id=order.active_call_id,
        direction=Direction.OUT,
        number=numbers.normalize(order.recipient),
        own_number=numbers.normalize(order.caller),
        gate=None,
    )


def _ended_event(live: _LiveCall, ended_before: datetime) -> CallEvent:
    """Return the final event of a call that has disappeared, by the operator's clock."""
    answered_leg, event = live.answered_leg, live.started
    if answered_leg:
        event = answered_event(event, answered_leg)
    else:
        event = replace(event, ringing_duration=seconds_between(event.started_at, ended_before))
    is_inbound = event.direction in INBOUND_DIRECTIONS and event.gate is None
    is_missed = answered_leg is None and is_inbound
    return replace(
        event,
        type=CallEventType.MISSED if is_missed else CallEventType.ENDED,
        duration=seconds_between(answered_leg.answer_date, ended_before) if answered_leg else 0,
        status=CallStatus.ANSWERED if answered_leg else CallStatus.MISSED,
        other_lines=frozenset(line for line in live.lines if line not in {None, event.line}),
    )


def _new_events(live: _LiveCall, directory: Directory) -> Iterator[CallEvent]:
    """Yield the events of a call that have not been reported."""
    if CallEventType.STARTED not in live.reported:
        live.lines.add(live.started.line)
        yield live.started
    came_in = live.started.direction is Direction.IN
    for leg in live.legs.values() if came_in else ():
        line = directory.rung_line(leg)
        if line not in live.lines and directory.direction(leg) is Direction.IN:
            live.lines.add(line)
            yield replace(live.started, line=line, is_of_branch=True)
    if live.answered_leg and CallEventType.ANSWERED not in live.reported:
        line = directory.rung_line(live.answered_leg) if came_in else live.started.line
        yield replace(answered_event(live.started, live.answered_leg), line=line)


def _is_same_caller(one: ActiveCall | CallRecord, other: ActiveCall) -> bool:
    """Return whether two calls may have the same caller; withheld ones, if on the same line."""
    if numbers.normalize(one.source_number) is None:
        return one.line == other.line and numbers.normalize(other.source_number) is None
    return numbers.is_same_number(one.source_number, other.source_number)


def _is_same_call(record: CallRecord, active: ActiveCall) -> bool:
    """Match a record that lacks the ID of its active call by line, numbers and start."""
    return (
        record.line == active.line
        and numbers.match_key(record.source_number) == numbers.match_key(active.source_number)
        and numbers.match_key(record.destination_number)
        == numbers.match_key(active.destination_number)
        and (active.start_date is None or abs(record.date - active.start_date) <= TIME_TOLERANCE)
    )
