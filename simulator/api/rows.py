"""A record of the history as the operator writes it."""

import hashlib

from simulator.world import Record

from .ask import Row, utc

FIELDS = (
    *("id", "redirection_parent_id", "date", "direction", "source_number", "destination_number"),
    *("destination_name", "length", "ringing_length", "status", "price", "price_per_minute"),
    *("balance_after", "line", "recording"),
)
"""What the operator's document shows of a record, in its order."""


MESSAGE_FIELDS = (
    *("id", "type", "date", "direction", "source_number", "destination_number", "roaming_zone"),
    *("status", "price", "balance_after", "line"),
)
"""What clients know of a message, which has no text; the zone is null in every sample."""


def columns(*, sip_ids: bool, include_sms: bool) -> list[str]:
    """Return the header of a table of calls, which is the same on every page."""
    more = {"type": include_sms, "sip_in_call_id": sip_ids, "sip_out_call_id": sip_ids}
    return [*FIELDS, "active_call_id", *(name for name, wanted in more.items() if wanted)]


def message_row(record: Record) -> Row:
    """Return a message as it stands in the history of messages."""
    known = {"date": utc(record.date), "roaming_zone": None}
    return {
        name: known[name] if name in known else getattr(record, name) for name in MESSAGE_FIELDS
    }


def call_row(record: Record, *, sip_ids: bool = False) -> Row:
    """Return a record as the operator writes it."""
    row: Row = {name: getattr(record, name) for name in FIELDS} | {"date": utc(record.date)}
    if record.active_call_id is not None:
        row["active_call_id"] = record.active_call_id
    if record.type == "sms":
        row["type"] = "sms"
        for name in ("length", "ringing_length", "price_per_minute", "recording"):
            del row[name]
    elif sip_ids:
        mark = hashlib.sha256(str(record.active_call_id or record.id).encode()).hexdigest()[:16]
        row["sip_in_call_id"] = f"{mark}@sip.example.net"
        row["sip_out_call_id"] = f"{mark[::-1]}@sip.example.net" if record.length else None
    return row
