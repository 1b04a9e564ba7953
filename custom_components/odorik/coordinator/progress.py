"""Says in the log how far the import of the history has come."""

from datetime import datetime, timedelta
from typing import Final

from ..const import LOGGER

LONG: Final = timedelta(days=30)
"""What is shorter is done before anybody looks into the log."""


class Progress:
    """Speaks of a long import, and not of a short one."""

    def __init__(self, title: str, start: datetime, end: datetime) -> None:
        """Say that the history of an account is about to be read over a period."""
        self._title = title
        self._is_long = end - start > LONG
        self._year = start.year
        if self._is_long:
            LOGGER.info("The long-term statistics of %s are being written", title)

    def go_on(self, calls: int, until: datetime) -> None:
        """Say once a year how far it has come."""
        if self._is_long and until.year > self._year:
            self._year = until.year
            LOGGER.info(
                "The long-term statistics of %s are written until %s: %s calls",
                self._title,
                until.date(),
                calls,
            )

    def end(self, calls: int, first: datetime | None) -> None:
        """Say that it is done."""
        if self._is_long:
            since = f" since {first.date()}" if first else ""
            LOGGER.info(
                "The long-term statistics of %s are complete; %s calls%s were read",
                self._title,
                calls,
                since,
            )
