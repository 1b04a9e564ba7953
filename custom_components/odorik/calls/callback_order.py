"""Callbacks ordered by the integration, and the matching of their two legs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, Literal

from msgspec import Struct, field

from ..api import ActiveCall, CallRecord, Direction
from . import numbers
from .directory import Directory

LEG_WINDOW: Final = timedelta(minutes=2)
"""The legs of a callback begin within this time after it is due."""
MAX_CLOCK_SKEW: Final = timedelta(seconds=15)
"""How far the local clock, which sets the due time, may be ahead of the exchange's."""
ORDER_LIFETIME: Final = timedelta(days=1)
"""How long an order is kept. Its legs are recorded only after the call has ended."""

type Party = Literal["caller", "recipient"]
"""The party that a leg rings."""


class CallbackOrder(Struct, kw_only=True, eq=False):
    """A callback ordered by the integration; the numbers are as they were sent."""

    caller: str
    recipient: str
    line: int | None = None
    due: datetime
    """When the exchange rings the caller."""
    active_call_id: int | None = None
    """The first leg that was seen."""
    over_at: datetime | None = None
    """The end of the first answered leg, according to its record; None until that has been read."""
    # Version 0.1.0 stored it under this name.
    is_reported: bool = field(default=False, name="is_told")
    """True if the end of the call has been reported."""
    was_unanswered: bool = field(default=False, name="is_in_vain")
    """True if the call had not been answered by then, not even at our own end. In that case, the
    recipient was not rung, so a later call to them was dialled by hand."""

    def end(self, *, was_unanswered: bool) -> None:
        """Mark the call as reported."""
        self.is_reported, self.was_unanswered = True, was_unanswered

    def matching_legs(
        self, call: ActiveCall | CallRecord, began: datetime, directory: Directory
    ) -> list[Party]:
        """Return the legs that a call can be, in the order in which they ring.

        A leg is an outgoing call to one of the two parties, on the line and at the time of the
        order. Calls from third parties do not match, even if they go to the same number: such a
        call may be a missed one, or one that is being forwarded to the owner's mobile.
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
        rung: tuple[tuple[Party, str], ...] = (
            ("caller", self.caller),
            ("recipient", self.recipient),
        )
        return [
            leg
            for leg, number in rung
            if is_ours
            and numbers.is_same_number(call.destination_number, number)
            and not (self.was_unanswered and leg == "recipient")
        ]

    def note_answered(self, record: CallRecord) -> None:
        """Record the end of an answered leg; calls that begin later do not match."""
        self.over_at = min(ended_at(record), self.over_at or ended_at(record))

    def distance(self, active_call_id: int | None, began: datetime) -> timedelta:
        """Return the distance of a call from this order in time; the nearest order matches."""
        if active_call_id is not None and active_call_id == self.active_call_id:
            return timedelta(0)
        return abs(began - self.due)

    def reset(self) -> CallbackOrder:
        """Return the order as it was before its records were read."""
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
    """The callbacks that may still have legs to come."""

    def __init__(self, orders: Iterable[CallbackOrder] = ()) -> None:
        self.all = list(orders)

    def add(self, caller: str, recipient: str, line: int | None, due: datetime) -> CallbackOrder:
        """Add a callback, so that its legs are matched."""
        order = CallbackOrder(caller=caller, recipient=recipient, line=line, due=due)
        self.all.append(order)
        return order

    def cancel(self, order: CallbackOrder) -> None:
        """Remove a callback that was refused, so that it does not match unrelated calls.

        It is another object if the account has been reloaded since it was added.
        """
        as_ordered = attrgetter("caller", "recipient", "line", "due")
        same = [it for it in self.all if as_ordered(it) == as_ordered(order)]
        if same:
            self.all.remove(order if order in same else same[0])

    def expire(self, now: datetime) -> None:
        """Remove old callbacks."""
        self.all = [order for order in self.all if now - order.due < ORDER_LIFETIME]

    def nearest(self, active_call_id: int | None, began: datetime) -> list[CallbackOrder]:
        """Return the callbacks, the nearest to a call first; those already reported come last."""

        def rank(order: CallbackOrder) -> tuple[bool, timedelta]:
            distance = order.distance(active_call_id, began)
            return order.is_reported and bool(distance), distance

        return sorted(self.all, key=rank)

    def state(self) -> list[CallbackOrder]:
        """Return the orders to be stored. Unreported records will be read again after a restart."""
        return [order if order.is_reported else order.reset() for order in self.all]
