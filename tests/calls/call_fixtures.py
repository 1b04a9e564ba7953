"""A call log with shorthands, and constants for the tests of calls."""

from datetime import UTC, datetime, timedelta
from typing import Self

from msgspec import convert, to_builtins

from custom_components.odorik.api import ActiveCall, CallRecord, Line, PublicNumber
from custom_components.odorik.calls.callback_order import CallbackOrder
from custom_components.odorik.calls.directory import Directory
from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.hourly_totals import HourlyTotals, Metric, Series
from custom_components.odorik.calls.log import CallLog, LogState

from .phones import HOME, HOME_LINE, JAN, MOBILE, WORKSHOP, WORKSHOP_LINE

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DIRECTORY = Directory(
    [
        Line(id=HOME_LINE, name="Domov", public_number=HOME, caller_id=HOME),
        Line(id=WORKSHOP_LINE, name="Dílna", public_number=WORKSHOP, caller_id=WORKSHOP),
    ],
    [PublicNumber(public_number=HOME), PublicNumber(public_number=WORKSHOP)],
)
EMPTY_HISTORY = LogState(position=0)
STARTED, ANSWERED = CallEventType.STARTED, CallEventType.ANSWERED
ENDED, MISSED = CallEventType.ENDED, CallEventType.MISSED


class LogHarness(CallLog):
    """A log, by default with an empty history as its baseline; times are seconds after noon."""

    def __init__(self, state: LogState | None = EMPTY_HISTORY) -> None:
        """Initialize the log of the account with two lines."""
        super().__init__(state)
        self.directory = DIRECTORY

    def restarted(self) -> Self:
        """Create a log from the stored state of this one."""
        return type(self)(convert(to_builtins(self.state), LogState))

    def order_callback(
        self, caller: str = MOBILE, recipient: str = JAN, at: float = 0
    ) -> CallbackOrder:
        """Order a callback on the home line."""
        return self.orders.add(caller, recipient, HOME_LINE, NOON + at * SECOND)

    def poll(self, *calls: ActiveCall, at: float) -> list[CallEvent]:
        """Poll active calls and return their events."""
        return self.watch(calls, NOON + at * SECOND)

    def poll_types(self, *calls: ActiveCall, at: float) -> list[CallEventType]:
        """Poll active calls and return the types of their events."""
        return [event.type for event in self.poll(*calls, at=at)]

    def finished_events(self, *rows: CallRecord, at: float = 20.5) -> list[CallEvent]:
        """Read records and return the events of finished calls."""
        self.read(rows, NOON + at * SECOND)
        return [event for event in self.decide(NOON + at * SECOND) if event]

    def finished_ids(self, *rows: CallRecord, at: float = 20.5) -> list[int | None]:
        """Read records and return the IDs of finished calls."""
        return [event.call_id for event in self.finished_events(*rows, at=at)]

    def finished_types(self, *rows: CallRecord, at: float = 20.5) -> list[CallEventType]:
        """Read records and return the event types of finished calls."""
        return [event.type for event in self.finished_events(*rows, at=at)]

    def awaits_record(self) -> bool:
        """Return whether a record is awaited, without narrowing the type of the property."""
        return self.live.has_unrecorded


def e164(number: str) -> str:
    """Write a number as events do."""
    return f"+{number.removeprefix('00')}"


def count_missed(*rows: CallRecord) -> int:
    """Return the number of missed calls that the statistics count."""
    hours = HourlyTotals(DIRECTORY)
    hours.add(rows)
    amounts = hours.take(NOON - timedelta(days=1), NOON + timedelta(days=1))
    return sum(amounts.get(Series(Metric.MISSED), {}).values())
