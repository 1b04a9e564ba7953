"""A history that comes in pages."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from .connection import Connection, Headers
from .exceptions import OdorikConnectionError
from .parameters import Parameters

PAGE_SIZE: Final = 2000
"""The most records that the operator puts on a page."""
MAX_PAGES: Final = 1000
"""Two million records. A server that has more has lost its way."""
PAGE_ATTEMPTS: Final = 3
PAGE_RETRY_DELAY: Final = 1.0
"""Seconds before a page beyond the first is asked for again: a long reading should survive a
passing failure instead of starting over."""


async def read_pages[T](
    connection: Connection,
    path: str,
    parameters: Parameters,
    *,
    page_size: int | None,
    read: Callable[[bytes], Awaitable[T]],
    count: Callable[[T], int],
) -> AsyncGenerator[tuple[bytes, T]]:
    """Read all pages, whatever the header that counts them says.

    A full page may have a successor even where the header denies it, and an empty or a
    repeated page is the end even where the header promises more.
    """
    size = page_size or PAGE_SIZE
    page, page_count, previous = 1, 1, b""
    while True:
        # The first page goes out without the parameter, as the operator's clients do it.
        page_parameters = parameters | {"page_size": page_size, "page": page if page > 1 else None}
        body, headers = await _read_page(
            connection, path, page_parameters, 1 if page == 1 else PAGE_ATTEMPTS
        )
        if page > page_count and not body.removeprefix(BOM_UTF8).strip():
            return
        records = await read(body)
        if page > 1 and (not count(records) or body == previous):
            return
        yield body, records
        if (header := headers.get("Odorik-Pages", "")).isdecimal():
            page_count = int(header[:9])
        if page >= page_count and count(records) < size:
            return
        if page >= MAX_PAGES:
            raise OdorikConnectionError("the history has no end")
        page, previous = page + 1, body


async def _read_page(
    connection: Connection, path: str, parameters: Parameters, attempts: int
) -> tuple[bytes, Headers]:
    """Ask for one page, again after a passing failure."""
    while True:
        attempts -= 1
        try:
            return await connection.request("GET", path, parameters)
        except OdorikConnectionError:
            if not attempts:
                raise
        await asyncio.sleep(PAGE_RETRY_DELAY)
