"""Coordinator of the active calls, which also hangs up."""

import asyncio
from collections.abc import Callable, Mapping, Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..api import ActiveCall, OdorikAuthError, OdorikClient, OdorikConnectionError, OdorikError
from ..calls.directory import Directory
from ..calls.gates import Gate
from ..calls.live_calls import may_follow
from ..const import (
    CONF_ACTIVE_INTERVAL,
    DEFAULT_ACTIVE_INTERVAL,
    GUARDED_INTERVAL,
    IN_CALL_INTERVAL,
    LINES_INTERVAL,
    LOGGER,
    RELAXED_INTERVAL,
    RINGING_INTERVAL,
)
from ..errors import hangup_failed
from .account import AccountCoordinator
from .base import OdorikCoordinator

IMMEDIATE_REFRESH_COOLDOWN: Final = 1.0
"""Minimum seconds between immediate refreshes."""
FREQUENT_POLL_DURATION: Final = timedelta(seconds=5)
"""Duration of frequent polls after an immediate refresh was requested: the operator may announce a
call before it lists it."""


@dataclass(frozen=True, slots=True)
class HangUpResult:
    """The outcome of hanging up calls; one that had ended before is in neither field."""

    hung_up: list[int]
    """The IDs of the calls that were ended."""
    failed: dict[int, OdorikError]
    """The IDs of the calls that are still active, with the errors."""


