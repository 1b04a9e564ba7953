"""Callbacks: the exchange calls one number and, when that is picked up, another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from .accounts import Callback
from .clock import Clock
from .ledger import Ledger
from .legs import ActiveCall, Legs
from .lines import Line
from .numbers import international
from .switchboard import Switchboard


@dataclass(slots=True, eq=False)
class Callbacks:
    """Connects two numbers on order.

    A leg of a callback that is not `simple` is tried `attempts` times when it is declined.
    `picks_up` says whether the people who are called pick up by themselves.
    """

    clock: Clock
    ledger: Ledger
    legs: Legs
    switchboard: Switchboard
    picks_up: Callable[[], bool]
    attempts: int = 1

    def order(
        self,
        caller: str,
        recipient: str,
        *,
        account: str | None = None,
        line: int | None = None,
        due: datetime | None = None,
        simple: bool = False,
    ) -> Callback:
        """Call `caller` and, when that is picked up, `recipient`; now, or when `due` has come."""
        self.clock.settle()
        owner = self.ledger.account(account)
        home = self.ledger.line(owner, line)
        now = self.clock.now()
        order = Callback(
            owner.user,
            home.id,
            international(caller),
            international(recipient),
            simple,
            ordered=now,
            due=due or now,
        )
        owner.callbacks.append(order)
        if due is None:
            self._first_leg(order)
        else:
            self.clock.at(due, lambda: self._first_leg(order))
        return order

    def _repeated(
        self, order: Callback, attempt: int, again: Callable[[int], None]
    ) -> Callable[[], None] | None:
        """Return what the exchange does when an attempt is declined."""
        is_last = order.simple or attempt >= self.attempts
        return None if is_last else partial(again, attempt + 1)

    def _first_leg(self, order: Callback, attempt: int = 1) -> None:
        # That both legs go out from the line's own number is a guess.
        owner = self.ledger.account(order.account)
        home = owner.lines.get(order.line) or Line(order.line)
        pick_up = self.ledger.random.randint(4, 8) if self.picks_up() else None
        leg = self.legs.start(
            owner,
            home.id,
            "out",
            home.shown,
            order.caller,
            then=partial(self._second_leg, order),
        )
        leg.again = self._repeated(order, attempt, partial(self._first_leg, order))
        self.switchboard.go_on(leg, pick_up, None)
        order.call_ids.append(leg.id)

    def _second_leg(self, order: Callback, first: ActiveCall, attempt: int = 1) -> None:
        pick_up = self.ledger.random.randint(5, 12) if self.picks_up() else None
        leg = self.legs.start(
            self.ledger.account(order.account),
            order.line,
            "out",
            first.source,
            order.recipient,
            beside=first,
        )
        leg.again = self._repeated(order, attempt, partial(self._second_leg, order, first))
        self.switchboard.go_on(
            leg, pick_up, pick_up and pick_up + self.ledger.random.randint(20, 90)
        )
        order.call_ids.append(leg.id)
