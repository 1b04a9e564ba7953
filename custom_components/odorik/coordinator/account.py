"""Coordinator of the account: its lines, public numbers and contacts."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace as dataclass_replace
from datetime import datetime
from functools import cached_property
import re
from typing import Any, Final, override

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigSubentry,
)
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
from msgspec.structs import replace

from ..api import (
    Line,
    OdorikAuthError,
    OdorikClient,
    OdorikError,
    PublicNumber,
    RecordList,
    SpeedDial,
)
from ..calls.directory import Directory
from ..calls.gates import Gate
from ..const import (
    CONF_CALLERS,
    CONF_HANG_UP,
    CONF_NUMBER,
    CONTACTS_INTERVAL,
    GATE,
    LINES_INTERVAL,
)
from .base import OdorikCoordinator


@dataclass(frozen=True, kw_only=True)
class Account:
    """The lines, numbers, contacts and gates of an account."""

    lines: tuple[Line, ...] = ()
    public_numbers: tuple[PublicNumber, ...] = ()
    speed_dials: tuple[SpeedDial, ...] = ()
    gates: tuple[Gate, ...] = ()

    @cached_property
    def directory(self) -> Directory:
        """The names and directions by number."""
        return Directory(self.lines, self.public_numbers, self.speed_dials, self.gates)


REQUEST_DELAY: Final = 1.0
"""Seconds from a requested refresh to the refresh."""
REQUEST_COOLDOWN: Final = 60.0
"""Minimum seconds between requested refreshes."""
LINE_NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
"""The operator's line numbers, which are also the user names of logins with a line."""


class AccountCoordinator(OdorikCoordinator[Account]):
    """Polls the lines, and less often the numbers and contacts.

    The gates are config subentries; a change takes effect at once.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], client: OdorikClient) -> None:
        super().__init__(hass, entry, client, name="account", interval=LINES_INTERVAL)
        self.data = Account()
        self._contacts_read_at: datetime | None = None
        self._reads_contacts = False
        self._is_list_complete = False
        entry.async_on_unload(
            async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        )

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        """Update the gates."""
        if entry is not self.config_entry or change is not ConfigEntryChange.UPDATED:
            return
        if (gates := gates_of(entry)) != self.data.gates:
            self.data = dataclass_replace(self.data, gates=gates)
            self.async_update_listeners()

    @property
    def has_complete_line_list(self) -> bool:
        """Return whether all lines of the account are known, so that others no longer exist.

        This requires a completely readable list from the operator with at least one line. A refusal
        or an empty list does not mean that lines were deleted.
        """
        return "lines" not in self.unauthorized and bool(self.data.lines) and self._is_list_complete

    @override
    async def async_request_refresh(self) -> None:
        """Read the lines, numbers and contacts soon, but at most once a minute.

        An automation may update entities every few seconds.
        """
        # Has no effect during the cooldown, when the debouncer is waiting.
        self._requests.cooldown = REQUEST_DELAY
        self._reads_contacts = True
        await super().async_request_refresh()

    @callback
    @override
    def async_refresh_soon(self) -> None:
        self._requests.cooldown = REQUEST_COOLDOWN
        super().async_refresh_soon()

    @override
    async def _read(self) -> Account:
        listed = await self._read_if_authorized("lines", self.client.lines(), None)
        self._is_list_complete = listed is not None and listed.is_whole
        lines = (
            self._lines_of_unauthorized_login()
            if listed is None
            else [*listed, *self._missing_in(listed)]
        )
        numbers, contacts = self.data.public_numbers, self.data.speed_dials
        now, read_at = dt_util.utcnow(), self._contacts_read_at
        if self._reads_contacts or read_at is None or abs(now - read_at) >= CONTACTS_INTERVAL:
            self._reads_contacts = False
            numbers = await self._read_optional("numbers", self.client.public_numbers(), numbers)
            contacts = await self._read_optional("contacts", self.client.speed_dials(), contacts)
            self._contacts_read_at = None if self._failed else now
        # A line that is listed twice would have each of its entities twice.
        by_id = {line.id: line for line in lines}
        account = Account(
            lines=tuple(by_id[line_id] for line_id in sorted(by_id)),
            public_numbers=numbers,
            speed_dials=contacts,
            gates=gates_of(self.config_entry),
        )
        # The known one has its directory.
        return self.data if account == self.data else account

    def _missing_in(self, listed: RecordList[Line]) -> list[Line]:
        """Return the known lines that an incomplete list lacks: they may be unreadable."""
        names = {line.id for line in listed}
        return [
            replace(line, connected_devices=None)
            for line in self.data.lines
            if not listed.is_whole and line.id not in names
        ]

    def _lines_of_unauthorized_login(self) -> list[Line]:
        """Return the lines for a login that may not list them: the known ones, or its own."""
        if self.data.lines:
            return [replace(line, connected_devices=None) for line in self.data.lines]
        username = self.config_entry.data[CONF_USERNAME]
        return [Line(id=int(username))] if LINE_NUMBER.fullmatch(username) else []

    async def _read_optional[R](
        self, what: str, reading: Awaitable[list[R]], known: tuple[R, ...]
    ) -> tuple[R, ...]:
        """Return the result of a reading, or the known data while it fails."""
        try:
            result = tuple(await self._read_if_authorized(what, reading, []))
        except OdorikAuthError:
            raise
        except OdorikError as err:
            self._log_outcome(what, err)
            return known
        self._log_outcome(what, None)
        return result


def gates_of(entry: ConfigEntry[Any]) -> tuple[Gate, ...]:
    """Return the gates of an account. Damaged data must not prevent its setup."""
    return tuple(
        Gate.create(
            subentry.subentry_id,
            name=subentry.title,
            number=str(subentry.data.get(CONF_NUMBER, "")),
            callers=callers_of(subentry),
            hang_up=subentry.data.get(CONF_HANG_UP, True),
        )
        for subentry in entry.get_subentries_of_type(GATE)
    )


def callers_of(gate: ConfigSubentry) -> list[str]:
    """Return the callers of a gate as they are stored."""
    callers = gate.data.get(CONF_CALLERS)
    return [str(caller) for caller in callers] if isinstance(callers, list) else []
