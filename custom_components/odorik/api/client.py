"""Every request to the operator goes through one door here, with one method per endpoint.

Source: the operator's document "API pro práci s hovory" and the pages beside it. What buys,
transfers money or changes a tariff is left out on purpose.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
import math
from typing import Final, Unpack, override

import aiohttp
from msgspec import Raw, json

from .decoding import One, Rows
from .exceptions import (
    OdorikAuthError,
    OdorikConnectionError,
    OdorikNotSentError,
    OdorikUnknownOutcomeError,
)
from .forms import ExportFormat, count_records
from .models import (
    ActiveCall,
    Call,
    CallbackStatus,
    CallStatistics,
    DestinationStatistics,
    Line,
    MissedCalls,
    PublicNumber,
    SpeedDial,
    utc,
)
from .parameters import CallFilter, HistoryFilter, Parameters, history, period, written
from .refusals import raise_for_refusal

API_URL: Final = "https://www.odorik.cz/api/v1"
USER_AGENT: Final = "odorik-home-assistant"
TIMEOUT: Final = 15.0
"""Seconds to wait for an answer, its body included."""
ANSWER_BYTES: Final = 8 * 2**20
"""A longer answer is refused: a full page of history is under one megabyte."""
PAGE_SIZE: Final = 2000
"""The most records that the operator puts on a page."""
CLOCKS_AGREE: Final = timedelta(seconds=5)
"""How far what an answer tells may be beside what is known: it is on its way for a moment, and
tells whole seconds. Only more than that says that one of the clocks has been set."""
PLAUSIBLE_YEARS: Final = range(2000, 2100)
"""The operator's clock tells no other year, and has dated no call into one."""
MOST_PAGES: Final = 1000
"""Two million records. A server that has more has lost its way."""
PAGE_ATTEMPTS: Final = 3
PAGE_RETRY_DELAY: Final = 1.0
"""Seconds before a page beyond the first is asked for again: a long reading should survive a
passing failure instead of starting over."""


type Headers = Mapping[str, str]

