"""Find the received text messages that have not been reported.

The history lists messages among the calls. It is not documented whether both take their IDs from
one sequence. So the IDs of messages are remembered separately, and the position in the history only
passes messages once their order among the calls has shown that the sequence is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Final

from msgspec import Struct

from ..api import CallRecord, Direction
from .callback_order import ended_at
from .directory import Directory
from .event import parties

MAX_MESSAGE_AGE: Final = timedelta(days=7)
"""Messages that were received earlier are not reported when catching up, like calls."""
MAX_KNOWN: Final = 200
"""Messages that are remembered by ID; earlier ones are recognized by their time."""
UNREAD_INTERVAL: Final = timedelta(days=1)
"""How often it is remembered where messages were left out."""
MAX_RECORD_DELAY: Final = timedelta(hours=1)
"""How long after a message its record may be written."""
WRITE_TOLERANCE: Final = timedelta(minutes=1)
"""How far the order of the IDs may differ from that of the times."""
SHARED_IDS_PROOF: Final = 3
"""Messages between calls that show that both share one sequence of IDs."""
MAX_COMPARED: Final = 10_000
"""Records that are compared for this; a longer reading would block the event loop."""


class KnownMessage(Struct, kw_only=True, frozen=True):
    """A message that has been reported, or that is older than the first reading."""

    id: int
    date: datetime


class UnreadMessages(Struct, kw_only=True, frozen=True):
    """A reading of the calls from which the messages were left out.

    Attributes:
        since: The ID after which the records were read.
        at: When they were read.
    """

    since: int
    at: datetime


class MessageState(Struct, kw_only=True, frozen=True):
    """The part of ``MessageLog`` that is stored.

    Attributes:
        known_until: Messages up to this time are no longer reported.
        known: Later messages that are not reported again.
        shares_ids: Whether messages and calls have been found to share one sequence of IDs.
        unread: Readings without messages, at most one a day, since all messages were read.
    """

    known_until: datetime
    known: list[KnownMessage] = []
    shares_ids: bool = False
    unread: list[UnreadMessages] = []


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMessage:
    """A received message; numbers are normalized, and the text is not available."""

    sms_id: int
    number: str | None
    """The sender, which may be a word; None if withheld."""
    name: str | None
    own_number: str | None
    line: int | None
    received_at: datetime


class MessageLog:
    """The received messages of one account, each of which is reported once.

    Attributes:
        shares_ids: Whether messages and calls have been found to share one sequence of IDs.
    """

    def __init__(self, state: MessageState | None = None) -> None:
        """Initialize from a stored state; without one, the first reading reports nothing."""
        self.shares_ids = state is not None and state.shares_ids
        self._known_until = state.known_until if state else None
        self._known = {message.id: message.date for message in state.known} if state else {}
        self._unread = list(state.unread) if state else []

    @property
    def state(self) -> MessageState | None:
        """The state to be stored; None before the first reading."""
        if self._known_until is None:
            return None
        known = [KnownMessage(id=message_id, date=date) for message_id, date in self._known.items()]
        return MessageState(
            known_until=self._known_until,
            known=known,
            shares_ids=self.shares_ids,
            unread=list(self._unread),
        )

    def first_since(self, since: int) -> int:
        """Return the ID after which to read messages, if the calls are read after ``since``."""
        return min(self._unread[0].since, since) if self._unread else since

    def note_left_out(self, since: int, now: datetime) -> None:
        """Note that the records after ``since`` were read without the messages.

        Messages that are too old to be reported are given up: a record that cannot be read must not
        prevent the reading of messages for ever.
        """
        self._unread = [it for it in self._unread if abs(now - it.at) <= MAX_MESSAGE_AGE]
        if not self._unread or now - self._unread[-1].at >= UNREAD_INTERVAL:
            self._unread.append(UnreadMessages(since=since, at=now))

    def note_all_read(self) -> None:
        """Note that all messages have been read and reported."""
        self._unread.clear()

    def set_baseline(self, messages: Iterable[CallRecord], now: datetime) -> None:
        """Begin after these messages, without reporting them."""
        self._known_until = now - MAX_RECORD_DELAY
        self._add({message.id: message.date for message in messages})

    def news(
        self, messages: Iterable[CallRecord], directory: Directory, now: datetime
    ) -> list[ReceivedMessage]:
        """Return the messages that have to be reported, the oldest first.

        Args:
            messages: Sent and received messages.
            directory: The current names and numbers.
            now: The current time by the operator's clock.
        """
        if self._known_until is None:
            self.set_baseline(messages, now)
            return []
        start = max(self._known_until, now - MAX_MESSAGE_AGE)
        new_messages = {
            message.id: message
            for message in messages
            if message.id not in self._known
            and message.date > start
            and directory.direction(message) is Direction.IN
        }
        return [
            _received(message, directory)
            for message in sorted(new_messages.values(), key=attrgetter("date", "id"))
        ]

    def finish(self, message: ReceivedMessage) -> None:
        """Mark a message as reported."""
        self._add({message.sms_id: message.received_at})

    def start_over(self, messages: Iterable[CallRecord] | None) -> None:
        """Continue in a history whose IDs restart at lower values.

        Args:
            messages: The messages with their new IDs, or None if they were left out. Only those
                later than the known ones are new.
        """
        newest = max(self._known.values(), default=None)
        self.shares_ids = False
        self._unread.clear()
        self._known.clear()
        if newest is None:
            return
        if messages is None:
            self._known_until = newest
        else:
            self._add({message.id: message.date for message in messages if message.date <= newest})

    def find_shared_ids(self, calls: Sequence[CallRecord], messages: Sequence[CallRecord]) -> None:
        """Find out whether calls and messages share one sequence of IDs.

        They do if several messages lie between the same calls by their ID as by their time.
        """
        is_long = len(calls) + len(messages) > MAX_COMPARED
        if self.shares_ids or is_long or len(messages) < SHARED_IDS_PROOF:
            return
        ordered = sorted((*calls, *messages), key=attrgetter("id"))
        if any(
            one.id == other.id and one.is_sms != other.is_sms for one, other in pairwise(ordered)
        ):
            return
        before: CallRecord | None = None
        between: list[CallRecord] = []
        count = 0
        for record in ordered:
            if record.is_sms:
                between.append(record)
                continue
            if record.redirection_parent_id is not None:
                # The start of such a leg may be that of the call, long before.
                continue
            if before is not None:
                start = ended_at(before) - WRITE_TOLERANCE
                end = ended_at(record) + WRITE_TOLERANCE
                if not all(start <= message.date <= end for message in between):
                    return
                count += len(between)
            before, between = record, []
        self.shares_ids = count >= SHARED_IDS_PROOF

    def _add(self, messages: dict[int, datetime]) -> None:
        """Remember messages; beyond the limit, only the time up to which all are known."""
        self._known |= messages
        if (excess := len(self._known) - MAX_KNOWN) <= 0 or self._known_until is None:
            return
        by_date = sorted(self._known.items(), key=lambda known: known[1])
        self._known_until = max(self._known_until, by_date[excess - 1][1])
        self._known = dict(by_date[excess:])


def _received(message: CallRecord, directory: Directory) -> ReceivedMessage:
    """Return a message as it is reported."""
    number, own_number = parties(message, Direction.IN)
    return ReceivedMessage(
        sms_id=message.id,
        number=number,
        name=directory.name_of(number),
        own_number=own_number,
        line=message.line,
        received_at=message.date,
    )
