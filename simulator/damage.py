"""Answers in JSON of which one record cannot be read.

A stand-in for development, tests and the demo.
"""

import json
from typing import Any

from .dialects import dump

DAMAGES = {
    "nan": "NaN",
    "half_emoji": r'"\ud83d"',
    "raw_tab": '"a\tb"',
    "bad_escape": r'"\x"',
    "cut_record": None,
}
"""What stands in place of a value; without one the record ends in its middle."""
FIELDS = {
    "nan": ("price", "count", "price_per_minute"),
    "other": ("destination_name", "name", "destination"),
}
"""The fields that are damaged unless one is named: the first that the record has."""


def damaged(text: str, mode: str, *, record: int | None = None, field: str = "") -> str:
    """Return an answer of which one record is damaged: that with an id, or the last one.

    An answer that is no JSON, or does not have the record, stays as it is.
    """
    try:
        answer = json.loads(text)
    except ValueError:
        return text
    rows = answer if isinstance(answer, list) else [answer]
    fits = [
        place
        for place, row in enumerate(rows)
        if isinstance(row, dict) and row and record in {None, row.get("id")}
    ]
    if not fits:
        return text
    written = [dump(row) for row in rows]
    written[fits[-1]] = _damaged(
        rows[fits[-1]], DAMAGES[mode], field or _field(rows[fits[-1]], mode)
    )
    joined = ", ".join(written)
    return f"[{joined}]" if isinstance(answer, list) else joined


def _field(row: dict[str, Any], mode: str) -> str:
    known = (name for name in FIELDS.get(mode, FIELDS["other"]) if name in row)
    return next(known, list(row)[-1])


def _damaged(row: dict[str, Any], token: str | None, field: str) -> str:
    if token is None:
        text = dump(row)
        return text[: len(text) // 2]
    values = {name: token if name == field else dump(value) for name, value in row.items()}
    return "{" + ", ".join(f"{dump(name)}: {value}" for name, value in values.items()) + "}"