_anything: Final = json.Decoder(dict[str, Raw] | list[Raw] | None)
_active_calls: Final = Rows(ActiveCall)
_calls: Final = Rows(Call)
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
        self._session = session
        self._login: Parameters = {
            "user": username,
            "password": password,
            "user_agent": USER_AGENT,
        }
        self._base_url = base_url.rstrip("/")
        self.ahead = timedelta()
        """How far the operator's clock, by which calls are dated, is ahead of the one here. That
        may be wrong: a small box wakes up in the past, and is told the time later."""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def now(self) -> datetime:
        """Tell the time of the operator's clock."""
        return datetime.now(UTC) + self.ahead

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
            caller: the number that is rung first.
            recipient: the number that it is connected to.
            delayed: minutes, or the moment.
            line: the line that is billed and whose number the recipient sees (account login).
            simple: whether a declined call is left at that, with no second attempt.

        Raises:
            OdorikUnknownOutcomeError: the order went out and no clear answer came.
        """
        order: Parameters = {
            "caller": caller,
            "recipient": recipient,
            "delayed": utc(delayed) if isinstance(delayed, datetime) else delayed,
            "line": line,
            "simple": simple,
        }
        try:
            body, _ = await self._request("POST", "callback", order)
        except OdorikNotSentError:
            raise
        except OdorikConnectionError as err:
            raise OdorikUnknownOutcomeError(str(err)) from None
        raise_for_refusal(body)
        if body.lstrip().startswith(b"callback_ordered"):
            return CallbackStatus.ORDERED
        if body.lstrip().startswith(b"successfully_enqueued"):
            return CallbackStatus.ENQUEUED
        raise OdorikUnknownOutcomeError("the answer to the order is not a documented one")

    async def calls(
        self,
        *,
        since_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int | None = None,
        **filters: Unpack[HistoryFilter],
    ) -> AsyncGenerator[list[Call]]:
        """Read the history, page by page: what came after ``since_id``, or a period.

        The order of the rows and of the pages is the operator's and not to be relied upon. A row
        of no year that can be meant is left out.
        """
        parameters = history(since_id, start, end, filters)
        async for body, rows in self._pages("calls.json", parameters, page_size, _calls.read, len):
            del body
            yield [row for row in rows if row.date.year in PLAUSIBLE_YEARS]

    async def export_calls(
        self,
        form: ExportFormat,
        *,
        since_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page_size: int | None = None,
        **filters: Unpack[HistoryFilter],
    ) -> AsyncGenerator[tuple[bytes, int]]:
        """Read the history as the operator writes it: each page's bytes and number of records."""
        parameters = history(since_id, start, end, filters)

        count = partial(count_records, form)
        async for page in self._pages(f"calls.{form}", parameters, page_size, count, int):
            yield page

    async def active_calls(self) -> list[ActiveCall]:
        """List the calls that are ringing or up."""
        return _active_calls.read(await self._get("active_calls.json"))

    async def hang_up(self, active_call_id: int) -> None:
        """End a call; a call that has ended meanwhile is refused with a code."""
        body, _ = await self._request("DELETE", f"active_calls/{active_call_id}.json")
        raise_for_refusal(body)
        try:
            # The document does not show the answer, so any JSON without a refusal will do, or none.
            if body.strip():
                _anything.decode(body)
        except ValueError, RecursionError:
            raise OdorikConnectionError("the answer to hanging up is no JSON") from None

    async def call_statistics(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> CallStatistics:
        """Sum up the calls of a period by direction."""
        return _statistics.read(
            await self._get("call_statistics.json", period(start, end) | dict(filters))
        )

    async def statistics_by_destination(
        self, start: datetime, end: datetime, **filters: Unpack[CallFilter]
    ) -> list[DestinationStatistics]:
        """Sum up the calls of a period by destination; one may stand in several rows."""
        path = "call_statistics/by_destination.json"
        return _destinations.read(await self._get(path, period(start, end) | dict(filters)))

    async def missed_calls(self, start: datetime, end: datetime) -> list[MissedCalls]:
        """Count the missed calls of a period by the account's own number."""
        path = "call_statistics/missed_calls.json"
        return _missed_calls.read(await self._get(path, period(start, end)))

    async def balance(self) -> float:
        """Read the credit in CZK."""
        body = await self._get("balance")
        raise_for_refusal(body)
        try:
            balance = float(body.decode().strip().replace(",", "."))
        except ValueError:
            balance = math.nan
        if not math.isfinite(balance):
            raise OdorikConnectionError("the credit is not a number")
        return balance

    async def lines(self) -> list[Line]:
        """List the lines that the login sees, with the telephones that are registered now."""
        lines = _lines.read(await self._get("lines.json"))
        # By the clock that has just told the time with this answer.
        return [line.at(self.now()) for line in lines]

    async def public_numbers(self) -> list[PublicNumber]:
        """List the account's telephone numbers, its SIP names and the shared ones included."""
        switches: Parameters = {"include_sip_names": True, "include_shared_numbers": True}
        return _public_numbers.read(await self._get("public_numbers.json", switches))

    async def speed_dials(self) -> list[SpeedDial]:
        """List the account's contacts."""
        return _speed_dials.read(await self._get("speed_dials.json"))

    async def _pages[T](
        self,
        path: str,
        parameters: Parameters,
        page_size: int | None,
        read: Callable[[bytes], T],
        count: Callable[[T], int],
    ) -> AsyncGenerator[tuple[bytes, T]]:
        """Read all pages, whatever the header that counts them says.

        A full page may have a successor even where the header denies it, and an empty or a
        repeated page is the end even where the header promises more.
        """
        size = page_size or PAGE_SIZE
        page, pages, previous = 1, 1, b""
        while True:
            # The first page goes out without the parameter, as the operator's clients do it.
            asked = parameters | {"page_size": page_size, "page": page if page > 1 else None}
            body, headers = await self._page(path, asked, 1 if page == 1 else PAGE_ATTEMPTS)
            if page > pages and not body.strip():
                return
            rows = read(body)
            if page > 1 and (not count(rows) or body == previous):
                return
            yield body, rows
            if (announced := headers.get("Odorik-Pages", "")).isdecimal():
                pages = int(announced[:9])
            if page >= pages and count(rows) < size:
                return
            if page >= MOST_PAGES:
                raise OdorikConnectionError("the history has no end")
            page, previous = page + 1, body

    async def _page(
        self, path: str, parameters: Parameters, attempts: int
    ) -> tuple[bytes, Headers]:
        """Ask for one page, again after a passing failure."""
        while True:
            attempts -= 1
            try:
                return await self._request("GET", path, parameters)
            except OdorikConnectionError:
                if not attempts:
                    raise
            await asyncio.sleep(PAGE_RETRY_DELAY)

    async def _get(self, path: str, parameters: Parameters | None = None) -> bytes:
        """Ask for an answer of one page."""
        return (await self._request("GET", path, parameters))[0]

    async def _request(
        self, method: str, path: str, parameters: Parameters | None = None
    ) -> tuple[bytes, Headers]:
        """Send one request, once, and read its answer whole.

        The text of a failure is made here, and the failure below is not chained to it: aiohttp's
        own texts hold the address with the password.
        """
        sent = {
            name: written(value)
            for name, value in (self._login | (parameters or {})).items()
            if value is not None
        }
        if self._session.closed:
            # Its owner is shutting down, and aiohttp would call that a mistake of ours.
            raise OdorikNotSentError("the session is closed")
        failure: OdorikConnectionError
        try:
            async with (
                asyncio.timeout(TIMEOUT),
                self._session.request(
                    method,
                    f"{self._base_url}/{path}",
                    params=None if method == "POST" else sent,
                    data=sent if method == "POST" else None,
                    # A redirect would carry the credentials to whoever it names.
                    allow_redirects=False,
                ) as response,
            ):
                answered_at = datetime.now(UTC)
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > ANSWER_BYTES:
                        response.close()
                        break
                answer = _checked(response.status, bytes(body))
                self._compare_clocks(response.headers.get("Date", ""), answered_at)
                return answer, response.headers
        except aiohttp.ClientConnectorError as err:
            failure = OdorikNotSentError(f"no connection ({type(err).__name__})")
        except TimeoutError:
            failure = OdorikConnectionError(f"no answer within {TIMEOUT:.0f} s")
        except (aiohttp.ClientError, OSError, ValueError) as err:
            failure = OdorikConnectionError(f"the answer broke off ({type(err).__name__})")
        except AssertionError, RuntimeError:
            # That is how aiohttp meets a session which its owner closes during the request.
            if not self._session.closed:
                raise
            failure = OdorikConnectionError("the session was closed")
        raise failure

    def _compare_clocks(self, date: str, answered_at: datetime) -> None:
        """Read the time in the header of an answer; without a usable one what is known stands."""
        with suppress(ValueError):
            told = parsedate_to_datetime(date)
            if told.tzinfo is not None and told.year in PLAUSIBLE_YEARS:
                ahead = told - answered_at
                if abs(ahead - self.ahead) > CLOCKS_AGREE:
                    self.ahead = ahead


def _checked(status: int, body: bytes) -> bytes:
    """Let an answer through that is the operator's own.

    The operator refuses with HTTP 200. Any other status, and any page of HTML, comes from
    something between us or from a server in trouble, so it is never taken for a wrong login.
    """
    if len(body) > ANSWER_BYTES:
        raise OdorikConnectionError("the answer is too long")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        with suppress(OdorikAuthError):
            raise_for_refusal(body)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise OdorikConnectionError(f"the answer has the status {status}")
    if body[:64].lstrip()[:5].lower() in {b"<!doc", b"<html", b"<head", b"<body"}:
        raise OdorikConnectionError("the answer is a page of HTML")
    return body
