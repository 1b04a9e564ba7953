"""Limit the number of callbacks per hour: an automation may run in a loop."""

from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from .api import OdorikClient
from .const import CONF_CALLBACK_LIMIT, DEFAULT_CALLBACK_LIMIT, DOMAIN
from .issues import Issue, delete_issue, is_shown, raise_issue
from .storage import OdorikStore

PERIOD: Final = timedelta(hours=1)


class CallbackLimit:
    """Counts the callbacks that one account ordered in the last hour."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        store: OdorikStore,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._store = store

    @property
    def _limit(self) -> int:
        return int(self._entry.options.get(CONF_CALLBACK_LIMIT, DEFAULT_CALLBACK_LIMIT))

    @callback
    def async_start(self) -> None:
        """Delete the repair issue of an earlier run once callbacks are allowed again."""
        self._update_issue()

    @callback
    def async_count(self) -> list[datetime]:
        """Count a callback that is about to be ordered; return the counted ones, to be stored.

        Raises:
            HomeAssistantError: The limit is reached. A repair issue is shown until callbacks are
                allowed again.
        """
        ordered, limit = self._ordered(), self._limit
        if len(ordered) < limit:
            return [*ordered, self._client.now()]
        # Raised once: an automation in a loop is refused thousands of times.
        if not is_shown(self._hass, self._entry, Issue.CALLBACK_LIMIT):
            raise_issue(self._hass, self._entry, Issue.CALLBACK_LIMIT, limit=str(limit))
            self._update_issue()
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="callback_limit",
            translation_placeholders={"limit": str(limit)},
        )

    def _ordered(self) -> list[datetime]:
        """Return the times of the callbacks of the last hour, by the operator's clock."""
        now = self._client.now()
        return [time for time in self._store.data.callbacks if abs(now - time) < PERIOD]

    @callback
    def _update_issue(self, _now: datetime | None = None) -> None:
        """Delete the repair issue once callbacks are allowed again."""
        ordered, limit = self._ordered(), self._limit
        if len(ordered) < limit:
            delete_issue(self._hass, self._entry, Issue.CALLBACK_LIMIT)
            return
        wait = sorted(ordered)[-limit] + PERIOD - self._client.now()
        self._entry.async_on_unload(async_call_later(self._hass, wait, self._update_issue))
