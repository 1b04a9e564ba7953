"""Callbacks: the exchange calls one number and, once that answers, connects another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from .accounts import Callback, Line
from .clock import Clock
from .ledger import Ledger
from .legs import ActiveCall, Legs
from .numbers import international
from .switchboard import Switchboard


@dataclass(slots=True, eq=False)
class Callbacks:
    """Orders callbacks.

    Each leg of a callback that is not `simple` is tried up to `attempts` times if it is declined.
    `answers_itself` says whether the called parties answer without a command.
    """

    clock: Clock
    ledger: Ledger
    legs: Legs
    switchboard: Switchboard
    answers_itself: Callable[[], bool]
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
        """Call `caller`, now or when due, and `recipient` once the caller answers."""
        self.clock.run_due()
        owner = self.ledger.account(account)
        own_line = self.ledger.line(owner, line)
        now = self.clock.now()
        order = Callback(
            owner.user,
            own_line.id,
            international(caller),
            international(recipient),
            simple,
            ordered=now,
            due=due or now,
        )
        owner.callbacks.append(order)
        if due is None:
            self._call_caller(order)
        else:
            self.clock.at(due, lambda: self._call_caller(order))
        return order

    def _retry(
        self, order: Callback, attempt: int, call: Callable[[int], None]
    ) -> Callable[[], None] | None:
        """Return what starts the next attempt, or None if this is the last."""
        is_last = order.simple or attempt >= self.attempts
        return None if is_last else partial(call, attempt + 1)

    def _call_caller(self, order: Callback, attempt: int = 1) -> None:
        # It is a guess that both legs show the line's own number.
        owner = self.ledger.account(order.account)
        line = owner.lines.get(order.line) or Line(order.line)
        answer_after = self.ledger.random.randint(4, 8) if self.answers_itself() else None
        leg = self.legs.start(
            owner,
            line.id,
            "out",
            line.source_number,
            order.caller,
            on_answer=partial(self._call_recipient, order),
        )
        leg.on_decline = self._retry(order, attempt, partial(self._call_caller, order))
        self.switchboard.schedule(leg, answer_after, None)
        order.call_ids.append(leg.id)

    def _call_recipient(self, order: Callback, first: ActiveCall, attempt: int = 1) -> None:
        answer_after = self.ledger.random.randint(5, 12) if self.answers_itself() else None
        leg = self.legs.start(
            self.ledger.account(order.account),
            order.line,
            "out",
            first.source,
            order.recipient,
            sibling=first,
        )
        leg.on_decline = self._retry(order, attempt, partial(self._call_recipient, order, first))
        self.switchboard.schedule(
            leg, answer_after, answer_after and answer_after + self.ledger.random.randint(20, 90)
        )
        order.call_ids.append(leg.id)
