"""Every request to the operator goes through one door here, with one method per endpoint.

Source: the operator's document "API pro práci s hovory" and the pages beside it. What buys,
transfers money or changes a tariff is left out on purpose.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import partial
import math
from typing import Final, Unpack, override

import aiohttp
from msgspec import Raw, json

from .connection import PLAUSIBLE_YEARS, Connection
from .decoding import One, Records, Rows
from .exceptions import (
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
from .pages import read_pages
from .parameters import CallFilter, HistoryFilter, Parameters, history, period
from .refusals import raise_for_refusal

API_URL: Final = "https://www.odorik.cz/api/v1"

_OUTCOMES: Final = {
    b"callback_ordered": CallbackStatus.ORDERED,
    b"successfully_enqueued": CallbackStatus.ENQUEUED,
}
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
        self._connection = Connection(session, username, password, base_url)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def now(self) -> datetime:
        """Tell the time of the operator's clock."""
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        """How far the operator's clock, by which calls are dated, is ahead of the one here."""
        return self._connection.ahead

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
        order: Parameters = {
            "caller": caller,
            "recipient": recipient,
            "delayed": utc(delayed) if isinstance(delayed, datetime) else delayed,
            "line": line,
            "simple": simple,
        }
        try:
            body, _ = await self._connection.request("POST", "callback", order)
        except OdorikConnectionError as err:
            if isinstance(err, OdorikNotSentError):
                raise
            raise OdorikUnknownOutcomeError(str(err)) from None
        return _outcome(body)

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
        async for body, rows in read_pages(
            self._connection,
            "calls.json",
            parameters,
            page_size=page_size,
            read=_calls.read,
            count=len,
        ):
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
        async for page in read_pages(
            self._connection,
            f"calls.{form}",
            parameters,
            page_size=page_size,
            read=count,
            count=int,
        ):
            yield page

    async def active_calls(self) -> list[ActiveCall]:
        """List the calls that are ringing or up."""
        return _active_calls.read(await self._get("active_calls.json"))

    async def hang_up(self, active_call_id: int) -> None:
        """End a call; a call that has ended meanwhile is refused with a code."""
        body, _ = await self._connection.request("DELETE", f"active_calls/{active_call_id}.json")
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

    async def lines(self) -> Records[Line]:
        """List the lines that the login sees, with the telephones that are registered now."""
        lines = _lines.read(await self._get("lines.json"))
        # By the clock that has just told the time with this answer.
        return Records((line.at(self.now()) for line in lines), is_whole=lines.is_whole)

    async def public_numbers(self) -> list[PublicNumber]:
        """List the account's telephone numbers, its SIP names and the shared ones included."""
        switches: Parameters = {"include_sip_names": True, "include_shared_numbers": True}
        return _public_numbers.read(await self._get("public_numbers.json", switches))

    async def speed_dials(self) -> list[SpeedDial]:
        """List the account's contacts."""
        return _speed_dials.read(await self._get("speed_dials.json"))

    async def _get(self, path: str, parameters: Parameters | None = None) -> bytes:
        """Ask for an answer of one page."""
        return (await self._connection.request("GET", path, parameters))[0]


def _outcome(body: bytes) -> CallbackStatus:
    """Read what became of an order."""
    raise_for_refusal(body)
    for beginning, status in _OUTCOMES.items():
        if body.lstrip().startswith(beginning):
            return status
    raise OdorikUnknownOutcomeError("the answer to the order is not a documented one")
