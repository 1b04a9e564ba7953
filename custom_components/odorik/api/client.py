"""The client: one method per endpoint.

The API is documented by Odorik in "API pro práci s hovory" and the pages next to it. Endpoints that
buy something, transfer money or change a tariff are left out on purpose.
"""

import asyncio
from codecs import BOM_UTF8
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
import logging
import math
import re
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
    SmsResult,
    SmsStatus,
    SpeedDial,
    utc,
)
from .pages import read_pages
from .parameters import CallFilter, HistoryFilter, Parameters, history, period
from .refusals import raise_for_refusal

API_URL: Final = "https://www.odorik.cz/api/v1"

_LOGGER: Final = logging.getLogger(__name__)

_CALLBACK_OUTCOMES: Final = {
    b"callback_ordered": CallbackStatus.ORDERED,
    b"successfully_enqueued": CallbackStatus.ENQUEUED,
}
_SMS_OUTCOMES: Final = {
    b"successfully_sent": SmsStatus.SENT,
    b"successfully_enqueued": SmsStatus.ENQUEUED,
}
_SENDER: Final = re.compile(r"\+?[\w.-]{1,20}", re.ASCII)
_DIGIT_OR_DOT: Final = re.compile(r"[\d.]", re.ASCII)
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
    """A login at Odorik: an account with its API password, or a line with its SIP password.

    Every method can raise:
        OdorikAuthError: The login is wrong.
        OdorikUnauthorizedError: The login is valid, but lacks the permission.
        OdorikApiError: Any other error reported by the API; documented ones have their own classes.
        OdorikConnectionError: There was no usable response.

    Attributes:
        unreadable: By list, the highest number of unreadable records in one response.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        username: str,
        password: str,
        *,
        base_url: str = API_URL,
    ) -> None:
        """Initialize the client; the caller remains responsible for closing ``session``."""
        self.unreadable: dict[str, int] = {}
        self._connection = Connection(session, username, password, base_url)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def now(self) -> datetime:
        """Return the current time by the operator's clock."""
        return datetime.now(UTC) + self.clock_offset

    @property
    def clock_offset(self) -> timedelta:
        """How far the operator's clock, which dates the calls, is ahead of the local one."""
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
        """Order a callback: the operator rings ``caller``, then connects ``recipient``.

        The request is sent once and never retried.

        Args:
            caller: The number that is rung first.
            recipient: The number that is then connected.
            delayed: A delay in minutes, or a time.
            line: The line that is billed and whose number the recipient sees (account login only).
            simple: True to make no second attempt if the call is declined.

        Raises:
            OdorikUnknownOutcomeError: The request was sent, but there was no clear response.
        """
        parameters: Parameters = {
            "caller": caller,
            "recipient": recipient,
            "delayed": utc(delayed) if isinstance(delayed, datetime) else delayed,
            "line": line,
            "simple": simple,
        }
        status, _ = await self._order("callback", parameters, _CALLBACK_OUTCOMES)
        return status

    async def send_sms(
        self,
        recipient: str,
        message: str,
        *,
        sender: str | None = None,
        delayed: int | datetime | None = None,
    ) -> SmsResult:
        """Send a text message.

        The request is sent once and never retried. The operator cuts messages that are too long.

        Args:
            recipient: The number of a mobile phone.
            message: The text.
            sender: One of ``sms_senders``, or ``smsinfo``; by default the operator selects one.
            delayed: A delay in minutes, or a time.

        Raises:
            OdorikUnknownOutcomeError: The request was sent, but there was no clear response.
        """
        parameters: Parameters = {
            "recipient": recipient,
            "message": message,
            "sender": sender,
            "delayed": utc(delayed) if isinstance(delayed, datetime) else delayed,
        }
        status, rest = await self._order("sms", parameters, _SMS_OUTCOMES)
        return SmsResult(status=status, balance=_parse_amount(rest))

    async def sms_senders(self) -> list[str]:
        """Return the senders that text messages may have."""
        body = await self._request("GET", "sms/allowed_sender")
        raise_for_refusal(body)
        senders = [sender.strip() for sender in body.decode(errors="replace").split(",")]
        # A word without a digit or a dot may be an undocumented error.
        if not all(map(_SENDER.fullmatch, senders)) or not _DIGIT_OR_DOT.search("".join(senders)):
            raise OdorikConnectionError("the response is not a list of senders")
        return senders

    async def calls(
        self,
        *,
        since_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int | None = None,
        **filters: Unpack[HistoryFilter],
    ) -> AsyncGenerator[list[CallRecord]]:
        """Read the history page by page: either a period, or the records after ``since_id``.

        The operator guarantees no order of records or pages. Records with an implausible year are
        left out.
        """
        path = "calls.json"
        async for records in read_pages(
            self._connection,
            path,
            history(since_id, start, end, filters),
            page_size=page_size,
            read=partial(self._decode_list, _calls, path),
            # Unreadable records count towards the page size, too.
            count=lambda records: len(records) + records.unreadable,
        ):
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
        """Yield the pages of the history as the operator formats them, with their record counts."""
        path = f"calls.{export_format}"

        async def read(body: bytes) -> ExportPage:
            page = await asyncio.to_thread(read_page, export_format, body)
            self._count_unreadable(path, page.unreadable)
            return page

        async for page in read_pages(
            self._connection,
            path,
            history(since_id, start, end, filters),
            page_size=page_size,
            read=read,
            count=lambda page: page.records + page.unreadable,
        ):
            yield page.content, page.records

    async def active_calls(self) -> list[ActiveCall]:
        """Return the calls that are ringing or in progress."""
        return await self._list(_active_calls, ACTIVE_CALLS)

    async def hang_up(self, active_call_id: int) -> None:
        """Hang up a call; a call that has already ended raises ``OdorikApiError``."""
        body = await self._request("DELETE", f"active_calls/{active_call_id}.json")
        raise_for_refusal(body)
        try:
            # The response is not documented: accept any JSON that is not an error, and an empty
            # body.
            if body.strip():
                _any_json.decode(body)
        except ValueError, RecursionError:
            raise OdorikConnectionError("the response is not valid JSON") from None

    async def call_statistics(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> CallStatistics:
        """Return the totals of a period by direction."""
        body = await self._request(
            "GET", "call_statistics.json", period(start, end) | dict(filters)
        )
        return await _decode(_statistics, body)

    async def statistics_by_destination(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> list[DestinationStatistics]:
        """Return the totals of a period by destination, which may occur more than once."""
        path = "call_statistics/by_destination.json"
        return await self._list(_destinations, path, period(start, end) | dict(filters))

    async def missed_calls(self, start: datetime, end: datetime) -> list[MissedCalls]:
        """Return the number of missed calls in a period by called number."""
        path = "call_statistics/missed_calls.json"
        return await self._list(_missed_calls, path, period(start, end))

    async def balance(self) -> float:
        """Return the credit in CZK."""
        body = await self._request("GET", "balance")
        raise_for_refusal(body)
        balance = _parse_amount(body)
        if balance is None:
            raise OdorikConnectionError("the credit is not a number")
        return balance

    async def lines(self) -> RecordList[Line]:
        """Return the lines that the login can see, with the currently registered phones."""
        lines = await self._list(_lines, "lines.json")
        # The response has just updated the clock offset.
        return RecordList((line.at(self.now()) for line in lines), unreadable=lines.unreadable)

    async def public_numbers(self) -> list[PublicNumber]:
        """Return the account's phone numbers, including SIP names and shared numbers."""
        parameters: Parameters = {"include_sip_names": True, "include_shared_numbers": True}
        return await self._list(_public_numbers, "public_numbers.json", parameters)

    async def speed_dials(self) -> list[SpeedDial]:
        """Return the account's contacts."""
        return await self._list(_speed_dials, "speed_dials.json")

    async def _request(self, method: str, path: str, parameters: Parameters | None = None) -> bytes:
        """Send one request and return the response body without a byte-order mark."""
        body, _ = await self._connection.request(method, path, parameters)
        return body.removeprefix(BOM_UTF8)

    async def _order[S](
        self, path: str, parameters: Parameters, outcomes: Mapping[bytes, S]
    ) -> tuple[S, bytes]:
        """Send a request that costs money, once; return the outcome and the rest of the response.

        Raises:
            OdorikNotSentError: There was no connection.
            OdorikUnknownOutcomeError: The request was sent, but there was no clear response.
        """
        try:
            body = await self._request("POST", path, parameters)
        except OdorikNotSentError:
            raise
        except OdorikConnectionError as err:
            raise OdorikUnknownOutcomeError(str(err)) from None
        raise_for_refusal(body)
        answer = body.strip()
        for prefix, outcome in outcomes.items():
            if answer.startswith(prefix):
                return outcome, answer.removeprefix(prefix)
        raise OdorikUnknownOutcomeError("the response is undocumented")

    async def _list[T: ResponseModel](
        self, reader: Rows[T], path: str, parameters: Parameters | None = None
    ) -> RecordList[T]:
        """Request a list that has no pages."""
        return await self._decode_list(reader, path, await self._request("GET", path, parameters))

    async def _decode_list[T: ResponseModel](
        self, reader: Rows[T], path: str, body: bytes
    ) -> RecordList[T]:
        """Decode a list and count its unreadable records."""
        records = await _decode(reader, body)
        self._count_unreadable(path, records.unreadable)
        return records

    def _count_unreadable(self, path: str, unreadable: int) -> None:
        """Record the number of unreadable records, and log it once per list."""
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
    """Decode a response; in a thread, unless it is as documented and therefore fast to decode."""
    decoded = reader.read_documented(body)
    return await asyncio.to_thread(reader.salvage, body) if decoded is None else decoded


def _parse_amount(text: bytes) -> float | None:
    """Return an amount in CZK; None if the text is not a finite number."""
    try:
        amount = float(text.decode().strip().replace(",", "."))
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None
