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
