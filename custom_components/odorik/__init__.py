"""Odorik.cz telephony in Home Assistant."""

from datetime import timedelta
from time import monotonic

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .card.feed import async_setup_feed
from .card.history import async_setup_history
from .card.serving import async_setup_frontend
from .const import DOMAIN, LOADED_AT, STARTED_AT
from .coordinator.archive import Archive, is_recorded
from .coordinator.file import async_remove_orphans
from .coordinator.place import Place
from .device import identifiers
from .entity import async_follow_lines
from .issues import delete_issues
from .push.address import async_delete_cloudhook
from .push.hook import async_prepare_hook
from .push.service import async_forget
from .runtime import OdorikConfigEntry, create_data
from .services import async_setup_services
from .watch import async_watch

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.TODO,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Register what belongs to no single account."""
    hass.data[LOADED_AT] = monotonic()
    # First, without waiting for any account: a page that is served earlier never loads the card.
    await async_setup_frontend(hass)
    async_setup_services(hass)
    async_setup_feed(hass)
    async_setup_history(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> bool:
    """Set up an account or a line."""
    await async_remove_orphans(hass)
    async_prepare_hook(hass, entry)
    data = entry.runtime_data = create_data(hass, entry)
    for coordinator in (data.account, data.active, data.history):
        await coordinator.async_config_entry_first_refresh()
        # The first answer tells the operator's time, by which a call is older than this start.
        runs_for = timedelta(seconds=monotonic() - hass.data[LOADED_AT])
        hass.data.setdefault(STARTED_AT, data.client.now() - runs_for)
    # A line's device comes before its entities, so this listens before the platforms do.
    await async_follow_lines(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_watch(hass, entry)
    if data.push:
        data.push.async_start()
    else:
        await async_forget(hass, entry, data.place)
    # The entities show a change before the automations hear of it.
    data.history.async_start()
    data.years.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> bool:
    """Unload an account."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    # Home Assistant waits for the tasks of an entry for some seconds, and a disk may stall longer.
    await entry.runtime_data.history.async_stop()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: OdorikConfigEntry) -> None:
    """Forget what was kept of an account."""
    delete_issues(hass, entry)
    await Place(hass, entry).remove()
    if webhook_id := entry.data.get(CONF_WEBHOOK_ID):
        await async_delete_cloudhook(hass, webhook_id)
    if is_recorded(hass):
        await Archive(hass, entry).clear()


async def async_remove_config_entry_device(
    hass: HomeAssistant,  # noqa: ARG001
    entry: OdorikConfigEntry,
    device: dr.DeviceEntry,
) -> bool:
    """Let the user delete the device of a line that the account no longer has."""
    return entry.state is ConfigEntryState.LOADED and device.identifiers.isdisjoint(
        identifiers(entry, entry.runtime_data.account.data.lines)
    )
