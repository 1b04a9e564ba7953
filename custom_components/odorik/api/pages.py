"""Read the history page by page."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from .connection import Connection, Headers
from .exceptions import OdorikConnectionError
from .parameters import Parameters

PAGE_SIZE: Final = 2000
"""The operator's maximum number of records per page."""
MAX_PAGES: Final = 1000
"""Two million records; more than that means that the server repeats itself."""
PAGE_ATTEMPTS: Final = 3
PAGE_RETRY_DELAY: Final = 1.0
"""Seconds before a page other than the first is requested again: a temporary failure should not
make a long read start over."""


async def read_pages[T](
    connection: Connection,
    path: str,
    parameters: Parameters,
    *,
    page_size: int | None,
    read: Callable[[bytes], Awaitable[T]],
    count: Callable[[T], int],
) -> AsyncGenerator[T]:
    """Yield the decoded records of each page.

    The page count in the header is not reliable: a full page may have a successor even if it is the
    last by the header, and an empty or repeated page is the end in any case.
    """
    size = page_size or PAGE_SIZE
    page, page_count, previous = 1, 1, b""
    while True:
        # The operator's own clients do not send the parameter for the first page either.
        page_parameters = parameters | {"page_size": page_size, "page": page if page > 1 else None}
        body, headers = await _read_page(
            connection, path, page_parameters, 1 if page == 1 else PAGE_ATTEMPTS
        )
        if page > page_count and not body.removeprefix(BOM_UTF8).strip():
            return
        records = await read(body)
        if page > 1 and (not count(records) or body == previous):
            return
        yield records
        if (header := headers.get("Odorik-Pages", "")).isdecimal():
            page_count = int(header[:9])
        if page >= page_count and count(records) < size:
            return
        if page >= MAX_PAGES:
            raise OdorikConnectionError("the history has too many pages")
        page, previous = page + 1, body


async def _read_page(
    connection: Connection, path: str, parameters: Parameters, attempts: int
) -> tuple[bytes, Headers]:
    """Request one page; retry after a connection error."""
    while True:
        attempts -= 1
        try:
            return await connection.request("GET", path, parameters)
        except OdorikConnectionError:
            if not attempts:
                raise
        await asyncio.sleep(PAGE_RETRY_DELAY)
