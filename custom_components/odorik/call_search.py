"""Search finished calls, in the operator's history and in memory."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import batched
import re
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from .api import CallRecord, Direction, HistoryFilter, OdorikClient, OdorikError
from .call_events import SIGNAL_CALL, CallUpdate
from .calls import numbers
from .calls.contacts import fold_text
from .calls.directory import Directory
from .calls.event import CallEvent, CallEventType, with_names
from .calls.log import calls_of
from .calls.newest import Newest
from .const import DOMAIN, RECORDS_PER_TURN
from .coordinator.account import AccountCoordinator
from .errors import action_failed
from .readings import Readings

MAX_RECORDS: Final = 2000
"""Records that are searched at once: as many as the operator returns in one response."""
OVERLAP: Final = timedelta(hours=1)
"""How far a reading extends beyond its period: the legs of a call begin within this time."""
RECENT: Final = tuple(timedelta(days=days) for days in (365, 30, 7, 1))
"""The periods that are tried for the calls in memory, until one has few enough records."""
MIN_READ_INTERVAL: Final = timedelta(minutes=1)
"""Minimum time between two readings for searches."""
MAX_NUMBERS: Final = 3
"""Numbers of contacts whose earlier calls are read for one search, with one request each."""

_NUMBER: Final = re.compile(r"(?:\+|00)?([\d*]+)")
_SEPARATORS: Final = re.compile(r"[\s()/.-]")

type Matcher = Callable[[CallEvent], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCall:
    """A call that was found.

    Attributes:
        call: The event of the call.
        began: When the call began.
        redirected_to: The number to which it was redirected.
    """

    call: CallEvent
    began: datetime
    redirected_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A period of the history, with the records around it that may be legs of its calls."""

    start: datetime
    end: datetime
    rows: list[CallRecord]

    def calls(self, directory: Directory, is_match: Matcher) -> list[FoundCall]:
        """Return the calls of the period, the newest first, joined as for events.

        Runs in the executor.
        """
        redirected = {row.redirection_parent_id: row.destination_number for row in self.rows}
        found = [
            FoundCall(
                call=call,
                began=call.started_at,
                redirected_to=numbers.normalize(redirected.get(call.call_id)),
            )
            for call in calls_of(self.rows, directory)
            if call.started_at and self.start <= call.started_at < self.end and is_match(call)
        ]
        return sorted(found, key=lambda it: (it.began, it.call.call_id or 0), reverse=True)


async def read_span(
    client: OdorikClient,
    start: datetime,
    end: datetime,
    *,
    stop_when_full: bool = False,
    number: str | None = None,
) -> Span:
    """Read the records of a period; if there are too many, only those at its end.

    Args:
        client: The client of the account.
        start: The start of the period.
        end: The end of the period.
        stop_when_full: Stop at ``MAX_RECORDS``. As the operator guarantees no order, the span then
            shows only that there are at least that many.
        number: Read only the records of a number, in the operator's format.
    """
    newest, later = Newest(MAX_RECORDS), Newest(MAX_RECORDS)
    filters: HistoryFilter = {"phone_number_filter": number} if number else {}
    pages = client.calls(start=start - OVERLAP, end=end + OVERLAP, **filters)
    async with aclosing(pages) as reading:
        async for page in reading:
            for batch in batched(page, RECORDS_PER_TURN, strict=False):
                newest.add(row for row in batch if row.date < end)
                later.add(row for row in batch if row.date >= end)
                await asyncio.sleep(0)
            if stop_when_full and len(newest) == MAX_RECORDS:
                break
    rows = newest.pop_oldest(MAX_RECORDS)
    if newest.is_cut:
        # The oldest calls may lack legs; they are complete on the next page. Each page has to make
        # progress, however dense the calls are.
        first, last = rows[0].date, rows[-1].date
        start = max(start, first + min(OVERLAP, (last - first) / 2))
    return Span(start=start, end=end, rows=rows + later.pop_oldest(MAX_RECORDS))


def text_matcher(search: str) -> Callable[[str | None, str | None], bool]:
    """Return a filter for a name and a number; an empty text matches all.

    The text is a part of a name or the digits of a number.
    """
    words = fold_text(search).split()
    digits = _digits(search)

    def is_match(name: str | None, number: str | None) -> bool:
        if words and number is None:
            return False
        if digits is not None:
            return digits in (number or "")
        folded = fold_text(name or number or "") if words else ""
        return all(word in folded for word in words)

    return is_match


