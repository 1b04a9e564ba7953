"""The slips that hassfest finds most often, and those that it does not look for in Czech.

CI runs the real hassfest. tests/test_translations.py compares the texts with the code.
"""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.helpers.selector import validate_selector
from homeassistant.util.yaml import load_yaml_dict
import pytest

INTEGRATION = Path(__file__).parents[2] / "custom_components/odorik"
DESCRIBED = ("services.yaml", "triggers.yaml", "conditions.yaml")
TEXTS = ("translations/en.json", "translations/cs.json", "icons.json")
KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
SLIPS = {
    "HTML": re.compile(r"<[a-z/]"),
    "an address, which a placeholder has to bring": re.compile(r"\w+://\w|\bwww\.\w"),
    "a reference that only texts of core may have": re.compile(r"\[%"),
    "a placeholder in single quotes": re.compile(r"'{\w+}'"),
    "a placeholder without a name": re.compile(r"{(?![A-Za-z_]\w*})"),
    "spaces at an end": re.compile(r"^\s|\s$"),
}


def load(name: str) -> dict[str, Any]:
    """Return the content of a JSON or YAML file of the integration."""
    path = INTEGRATION / name
    if path.suffix == ".yaml":
        return load_yaml_dict(str(path))
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def pairs(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a tree with its value, at all depths."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            yield from pairs(value)


def slips(text: str) -> list[str]:
    """Return what a text must not contain and does."""
    return [slip for slip, pattern in SLIPS.items() if pattern.search(text)]


@pytest.mark.parametrize("name", DESCRIBED)
def test_actions_triggers_and_conditions_are_valid(name: str) -> None:
    """Names are slugs, selectors are Home Assistant's, and no example is empty."""
    tree = {key: entry for key, entry in load(name).items() if not key.startswith(".")}
    fields = [pair for entry in tree.values() for pair in pairs((entry or {}).get("fields"))]
    assert [key for key in tree if not re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", key)] == []
    assert [key for key, value in fields if key in {"example", "default"} and value is None] == []
    for key, value in fields:
        if key == "selector":
            validate_selector(value)


@pytest.mark.parametrize("name", TEXTS)
def test_keys_and_texts_have_the_form_that_hassfest_demands(name: str) -> None:
    """Hassfest reads English only, but Czech is shown by the same Home Assistant."""
    found = list(pairs(load(name)))
    assert [key for key, _ in found if not KEY.fullmatch(key)] == []
    texts = [(key, value) for key, value in found if isinstance(value, str)]
    assert {key: slips(text) for key, text in texts if slips(text)} == {}
    if name == "icons.json":
        assert [text for _, text in texts if not re.fullmatch(r"mdi:[a-z0-9-]+", text)] == []


@pytest.mark.parametrize(
    "text", ["<b>no</b>", "https://odorik.cz", "[%key:x%]", "not '{this}'", "nor {} this", "no "]
)
def test_a_slip_is_found(text: str) -> None:
    """Each of the patterns finds its own example."""
    assert len(slips(text)) == 1
