"""The history's rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .money import IN_NETWORK

type Direction = Literal["in", "out", "redirected"]


@dataclass(slots=True, kw_only=True)
class Record:
    """A line of the history, in the operator's own field names; prices in CZK, lengths in s."""

    id: int
    date: datetime
    direction: Direction | None
    source_number: str
    destination_number: str
    line: int
    destination_name: str | None = IN_NETWORK
    length: int | None = 0
    ringing_length: int | None = 0
    status: str = "answered"
    price: float = 0.0
    price_per_minute: float = 0.0
    balance_after: float | None = None
    redirection_parent_id: int | None = None
    recording: str | None = None
    active_call_id: int | None = None
    type: Literal["call", "sms"] = "call"
