"""The commands of a telephone: ring, dial, answer, redirect, decline, hang up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from .accounts import Line
from .clock import Clock
from .ledger import Ledger
from .legs import ActiveCall, Legs
from .numbers import STRANGERS, international
from .pushes import CALL_END_SLOT, CALL_PROGRESS_SLOT, PushQueue
from .records import Record

RING_SECONDS = 20
VOICEMAIL = "*085120*1"
"""Voicemail that answers after 20 seconds and plays greeting 1."""


def _if_active(call: ActiveCall, command: Callable[[int], object]) -> None:
    if call.ended is None:
        command(call.id)


@dataclass(slots=True, eq=False)
class Switchboard:
    """Incoming and outgoing calls.

    Every command first runs the events that are due. The default account is the first one, the
    default line the first one of its account.
    """

    clock: Clock
    ledger: Ledger
    legs: Legs
    pushes: PushQueue

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
        """Start an incoming call; source `""` withholds the number, None is a random caller.

        `answer_after` and `end_after` schedule the answer and the end, in seconds from now.

        With `branches` the number rings these lines: each gets a redirected leg to `*<line>` or,
        unless `linked`, an incoming leg of its own. `answer_after` applies to the last of them.
        """
        self.clock.run_due()
        if destination is not None:
            destination = international(destination)
            owners = [
                a.user for a in self.ledger.accounts.values() if a.line_of(destination) is not None
            ]
            account = account or next(iter(owners), None)
        owner = self.ledger.account(account)
        if line is None and destination is not None:
            line = owner.line_of(destination)
        lines = [self.ledger.line(owner, branch) for branch in branches]
        main = lines.pop(0) if lines and not linked else self.ledger.line(owner, line)
        leg = self.legs.start(
            owner,
            main.id,
            "in",
            self.ledger.random_party(owner.user) if source is None else international(source),
            destination or main.public_number or f"*{main.id}",
        )
        self.pushes.announce(leg)
        self.pushes.notify(leg, CALL_PROGRESS_SLOT, "ringing")
        if not lines:
            return self.schedule(leg, answer_after, end_after)
        self._fork(leg, lines, linked=linked)
        self.schedule(leg.legs[-1], answer_after, None)
        if end_after is not None:
            self.clock.after(end_after, partial(self._hang_up, leg.legs))
        return leg

    def _fork(self, call: ActiveCall, lines: Iterable[Line], *, linked: bool) -> None:
        """Ring more lines for an incoming call, with the same start."""
        owner = self.ledger.account(call.account)
        for line in lines:
            if linked:
                leg = self.legs.start(
                    owner, line.id, "redirected", call.source, f"*{line.id}", parent=call
                )
            else:
                leg = self.legs.start(
                    owner, line.id, "in", call.source, call.destination, sibling=call
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
        """Start an outgoing call, by default to a random party."""
        self.clock.run_due()
        owner = self.ledger.account(account)
        own_line = self.ledger.line(owner, line)
        leg = self.legs.start(
            owner,
            own_line.id,
            "out",
            own_line.source_number if source is None else international(source),
            international(destination or self.ledger.random_party(owner.user) or STRANGERS[0]),
        )
        self.pushes.notify(leg, CALL_PROGRESS_SLOT, "ringing")
        return self.schedule(leg, answer_after, end_after)

    def redirect(
        self,
        call_id: int | None = None,
        to: str | None = None,
        *,
        keep: bool = True,
        answer_after: float | None = None,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Redirect a ringing incoming call to another number and return the new leg.

        With `keep` both legs stay active, the incoming one counts as answered once the new one is,
        and their records are written together. Without it the incoming leg ends immediately as
        missed, and its record appears while the redirected leg still rings.
        """
        self.clock.run_due()
        parent = self.legs.call(call_id)
        if parent.direction != "in":
            raise ValueError("only an incoming call can be redirected")
        owner = self.ledger.account(parent.account)
        line = owner.lines.get(parent.line)
        to = to or (line and line.backup_number) or "00420777000111"
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
        return self.schedule(leg, answer_after, end_after)

    def voicemail(
        self,
        call_id: int | None = None,
        *,
        answered: bool = False,
        answer_after: float = 0,
        end_after: float | None = None,
    ) -> ActiveCall:
        """Redirect a ringing incoming call to voicemail, and return its leg.

        The leg rings for `answer_after` seconds, during which telephones can still answer. With
        `answered` the incoming call counts as answered, otherwise as missed.
        """
        self.clock.run_due()
        call = self.legs.call(call_id)
        call = call.parent or call
        if call.direction != "in" or call.answered:
            raise ValueError("only a ringing incoming call can go to voicemail")
        owner = self.ledger.account(call.account)
        leg = self.legs.start(owner, call.line, "redirected", call.source, VOICEMAIL, parent=call)
        leg.is_branch = True
        leg.on_answer = partial(self._stop_ringing, answers_parent=answered)
        self.schedule(leg, answer_after or None, end_after)
        return leg if answer_after else self.answer(leg.id)

    def schedule(
        self, leg: ActiveCall, answer_after: float | None, end_after: float | None
    ) -> ActiveCall:
        """Schedule the answer and the end of a leg, in seconds from now."""
        for seconds, command in ((answer_after, self.answer), (end_after, self.end)):
            if seconds is not None:
                self.clock.after(seconds, partial(_if_active, leg, command))
        return leg

    def answer(self, call_id: int | None = None, *, end_after: float | None = None) -> ActiveCall:
        """Answer a call, by default the newest ringing call."""
        self.clock.run_due()
        call = self._ringing(call_id)
        if call.answered is None:
            call.answered = self.clock.now()
            self.pushes.notify(call, CALL_PROGRESS_SLOT, "answered")
            (call.on_answer or self._stop_ringing)(call)
        return self.schedule(call, None, end_after)

    def _ringing(self, call_id: int | None) -> ActiveCall:
        """Return a call, by default the newest ringing call a telephone."""
        if call_id is not None:
            return self.legs.call(call_id)
        ringing = [
            leg
            for leg in self.legs.active.values()
            if leg.answered is None
            and not leg.is_branch
            and leg.destination not in self.ledger.account(leg.account).gates
        ]
        if not ringing:
            raise LookupError("no call is ringing")
        return ringing[-1]

    def _stop_ringing(self, call: ActiveCall, *, answers_parent: bool = True) -> None:
        """End the other ringing legs of an answered call, and answer its parent if wanted."""
        for other in list(call.legs):
            if other is call.parent and other.ended is None:
                if answers_parent:
                    other.answered = other.answered or call.answered
            elif other is not call and other.answered is None:
                self.legs.finish(other)

    def decline(self, call_id: int | None = None) -> ActiveCall:
        """Decline a call on one telephone, by default the newest ringing call.

        The call ends unless other telephones ring or a callback is to be retried.
        """
        self.clock.run_due()
        call = self._ringing(call_id)
        rings_elsewhere = any(
            leg.answered is leg.ended is None and leg not in {call, call.parent}
            for leg in call.legs
        )
        if call.on_decline is None and not rings_elsewhere:
            return self.end(call.id)
        self._hang_up([call])
        if call.on_decline is not None:
            call.on_decline()
        return call

    def end(self, call_id: int | None = None, *, linger: float = 0) -> ActiveCall:
        """Hang up a call, by default the newest; a call that was not answered becomes missed.

        It stays listed for `linger` seconds, although its record is written.
        """
        self.clock.run_due()
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
                self.pushes.notify(leg, CALL_END_SLOT, "ANSWER" if leg.answered else "NOANSWER")
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
        """Write the record of a call that rang for `ringing` seconds and was missed just now."""
        call = self.ring(source, destination, account=account, line=line)
        call.started = self.clock.now() - timedelta(seconds=ringing)
        self.legs.finish(call, write=False)
        record = self.legs.write_record(call)
        self.legs.write_records(call)
        return record
