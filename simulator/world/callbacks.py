"""Callbacks: the exchange calls one number and, when that is picked up, another."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from .legs import ActiveCall
from .lines import Line
from .numbers import international
from .orders import Callback
from .switchboard import Switchboard


class Callbacks(Switchboard):
    """Connects two numbers on order."""

    life: object | None = None
    """The life that the world leads by itself, in which whoever is called back picks up."""
    callback_attempts: int = 1
    """How often a leg of a callback that is not `simple` is tried when it is declined."""

    def order_callback(
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
        self.settle()
        owner = self.account(account)
        home = self._line(owner, line)
        now = self.now()
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
            self.at(due, lambda: self._first_leg(order))
        return order

    def _repeated(
        self, order: Callback, attempt: int, again: Callable[[int], None]
    ) -> Callable[[], None] | None:
        """Return what the exchange does when an attempt is declined."""
        is_last = order.simple or attempt >= self.callback_attempts
        return None if is_last else partial(again, attempt + 1)

    def _first_leg(self, order: Callback, attempt: int = 1) -> None:
        # That both legs go out from the line's own number is a guess.
        owner = self.account(order.account)
        home = owner.lines.get(order.line) or Line(order.line)
        pick_up = self.random.randint(4, 8) if self.life else None
        leg = self._start(
            owner,
            home.id,
            "out",
            home.shown,
            order.caller,
            then=partial(self._second_leg, order),
        )
        leg.again = self._repeated(order, attempt, partial(self._first_leg, order))
        self._go_on(leg, pick_up, None)
        order.call_ids.append(leg.id)

    def _second_leg(self, order: Callback, first: ActiveCall, attempt: int = 1) -> None:
        pick_up = self.random.randint(5, 12) if self.life else None
        leg = self._start(
            self.account(order.account),
            order.line,
            "out",
            first.source,
            order.recipient,
            beside=first,
        )
        leg.again = self._repeated(order, attempt, partial(self._second_leg, order, first))
        self._go_on(leg, pick_up, pick_up and pick_up + self.random.randint(20, 90))
        order.call_ids.append(leg.id)
