"""What the operator's answers say, as frozen records.

Lenient in: numbers may come as strings, values may be null or absent, unknown fields are passed
over. Strict out: times are aware and in UTC, prices are floats in CZK, durations whole seconds,
lines and ids integers. Field names are the operator's own, in its document "API pro práci s
hovory" and the pages beside it.

``sip_password`` is no field here on purpose: what is not read cannot leak.
"""

from copy import copy
from datetime import UTC, datetime
from enum import StrEnum
from html import unescape
import re
from typing import Annotated, Any, Final, Self, override

from msgspec import Meta, Struct, convert
from msgspec.structs import force_setattr

type Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
type Seconds = Annotated[int, Meta(ge=0, le=10**9)]
type Count = Annotated[int, Meta(ge=0, le=10**9)]
type Money = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""CZK. JSON knows neither NaN nor infinity; within bounds, a sum of them is a number, too."""
type Time = Annotated[datetime, Meta(tz=True)]

PLAUSIBLE_YEARS: Final = range(2000, 2100)
"""Years of moments that the operator may mean. Some systems write the year 1 or 9999 for no date,
and most calculations with such a moment overflow."""

_MAX_NAME_LENGTH = 100
"""A longer name is cut: Home Assistant makes entity ids of names, and those end at 255."""

_MAX_MARKUP_LENGTH = 2000
"""A longer name is cut before its markup is removed."""

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*+>")


def plain_text(text: str | None) -> str | None:
    """Take the markup out of a name; None where nothing is left."""
    plain = " ".join(unescape(_TAG.sub(" ", (text or "")[:_MAX_MARKUP_LENGTH])).split())
    return plain if len(plain) <= _MAX_NAME_LENGTH else f"{plain[: _MAX_NAME_LENGTH - 1]}…"


class _LenientEnum(StrEnum):
    """A closed set of words which stays readable when the operator adds one."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        return cls("unknown")


class Direction(_LenientEnum):
    """Where a call went, seen from the account."""

    IN = "in"
    OUT = "out"
    REDIRECTED = "redirected"
    UNKNOWN = "unknown"


class CallStatus(_LenientEnum):
    """How a call finished."""

    ANSWERED = "answered"
    MISSED = "missed"
    UNKNOWN = "unknown"


class CallbackStatus(StrEnum):
    """What the operator did with an order."""

    ORDERED = "ordered"
    ENQUEUED = "enqueued"


class ResponseModel(Struct, frozen=True, kw_only=True):
    """A row of an answer."""


class CallRecord(ResponseModel, frozen=True, kw_only=True, gc=False):
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


class ActiveCall(ResponseModel, frozen=True, kw_only=True):
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

    def __post_init__(self) -> None:
        """Take a date that cannot be meant for none."""
        for name in ("start_date", "answer_date"):
            date: datetime | None = getattr(self, name)
            if date is not None and date.year not in PLAUSIBLE_YEARS:
                force_setattr(self, name, None)

    @property
    def is_ringing(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answer_date is None


class CallTotals(ResponseModel, frozen=True, kw_only=True):
    """Sums over calls of one direction."""

    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0


class CallStatistics(ResponseModel, frozen=True, kw_only=True):
    """Sums of a period; a direction that the answer leaves out has none."""

    incoming: CallTotals | None = None
    outgoing: CallTotals | None = None
    redirected: CallTotals | None = None


class DestinationStatistics(ResponseModel, frozen=True, kw_only=True):
    """Sums of a period by destination, direction and price."""

    destination: str
    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0
    price_per_minute: Money | None = None
    direction: Direction | None = None


class MissedCalls(ResponseModel, frozen=True, kw_only=True):
    """How many calls to one of the account's numbers were missed in a period."""

    destination_number: str
    count: Count = 0


class Line(ResponseModel, frozen=True, kw_only=True):
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
        devices = [device for device in self.connected_devices if not _is_expired(device, now)]
        # Not made anew: its name would lose a second layer of what looks like markup.
        line = copy(self)
        force_setattr(line, "connected_devices", devices)
        return line


def _is_expired(device: Any, now: datetime) -> bool:
    """Whether the registration of a telephone has run out."""
    try:
        expires: datetime = convert(device["registration_expires_at"], Time)
    except TypeError, LookupError, ValueError:
        return False
    return expires.year in PLAUSIBLE_YEARS and expires < now


class PublicNumber(ResponseModel, frozen=True, kw_only=True):
    """A telephone number that belongs to the account."""

    public_number: str
    type: str | None = None


class SpeedDial(ResponseModel, frozen=True, kw_only=True):
    """A contact."""

    number: str
    shortcut: Id | str | None = None
    """What is dialled for the contact: written as a number, kept as text."""
    name: str | None = None

    def __post_init__(self) -> None:
        """Names are text, never markup."""
        force_setattr(self, "name", plain_text(self.name) or None)
        if self.shortcut is not None:
            force_setattr(self, "shortcut", str(self.shortcut))


def utc(time: datetime) -> str:
    """Write a time as the operator's document asks: XML Schema dateTime, in UTC with ``Z``.

    A ``+`` of an offset would arrive as a space wherever somebody forgets to encode it.
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
