"""Limit the orders per hour that cost money: an automation may run in a loop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from .api import OdorikClient
from .const import DEFAULT_CALLBACK_LIMIT, DEFAULT_SMS_LIMIT, DOMAIN
from .issues import Issue, delete_issue, is_shown, raise_issue
from .storage import OdorikStore

PERIOD: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Something that costs money and is limited per hour.

    Attributes:
        issue: The repair issue; its name is also that of the option and of the error.
        default: The limit by default.
        stored: The field of ``StoredData`` with the times of the last hour.
    """

    issue: Issue
    default: int
    stored: str


CALLBACKS: Final = Limited(
    issue=Issue.CALLBACK_LIMIT, default=DEFAULT_CALLBACK_LIMIT, stored="callbacks"
)
MESSAGE_PARTS: Final = Limited(
    issue=Issue.SMS_LIMIT, default=DEFAULT_SMS_LIMIT, stored="message_parts"
)


class HourlyLimit:
    """Counts what one account ordered in the last hour."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        store: OdorikStore,
        limited: Limited,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._store = store
        self._issue = limited.issue
        self._default = limited.default
        self._stored = limited.stored

    @property
    def _limit(self) -> int:
        return int(self._entry.options.get(self._issue, self._default))

    @callback
    def async_start(self) -> None:
        """Delete the repair issue of an earlier run once orders are allowed again."""
        self._update_issue()

    @callback
    def async_count(self, units: int = 1) -> dict[str, Any]:
        """Count an order that is about to be sent; return the change that has to be stored.

        Args:
            units: What the order counts for, such as the parts of a message.

        Raises:
            HomeAssistantError: The limit would be exceeded. A repair issue is shown until the same
                order is allowed again.
        """
        ordered, limit = self._ordered(), self._limit
        if len(ordered) + units <= limit:
            return {self._stored: [*ordered, *[self._client.now()] * units]}
        # Raised once: an automation in a loop is refused thousands of times.
        if not is_shown(self._hass, self._entry, self._issue):
            raise_issue(self._hass, self._entry, self._issue, limit=str(limit))
            self._update_issue_when_allowed(units)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=self._issue,
            translation_placeholders={"limit": str(limit)},
        )

    def _ordered(self) -> list[datetime]:
        """Return the times of the orders of the last hour, by the operator's clock."""
        now = self._client.now()
        times: list[datetime] = getattr(self._store.data, self._stored)
        return [time for time in times if abs(now - time) < PERIOD]

    @callback
    def _update_issue(self, _now: datetime | None = None) -> None:
        """Delete the repair issue once orders are allowed again."""
        if len(self._ordered()) < self._limit:
            delete_issue(self._hass, self._entry, self._issue)
        else:
            self._update_issue_when_allowed(1)

    @callback
    def _update_issue_when_allowed(self, units: int) -> None:
        """Update the repair issue when enough of the counted orders are an hour old."""
        ordered, now = sorted(self._ordered()), self._client.now()
        excess = len(ordered) + units - self._limit
        # An order that is larger than the limit is never allowed: show the issue for an hour.
        since = ordered[excess - 1] if excess <= len(ordered) else now
        self._entry.async_on_unload(
            async_call_later(self._hass, since + PERIOD - now, self._update_issue)
        )
