"""Models of the API's responses.

Parsing is lenient: numbers may be strings, values may be null or missing, and unknown fields are
ignored. The models are strict: times are aware and in UTC, prices are floats in CZK, durations are
in whole seconds, lines and IDs are integers. Field names are those of the operator's documentation
("API pro práci s hovory" and the pages next to it).

``sip_password`` is left out on purpose, so that it cannot leak.
"""

from copy import copy
from datetime import UTC, datetime
from enum import StrEnum
from html import unescape
import re
from typing import Annotated, Any, Final, Self, override

from msgspec import Meta, Struct, convert
from msgspec.structs import asdict, force_setattr

type Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
type Seconds = Annotated[int, Meta(ge=0, le=10**9)]
type Count = Annotated[int, Meta(ge=0, le=10**9)]
type Money = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""CZK. JSON has neither NaN nor infinity, and the bounds keep sums finite."""
type Time = Annotated[datetime, Meta(tz=True)]

PLAUSIBLE_YEARS: Final = range(2000, 2100)
"""Years that are accepted. Some systems send the year 1 or 9999 for a missing date, and
calculations with such dates overflow."""

_MAX_NAME_LENGTH = 100
"""Longer names are truncated: Home Assistant derives entity IDs from them, which are limited to 255
characters."""

_MAX_MARKUP_LENGTH = 2000
"""Longer names are truncated before their markup is removed."""

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*+>")


def plain_text(text: str | None) -> str | None:
    """Return a name without markup; None if nothing is left."""
    plain = " ".join(unescape(_TAG.sub(" ", (text or "")[:_MAX_MARKUP_LENGTH])).split())
    return plain if len(plain) <= _MAX_NAME_LENGTH else f"{plain[: _MAX_NAME_LENGTH - 1]}…"


class _LenientEnum(StrEnum):
    """An enum that converts undocumented values to ``unknown``."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        return cls("unknown")


class Direction(_LenientEnum):
    """Direction of a call from the account's point of view."""

    IN = "in"
    OUT = "out"
    REDIRECTED = "redirected"
    UNKNOWN = "unknown"


class CallStatus(_LenientEnum):
    """Final status of a call."""

    ANSWERED = "answered"
    MISSED = "missed"
    UNKNOWN = "unknown"


class CallbackStatus(StrEnum):
    """Outcome of a callback order."""

    ORDERED = "ordered"
    ENQUEUED = "enqueued"


class SmsStatus(StrEnum):
    """Outcome of sending a text message."""

    SENT = "sent"
    ENQUEUED = "enqueued"


class ResponseModel(Struct, frozen=True, kw_only=True):
    """Base class of the records in responses."""


class CallRecord(ResponseModel, frozen=True, kw_only=True, gc=False):
    """A call detail record, written when a call or one of its legs has ended.

    The fields are in the operator's order, which makes decoding 5 % faster.
    """

    id: Id
    redirection_parent_id: Id | None = None
    """ID of the incoming record that was redirected to this one."""
    date: Time
    """Start of the call."""
    direction: Direction | None = None
    source_number: str | None = None
    """Empty if withheld."""
    destination_number: str | None = None
    destination_name: str | None = None
    """Destination in the price list, not a person."""
    length: Seconds | None = None
    ringing_length: Seconds | None = None
    status: CallStatus | None = None
    price: Money | None = None
    price_per_minute: Money | None = None
    balance_after: Money | None = None
    line: Id | None = None
    recording: bool | Id | str | None = None
    """None in all samples."""
    active_call_id: Id | None = None
    """ID of the same call in the list of active calls, which has IDs of its own."""
    sip_in_call_id: str | None = None
    sip_out_call_id: str | None = None
    type: str | None = None

    @property
    def is_sms(self) -> bool:
        """Return whether this is a text message; public clients check either of these fields.

        If both are damaged, the fields that only calls have must be missing as well. Otherwise the
        message would be reported as a missed call.
        """
        return (
            self.type == "sms"
            or self.destination_name == "SMS zpráva"
            or (
                self.status is CallStatus.UNKNOWN
                and self.length is None
                and self.ringing_length is None
                and self.price_per_minute is None
                and self.active_call_id is None
            )
        )


