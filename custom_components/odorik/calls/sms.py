"""Prepare text messages: characters, encoding and number of parts (3GPP TS 23.038 and 23.040)."""

# ruff: noqa: RUF001 - Similar characters are what the tables are about.

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final
import unicodedata

MAX_LENGTH: Final = 765
"""Septets or UTF-16 code units; the operator cuts longer messages."""

_MAX_INPUT_LENGTH: Final = 10 * MAX_LENGTH
"""Characters. Longer texts are refused unread, so that none blocks the event loop."""

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM-7, without the carriage return, which is not in prepared texts."""
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
"""Characters of GSM-7 that take two septets."""
_GSM7: Final = _BASIC | _EXTENSION

_REPLACEMENTS: Final = str.maketrans(
    dict(zip("ŁłØøĐđÐðıµ×·⁄•\t", "LlOoDdDdiux./- ", strict=True))
    | dict.fromkeys("„“”‟«»″", '"')
    | dict.fromkeys("‚‘’‛‹›′ʼ`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u2028\u2029", "\n")
    | {
        "ß": "ss",
        "ẞ": "SS",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
        "œ": "oe",
        "Þ": "Th",
        "þ": "th",
        # A temperature is as clear without the degree sign.
        "°": "",
        "±": "+/-",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "←": "<-",
    }
)
"""Characters that compatibility decomposition does not reduce to GSM-7."""
_REMOVED_CATEGORIES: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
"""Combining marks, and invisible format and control characters."""

_MODIFIERS: Final = (
    r"[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
)
"""Accents, keycaps, presentation selectors, skin tones, and the tags of regional flags."""
_USER_CHARACTER: Final = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|.{_MODIFIERS}(?:\u200d.{_MODIFIERS})*", re.DOTALL
)
"""One character as displayed, such as a flag or a joined sequence of emoji."""


class SmsEncoding(StrEnum):
    """Encoding of a text message."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


_PART_LENGTHS: Final = {SmsEncoding.GSM7: (160, 153), SmsEncoding.UCS2: (70, 67)}
"""The length of a single part, and of each of several parts, which begin with a header."""


@dataclass(frozen=True, slots=True)
class SmsText:
    """A text as it is sent.

    Attributes:
        text: The text.
        encoding: The encoding that the text needs.
        length: The number of septets (GSM-7) or UTF-16 code units (UCS-2).
        parts: The number of messages that are billed; 0 for an empty text.
    """

    text: str
    encoding: SmsEncoding
    length: int
    parts: int


class UnsupportedCharactersError(ValueError):
    """A text has characters that cannot be replaced by characters of GSM-7.

    Attributes:
        characters: The characters, each once, in order of appearance.
    """

    def __init__(self, characters: str) -> None:
        super().__init__("the message has unsupported characters")
        self.characters = characters


class MessageTooLongError(ValueError):
    """A text is longer than the operator accepts.

    Attributes:
        length: The length in septets or UTF-16 code units.
    """

    def __init__(self, length: int) -> None:
        super().__init__(f"the message has {length} characters, at most {MAX_LENGTH} are possible")
        self.length = length


def prepare(message: str, *, keep_accents: bool = False) -> SmsText:
    """Return a message as it is sent, with its encoding and number of parts.

    Line ends become line feeds, and characters are composed. Unless ``keep_accents`` is set,
    accents are removed and typographic characters replaced, so that the text fits GSM-7.

    Raises:
        UnsupportedCharactersError: A character cannot be replaced.
        MessageTooLongError: The text is longer than ``MAX_LENGTH``.
    """
    if len(message) > _MAX_INPUT_LENGTH:
        raise MessageTooLongError(len(message))
    # Unpaired surrogates cannot be sent and become replacement characters.
    text = message.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text)
    if not keep_accents:
        text = _without_accents(text)
    encoding = SmsEncoding.GSM7 if _GSM7.issuperset(text) else SmsEncoding.UCS2
    sizes = list(_sizes(text, encoding))
    length = sum(sizes)
    if length > MAX_LENGTH:
        raise MessageTooLongError(length)
    return SmsText(text, encoding, length, _count_parts(sizes, *_PART_LENGTHS[encoding]))


def _without_accents(text: str) -> str:
    """Return a text in GSM-7 without accents."""
    reduced = _reduce(text)
    if _GSM7.issuperset(reduced):
        return reduced
    seen = dict.fromkeys(_USER_CHARACTER.findall(text))
    raise UnsupportedCharactersError(
        "".join(character for character in seen if not _GSM7.issuperset(_reduce(character)))
    )


def _reduce(text: str) -> str:
    """Replace characters by their basic forms, and remove marks and invisible characters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_REPLACEMENTS))
    return "".join(
        character
        for character in decomposed.translate(_REPLACEMENTS)
        if character in _GSM7 or unicodedata.category(character) not in _REMOVED_CATEGORIES
    )


def _sizes(text: str, encoding: SmsEncoding) -> Iterator[int]:
    """Yield the length of each character."""
    for character in text:
        is_gsm7 = encoding is SmsEncoding.GSM7
        yield 2 if (character in _EXTENSION if is_gsm7 else character > "\uffff") else 1


def _count_parts(sizes: list[int], single: int, joined: int) -> int:
    """Return the number of parts; a character is never divided between two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    parts, free = 1, joined
    for size in sizes:
        if size > free:
            parts, free = parts + 1, joined
        free -= size
    return parts
