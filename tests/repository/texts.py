"""Files of the integration that contain texts, or describe what has texts."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

INTEGRATION = Path(__file__).parents[2] / "custom_components/odorik"
ENGLISH = "translations/en.json"
CZECH = "translations/cs.json"
DESCRIPTIONS = ("services.yaml", "triggers.yaml", "conditions.yaml")

type Tree = dict[str, Any]


def load(name: str) -> Tree:
    """Return the content of a JSON or YAML file of the integration, without its YAML anchors."""
    path = INTEGRATION / name
    content: Tree = (
        json.loads(path.read_text("utf-8")) if path.suffix == ".json" else load_yaml_dict(str(path))
    )
    return {key: value for key, value in content.items() if not key.startswith(".")}


def pairs(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a tree with its value, however deeply nested."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            yield from pairs(value)


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every leaf of a tree."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, str(tree)
