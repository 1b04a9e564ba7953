"""Remote control over the web: URLs of a customer that the exchange calls when a call comes in.

What is documented of it, and what is a guess: the fields of the slots that are for information, and
that a branch which announces a call is listed as a leg, which can be turned on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
import re
from urllib.parse import urlencode

from .legs import ActiveCall, Legs

BRANCH = re.compile(r"\*007([1-9]\d?)")
"""A target of a ringing that calls the URL of that number."""
WHILE_UP, AFTERWARDS = 99, 98
"""The slots that are called for information [guess]."""
COUNT = re.compile(r"[?&]dtmf_count=([1-9]\d?)(?=[&#]|$)", re.ASCII)
"""How many keys a URL waits for."""
SILENCE = "*082"
"""Rings for ever, and nobody hears it."""


@dataclass(slots=True, eq=False)
class Push:
    """One request to a customer's URL, and what came of it.

    `status` is 0 until an answer has come; `outcome` says what the answer did to the branch.
    """

    slot: int
    url: str
    params: dict[str, str]
    call: ActiveCall
    branch: ActiveCall | None
    due: datetime
    sent: datetime | None = None
    status: int = 0
    answer: str = ""
    seconds: float = 0.0
    outcome: str = ""

    @property
    def address(self) -> str:
        """The URL with the parameters behind those that it has already."""
        mark = "&" if "?" in self.url else "?"
        return f"{self.url}{mark}{urlencode(self.params)}"


@dataclass(slots=True)
class Pushing:
    """How well the exchange pushes.

    `delay` is how long it reads something to the caller first, in seconds. Each request is sent
    `copies` times, and each `lost`-th never (0: none is lost). With `legs` a branch is listed among
    the calls. `keys` are what callers press where they are asked to. Pushes are `due` until
    somebody sends them, who is woken by `wake`.
    """

    delay: float = 0.0
    copies: int = 1
    lost: int = 0
    legs: bool = False
    keys: str = ""
    ordered: int = 0
    due: list[Push] = field(default_factory=list)
    wake: Callable[[], object] = lambda: None


class Pushes(Legs):
    """Announces calls, and does with the branch that announces one what is answered."""

    pushing: Pushing

    def _announce(self, call: ActiveCall) -> None:
        """Ring the branches of a call that comes in."""
        owner = self.account(call.account)
        for target in owner.ringings.get(call.destination, ()):
            if (found := BRANCH.fullmatch(target)) and (slot := int(found[1])) in owner.slots:
                branch = None
                if self.pushing.legs:
                    branch = self._start(
                        owner, call.line, "redirected", call.source, target, parent=call
                    )
                    branch.is_branch = True
                self._after_announcement(partial(self._push, call, slot, branch))

    def _after_announcement(self, push: Callable[[], None]) -> None:
        """Push at once, or when what is read to the caller has been read."""
        if self.pushing.delay:
            self.after(self.pushing.delay, push)
        else:
            push()

    def _inform(self, call: ActiveCall, slot: int, status: str) -> None:
        """Tell of a call for information."""
        if slot in self.account(call.account).slots and not call.is_branch:
            self._order(
                call,
                slot,
                {
                    "callid": f"sim-{call.id}",
                    "from": call.source,
                    "to": call.destination,
                    "time": f"{self.now():%Y-%m-%d %H:%M:%S}",
                    "status": status,
                },
            )

    def _push(self, call: ActiveCall, slot: int, branch: ActiveCall | None) -> None:
        """Call a URL for what it says to do; a caller who has hung up is not announced."""
        if call.ended is None and call.answered is None:
            params = {
                "from": call.source,
                "to": call.destination,
                "line": str(call.line),
                "sip_in_callid": f"sim-{call.id}",
            }
            self._order(call, slot, params, branch)

    def _order(
        self,
        call: ActiveCall,
        slot: int,
        params: dict[str, str],
        branch: ActiveCall | None = None,
        url: str = "",
    ) -> None:
        pushing, url = self.pushing, url or self.account(call.account).slots.get(slot, "")
        pushing.ordered += 1
        if not url or (pushing.lost and pushing.ordered % pushing.lost == 0):
            return
        for _ in range(pushing.copies):
            pushing.due.append(Push(slot, url, params, call, branch, self.now()))
        pushing.wake()

    def obey(self, push: Push) -> None:
        """Do what was answered, line by line; it may well disturb the call."""
        if push.slot in {WHILE_UP, AFTERWARDS} or push.call.ended:
            push.outcome = "nothing to be done"
            return
        push.outcome = "the branch waits"
        for line in push.answer.splitlines():
            command, _, argument = line.partition("#")[0].strip().partition(":")
            if command and not self._obey(push, command.lower(), argument.strip()):
                return

    def _obey(self, push: Push, command: str, argument: str) -> bool:
        """Do one thing; whether the branch goes on."""
        call = push.call
        match command:
            case "answer":
                push.outcome = "answered by the exchange: the telephones fall silent"
                self.answer(call.id)
            case "play" | "play2":
                push.outcome = f"the caller hears {argument}"
            case "dial" if argument == SILENCE:
                push.outcome = "rings on in silence"
                return False
            case "dial":
                push.outcome = f"rings {argument}"
                self._start(
                    self.account(call.account),
                    call.line,
                    "redirected",
                    call.source,
                    argument,
                    parent=call,
                )
                return False
            case "uri":
                push.outcome = "asks another URL"
                self._order(call, push.slot, self._heard(push, argument), push.branch, argument)
                return False
            case "hangup":
                is_picked_up = push.outcome.startswith("answered")
                push.outcome = "the call ends" if is_picked_up else "the branch ends"
                self._leave(call if is_picked_up else push.branch)
                return False
            case _:
                push.outcome = f"not understood: {command}"
                self._leave(push.branch)
                return False
        return True

    def _heard(self, push: Push, url: str) -> dict[str, str]:
        """Return the parameters of the next request, with the keys that its URL waits for."""
        params = {name: value for name, value in push.params.items() if name != "dtmf"}
        if found := COUNT.search(url):
            params["dtmf"] = self.pushing.keys[: int(found[1])]
        return params

    def give_up(self, push: Push) -> None:
        """End the branch of a customer who has not answered [guess]."""
        self._leave(push.branch)

    def _leave(self, leg: ActiveCall | None) -> None:
        if leg is not None:
            self._finish(leg)

    def answer(self, call_id: int | None = None) -> ActiveCall:
        """Pick a call up."""
        raise NotImplementedError
