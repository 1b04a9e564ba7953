"""Who is who: the account's own lines and numbers, and the contacts."""

from collections.abc import Iterable
from typing import Self

from . import phone_number
from .api import ActiveCall, Direction, Line, PublicNumber, SpeedDial


class Directory:
    """Names and directions by number, compared exactly first and then by the last nine digits."""

    def __init__(
        self,
        lines: Iterable[Line] = (),
        public_numbers: Iterable[PublicNumber] = (),
        speed_dials: Iterable[SpeedDial] = (),
    ) -> None:
        """Look the numbers up once, so that each call is a look into a table."""
        self.lines = {line.id: line for line in lines}
        self.speed_dials = tuple(speed_dials)
        self._own: set[str] = set()
        self._names: dict[str, str] = {}
        self._answering = {
            line.id: {*phone_number.keys(str(line.id)), *phone_number.keys(line.public_number)}
            for line in self.lines.values()
        }
        for line in self.lines.values():
            self._own.update(self._answering[line.id], phone_number.keys(line.caller_id))
            # The number that a line shows may be shared by several, so only its own ones name it.
            self._name(line.name, str(line.id), line.public_number)
        for public in public_numbers:
            self._own.update(phone_number.keys(public.public_number))
        for contact in self.speed_dials:
            self._name(contact.name, contact.number, contact.shortcut)

    def _name(self, name: str | None, *numbers: str | None) -> None:
        """Give the numbers a name; a later one wins, and an exact match is looked for first."""
        if name is not None:
            for number in numbers:
                self._names.update(dict.fromkeys(phone_number.keys(number), name))

    @classmethod
    def empty(cls) -> Self:
        """Know nobody."""
        return cls()

    def is_own(self, number: str | None) -> bool:
        """Whether a number is one of the account's."""
        return not self._own.isdisjoint(phone_number.keys(number))

    def name_of(self, number: str | None) -> str | None:
        """Name a contact or a line by its number."""
        return next(
            (self._names[key] for key in phone_number.keys(number) if key in self._names), None
        )

    def line_name(self, line: int | None) -> str | None:
        """Name a line by its id."""
        known = self.lines.get(line) if line is not None else None
        return known.name if known else None

    def direction(self, call: ActiveCall) -> Direction:
        """Tell where an active call goes; the operator does not say it.

        A call between two of the account's own numbers goes in on the line that it is listed
        under, or else out from it. One that touches none of them has been redirected.
        """
        if not self._own:
            return Direction.UNKNOWN
        from_us, to_us = self.is_own(call.source_number), self.is_own(call.destination_number)
        if from_us and to_us:
            answering = self._answering.get(call.line or 0, set())
            to_line = not answering.isdisjoint(phone_number.keys(call.destination_number))
            return Direction.IN if to_line else Direction.OUT
        if from_us:
            return Direction.OUT
        return Direction.IN if to_us else Direction.REDIRECTED
