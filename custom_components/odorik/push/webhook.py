"""Webhook handler: replies immediately and ignores what the operator sends."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from aiohttp.hdrs import CONTENT_LENGTH, METH_GET, METH_POST, METH_PUT
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..api import OdorikClient
from ..const import CONF_PUSH, CONF_PUSH_ANSWER, DOMAIN
from ..coordinator.active_calls import ActiveCallsCoordinator
from ..issues import Issue, delete_issue
from ..storage import OdorikStore
from .address import CALL, PURPOSE, async_delete_cloudhook
from .monitor import PushMonitor, WebhookUrlMonitor

METHODS: Final = (METH_GET, METH_POST, METH_PUT)
"""The operator uses GET. Home Assistant logs the URL of a webhook that is requested with a method
that is not allowed."""
MAX_BODY: Final = 65_536
"""Bytes; the operator sends no body."""
ANSWERS: Final = {
    "dial": "dial:*082\n",
    "hangup": "hangup\n",
    "comment": "# Home Assistant knows of the call.\n",
}
"""Replies by the name of the option. They determine how the operator treats the branch of the call
that requested the webhook: it rings silently, it ends, or the operator decides. The phones continue
to ring."""
DEFAULT_ANSWER: Final = "dial"
LAST_RECEIVED: Final = "push_last_received"
"""The key of the sensor that only exists while push is on."""


class Push:
    """The webhook of one account and its monitors.

    Attributes:
        monitor: Monitors whether calls are announced.
        url_monitor: Monitors the URL of the webhook.
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
        self._hass = hass
        self._entry = entry
        self.monitor = PushMonitor(hass, entry, client, active=active, store=store)
        self.url_monitor = WebhookUrlMonitor(hass, entry, store=store, monitor=self.monitor)

    @callback
    def async_start(self) -> None:
        """Start the monitors and register the webhook, until the entry is unloaded."""
        self.monitor.async_start()
        self.url_monitor.async_start()
        webhook_id = self._entry.data[CONF_WEBHOOK_ID]
        webhook.async_register(
            self._hass,
            DOMAIN,
            self._entry.title,
            webhook_id,
            self._async_handle,
            allowed_methods=METHODS,
        )
        self._entry.async_on_unload(partial(webhook.async_unregister, self._hass, webhook_id))

    async def _async_handle(
        self, _hass: HomeAssistant, _webhook_id: str, request: web.Request
    ) -> web.Response:
        """Handle a request of the operator."""
        if _is_too_long(request.headers):
            refusal = web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            refusal.force_close()
            return refusal
        # A client may append its parameters after a second "?".
        purpose, _, _ = request.query.get(PURPOSE, "").partition("?")
        is_for_call = purpose == CALL
        self.monitor.async_receive(is_for_call=is_for_call)
        if is_for_call:
            return web.Response(text=answer_of(self._entry.options), content_type="text/plain")
        return web.Response()


@callback
def async_prepare_webhook(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Create the webhook ID of an account while push is on, and delete it while it is off."""
    webhook_id = entry.data.get(CONF_WEBHOOK_ID)
    if entry.options.get(CONF_PUSH):
        if not webhook_id:
            new = {CONF_WEBHOOK_ID: webhook.async_generate_id()}
            hass.config_entries.async_update_entry(entry, data={**entry.data, **new})
    elif webhook_id:
        data = {name: value for name, value in entry.data.items() if name != CONF_WEBHOOK_ID}
        hass.config_entries.async_update_entry(entry, data=data)
        # A task of the entry would be cancelled by a reload, and the cloudhook would stay.
        hass.async_create_background_task(
            async_delete_cloudhook(hass, webhook_id), f"{entry.title} - cloudhook"
        )


async def async_clean_up(hass: HomeAssistant, entry: ConfigEntry[Any], store: OdorikStore) -> None:
    """Remove what push has left behind after it was turned off."""
    delete_issue(hass, entry, Issue.PUSH_MISSING)
    delete_issue(hass, entry, Issue.PUSH_ADDRESS_CHANGED)
    registry = er.async_get(hass)
    unique_id = f"{entry.unique_id}_{LAST_RECEIVED}"
    if entity_id := registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id):
        registry.async_remove(entity_id)
    if store.data.push_health is not None or store.data.webhook_digest is not None:
        await store.async_save(push_health=None, webhook_digest=None)


def answer_named(value: Any) -> str:
    """Return the name of an answer, which may be given as the reply itself: ``dial:*082``."""
    return next((name for name, text in ANSWERS.items() if text.strip() == value), str(value))


def answer_of(options: Mapping[str, Any]) -> str:
    """Return the reply to a request that announces a call."""
    name = answer_named(options.get(CONF_PUSH_ANSWER, DEFAULT_ANSWER))
    return ANSWERS.get(name, ANSWERS[DEFAULT_ANSWER])


def _is_too_long(headers: Mapping[str, str]) -> bool:
    """Return whether the body is too long according to ``Content-Length``."""
    length = headers.get(CONTENT_LENGTH, "")
    return length.isdecimal() and int(length[:20]) > MAX_BODY
