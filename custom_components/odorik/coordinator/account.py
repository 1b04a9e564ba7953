"""The account: its lines, and more rarely its numbers and contacts."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
import re
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from msgspec.structs import replace

from ..api import Line, OdorikAuthError, OdorikClient, OdorikError, PublicNumber, Records, SpeedDial
from ..calls.directory import Directory
from ..const import CONTACTS_INTERVAL, LINES_INTERVAL
from .base import OdorikCoordinator


@dataclass(frozen=True, kw_only=True)
class Account:
    """What belongs to the account."""

    lines: tuple[Line, ...] = ()
    public_numbers: tuple[PublicNumber, ...] = ()
    speed_dials: tuple[SpeedDial, ...] = ()
    directory: Directory = field(default_factory=Directory.empty, compare=False)


SOON: Final = 1.0
REQUEST_PACE: Final = 60.0
"""Seconds after a request for a reading, and between two requested ones."""
LINE_NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
"""How the operator numbers its lines, and so how the login of a line looks."""


class AccountCoordinator(OdorikCoordinator[Account]):
    """Lines, and more rarely numbers and contacts."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        failing: set[str],
    ) -> None:
        """Read the lines by the clock; the rest has one of its own."""
        super().__init__(
            hass, entry, client, failing=failing, name="account", interval=LINES_INTERVAL
        )
        self.data = Account()
        self._contacts_read_at: datetime | None = None
        self._reads_all = False
        self._unread: set[str] = set()
        self._is_whole = False

    @property
    def lists_lines(self) -> bool:
        """Whether the lines known here are all that there are, so that any other is gone.

        Only a list of the operator's own that names at least one line, and that could be read
        whole, says so. A refusal and an empty answer say nothing about what was there before, and
        a failure changes nothing here.
        """
        return "lines" not in self.forbidden and bool(self.data.lines) and self._is_whole

    @override
    async def async_request_refresh(self) -> None:
        """Read the lines, numbers and contacts soon, at most once a minute.

        An automation may update entities every few seconds, to see calls at once.
        """
        # Without effect in the minute after a requested reading, when the debouncer is waiting.
        self._requests.cooldown = SOON
        self._reads_all = True
        await super().async_request_refresh()

    @callback
    @override
    def async_refresh_soon(self) -> None:
        self._requests.cooldown = REQUEST_PACE
        super().async_refresh_soon()

    @override
    async def _read(self) -> Account:
        listed = await self._permitted("lines", self.client.lines(), None)
        self._is_whole = listed is not None and listed.is_whole
        lines = self._unlisted() if listed is None else [*listed, *self._missing_in(listed)]
        numbers, contacts = self.data.public_numbers, self.data.speed_dials
        now, read_at = dt_util.utcnow(), self._contacts_read_at
        if self._reads_all or read_at is None or abs(now - read_at) >= CONTACTS_INTERVAL:
            self._reads_all = False
            numbers = await self._dispensable("numbers", self.client.public_numbers(), numbers)
            contacts = await self._dispensable("contacts", self.client.speed_dials(), contacts)
            self._contacts_read_at = None if self._unread else now
        account = Account(
            lines=tuple(sorted(lines, key=lambda line: line.id)),
            public_numbers=numbers,
            speed_dials=contacts,
        )
        if account == self.data:
            return self.data
        return Account(
            lines=account.lines,
            public_numbers=numbers,
            speed_dials=contacts,
            directory=Directory(account.lines, numbers, contacts),
        )

    def _missing_in(self, listed: Records[Line]) -> list[Line]:
        """Keep the known lines whose rows may be those that could not be read."""
        names = {line.id for line in listed}
        return [
            replace(line, connected_devices=None)
            for line in self.data.lines
            if not listed.is_whole and line.id not in names
        ]

    def _unlisted(self) -> list[Line]:
        """Tell the lines of a login that may not list them: the known ones, or its own."""
        if self.data.lines:
            return [replace(line, connected_devices=None) for line in self.data.lines]
        username = self.config_entry.data[CONF_USERNAME]
        return [Line(id=int(username))] if LINE_NUMBER.fullmatch(username) else []

    async def _dispensable[R](
        self, what: str, reading: Awaitable[list[R]], known: tuple[R, ...]
    ) -> tuple[R, ...]:
        """Read what the telephone works without; while it fails, what is known will do."""
        try:
            result = tuple(await self._permitted(what, reading, []))
        except OdorikAuthError:
            raise
        except OdorikError as err:
            if what not in self._unread:
                self.logger.warning("%s: the %s cannot be read now: %s", self.name, what, err)
                self._unread.add(what)
            return known
        if what in self._unread:
            self.logger.info("%s: the %s can be read again", self.name, what)
            self._unread.discard(what)
        return result
