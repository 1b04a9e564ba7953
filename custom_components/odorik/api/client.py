"""Every request to the operator goes through one door here, with one method per endpoint.

Source: the operator's document "API pro práci s hovory" and the pages beside it. What buys,
transfers money or changes a tariff is left out on purpose.
"""

import asyncio
from codecs import BOM_UTF8
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import partial
import logging
import math
from typing import Final, Unpack, override

import aiohttp
from msgspec import Raw, json

from .connection import ACTIVE_CALLS, Connection
from .decoding import One, Reader, RecordList, Rows
from .exceptions import (
    OdorikConnectionError,
    OdorikNotSentError,
    OdorikUnknownOutcomeError,
)
from .export_formats import ExportFormat, ExportPage, read_page
from .models import (
    PLAUSIBLE_YEARS,
    ActiveCall,
    CallbackStatus,
    CallRecord,
    CallStatistics,
    DestinationStatistics,
    Line,
    MissedCalls,
    PublicNumber,
    ResponseModel,
    SpeedDial,
    utc,
)
from .pages import read_pages
from .parameters import CallFilter, HistoryFilter, Parameters, history, period
from .refusals import raise_for_refusal

API_URL: Final = "https://www.odorik.cz/api/v1"

_LOGGER: Final = logging.getLogger(__name__)

_OUTCOMES: Final = {
    b"callback_ordered": CallbackStatus.ORDERED,
    b"successfully_enqueued": CallbackStatus.ENQUEUED,
}
_any_json: Final = json.Decoder(dict[str, Raw] | list[Raw] | None)
_active_calls: Final = Rows(ActiveCall)
_calls: Final = Rows(CallRecord)
_destinations: Final = Rows(DestinationStatistics)
_lines: Final = Rows(Line)
_missed_calls: Final = Rows(MissedCalls)
_public_numbers: Final = Rows(PublicNumber)
_speed_dials: Final = Rows(SpeedDial)
_statistics: Final = One(CallStatistics)