def _digits(text: str) -> str | None:
    """Return the digits of a number, or of a part of one; None for all other texts."""
    number = _NUMBER.fullmatch(_SEPARATORS.sub("", text))
    return number[1] if number else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResult:
    """The calls that a search has found.

    Attributes:
        calls: The newest calls, the newest first.
        since: The start of the period that was searched.
        total: How many calls were found, including those that are not in ``calls``.
        duration: Their duration in seconds.
        price: Their price in CZK.
    """

    calls: list[CallEvent]
    since: datetime
    total: int
    duration: int
    price: float


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierCalls:
    """The calls of one number before those in memory.

    Attributes:
        asked_since: The start of the period that was requested.
        since: The start of the period that was read, which is later if there were too many calls.
        until: The end of the period.
        calls: The calls.
    """

    asked_since: datetime
    since: datetime
    until: datetime
    calls: list[CallEvent]


class RecentCalls:
    """The newest finished calls of an account.

    They are read when they are first needed and kept up to date by the call events, so that a
    search needs no request to the operator. In a busy account, they are those of a short period;
    the earlier calls of a contact are read when the contact is searched for.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
        readings: Readings,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._account = account
        self._readings = readings
        self._calls: dict[tuple[int | None, datetime | None], CallEvent] = {}
        self._since: datetime | None = None
        self._reading: asyncio.Task[None] | None = None
        self._asked_at: datetime | None = None
        self._may_read_earlier = True
        """False if there may be more calls than are kept."""
        self._earlier: dict[str, EarlierCalls] = {}
        """Earlier calls by number in the operator's format, in the order of their reading."""
        self._earlier_asked_at: datetime | None = None
        self._failure: OdorikError | HomeAssistantError | None = None
        entry.async_on_unload(
            async_dispatcher_connect(hass, SIGNAL_CALL.format(entry.entry_id), self._update)
        )

    async def search(
        self,
        text: str = "",
        *,
        direction: Direction | None = None,
        since: datetime | None = None,
        limit: int,
    ) -> SearchResult:
        """Search the calls.

        Args:
            text: A part of a name or number.
            direction: The direction of the calls.
            since: The earliest start of the calls.
            limit: The maximum number of calls to return.

        Raises:
            HomeAssistantError: The calls could not be read.
        """
        if (reading := self.async_load(since)) is not None:
            # Awaiting the task itself would cancel it together with the search.
            await asyncio.wait([reading])
        if self._since is None:
            if isinstance(self._failure, OdorikError):
                raise action_failed(self._hass, self._entry, self._failure)
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="calls_not_read")
        directory = self._account.data.directory
        is_match = text_matcher(text)
        wanted = since or self._client.now() - RECENT[0]
        earlier = await self._find_earlier(text, wanted)
        start = max(self._since, wanted) if since else self._since
        if earlier:
            start = max(wanted, *(it.since for it in earlier))
        calls = {_key(call): call for it in earlier for call in it.calls} | self._calls

        @cache
        def has_text(number: str | None) -> bool:
            # Few numbers make up most of a history.
            return is_match(directory.name_of(number), number)

        def find() -> SearchResult:
            found = [
                call
                for call in calls.values()
                if direction in {None, call.direction}
                and call.started_at
                and call.started_at >= start
                and has_text(call.number)
            ]
            found.sort(key=_position, reverse=True)
            return SearchResult(
                calls=[with_names(call, directory) for call in found[:limit]],
                since=start,
                total=len(found),
                duration=sum(call.duration or 0 for call in found),
                price=round(sum(call.price or 0 for call in found), 4),
            )

        return await self._hass.async_add_executor_job(find)

    @callback
    def async_load(self, since: datetime | None = None) -> asyncio.Task[None] | None:
        """Read the calls unless they are known; return the task while it runs.

        The operator is asked at most once in ``MIN_READ_INTERVAL``, even after a failure.

        Args:
            since: Also read earlier calls back to this time, if there are few enough in memory.
        """
        if self._reading is not None and not self._reading.done():
            return self._reading
        is_known = self._since is not None and not (
            since and since < self._since and self._may_read_earlier
        )
        now = dt_util.utcnow()
        is_recent = self._asked_at is not None and abs(now - self._asked_at) < MIN_READ_INTERVAL
        if is_known or is_recent:
            return None
        self._asked_at = now
        self._reading = self._entry.async_create_background_task(
            self._hass, self._load(since), f"{self._entry.title} - read recent calls"
        )
        return self._reading

    async def _load(self, since: datetime | None) -> None:
        """Read the calls when it is this reading's turn."""
        self._failure = None
        try:
            span = await self._readings.ask(self, since, partial(self._read, since))
        except (OdorikError, HomeAssistantError) as err:
            self._failure = err
            return
        found = await self._hass.async_add_executor_job(
            span.calls, self._account.data.directory, lambda _: True
        )
        self._calls |= {_key(it.call): it.call for it in found}
        self._since = span.start

    async def _find_earlier(self, text: str, since: datetime) -> list[EarlierCalls]:
        """Return the calls before those in memory of all numbers that a text can mean.

        They are read if necessary, but at most once in ``MIN_READ_INTERVAL``. The list is empty if
        the calls of one of the numbers are not known.
        """
        if self._may_read_earlier or self._since is None or since >= self._since:
            return []
        searched = _searched_numbers(text, self._account.data.directory)
        now = dt_util.utcnow()
        asked_at = self._earlier_asked_at
        is_recent = asked_at is not None and abs(now - asked_at) < MIN_READ_INTERVAL
        if not all(self._is_known(number, since) for number in searched) and not is_recent:
            self._earlier_asked_at = now
            reading = self._entry.async_create_background_task(
                self._hass,
                self._load_earlier(searched, since, self._since),
                f"{self._entry.title} - read earlier calls",
            )
            await asyncio.wait([reading])
        if not all(self._is_known(number, since) for number in searched):
            return []
        return [self._earlier[number] for number in searched]

    def _is_known(self, number: str, since: datetime) -> bool:
        """Return whether the calls of a number between a time and those in memory are known."""
        known = self._earlier.get(number)
        return known is not None and known.asked_since <= since and known.until == self._since

    async def _load_earlier(self, searched: list[str], since: datetime, until: datetime) -> None:
        """Read the calls of numbers in a period; forget those that were read long ago."""
        for number in searched:
            read = partial(read_span, self._client, since, until, number=number)
            try:
                span = await self._readings.ask(self, (number, since, until), read)
            except OdorikError, HomeAssistantError:
                # The result of the search says that the period was not searched.
                return
            found = await self._hass.async_add_executor_job(
                span.calls, self._account.data.directory, lambda _: True
            )
            self._earlier.pop(number, None)
            self._earlier[number] = EarlierCalls(
                asked_since=since,
                since=span.start,
                until=until,
                calls=[it.call for it in found],
            )
        while sum(len(it.calls) for it in self._earlier.values()) > MAX_RECORDS and (
            len(self._earlier) > len(searched)
        ):
            del self._earlier[next(iter(self._earlier))]

    async def _read(self, since: datetime | None) -> Span:
        """Read the calls before those in memory, or the longest period with few enough records."""
        if self._since is not None and since is not None:
            span = await read_span(self._client, since, self._since)
            self._may_read_earlier = span.start <= since
            return span
        now = self._client.now()
        # The latest records may be slightly in the future.
        end = now + timedelta(days=1)
        for period in RECENT[:-1]:
            span = await read_span(self._client, now - period, end, stop_when_full=True)
            if len(span.rows) < MAX_RECORDS:
                self._may_read_earlier = period == RECENT[0]
                return span
        self._may_read_earlier = False
        return await read_span(self._client, now - RECENT[-1], end)

    @callback
    def _update(self, update: CallUpdate) -> None:
        """Add a call that has finished, if the calls have been read or are being read."""
        call = update.event
        if self._reading is None or call.type not in {CallEventType.ENDED, CallEventType.MISSED}:
            return
        self._calls[_key(call)] = call
        if len(self._calls) >= 2 * MAX_RECORDS:
            newest = sorted(self._calls.values(), key=_position)[-MAX_RECORDS:]
            self._calls = {_key(call): call for call in newest}
            self._may_read_earlier = False
            if self._since is not None:
                self._since = max(self._since, newest[0].started_at or self._since)


def _searched_numbers(text: str, directory: Directory) -> list[str]:
    """Return the numbers that a text can mean, in the operator's format.

    The list is empty if there are too many or if they cannot be listed: a text can also be part of
    a number or the name of a line.
    """
    if not text.strip():
        return []
    if (number := numbers.to_dialable(text)) and number.startswith("00"):
        return [number]
    if _digits(text) is not None:
        return []
    is_match = text_matcher(text)
    if any(is_match(line.name, str(line.id)) for line in directory.lines.values()):
        return []
    found = {
        numbers.to_dialable(contact.number) or ""
        for contact in directory.speed_dials
        if is_match(contact.name, numbers.normalize(contact.number))
    }
    is_public = all(number.startswith("00") for number in found)
    return sorted(found) if is_public and len(found) <= MAX_NUMBERS else []


def _key(call: CallEvent) -> tuple[int | None, datetime | None]:
    """Return the key of a call; IDs can restart."""
    return call.call_id, call.started_at


def _position(call: CallEvent) -> tuple[datetime, int]:
    """Return a key that sorts calls by time."""
    return call.started_at or dt_util.utc_from_timestamp(0), call.call_id or 0
