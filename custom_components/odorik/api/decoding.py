"""Decode JSON responses into models.

Responses in the documented form are decoded in one step. Others, including invalid JSON, are
decoded record by record, and a record that is not as documented field by field, so that a damaged
record does not affect the others.
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
"""Limit for lists that are not in the documented form, as decoding them is slow."""

_LENIENT: Final = lenient_json.JSONDecoder(
    strict=False,
    parse_constant=lambda _: None,
    parse_float=lambda number: value if isfinite(value := float(number)) else None,
)
"""Accepts control characters and lone surrogates; decodes NaN and infinity as null."""
_ESCAPE: Final = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
_FIRST_NAME: Final = re.compile(r'\[\s*+\{\s*+"([^"\\]++)"')
_NEXT_ROW: Final = re.compile(r"\s*+(?:,\s*+(?=\{)|\Z)")


class _FieldReader[T: ResponseModel]:
    """Decodes a record field by field."""

    def __init__(self, record: type[T]) -> None:
        """Initialize with a decoder per field."""
        self._record = record
        self._fields = [
            (field.name, field.encode_name, json.Decoder(field.type), field.required)
            for field in fields(record)
        ]

    def read(self, row: Raw) -> T | None:
        """Return the record with the readable fields; None if a required field is missing."""
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
    """Decode a value in the first form that fits its field; return None if none does."""
    for candidate in _candidates(raw):
        try:
            return decoder.decode(candidate)
        except ValueError, RecursionError:
            continue
    return _totals.read(Raw(raw)) if decoder.type == CallTotals | None else None


def _candidates(raw: bytes) -> Iterator[bytes]:
    """Yield JSON for what an undocumented value may mean, the most likely first.

    Quoted numbers are decoded without quotes, as JSON, which rejects the text "NaN".
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
    """The records of a response.

    Attributes:
        unreadable: The number of records that could not be decoded.
    """

    def __init__(self, records: Iterable[T] = (), *, unreadable: int = 0) -> None:
        super().__init__(records)
        self.unreadable = unreadable

    @property
    def is_whole(self) -> bool:
        """Return whether all records were decoded. Otherwise, a missing record may still exist."""
        return not self.unreadable


class Reader[R](ABC):
    """Decodes responses of one kind."""

    def read(self, body: bytes) -> R:
        """Decode a response.

        Raises:
            OdorikApiError: The response is an error of the API.
            OdorikConnectionError: The response is not of this kind.
        """
        read = self.read_documented(body)
        return self.salvage(body) if read is None else read

    def read_documented(self, body: bytes) -> R | None:
        """Decode a response in the documented form; return None for any other.

        Raises:
            OdorikApiError: The response is an error of the API.
        """
        raise_for_refusal(body)
        try:
            return self._decode(body.removeprefix(BOM_UTF8))
        except ValueError, RecursionError:
            return None

    @abstractmethod
    def salvage(self, body: bytes) -> R:
        """Decode any other response as far as possible; this may be too slow for the event loop.

        Raises:
            OdorikConnectionError: The response is not of this kind.
        """

    @abstractmethod
    def _decode(self, body: bytes) -> R | None:
        """Decode a response in the documented form."""


class Rows[T: ResponseModel](Reader[RecordList[T]]):
    """Decodes a list of records of one type."""

    def __init__(self, record: type[T]) -> None:
        self._documented = json.Decoder(list[record])  # type: ignore[valid-type]
        self._row = json.Decoder(record)
        self._fields = _FieldReader(record)
        self._names = [field.encode_name for field in fields(record)]

    @override
    def _decode(self, body: bytes) -> RecordList[T]:
        return RecordList(self._documented.decode(body))

    @override
    def salvage(self, body: bytes) -> RecordList[T]:
        """Decode the readable records."""
        rows, damaged = split_rows(body, self._names)
        if len(rows) > _MAX_SALVAGED_ROWS:
            raise OdorikConnectionError("the response is a long list in an undocumented form")
        read = [record for row in rows if (record := self._read_row(row)) is not None]
        if not read and body.removeprefix(BOM_UTF8).lstrip()[:1] == b"{":
            # A single record may be sent without its list, but any other object is not an empty
            # list.
            raise OdorikConnectionError("the response is not a list of records")
        return RecordList(read, unreadable=damaged + len(rows) - len(read))

    def _read_row(self, row: Raw) -> T | None:
        """Decode one record, field by field if necessary."""
        try:
            return self._row.decode(row)
        except ValueError, RecursionError:
            return self._fields.read(row)


class One[T: ResponseModel](Reader[T]):
    """Decodes a single record of one type."""

    def __init__(self, record: type[T]) -> None:
        self._documented = json.Decoder(record)
        self._fields = _FieldReader(record)
        self._names = [field.encode_name for field in fields(record)]

    @override
    def _decode(self, body: bytes) -> T | None:
        return None if self._lacks_known_fields(body) else self._documented.decode(body)

    @override
    def salvage(self, body: bytes) -> T:
        """Decode the readable fields."""
        rows, _ = split_rows(body, self._names)
        record = self._fields.read(rows[0]) if rows else None
        if record is None or self._lacks_known_fields(body):
            raise OdorikConnectionError("the response does not have the documented form")
        return record

    def _lacks_known_fields(self, body: bytes) -> bool:
        """Return whether a response has field names, but none of the expected ones."""
        return b'"' in body and not any(b'"%b"' % name.encode() in body for name in self._names)


def split_rows(body: bytes, names: Iterable[str] = ("id",)) -> tuple[list[Raw], int]:
    """Split a response into records of valid JSON, and count those that cannot be repaired.

    A single object is a list with one item, and null an empty list.

    Args:
        body: The response body.
        names: The fields that a record may begin with.

    Raises:
        OdorikApiError: The response is a damaged error of the API.
        OdorikConnectionError: The response is not a list, or was cut off.
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
        raise OdorikConnectionError("the response is a long list in an undocumented form")
    return rows, 0


def _split_damaged(text: str, names: Iterable[str]) -> tuple[list[Raw], int]:
    """Split a response that is not valid JSON.

    A record begins with a comma, a brace and a known field name. This sequence cannot occur in a
    JSON string, as quotation marks are escaped there, so damage in one record does not affect the
    others.
    """
    if text.startswith("{"):
        rows, damaged_count = _repair_rows(text)
        raise_for_refusal(b"".join(map(bytes, rows)))
    else:
        # Records after the point where a response was cut off must not look deleted.
        if not (text.startswith("[") and text.endswith("]")):
            raise OdorikConnectionError("the response is not a JSON list of records")
        first = _FIRST_NAME.match(text)
        known = "|".join(map(re.escape, {*names, *((first[1],) if first else ())}))
        parts = re.split(rf',\s*+(?=\{{\s*+"(?:{known})"\s*+:)', text[1:-1])
        if len(parts) > _MAX_SALVAGED_ROWS:
            raise OdorikConnectionError("the response is a long list in an undocumented form")
        rows, damaged_count = [], 0
        for part in parts:
            part_rows, damaged = _repair_rows(part)
            rows += part_rows
            damaged_count += damaged
        raise_for_refusal(b"[%b]" % b",".join(map(bytes, rows[:2])))
    return rows, damaged_count


def _repair_rows(text: str) -> tuple[list[Raw], int]:
    """Convert part of a list to records of valid JSON, up to the first that cannot be repaired."""
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
        # A lone surrogate, which only an escape sequence can contain, becomes a question mark.
        rows.append(Raw(repaired.encode(errors="replace")))
        following = _NEXT_ROW.match(text, end)
        if following is None:
            return rows, 1
        end = following.end()
    return rows, 0
