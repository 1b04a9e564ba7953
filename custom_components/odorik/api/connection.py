"""Send requests to the API and check the responses."""

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
"""Concurrent read requests of one login, except for the active calls. Home Assistant shares a
limited number of connections per host among all its integrations; this stays far below it."""
REQUEST_TIMEOUT: Final = 15.0
"""Seconds for the whole response, including its body."""
MAX_RESPONSE_BYTES: Final = 8 * 2**20
"""Longer responses are rejected: a full page of the history is less than 1 MB."""
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
"""Ignored change of the clock offset: the ``Date`` header is in whole seconds and delayed by the
network. A larger change means that one of the clocks has been set."""

type Headers = Mapping[str, str]


class Connection:
    """A login at the operator; the session is closed by its owner.

    Attributes:
        clock_offset: How far the operator's clock, which dates the calls, is ahead of the local
            one. The local clock can be far off, for example until a device without a battery-backed
            clock has synchronized it.
    """

    def __init__(
        self, session: aiohttp.ClientSession, username: str, password: str, base_url: str
    ) -> None:
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
        """Send one request, without retries, and return the body and the headers of the response.

        Requests for the active calls, and those that change something, do not wait for other
        requests.
        """
        if method != "GET" or path == ACTIVE_CALLS:
            return await self._send(method, path, parameters)
        async with self._read_slots:
            return await self._send(method, path, parameters)

    async def _send(
        self, method: str, path: str, parameters: Parameters | None
    ) -> tuple[bytes, Headers]:
        """Send a request and convert failures to exceptions of this package.

        The messages are our own and the original exceptions are not chained, because messages of
        aiohttp contain the URL with the password.
        """
        if self._is_closed():
            # The owner is shutting down; aiohttp would raise a RuntimeError.
            raise OdorikNotSentError("the session is closed")
        failure: OdorikConnectionError
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                return await self._perform(method, path, self._login | (parameters or {}))
        except aiohttp.ClientConnectorError as err:
            failure = OdorikNotSentError(f"no connection ({type(err).__name__})")
        except TimeoutError:
            failure = OdorikConnectionError(f"no response within {REQUEST_TIMEOUT:.0f} s")
        except (aiohttp.ClientError, OSError, ValueError) as err:
            failure = OdorikConnectionError(f"the response was interrupted ({type(err).__name__})")
        except AssertionError, RuntimeError:
            # Raised by aiohttp if the session is closed during the request.
            if not self._is_closed():
                raise
            failure = OdorikConnectionError("the session was closed")
        raise failure

    def _is_closed(self) -> bool:
        return self._session.closed

    async def _perform(
        self, method: str, path: str, parameters: Parameters
    ) -> tuple[bytes, Headers]:
        """Send the request and read the response; exceptions of aiohttp are not handled."""
        encoded = {
            name: serialize(value) for name, value in parameters.items() if value is not None
        }
        async with self._session.request(
            method,
            f"{self._base_url}/{path}",
            params=None if method == "POST" else encoded,
            data=encoded if method == "POST" else None,
            # A redirect would send the credentials to another server.
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
        """Update the clock offset from a ``Date`` header; ignore an unusable one."""
        with suppress(ValueError):
            server_time = parsedate_to_datetime(date)
            if server_time.tzinfo is not None and server_time.year in PLAUSIBLE_YEARS:
                clock_offset = server_time - received_at
                if abs(clock_offset - self.clock_offset) > CLOCK_TOLERANCE:
                    self.clock_offset = clock_offset


def _check(status: int, body: bytes) -> bytes:
    """Return the body if the response was sent by the API itself.

    API errors have the HTTP status 200. Any other status, and any HTML page, comes from a proxy or
    a failing server, and must not be mistaken for a wrong login.
    """
    if len(body) > MAX_RESPONSE_BYTES:
        raise OdorikConnectionError("the response is too long")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        with suppress(OdorikAuthError):
            raise_for_refusal(body)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise OdorikConnectionError(f"the response has status {status}")
    if body[:64].lstrip()[:5].lower() in {b"<!doc", b"<html", b"<head", b"<body"}:
        raise OdorikConnectionError("the response is an HTML page")
    return body
