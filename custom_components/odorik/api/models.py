"""What the operator's answers say, as frozen records.

Lenient in: numbers may come as strings, values may be null or absent, unknown fields are passed
over. Strict out: times are aware and in UTC, prices are floats in CZK, durations whole seconds,
lines and ids integers. Field names are the operator's own, in its document "API pro práci s
hovory" and the pages beside it.

``sip_password`` is no field here on purpose: what is not read cannot leak.
"""

from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime
from enum import StrEnum
from html import unescape
import re
from typing import Annotated, Any, Self, override

from msgspec import Meta, Raw, Struct, convert, json
from msgspec.structs import fields, force_setattr

from .exceptions import OdorikConnectionError
from .refusals import raise_for_refusal

type Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
type Seconds = Annotated[int, Meta(ge=0, le=10**9)]
type Count = Annotated[int, Meta(ge=0, le=10**9)]
type Money = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""CZK. JSON knows neither NaN nor infinity; within bounds, a sum of them is a number, too."""
type Time = Annotated[datetime, Meta(tz=True)]

_NAME_LENGTH = 100
"""A longer name is cut: Home Assistant makes entity ids of names, and those end at 255."""

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def plain_text(text: str | None) -> str | None:
    """Take the markup out of a name; None where nothing is left."""
    plain = " ".join(unescape(_TAG.sub(" ", text or "")).split())
    return plain if len(plain) <= _NAME_LENGTH else f"{plain[: _NAME_LENGTH - 1]}…"


class _Word(StrEnum):
    """A closed set of words which stays readable when the operator adds one."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        return cls("unknown")


class Direction(_Word):
    """Where a call went, seen from the account."""

    IN = "in"
    OUT = "out"
    REDIRECTED = "redirected"
    UNKNOWN = "unknown"


class CallStatus(_Word):
    """How a call finished."""

    ANSWERED = "answered"
    MISSED = "missed"
    UNKNOWN = "unknown"


class CallbackStatus(StrEnum):
    """What the operator did with an order."""

    ORDERED = "ordered"
    ENQUEUED = "enqueued"


class _Record(Struct, frozen=True, kw_only=True):
    """A row of an answer."""


class Call(_Record, frozen=True, kw_only=True, gc=False):
    """A record of the history, written when the call (or one leg of it) has ended.

    The fields stand in the operator's order: what comes in the order that is looked for is read a
    twentieth faster.
    """

    id: Id
    redirection_parent_id: Id | None = None
    """Id of the incoming record that was redirected into this one."""
    date: Time
    """When the call began."""
    direction: Direction | None = None
    source_number: str | None = None
    """Empty where the caller withheld it."""
    destination_number: str | None = None
    destination_name: str | None = None
    """The destination of the tariff, not a person."""
    length: Seconds | None = None
    ringing_length: Seconds | None = None
    status: CallStatus | None = None
    price: Money | None = None
    price_per_minute: Money | None = None
    balance_after: Money | None = None
    line: Id | None = None
    recording: bool | Id | str | None = None
    """None in every sample."""
    active_call_id: Id | None = None
    """The id that the same call had in the list of active calls (another number space)."""
    sip_in_call_id: str | None = None
    sip_out_call_id: str | None = None
    type: str | None = None

    @property
    def is_sms(self) -> bool:
        """Whether this is a message; the public clients tell it by either mark."""
        return self.type == "sms" or self.destination_name == "SMS zpráva"


