"""Builders of records and active calls."""

from typing import Any

from msgspec.structs import replace

from custom_components.odorik.api import ActiveCall, CallRecord, CallStatus, Direction

from .call_fixtures import NOON, SECOND
from .phones import AT_HOME, AT_WORKSHOP, HOME, HOME_LINE, JAN, MOBILE, WORKSHOP_LINE


def record(record_id: int, **fields: Any) -> CallRecord:
    """Create the record of a missed call from Jan to the home line."""
    all_fields: dict[str, Any] = {
        "date": NOON,
        "direction": Direction.IN,
        "source_number": JAN,
        "destination_number": HOME,
        "line": HOME_LINE,
        "length": 0,
        "ringing_length": 20,
        "status": CallStatus.MISSED,
        "price": 0.0,
    }
    return CallRecord(id=record_id, **(all_fields | fields))


def answered(record_id: int, **fields: Any) -> CallRecord:
    """Create the record of a call from Jan that was answered for half a minute."""
    return record(record_id, **{"status": CallStatus.ANSWERED, "length": 30, **fields})


def leg(record_id: int, parent: int | str, **fields: Any) -> CallRecord:
    """Create the record of a leg to which Jan's call was forwarded, the mobile by default."""
    fields = {"direction": Direction.REDIRECTED, "destination_number": MOBILE, **fields}
    return record(record_id, redirection_parent_id=parent, **fields)


def answered_leg(record_id: int, parent: int, length: int = 30, **fields: Any) -> CallRecord:
    """Create the record of a forwarded leg that was answered."""
    return leg(record_id, parent, status=CallStatus.ANSWERED, length=length, **fields)


def outgoing(record_id: int, number: str, **fields: Any) -> CallRecord:
    """Create the record of an answered call from the home line."""
    fields = {
        "direction": Direction.OUT,
        "source_number": HOME,
        "destination_number": number,
        "active_call_id": record_id * 10,
        **fields,
    }
    return answered(record_id, **fields)


def active(call_id: int, **fields: Any) -> ActiveCall:
    """Create a ringing call from Jan to the home line."""
    all_fields: dict[str, Any] = {
        "start_date": NOON,
        "source_number": JAN,
        "destination_number": HOME,
        "line": HOME_LINE,
    }
    return ActiveCall(id=call_id, **(all_fields | fields))


def forwarded(call_id: int, began: float = 0, **fields: Any) -> ActiveCall:
    """Create a ringing leg from Jan to the mobile that began some seconds after noon."""
    fields = {"destination_number": MOBILE, "start_date": NOON + began * SECOND, **fields}
    return active(call_id, **fields)


def dialled(call_id: int, number: str, began: float = 0, **fields: Any) -> ActiveCall:
    """Create a ringing call from the home line that began some seconds after noon."""
    fields = {"source_number": HOME, "start_date": NOON + began * SECOND, **fields}
    return active(call_id, destination_number=number, **fields)


def picked_up(call: ActiveCall, at: float = 5) -> ActiveCall:
    """Return an active call as it is listed when it was answered some seconds after noon."""
    return replace(call, answer_date=NOON + at * SECOND)


def ring_both_lines(source: str = JAN) -> list[ActiveCall]:
    """Create a call that rings the home line and the workshop's."""
    return [
        active(70, source_number=source),
        active(71, source_number=source, destination_number=AT_HOME),
        active(72, source_number=source, destination_number=AT_WORKSHOP, line=WORKSHOP_LINE),
    ]
