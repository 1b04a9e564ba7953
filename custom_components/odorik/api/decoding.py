"""Answers in JSON become records: at once where they are as documented, else as well as can be."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Raw, json
from msgspec.structs import fields

from .exceptions import OdorikConnectionError
from .models import CallTotals, Record
from .refusals import raise_for_refusal

_RAW_ROWS = json.Decoder(list[Raw])
_RAW_FIELDS = json.Decoder(dict[str, Raw])

_MOST_LOOSE_ROWS = 10_000
"""More rows in a form of their own are refused: reading them would hold up everything else."""


class _Fields[T: Record]:
    """Reads a record field by field, where it cannot be read as a whole."""

    def __init__(self, record: type[T]) -> None:
        """Prepare a decoder for each field."""
        self._record = record
        self._fields = [
            (it.name, it.encode_name, json.Decoder(it.type), it.required) for it in fields(record)
        ]

    def read(self, row: Raw) -> T | None:
        """Read what can be read; None where what a record must have is missing."""
        try:
            written = _RAW_FIELDS.decode(row)
        except ValueError, RecursionError:
            return None
        values: dict[str, Any] = {}
        for name, written_name, decoder, is_required in self._fields:
            try:
                value = decoder.decode(written.get(written_name, _NULL))
            except ValueError, RecursionError:
                value = _repaired(decoder, bytes(written.get(written_name, _NULL)))
            if value is not None:
                values[name] = value
            elif is_required:
                return None
        return self._record(**values)


_NULL = Raw(b"null")
_totals = _Fields(CallTotals)


def _repaired(decoder: json.Decoder[Any], written: bytes) -> Any:
    """Read a value in the first form that fits its field; None where none does."""
    for form in _forms(written):
        try:
            return decoder.decode(form)
        except ValueError, RecursionError:
            continue
    return _totals.read(Raw(written)) if decoder.type == CallTotals | None else None


def _forms(written: bytes) -> Iterator[bytes]:
    """List in JSON what an undocumented value may have been meant as, the likeliest first.

    Numbers are read without their quotes, as JSON, so that a text "NaN" is none.
    """
    if written[:1] in b'"-0123456789':
        text = written.strip(b'" ')
        number = text.replace(b",", b".")
        yield number
        yield number.removesuffix(b".0")
        yield b'"%b"' % text
        yield b'"%bZ"' % text


class Records[T: Record](list[T]):
    """The records of an answer.

    Attributes:
        is_whole: Whether every row of the answer could be read. What is missing in a list that is
            not whole may be there all the same.
    """

    def __init__(self, records: Iterable[T] = (), *, is_whole: bool = True) -> None:
        """Hold records."""
        super().__init__(records)
        self.is_whole = is_whole


class Rows[T: Record]:
    """Reads a list of records of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoders of the documented form."""
        self._documented = json.Decoder(list[record])  # type: ignore[valid-type]
        self._row = json.Decoder(record)
        self._fields = _Fields(record)

    def read(self, body: bytes) -> Records[T]:
        """Decode an answer; a record that cannot be read costs only itself.

        Raises:
            OdorikApiError: the answer is a refusal.
            OdorikConnectionError: the answer is no JSON of rows.
        """
        raise_for_refusal(body)
        try:
            rows = self._documented.decode(body)
        except ValueError, RecursionError:
            written = _rows(body)
            read = [record for row in written if (record := self._read_row(row)) is not None]
            if not read and body.lstrip()[:1] == b"{":
                # One record may stand for a list of one, but any other object is no empty list.
                raise OdorikConnectionError("the answer is no list of records") from None
            return Records(read, is_whole=len(read) == len(written))
        return Records(rows)

    def _read_row(self, row: Raw) -> T | None:
        """Decode one record, as documented or as well as it can be."""
        try:
            return self._row.decode(row)
        except ValueError, RecursionError:
            return self._fields.read(row)


class One[T: Record]:
    """Reads a single record of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoder of the documented form."""
        self._documented = json.Decoder(record)
        self._fields = _Fields(record)
        self._names = [b'"%b"' % it.encode_name.encode() for it in fields(record)]

    def read(self, body: bytes) -> T:
        """Decode an answer.

        Raises:
            OdorikApiError: the answer is a refusal.
            OdorikConnectionError: the answer is no such JSON.
        """
        raise_for_refusal(body)
        record: T | None
        try:
            record = self._documented.decode(body)
        except ValueError, RecursionError:
            record = next(iter(map(self._fields.read, _rows(body)[:1])), None)
        # An answer that has names, but none of those that are asked for, is another one.
        is_other = b'"' in body and not any(name in body for name in self._names)
        if record is None or is_other:
            raise OdorikConnectionError("the answer has not the documented shape")
        return record


def _rows(body: bytes) -> list[Raw]:
    """Part any JSON into rows: one object stands for a list of one, null for none."""
    try:
        match body.strip()[:1]:
            case b"{":
                json.decode(body)
                return [Raw(body)]
            case b"n" if json.decode(body) is None:
                return []
        rows = _RAW_ROWS.decode(body)
    except ValueError, RecursionError:
        raise OdorikConnectionError("the answer is no list of records in JSON") from None
    if len(rows) > _MOST_LOOSE_ROWS:
        raise OdorikConnectionError("the answer is a long list in a form of its own")
    return rows
