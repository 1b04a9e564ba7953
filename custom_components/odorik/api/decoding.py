"""Decode answers in JSON into records.

An answer as documented is decoded at once. Any other is decoded row by row, and a row that is not
as documented field by field. That also holds for an answer that is not valid JSON: a damaged row
costs only itself.
"""

from abc import ABC, abstractmethod
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import suppress
import json as lenient_json
from math import isfinite
import re
from typing import Any, Final, override

from msgspec import Raw, json
from msgspec.structs import fields

from .exceptions import OdorikConnectionError
from .models import CallTotals, ResponseModel
from .refusals import raise_for_refusal

_RAW_ROWS = json.Decoder(list[Raw])
_RAW_FIELDS = json.Decoder(dict[str, Raw])

_MAX_SALVAGED_ROWS = 10_000
"""More rows in a form of their own are refused: reading them would hold up everything else."""

_LENIENT: Final = lenient_json.JSONDecoder(
    strict=False,
    parse_constant=lambda _: None,
    parse_float=lambda number: value if isfinite(value := float(number)) else None,
)
"""Reads control characters, halves of surrogate pairs, and NaN and the like as null."""
_ESCAPE: Final = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
_FIRST_NAME: Final = re.compile(r'\[\s*+\{\s*+"([^"\\]++)"')
_NEXT_ROW: Final = re.compile(r"\s*+(?:,\s*+(?=\{)|\Z)")


class _FieldReader[T: ResponseModel]:
    """Reads a record field by field, where it cannot be read as a whole."""

    def __init__(self, record: type[T]) -> None:
        """Prepare a decoder for each field."""
        self._record = record
        self._fields = [
            (field.name, field.encode_name, json.Decoder(field.type), field.required)
            for field in fields(record)
        ]

    def read(self, row: Raw) -> T | None:
        """Read what can be read; None where what a record must have is missing."""
        try:
            raw_fields = _RAW_FIELDS.decode(row)
        except ValueError, RecursionError:
            return None
        values: dict[str, Any] = {}
        for name, key, decoder, is_required in self._fields:
            try:
                value = decoder.decode(raw_fields.get(key, _NULL))
            except ValueError, RecursionError:
                value = _repair(decoder, bytes(raw_fields.get(key, _NULL)))
            if value is not None:
                values[name] = value
            elif is_required:
                return None
        return self._record(**values)


_NULL = Raw(b"null")
_totals = _FieldReader(CallTotals)


def _repair(decoder: json.Decoder[Any], raw: bytes) -> Any:
    """Read a value in the first form that fits its field; None where none does."""
    for candidate in _candidates(raw):
        try:
            return decoder.decode(candidate)
        except ValueError, RecursionError:
            continue
    return _totals.read(Raw(raw)) if decoder.type == CallTotals | None else None


def _candidates(raw: bytes) -> Iterator[bytes]:
    """List in JSON what an undocumented value may have been meant as, the likeliest first.

    Numbers are read without their quotes, as JSON, so that a text "NaN" is none.
    """
    if raw[:1] in b'"-0123456789':
        text = raw.strip(b'" ')
        number = text.replace(b",", b".")
        yield number
        yield number.removesuffix(b".0")
        yield b'"%b"' % text
        yield b'"%bZ"' % text
        yield raw.decode(errors="replace").encode()


class RecordList[T: ResponseModel](list[T]):
    """The records of an answer.

    Attributes:
        unreadable: How many rows of the answer could not be read.
    """

    def __init__(self, records: Iterable[T] = (), *, unreadable: int = 0) -> None:
        """Hold records."""
        super().__init__(records)
        self.unreadable = unreadable

    @property
    def is_whole(self) -> bool:
        """Whether every row could be read. If not, what is missing may exist all the same."""
        return not self.unreadable


class Reader[R](ABC):
    """Reads answers of one kind."""

    def read(self, body: bytes) -> R:
        """Decode an answer.

        Raises:
            OdorikApiError: the answer is a refusal.
            OdorikConnectionError: the answer is not of this kind.
        """
        read = self.read_documented(body)
        return self.salvage(body) if read is None else read

    def read_documented(self, body: bytes) -> R | None:
        """Decode an answer that is as documented; None where it is not.

        Raises:
            OdorikApiError: the answer is a refusal.
        """
        raise_for_refusal(body)
        try:
            return self._decode(body.removeprefix(BOM_UTF8))
        except ValueError, RecursionError:
            return None

    @abstractmethod
    def salvage(self, body: bytes) -> R:
        """Decode any other answer as far as possible; this may take too long for an event loop.

        Raises:
            OdorikConnectionError: the answer is not of this kind.
        """

    @abstractmethod
    def _decode(self, body: bytes) -> R | None:
        """Decode an answer in the documented form."""