class ActiveCallsCoordinator(OdorikCoordinator[tuple[ActiveCall, ...]]):
    """Polls the calls that are ringing or answered."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        account: AccountCoordinator,
    ) -> None:
        self._account = account
        self._option_interval = self._idle_interval = timedelta(
            seconds=entry.options.get(CONF_ACTIVE_INTERVAL, DEFAULT_ACTIVE_INTERVAL)
        )
        self._is_relaxed = self._is_guarded = False
        self._gates: tuple[tuple[ActiveCall, ...], Directory, dict[int, Gate]]
        self._gates = (), Directory(), {}
        self._poll_listeners: list[CALLBACK_TYPE] = []
        super().__init__(hass, entry, client, name="active calls", interval=self._idle_interval)
        self._immediate_refreshes = Debouncer(
            hass,
            LOGGER,
            cooldown=IMMEDIATE_REFRESH_COOLDOWN,
            immediate=True,
            function=self.async_refresh_soon,
        )
        entry.async_on_unload(self._immediate_refreshes.async_shutdown)
        self._frequent_until = float("-inf")
        self._excluded = set[int]()
        """The calls that have ended, but are still listed by the operator."""
        self.last_poll = dt_util.utc_from_timestamp(0)
        self.previous_poll = self.last_poll
        """When the poll before the last one was; a poll without changes notifies no listener."""

    @override
    async def _read(self) -> tuple[ActiveCall, ...]:
        polled_at = dt_util.utcnow()
        listed = await self._read_if_authorized("active calls", self.client.active_calls(), [])
        self._excluded &= {call.id for call in listed}
        # By ID, since a call that is listed twice must not count twice.
        calls = {call.id: call for call in listed if call.id not in self._excluded}
        self.previous_poll, self.last_poll = self.last_poll, polled_at
        self.update_interval = self._idle_interval
        if calls or self.hass.loop.time() < self._frequent_until:
            is_ringing = any(call.is_ringing for call in calls.values())
            self.update_interval = RINGING_INTERVAL if is_ringing else IN_CALL_INTERVAL
        if "active calls" in self.unauthorized:
            self.update_interval = LINES_INTERVAL
        return tuple(call for _, call in sorted(calls.items()))

    @callback
    def async_request_immediate_refresh(self) -> None:
        """Poll now, or one second after the last immediate refresh.

        Ignored while the operator refuses the login, for example because of a wrong password.
        """
        if self._is_login_refused or "active calls" in self.unauthorized:
            return
        self.async_poll_frequently(FREQUENT_POLL_DURATION)
        if not self._is_refresh_queued:
            self._immediate_refreshes.async_schedule_call()

    @callback
    def async_exclude(self, recorded: AbstractSet[int]) -> None:
        """Exclude calls whose records have been read: the operator may go on listing them."""
        ended = {call.id for call in self.data or () if call.id in recorded}
        if ended:
            self._excluded |= ended
            self.data = tuple(call for call in self.data if call.id not in ended)
            self.async_update_listeners()

    @callback
    def async_poll_frequently(self, duration: timedelta) -> None:
        """Poll as often as during a call for some time, from the next poll on."""
        until = self.hass.loop.time() + duration.total_seconds()
        self._frequent_until = max(self._frequent_until, until)

    @callback
    def async_add_poll_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a function after every poll, even if it failed or nothing has changed.

        Returns:
            A function that removes the listener.
        """
        self._poll_listeners.append(listener)
        return partial(self._poll_listeners.remove, listener)

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        super()._async_refresh_finished()
        for listener in list(self._poll_listeners):
            listener()

    @callback
    def async_set_relaxed(self, *, is_relaxed: bool) -> None:
        """Set whether to poll rarely while idle, because calls are announced."""
        self._is_relaxed = is_relaxed
        self.async_update_idle_interval()

    @callback
    def async_set_guarded(self, *, is_guarded: bool) -> None:
        """Set whether to poll often enough for the spending guard, in spite of options and push."""
        self._is_guarded = is_guarded
        if not is_guarded:
            self._frequent_until = float("-inf")
        self.async_update_idle_interval()

    @callback
    def async_update_idle_interval(self) -> None:
        """Update the interval while idle, which push does not change while there are gates."""
        before, chosen = self._idle_interval, self._option_interval
        if self._is_relaxed and not self._account.data.gates:
            chosen = max(chosen, RELAXED_INTERVAL)
        self._idle_interval = min(chosen, GUARDED_INTERVAL) if self._is_guarded else chosen
        if self.update_interval == before:
            # Takes effect after the next poll.
            self.update_interval = self._idle_interval
            is_shorter = self._idle_interval < before
            if is_shorter and not self._is_login_refused and not self.hass.is_stopping:
                self.async_refresh_soon()

    @property
    def _is_login_refused(self) -> bool:
        """Return whether the operator refuses the login, which is then retried rarely."""
        failure = None if self.last_update_success else self.last_exception
        return isinstance(failure, UpdateFailed) and failure.retry_after is not None

    @property
    def gates(self) -> Mapping[int, Gate]:
        """By ID, the gates of the calls that ring one, and of the branches of such calls."""
        calls, directory = self.data, self._account.data.directory
        if not directory.gates:
            return {}
        known_calls, known_directory, gates = self._gates
        # Each binary sensor uses this property, and an account may have many lines.
        if calls is not known_calls or directory is not known_directory:
            rings = [(it, gate) for it in calls if (gate := directory.gate_of(it))]
            gates = {
                call.id: gate
                for call in calls
                for ring, gate in rings
                if may_follow(ring, call, directory)
            }
            gates |= {ring.id: gate for ring, gate in rings}
            self._gates = calls, directory, gates
        return gates

    @property
    def phone_calls(self) -> tuple[ActiveCall, ...]:
        """The active calls without those that ring a gate, and without their branches."""
        gates = self.gates
        return tuple(call for call in self.data if call.id not in gates) if gates else self.data

    def calls_of(self, line: int | None) -> tuple[ActiveCall, ...]:
        """Return the calls of a line, including those that ring there, or all calls."""
        if line is None:
            return self.data
        rung_line = self._account.data.directory.rung_line
        return tuple(call for call in self.data if line in {call.line, rung_line(call)})

    async def async_hang_up(self, is_selected: Callable[[ActiveCall], bool]) -> list[int]:
        """Hang up the selected calls out of those that are active now.

        Returns:
            The IDs of the calls that were ended.

        Raises:
            HomeAssistantError: Some calls are still active; the message lists them.
            OdorikError: The active calls could not be read.
        """
        active = await self.client.active_calls()
        result = await self.async_end_calls([call.id for call in active if is_selected(call)])
        if result.failed:
            raise hangup_failed(result.hung_up, result.failed)
        return result.hung_up

    async def async_end_calls(self, ids: list[int]) -> HangUpResult:
        """Hang up calls concurrently.

        A refusal may mean that a call has ended before, and a missing response that it was ended
        nevertheless, so the list of active calls decides.

        Raises:
            OdorikAuthError: The login is wrong.
        """

        async def hang_up(call_id: int) -> OdorikError | None:
            try:
                await self.client.hang_up(call_id)
            except OdorikError as err:
                return err
            return None

        outcomes = dict(zip(ids, await asyncio.gather(*map(hang_up, ids)), strict=True))
        await self.async_request_refresh()
        errors = {call_id: err for call_id, err in outcomes.items() if err is not None}
        still_active = set(errors)
        if errors:
            for err in errors.values():
                if isinstance(err, OdorikAuthError):
                    raise err
            with suppress(OdorikError):
                still_active &= {call.id for call in await self.client.active_calls()}
        hung_up = [
            call_id
            for call_id, err in outcomes.items()
            if err is None
            or (isinstance(err, OdorikConnectionError) and call_id not in still_active)
        ]
        return HangUpResult(
            hung_up, {call_id: errors[call_id] for call_id in ids if call_id in still_active}
        )
