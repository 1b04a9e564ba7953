"""Base class of the coordinators: errors, permissions, and tasks that end with the entry."""

from abc import abstractmethod
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import TimestampDataUpdateCoordinator

from ..api import OdorikAuthError, OdorikClient, OdorikError, OdorikUnauthorizedError
from ..const import LOGGER
from ..errors import update_failed


class OdorikCoordinator[T](TimestampDataUpdateCoordinator[T]):
    """Polls the operator; subclasses implement ``_read``.

    Attributes:
        client: The client of the account.
        unauthorized: Names of the data that this login may not read.
    """

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        name: str,
        interval: timedelta,
        cooldown: float = 1,
    ) -> None:
        """Initialize the coordinator.

        Args:
            hass: Home Assistant.
            entry: The account.
            client: The client of the account.
            name: Name of the data, for the log.
            interval: The polling interval.
            cooldown: Seconds from a requested refresh to the refresh.
        """
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            update_interval=interval,
            always_update=False,
        )
        # The debouncer of the base class drops requests that become due during a refresh.
        self._requests = Debouncer(
            hass, LOGGER, cooldown=cooldown, immediate=False, function=self.async_refresh_soon
        )
        entry.async_on_unload(self._requests.async_shutdown)
        # The base class cancels only its own timers, and the session is closed soon.
        entry.async_on_unload(
            hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_stop_refreshing)
        )
        self.client = client
        self.unauthorized: set[str] = set()
        self._failed: set[str] = set()
        """Names of the data that could not be read the last time."""
        self._is_refresh_queued = False

    async def _async_stop_refreshing(self, _event: Event) -> None:
        """Ignore refreshes from now on, because Home Assistant stops."""
        await self.async_shutdown()

    @abstractmethod
    async def _read(self) -> T:
        """Read the data from the operator."""

    @callback
    def async_refresh_soon(self) -> None:
        """Refresh in a task of the entry, after any refresh that is running.

        Requests that arrive before a queued refresh begins share it.
        """
        if not self._is_refresh_queued:
            self._is_refresh_queued = True
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} - refresh"
            )

    @override
    async def async_request_refresh(self) -> None:
        await self._requests.async_call()

    @override
    async def _async_update_data(self) -> T:
        self._is_refresh_queued = False
        try:
            return await self._read()
        except OdorikError as err:
            is_set_up = self.config_entry.state is ConfigEntryState.LOADED
            failure = update_failed(err, is_set_up=is_set_up)
            if is_set_up and isinstance(err, OdorikAuthError):
                self.config_entry.async_start_reauth(self.hass)
        # Not chained to the client's error, whose context may contain the URL with the password.
        raise failure

    async def _read_if_authorized[R](self, what: str, reading: Awaitable[R], default: R) -> R:
        """Return the result of a reading, or the default if the login may not read this."""
        try:
            result = await reading
        except OdorikUnauthorizedError:
            if what not in self.unauthorized:
                self.logger.debug("%s: this login may not read %s", self.name, what)
                self.unauthorized.add(what)
            return default
        self.unauthorized.discard(what)
        return result

    def _log_outcome(self, what: str, failure: OdorikError | None) -> None:
        """Log once when the reading of optional data fails, and once when it succeeds again."""
        if failure is None and what in self._failed:
            self.logger.info("%s: the %s can be read again", self.name, what)
            self._failed.discard(what)
        elif failure is not None and what not in self._failed:
            self.logger.warning("%s: the %s cannot be read now: %s", self.name, what, failure)
            self._failed.add(what)
