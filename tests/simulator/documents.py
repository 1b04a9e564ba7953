"""The answers that the operator documents, to hold the exchange to."""

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "api" / "fixtures"
ALWAYS = {"from_": "2010-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}


def documented(name: str) -> Any:
    """Return a documented answer."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text


def shape(value: Any) -> Any:
    """Return the names and types of an answer without what it says."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__
