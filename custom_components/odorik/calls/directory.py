"""Names and directions by phone number: the account's lines, numbers, contacts and gates."""

from collections.abc import Iterable

from ..api import ActiveCall, CallRecord, Direction, Line, PublicNumber, SpeedDial
from . import numbers
from .gates import Gate


class Directory:
    """Names and directions by number."""

    def __init__(
        self,
        lines: Iterable[Line] = (),
        public_numbers: Iterable[PublicNumber] = (),
        speed_dials: Iterable[SpeedDial] = (),
        gates: Iterable[Gate] = (),
    ) -> None:
        """Build the lookup tables."""
        self.gates = tuple(gates)
        self.lines = {line.id: line for line in lines}
        self.speed_dials = tuple(speed_dials)
        public_numbers = tuple(public_numbers)
        self._names: dict[str, str] = {}
        self._line_numbers = {
            line.id: _keys(str(line.id), line.public_number) for line in self.lines.values()
        }
        """The numbers at which each line can be called."""
        self._caller_ids = {line.id: _keys(line.caller_id) for line in self.lines.values()}
        """The caller ID of each line: it may be shared by several lines, or be the owner's
        mobile."""
        self._all_line_numbers = set[str]().union(*self._line_numbers.values())
        self._own_numbers = self._all_line_numbers | _keys(
            *(public.public_number for public in public_numbers)
        )
        self._account_numbers = self._own_numbers.union(*self._caller_ids.values())
        self._shared_numbers = _keys(
            numbers.SHARED_CALLER_ID,
            *(public.public_number for public in public_numbers if public.type == "shared"),
        )
        """Caller IDs that other customers of the operator use, too."""
        self._line_at: dict[str, str | None] = {}
        """The line with a public number, as text; None if several have it. Shared numbers are left
        out."""
        for line in self.lines.values():
            number = numbers.exact(line.public_number)
            if number and number not in self._shared_numbers:
                self._line_at[number] = None if number in self._line_at else str(line.id)
        for line in self.lines.values():
            self._add_name(line.name, str(line.id))
            if _keys(line.public_number).isdisjoint(self._shared_numbers):
                self._add_name(line.name, line.public_number)
        for contact in self.speed_dials:
            self._add_name(contact.name, contact.number, str(contact.shortcut or ""))

    def _add_name(self, name: str | None, *written: str | None) -> None:
        """Set the name of numbers, overwriting an earlier one."""
        if name is not None:
            self._names.update(dict.fromkeys(_keys(*written), name))

    @property
    def own_numbers(self) -> list[str]:
        """The account's public numbers, except shared ones, and its lines."""
        own = self._own_numbers - self._shared_numbers
        return sorted(number for number in own if numbers.exact(number) == number)

    def is_own(self, number: str | None) -> bool:
        """Return whether a number is the account's own, or the caller ID of one of its lines."""
        return numbers.match_key(number) in self._account_numbers

    def is_own_caller(self, number: str | None) -> bool:
        """Return whether a number proves that a caller is the account itself.

        Shared numbers do not, and neither does a mere caller ID, such as the owner's mobile.
        """
        return numbers.match_key(number) in self._own_numbers - self._shared_numbers

    def name_of(self, number: str | None) -> str | None:
        """Return the name of the contact or line with a number."""
        key = numbers.match_key(number)
        return None if key is None else self._names.get(key)

    def line_name(self, line: int | None) -> str | None:
        """Return the name of a line."""
        found = self.lines.get(line) if line is not None else None
        return found.name if found else None

    def is_line(self, number: str | None) -> bool:
        """Return whether a number is an internal one of the account's lines."""
        return self._line_id(number) is not None

    def rung_line(self, call: ActiveCall | CallRecord) -> int | None:
        """Return the line that a call rings, or the one under which it is listed.

        A branch to another line may be listed under the line that was called.
        """
        rung = self._line_id(call.destination_number)
        return call.line if rung is None or self.direction(call) is Direction.OUT else rung

    def _line_id(self, number: str | None) -> int | None:
        """Return the line with an internal number."""
        key = numbers.match_key(number) or ""
        return int(key) if key.isdecimal() and int(key) in self.lines else None

    def gate_of(self, call: ActiveCall | CallRecord) -> Gate | None:
        """Return the gate that a call rings."""
        if not self.gates:
            return None
        called = numbers.exact(call.destination_number)
        # A call to the public number of a line may be listed under another line that rings, too.
        if called in self._line_at or self.direction(call) is not Direction.IN:
            return self._gate_at(called)
        return self._gate_at(called) or self._gate_at(str(call.line))

    def is_gate(self, number: str | None) -> bool:
        """Return whether calls to one of the account's own numbers ring a gate."""
        return self._gate_at(numbers.exact(number)) is not None

    def _gate_at(self, number: str | None) -> Gate | None:
        """Return the gate with an exact number, which may be the public number of its line."""
        if number is None:
            return None
        rung = (number, self._line_at.get(number) or number)
        return next((gate for it in rung for gate in self.gates if gate.number == it), None)

    def rings_apart(self, one: ActiveCall | CallRecord, other: ActiveCall) -> bool:
        """Return whether two calls are different calls, because one rings a gate.

        A line that rings for a call to a number is a branch of that call, even if it is a gate.
        """
        if not self.gates:
            return False
        called = numbers.exact(one.destination_number)
        also_called = numbers.exact(other.destination_number)
        if also_called is None or also_called[0] != "+" or also_called == called:
            return False
        gate, other_gate = self.gate_of(one), self.gate_of(other)
        return gate is not other_gate and (
            other_gate is not None or also_called in self._own_numbers
        )

    def direction(self, call: ActiveCall | CallRecord) -> Direction:
        """Return the direction of a call: as recorded, or derived from its numbers.

        Active calls have no direction of their own.

        A call to the account is incoming, unless the line under which it is listed makes it. A call
        from the account is outgoing. A call between other numbers has been redirected, including
        one to a mobile that is only the caller ID of a line, as the account is not reached there.
        """
        if isinstance(call, CallRecord) and call.direction not in {None, Direction.UNKNOWN}:
            return call.direction
        if not self._account_numbers:
            return Direction.UNKNOWN
        source, destination = _keys(call.source_number), _keys(call.destination_number)
        if not destination & self._own_numbers:
            return Direction.OUT if source & self._account_numbers else Direction.REDIRECTED
        line_numbers, caller_ids = (
            numbers_by_line.get(call.line or 0, set())
            for numbers_by_line in (self._line_numbers, self._caller_ids)
        )
        is_caller = source & (line_numbers | caller_ids) and not destination & line_numbers
        # The owner's mobile, if it is the caller ID of the line, may be calling the line.
        is_internal = source & self._own_numbers or destination & self._all_line_numbers
        return Direction.OUT if is_caller and is_internal else Direction.IN


def _keys(*written: str | None) -> set[str]:
    """Return the match keys of numbers."""
    return {key for number in written if (key := numbers.match_key(number)) is not None}
