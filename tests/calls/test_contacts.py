"""Test how contacts are found by name."""

import pytest

from custom_components.odorik.api import SpeedDial
from custom_components.odorik.calls.contacts import find_contacts, fold_text, is_name

from .phones import JAN

CONTACTS = [
    SpeedDial(number=JAN, name=name) for name in ("Jan Novák", "Janata", "Jan", "Jana", None, "")
]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jan", ["Jan Novák", "Jan"]),
        ("jan novak", ["Jan Novák"]),
        ("JAN NOVÁK", ["Jan Novák"]),
        ("Novák", []),
        ("jan novák mobil", []),
        ("jana", ["Jana"]),
        ("", []),
        ("–", []),  # noqa: RUF001
    ],
)
def test_a_contact_is_found_by_the_first_words_of_its_name(words: str, found: list[str]) -> None:
    """Whole words are compared, so that no paid callback goes to another contact."""
    assert [contact.name for contact in find_contacts(words, CONTACTS)] == found


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [("jan novak", True), ("JANA", True), ("Novák", False), ("jan n", False), ("", False)],
)
def test_a_whole_name_is_recognized(text: str, *, is_whole: bool) -> None:
    """A part of a name is not the name; a contact without a name matches nothing."""
    assert is_name(text, CONTACTS) is is_whole


def test_case_and_accents_are_folded() -> None:
    """People type names without accents."""
    assert fold_text("Příšerně ŽLUŤOUČKÝ Straße") == "priserne zlutoucky strasse"
