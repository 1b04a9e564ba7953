"""Find contacts by name."""

from collections.abc import Iterable
import re
from typing import Final
import unicodedata

from ..api import SpeedDial

_WORD: Final = re.compile(r"\w+")


def find_contacts(name: str, contacts: Iterable[SpeedDial]) -> list[SpeedDial]:
    """Return the contacts whose names begin with the words of ``name``.

    Only whole words match: "Jan" must not call "Janata". Case and accents are ignored.
    """
    words = _words(name)
    return [
        contact
        for contact in contacts
        if words and contact.name and _words(contact.name)[: len(words)] == words
    ]


def is_name(text: str, contacts: Iterable[SpeedDial]) -> bool:
    """Return whether a text is the full name of a contact, ignoring case and accents."""
    return any(is_same_name(text, contact.name) for contact in contacts)


def is_same_name(one: str, other: str | None) -> bool:
    """Return whether two names are the same, ignoring case and accents."""
    return bool(words := _words(one)) and words == _words(other or "")


def _words(name: str) -> list[str]:
    """Split a name into words without case and accents."""
    return _WORD.findall(fold_text(name))


def fold_text(text: str) -> str:
    """Remove case and accents from a text."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