class Rows[T: ResponseModel](Reader[RecordList[T]]):
    """Reads a list of records of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoders of the documented form."""
        self._documented = json.Decoder(list[record])  # type: ignore[valid-type]
        self._row = json.Decoder(record)
        self._fields = _FieldReader(record)
        self._names = [field.encode_name for field in fields(record)]

    @override
    def _decode(self, body: bytes) -> RecordList[T]:
        return RecordList(self._documented.decode(body))

    @override
    def salvage(self, body: bytes) -> RecordList[T]:
        """Decode an answer; a record that cannot be read costs only itself."""
        rows, damaged = split_rows(body, self._names)
        if len(rows) > _MAX_SALVAGED_ROWS:
            raise OdorikConnectionError("the answer is a long list in a form of its own")
        read = [record for row in rows if (record := self._read_row(row)) is not None]
        if not read and body.removeprefix(BOM_UTF8).lstrip()[:1] == b"{":
            # One record may stand for a list of one, but any other object is no empty list.
            raise OdorikConnectionError("the answer is no list of records")
        return RecordList(read, unreadable=damaged + len(rows) - len(read))

    def _read_row(self, row: Raw) -> T | None:
        """Decode one record, as documented or as well as it can be."""
        try:
            return self._row.decode(row)
        except ValueError, RecursionError:
            return self._fields.read(row)


class One[T: ResponseModel](Reader[T]):
    """Reads a single record of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoder of the documented form."""
        self._documented = json.Decoder(record)
        self._fields = _FieldReader(record)
        self._names = [field.encode_name for field in fields(record)]

    @override
    def _decode(self, body: bytes) -> T | None:
        return None if self._lacks_known_fields(body) else self._documented.decode(body)

    @override
    def salvage(self, body: bytes) -> T:
        """Decode an answer; a field that cannot be read costs only itself."""
        rows, _ = split_rows(body, self._names)
        record = self._fields.read(rows[0]) if rows else None
        if record is None or self._lacks_known_fields(body):
            raise OdorikConnectionError("the answer has not the documented shape")
        return record

    def _lacks_known_fields(self, body: bytes) -> bool:
        """Tell an answer that has names, but none of those that are asked for."""
        return b'"' in body and not any(b'"%b"' % name.encode() in body for name in self._names)


def split_rows(body: bytes, names: Iterable[str] = ("id",)) -> tuple[list[Raw], int]:
    """Split an answer into rows of valid JSON, and count the rows that are damaged beyond repair.

    One object stands for a list of one, null for none.

    Args:
        body: The answer.
        names: The fields that a row may begin with.

    Raises:
        OdorikApiError: the answer is a damaged refusal.
        OdorikConnectionError: the answer is no list, or only the beginning of one.
    """
    body = body.removeprefix(BOM_UTF8).strip()
    if body == b"null":
        return [], 0
    try:
        if body.startswith(b"{"):
            json.decode(body)
            return [Raw(body)], 0
        rows = _RAW_ROWS.decode(body)
    except ValueError, RecursionError:
        return _split_damaged(body.decode(errors="replace"), names)
    if len(rows) > _MAX_SALVAGED_ROWS:
        raise OdorikConnectionError("the answer is a long list in a form of its own")
    return rows, 0


def _split_damaged(text: str, names: Iterable[str]) -> tuple[list[Raw], int]:
    """Split an answer that is not valid JSON.

    Rows are told apart by how each begins: a comma, a brace and a known name. Within a text of
    valid JSON that cannot stand, since every quotation mark there is escaped. So a damaged row,
    whatever is wrong with it, leaves its neighbours alone.
    """
    if text.startswith("{"):
        rows, damaged_count = _repair_rows(text)
        raise_for_refusal(b"".join(map(bytes, rows)))
    else:
        # Rows behind the point where an answer was cut off must not be taken for missing.
        if not (text.startswith("[") and text.endswith("]")):
            raise OdorikConnectionError("the answer is no list of records in JSON")
        first = _FIRST_NAME.match(text)
        known = "|".join(map(re.escape, {*names, *((first[1],) if first else ())}))
        parts = re.split(rf',\s*+(?=\{{\s*+"(?:{known})"\s*+:)', text[1:-1])
        if len(parts) > _MAX_SALVAGED_ROWS:
            raise OdorikConnectionError("the answer is a long list in a form of its own")
        rows, damaged_count = [], 0
        for part in parts:
            part_rows, damaged = _repair_rows(part)
            rows += part_rows
            damaged_count += damaged
        raise_for_refusal(b"[%b]" % b",".join(map(bytes, rows[:2])))
    return rows, damaged_count


def _repair_rows(text: str) -> tuple[list[Raw], int]:
    """Write the rows of a part in valid JSON, and count what cannot be repaired."""
    with suppress(ValueError, RecursionError):
        return _RAW_ROWS.decode(f"[{text}]"), 0
    text = _ESCAPE.sub(lambda match: match[0] if match[1] else r"\\", text).strip()
    rows: list[Raw] = []
    end = 0
    while end < len(text):
        try:
            row, end = _LENIENT.raw_decode(text, end)
            repaired = lenient_json.dumps(row, ensure_ascii=False)
        except ValueError, RecursionError:
            return rows, 1
        if not isinstance(row, dict):
            return rows, 1
        # Half of a surrogate pair, which only an escape can hold, becomes a question mark.
        rows.append(Raw(repaired.encode(errors="replace")))
        following = _NEXT_ROW.match(text, end)
        if following is None:
            return rows, 1
        end = following.end()
    return rows, 0
