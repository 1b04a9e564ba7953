"""A house with two lines, the people who ring there, and a log that is fed by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import convert, to_builtins

from custom_components.odorik.api import (
    ActiveCall,
    Call,
    CallStatus,
    Direction,
    Line,
    PublicNumber,
)
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.log import CallLog, LogState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME, WORKSHOP = "00420910123456", "00420533111222"
MOBILE = "00420777000111"
JAN, EVA = "00420777123456", "00420602987654"
DOMOV, DILNA = 300100, 300110
DIRECTORY = Directory(
    [
        Line(id=DOMOV, name="Domov", public_number=HOME, caller_id=HOME),
        Line(id=DILNA, name="Dílna", public_number=WORKSHOP, caller_id=WORKSHOP),
    ],
    [PublicNumber(public_number=HOME), PublicNumber(public_number=WORKSHOP)],
)
SECOND = timedelta(seconds=1)
EMPTY = LogState(place=0)
ENDED, MISSED = CallEventType.ENDED, CallEventType.MISSED
STARTED, ANSWERED = CallEventType.STARTED, CallEventType.ANSWERED


def a_log(state: LogState | None = EMPTY) -> CallLog:
    """A log that has taken its bearings, by default in an empty history."""
    log = CallLog(state)
    log.directory = DIRECTORY
    return log


def restarted(log: CallLog) -> CallLog:
    """What goes on after a restart from what was stored."""
    return a_log(convert(to_builtins(log.state), LogState))


def record(record_id: int, **fields: Any) -> Call:
    """A record of Jan's call to the house, which nobody took."""
    all_fields: dict[str, Any] = {
        "date": NOON,
        "direction": Direction.IN,
        "source_number": JAN,
        "destination_number": HOME,
        "line": DOMOV,
        "length": 0,
        "ringing_length": 20,
        "status": CallStatus.MISSED,
        "price": 0.0,
    }
    return Call(id=record_id, **(all_fields | fields))


def answered(record_id: int, **fields: Any) -> Call:
    """A record of Jan's call to the house, in which they talked for half a minute."""
    return record(record_id, **{"status": CallStatus.ANSWERED, "length": 30, **fields})


def leg(record_id: int, parent: int | str, **fields: Any) -> Call:
    """A record of where Jan's call was sent on to."""
    fields = {"direction": Direction.REDIRECTED, "destination_number": MOBILE, **fields}
    return record(record_id, redirection_parent_id=parent, **fields)


def active(call_id: int, **fields: Any) -> ActiveCall:
    """Jan's call to the house, ringing."""
    all_fields: dict[str, Any] = {
        "start_date": NOON,
        "source_number": JAN,
        "destination_number": HOME,
        "line": DOMOV,
    }
    return ActiveCall(id=call_id, **(all_fields | fields))


def told(log: CallLog, *rows: Call, at: float = 20.5) -> list[CallEvent]:
    """What the log tells when it reads some rows so many seconds after noon."""
    now = NOON + timedelta(seconds=at)
    log.read(rows, now)
    return list(filter(None, log.decide(now)))


def seen(log: CallLog, *calls: ActiveCall, at: float) -> list[CallEventType]:
    """What the log tells when it looks at some calls so many seconds after noon."""
    return [event.type for event in log.watch(calls, NOON + timedelta(seconds=at))]


def unrecorded(log: CallLog) -> bool:
    """Whether a record is still to come."""
    return log.has_unrecorded


def a_callback(
    log: CallLog, caller: str = MOBILE, recipient: str = JAN, line: int | None = DOMOV
) -> None:
    """Order a callback at noon."""
    log.orders.add(caller, recipient, line, NOON)


def outgoing(record_id: int, number: str, **fields: Any) -> Call:
    """A record of a call from the house that was answered."""
    fields = {
        "direction": Direction.OUT,
        "source_number": HOME,
        "destination_number": number,
        "active_call_id": record_id * 10,
        **fields,
    }
    return answered(record_id, **fields)
