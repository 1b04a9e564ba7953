"""Call legs: how they start and end, and the records written for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from .accounts import Account
from .clock import Clock
from .ledger import Ledger
from .numbers import IN_NETWORK, fee_per_call, tariff
from .records import Direction, Record


@dataclass(slots=True, eq=False)
class ActiveCall:
    """One leg of a ringing or answered call. All legs of a call share the list `legs`.

    `on_answer` and `on_decline` replace the default reaction of the exchange. A leg with
    `is_branch` rings no telephone: it is a push URL or voicemail. A leg with a fee per call has no
    price per minute. `charged` is what has been taken from the credit before the record is written.
    """

    id: int
    account: str
    line: int
    direction: Direction
    source: str
    destination: str
    destination_name: str
    price_per_minute: float | None
    started: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    parent: ActiveCall | None = None
    legs: list[ActiveCall] = field(default_factory=list, repr=False)
    record_id: int | None = None
    on_answer: Callable[[ActiveCall], object] | None = field(default=None, repr=False)
    on_decline: Callable[[], object] | None = field(default=None, repr=False)
    is_branch: bool = False
    fee: float | None = None
    charged: float = 0.0


@dataclass(slots=True, eq=False)
class Legs:
    """The active legs, and those still listed as `lingering` after they have ended."""

    clock: Clock
    ledger: Ledger
    record_delay: float
    active: dict[int, ActiveCall] = field(default_factory=dict)
    lingering: dict[int, ActiveCall] = field(default_factory=dict)

    def call(self, call_id: int | None = None) -> ActiveCall:
        """Return an active call, by default the newest; raise LookupError if there is none."""
        telephones = [leg for leg in self.active.values() if not leg.is_branch]
        if call_id is None and telephones:
            return telephones[-1]
        if call_id not in self.active:
            raise LookupError(
                "no call is active" if call_id is None else f"no active call {call_id}"
            )
        return self.active[call_id]

    def listed(self) -> list[ActiveCall]:
        """Return the calls that the API lists: active, then lingering."""
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
        sibling: ActiveCall | None = None,
        on_answer: Callable[[ActiveCall], object] | None = None,
    ) -> ActiveCall:
        """Start a ringing leg: of the same call as its parent or sibling, or of a new call."""
        own = direction == "in" or account.line_of(destination) is not None
        name, price = (IN_NETWORK, 0.0) if own else tariff(destination)
        fee = None if own else fee_per_call(destination)
        first = parent or sibling
        leg = ActiveCall(
            self.ledger.next_active_id(self.clock.now()),
            account.user,
            line,
            direction,
            source,
            destination,
            name,
            price if fee is None else None,
            self.clock.now(),
            parent=parent,
            legs=first.legs if first else [],
            on_answer=on_answer,
            fee=fee,
        )
        leg.legs.append(leg)
        self.active[leg.id] = leg
        return leg

    def finish(self, call: ActiveCall, *, write: bool = True) -> None:
        """End a leg and its branches, and schedule its record unless `write` is false."""
        if call.ended is None:
            call.ended = self.clock.now()
            del self.active[call.id]
            # A record refers to its parent's, which therefore has to be written first.
            if write and (call.parent is None or call.parent.ended):
                self.clock.after(self.record_delay, lambda: self.write_records(call))
            for leg in call.legs:
                if leg.is_branch and leg.parent is call:
                    self.finish(leg)

    def write_records(self, call: ActiveCall) -> None:
        """Write the record of a leg and those of its children that ended before it."""
        if call.record_id is None:
            self.write_record(call)
        for leg in call.legs:
            if leg.parent is call and leg.ended and leg.record_id is None:
                self.write_record(leg)

    def length(self, call: ActiveCall) -> int:
        """Return the seconds since a leg was answered, until its end."""
        ended = call.ended or self.clock.now()
        return round((ended - call.answered).total_seconds()) if call.answered else 0

    def price(self, call: ActiveCall) -> float:
        """Return what a leg has cost so far."""
        if call.answered is None:
            return 0.0
        by_time = (call.price_per_minute or 0.0) * self.length(call) / 60
        return round((call.fee or 0.0) + by_time, 4)

    def charge(self, call: ActiveCall) -> None:
        """Take what an active leg has cost so far from the credit, before its record is written."""
        owner, price = self.ledger.account(call.account), self.price(call)
        owner.credit = round(owner.credit - (price - call.charged), 4)
        call.charged = price

    def write_record(self, call: ActiveCall) -> Record:
        """Write the record of one leg."""
        ended = call.ended or self.clock.now()
        self.ledger.account(call.account).credit += call.charged
        call.charged = 0.0
        record = self.ledger.add_record(
            account=call.account,
            date=call.started,
            direction=call.direction,
            source_number=call.source,
            destination_number=call.destination,
            destination_name=call.destination_name,
            line=call.line,
            length=self.length(call),
            ringing_length=round(((call.answered or ended) - call.started).total_seconds()),
            status="answered" if call.answered else "missed",
            price=self.price(call),
            price_per_minute=call.price_per_minute or 0.0,
            redirection_parent_id=call.parent and call.parent.record_id,
            active_call_id=call.id,
        )
        call.record_id = record.id
        return record
