"""Callbacks that were ordered here, and how their two legs are known."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct, field

from ..api import ActiveCall, CallRecord, Direction
from . import numbers
from .directory import Directory

LEG_WINDOW: Final = timedelta(minutes=2)
"""The legs of a callback begin within this time after it is due."""
MAX_CLOCK_SKEW: Final = timedelta(seconds=15)
"""How far the clock here, by which an order is due, may be ahead of the exchange's."""
ORDER_LIFETIME: Final = timedelta(days=1)
"""How long an order is remembered: its legs are recorded when the call has ended."""

type Leg = Literal["caller", "recipient"]
"""Which of the two a leg rings."""


class CallbackOrder(Struct, kw_only=True, eq=False):
    """A callback that this integration ordered; numbers as they were sent."""

    caller: str
    recipient: str
    line: int | None = None
    due: datetime
    """When the exchange rings the caller."""
    active_call_id: int | None = None
    """The first leg that was seen."""
    over_at: datetime | None = None
    """When a leg that was answered had ended, as its record says; None where none has been read."""
    # Version 0.1.0 stored it under this name.
    is_reported: bool = field(default=False, name="is_told")
    """Whether its end has been reported."""
    was_unanswered: bool = field(default=False, name="is_in_vain")
    """Whether nobody had answered then, not even our own end. So the recipient was never rung, and
    what goes to them later somebody has dialled by hand."""

    def end(self, *, was_unanswered: bool) -> None:
        """Note that its end has been reported, and whether nobody had answered."""
        self.is_reported, self.was_unanswered = True, was_unanswered

    def matching_legs(
        self, call: ActiveCall | CallRecord, began: datetime, directory: Directory
    ) -> list[Leg]:
        """List the legs that a call can be, in the order in which they ring.

        It goes out from here to one of the two, on the line and at the time of the order. What
        somebody else makes is no leg, even where it goes to the number that was to be rung: that
        may be a call which somebody misses, or one that is being sent on to the owner's mobile.
        """
        if self.line is not None and call.line not in {None, self.line}:
            return []
        if (
            not self.due - MAX_CLOCK_SKEW
            <= began
            <= min(self.due + LEG_WINDOW, self.over_at or began)
        ):
            return []
        if isinstance(call, ActiveCall):
            direction: Direction | None = directory.direction(call)
        elif call.redirection_parent_id:
            return []
        else:
            direction = call.direction
        is_ours = (
            direction is Direction.OUT
            or directory.is_own(call.source_number)
            or numbers.is_same_number(call.source_number, self.caller)
        )
        rung: tuple[tuple[Leg, str], ...] = (("caller", self.caller), ("recipient", self.recipient))
        return [
            leg
            for leg, number in rung
            if is_ours
            and numbers.is_same_number(call.destination_number, number)
            and not (self.was_unanswered and leg == "recipient")
        ]

    def note_answered(self, record: CallRecord) -> None:
        """Note the record of a leg that was answered: what begins after its end is another call."""
        self.over_at = min(ended_at(record), self.over_at or ended_at(record))

    def distance(self, active_call_id: int | None, began: datetime) -> timedelta:
        """Tell how near a call is to this order; of several orders the nearest made it."""
        if active_call_id is not None and active_call_id == self.active_call_id:
            return timedelta(0)
        return abs(began - self.due)

    def reset(self) -> CallbackOrder:
        """Write an order down as if none of its records had been read: they will be read again."""
        return CallbackOrder(
            caller=self.caller,
            recipient=self.recipient,
            line=self.line,
            due=self.due,
            active_call_id=self.active_call_id,
        )


def ended_at(record: CallRecord) -> datetime:
    """Return when the call or leg of a record ended."""
    return record.date + timedelta(seconds=(record.ringing_length or 0) + (record.length or 0))


class CallbackOrders:
    """The callbacks whose legs may still come."""

    def __init__(self, orders: Iterable[CallbackOrder] = ()) -> None:
        """Go on with those of an earlier run."""
        self.all = list(orders)

    def add(self, caller: str, recipient: str, line: int | None, due: datetime) -> CallbackOrder:
        """Remember a callback that is ordered, so that its legs are known as one call."""
        order = CallbackOrder(caller=caller, recipient=recipient, line=line, due=due)
        self.all.append(order)
        return order

    def cancel(self, order: CallbackOrder) -> None:
        """Forget a callback that was refused, before somebody's own call is taken for its leg."""
        if order in self.all:
            self.all.remove(order)

    def expire(self, now: datetime) -> None:
        """Forget those whose legs can no longer come."""
        self.all = [order for order in self.all if now - order.due < ORDER_LIFETIME]

    def nearest(self, active_call_id: int | None, began: datetime) -> list[CallbackOrder]:
        """List those that a call can be of, the one first that it is nearest to.

        Those whose end has been reported come last.
        """

        def rank(order: CallbackOrder) -> tuple[bool, timedelta]:
            distance = order.distance(active_call_id, began)
            return order.is_reported and bool(distance), distance

        return sorted(self.all, key=rank)

    def state(self) -> list[CallbackOrder]:
        """List what has to survive a restart, after which unreported records are read again."""
        return [order if order.is_reported else order.reset() for order in self.all]
