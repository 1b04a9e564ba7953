"""The mistakes that hassfest finds most often, including those in Czech, which it does not check.

CI runs hassfest itself. test_translations.py compares the texts with the code.
"""

import re

from homeassistant.helpers.selector import validate_selector
import pytest

from .texts import CZECH, DESCRIPTIONS, ENGLISH, load, pairs

KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MISTAKES = {
    "HTML": re.compile(r"<[a-z/]"),
    "a URL, which has to be a placeholder": re.compile(r"\w+://\w|\bwww\.\w"),
    "a reference, which only core may use": re.compile(r"\[%"),
    "a placeholder in single quotes": re.compile(r"'{\w+}'"),
    "a placeholder without a name": re.compile(r"{(?![A-Za-z_]\w*})"),
    "a space at an end": re.compile(r"^\s|\s$"),
}


def mistakes(text: str) -> list[str]:
    """Return the mistakes in a text."""
    return [mistake for mistake, pattern in MISTAKES.items() if pattern.search(text)]


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_actions_triggers_and_conditions_are_valid(name: str) -> None:
    """Names are slugs, selectors are Home Assistant's, and no example or default is empty."""
    tree = load(name)
    fields = [pair for entry in tree.values() for pair in pairs((entry or {}).get("fields"))]
    assert [key for key in tree if not re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", key)] == []
    assert [key for key, value in fields if key in {"example", "default"} and value is None] == []
    for key, value in fields:
        if key == "selector":
            validate_selector(value)


@pytest.mark.parametrize("name", [ENGLISH, CZECH, "icons.json"])
def test_keys_and_texts_are_valid(name: str) -> None:
    """Keys are lower case, texts contain no mistakes, and icons are icons."""
    found = list(pairs(load(name)))
    assert [key for key, _ in found if not KEY.fullmatch(key)] == []
    texts = [(key, value) for key, value in found if isinstance(value, str)]
    assert {key: mistakes(text) for key, text in texts if mistakes(text)} == {}
    if name == "icons.json":
        assert [text for _, text in texts if not re.fullmatch(r"mdi:[a-z0-9-]+", text)] == []


@pytest.mark.parametrize(
    "text", ["<b>no</b>", "https://odorik.cz", "[%key:x%]", "not '{this}'", "nor {} this", "no "]
)
def test_a_mistake_is_found(text: str) -> None:
    """Each pattern finds its mistake, and no other pattern does."""
    assert len(mistakes(text)) == 1
