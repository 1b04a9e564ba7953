"""Where the operator reaches the web hook: in the user's cloud, or at Home Assistant's own address.

It is the only secret of a hook, so it is shown in forms of administrators only.
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
"""Home Assistant's cloud in the data of a Home Assistant that has it."""

type Problem = Literal["cloud_not_connected", "no_external_address"]
"""Why the operator may not reach an address; the texts in the options are called so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address of the hook, or why there is none that the operator could reach."""

    url: str = ""
    problem: Problem | None = None

    def for_purpose(self, purpose: str) -> str:
        """Say what the URL is for: the operator keeps parameters that it has already."""
        return f"{self.url}?hook={purpose}" if self.url else ""

    @property
    def digest(self) -> str:
        """What tells it from any other, and betrays nothing."""
        return sha256(self.url.encode()).hexdigest()


def cloud_of(hass: HomeAssistant) -> Any | None:
    """Return Home Assistant's cloud where the home has it.

    It does not stand in the manifest: Home Assistant would then want everything installed that the
    cloud needs, also where nobody uses it. It is set up before us anyway.
    """
    if "cloud" not in hass.config.components:
        return None
    return import_module("homeassistant.components.cloud")


def has_cloud(hass: HomeAssistant) -> bool:
    """Whether the user pays for the cloud, whose address is reachable from everywhere."""
    cloud = cloud_of(hass)
    return cloud is not None and bool(cloud.async_active_subscription(hass))


async def async_address(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Address:
    """Find the address that the operator is to be told, and make it where it has to be made."""
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    if has_cloud(hass):
        return await _cloud_address(hass, webhook_id)
    return own_address(hass, webhook_id)


def own_address(hass: HomeAssistant, webhook_id: str) -> Address:
    """Return the address of a webhook at Home Assistant's own URL."""
    try:
        return Address(url=webhook.async_generate_url(hass, webhook_id, allow_internal=False))
    except NoURLAvailableError:
        pass
    try:
        url = webhook.async_generate_url(hass, webhook_id)
    except NoURLAvailableError:
        url = webhook.async_generate_path(webhook_id)
    return Address(url=url, problem="no_external_address")


def existing_cloud_address(hass: HomeAssistant, webhook_id: str) -> Address:
    """Return the address of a webhook in the cloud; an empty one where none answers.

    The cloud's own functions create an address that they do not find.
    """
    hook = hass.data[CLOUD].client.cloudhooks.get(webhook_id) if has_cloud(hass) else None
    return Address(url=hook["cloudhook_url"] if hook else "")


async def _cloud_address(hass: HomeAssistant, webhook_id: str) -> Address:
    """Find the address in the cloud, or make it."""
    try:
        cloud: Any = cloud_of(hass)
        return Address(url=await cloud.async_get_or_create_cloudhook(hass, webhook_id))
    except Exception as err:  # noqa: BLE001 - Whatever the cloud and the network may raise.
        LOGGER.debug("No address in the cloud now: %s", type(err).__name__)
        return Address(problem="cloud_not_connected")


async def async_delete_cloudhook(hass: HomeAssistant, webhook_id: str) -> None:
    """Let the address in the cloud lead nowhere any more, if there is one."""
    cloud = cloud_of(hass)
    if cloud is None:
        return
    try:
        await cloud.async_delete_cloudhook(hass, webhook_id)
    except Exception as err:  # noqa: BLE001 - There was none, or the cloud is away.
        LOGGER.debug("No address in the cloud was deleted: %s", type(err).__name__)
