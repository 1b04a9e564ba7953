"""The legs of calls: how one begins, how it ends, and what is then written of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from .accounts import Account
from .clock import Clock
from .ledger import Ledger
from .money import IN_NETWORK, tariff
from .records import Direction, Record


@dataclass(slots=True, eq=False)
class ActiveCall:
    """One leg of a call that rings or is up. All legs of one call share the list `legs`.

    `then` is what the exchange does when it is picked up, `again` what it does when it is declined.
    With `is_branch` it rings no telephone: it asks a URL of the customer, or is voicemail.
    """

    id: int
    account: str
    line: int
    direction: Direction
    source: str
    destination: str
    destination_name: str
    price_per_minute: float
    started: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    parent: ActiveCall | None = None
    legs: list[ActiveCall] = field(default_factory=list, repr=False)
    record_id: int | None = None
    then: Callable[[ActiveCall], object] | None = field(default=None, repr=False)
    again: Callable[[], object] | None = field(default=None, repr=False)
    is_branch: bool = False


@dataclass(slots=True, eq=False)
class Legs:
    """The legs that ring or are up."""

    clock: Clock
    ledger: Ledger
    record_delay: float
    active: dict[int, ActiveCall] = field(default_factory=dict)
    lingering: dict[int, ActiveCall] = field(default_factory=dict)

    def call(self, call_id: int | None = None) -> ActiveCall:
        """Return an active call by its id, or the newest; LookupError when it is not up."""
        telephones = [leg for leg in self.active.values() if not leg.is_branch]
        if call_id is None and telephones:
            return telephones[-1]
        if call_id not in self.active:
            raise LookupError("no call is up" if call_id is None else f"no call {call_id} is up")
        return self.active[call_id]

    def listed(self) -> list[ActiveCall]:
        """Return the calls that are up, and those that are still listed though they have ended."""
        return [*self.active.values(), *self.lingering.values()]

    def start(
        self,
        account: Account,
        line: int,
        direction: Direction,
        source: str,
        destination: str,
        *,
        parent: ActiveCall | None = None,
        beside: ActiveCall | None = None,
        then: Callable[[ActiveCall], object] | None = None,
    ) -> ActiveCall:
        """Let a leg ring; its call is that of its parent or of the leg beside it, or a new one."""
        own = direction == "in" or account.line_of(destination) is not None
        name, price = (IN_NETWORK, 0.0) if own else tariff(destination)
        first = parent or beside
        leg = ActiveCall(
            self.ledger.next_active_id(self.clock.now()),
            account.user,
            line,
            direction,
            source,
            destination,
            name,
            price,
            self.clock.now(),
            parent=parent,
            legs=first.legs if first else [],
            then=then,
        )
        leg.legs.append(leg)
        self.active[leg.id] = leg
        return leg

    def finish(self, call: ActiveCall, *, write: bool = True) -> None:
        """End a leg and the branches below it; unless `write` is false its record follows."""
        if call.ended is None:
            call.ended = self.clock.now()
            del self.active[call.id]
            # A record points to that of its parent, which therefore has to be written first.
            if write and (call.parent is None or call.parent.ended):
                self.clock.after(self.record_delay, lambda: self.write_down(call))
            for leg in call.legs:
                if leg.is_branch and leg.parent is call:
                    self.finish(leg)

    def write_down(self, call: ActiveCall) -> None:
        """Write the record of a leg, and those of the redirected legs that ended before it."""
        if call.record_id is None:
            self.write(call)
        for leg in call.legs:
            if leg.parent is call and leg.ended and leg.record_id is None:
                self.write(leg)

    def write(self, call: ActiveCall) -> Record:
        """Write the record of a leg."""
        ended = call.ended or self.clock.now()
        length = round((ended - call.answered).total_seconds()) if call.answered else 0
        record = self.ledger.add_record(
            account=call.account,
            date=call.started,
            direction=call.direction,
            source_number=call.source,
            destination_number=call.destination,
            destination_name=call.destination_name,
            line=call.line,
            length=length,
            ringing_length=round(((call.answered or ended) - call.started).total_seconds()),
            status="answered" if call.answered else "missed",
            price=round(call.price_per_minute * length / 60, 4),
            price_per_minute=call.price_per_minute,
            redirection_parent_id=call.parent and call.parent.record_id,
            active_call_id=call.id,
        )
        call.record_id = record.id
        return record
