"""What an account telephones with: lines, the telephones on them, public numbers, contacts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

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
    """A telephone that is registered to a line; it registers anew every half an hour.

    With `last` it did so then for the last time, and is still listed, as an exchange may list a
    telephone whose plug has been pulled.
    """

    user_agent: str = "Gigaset N510 IP PRO"
    public_socket: str = "198.51.100.7:5060"
    local_socket: str = "192.168.1.20:5060"
    since: datetime | None = None
    last: datetime | None = None

    def registered(self, now: datetime) -> datetime:
        """Return when it registered last, seen from `now`."""
        return self.last or now - (now - (self.since or now)) % REGISTRATION


@dataclass(slots=True)
class Line:
    """One line of an account; `settings` is what else its owner can switch."""

    id: int
    name: str | None = None
    public_number: str | None = None
    caller_id: str | None = None
    backup_number: str | None = None
    sip_password: str = ""
    devices: list[Device] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=LINE_SETTINGS.copy)

    def __post_init__(self) -> None:
        """Fill in what follows from the rest."""
        self.sip_password = self.sip_password or f"sip-{self.id}"
        self.caller_id = self.caller_id or self.public_number

    @property
    def shown(self) -> str:
        """The number that is shown to those who are called from here."""
        return self.caller_id or f"*{self.id}"


@dataclass(frozen=True, slots=True)
class PublicNumber:
    """A number of the account; `line` is where it rings."""

    number: str
    type: str = "geographic"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A speed dial; the operator lets names hold markup."""

    shortcut: int
    number: str
    name: str | None
