"""Normalize, compare and format phone numbers.

The region is always the Czech Republic, where the operator is, regardless of Home Assistant's
country.
"""

from functools import lru_cache
import re
from typing import Final
from urllib.parse import unquote

import phonenumbers

# Load the metadata of all countries now (0.1 s, 1.4 MB). Home Assistant imports this outside the
# event loop, where it would otherwise be read from disk when a number of the country occurs.
phonenumbers.PhoneMetadata.load_all()

REGION: Final = "CZ"
SHARED_CALLER_ID: Final = "+420910119999"
"""The caller ID of all lines at the operator without a public number of their own."""

_SEPARATORS: Final = re.compile(
    r"[\s\-\u2010-\u2015\u2212./\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
)
"""Spaces of any kind, hyphens, dashes, and invisible characters that are copied from address
books."""
_OPTIONAL_ZERO: Final = re.compile(r"\A(\(?(?:\+|00)(?!39)\d{1,3}\)?)\(0\)", re.ASCII)
"""The trunk prefix in ``+49 (0)30``, which is not dialled from abroad. Italian numbers keep it."""
_TEL_URI: Final = re.compile(r"tel:([^;?]*)(.*)", re.IGNORECASE | re.DOTALL)
_PHONE_CONTEXT: Final = re.compile(r";phone-context=(\+[\d().-]+)", re.ASCII | re.IGNORECASE)
"""The country code of a national number in a ``tel:`` URI."""
_SHORT: Final = re.compile(r"\d{1,4}|[1-9]\d{5}", re.ASCII)
"""Short codes of up to four digits, and the operator's six-digit lines."""
_CODE: Final = re.compile(
    r"""\*[1-9]\d{0,8}                                        # support, a line, a service
    |\*\*(?:[1-9]\d{5})?                                     # pick up a group, call a line
    |\*[1-9]\d{5}\*[\d*\#+]{1,64}                            # through a line
    |\*0[\d*\#+!]{1,64}                                      # all other special numbers
    |\*084\*[\w-]{1,32}\*[\d*\#+]{1,64}![\d*\#+]{1,64}      # a time rule with its period
    |\*0852001[\w-]{1,64}                                   # a queue by its name
    """,
    re.ASCII | re.VERBOSE,
)
"""The operator's special codes that begin with a star."""
_ROUTED: Final = re.compile(
    r"(\*[1-9]\d{5}\*|\*06\d{1,6}\*|\*09|000|)(\+?\d{3,20})(\*\d{1,6}|)", re.ASCII
)
"""A number with codes before and after it that select the route: through a line or another SIP
operator, by ENUM, at a lower price, or with another caller ID or none."""
_LINE: Final = re.compile(r"\*{1,2}([1-9]\d{5})", re.ASCII)
"""A line as the operator records it, or as it is dialled; ``*100`` and ``*007`` are not lines."""
_LINE_ID: Final = re.compile(r"[1-9]\d{5}", re.ASCII)
_PREFIX: Final = re.compile(r"[+*]\d{0,20}|\d{1,20}", re.ASCII)
_DIGITS: Final = re.compile(r"\+?\d{5,20}", re.ASCII)
_PUBLIC: Final = re.compile(r"(?:00|\+)([1-9]\d{4,17})", re.ASCII)
_E164: Final = re.compile(r"\+\d+", re.ASCII)
_CZECH: Final = re.compile(r"\+420[1-9]\d{8}", re.ASCII)
_MOBILE_TYPES: Final = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
"""In some countries, such as the USA, the number does not show which of the two it is."""
_TRUNK_ZERO: Final = re.compile(r"0([1-9]\d{8})", re.ASCII)
"""A Czech number with the trunk prefix 0 that is used in other countries."""
_LETTER: Final = re.compile(r"[^\W\d]")
"""A letter: the number is an address such as ``skype:name``, in which dots are significant."""
_WITHHELD: Final = re.compile(
    r"""\W*+(?:(?:sips?|tel):\W*+)?
    (?:hidden|anonym|withheld|private|unknown|unavail|restrict|blocked|null
      |no\W?caller\W?id|no\W?number|not\Wavailable|n/a
      |skryt|neznám|utajen|nedostupn|nezobraz)[^\W\d_]*+(?![.-]*+\w)
    |\s*[-\u2212]\d*\s*\Z
    |.*@(?:anonymous|unknown)\.invalid\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words for a withheld number, at the start of the text; not SIP names such as
``private.office``."""
_OPERATOR_ADDRESS: Final = re.compile(
    r"(?:sips?:)?([^@:;]+)@(?:[\w-]+\.)*odorik\.cz(?:[:;].*)?|sips?:([^@:;]+)", re.IGNORECASE
)
"""The SIP address of a name, number or line at the operator, which may omit the domain."""
_LOST_PLUS: Final = re.compile(r"[1-9]\d{11,14}", re.ASCII)
"""A public number without its plus sign: a template turns ``+420…`` into the number 420…. It is too
long for a mistyped Czech number to become an expensive foreign call."""


def to_dialable(text: str) -> str | None:
    """Return a number in the form that the operator expects; None if it is not valid.

    Public numbers become ``00…``; special codes, short codes and lines are unchanged.
    """
    if _WITHHELD.match(text):
        return None
    if code := _special_code(text):
        return code
    compact = _strip_separators(text)
    if _SHORT.fullmatch(compact):
        return compact
    if public := _international(compact):
        return f"00{public[1:]}"
    routed = _ROUTED.fullmatch(compact)
    if routed and (routed[1] or routed[3]) and to_dialable(routed[2]):
        return compact.replace("+", "00")
    return None


def to_dialable_prefix(text: str) -> str | None:
    """Return a number or a prefix in the form that the operator's filters expect, or None."""
    if number := to_dialable(text):
        return number
    compact = _strip_separators(text)
    return compact.replace("+", "00", 1) if _PREFIX.fullmatch(compact) else None


@lru_cache(maxsize=4096)
def normalize(number: str | None) -> str | None:
    """Normalize a number from the operator; return None if it is withheld.

    Public numbers become ``+…``; others are unchanged.
    """
    compact = _strip_separators(number or "")
    if not compact or _WITHHELD.match(number or ""):
        return None
    if code := _special_code(number or ""):
        return code
    if _LETTER.search(compact):
        return (number or "").strip()
    if _SHORT.fullmatch(compact):
        return compact
    if e164 := _international(compact):
        return e164
    return f"+{public[1]}" if (public := _PUBLIC.fullmatch(compact)) else compact


def exact(number: str | None) -> str | None:
    """Return a public number as ``+…`` or a line as six digits; None for all other numbers."""
    known = normalize(number)
    if known is None:
        return None
    if line := _LINE.fullmatch(known):
        return line[1]
    return known if _E164.fullmatch(known) or _LINE_ID.fullmatch(known) else None


@lru_cache(maxsize=4096)
def formatted(number: str) -> str:
    """Format a public number for display: ``+420 777 123 456``."""
    if not _E164.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def is_mobile(number: str | None) -> bool:
    """Return whether a public number can be that of a mobile phone."""
    e164 = normalize(number)
    if e164 is None or not _E164.fullmatch(e164):
        return False
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) in _MOBILE_TYPES


