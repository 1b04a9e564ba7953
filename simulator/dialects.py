"""The ways in which the exchange can word one and the same answer.

The operator's document shows some answers and names others; what it leaves open, public clients and
descriptions fill in differently. A client has to understand all of these.
"""

from collections.abc import Callable, Mapping
import csv
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
import io
import json
from random import Random
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from aiohttp import web

from .world import PRAGUE

HALF = 0.5
SELDOM = 0.2
CONTENT_TYPES = {"json": "application/json", "csv": "text/csv", "xml": "application/xml"}
TABLE_LINE_ENDS = {",": "\n", ";": "\r\n"}

type Rows = list[dict[str, Any]]
type Reword = Callable[[Random, Any], Any]


def as_it_is(_: Random, answer: Any) -> Any:
    """Return an answer as the operator's document has it."""
    return answer


def parents_as_text(none: str | None) -> Reword:
    """Write the ids of parents as text, and `none` where there is no parent."""

    def reword(row: Any) -> Any:
        if isinstance(row, dict) and "redirection_parent_id" in row:
            parent = row["redirection_parent_id"]
            return {**row, "redirection_parent_id": none if parent is None else str(parent)}
        return row

    def reword_all(_: Random, answer: Any) -> Any:
        return [reword(row) for row in answer] if isinstance(answer, list) else answer

    return reword_all


def all_as_text(chance: Random, answer: Any) -> Any:
    """Return every number as text, and what is null as no text."""
    if isinstance(answer, dict):
        return {name: all_as_text(chance, inner) for name, inner in answer.items()}
    if isinstance(answer, list):
        return [all_as_text(chance, inner) for inner in answer]
    if answer is None:
        return ""
    return answer if isinstance(answer, bool) else str(answer)


def without_nulls(chance: Random, answer: Any) -> Any:
    """Leave out what is null."""
    if isinstance(answer, dict):
        return {n: without_nulls(chance, it) for n, it in answer.items() if it is not None}
    if isinstance(answer, list):
        return [without_nulls(chance, inner) for inner in answer]
    return answer


def loosened(chance: Random, answer: Any, name: str = "") -> Any:
    """Return what the least tidy exchange would say: shuffled, with gaps and new fields."""
    if isinstance(answer, dict):
        row = {key: loosened(chance, inner, key) for key, inner in answer.items()}
        if chance.random() < HALF:
            if row.get("answer_date", "") is None:
                del row["answer_date"]
            if row.get("type") == "sms":
                row = {**row, "direction": None}
                row.pop("type")
        return {**row, "field_of_tomorrow": {"any": ["thing"]}} if row else row
    if isinstance(answer, list):
        return chance.sample([loosened(chance, inner) for inner in answer], len(answer))
    if name == "destination_name" and answer == "SMS zpráva":
        return answer
    if name in {"destination_name", "ringing_length"} and chance.random() < SELDOM:
        return None
    numeric = isinstance(answer, int | float) and not isinstance(answer, bool)
    return str(answer) if numeric else answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way to word answers.

    `refusals` are by form (`json`, `csv`, `xml`), with the code for `{code}`; every other answer is
    refused as plain text. `mark` stands before a table, whose fields `delimiter` parts. A document
    that `is_compact` stands on one line. `zone` is what a time without a zone is taken for.
    """

    summary: str
    reword: Reword = as_it_is
    newest_first: bool = False
    refusals: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    mark: str = ""
    root: str = ""
    row: str = ""
    is_compact: bool = False
    zone: tzinfo = PRAGUE

    def refused(self, path: str, code: str) -> web.Response:
        """Return a refusal in the form of the endpoint: HTTP 200 in any case."""
        form = path.rpartition("/")[2].rpartition(".")[2]
        if form == "json":
            return web.Response(text=dump({"errors": [code]}), content_type="application/json")
        if form in self.refusals:
            text = self.refusals[form].format(code=escape(code))
            return web.Response(text=text, content_type=CONTENT_TYPES[form], charset="utf-8")
        return web.Response(text=f"error {code}", content_type="text/plain")

    def table(self, names: list[str], rows: Rows) -> str:
        """Write rows as CSV, each under its field's name."""
        text = io.StringIO()
        text.write(self.mark)
        writer = csv.DictWriter(
            text,
            names,
            delimiter=self.delimiter,
            lineterminator=TABLE_LINE_ENDS[self.delimiter],
            quoting=csv.QUOTE_ALL if self.mark else csv.QUOTE_MINIMAL,
        )
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def document(self, rows: Rows, *, root: str = "calls", row: str = "call") -> str:
        """Write rows as XML: one element a row, one a field, each on a line of its own."""
        tree = ET.Element(self.root or root)
        for fields in rows:
            element = ET.SubElement(tree, self.row or row)
            for name, value in fields.items():
                ET.SubElement(element, name).text = None if value is None else str(value)
        if not self.is_compact:
            ET.indent(tree)
        text = ET.tostring(tree, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def dump(value: object) -> str:
    """Write JSON as the operator does, in plain UTF-8."""
    return json.dumps(value, ensure_ascii=False)


DIALECTS: dict[str, Dialect] = {
    "documented": Dialect(
        summary="as the operator's document shows it; a time without a zone is local",
    ),
    "live": Dialect(
        summary="as the service answers now: parent ids as text, null for none",
        reword=parents_as_text(None),
    ),
    "utc": Dialect(
        summary="a time without a zone is taken for UTC, not for local time",
        zone=UTC,
    ),
    "described": Dialect(
        summary='parent ids as text, "" for none; a table refuses with a header and a row',
        reword=parents_as_text(""),
        refusals={
            "csv": "errors\n{code}\n",
            "xml": '<?xml version="1.0"?>\n<hash><errors type="array"><error>{code}</error>'
            "</errors></hash>\n",
        },
    ),
    "text": Dialect(
        summary="every number as text, and no text where there is no value",
        reword=all_as_text,
        refusals={"xml": "<errors><error>{code}</error></errors>"},
    ),
    "backwards": Dialect(
        summary="the newest row first, and no field where there is no value",
        reword=without_nulls,
        newest_first=True,
    ),
    "sheets": Dialect(
        summary="tables as office programs write them: a mark, semicolons, quotes",
        delimiter=";",
        mark="\ufeff",
        root="hovory",
        row="hovor",
        is_compact=True,
        refusals={
            "csv": '\ufeff"status";"errors"\r\n"error";"{code}"\r\n',
            "xml": "<odpoved><status>error</status><errors>{code}</errors></odpoved>",
        },
    ),
    "quirks": Dialect(
        summary="numbers as text, rows shuffled, fields that are missing, null or new",
        reword=loosened,
    ),
}
