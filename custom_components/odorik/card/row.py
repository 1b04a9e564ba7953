"""A call as a row of the card."""

from ..calls import numbers
from ..coordinator.reporter import EventData


def row(call: EventData) -> EventData:
    """Add the numbers as people read them to the data of a call."""
    return call | {
        "formatted": formatted(call["number"]),
        "own_formatted": formatted(call["own_number"]),
    }


def formatted(number: str | None) -> str | None:
    """Write a number as people read it; None where it is withheld."""
    return numbers.formatted(number) if number else None