@lru_cache(maxsize=4096)
def match_key(number: str | None) -> str | None:
    """Return the key by which a number is compared; None if it is withheld.

    Public numbers are compared with their country code, which defaults to the Czech one. Lines are
    compared without the operator's star, SIP names of the operator without the domain, and other
    numbers without the codes that select the route.
    """
    exact = normalize(number)
    if exact is None:
        return None
    if address := _OPERATOR_ADDRESS.fullmatch(exact):
        return match_key(address[1] or address[2])
    if line := _LINE.fullmatch(exact):
        return line[1]
    if national := _TRUNK_ZERO.fullmatch(exact):
        return f"+420{national[1]}"
    if (routed := _ROUTED.fullmatch(exact)) and (routed[1] or routed[3]):
        return match_key(routed[2])
    return exact.casefold().removeprefix("sip:")


def is_same_number(one: str | None, other: str | None) -> bool:
    """Return whether two numbers reach the same phone."""
    key = match_key(one)
    return key is not None and key == match_key(other)


def _special_code(text: str) -> str | None:
    """Return a special code as it is dialled; None if the text is not one."""
    as_written = text.strip()
    if _CODE.fullmatch(as_written):
        return as_written
    compact = _strip_separators(text)
    return compact if _CODE.fullmatch(compact) else None


def _strip_separators(text: str) -> str:
    """Remove the characters that people write between digits."""
    if uri := _TEL_URI.fullmatch(text.strip()):
        text = unquote(uri[1])
        if (context := _PHONE_CONTEXT.search(uri[2])) and "+" not in text:
            text = context[1] + text
    compact = _SEPARATORS.sub("", text)
    return _OPTIONAL_ZERO.sub(r"\1", compact).replace("(", "").replace(")", "")


def _international(compact: str) -> str | None:
    """Return a public number as ``+…``; None if it cannot be one."""
    if not _DIGITS.fullmatch(compact):
        return None
    if _LOST_PLUS.fullmatch(compact):
        compact = f"+{compact}"
    elif compact.startswith("00"):
        compact = f"+{compact[2:]}"
    if _CZECH.fullmatch(compact):
        return compact
    try:
        number = phonenumbers.parse(compact, REGION)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_bad_czech = e164.startswith("+420") and not _CZECH.fullmatch(e164)
    if is_bad_czech or not phonenumbers.is_possible_number(number):
        return None
    # Remove a trunk prefix after the country code only if that makes the number valid.
    is_as_given = compact.startswith("+") and not phonenumbers.is_valid_number(number)
    return compact if is_as_given else e164
