"""The ways in which the exchange can word the same response.

The operator's documentation shows some responses and only names others. Public clients and other
descriptions differ in the rest; a client has to understand all of these variants.
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

OFTEN = 0.5
SELDOM = 0.2
CONTENT_TYPES = {"json": "application/json", "csv": "text/csv", "xml": "application/xml"}
CSV_LINE_ENDINGS = {",": "\n", ";": "\r\n"}

type Rows = list[dict[str, Any]]
type Reword = Callable[[Random, Any], Any]


def unchanged(_: Random, content: Any) -> Any:
    """Return a response as the operator's documentation shows it."""
    return content


def parents_as_text(none: str | None) -> Reword:
    """Return a function that writes parent IDs as text, and `none` without a parent."""

    def reword_row(row: Any) -> Any:
        if isinstance(row, dict) and "redirection_parent_id" in row:
            parent = row["redirection_parent_id"]
            return {**row, "redirection_parent_id": none if parent is None else str(parent)}
        return row

    def reword(_: Random, content: Any) -> Any:
        return [reword_row(row) for row in content] if isinstance(content, list) else content

    return reword


def all_as_text(rng: Random, content: Any) -> Any:
    """Write every number as text, and null as empty text."""
    if isinstance(content, dict):
        return {name: all_as_text(rng, value) for name, value in content.items()}
    if isinstance(content, list):
        return [all_as_text(rng, value) for value in content]
    if content is None:
        return ""
    return content if isinstance(content, bool) else str(content)


def without_nulls(rng: Random, content: Any) -> Any:
    """Omit fields that are null."""
    if isinstance(content, dict):
        return {
            name: without_nulls(rng, value) for name, value in content.items() if value is not None
        }
    if isinstance(content, list):
        return [without_nulls(rng, value) for value in content]
    return content


def with_quirks(rng: Random, content: Any, name: str = "") -> Any:
    """Shuffle rows, write numbers as text, and randomly add, omit and clear fields."""
    if isinstance(content, dict):
        row = {key: with_quirks(rng, value, key) for key, value in content.items()}
        if rng.random() < OFTEN:
            if row.get("answer_date", "") is None:
                del row["answer_date"]
            if row.get("type") == "sms":
                row = {**row, "direction": None}
                row.pop("type")
        return {**row, "unknown_field": {"any": ["thing"]}} if row else row
    if isinstance(content, list):
        return rng.sample([with_quirks(rng, value) for value in content], len(content))
    if name == "destination_name" and content == "SMS zpráva":
        return content
    if name in {"destination_name", "ringing_length"} and rng.random() < SELDOM:
        return None
    is_number = isinstance(content, int | float) and not isinstance(content, bool)
    return str(content) if is_number else content


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way to word responses.

    Attributes:
        error_templates: Error responses by format (`csv`, `xml`), with `{code}`. Errors in JSON are
            the same in all dialects, all others are plain text.
        bom: Byte-order mark of a CSV table.
        root, row: Names of XML elements, if they differ from the usual ones.
        is_compact: True if XML is written without line breaks.
        zone: The time zone of times that do not name one.
    """

    summary: str
    reword: Reword = unchanged
    newest_first: bool = False
    error_templates: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    bom: str = ""
    root: str = ""
    row: str = ""
    is_compact: bool = False
    zone: tzinfo = PRAGUE

    def error_response(self, path: str, code: str) -> web.Response:
        """Return an error in the format of the endpoint, always with status 200."""
        form = path.rpartition("/")[2].rpartition(".")[2]
        if form == "json":
            return web.Response(text=dump({"errors": [code]}), content_type="application/json")
        if form in self.error_templates:
            text = self.error_templates[form].format(code=escape(code))
            return web.Response(text=text, content_type=CONTENT_TYPES[form], charset="utf-8")
        return web.Response(text=f"error {code}", content_type="text/plain")

    def to_csv(self, names: list[str], rows: Rows) -> str:
        """Format rows as CSV with a header of field names."""
        text = io.StringIO()
        text.write(self.bom)
        writer = csv.DictWriter(
            text,
            names,
            delimiter=self.delimiter,
            lineterminator=CSV_LINE_ENDINGS[self.delimiter],
            quoting=csv.QUOTE_ALL if self.bom else csv.QUOTE_MINIMAL,
        )
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def to_xml(self, rows: Rows, *, root: str = "calls", row: str = "call") -> str:
        """Format rows as XML with an element for each row and each field."""
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
    """Return a value as JSON without escaping non-ASCII characters."""
    return json.dumps(value, ensure_ascii=False)


DIALECTS: dict[str, Dialect] = {
    "documented": Dialect(
        summary="as the operator's documentation shows it; times without a zone are local",
    ),
    "live": Dialect(
        summary="as the service responds now: parent IDs as text, null for none",
        reword=parents_as_text(None),
    ),
    "utc": Dialect(
        summary="times without a zone are UTC instead of local",
        zone=UTC,
    ),
    "described": Dialect(
        summary='parent IDs as text, "" for none; CSV errors have a header and a row',
        reword=parents_as_text(""),
        error_templates={
            "csv": "errors\n{code}\n",
            "xml": '<?xml version="1.0"?>\n<hash><errors type="array"><error>{code}</error>'
            "</errors></hash>\n",
        },
    ),
    "text": Dialect(
        summary="every number as text, null as empty text",
        reword=all_as_text,
        error_templates={"xml": "<errors><error>{code}</error></errors>"},
    ),
    "backwards": Dialect(
        summary="newest row first, fields without a value omitted",
        reword=without_nulls,
        newest_first=True,
    ),
    "sheets": Dialect(
        summary="CSV as spreadsheet programs write it: byte order mark, semicolons, quotes",
        delimiter=";",
        bom="\ufeff",
        root="hovory",
        row="hovor",
        is_compact=True,
        error_templates={
            "csv": '\ufeff"status";"errors"\r\n"error";"{code}"\r\n',
            "xml": "<odpoved><status>error</status><errors>{code}</errors></odpoved>",
        },
    ),
    "quirks": Dialect(
        summary="numbers as text, rows shuffled, fields missing, null or unknown",
        reword=with_quirks,
    ),
}
