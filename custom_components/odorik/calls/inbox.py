"""Missed callers who have not been spoken to since.

Calls can be added in any order and more than once, with the same result: only the missed calls of
each caller and the positions up to which they are resolved are stored, and the waiting callers
follow from both. An answered call in either direction resolves the calls that ended before it was
answered.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from . import numbers
from .directory import Directory
from .event import CallEvent, CallEventType

LOOKBACK: Final = timedelta(days=7)
"""The period with which a new inbox is filled."""
COMPLETED_FOR: Final = timedelta(days=1)
"""How long completed items are kept."""
MAX_CALLS: Final = 100
"""Missed calls that are kept for one caller."""
MAX_MARKS: Final = 10
"""Marks that are kept for one caller."""
MAX_CALLERS: Final = 1000
"""Missed callers that are kept."""
MAX_TALKED_CALLERS: Final = 200
"""Callers without missed calls that are kept: an earlier missed call may be recorded later."""
WITHHELD: Final = "withheld"
"""The UID of the item for all callers who withhold their number."""

type Position = tuple[datetime, int]
"""Order of the calls of one caller: time and record ID, as times are in whole seconds."""


class Resolution(StrEnum):
    """The ways in which users resolve missed calls."""

    TALKED = "talked"
    TICKED = "ticked"
    DELETED = "deleted"
    REOPENED = "reopened"


class MissedCall(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A missed call; ``rang`` in seconds."""

    began: datetime
    rang: int = 0
    call_id: int = 0
    line: int | None = None

    @property
    def position(self) -> Position:
        """The end of the call."""
        return (self.began + timedelta(seconds=self.rang), self.call_id)


class ResolutionMark(Struct, frozen=True, kw_only=True, gc=False):
    """A resolution of the calls up to a position.

    ``REOPENED`` cancels the resolutions that were made before ``at``.
    """

    how: Resolution
    until: datetime
    call_id: int
    at: datetime

    @property
    def position(self) -> Position:
        """The position up to which the calls are resolved."""
        return (self.until, self.call_id)


