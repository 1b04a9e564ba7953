"""An account with two lines, the people who call it, and builders for calls and logs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from custom_components.odorik.api import ActiveCall, Call, CallStatus, Direction, Line, PublicNumber
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.hours import Hours, Measure, Series
from custom_components.odorik.calls.log import CallLog, LogState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOME, WORKSHOP = "00420910123456", "00420533111222"
MOBILE, JAN, EVA = "00420777000111", "00420777123456", "00420602987654"
HOME_LINE, WORKSHOP_LINE = 300100, 300110
AT_HOME, AT_WORKSHOP = "*300100", "*300110"
DIRECTORY = Directory(
    [
        Line(id=HOME_LINE, name="Domov", public_number=HOME, caller_id=HOME),
        Line(id=WORKSHOP_LINE, name="Dílna", public_number=WORKSHOP, caller_id=WORKSHOP),
    ],
    [PublicNumber(public_number=HOME), PublicNumber(public_number=WORKSHOP)],
)
EMPTY_HISTORY = LogState(place=0)
STARTED, ANSWERED = CallEventType.STARTED, CallEventType.ANSWERED
ENDED, MISSED = CallEventType.ENDED, CallEventType.MISSED


def e164(number: str) -> str:
    """Write one of the numbers above as events do."""
    return f"+{number.removeprefix('00')}"


def make_log(state: LogState | None = EMPTY_HISTORY) -> CallLog:
    """Create a log, by default with an empty history as its baseline."""
    log = CallLog(state)
    log.directory = DIRECTORY
    return log


def restarted(log: CallLog) -> CallLog:
    """Create a log from the stored state of another one."""
    return make_log(convert(to_builtins(log.state), LogState))


def record(record_id: int, **fields: Any) -> Call:
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
    return Call(id=record_id, **(all_fields | fields))


def answered(record_id: int, **fields: Any) -> Call:
    """Create the record of a call from Jan that was answered for half a minute."""
    return record(record_id, **{"status": CallStatus.ANSWERED, "length": 30, **fields})


def leg(record_id: int, parent: int | str, **fields: Any) -> Call:
    """Create the record of a leg to which Jan's call was forwarded, the mobile by default."""
    fields = {"direction": Direction.REDIRECTED, "destination_number": MOBILE, **fields}
    return record(record_id, redirection_parent_id=parent, **fields)


def answered_leg(record_id: int, parent: int, length: int = 30, **fields: Any) -> Call:
    """Create the record of a forwarded leg that was answered."""
    return leg(record_id, parent, status=CallStatus.ANSWERED, length=length, **fields)


def outgoing(record_id: int, number: str, **fields: Any) -> Call:
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


def finished_events(log: CallLog, *rows: Call, at: float = 20.5) -> list[CallEvent]:
    """Read records some seconds after noon and return the events of finished calls."""
    now = NOON + at * SECOND
    log.read(rows, now)
    return [event for event in log.decide(now) if event]


def finished_ids(log: CallLog, *rows: Call, at: float = 20.5) -> list[int | None]:
    """Read records some seconds after noon and return the IDs of finished calls."""
    return [event.call_id for event in finished_events(log, *rows, at=at)]


def finished_types(log: CallLog, *rows: Call, at: float = 20.5) -> list[CallEventType]:
    """Read records some seconds after noon and return the event types of finished calls."""
    return [event.type for event in finished_events(log, *rows, at=at)]


def watch(log: CallLog, *calls: ActiveCall, at: float) -> list[CallEvent]:
    """Poll active calls some seconds after noon and return their events."""
    return log.watch(calls, NOON + at * SECOND)


def watch_types(log: CallLog, *calls: ActiveCall, at: float) -> list[CallEventType]:
    """Poll active calls some seconds after noon and return the types of their events."""
    return [event.type for event in watch(log, *calls, at=at)]


def has_unrecorded(log: CallLog) -> bool:
    """Return a property of the log without narrowing its type."""
    return log.has_unrecorded


def order_callback(
    log: CallLog, caller: str = MOBILE, recipient: str = JAN, line: int | None = HOME_LINE
) -> None:
    """Order a callback at noon."""
    log.orders.add(caller, recipient, line, NOON)


def count_missed(*rows: Call) -> int:
    """Return the number of missed calls that the statistics count."""
    hours = Hours(DIRECTORY.direction)
    hours.add(rows)
    amounts = hours.take(NOON - timedelta(days=1), NOON + timedelta(days=1))
    return sum(amounts.get(Series(Measure.MISSED), {}).values())
