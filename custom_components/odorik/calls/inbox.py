"""Callers who were missed and have not been talked with since.

Calls are taken in any order and more than once, and the same comes out: of each caller it is only
remembered which calls were missed and up to where somebody saw to them. What waits follows from
that. A call sees to those that were over before it was answered, whoever made it.
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

REACH: Final = timedelta(days=7)
"""How far back an inbox is filled that is new."""
DONE_FOR: Final = timedelta(days=1)
"""How long it is remembered, and shown, that somebody saw to a caller."""
CALLS: Final = 100
"""Of one caller so many missed calls are remembered, the newest."""
MARKS: Final = 10
"""So many times that somebody saw to one caller."""
CALLERS: Final = 1000
"""So many callers who were missed, the newest."""
TALKED_WITH: Final = 200
"""So many with whom somebody talked and who were not missed: that may only be read later."""
WITHHELD: Final = "withheld"
"""What stands for all who do not show their number."""

type Place = tuple[datetime, int]
"""Where something stands among the calls of one caller; of the same second the record written
later comes later."""


class How(StrEnum):
    """What somebody did about a caller."""

    TALKED = "talked"
    TICKED = "ticked"
    DELETED = "deleted"
    REOPENED = "reopened"


class MissedCall(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A call that nobody took; ``rang`` in seconds."""

    began: datetime
    rang: int = 0
    call_id: int = 0
    line: int | None = None

    @property
    def place(self) -> Place:
        """Where it ended."""
        return (self.began + timedelta(seconds=self.rang), self.call_id)


class Mark(Struct, frozen=True, kw_only=True, gc=False):
    """Handling of what was missed up to a place, or a withdrawal of what was done before ``at``."""

    how: How
    until: datetime
    call_id: int
    at: datetime

    @property
    def place(self) -> Place:
        """Up to where."""
        return (self.until, self.call_id)