class ActiveCall(_Record, frozen=True, kw_only=True):
    """A call that is ringing or up."""

    id: Id
    source_number: str | None = None
    destination_number: str | None = None
    destination_name: str | None = None
    start_date: Time | None = None
    answer_date: Time | None = None
    """None while it rings."""
    price_per_minute: Money | None = None
    line: Id | None = None

    @property
    def is_ringing(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answer_date is None


class CallTotals(_Record, frozen=True, kw_only=True):
    """Sums over calls of one direction."""

    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0


class CallStatistics(_Record, frozen=True, kw_only=True):
    """Sums of a period; a direction that the answer leaves out has none."""

    incoming: CallTotals | None = None
    outgoing: CallTotals | None = None
    redirected: CallTotals | None = None


class DestinationStatistics(_Record, frozen=True, kw_only=True):
    """Sums of a period by destination, direction and price."""

    destination: str
    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0
    price_per_minute: Money | None = None
    direction: Direction | None = None


class MissedCalls(_Record, frozen=True, kw_only=True):
    """How many calls to one of the account's numbers were missed in a period."""

    destination_number: str
    count: Count = 0


class Line(_Record, frozen=True, kw_only=True):
    """A line of the account."""

    id: Id
    name: str | None = None
    caller_id: str | None = None
    public_number: str | None = None
    backup_number: str | None = None
    connected_devices: list[Any] | None = None
    """The telephones registered now; None where the answer does not say."""

    def __post_init__(self) -> None:
        """Names are text, never markup."""
        force_setattr(self, "name", plain_text(self.name) or None)

    def at(self, now: datetime) -> Self:
        """Return the line with the telephones whose registration is not over.

        The operator may go on listing a telephone that is gone. What cannot be read has no end.
        """
        if self.connected_devices is None:
            return self
        devices = [device for device in self.connected_devices if not _is_over(device, now)]
        # Not made anew: its name would lose a second layer of what looks like markup.
        line = copy(self)
        force_setattr(line, "connected_devices", devices)
        return line


def _is_over(device: Any, now: datetime) -> bool:
    """Whether the registration of a telephone has run out."""
    try:
        expires: datetime = convert(device["registration_expires_at"], Time)
    except TypeError, LookupError, ValueError:
        return False
    return expires < now


class PublicNumber(_Record, frozen=True, kw_only=True):
    """A telephone number that belongs to the account."""

    public_number: str
    type: str | None = None


class SpeedDial(_Record, frozen=True, kw_only=True):
    """A contact."""

    number: str
    shortcut: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        """Names are text, never markup."""
        force_setattr(self, "name", plain_text(self.name) or None)


_RAW_ROWS = json.Decoder(list[Raw])
_RAW_FIELDS = json.Decoder(dict[str, Raw])

_MOST_LOOSE_ROWS = 10_000
"""More rows in a form of their own are refused: reading them would hold up everything else."""


class _Fields[T: _Record]:
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


class Rows[T: _Record]:
    """Reads a list of records of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoders of the documented form."""
        self._documented = json.Decoder(list[record])  # type: ignore[valid-type]
        self._row = json.Decoder(record)
        self._fields = _Fields(record)

    def read(self, body: bytes) -> list[T]:
        """Decode an answer; a record that cannot be read costs only itself.

        Raises:
            OdorikApiError: the answer is a refusal.
            OdorikConnectionError: the answer is no JSON of rows.
        """
        raise_for_refusal(body)
        try:
            rows: list[T] = self._documented.decode(body)
        except ValueError, RecursionError:
            read = [record for row in _rows(body) if (record := self._read_row(row)) is not None]
            if not read and body.lstrip()[:1] == b"{":
                # One record may stand for a list of one, but any other object is no empty list.
                raise OdorikConnectionError("the answer is no list of records") from None
            return read
        return rows

    def _read_row(self, row: Raw) -> T | None:
        """Decode one record, as documented or as well as it can be."""
        try:
            return self._row.decode(row)
        except ValueError, RecursionError:
            return self._fields.read(row)


class One[T: _Record]:
    """Reads a single record of one type."""

    def __init__(self, record: type[T]) -> None:
        """Prepare the decoder of the documented form."""
        self._documented = json.Decoder(record)
        self._fields = _Fields(record)
        self._names = [b'"%b"' % field.encode_name.encode() for field in fields(record)]

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


def utc(time: datetime) -> str:
    """Write a time as the operator's document asks: XML Schema dateTime, in UTC with ``Z``.

    A ``+`` of an offset would arrive as a space wherever somebody forgets to encode it.
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
