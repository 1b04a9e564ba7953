"""Telephone numbers as people write them, as the operator takes them, and as they are compared.

The region is the Czech Republic, the operator's own, whatever Home Assistant's country is.
"""

from functools import lru_cache
import re
from typing import Final
from urllib.parse import unquote

import phonenumbers

# The rules of each country are else read from the disk when its first number comes, in the event
# loop. Home Assistant imports us outside of it, where all of them take 0.1 s, and 1.4 MB for good.
phonenumbers.PhoneMetadata.load_all()

REGION: Final = "CZ"

_SEPARATORS: Final = re.compile(
    r"[\s\-\u2010-\u2015\u2212./\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
)
"""Spaces of any kind, hyphens, dashes, and the invisible marks that come along when a number is
copied from an address book."""
_OPTIONAL_ZERO: Final = re.compile(r"\A(\(?(?:\+|00)(?!39)\d{1,3}\)?)\(0\)", re.ASCII)
"""The trunk prefix in ``+49 (0)30``, which is not dialled from abroad. Italy keeps it."""
_TEL_URI: Final = re.compile(r"tel:([^;?]*)(.*)", re.IGNORECASE | re.DOTALL)
_PHONE_CONTEXT: Final = re.compile(r";phone-context=(\+[\d().-]+)", re.ASCII | re.IGNORECASE)
"""The country code of a national number in a ``tel:`` URI."""
_SHORT: Final = re.compile(r"\d{1,4}|[1-9]\d{5}", re.ASCII)
"""Short codes of up to four digits, and six-digit lines inside the operator's network."""
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
"""The special codes of the operator that begin with a star."""
_ROUTED: Final = re.compile(
    r"(\*[1-9]\d{5}\*|\*06\d{1,6}\*|\*09|000|)(\+?\d{3,20})(\*\d{1,6}|)", re.ASCII
)
"""A number with the codes before and after it that choose how it is called: through a line or
another SIP operator, by ENUM, on a cheaper route, with the caller ID of another line or none."""
_LINE: Final = re.compile(r"\*{1,2}([1-9]\d{5})", re.ASCII)
"""A line as the operator writes it in a record, or as it is called directly; ``*100`` and ``*007``
are no lines."""
_PREFIX: Final = re.compile(r"[+*]\d{0,20}|\d{1,20}", re.ASCII)
_DIGITS: Final = re.compile(r"\+?\d{5,20}", re.ASCII)
_PUBLIC: Final = re.compile(r"(?:00|\+)([1-9]\d{4,17})", re.ASCII)
_E164: Final = re.compile(r"\+\d+", re.ASCII)
_CZECH: Final = re.compile(r"\+420[1-9]\d{8}", re.ASCII)
_TRUNK_ZERO: Final = re.compile(r"0([1-9]\d{8})", re.ASCII)
"""A Czech number with the zero that other countries dial before a national number."""
_LETTER: Final = re.compile(r"[^\W\d]")
"""A letter: the number is an address, such as ``skype:name``, in which a dot means something."""
_WITHHELD: Final = re.compile(
    r"""\W*+(?:(?:sips?|tel):\W*+)?
    (?:hidden|anonym|withheld|private|unknown|unavail|restrict|blocked|null
      |no\W?caller\W?id|no\W?number|not\Wavailable|n/a
      |skryt|neznám|utajen|nedostupn|nezobraz)[^\W\d_]*+(?![.-]*+\w)
    |\s*[-\u2212]\d*\s*\Z
    |.*@(?:anonymous|unknown)\.invalid\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""The first word for a number that is not shown; a SIP name such as ``private.office`` is one."""
_OPERATOR_ADDRESS: Final = re.compile(
    r"(?:sips?:)?([^@:;]+)@(?:[\w-]+\.)*odorik\.cz(?:[:;].*)?|sips?:([^@:;]+)", re.IGNORECASE
)
"""The address of a name, number or line at the operator, who may write it with or without."""
_LOST_PLUS: Final = re.compile(r"[1-9]\d{11,14}", re.ASCII)
"""A public number whose plus sign is lost: a template turns ``+420…`` into the number 420…. It
is long enough that no slip of the finger makes a dear foreign call out of nine Czech digits."""


def to_dialable(text: str) -> str | None:
    """Write a number as the operator takes it; None where it is none.

    Public numbers go out as ``00…``; special codes, short codes and lines as they are.
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
    """Write a number, or the beginning of one, as the operator's lists have it.

    None where it is neither.
    """
    if number := to_dialable(text):
        return number
    compact = _strip_separators(text)
    return compact.replace("+", "00", 1) if _PREFIX.fullmatch(compact) else None


@lru_cache(maxsize=4096)
def normalize(number: str | None) -> str | None:
    """Write a number of the operator's as people know it; None where it is withheld.

    Public numbers become ``+…``; what is no public number stays as it is.
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


@lru_cache(maxsize=4096)
def formatted(number: str) -> str:
    """Space a public number for the eye: ``+420 777 123 456``."""
    if not _E164.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def match_keys(number: str | None) -> tuple[str, ...]:
    """Return what a number is compared by: one key, or none where it is withheld.

    A public number is compared whole, with its country code; without one it is Czech. A line is
    the same with and without the star that the operator puts before it, a SIP name of the
    operator's with and without its address, and a number with and without the codes that choose
    how it is called.
    """
    exact = normalize(number)
    if exact is None:
        return ()
    if address := _OPERATOR_ADDRESS.fullmatch(exact):
        return match_keys(address[1] or address[2])
    if line := _LINE.fullmatch(exact):
        return (line[1],)
    if national := _TRUNK_ZERO.fullmatch(exact):
        return (f"+420{national[1]}",)
    if (routed := _ROUTED.fullmatch(exact)) and (routed[1] or routed[3]):
        return match_keys(routed[2])
    return (exact.casefold().removeprefix("sip:"),)


def is_same_number(one: str | None, other: str | None) -> bool:
    """Whether two numbers reach the same telephone."""
    return not set(match_keys(one)).isdisjoint(match_keys(other))


def _special_code(text: str) -> str | None:
    """Write a special code of the operator's as it is dialled; None where it is none."""
    as_written = text.strip()
    if _CODE.fullmatch(as_written):
        return as_written
    compact = _strip_separators(text)
    return compact if _CODE.fullmatch(compact) else None


def _strip_separators(text: str) -> str:
    """Take out what people put between the digits."""
    if uri := _TEL_URI.fullmatch(text.strip()):
        text = unquote(uri[1])
        if (context := _PHONE_CONTEXT.search(uri[2])) and "+" not in text:
            text = context[1] + text
    compact = _SEPARATORS.sub("", text)
    return _OPTIONAL_ZERO.sub(r"\1", compact).replace("(", "").replace(")", "")


def _international(compact: str) -> str | None:
    """Write a public number as ``+…``; None where it cannot be one."""
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
    # A trunk prefix after the country code is left out only where that makes a number of it.
    is_as_given = compact.startswith("+") and not phonenumbers.is_valid_number(number)
    return compact if is_as_given else e164
