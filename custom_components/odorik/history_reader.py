"""Read the records of the history: calls, and received and sent messages."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from homeassistant.util import dt as dt_util

from .api import (
    CallRecord,
    OdorikApiError,
    OdorikAuthError,
    OdorikClient,
    OdorikConnectionError,
    OdorikUnauthorizedError,
)
from .calls.inbox import LOOKBACK
from .calls.log import CallLog
from .calls.received_messages import MessageLog
from .const import HISTORY_END, HISTORY_START, LOGGER

BASELINE_LOOKBACKS: Final = (LOOKBACK, timedelta(days=31), timedelta(days=366), None)
"""How far back the newest record is searched for, until one is found; at first as far as the inbox
reaches. The last search covers everything, so that neither a quiet account nor a wrong local clock
looks like an empty account, whose whole history would be reported as new afterwards."""
MESSAGES_ATTEMPTS: Final = 3
"""Readings that may fail because of messages before messages are temporarily left out."""
MESSAGES_RETRY: Final = timedelta(hours=6)
"""How long messages are left out of the readings."""
MAX_MESSAGES: Final = 1000
"""Messages that a reading may have unless the position can pass them: they must not cause a second
page at each poll."""


class Reading(NamedTuple):
    """The records of one reading.

    Attributes:
        calls: The calls.
        messages: The sent and received messages; None if they were not requested.
    """

    calls: list[CallRecord]
    messages: list[CallRecord] | None


class HistoryReader:
    """Reads the records of one account: the calls, and in the same responses the messages.

    If the operator refuses the messages, the calls are read without them.
    """

    def __init__(self, client: OdorikClient, title: str) -> None:
        self._client = client
        self._title = title
        self._failures = 0
        self._is_suspicious = False
        """True if the last reading with messages failed, perhaps because of them."""
        self._is_history_refused = False
        """True if the login may not read the history, with or without messages."""
        self._retry_at = dt_util.utc_from_timestamp(0)

    async def newest_records(self) -> Reading:
        """Return the newest records, from as far back as necessary to find any calls."""
        reading = Reading([], None)
        for lookback in BASELINE_LOOKBACKS:
            period: dict[str, Any] = {
                "start": self._client.now() - lookback if lookback else HISTORY_START,
                "end": HISTORY_END,
            }
            try:
                reading = await self._read_with_messages(**period)
            except OdorikConnectionError:
                # Retry at once, without messages: the next setup would begin with them again.
                reading = await self._read_with_messages(**period)
            if reading.calls:
                break
        return reading

    async def reported_records(self, log: CallLog) -> list[CallRecord]:
        """Return the records of the last days that have been reported."""
        records = await self._read(start=self._client.now() - LOOKBACK, end=HISTORY_END)
        return [record for record in records if log.cursor.is_behind(record.id)]

    async def new_records(self, log: CallLog, messages: MessageLog) -> Reading:
        """Return the records since the last reading, in the order in which they were written."""
        since = log.cursor.since or 0
        reading = await self._read_with_messages(messages.first_since(since), since_id=since)
        if reading.messages is None:
            messages.note_left_out(since, self._client.now())
        else:
            messages.find_shared_ids(reading.calls, reading.messages)
            if len(reading.messages) > MAX_MESSAGES and not messages.shares_ids:
                self._pause_messages()
        # Without the messages that the position has passed, there may be nothing to read again.
        covered: list[CallRecord] | None = reading.calls
        if messages.shares_ids:
            covered = None if reading.messages is None else [*reading.calls, *reading.messages]
        if covered is not None and log.cursor.is_lost(covered) and log.cursor.newest:
            later = await self._read_with_messages(start=log.cursor.newest, end=HISTORY_END)
            if log.start_over(later.calls):
                LOGGER.warning(
                    "The call history of %s starts over with lower IDs; calls are reported from "
                    "where the old one ended",
                    self._title,
                )
                messages.start_over(later.messages)
                reading = later
        return Reading(log.news(reading.calls), reading.messages)

    async def _read_with_messages(
        self, messages_since: int | None = None, **selection: Any
    ) -> Reading:
        """Read calls and messages, or only the calls while the messages cannot be read.

        Args:
            messages_since: The ID after which messages are read, if they are behind the calls.
            selection: The selection of the calls.
        """
        if self._is_suspicious or dt_util.utcnow() < self._retry_at:
            reading = await self._read_calls(**selection)
            if self._is_suspicious:
                self._is_suspicious = False
                self._note_failure()
            return reading
        wanted = selection if messages_since is None else {"since_id": messages_since}
        try:
            reading = await self._read_both(selection.get("since_id", 0), **wanted)
        except OdorikAuthError:
            raise
        except OdorikUnauthorizedError:
            self._pause_messages()
        except OdorikApiError:
            self._note_failure()
        except OdorikConnectionError:
            self._is_suspicious = True
            raise
        else:
            self._failures = 0
            return reading
        return await self._read_calls(**selection)

    async def _read_both(self, calls_since: int, **selection: Any) -> Reading:
        """Read messages, and the calls with higher IDs than ``calls_since``."""
        calls, messages = list[CallRecord](), list[CallRecord]()
        async for page in self._client.calls(**selection, include_sms=True):
            # Separating a long history at once would block the event loop.
            for record in page:
                if record.is_sms:
                    messages.append(record)
                elif record.id > calls_since:
                    calls.append(record)
        return Reading(calls, messages)

    async def _read_calls(self, **selection: Any) -> Reading:
        """Read calls without messages."""
        try:
            calls = await self._read(**selection)
        except OdorikUnauthorizedError:
            self._is_history_refused = True
            raise
        if self._is_history_refused:
            # Messages may be readable again. The position has not passed those in between yet.
            self._is_history_refused = False
            self._retry_at = dt_util.utc_from_timestamp(0)
        return Reading(calls, None)

    def _note_failure(self) -> None:
        """Count a reading that failed with messages."""
        self._failures += 1
        if self._failures >= MESSAGES_ATTEMPTS:
            self._pause_messages()

    def _pause_messages(self) -> None:
        """Leave the messages out of the next readings."""
        LOGGER.debug("%s: messages are left out for %s", self._title, MESSAGES_RETRY)
        self._retry_at = dt_util.utcnow() + MESSAGES_RETRY

    async def _read(self, **selection: Any) -> list[CallRecord]:
        """Read all pages."""
        return [record async for page in self._client.calls(**selection) for record in page]
