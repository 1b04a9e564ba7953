"""What people do with telephones: ring, dial, pick up, send on, hang up, let it ring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from .clock import Clock
from .ledger import Ledger
from .legs import ActiveCall, Legs
from .lines import Line
from .numbers import STRANGERS, international
from .pushes import AFTERWARDS, WHILE_UP, Pushes
from .records import Record

RING_SECONDS = 20
VOICEMAIL = "*085120*1"
"""Voicemail that picks up after 20 seconds and plays greeting 1."""


def _while_up(call: ActiveCall, act: Callable[[int], object]) -> None:
    if call.ended is None:
        act(call.id)


@dataclass(slots=True, eq=False)
class Switchboard:
    """Calls in and out.

    Every act settles first what was due before it. Where an account is not named the first one is
    meant, where a line is not named its first line.
    """

    clock: Clock
    ledger: Ledger
    legs: Legs
    pushes: Pushes

    def ring(
        self,
        source: str | None = None,
        destination: str | None = None,
        *,
        account: str | None = None,
        line: int | None = None,
        branches: Sequence[int] = (),
        linked: bool = True,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let somebody call in; source `""` withholds the number, None is anybody.

        The seconds `answer_after` and `end_after`, both from now, let the call go on by itself.

        With `branches` the number rings these lines: each has a redirected leg to `*<line>` or,
        not `linked`, an incoming leg of its own. It is the last of them that picks up by itself.
        """
        self.clock.settle()
        if destination is not None:
            destination = international(destination)
            owners = [
                a.user for a in self.ledger.accounts.values() if a.line_of(destination) is not None
            ]
            account = account or next(iter(owners), None)
        owner = self.ledger.account(account)
        if line is None and destination is not None:
            line = owner.line_of(destination)
        homes = [self.ledger.line(owner, branch) for branch in branches]
        home = homes.pop(0) if homes and not linked else self.ledger.line(owner, line)
        leg = self.legs.start(
            owner,
            home.id,
            "in",
            self.ledger.somebody(owner.user) if source is None else international(source),
            destination or home.public_number or f"*{home.id}",
        )
        self.pushes.announce(leg)
        self.pushes.inform(leg, WHILE_UP, "ringing")
        if not homes:
            return self.go_on(leg, answer_after, end_after)
        self._fork(leg, homes, linked=linked)
        self.go_on(leg.legs[-1], answer_after, None)
        if end_after is not None:
            self.clock.after(end_after, partial(self._hang_up, leg.legs))
        return leg

    def _fork(self, call: ActiveCall, homes: Iterable[Line], *, linked: bool) -> None:
        """Ring lines for an incoming call, at the moment at which it began."""
        owner = self.ledger.account(call.account)
        for home in homes:
            if linked:
                leg = self.legs.start(
                    owner, home.id, "redirected", call.source, f"*{home.id}", parent=call
                )
            else:
                leg = self.legs.start(
                    owner, home.id, "in", call.source, call.destination, beside=call
                )
            leg.started = call.started

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
        self.clock.settle()
        owner = self.ledger.account(account)
        home = self.ledger.line(owner, line)
        leg = self.legs.start(
            owner,
            home.id,
            "out",
            home.shown if source is None else international(source),
            international(destination or self.ledger.somebody(owner.user) or STRANGERS[0]),
        )
        self.pushes.inform(leg, WHILE_UP, "ringing")
        return self.go_on(leg, answer_after, end_after)

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
        self.clock.settle()
        parent = self.legs.call(call_id)
        if parent.direction != "in":
            raise ValueError("only an incoming call can be redirected")
        owner = self.ledger.account(parent.account)
        home = owner.lines.get(parent.line)
        to = to or (home and home.backup_number) or "00420777000111"
        leg = self.legs.start(
            owner,
            parent.line,
            "redirected",
            parent.source,
            international(to),
            parent=parent,
        )
        if not keep:
            self.legs.finish(parent)
        return self.go_on(leg, answer_after, end_after)

    def voicemail(
        self,
        call_id: int | None = None,
        *,
        answered: bool = False,
        answer_after: float = 0,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Let voicemail take a ringing incoming call, and return its leg.

        The leg rings for `answer_after` seconds first, while telephones can be picked up. With
        `answered` the incoming call counts as answered too, else its record says missed.
        """
        self.clock.settle()
        call = self.legs.call(call_id)
        call = call.parent or call
        if call.direction != "in" or call.answered:
            raise ValueError("only a ringing incoming call can go to voicemail")
        owner = self.ledger.account(call.account)
        leg = self.legs.start(owner, call.line, "redirected", call.source, VOICEMAIL, parent=call)
        leg.is_branch = True
        leg.then = partial(self._silence, counts=answered)
        self.go_on(leg, answer_after or None, end_after)
        return leg if answer_after else self.answer(leg.id)

    def go_on(
        self, leg: ActiveCall, answer_after: float | None, end_after: float | None
    ) -> ActiveCall:
        """Let a leg be picked up and hung up by itself, some seconds from now."""
        for seconds, act in ((answer_after, self.answer), (end_after, self.end)):
            if seconds is not None:
                self.clock.after(seconds, partial(_while_up, leg, act))
        return leg

    def answer(self, call_id: int | None = None, *, end_after: float | None = None) -> ActiveCall:
        """Pick a call up; None is the newest that rings."""
        self.clock.settle()
        call = self._ringing(call_id)
        if call.answered is None:
            call.answered = self.clock.now()
            self.pushes.inform(call, WHILE_UP, "answered")
            (call.then or self._silence)(call)
        return self.go_on(call, None, end_after)

    def _ringing(self, call_id: int | None) -> ActiveCall:
        """Return a call, or the newest that rings a telephone."""
        if call_id is not None:
            return self.legs.call(call_id)
        ringing = [
            leg for leg in self.legs.active.values() if leg.answered is None and not leg.is_branch
        ]
        if not ringing:
            raise LookupError("no call rings")
        return ringing[-1]

    def _silence(self, call: ActiveCall, *, counts: bool = True) -> None:
        """Silence what rang for a call that was picked up, and answer its parent if it `counts`."""
        for other in list(call.legs):
            if other is call.parent and other.ended is None:
                if counts:
                    other.answered = other.answered or call.answered
            elif other is not call and other.answered is None:
                self.legs.finish(other)

    def decline(self, call_id: int | None = None) -> ActiveCall:
        """Refuse a call on one telephone; None is the newest that rings.

        What else rings rings on, and a callback may be tried again; otherwise the call ends.
        """
        self.clock.settle()
        call = self._ringing(call_id)
        rings_on = any(
            leg.answered is leg.ended is None and leg not in {call, call.parent}
            for leg in call.legs
        )
        if call.again is None and not rings_on:
            return self.end(call.id)
        self._hang_up([call])
        if call.again is not None:
            call.again()
        return call

    def end(self, call_id: int | None = None, *, linger: float = 0) -> ActiveCall:
        """Hang a call up, whoever does it; None is the newest. What was not answered is missed.

        It stays listed for `linger` seconds, while its record is there.
        """
        self.clock.settle()
        call = self.legs.call(call_id)
        first, *others = [leg for leg in call.legs if leg.ended is None]
        is_whole = call_id is None or call is first or others == [call]
        legs = [first, *others] if is_whole else [call]
        self._hang_up(legs)
        if linger:
            ids = [leg.id for leg in legs]
            self.legs.lingering.update(zip(ids, legs, strict=True))
            self.clock.after(
                linger, lambda: [self.legs.lingering.pop(leg_id, None) for leg_id in ids]
            )
        return call

    def _hang_up(self, legs: Iterable[ActiveCall]) -> None:
        for leg in list(legs):
            if leg.ended is None:
                self.pushes.inform(leg, AFTERWARDS, "ANSWER" if leg.answered else "NOANSWER")
            self.legs.finish(leg)

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
        call.started = self.clock.now() - timedelta(seconds=ringing)
        self.legs.finish(call, write=False)
        record = self.legs.write(call)
        self.legs.write_down(call)
        return record
