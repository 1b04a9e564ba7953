"""The Odorik integration."""

from datetime import timedelta
from time import monotonic

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .alerts import async_setup_alerts, async_watch_disabled
from .card.feed import websocket_subscribe
from .card.history import websocket_history
from .card.preview import websocket_preview_sms
from .card.serving import async_setup_frontend
from .const import DOMAIN, LOADED_AT, STARTED_AT
from .device import identifiers
from .entity import async_manage_devices
from .issues import delete_issues
from .long_term_statistics.recorder import StatisticsRecorder, has_recorder
from .push.address import async_delete_cloudhook
from .push.webhook import async_clean_up, async_prepare_webhook
from .runtime import OdorikConfigEntry, create_data
from .services import async_setup_services
from .spending_guard import async_remove_guard
from .storage import OdorikStore, async_remove_orphans

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NOTIFY,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TODO,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Set up what all accounts share."""
    hass.data[LOADED_AT] = monotonic()
    # First, without waiting for any account: pages that are served earlier do not load the card.
    await async_setup_frontend(hass)
    async_setup_services(hass)
    async_watch_disabled(hass)
    for command in (websocket_subscribe, websocket_history, websocket_preview_sms):
        websocket_api.async_register_command(hass, command)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> bool:
    """Set up an account, which may be the login of a single line."""
    await async_remove_orphans(hass)
    async_prepare_webhook(hass, entry)
    data = entry.runtime_data = create_data(hass, entry)
    for coordinator in (data.account, data.active, data.history):
        await coordinator.async_config_entry_first_refresh()
        # The operator's clock is known after the first response.
        runs_for = timedelta(seconds=monotonic() - hass.data[LOADED_AT])
        hass.data.setdefault(STARTED_AT, data.client.now() - runs_for)
    # Before the platforms: the device of a line has to exist when its entities are added.
    await async_manage_devices(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    data.callback_limit.async_start()
    data.sms_limit.async_start()
    async_setup_alerts(hass, entry)
    if data.push:
        data.push.async_start()
    else:
        await async_clean_up(hass, entry, data.store)
    if data.guard:
        data.guard.async_start()
    else:
        await async_remove_guard(hass, entry, data.store)
    data.gates.async_start()
    # Last: automations that an event triggers read the entities.
    data.history.async_start()
    data.statistics_scheduler.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> bool:
    """Unload an account."""
    if guard := entry.runtime_data.guard:
        await guard.async_stop()
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    # Home Assistant waits only a few seconds for the tasks of an entry; a disk may take longer.
    await entry.runtime_data.history.async_stop()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Delete the stored data of an account."""
    delete_issues(hass, entry)
    await OdorikStore(hass, entry).async_remove()
    if webhook_id := entry.data.get(CONF_WEBHOOK_ID):
        await async_delete_cloudhook(hass, webhook_id)
    if has_recorder(hass):
        await StatisticsRecorder(hass, entry).async_clear()


async def async_remove_config_entry_device(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    device: dr.DeviceEntry,
) -> bool:
    """Allow the deletion of the device of a line that no longer exists.

    The device of a recipient is deleted with its config subentry.
    """
    return (
        entry.state is ConfigEntryState.LOADED
        and device.config_subentry_id is None
        and device.identifiers.isdisjoint(identifiers(entry, entry.runtime_data.account.data.lines))
    )
