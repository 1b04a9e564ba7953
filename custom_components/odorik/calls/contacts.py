"""Whom people mean when they write a name instead of a number."""

from collections.abc import Iterable
import re
from typing import Final
import unicodedata

from ..api import SpeedDial

_WORD: Final = re.compile(r"\w+")


def find_contacts(name: str, contacts: Iterable[SpeedDial]) -> list[SpeedDial]:
    """List the contacts whose names begin with the words of ``name``.

    Only whole words count, so that a call never goes to "Janata" when "Jan" is meant; case and
    accents are passed over.
    """
    words = _words(name)
    return [
        contact
        for contact in contacts
        if words and contact.name and _words(contact.name)[: len(words)] == words
    ]


def is_name(text: str, contacts: Iterable[SpeedDial]) -> bool:
    """Whether a text is the whole name of a contact; case and accents are ignored."""
    return any(is_same_name(text, contact.name) for contact in contacts)


def is_same_name(one: str, other: str | None) -> bool:
    """Whether two names are the same; case and accents are ignored."""
    return bool(words := _words(one)) and words == _words(other or "")


def _words(name: str) -> list[str]:
    """Take a name apart, without its accents."""
    return _WORD.findall(fold_text(name))


def fold_text(text: str) -> str:
    """Write a text without case and accents, as people type it in haste."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