class Caller(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A caller, stored; ``number`` is normalized, or None if withheld."""

    number: str | None
    missed: list[MissedCall] = []
    """Ordered by position."""
    marks: list[ResolutionMark] = []

    @property
    def active_marks(self) -> list[ResolutionMark]:
        """The marks that were not cancelled, ordered by position."""
        reopened = [mark for mark in self.marks if mark.how is Resolution.REOPENED]
        if not reopened:
            return self.marks
        return [
            mark
            for mark in self.marks
            if mark.how is not Resolution.REOPENED
            and not any(mark.position >= undo.position and mark.at <= undo.at for undo in reopened)
        ]

    @property
    def latest_resolutions(self) -> list[ResolutionMark]:
        """The active marks that resolve all missed calls."""
        last = self.missed[-1].position
        return [mark for mark in self.active_marks if mark.position >= last]

    @property
    def is_waiting(self) -> bool:
        """Return whether there are unresolved missed calls."""
        return bool(self.missed) and not (self.marks and self.latest_resolutions)

    def with_missed(self, call: MissedCall) -> Caller:
        """Return the caller with a missed call; a call that is known already counts once."""
        known = {missed.call_id or missed.began: missed for missed in (*self.missed, call)}
        calls = sorted(known.values(), key=lambda missed: missed.position)
        return replace(self, missed=calls[-MAX_CALLS:]).pruned()

    def with_mark(self, mark: ResolutionMark) -> Caller:
        """Return the caller with a mark."""
        marks = sorted({*self.marks, mark}, key=lambda mark: (mark.position, mark.at, mark.how))
        return replace(self, marks=marks[-MAX_MARKS:]).pruned()

    def pruned(self) -> Caller:
        """Return the caller without calls that were resolved before the last missed call."""
        if not (self.missed and self.marks):
            return self
        last = self.missed[-1].position
        done = max(
            (mark.position for mark in self.active_marks if mark.position < last), default=None
        )
        if done is None:
            return self
        return replace(
            self,
            missed=[call for call in self.missed if call.position > done],
            marks=[mark for mark in self.marks if mark.position >= done],
        )

    def resolved(self, how: Resolution, now: datetime) -> Caller:
        """Return the caller with all missed calls resolved; the mark overrides earlier ones."""
        tick = timedelta(microseconds=1)
        at = max([now, *(mark.at + tick for mark in self.marks)])
        until, call_id = self.missed[-1].position
        return self.with_mark(ResolutionMark(how=how, until=until, call_id=call_id, at=at))

    def without_expired(self, now: datetime) -> Caller:
        """Return the caller without calls that were resolved more than ``COMPLETED_FOR`` ago."""
        old = [mark.position for mark in self.active_marks if now - mark.at > COMPLETED_FOR]
        marks = [mark for mark in self.marks if now - mark.at <= COMPLETED_FOR]
        missed = [call for call in self.missed if not old or call.position > max(old)]
        return replace(self, missed=missed, marks=marks)


class Item(Struct, frozen=True, kw_only=True, gc=False):
    """A waiting or completed caller.

    Attributes:
        uid: The UID of the to-do item: the number, or ``WITHHELD``.
        number: The normalized number; None if withheld.
        name: The name of the contact with the number.
        calls: The missed calls, the latest last.
        line_name: The name of the line of the latest call.
        completed: When the calls were resolved; None while the caller is waiting.
    """

    uid: str
    number: str | None
    name: str | None
    calls: tuple[MissedCall, ...]
    line_name: str | None
    completed: datetime | None

    @property
    def formatted(self) -> str | None:
        """The number formatted for display; None if withheld."""
        return numbers.formatted(self.number) if self.number else None

    @property
    def attributes(self) -> dict[str, Any]:
        """The item as an attribute of entities; ``started_at`` is that of the latest call."""
        last = self.calls[-1]
        return {
            "uid": self.uid,
            "number": self.number,
            "formatted": self.formatted,
            "name": self.name,
            "line": last.line,
            "line_name": self.line_name,
            "count": len(self.calls),
            "first_at": self.calls[0].began.isoformat(),
            "started_at": last.began.isoformat(),
        }


class Inbox:
    """The missed callers of one account.

    Attributes:
        directory: The current names of numbers and lines.
    """

    def __init__(self, callers: Iterable[Caller] = ()) -> None:
        self.directory = Directory()
        self._callers = _by_key(callers)
        self._items: dict[str, Item | None] = {}
        self._sorted_items: tuple[Item, ...] | None = None
        self._names_of: Directory | None = None

    @property
    def state(self) -> list[Caller]:
        """The state to be stored."""
        return list(self._callers.values())

    @property
    def items(self) -> tuple[Item, ...]:
        """The waiting callers, the latest first, followed by the completed ones."""
        if self._names_of is not self.directory:
            self._names_of = self.directory
            self._items.clear()
            self._sorted_items = None
        # This is read with each event, and few events change it.
        if self._sorted_items is None:
            for key in self._callers.keys() - self._items.keys():
                self._items[key] = self._item(self._callers[key])
            shown = [item for item in self._items.values() if item]
            shown.sort(key=lambda item: (item.calls[-1].position, item.uid), reverse=True)
            self._sorted_items = tuple(sorted(shown, key=lambda item: item.completed is not None))
        return self._sorted_items

    def add(self, call: CallEvent) -> bool:
        """Add a finished call; return whether it reached a caller who was waiting."""
        began, key = call.started_at or call.answered_at, _key(call.number)
        if call.gate or began is None or self.directory.is_own_caller(call.number):
            return False
        caller = self._callers.get(key) or Caller(number=call.number)
        if call.number and caller.number and call.number < caller.number:
            caller = replace(caller, number=call.number)
        if call.type is CallEventType.MISSED:
            missed = MissedCall(
                began=began,
                rang=call.ringing_duration or 0,
                call_id=call.call_id or 0,
                line=call.line,
            )
            self._put(key, caller.with_missed(missed))
        elif call.type is CallEventType.ENDED and call.answered_at and call.number:
            mark = ResolutionMark(
                how=Resolution.TALKED,
                until=call.answered_at,
                call_id=call.call_id or 0,
                at=call.ended_at or call.answered_at,
            )
            reached = caller.with_mark(mark)
            self._put(key, reached)
            return caller.is_waiting and not reached.is_waiting
        return False

    def resolve(self, uid: str, how: Resolution, now: datetime) -> None:
        """Complete, delete or reopen an item. Calls that are missed later make it wait again."""
        key = WITHHELD if uid == WITHHELD else _key(uid)
        caller = self._callers.get(key)
        if caller and caller.missed:
            self._put(key, caller.resolved(how, now))

    def expire(self, now: datetime) -> None:
        """Remove expired callers, and the oldest ones above the limits."""
        for key, caller in list(self._callers.items()):
            if caller.marks and (left := caller.without_expired(now)) != caller:
                self._put(key, left)
        missed = {
            key: caller.missed[-1].position
            for key, caller in self._callers.items()
            if caller.missed
        }
        talked = {
            key: caller.marks[-1].position
            for key, caller in self._callers.items()
            if caller.marks and key not in missed
        }
        for key in (*_oldest(missed, MAX_CALLERS), *_oldest(talked, MAX_TALKED_CALLERS)):
            self._put(key, None)

    def _put(self, key: str, caller: Caller | None) -> None:
        """Store a caller, or remove it if there is nothing to be stored."""
        self._items.pop(key, None)
        self._sorted_items = None
        if caller and (caller.missed or caller.marks):
            self._callers[key] = caller
        else:
            self._callers.pop(key, None)

    def _item(self, caller: Caller) -> Item | None:
        """Return the item of a caller; None if there is nothing to show."""
        if not caller.missed:
            return None
        done = caller.latest_resolutions
        if any(mark.how is Resolution.DELETED for mark in done):
            return None
        return Item(
            uid=caller.number or WITHHELD,
            number=caller.number,
            name=self.directory.name_of(caller.number),
            calls=tuple(caller.missed),
            line_name=self.directory.line_name(caller.missed[-1].line),
            completed=min((mark.at for mark in done), default=None),
        )


def _by_key(stored: Iterable[Caller]) -> dict[str, Caller]:
    """Return stored callers by key.

    Version 0.1.0 may have stored one caller under several spellings, or a text that means that the
    number is withheld as a number.
    """
    callers: dict[str, Caller] = {}
    for caller in stored:
        number, key = numbers.normalize(caller.number), _key(caller.number)
        if number and number == caller.number and key not in callers:
            # To rebuild each caller call by call would block the event loop.
            callers[key] = caller
            continue
        known = callers.get(key) or Caller(number=number)
        merged = replace(known, number=min(filter(None, (known.number, number)), default=None))
        for call in caller.missed:
            merged = merged.with_missed(call)
        for mark in caller.marks:
            if number or mark.how is not Resolution.TALKED:
                merged = merged.with_mark(mark)
        callers[key] = merged
    return callers


def _key(number: str | None) -> str:
    """Return the key of a caller, which does not depend on the spelling of the number."""
    key = numbers.match_key(number)
    return WITHHELD if key is None else key


def _oldest(positions: Mapping[str, Position], limit: int) -> Iterator[str]:
    """Yield the keys of the oldest positions above a limit."""
    if len(positions) > limit:
        yield from sorted(positions, key=lambda key: positions[key])[:-limit]