class ActiveCall(ResponseModel, frozen=True, kw_only=True):
    """A call that is ringing or in progress."""

    id: Id
    source_number: str | None = None
    destination_number: str | None = None
    destination_name: str | None = None
    start_date: Time | None = None
    answer_date: Time | None = None
    """None while the call is ringing."""
    price_per_minute: Money | None = None
    line: Id | None = None

    def __post_init__(self) -> None:
        """Clear implausible dates."""
        for name in ("start_date", "answer_date"):
            date: datetime | None = getattr(self, name)
            if date is not None and date.year not in PLAUSIBLE_YEARS:
                force_setattr(self, name, None)

    @property
    def is_ringing(self) -> bool:
        """Return whether the call has not been answered yet."""
        return self.answer_date is None


class CallTotals(ResponseModel, frozen=True, kw_only=True):
    """Totals of the calls in one direction."""

    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0


class CallStatistics(ResponseModel, frozen=True, kw_only=True):
    """Totals of a period by direction; None if the response lacks the direction."""

    incoming: CallTotals | None = None
    outgoing: CallTotals | None = None
    redirected: CallTotals | None = None

    @property
    def by_direction(self) -> dict[str, CallTotals]:
        """The totals of the directions that the response has."""
        return {name: totals for name, totals in asdict(self).items() if totals is not None}


class DestinationStatistics(ResponseModel, frozen=True, kw_only=True):
    """Totals of a period by destination, direction and price."""

    destination: str
    count: Count = 0
    length: Seconds = 0
    price: Money = 0.0
    price_per_minute: Money | None = None
    direction: Direction | None = None


class MissedCalls(ResponseModel, frozen=True, kw_only=True):
    """Number of missed calls to one of the account's numbers in a period."""

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
    """The registered phones; None if the response lacks the field."""

    def __post_init__(self) -> None:
        """Remove markup from the name."""
        force_setattr(self, "name", plain_text(self.name) or None)

    def at(self, now: datetime) -> Self:
        """Return the line without phones whose registration has expired.

        The operator may continue to list such phones. Entries without a readable expiry are kept.
        """
        if self.connected_devices is None:
            return self
        devices = [device for device in self.connected_devices if not _is_expired(device, now)]
        # A new object would pass the name through plain_text again.
        line = copy(self)
        force_setattr(line, "connected_devices", devices)
        return line


def _is_expired(device: Any, now: datetime) -> bool:
    """Return whether the registration of a phone has expired."""
    try:
        expires: datetime = convert(device["registration_expires_at"], Time)
    except TypeError, LookupError, ValueError:
        return False
    return expires.year in PLAUSIBLE_YEARS and expires < now


class PublicNumber(ResponseModel, frozen=True, kw_only=True):
    """A phone number of the account."""

    public_number: str
    type: str | None = None


class SpeedDial(ResponseModel, frozen=True, kw_only=True):
    """A contact."""

    number: str
    shortcut: Id | str | None = None
    """The speed-dial code; sent as a number, stored as text."""
    name: str | None = None

    def __post_init__(self) -> None:
        """Remove markup from the name, and convert the shortcut to text."""
        force_setattr(self, "name", plain_text(self.name) or None)
        if self.shortcut is not None:
            force_setattr(self, "shortcut", str(self.shortcut))


class SmsResult(ResponseModel, frozen=True, kw_only=True):
    """Outcome of a request to send a text message."""

    status: SmsStatus
    balance: float | None = None
    """The credit after the message in CZK; None if it is missing or not a finite number."""


def utc(time: datetime) -> str:
    """Format a time as the API expects it: XML Schema dateTime in UTC with ``Z``.

    The ``+`` of an offset would become a space if it were not encoded.
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
