"""Join the pages of an export into one document."""

from codecs import BOM_UTF8
from collections.abc import Iterator
import csv
import io
import shutil
import tempfile
from typing import BinaryIO, Final, Protocol

from .exceptions import OdorikConnectionError
from .export_formats import ExportFormat, delimiter_of
from .xml import Document, parse_document


class PageJoiner(Protocol):
    """Joins pages into one document."""

    def add(self, file: BinaryIO, page: bytes) -> None:
        """Append a page to the file."""

    def finish(self, file: BinaryIO) -> None:
        """Close the document."""


class _Json:
    """Joins lists."""

    def __init__(self) -> None:
        self._is_empty = True

    def add(self, file: BinaryIO, page: bytes) -> None:
        """Append the rows of a list."""
        if rows := page.strip()[1:-1].strip():
            file.write(b"[\n" if self._is_empty else b",\n")
            file.write(rows)
            self._is_empty = False

    def finish(self, file: BinaryIO) -> None:
        """End the list."""
        file.write(b"[]\n" if self._is_empty else b"\n]\n")


class _Xml:
    """Joins the elements below the roots, in the root of the first page."""

    def __init__(self) -> None:
        self._first: Document | None = None

    def add(self, file: BinaryIO, page: bytes) -> None:
        """Append the content of the root."""
        document = parse_document(page)
        if self._first is None:
            self._first = document
            file.write(document.opening)
        elif document.encoding != self._first.encoding:
            raise OdorikConnectionError("the pages have different encodings")
        file.write(document.content)

    def finish(self, file: BinaryIO) -> None:
        """Close the root."""
        if self._first is not None:
            file.write(self._first.closing + b"\n")


class _Csv:
    """Joins tables; columns that only later pages have are added to the right."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._delimiter = ","

    def add(self, file: BinaryIO, page: bytes) -> None:
        """Append the rows of a page, unchanged if the columns are the same."""
        mark = BOM_UTF8 if page.startswith(BOM_UTF8) else b""
        table = page.removeprefix(BOM_UTF8).lstrip(b"\r\n")
        table = table if table.endswith(b"\n") else table + b"\n"
        header, _, rows = table.partition(b"\n")
        if not self._names:
            self._delimiter = delimiter_of(header.decode(errors="replace"))
        names = next(self._read(io.BytesIO(header)), [])
        if not self._names:
            file.write(mark + table)
            self._names = names
        elif names == self._names:
            file.write(rows)
        elif rows.strip():
            self._widen(file, names)
            self._write(file, io.BytesIO(table))

    def finish(self, file: BinaryIO) -> None:
        """Do nothing: a table needs no end."""

    def _widen(self, file: BinaryIO, names: list[str]) -> None:
        """Rewrite the previous rows if a page has new columns."""
        if new := [name for name in names if name not in self._names]:
            self._names += new
            with tempfile.TemporaryFile() as old:
                file.seek(0)
                shutil.copyfileobj(file, old)
                old.seek(0)
                file.seek(0)
                file.truncate()
                file.write(self._delimiter.join(self._names).encode() + b"\n")
                self._write(file, old)

    def _write(self, file: BinaryIO, table: BinaryIO) -> None:
        """Append the rows of a table, which has a header, in the columns of the file."""
        rows = self._read(table)
        names = next(rows, [])
        text = io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="", write_through=True)
        writer = csv.DictWriter(
            text, self._names, restval="", delimiter=self._delimiter, lineterminator="\n"
        )
        writer.writerows(dict(zip(names, row, strict=False)) for row in rows if row)
        text.detach()

    def _read(self, table: BinaryIO) -> Iterator[list[str]]:
        """Return a reader of the header and the rows of a table."""
        text = io.TextIOWrapper(table, "utf-8-sig", "surrogateescape", newline="")
        return csv.reader(text, delimiter=self._delimiter)


_JOINERS: Final[dict[ExportFormat, type[PageJoiner]]] = {
    ExportFormat.CSV: _Csv,
    ExportFormat.JSON: _Json,
    ExportFormat.XML: _Xml,
}


def create_joiner(export_format: ExportFormat) -> PageJoiner:
    """Create the joiner for the pages of a format."""
    return _JOINERS[export_format]()
