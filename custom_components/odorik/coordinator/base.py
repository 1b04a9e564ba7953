"""What all coordinators have in common: errors, permissions, and tasks that end with the entry."""

from abc import abstractmethod
from collections.abc import Awaitable
from datetime import timedelta
from time import monotonic
from typing import Any, override

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import TimestampDataUpdateCoordinator

from ..api import OdorikAuthError, OdorikClient, OdorikError, OdorikUnauthorizedError
from ..const import FORM_IN_HAND, FORMS_SENT, LOGGER
from ..errors import update_failed


class OdorikCoordinator[T](TimestampDataUpdateCoordinator[T]):
    """A clock: its children state what they read.

    Attributes:
        client: The login at the operator.
        forbidden: What the operator says that this login may not read.
    """

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        failing: set[str],
        name: str,
        interval: timedelta,
        cooldown: float = 1,
    ) -> None:
        """Read every ``interval``, and ``cooldown`` seconds after somebody asks for it.

        Args:
            hass: Home Assistant.
            entry: The account.
            client: The login at the operator.
            failing: The coordinators of this account that cannot read now; they share one set, so
                that the log says it once and not once for each.
            name: What is read, in words.
            interval: The time between readings.
            cooldown: Seconds.
        """
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            update_interval=interval,
            always_update=False,
        )
        # Not the debouncer of the base class, which drops a request that comes due during a poll.
        self._requests = Debouncer(
            hass, LOGGER, cooldown=cooldown, immediate=False, function=self.async_refresh_soon
        )
        entry.async_on_unload(self._requests.async_shutdown)
        self.client = client
        self.forbidden: set[str] = set()
        self._failing = failing
        self._is_refresh_queued = False

    @abstractmethod
    async def _read(self) -> T:
        """Ask the operator."""

    @callback
    def async_refresh_soon(self) -> None:
        """Refresh in a task that ends with the entry, after any refresh that is running.

        One queued refresh serves all requests that arrive before it begins.
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
            data = await self._read()
        except OdorikError as err:
            is_set_up = self.config_entry.state is ConfigEntryState.LOADED
            failure = update_failed(err, is_set_up=is_set_up)
            if is_set_up and isinstance(err, OdorikAuthError):
                self.config_entry.async_start_reauth(self.hass)
        else:
            self._agree(is_failing=False)
            return data
        self._agree(is_failing=True)
        raise failure

    def _agree(self, *, is_failing: bool) -> None:
        """Leave the log to the first coordinator that fails and the last that recovers.

        That one also takes back the question for a password that turned out to be right again.
        """
        was_failing = self.name in self._failing
        self._failing.discard(self.name)
        if self._failing and is_failing is not was_failing:
            # The base class logs when this attribute turns, and only then.
            self.last_update_success = not is_failing
        if is_failing:
            self._failing.add(self.name)
        elif not self._failing:
            self._take_back_forms()

    @callback
    def _take_back_forms(self) -> None:
        """Ask no more for a password that the polls show to be right.

        Also a form that an action has raised goes, but none that somebody is filling in.
        """
        sent = self.hass.data.get(FORMS_SENT, {})
        forms = self.config_entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})
        for flow_id in [form["flow_id"] for form in forms]:
            if flow_id in sent and monotonic() - sent[flow_id] < FORM_IN_HAND.total_seconds():
                continue
            sent.pop(flow_id, None)
            self.hass.config_entries.flow.async_abort(flow_id)

    async def _permitted[R](self, what: str, reading: Awaitable[R], otherwise: R) -> R:
        """Read what this login may not be allowed to; that is no failure."""
        try:
            result = await reading
        except OdorikUnauthorizedError:
            if what not in self.forbidden:
                self.logger.debug("%s: this login may not read %s", self.name, what)
                self.forbidden.add(what)
            return otherwise
        self.forbidden.discard(what)
        return result
