"""Pushes: requests to the URLs that a customer has stored for incoming calls.

Documented: the parameters of an announced call. Guesses: the parameters of the informational slots,
and that the branch of an announced call may be listed among the active calls, which is optional.
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
from .numbers import international

BRANCH = re.compile(r"\*007([1-9]\d?)")
"""A ringing target that requests the URL of a slot."""
SLOTS = range(1, 100)
CALL_PROGRESS_SLOT, CALL_END_SLOT = 99, 98
"""The informational slots, which no number needs to ring [guess]."""


@dataclass(slots=True, eq=False)
class Push:
    """One request to a customer's URL and its result.

    `status` is 0 until there is a response; `outcome` describes what the exchange did with it.
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
        """The URL with the parameters appended to its own."""
        separator = "&" if "?" in self.url else "?"
        return f"{self.url}{separator}{urlencode(self.params)}"


@dataclass(slots=True)
class PushSettings:
    """How reliably the exchange pushes.

    `delay` postpones announcements, in seconds. Each request is sent `copies` times, but every
    `lost`-th one never (0: none is lost). With `legs` a branch is listed among the calls. `keys`
    are the DTMF keys that callers press.
    """

    delay: float = 0.0
    copies: int = 1
    lost: int = 0
    legs: bool = False
    keys: str = ""


@dataclass(slots=True, eq=False)
class PushQueue:
    """Queues pushes in `due`; `wake` notifies the sender."""

    clock: Clock
    ledger: Ledger
    legs: Legs
    settings: PushSettings = field(default_factory=PushSettings)
    due: list[Push] = field(default_factory=list)
    wake: Callable[[], object] = lambda: None
    requested: int = 0

    def save_url(
        self,
        *,
        slot: int = 1,
        url: str = "",
        number: str | None = None,
        account: str | None = None,
    ) -> None:
        """Store a URL in a slot, and let a public number (default: all) ring it.

        Without a URL, delete the one in the slot.
        """
        owner = self.ledger.account(account)
        if slot not in SLOTS:
            raise ValueError("slots are numbered from 1 to 99")
        owner.slots.pop(slot, None)
        if url:
            owner.slots[slot] = url
            self.wake()
        numbers = [own.number for own in owner.numbers] or [
            line.public_number for line in owner.lines.values() if line.public_number
        ]
        rings = url and slot not in {CALL_PROGRESS_SLOT, CALL_END_SLOT}
        target = f"*007{slot}"
        for own in numbers if number is None else [international(number)]:
            others = [known for known in owner.ringings.get(own, []) if known != target]
            owner.ringings[own] = [*others, target] if rings else others

    def announce(self, call: ActiveCall) -> None:
        """Request the URLs that the called number rings."""
        owner = self.ledger.account(call.account)
        for target in owner.ringings.get(call.destination, ()):
            if (found := BRANCH.fullmatch(target)) and (slot := int(found[1])) in owner.slots:
                branch = None
                if self.settings.legs:
                    branch = self.legs.start(
                        owner, call.line, "redirected", call.source, target, parent=call
                    )
                    branch.is_branch = True
                push = partial(self._push, call, slot, branch)
                if self.settings.delay:
                    self.clock.after(self.settings.delay, push)
                else:
                    push()

    def notify(self, call: ActiveCall, slot: int, status: str) -> None:
        """Request the URL of an informational slot."""
        if slot in self.ledger.account(call.account).slots and not call.is_branch:
            self.enqueue(
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
        """Request the URL of a slot if the call still rings."""
        if call.ended is None and call.answered is None:
            params = {
                "from": call.source,
                "to": call.destination,
                "line": str(call.line),
                "sip_in_callid": f"sim-{call.id}",
            }
            self.enqueue(call, slot, params, branch)

    def enqueue(
        self,
        call: ActiveCall,
        slot: int,
        params: dict[str, str],
        branch: ActiveCall | None = None,
        url: str = "",
    ) -> None:
        """Queue the request of a URL, by default that of the slot."""
        url = url or self.ledger.account(call.account).slots.get(slot, "")
        self.requested += 1
        if not url or (self.settings.lost and self.requested % self.settings.lost == 0):
            return
        for _ in range(self.settings.copies):
            self.due.append(Push(slot, url, params, call, branch, self.clock.now()))
        self.wake()