class OdorikClient:
    """A login at the operator: an account with its API password, or a line with its SIP password.

    Every method raises:
        OdorikAuthError: the login is wrong.
        OdorikUnauthorizedError: the login is right, but may not do this.
        OdorikApiError: any other refusal, as its own class where it is documented.
        OdorikConnectionError: no usable answer now.

    Attributes:
        unreadable: For each list that had records which could not be read, the most in one answer.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        username: str,
        password: str,
        *,
        base_url: str = API_URL,
    ) -> None:
        """Use ``session``, which stays its owner's to close."""
        self.unreadable: dict[str, int] = {}
        self._connection = Connection(session, username, password, base_url)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def now(self) -> datetime:
        """Tell the time of the operator's clock."""
        return datetime.now(UTC) + self.clock_offset

    @property
    def clock_offset(self) -> timedelta:
        """How far the operator's clock, by which calls are dated, is ahead of the one here."""
        return self._connection.clock_offset

    async def callback(
        self,
        caller: str,
        recipient: str,
        *,
        delayed: int | datetime | None = None,
        line: int | None = None,
        simple: bool | None = None,
    ) -> CallbackStatus:
        """Order a call: the operator rings ``caller``, then connects ``recipient``.

        The order goes out once and is never repeated.

        Args:
            caller: Rung first.
            recipient: Connected then.
            delayed: Minutes, or the moment.
            line: Billed, and its number is what the recipient sees (account login).
            simple: Whether a declined call is left at that, with no second attempt.

        Raises:
            OdorikUnknownOutcomeError: the order went out and no clear answer came.
        """
        parameters: Parameters = {
            "caller": caller,
            "recipient": recipient,
            "delayed": utc(delayed) if isinstance(delayed, datetime) else delayed,
            "line": line,
            "simple": simple,
        }
        try:
            body = await self._request("POST", "callback", parameters)
        except OdorikConnectionError as err:
            if isinstance(err, OdorikNotSentError):
                raise
            raise OdorikUnknownOutcomeError(str(err)) from None
        return _parse_outcome(body)

    async def calls(
        self,
        *,
        since_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int | None = None,
        **filters: Unpack[HistoryFilter],
    ) -> AsyncGenerator[list[CallRecord]]:
        """Read the history, page by page: what came after ``since_id``, or a period.

        The order of the rows and of the pages is the operator's and not to be relied upon. A row
        of no year that can be meant is left out.
        """
        path = "calls.json"
        async for body, records in read_pages(
            self._connection,
            path,
            history(since_id, start, end, filters),
            page_size=page_size,
            read=partial(self._decode_list, _calls, path),
            # An unreadable row fills its page, too.
            count=lambda records: len(records) + records.unreadable,
        ):
            del body
            yield [record for record in records if record.date.year in PLAUSIBLE_YEARS]

    async def export_calls(
        self,
        export_format: ExportFormat,
        *,
        since_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int | None = None,
        **filters: Unpack[HistoryFilter],
    ) -> AsyncGenerator[tuple[bytes, int]]:
        """Read the history as the operator writes it: each page's content and number of records."""
        path = f"calls.{export_format}"

        async def read(body: bytes) -> ExportPage:
            page = await asyncio.to_thread(read_page, export_format, body)
            self._count_unreadable(path, page.unreadable)
            return page

        async for body, page in read_pages(
            self._connection,
            path,
            history(since_id, start, end, filters),
            page_size=page_size,
            read=read,
            count=lambda page: page.records + page.unreadable,
        ):
            del body
            yield page.content, page.records

    async def active_calls(self) -> list[ActiveCall]:
        """List the calls that are ringing or up."""
        return await self._list(_active_calls, ACTIVE_CALLS)

    async def hang_up(self, active_call_id: int) -> None:
        """End a call; a call that has ended meanwhile is refused with a code."""
        body = await self._request("DELETE", f"active_calls/{active_call_id}.json")
        raise_for_refusal(body)
        try:
            # The document does not show the answer, so any JSON without a refusal will do, or none.
            if body.strip():
                _any_json.decode(body)
        except ValueError, RecursionError:
            raise OdorikConnectionError("the answer to hanging up is no JSON") from None

    async def call_statistics(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> CallStatistics:
        """Sum up the calls of a period by direction."""
        body = await self._request(
            "GET", "call_statistics.json", period(start, end) | dict(filters)
        )
        return await _decode(_statistics, body)

    async def statistics_by_destination(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> list[DestinationStatistics]:
        """Sum up the calls of a period by destination; one may stand in several rows."""
        path = "call_statistics/by_destination.json"
        return await self._list(_destinations, path, period(start, end) | dict(filters))

    async def missed_calls(self, start: datetime, end: datetime) -> list[MissedCalls]:
        """Count the missed calls of a period by the account's own number."""
        path = "call_statistics/missed_calls.json"
        return await self._list(_missed_calls, path, period(start, end))

    async def balance(self) -> float:
        """Read the credit in CZK."""
        body = await self._request("GET", "balance")
        raise_for_refusal(body)
        try:
            balance = float(body.decode().strip().replace(",", "."))
        except ValueError:
            balance = math.nan
        if not math.isfinite(balance):
            raise OdorikConnectionError("the credit is not a number")
        return balance

    async def lines(self) -> RecordList[Line]:
        """List the lines that the login sees, with the telephones that are registered now."""
        lines = await self._list(_lines, "lines.json")
        # By the clock that has just told the time with this answer.
        return RecordList((line.at(self.now()) for line in lines), unreadable=lines.unreadable)

    async def public_numbers(self) -> list[PublicNumber]:
        """List the account's telephone numbers, its SIP names and the shared ones included."""
        parameters: Parameters = {"include_sip_names": True, "include_shared_numbers": True}
        return await self._list(_public_numbers, "public_numbers.json", parameters)

    async def speed_dials(self) -> list[SpeedDial]:
        """List the account's contacts."""
        return await self._list(_speed_dials, "speed_dials.json")

    async def _request(self, method: str, path: str, parameters: Parameters | None = None) -> bytes:
        """Send one request and return the answer without a byte-order mark."""
        body, _ = await self._connection.request(method, path, parameters)
        return body.removeprefix(BOM_UTF8)

    async def _list[T: ResponseModel](
        self, reader: Rows[T], path: str, parameters: Parameters | None = None
    ) -> RecordList[T]:
        """Request a list of one page."""
        return await self._decode_list(reader, path, await self._request("GET", path, parameters))

    async def _decode_list[T: ResponseModel](
        self, reader: Rows[T], path: str, body: bytes
    ) -> RecordList[T]:
        """Decode a list."""
        records = await _decode(reader, body)
        self._count_unreadable(path, records.unreadable)
        return records

    def _count_unreadable(self, path: str, unreadable: int) -> None:
        """Count records that cannot be read, and log them once."""
        if not unreadable:
            return
        if path not in self.unreadable:
            _LOGGER.warning(
                "%d records in %s cannot be read and are skipped; this is logged only once",
                unreadable,
                path,
            )
        self.unreadable[path] = max(unreadable, self.unreadable.get(path, 0))


async def _decode[R](reader: Reader[R], body: bytes) -> R:
    """Decode an answer, outside of the event loop unless it is as documented."""
    decoded = reader.read_documented(body)
    return await asyncio.to_thread(reader.salvage, body) if decoded is None else decoded


def _parse_outcome(body: bytes) -> CallbackStatus:
    """Read what became of an order."""
    raise_for_refusal(body)
    for prefix, status in _OUTCOMES.items():
        if body.lstrip().startswith(prefix):
            return status
    raise OdorikUnknownOutcomeError("the answer to the order is not a documented one")
