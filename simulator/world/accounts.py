"""Accounts and their lines, telephones, public numbers, contacts and callback orders."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from .records import Record

REGISTRATION = timedelta(minutes=30)
LINE_SETTINGS: dict[str, Any] = {
    "backup_number_email": None,
    "active_822": False,
    "active_anonymous": True,
    "active_cz_restriction": False,
    "active_greeting": False,
    "active_iax": False,
    "active_password": True,
    "active_pin": False,
    "active_ping": False,
    "active_rtp": False,
    "active_sip": True,
    "incoming_call_name_format": 0,
    "incoming_call_number_format": 0,
    "missed_call_email": "doma@example.net",
    "recording_email": "doma@example.net",
    "voicemail_email": "doma@example.net",
}


@dataclass(slots=True)
class Device:
    """A telephone registered to a line; it renews its registration every 30 minutes.

    `last` fixes the time of the last renewal. The device stays listed after the registration has
    expired, like a telephone that was unplugged.
    """

    user_agent: str = "Gigaset N510 IP PRO"
    public_socket: str = "198.51.100.7:5060"
    local_socket: str = "192.168.1.20:5060"
    since: datetime | None = None
    last: datetime | None = None

    def registered(self, now: datetime) -> datetime:
        """Return the time of the last registration before `now`."""
        return self.last or now - (now - (self.since or now)) % REGISTRATION


@dataclass(slots=True)
class Line:
    """A line of an account; `settings` holds the options that the simulator does not act on."""

    id: int
    name: str | None = None
    public_number: str | None = None
    caller_id: str | None = None
    backup_number: str | None = None
    sip_password: str = ""
    devices: list[Device] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=LINE_SETTINGS.copy)

    def __post_init__(self) -> None:
        """Derive the SIP password and the caller ID unless they are given."""
        self.sip_password = self.sip_password or f"sip-{self.id}"
        self.caller_id = self.caller_id or self.public_number

    @property
    def source_number(self) -> str:
        """The number that called parties see."""
        return self.caller_id or f"*{self.id}"


@dataclass(frozen=True, slots=True)
class PublicNumber:
    """A public number of an account; `line` is the line that it rings.

    Without `telephones` it belongs to the line, but rings only the account's `ringings`: a gate.
    """

    number: str
    type: str = "geographic"
    line: int | None = None
    telephones: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """A speed dial; its name may contain markup."""

    shortcut: int
    number: str
    name: str | None


@dataclass(slots=True)
class Callback:
    """An order to connect two numbers; `call_ids` are the active calls made for it."""

    account: str
    line: int
    caller: str
    recipient: str
    simple: bool
    ordered: datetime
    due: datetime
    call_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Message:
    """A text message that was sent; `sender` is what the recipient sees."""

    account: str
    recipient: str
    sender: str
    text: str
    parts: int
    date: datetime


@dataclass(slots=True)
class Account:
    """A customer of the exchange, with all records in ascending order of ID.

    `slots` maps the numbers 1 to 99 to push URLs. `ringings` lists what a public number rings in
    addition to its line, such as `*0071`.
    """

    user: str
    password: str
    credit: float = 500.0
    lines: dict[int, Line] = field(default_factory=dict)
    numbers: list[PublicNumber] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list, repr=False)
    callbacks: list[Callback] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    slots: dict[int, str] = field(default_factory=dict)
    ringings: dict[str, list[str]] = field(default_factory=dict)

    def since(self, record_id: int) -> list[Record]:
        """Return the records with a higher ID."""
        return self.records[bisect_right(self.records, record_id, key=attrgetter("id")) :]

    def line_of(self, number: str) -> int | None:
        """Return the line that a number rings, or None if it is not a number of this account."""
        for line in self.lines.values():
            if number in {line.public_number, str(line.id), f"*{line.id}"}:
                return line.id
        return next((own.line for own in self.numbers if own.number == number), None)

    @property
    def gates(self) -> list[str]:
        """The public numbers that ring no telephone."""
        return [own.number for own in self.numbers if not own.telephones]
