"""Monitor push: whether calls are announced, and whether the webhook URL is still valid."""

from datetime import datetime
from typing import Any, Final, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util
from homeassistant.util.signal_type import SignalTypeFormat

from ..api import OdorikClient
from ..call_events import SIGNAL_CALL, CallUpdate
from ..calls.push_health import PushHealth
from ..const import CONF_PUSH_RELAXED, DOMAIN
from ..coordinator.active_calls import ActiveCallsCoordinator
from ..issues import Issue, delete_issue, raise_issue
from ..storage import OdorikStore
from .address import (
    WebhookAddress,
    existing_cloud_address,
    get_cloud,
    has_subscription,
    own_address,
)

SIGNAL_PUSH: Final[SignalTypeFormat[bool]] = SignalTypeFormat(f"{DOMAIN}_push_{{}}")
"""Sent for each request to the webhook of an account; true if it announces a call."""

type PauseReason = Literal["start", "service", "cloud"]
"""Why pushes cannot arrive: Home Assistant is starting, the operator is unreachable, or the cloud
is disconnected."""


class PushMonitor:
    """Polls when a push arrives, and adapts the polling interval to the health of push.

    Attributes:
        health: The health of push, which depends on whether calls are announced.
        received_at: When the webhook was last requested, for any purpose.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        active: ActiveCallsCoordinator,
        store: OdorikStore,
    ) -> None:
        self.health = PushHealth()
        self.received_at: datetime | None = None
        self._hass = hass
        self._entry = entry
        self._client = client
        self._active = active
        self._store = store
        self._pause_reasons: set[PauseReason] = {"start"}

    @callback
    def async_start(self) -> None:
        """Continue from the stored state.

        This listens to the active calls before the events of calls are dispatched: it has to know
        first that the operator is reachable again.
        """
        self.health = PushHealth(self._store.data.push_health)
        self._apply()
        entry = self._entry
        entry.async_on_unload(self._active.async_add_listener(self._service_changed))
        entry.async_on_unload(
            async_dispatcher_connect(
                self._hass, SIGNAL_CALL.format(entry.entry_id), self._record_call
            )
        )
        # Home Assistant serves no webhooks before that.
        entry.async_on_unload(async_at_started(self._hass, self._started))

    @callback
    def async_receive(self, *, is_for_call: bool) -> None:
        """Handle a push; its payload is ignored.

        Only a push that announces a call counts for the health. One for information is sent when
        the call is answered or over, whether its ringing was announced or not.
        """
        self.received_at = dt_util.utcnow()
        if is_for_call and self.health.record_push(self._client.now()):
            self._save()
        self._active.async_request_immediate_refresh()
        async_dispatcher_send(self._hass, SIGNAL_PUSH.format(self._entry.entry_id), is_for_call)

    @callback
    def async_reset(self) -> None:
        """Clear the unannounced calls, because the user has checked the settings."""
        self.health.reset()
        self._save()

    @callback
    def async_set_paused(self, reason: PauseReason, *, is_paused: bool) -> None:
        """Ignore calls for the health while their pushes cannot arrive."""
        was_paused = bool(self._pause_reasons)
        if is_paused:
            self._pause_reasons.add(reason)
        else:
            self._pause_reasons.discard(reason)
        if was_paused is not bool(self._pause_reasons):
            if self._pause_reasons:
                self.health.pause()
            else:
                self.health.resume(self._client.now())
            self._apply()

    @callback
    def _started(self, _hass: HomeAssistant) -> None:
        self.async_set_paused("start", is_paused=False)

    @callback
    def _service_changed(self) -> None:
        self.async_set_paused("service", is_paused=not self._active.last_update_success)

    @callback
    def _record_call(self, update: CallUpdate) -> None:
        if self.health.record_call(update.event, self._client.now()):
            self._save()

    @callback
    def _save(self) -> None:
        """Store and apply the health."""
        self._entry.async_create_task(
            self._hass, self._store.async_save(push_health=self.health.state)
        )
        self._apply()

    @callback
    def _apply(self) -> None:
        """Set the polling interval, and raise or delete the repair issue."""
        health = self.health
        may_relax = self._entry.options.get(CONF_PUSH_RELAXED, True) and health.is_active
        self._active.async_set_relaxed(is_relaxed=may_relax and health.is_proven)
        if health.is_failing:
            raise_issue(self._hass, self._entry, Issue.PUSH_MISSING)
        else:
            delete_issue(self._hass, self._entry, Issue.PUSH_MISSING)


class WebhookUrlMonitor:
    """Raises a repair issue if the webhook URL that the user was shown is out of date.

    The operator has no other way to learn about a new URL. The issue does not contain the URL: all
    users can read it.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        store: OdorikStore,
        monitor: PushMonitor,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._store = store
        self._monitor = monitor

    @callback
    def async_start(self) -> None:
        """Check the URL now and whenever it may have changed."""
        hass, entry = self._hass, self._entry
        entry.async_on_unload(async_at_started(hass, self._check))
        entry.async_on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._check))
        if cloud := get_cloud(hass):
            self._watch_cloud(cloud)

    @callback
    def _watch_cloud(self, cloud: Any) -> None:
        """Watch the connection of the cloud and its webhooks."""
        hass, entry = self._hass, self._entry

        @callback
        def update_pause() -> None:
            is_away = self._uses_cloud and not cloud.async_is_connected(hass)
            self._monitor.async_set_paused("cloud", is_paused=is_away)

        @callback
        def connection_changed(_state: object) -> None:
            update_pause()
            # The subscription may have changed as well.
            self._check()

        update_pause()
        entry.async_on_unload(cloud.async_listen_connection_change(hass, connection_changed))
        entry.async_on_unload(
            cloud.async_listen_cloudhook_change(hass, self._webhook_id, self._check)
        )

    @property
    def _webhook_id(self) -> str:
        return str(self._entry.data[CONF_WEBHOOK_ID])

    @property
    def _uses_cloud(self) -> bool:
        """Return whether pushes come through the cloud, according to the last displayed URL."""
        shown = self._store.data.webhook_digest
        return has_subscription(self._hass) and shown in {
            None,
            existing_cloud_address(self._hass, self._webhook_id).digest,
        }

    async def async_acknowledge(self, address: WebhookAddress) -> None:
        """Store the URL that the user was shown."""
        if address.url:
            await self._store.async_save(webhook_digest=address.digest)
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)

    @callback
    def _check(self, _: object = None) -> None:
        """Raise the issue unless the URL that the user was shown is still valid.

        A URL in the cloud is only created when the user is about to be shown it.
        """
        shown = self._store.data.webhook_digest
        if shown is None:
            return
        addresses = (
            own_address(self._hass, self._webhook_id),
            existing_cloud_address(self._hass, self._webhook_id),
        )
        if shown in {address.digest for address in addresses if address.url}:
            delete_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
        else:
            raise_issue(self._hass, self._entry, Issue.PUSH_ADDRESS_CHANGED)
