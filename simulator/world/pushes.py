"""Remote control over the web: URLs of a customer that the exchange calls for its calls.

What is documented of it, and what is a guess: the fields of the slots that are for information, and
that a branch which announces a call is listed as a leg, which can be turned on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
import re
from urllib.parse import urlencode

from .clock import Clock
from .ledger import Ledger
from .legs import ActiveCall, Legs

BRANCH = re.compile(r"\*007([1-9]\d?)")
"""A target of a ringing that calls the URL of that number."""
WHILE_UP, AFTERWARDS = 99, 98
"""The slots that are called for information [guess]."""


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


@dataclass(slots=True, eq=False)
class Pushes:
    """Announces calls to the customers' URLs, and informs of them."""

    clock: Clock
    ledger: Ledger
    legs: Legs
    pushing: Pushing = field(default_factory=Pushing)

    def announce(self, call: ActiveCall) -> None:
        """Ring the branches of a call that comes in."""
        owner = self.ledger.account(call.account)
        for target in owner.ringings.get(call.destination, ()):
            if (found := BRANCH.fullmatch(target)) and (slot := int(found[1])) in owner.slots:
                branch = None
                if self.pushing.legs:
                    branch = self.legs.start(
                        owner, call.line, "redirected", call.source, target, parent=call
                    )
                    branch.is_branch = True
                self._after_announcement(partial(self._push, call, slot, branch))

    def _after_announcement(self, push: Callable[[], None]) -> None:
        """Push at once, or when what is read to the caller has been read."""
        if self.pushing.delay:
            self.clock.after(self.pushing.delay, push)
        else:
            push()

    def inform(self, call: ActiveCall, slot: int, status: str) -> None:
        """Tell of a call for information."""
        if slot in self.ledger.account(call.account).slots and not call.is_branch:
            self.order(
                call,
                slot,
                {
                    "callid": f"sim-{call.id}",
                    "from": call.source,
                    "to": call.destination,
                    "time": f"{self.clock.now():%Y-%m-%d %H:%M:%S}",
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
            self.order(call, slot, params, branch)

    def order(
        self,
        call: ActiveCall,
        slot: int,
        params: dict[str, str],
        branch: ActiveCall | None = None,
        url: str = "",
    ) -> None:
        """Let a URL be called: that of a slot unless another is given."""
        pushing, url = self.pushing, url or self.ledger.account(call.account).slots.get(slot, "")
        pushing.ordered += 1
        if not url or (pushing.lost and pushing.ordered % pushing.lost == 0):
            return
        for _ in range(pushing.copies):
            pushing.due.append(Push(slot, url, params, call, branch, self.clock.now()))
        pushing.wake()