class Caller(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is remembered of a caller; the number as people know it, None where it is withheld."""

    number: str | None
    missed: list[MissedCall] = []
    """In the order of their places."""
    marks: list[Mark] = []

    @property
    def standing(self) -> list[Mark]:
        """The marks that were not taken back, in the order of their places."""
        back = [mark for mark in self.marks if mark.how is How.REOPENED]
        if not back:
            return self.marks
        return [
            mark
            for mark in self.marks
            if mark.how is not How.REOPENED
            and not any(mark.place >= it.place and mark.at <= it.at for it in back)
        ]

    @property
    def seen_to_last(self) -> list[Mark]:
        """The marks that stand after all missed calls."""
        last = self.missed[-1].place
        return [mark for mark in self.standing if mark.place >= last]

    @property
    def waits(self) -> bool:
        """Whether anything was missed that nobody saw to."""
        return bool(self.missed) and not (self.marks and self.seen_to_last)

    def with_missed(self, call: MissedCall) -> Caller:
        """Add a missed call, which counts once."""
        known = {it.call_id or it.began: it for it in (*self.missed, call)}
        missed = sorted(known.values(), key=lambda it: it.place)
        return replace(self, missed=missed[-CALLS:]).without_the_past()

    def with_mark(self, mark: Mark) -> Caller:
        """Add what somebody did."""
        marks = sorted({*self.marks, mark}, key=lambda it: (it.place, it.at, it.how))
        return replace(self, marks=marks[-MARKS:]).without_the_past()

    def without_the_past(self) -> Caller:
        """Forget what somebody saw to before the last calls were missed, but up to where."""
        if not (self.missed and self.marks):
            return self
        last = self.missed[-1].place
        done = max((mark.place for mark in self.standing if mark.place < last), default=None)
        if done is None:
            return self
        return replace(
            self,
            missed=[call for call in self.missed if call.place > done],
            marks=[mark for mark in self.marks if mark.place >= done],
        )

    def acted_on(self, how: How, now: datetime) -> Caller:
        """Add what somebody did about all that is known; what they did later, counts."""
        soon = timedelta(microseconds=1)
        at = max([now, *(mark.at + soon for mark in self.marks)])
        until, call_id = self.missed[-1].place
        return self.with_mark(Mark(how=how, until=until, call_id=call_id, at=at))

    def since(self, now: datetime) -> Caller:
        """Forget what somebody saw to long ago."""
        old = [mark.place for mark in self.standing if now - mark.at > DONE_FOR]
        marks = [mark for mark in self.marks if now - mark.at <= DONE_FOR]
        missed = [call for call in self.missed if not old or call.place > max(old)]
        return replace(self, missed=missed, marks=marks)


class Item(Struct, frozen=True, kw_only=True, gc=False):
    """A caller who waits, or has been seen to.

    Attributes:
        uid: What the caller is known by.
        number: As people know it; None where it is withheld.
        name: Of the contact who has the number.
        calls: Those that nobody took, the latest last.
        line_name: Of the line that the latest came in on.
        completed: When somebody saw to it; None while the caller waits.
    """

    uid: str
    number: str | None
    name: str | None
    calls: tuple[MissedCall, ...]
    line_name: str | None
    completed: datetime | None

    @property
    def formatted(self) -> str | None:
        """The number as people read it; None where it is withheld."""
        return numbers.formatted(self.number) if self.number else None

    @property
    def described(self) -> dict[str, Any]:
        """Say who waits in the words of the events; ``started_at`` is of the latest call."""
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
    """The callers of one account who were missed.

    Attributes:
        directory: Who is who, as it is known now.
    """

    def __init__(self, callers: Iterable[Caller] = ()) -> None:
        """Go on with those of an earlier run."""
        self.directory = Directory.empty()
        self._callers = _by_key(callers)
        self._items: dict[str, Item | None] = {}
        self._in_order: tuple[Item, ...] | None = None
        self._named_by: Directory | None = None

    @property
    def state(self) -> list[Caller]:
        """What has to survive a restart."""
        return list(self._callers.values())

    @property
    def items(self) -> tuple[Item, ...]:
        """The callers who wait, those who called last first, and then those who were seen to."""
        if self._named_by is not self.directory:
            self._named_by = self.directory
            self._items.clear()
            self._in_order = None
        # It is asked for with each event of each call, and few of them change anything.
        if self._in_order is None:
            for key in self._callers.keys() - self._items.keys():
                self._items[key] = self._item(self._callers[key])
            shown = [item for item in self._items.values() if item]
            shown.sort(key=lambda item: (item.calls[-1].place, item.uid), reverse=True)
            self._in_order = tuple(sorted(shown, key=lambda item: item.completed is not None))
        return self._in_order

    def take(self, call: CallEvent) -> bool:
        """Take a finished call in, and say whether it has reached somebody who waited."""
        began, key = call.started_at or call.answered_at, _key(call.number)
        if began is None or self.directory.is_own_caller(call.number):
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
            mark = Mark(
                how=How.TALKED,
                until=call.answered_at,
                call_id=call.call_id or 0,
                at=call.ended_at or call.answered_at,
            )
            reached = caller.with_mark(mark)
            self._put(key, reached)
            return caller.waits and not reached.waits
        return False

    def act(self, uid: str, how: How, now: datetime) -> None:
        """Tick a caller off, delete or reopen one; the same caller missed later waits anew."""
        key = WITHHELD if uid == WITHHELD else _key(uid)
        caller = self._callers.get(key)
        if caller and caller.missed:
            self._put(key, caller.acted_on(how, now))

    def forget(self, now: datetime) -> None:
        """Forget whom somebody saw to long ago, and the oldest of too many."""
        for key, caller in list(self._callers.items()):
            if caller.marks and (left := caller.since(now)) != caller:
                self._put(key, left)
        missed = {key: it.missed[-1].place for key, it in self._callers.items() if it.missed}
        talked = {
            key: it.marks[-1].place
            for key, it in self._callers.items()
            if it.marks and key not in missed
        }
        for key in (*_oldest(missed, CALLERS), *_oldest(talked, TALKED_WITH)):
            self._put(key, None)

    def _put(self, key: str, caller: Caller | None) -> None:
        """Remember what is known of a caller now, if anything is."""
        self._items.pop(key, None)
        self._in_order = None
        if caller and (caller.missed or caller.marks):
            self._callers[key] = caller
        else:
            self._callers.pop(key, None)

    def _item(self, caller: Caller) -> Item | None:
        """Tell what is to be shown of a caller: what waits, or else what was seen to last."""
        if not caller.missed:
            return None
        done = caller.seen_to_last
        if any(mark.how is How.DELETED for mark in done):
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
    """Return stored callers by what they are known by.

    An older version may have stored one caller under several spellings, or what means that a
    number is withheld as a number.
    """
    callers: dict[str, Caller] = {}
    for caller in stored:
        number, key = numbers.canonical(caller.number), _key(caller.number)
        known = callers.get(key) or Caller(number=number)
        merged = replace(known, number=min(filter(None, (known.number, number)), default=None))
        for call in caller.missed:
            merged = merged.with_missed(call)
        for mark in caller.marks:
            if number or mark.how is not How.TALKED:
                merged = merged.with_mark(mark)
        callers[key] = merged
    return callers


def _key(number: str | None) -> str:
    """Tell what a caller is known by, however the number is written."""
    return next(iter(numbers.keys(number)), WITHHELD)


def _oldest(places: Mapping[str, Place], limit: int) -> Iterator[str]:
    """Name those that are too many."""
    if len(places) > limit:
        yield from sorted(places, key=lambda key: places[key])[:-limit]
