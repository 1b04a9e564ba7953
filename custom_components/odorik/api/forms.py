"""The forms in which the operator hands out the history, and how many records a page of each holds.

Only the names of JSON are documented. A page that may be something else than calls is refused: it
would become a file, and replace one.
"""

from codecs import BOM_UTF8
from collections.abc import Callable
import csv
from enum import StrEnum
import io
import re
from typing import Final

from msgspec import Raw, json

from .documents import beginning, name_of
from .exceptions import OdorikConnectionError
from .refusals import raise_for_refusal

MANY_COLUMNS: Final = 8
"""So many make a table of calls, whatever they are called; the documented record has fifteen."""

_DELIMITERS: Final = (",", ";", "\t", "|")
_raw_rows: Final = json.Decoder(list[Raw])


class ExportFormat(StrEnum):
    """A form in which the operator hands out the history."""

    CSV = "csv"
    JSON = "json"
    XML = "xml"


def count_records(form: ExportFormat, body: bytes) -> int:
    """Count the records of a page.

    Raises:
        OdorikApiError: the page is a refusal.
        OdorikConnectionError: the page is no page of calls.
    """
    raise_for_refusal(body)
    try:
        return _COUNTS[form](body.removeprefix(BOM_UTF8).strip())
    except ValueError, RecursionError, csv.Error:
        raise OdorikConnectionError(f"the answer is no page of calls in {form.upper()}") from None


def delimiter_of(header: str) -> str:
    """Tell what parts the columns of a table."""
    return max(_DELIMITERS, key=header.count)


def _count_lines(body: bytes) -> int:
    """Count the rows of a table below its header; only within quotes a line goes on."""
    header = next(iter(body.splitlines()), b"").decode(errors="replace")
    names = [
        name.strip().lower()
        for name in next(csv.reader([header], delimiter=delimiter_of(header)), [])
    ]
    if header[:1] in {"", "{", "[", "<"} or ("id" not in names and len(names) < MANY_COLUMNS):
        raise ValueError("no table of calls")
    quoted = csv.reader(io.StringIO(body.decode(errors="replace"))) if b'"' in body else None
    return sum(1 for row in quoted or body.splitlines() if row) - 1


def _count_objects(body: bytes) -> int:
    """Count the objects of a list."""
    rows = [bytes(row) for row in _raw_rows.decode(body)]
    if not all(row.startswith(b"{") and b'"id"' in row for row in rows):
        raise ValueError("no list of calls")
    return len(rows)


def _count_elements(body: bytes) -> int:
    """Count the elements in the root of an XML document, whatever they are called."""
    root = beginning(body)
    if root is None or name_of(root).lower() == "html" or (root.text or "").strip():
        raise ValueError("no document of calls")
    if not len(root):
        return 0
    if not len(root[0]) and not root[0].attrib:
        raise ValueError("no call has nothing in it")
    name = re.escape(name_of(root[0]).encode())
    return len(re.findall(rb"<(?:[\w.-]+:)?%b[\s/>]" % name, body))


_COUNTS: Final[dict[ExportFormat, Callable[[bytes], int]]] = {
    ExportFormat.CSV: _count_lines,
    ExportFormat.JSON: _count_objects,
    ExportFormat.XML: _count_elements,
}
