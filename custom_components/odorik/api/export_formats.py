"""The forms in which the operator hands out the history, and how many records a page of each holds.

Only the names of JSON are documented. A page that may be something else than calls is refused: it
would become a file, and replace one.
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
"""So many make a table of calls, whatever they are called; the documented record has fifteen."""

_DELIMITERS: Final = (",", ";", "\t", "|")
_CONTROL_CHARACTERS: Final = bytes(sorted({*range(0x20)} - set(b"\t\n\r")))
_CONTROL_CHARACTERS_TO_SPACES: Final = bytes.maketrans(
    _CONTROL_CHARACTERS, b" " * len(_CONTROL_CHARACTERS)
)
"""XML does not allow these characters at all, and one in a name must not cost all calls."""


class ExportFormat(StrEnum):
    """A form in which the operator hands out the history."""

    CSV = "csv"
    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportPage:
    """A page of the history as the operator wrote it, apart from what no program can read.

    Attributes:
        content: The page.
        records: How many records it has.
        unreadable: How many were left out.
    """

    content: bytes
    records: int
    unreadable: int = 0


def read_page(export_format: ExportFormat, body: bytes) -> ExportPage:
    """Check a page and count its records.

    Raises:
        OdorikApiError: the page is a refusal.
        OdorikConnectionError: the page is no page of calls.
    """
    raise_for_refusal(body)
    try:
        return _READERS[export_format](body)
    except ValueError, RecursionError, csv.Error:
        raise OdorikConnectionError(
            f"the answer is no page of calls in {export_format.upper()}"
        ) from None


def delimiter_of(header: str) -> str:
    """Tell what parts the columns of a table."""
    return max(_DELIMITERS, key=header.count)


def _read_csv(body: bytes) -> ExportPage:
    """Count the rows of a table below its header; only within quotes a line goes on.

    A byte-order mark stays: office programs need it.
    """
    table = body.removeprefix(BOM_UTF8).strip()
    header = next(iter(table.splitlines()), b"").decode(errors="replace")
    delimiter = delimiter_of(header)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    is_other_format = header[:1] in {"", "{", "[", "<"} or "\0" in header
    if is_other_format or ("id" not in names and len(names) < MIN_COLUMNS):
        raise ValueError("no table of calls")
    rows: Iterable[object] = table.splitlines()
    if b'"' in table:
        rows = csv.reader(io.StringIO(table.decode(errors="replace")), delimiter=delimiter)
    return ExportPage(content=body, records=sum(1 for row in rows if row) - 1)


def _read_json(body: bytes) -> ExportPage:
    """Count the objects of a list; a damaged one that cannot be repaired is left out."""
    rows, unreadable = split_rows(body)
    objects = [bytes(row) for row in rows]
    is_list = body.removeprefix(BOM_UTF8).lstrip().startswith(b"[")
    is_unusable = unreadable and not objects
    if (
        not is_list
        or is_unusable
        or not all(raw.startswith(b"{") and b'"id"' in raw for raw in objects)
    ):
        raise ValueError("no list of calls")
    content = b"[%b]" % b",\n".join(objects)
    return ExportPage(content=content, records=len(objects), unreadable=unreadable)


def _read_xml(body: bytes) -> ExportPage:
    """Count the elements in the root of an XML document, whatever they are called."""
    content = body.removeprefix(BOM_UTF8).strip().translate(_CONTROL_CHARACTERS_TO_SPACES)
    records = parse_document(content).elements
    root = parse_root(content)
    if root is None or local_name(root).lower() == "html" or (root.text or "").strip():
        raise ValueError("no document of calls")
    if records and not len(root[0]) and not root[0].attrib:
        raise ValueError("no call has nothing in it")
    return ExportPage(content=content, records=records)


_READERS: Final[dict[ExportFormat, Callable[[bytes], ExportPage]]] = {
    ExportFormat.CSV: _read_csv,
    ExportFormat.JSON: _read_json,
    ExportFormat.XML: _read_xml,
}
