"""Gates: numbers that callers ring to open a gate, and who may open it.

Unlike elsewhere, phone numbers are compared exactly: neither a number with the same last digits nor
a special code that reaches the same phone opens a gate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
import re
from typing import Final, Self

from msgspec import Struct

from ..api import SpeedDial
from . import numbers
from .contacts import is_same_name

MAX_RING_AGE: Final = timedelta(seconds=90)
"""Maximum age of a call that opens a gate: the caller may have left."""
OPENING_TIME: Final = timedelta(seconds=10)
"""Time after an opening during which the gate is not opened again."""
MAX_CALL_LENGTH: Final = timedelta(days=1)
"""After this time, the same ID belongs to another call: IDs can restart."""
MAX_REMEMBERED: Final = 1000
"""Calls that are remembered, so that none opens a gate twice."""

_GUEST: Final = re.compile(
    r"(.*\S)\s+(?:until|do)\s+(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}))\s*",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)


class GateOutcome(StrEnum):
    """Outcome of a ring at a gate."""

    OPENED = "opened"
    REFUSED = "refused"


class RefusalReason(StrEnum):
    """Reason for not opening a gate."""

    UNKNOWN_CALLER = "unknown_caller"
    WITHHELD = "withheld"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowedCaller:
    """A caller for whom a gate opens.

    Attributes:
        number: The exact number; None for a contact.
        name: The name of a contact; None for a number.
        until: The last day on which the gate opens; None for no limit.
    """

    number: str | None = None
    name: str | None = None
    until: date | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a number or the name of a contact, optionally followed by ``until YYYY-MM-DD``.

        The Czech forms ``do YYYY-MM-DD`` and ``do D. M. YYYY`` are accepted as well.

        Raises:
            ValueError: The date does not exist.
        """
        until = None
        if guest := _GUEST.fullmatch(text):
            text = guest[1]
            year, month, day = guest.group(2, 3, 4) if guest[2] else guest.group(7, 6, 5)
            until = date(int(year), int(month), int(day))
        name = text.strip()
        # A contact's name may look like a short code.
        number = numbers.exact(numbers.to_dialable(name))
        return cls(number=number, name=None if number else name, until=until)

    def is_caller(self, number: str, contacts: Iterable[SpeedDial]) -> bool:
        """Return whether an exact number is that of the caller."""
        if self.name is None:
            return number == self.number
        return any(
            is_same_name(self.name, contact.name) and numbers.exact(contact.number) == number
            for contact in contacts
        )

    def __str__(self) -> str:
        """Return the text that is stored."""
        who = self.name if self.name is not None else numbers.formatted(self.number or "")
        return f"{who} until {self.until}" if self.until else who


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """A gate.

    Attributes:
        id: The ID of its subentry.
        name: Its name.
        number: The exact number that rings it: a public number or a line.
        callers: The callers for whom it opens.
        hang_up: True if the call is hung up after the gate was opened.
    """

    id: str
    name: str
    number: str | None
    callers: tuple[AllowedCaller, ...] = ()
    hang_up: bool = True

    @classmethod
    def create(
        cls, gate_id: str, *, name: str, number: str, callers: Iterable[str], hang_up: bool
    ) -> Self:
        """Create a gate from its configuration. Callers with impossible dates are left out."""
        allowed: list[AllowedCaller] = []
        for text in callers:
            try:
                allowed.append(AllowedCaller.parse(text))
            except ValueError:
                continue
        return cls(
            id=gate_id,
            name=name,
            number=numbers.exact(number),
            callers=tuple(allowed),
            hang_up=hang_up,
        )

    def refusal(
        self, caller: str | None, contacts: Sequence[SpeedDial], today: date
    ) -> RefusalReason | None:
        """Return why the gate does not open for a caller; None if it opens."""
        if caller is None:
            return RefusalReason.WITHHELD
        number = numbers.exact(caller)
        found = [it for it in self.callers if number and it.is_caller(number, contacts)]
        # Any customer of the operator may call with the shared number, also one of a contact.
        if not found or number == numbers.SHARED_CALLER_ID:
            return RefusalReason.UNKNOWN_CALLER
        is_valid = any(it.until is None or today <= it.until for it in found)
        return None if is_valid else RefusalReason.EXPIRED


@dataclass(frozen=True, kw_only=True, slots=True)
class GateDecision:
    """The decision about a ring; a refusal has a reason."""

    outcome: GateOutcome
    reason: RefusalReason | None = None


class GateRing(Struct, frozen=True, kw_only=True):
    """A stored decision; ``at`` is the time by the clock that dates the calls."""

    gate: str
    active_call_id: int
    at: datetime
    outcome: GateOutcome


class GateKeeper:
    """Decides on the rings at the gates of an account, once for each call."""

    def __init__(self, rings: Iterable[GateRing] = ()) -> None:
        """Initialize with the last decisions."""
        self._decided: dict[int, datetime] = {}
        """When calls were decided on, by ID."""
        self._opened_at: dict[str, datetime] = {}
        """When gates were last opened, by ID."""
        for ring in rings:
            self._decided[ring.active_call_id] = ring.at
            if ring.outcome is GateOutcome.OPENED:
                self._opened_at[ring.gate] = ring.at

    def decide(
        self,
        gate: Gate,
        *,
        call_id: int,
        caller: str | None,
        started_at: datetime | None,
        contacts: Sequence[SpeedDial],
        now: datetime,
        today: date,
    ) -> GateDecision | None:
        """Decide on a call that has started to ring at a gate.

        Args:
            gate: The gate.
            call_id: The ID of the active call.
            caller: The number of the caller; None if it is withheld.
            started_at: When the call began, if that is known.
            contacts: The account's contacts.
            now: The current time, by the clock that dates the calls.
            today: The current date at the gate.

        Returns:
            The decision; None if the call was decided on before or began too long ago, or if an
            allowed caller rings while the gate is opening.
        """
        decided_at = self._decided.get(call_id)
        if decided_at is not None and abs(now - decided_at) < MAX_CALL_LENGTH:
            return None
        self._decided[call_id] = now
        if len(self._decided) > MAX_REMEMBERED:
            del self._decided[next(iter(self._decided))]
        if started_at is not None and now - started_at > MAX_RING_AGE:
            return None
        if reason := gate.refusal(caller, contacts, today):
            return GateDecision(outcome=GateOutcome.REFUSED, reason=reason)
        opened_at = self._opened_at.get(gate.id)
        # A clock that was set back must not keep the gate closed.
        if opened_at is not None and abs(now - opened_at) < OPENING_TIME:
            return None
        self._opened_at[gate.id] = now
        return GateDecision(outcome=GateOutcome.OPENED)
