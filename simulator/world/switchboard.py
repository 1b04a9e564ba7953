"""What people do with telephones: ring, dial, pick up, send on, hang up, let it ring."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import override

from .legs import ActiveCall
from .numbers import STRANGERS, international
from .pushes import AFTERWARDS, WHILE_UP, Pushes
from .records import Record

RING_SECONDS = 20


def _while_up(call: ActiveCall, act: Callable[[int], object]) -> None:
    if call.ended is None:
        act(call.id)


class Switchboard(Pushes):
    """Calls in and out.

    Every act settles first what was due before it. Where an account is not named the first one is
    meant, where a line is not named its first line.
    """

    def ring(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let somebody call in; source `""` withholds the number, None is anybody.

        The seconds `answer_after` and `end_after`, both from now, let the call go on by itself.
        """
        self.settle()
        if destination is not None:
            destination = international(destination)
            owners = [a.user for a in self.accounts.values() if a.line_of(destination) is not None]
            account = account or next(iter(owners), None)
        owner = self.account(account)
        if line is None and destination is not None:
            line = owner.line_of(destination)
        home = self._line(owner, line)
        leg = self._start(
            owner,
            home.id,
            "in",
            self.somebody(owner.user) if source is None else international(source),
            destination or home.public_number or f"*{home.id}",
        )
        self._announce(leg)
        self._inform(leg, WHILE_UP, "ringing")
        return self._go_on(leg, answer_after, end_after)

    def dial(
        self,
        destination: str | None = None,
        *,
        source: str | None = None,
        account: str | None = None,
        line: int | None = None,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let somebody in the house call out; None calls any contact."""
        self.settle()
        owner = self.account(account)
        home = self._line(owner, line)
        leg = self._start(
            owner,
            home.id,
            "out",
            home.shown if source is None else international(source),
            international(destination or self.somebody(owner.user) or STRANGERS[0]),
        )
        self._inform(leg, WHILE_UP, "ringing")
        return self._go_on(leg, answer_after, end_after)

    def redirect(
        self,
        call_id: int | None = None,
        to: str | None = None,
        *,
        keep: bool = True,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Send a ringing incoming call on to another number and return the new leg.

        With `keep` both legs stay up, the incoming one counts as answered when the other is, and
        their records are written together. Without it the incoming leg ends at once as missed, and
        its record is there while the redirected leg still rings.
        """
        self.settle()
        parent = self.call(call_id)
        if parent.direction != "in":
            raise ValueError("only an incoming call can be redirected")
        owner = self.account(parent.account)
        home = owner.lines.get(parent.line)
        to = to or (home and home.backup_number) or "00420777000111"
        leg = self._start(
            owner,
            parent.line,
            "redirected",
            parent.source,
            international(to),
            parent=parent,
        )
        if not keep:
            self._finish(parent)
        return self._go_on(leg, answer_after, end_after)

    def _go_on(
        self, leg: ActiveCall, answer_after: float | None, end_after: float | None
    ) -> ActiveCall:
        """Let a leg be picked up and hung up by itself, some seconds from now."""
        for seconds, act in ((answer_after, self.answer), (end_after, self.end)):
            if seconds is not None:
                self.after(seconds, partial(_while_up, leg, act))
        return leg

    @override
    def answer(self, call_id: int | None = None) -> ActiveCall:
        """Pick a call up; None is the newest that rings."""
        self.settle()
        if call_id is None:
            ringing = [
                leg.id for leg in self.active.values() if leg.answered is None and not leg.is_branch
            ]
            if not ringing:
                raise LookupError("no call rings")
            call_id = ringing[-1]
        call = self.call(call_id)
        if call.answered is None:
            call.answered = self.now()
            self._inform(call, WHILE_UP, "answered")
            self._connect(call)
        return call

    def _connect(self, call: ActiveCall) -> None:
        if call.then is not None:
            call.then(call)
        else:
            # Telephones that rang for the same call fall silent.
            for other in list(call.legs):
                if other is call.parent and other.ended is None:
                    other.answered = other.answered or call.answered
                elif other is not call and other.answered is None:
                    self._finish(other)

    def end(self, call_id: int | None = None) -> ActiveCall:
        """Hang a call up, whoever does it; None is the newest. What was not answered is missed."""
        self.settle()
        call = self.call(call_id)
        first, *others = call.legs
        alone = all(leg is call or leg.ended for leg in others)
        for leg in list(call.legs) if call is first or alone else [call]:
            if leg.ended is None:
                self._inform(leg, AFTERWARDS, "ANSWER" if leg.answered else "NOANSWER")
            self._finish(leg)
        return call

    def miss(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        ringing: int = RING_SECONDS,
    ) -> Record:
        """Let a call have rung `ringing` seconds until just now; its record is there at once."""
        call = self.ring(source, destination, account=account, line=line)
        call.started = self.now() - timedelta(seconds=ringing)
        self._finish(call, write=False)
        return self._write_down(call)
