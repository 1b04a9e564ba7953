"""Telephone numbers as people write them, as the operator takes them, and as they are compared.

The region is the Czech Republic, the operator's own, whatever Home Assistant's country is.
"""

from functools import lru_cache
import re
from typing import Final

import phonenumbers

# The rules of each country are else read from the disk when its first number comes, in the event
# loop. Home Assistant imports us outside of it, where all of them take 0.1 s, and 1.4 MB for good.
phonenumbers.PhoneMetadata.load_all()

REGION: Final = "CZ"

_SEPARATORS: Final = re.compile(
    r"[\s\-\u2010-\u2015\u2212./()\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
)
"""Spaces of any kind, hyphens, dashes, brackets, and the invisible marks that come along when a
number is copied from an address book."""
_AS_WRITTEN: Final = re.compile(r"\*\d{1,9}|\d{1,4}|[1-9]\d{5}", re.ASCII)
"""Star codes, short codes of up to four digits, and six-digit lines inside the operator's net."""
_LINE: Final = re.compile(r"\*([1-9]\d{5})", re.ASCII)
"""A line as the operator writes it in a record; ``*100`` and ``*007`` are no lines."""
_BEGINNING: Final = re.compile(r"[+*]\d{0,20}|\d{1,20}", re.ASCII)
_DIGITS: Final = re.compile(r"\+?\d{5,20}", re.ASCII)
_PUBLIC: Final = re.compile(r"(?:00|\+)(\d{5,18})", re.ASCII)
_ADDRESS: Final = re.compile(r"[^\W\d]")
"""A letter: the number is an address, such as ``skype:name``, in which a dot means something."""
_WITHHELD: Final = re.compile(
    r"\W*(hidden|skryt|anonym|withheld|private|unknown|neznám)[^\W\d_]*(?![.-]*\w)", re.IGNORECASE
)
"""The first word for a number that is not shown; a SIP name such as ``private.office`` is one."""
_AT_HOME: Final = re.compile(
    r"(?:sips?:)?([^@:;]+)@(?:[\w-]+\.)*odorik\.cz(?:[:;].*)?|sips?:([^@:;]+)", re.IGNORECASE
)
"""The address of a name, number or line at the operator, who may write it with or without."""
_NO_CZECH: Final = re.compile(r"\+420(?![1-9]\d{8}$)")
"""How a number begins that is no Czech one, although the library thinks it possible."""
_LOST_PLUS: Final = re.compile(r"[1-9]\d{11,14}", re.ASCII)
"""A public number whose plus sign is lost: a template turns ``+420…`` into the number 420…. It
is long enough that no slip of the finger makes a dear foreign call out of nine Czech digits."""
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


def dialable_prefix(text: str) -> str | None:
    """Write a number, or the beginning of one, as the operator's lists have it.

    None where it is neither.
    """
    if number := dialable(text):
        return number
    compact = _compact(text)
    return compact.replace("+", "00", 1) if _BEGINNING.fullmatch(compact) else None


@lru_cache(maxsize=4096)
def canonical(number: str | None) -> str | None:
    """Write a number of the operator's as people know it; None where it is withheld.

    Public numbers become ``+…``; what is no public number stays as it is.
    """
    compact = _compact(number or "")
    if not compact or _WITHHELD.match(number or ""):
        return None
    if _ADDRESS.search(compact):
        return (number or "").strip()
    if _AS_WRITTEN.fullmatch(compact):
        return compact
    if public := _PUBLIC.fullmatch(compact):
        return f"+{public[1]}"
    return _international(compact) or compact


@lru_cache(maxsize=4096)
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

    A line is the same with and without the star that the operator puts before it, and a SIP name
    of the operator's with and without its address.
    """
    exact = canonical(number)
    if exact is None:
        return ()
    if address := _AT_HOME.fullmatch(exact):
        return keys(address[1] or address[2])
    if line := _LINE.fullmatch(exact):
        return (line[1],)
    digits = exact.removeprefix("+")
    if len(digits) < _NINE or not digits.isdecimal():
        return (exact.casefold(),)
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
    if _LOST_PLUS.fullmatch(compact):
        compact = f"+{compact}"
    try:
        number = phonenumbers.parse(compact, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if _NO_CZECH.match(written) else written
