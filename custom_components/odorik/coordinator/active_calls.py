"""The calls that are ringing or up, and how they are ended."""

import asyncio
from collections.abc import Callable, Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..api import ActiveCall, OdorikAuthError, OdorikClient, OdorikConnectionError, OdorikError
from ..const import (
    CONF_ACTIVE_INTERVAL,
    DEFAULT_ACTIVE_INTERVAL,
    IN_CALL_INTERVAL,
    LINES_INTERVAL,
    LOGGER,
    RELAXED_INTERVAL,
    RINGING_INTERVAL,
)
from ..errors import hangup_failed
from .account import AccountCoordinator
from .base import OdorikCoordinator

NUDGE_COOLDOWN: Final = 1.0
"""Minimum seconds between polls that nudges cause."""
NUDGE_EFFECT: Final = 5.0
"""Seconds after a nudge in which polls are as frequent as during a call: the operator may announce
a call before it lists it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of calls that were to be ended; one that ended meanwhile is in neither."""

    hung_up: list[int]
    """Their ids."""
    failed: dict[int, OdorikError]
    """Those that are still up, and why."""


class ActiveCallsCoordinator(OdorikCoordinator[tuple[ActiveCall, ...]]):
    """The calls that are ringing or up."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        failing: set[str],
        account: AccountCoordinator,
    ) -> None:
        """Look as often as the user chose."""
        self._account = account
        self._chosen = self._idle = timedelta(
            seconds=entry.options.get(CONF_ACTIVE_INTERVAL, DEFAULT_ACTIVE_INTERVAL)
        )
        super().__init__(
            hass, entry, client, failing=failing, name="active calls", interval=self._idle
        )
        self._nudges = Debouncer(
            hass,
            LOGGER,
            cooldown=NUDGE_COOLDOWN,
            immediate=True,
            function=self.async_refresh_soon,
        )
        entry.async_on_unload(self._nudges.async_shutdown)
        self._nudged_at = float("-inf")
        self._over = set[int]()
        """The calls that the operator still lists although they have ended."""
        self.looked_at = dt_util.utc_from_timestamp(0)
        self.looked_before = self.looked_at
        """When the look before was. One that finds everything as it was is passed on to nobody."""

    @override
    async def _read(self) -> tuple[ActiveCall, ...]:
        asked_at = dt_util.utcnow()
        listed = await self._permitted("active calls", self.client.active_calls(), [])
        self._over &= {call.id for call in listed}
        calls = [call for call in listed if call.id not in self._over]
        self.looked_before, self.looked_at = self.looked_at, asked_at
        self.update_interval = self._idle
        if calls or self.hass.loop.time() - self._nudged_at < NUDGE_EFFECT:
            is_ringing = any(call.is_ringing for call in calls)
            self.update_interval = RINGING_INTERVAL if is_ringing else IN_CALL_INTERVAL
        if "active calls" in self.forbidden:
            self.update_interval = LINES_INTERVAL
        return tuple(sorted(calls, key=lambda call: call.id))

    @callback
    def async_nudge(self) -> None:
        """Poll now, or as soon as the last nudge is a second old.

        A login that the operator refuses, for example for a wrong password, is not nudged.
        """
        if self._is_barred or "active calls" in self.forbidden:
            return
        self._nudged_at = self.hass.loop.time()
        if not self._is_refresh_queued:
            self._nudges.async_schedule_call()

    @callback
    def async_leave_out(self, recorded: AbstractSet[int]) -> None:
        """Leave out calls whose records are there: the operator may go on listing them."""
        over = {call.id for call in self.data or () if call.id in recorded}
        if over:
            self._over |= over
            self.data = tuple(call for call in self.data if call.id not in over)
            self.async_update_listeners()

    @callback
    def async_relax(self, *, is_relaxed: bool) -> None:
        """Look rarely while nothing happens, since calls are announced; or again as chosen."""
        before = self._idle
        self._idle = max(self._chosen, RELAXED_INTERVAL) if is_relaxed else self._chosen
        if self._idle != before and self.update_interval == before:
            self.update_interval = self._idle
            if not self._is_barred:
                self._schedule_refresh()

    @property
    def _is_barred(self) -> bool:
        """Whether the operator has refused the login, which is tried again only now and then."""
        failure = None if self.last_update_success else self.last_exception
        return isinstance(failure, UpdateFailed) and failure.retry_after is not None

    def calls_of(self, line: int | None) -> tuple[ActiveCall, ...]:
        """List the calls of a line and those that ring there, or all calls of the account."""
        if line is None:
            return self.data
        rung_line = self._account.data.directory.rung_line
        return tuple(call for call in self.data if line in {call.line, rung_line(call)})

    async def async_hang_up(self, is_meant: Callable[[ActiveCall], bool]) -> list[int]:
        """End the active calls that are meant, as the operator lists them now.

        Returns:
            The ids of those that were ended. One that ended meanwhile is what was wanted.

        Raises:
            HomeAssistantError: Some could not be ended, and which.
            OdorikError: Nothing could be asked.
        """
        active = await self.client.active_calls()
        ended = await self.async_end([call.id for call in active if is_meant(call)])
        if ended.failed:
            raise hangup_failed(ended.hung_up, ended.failed)
        return ended.hung_up

    async def async_end(self, ids: list[int]) -> Ended:
        """End calls, all at once.

        A refusal may mean that a call ended meanwhile, and a missing answer that it was ended
        here, so the list of active calls has the last word.

        Raises:
            OdorikAuthError: The login is wrong.
        """

        async def end(call_id: int) -> OdorikError | None:
            try:
                await self.client.hang_up(call_id)
            except OdorikError as err:
                return err
            return None

        outcomes = dict(zip(ids, await asyncio.gather(*map(end, ids)), strict=True))
        await self.async_request_refresh()
        errors = {call_id: err for call_id, err in outcomes.items() if err is not None}
        still_up = set(errors)
        if errors:
            for err in errors.values():
                if isinstance(err, OdorikAuthError):
                    raise err
            with suppress(OdorikError):
                still_up &= {call.id for call in await self.client.active_calls()}
        hung_up = [
            call_id
            for call_id, err in outcomes.items()
            if err is None or (isinstance(err, OdorikConnectionError) and call_id not in still_up)
        ]
        return Ended(hung_up, {call_id: errors[call_id] for call_id in ids if call_id in still_up})
