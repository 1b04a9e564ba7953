"""The URL of the webhook: in the user's cloud, or at Home Assistant's own address.

The URL is the only secret of a webhook, so only forms for administrators show it.
"""

from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any, Final, Literal

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.util.hass_dict import HassKey

from ..const import LOGGER

CLOUD: Final[HassKey[Any]] = HassKey("cloud")
"""Where Home Assistant's cloud stores itself in ``hass.data``."""
PURPOSE: Final = "hook"
"""The query parameter with the purpose of a URL; the operator appends its own parameters."""
CALL: Final = "call"
INFO: Final = "info"
URL_PURPOSES: Final = {"call_url": CALL, "info_url": INFO}
"""Placeholders of the forms that show the URL, and the purpose of each URL."""
NO_URL: Final = "–"  # noqa: RUF001 - an en dash.

type AddressError = Literal["cloud_not_connected", "no_external_address"]
"""Translation keys of the errors in the options."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookAddress:
    """The URL of a webhook, or the reason why the operator could not reach it."""

    url: str = ""
    error: AddressError | None = None

    @property
    def digest(self) -> str:
        """A hash by which URLs can be compared without being stored."""
        return sha256(self.url.encode()).hexdigest()

    @property
    def placeholders(self) -> dict[str, str]:
        """The URL for each purpose, as placeholders of a form."""
        return {
            name: f"{self.url}?{PURPOSE}={purpose}" if self.url else NO_URL
            for name, purpose in URL_PURPOSES.items()
        }

    @property
    def form_errors(self) -> dict[str, str]:
        """The error, as errors of a form."""
        return {"base": self.error} if self.error else {}


def get_cloud(hass: HomeAssistant) -> Any | None:
    """Return Home Assistant's cloud integration, or None if it is not set up.

    It is not an after-dependency in the manifest: Home Assistant would install the requirements of
    the cloud for all users, and not set up Odorik if that fails. So it must not be imported
    statically either. Home Assistant sets the cloud up before other integrations.
    """
    if "cloud" not in hass.config.components:
        return None
    return import_module("homeassistant.components.cloud")


def has_subscription(hass: HomeAssistant) -> bool:
    """Return whether the user has a cloud subscription, which includes a public webhook URL."""
    cloud = get_cloud(hass)
    return cloud is not None and bool(cloud.async_active_subscription(hass))


async def async_get_address(hass: HomeAssistant, entry: ConfigEntry[Any]) -> WebhookAddress:
    """Return the address to be configured at the operator; create it in the cloud if necessary."""
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    if has_subscription(hass):
        return await _async_get_cloud_address(hass, webhook_id)
    return own_address(hass, webhook_id)


def own_address(hass: HomeAssistant, webhook_id: str) -> WebhookAddress:
    """Return the address of a webhook at Home Assistant's own URL."""
    try:
        return WebhookAddress(
            url=webhook.async_generate_url(hass, webhook_id, allow_internal=False)
        )
    except NoURLAvailableError:
        pass
    try:
        url = webhook.async_generate_url(hass, webhook_id)
    except NoURLAvailableError:
        url = webhook.async_generate_path(webhook_id)
    return WebhookAddress(url=url, error="no_external_address")


def existing_cloud_address(hass: HomeAssistant, webhook_id: str) -> WebhookAddress:
    """Return the address of a webhook in the cloud; empty if there is none.

    The cloud's own functions would create it.
    """
    has_hooks = has_subscription(hass)
    hook = hass.data[CLOUD].client.cloudhooks.get(webhook_id) if has_hooks else None
    return WebhookAddress(url=hook["cloudhook_url"] if hook else "")


async def _async_get_cloud_address(hass: HomeAssistant, webhook_id: str) -> WebhookAddress:
    """Get or create the address of a webhook in the cloud."""
    try:
        cloud: Any = get_cloud(hass)
        return WebhookAddress(url=await cloud.async_get_or_create_cloudhook(hass, webhook_id))
    except Exception as err:  # noqa: BLE001 - The cloud documents no exceptions.
        LOGGER.debug("No address in the cloud now: %s", type(err).__name__)
        return WebhookAddress(error="cloud_not_connected")


async def async_delete_cloudhook(hass: HomeAssistant, webhook_id: str) -> None:
    """Delete the address of a webhook in the cloud, if there is one."""
    cloud = get_cloud(hass)
    if cloud is None:
        return
    try:
        await cloud.async_delete_cloudhook(hass, webhook_id)
    except Exception as err:  # noqa: BLE001 - There was none, or the cloud is unreachable.
        LOGGER.debug("No address in the cloud was deleted: %s", type(err).__name__)
