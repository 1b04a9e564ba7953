"""The one door for every request to the operator."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import aiohttp

from .exceptions import OdorikAuthError, OdorikConnectionError, OdorikNotSentError
from .models import PLAUSIBLE_YEARS
from .parameters import Parameters, serialize
from .refusals import raise_for_refusal

ACTIVE_CALLS: Final = "active_calls.json"
USER_AGENT: Final = "odorik-home-assistant"
MAX_CONCURRENT_READS: Final = 4
"""Requests of a login that only read, apart from the active calls. It is far below the number of
connections to one host that Home Assistant shares among all its integrations."""
REQUEST_TIMEOUT: Final = 15.0
"""Seconds to wait for an answer, its body included."""
MAX_RESPONSE_BYTES: Final = 8 * 2**20
"""A longer answer is refused: a full page of history is under one megabyte."""
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
"""How far what an answer tells may be beside what is known: it is on its way for a moment, and
tells whole seconds. Only more than that says that one of the clocks has been set."""

type Headers = Mapping[str, str]


class Connection:
    """A login at the operator, over a session that stays its owner's to close.

    Attributes:
        ahead: How far the operator's clock, by which calls are dated, is ahead of the one here.
            That may be wrong: a small box wakes up in the past, and is told the time later.
    """

    def __init__(
        self, session: aiohttp.ClientSession, username: str, password: str, base_url: str
    ) -> None:
        """Log in with each request."""
        self.clock_offset = timedelta()
        self._read_slots = asyncio.Semaphore(MAX_CONCURRENT_READS)
        self._session = session
        self._login: Parameters = {
            "user": username,
            "password": password,
            "user_agent": USER_AGENT,
        }
        self._base_url = base_url.rstrip("/")

    async def request(
        self, method: str, path: str, parameters: Parameters | None = None
    ) -> tuple[bytes, Headers]:
        """Send one request, once, and read its answer whole.

        Requests for the active calls, and requests that change something, never wait for others.
        """
        if method != "GET" or path == ACTIVE_CALLS:
            return await self._send(method, path, parameters)
        async with self._read_slots:
            return await self._send(method, path, parameters)

    async def _send(
        self, method: str, path: str, parameters: Parameters | None
    ) -> tuple[bytes, Headers]:
        """Send a request, and raise a failure as an error of the client.

        The text of a failure is made here, and the failure below is not chained to it: aiohttp's
        own texts hold the address with the password.
        """
        if self._is_closed():
            # Its owner is shutting down, and aiohttp would call that a mistake of ours.
            raise OdorikNotSentError("the session is closed")
        failure: OdorikConnectionError
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                return await self._perform(method, path, self._login | (parameters or {}))
        except aiohttp.ClientConnectorError as err:
            failure = OdorikNotSentError(f"no connection ({type(err).__name__})")
        except TimeoutError:
            failure = OdorikConnectionError(f"no answer within {REQUEST_TIMEOUT:.0f} s")
        except (aiohttp.ClientError, OSError, ValueError) as err:
            failure = OdorikConnectionError(f"the answer broke off ({type(err).__name__})")
        except AssertionError, RuntimeError:
            # That is how aiohttp meets a session which its owner closes during the request.
            if not self._is_closed():
                raise
            failure = OdorikConnectionError("the session was closed")
        raise failure

    def _is_closed(self) -> bool:
        return self._session.closed

    async def _perform(
        self, method: str, path: str, parameters: Parameters
    ) -> tuple[bytes, Headers]:
        """Send the request and read the answer, with whatever aiohttp raises."""
        encoded = {
            name: serialize(value) for name, value in parameters.items() if value is not None
        }
        async with self._session.request(
            method,
            f"{self._base_url}/{path}",
            params=None if method == "POST" else encoded,
            data=encoded if method == "POST" else None,
            # A redirect would carry the credentials to whoever it names.
            allow_redirects=False,
        ) as response:
            received_at = datetime.now(UTC)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_RESPONSE_BYTES:
                    response.close()
                    break
            checked = _check(response.status, bytes(body))
            self._update_clock_offset(response.headers.get("Date", ""), received_at)
            return checked, response.headers

    def _update_clock_offset(self, date: str, received_at: datetime) -> None:
        """Read the time in the header of an answer; without a usable one what is known stands."""
        with suppress(ValueError):
            server_time = parsedate_to_datetime(date)
            if server_time.tzinfo is not None and server_time.year in PLAUSIBLE_YEARS:
                clock_offset = server_time - received_at
                if abs(clock_offset - self.clock_offset) > CLOCK_TOLERANCE:
                    self.clock_offset = clock_offset


def _check(status: int, body: bytes) -> bytes:
    """Let an answer through that is the operator's own.

    The operator refuses with HTTP 200. Any other status, and any page of HTML, comes from
    something between us or from a server in trouble, so it is never taken for a wrong login.
    """
    if len(body) > MAX_RESPONSE_BYTES:
        raise OdorikConnectionError("the answer is too long")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        with suppress(OdorikAuthError):
            raise_for_refusal(body)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise OdorikConnectionError(f"the answer has the status {status}")
    if body[:64].lstrip()[:5].lower() in {b"<!doc", b"<html", b"<head", b"<body"}:
        raise OdorikConnectionError("the answer is a page of HTML")
    return body
