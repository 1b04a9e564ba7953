"""Telephone numbers as people write them, as the operator takes them, and as they are compared.

The region is the Czech Republic, the operator's own, whatever Home Assistant's country is.
"""

from functools import lru_cache
import re
from typing import Final

import phonenumbers

REGION: Final = "CZ"

_SEPARATORS: Final = re.compile(r"[\s\-–./()]+")  # noqa: RUF001 - people paste the dash too.
_AS_WRITTEN: Final = re.compile(r"\*\d{1,9}|\d{1,4}|\d{6}", re.ASCII)
"""Star codes, short codes of up to four digits, and six-digit lines inside the operator's net."""
_DIGITS: Final = re.compile(r"\+?\d{5,20}", re.ASCII)
_WITHHELD: Final = ("hidden", "skryt", "anonym", "withheld", "private", "unknown", "neznám")
_NINE: Final = 9
"""The digits of a Czech number without its country, by which numbers are compared at last."""


def dialable(text: str) -> str | None:
    """Write a number as the operator takes it; None where it is none.

    Public numbers go out as ``00…``; star codes, short codes and lines as they are.
    """
    compact = _compact(text)
    if _AS_WRITTEN.fullmatch(compact):
        return compact
    public = _international(compact)
    return f"00{public[1:]}" if public else None


@lru_cache(maxsize=4096)
def canonical(number: str | None) -> str | None:
    """Write a number of the operator's as people know it; None where it is withheld.

    Public numbers become ``+…``; what is no public number stays as it is.
    """
    compact = _compact(number or "")
    if not compact or compact.casefold().startswith(_WITHHELD):
        return None
    if compact.startswith("00") and compact.isdecimal():
        return f"+{compact[2:]}"
    if _AS_WRITTEN.fullmatch(compact):
        return compact
    return _international(compact) or compact


def formatted(number: str) -> str:
    """Space a public number for the eye: ``+420 777 123 456``."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def keys(number: str | None) -> tuple[str, ...]:
    """List what a number is compared by: itself first, then its last nine digits.

    A line is the same with and without the star that the operator puts before it.
    """
    exact = canonical(number)
    if exact is None:
        return ()
    exact = exact.removeprefix("*")
    digits = exact.removeprefix("+")
    if len(digits) < _NINE or not digits.isdecimal():
        return (exact,)
    return (exact, digits[-_NINE:])


def same(one: str | None, other: str | None) -> bool:
    """Whether two numbers reach the same telephone."""
    return not set(keys(one)).isdisjoint(keys(other))


def _compact(text: str) -> str:
    """Take out what people put between the digits."""
    return _SEPARATORS.sub("", text.strip().removeprefix("tel:"))


def _international(compact: str) -> str | None:
    """Write a public number as ``+…``; None where it cannot be one."""
    if not _DIGITS.fullmatch(compact):
        return None
    try:
        number = phonenumbers.parse(compact, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
