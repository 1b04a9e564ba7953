"""Check the pages of an export, and count the records in each format.

Only the field names of JSON are documented. Pages that may not contain calls are rejected, because
an export may replace an existing file.
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
import csv
from dataclasses import dataclass
from enum import StrEnum
import io
from typing import Final

from .decoding import split_rows
from .exceptions import OdorikConnectionError
from .refusals import raise_for_refusal
from .xml import local_name, parse_document, parse_root

MIN_COLUMNS: Final = 8
"""A table with this many columns, regardless of their names, contains calls; a documented record
has fifteen fields."""

_DELIMITERS: Final = (",", ";", "\t", "|")
_CONTROL_CHARACTERS: Final = bytes(sorted({*range(0x20)} - set(b"\t\n\r")))
_CONTROL_CHARACTERS_TO_SPACES: Final = bytes.maketrans(
    _CONTROL_CHARACTERS, b" " * len(_CONTROL_CHARACTERS)
)
"""XML does not allow control characters; one in a name must not make the whole page unreadable."""


class ExportFormat(StrEnum):
    """Export formats of the operator."""

    CSV = "csv"
    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportPage:
    """A page of the history in the operator's format, without unreadable records.

    Attributes:
        content: The page.
        records: The number of records.
        unreadable: The number of records that were left out.
    """

    content: bytes
    records: int
    unreadable: int = 0


def read_page(export_format: ExportFormat, body: bytes) -> ExportPage:
    """Check a page and count its records.

    Raises:
        OdorikApiError: The page is an error of the API.
        OdorikConnectionError: The page does not contain calls.
    """
    raise_for_refusal(body)
    try:
        return _READERS[export_format](body)
    except ValueError, RecursionError, csv.Error:
        raise OdorikConnectionError(
            f"the response is not a page of calls in {export_format.upper()}"
        ) from None


def delimiter_of(header: str) -> str:
    """Return the column delimiter of a table."""
    return max(_DELIMITERS, key=header.count)


def _read_csv(body: bytes) -> ExportPage:
    """Count the rows of a table without its header.

    Only quoted fields may contain line breaks. A byte-order mark is kept, because office
    applications need it.
    """
    table = body.removeprefix(BOM_UTF8).strip()
    header = next(iter(table.splitlines()), b"").decode(errors="replace")
    delimiter = delimiter_of(header)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    is_other_format = header[:1] in {"", "{", "[", "<"} or "\0" in header
    if is_other_format or ("id" not in names and len(names) < MIN_COLUMNS):
        raise ValueError("not a table of calls")
    rows: Iterable[object] = table.splitlines()
    if b'"' in table:
        rows = csv.reader(io.StringIO(table.decode(errors="replace")), delimiter=delimiter)
    return ExportPage(content=body, records=sum(1 for row in rows if row) - 1)


def _read_json(body: bytes) -> ExportPage:
    """Count the objects of a list; leave out those that cannot be repaired."""
    rows, unreadable = split_rows(body)
    objects = [bytes(row) for row in rows]
    is_list = body.removeprefix(BOM_UTF8).lstrip().startswith(b"[")
    is_unusable = unreadable and not objects
    if (
        not is_list
        or is_unusable
        or not all(raw.startswith(b"{") and b'"id"' in raw for raw in objects)
    ):
        raise ValueError("not a list of calls")
    content = b"[%b]" % b",\n".join(objects)
    return ExportPage(content=content, records=len(objects), unreadable=unreadable)


def _read_xml(body: bytes) -> ExportPage:
    """Count the child elements of the root, regardless of their names."""
    content = body.removeprefix(BOM_UTF8).strip().translate(_CONTROL_CHARACTERS_TO_SPACES)
    records = parse_document(content).elements
    root = parse_root(content)
    if root is None or local_name(root).lower() == "html" or (root.text or "").strip():
        raise ValueError("not a document of calls")
    if records and not len(root[0]) and not root[0].attrib:
        raise ValueError("a call has no fields")
    return ExportPage(content=content, records=records)


_READERS: Final[dict[ExportFormat, Callable[[bytes], ExportPage]]] = {
    ExportFormat.CSV: _read_csv,
    ExportFormat.JSON: _read_json,
    ExportFormat.XML: _read_xml,
}
