"""Set up accounts of the simulated exchange in a test, and read what they show."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, GATE
from custom_components.odorik.recipients import RECIPIENT
from simulator.world import Account
from simulator.worlds import GATE_NUMBER, quiet

from .exchange import RunningExchange

HOME, WORKSHOP, UNNAMED = 300100, 300110, 300120
"""The lines of the simulated household: "Domov", "Dílna", and one without a name."""
JAN, EVA, STRANGER = "00420777123456", "00420602987654", "00420602555123"
"""Two contacts of the household, and a number that is not one."""


def make_entry(username: str, password: str, **fields: Any) -> MockConfigEntry:
    """Return the config entry of a login, not yet added to Home Assistant."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"Odorik {username}",
        unique_id=username,
        data={"username": username, "password": password},
        **fields,
    )


def add_account(exchange: RunningExchange, username: str = "7654321") -> Account:
    """Add an account to the exchange that has the same lines as the first one."""
    account = quiet(username, "another-password").account()
    exchange.world.accounts[username] = account
    return account


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> bool:
    """Set up an entry, added and with these options if given; return whether it is loaded."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    if options:
        hass.config_entries.async_update_entry(entry, options=options)
    is_loaded = await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return is_loaded


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Reload an entry; return whether it is loaded."""
    is_loaded = await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return is_loaded


def add_recipient(
    hass: HomeAssistant, entry: ConfigEntry[Any], name: str, number: str, **data: Any
) -> str:
    """Add a recipient of text messages, and return the ID of the subentry."""
    subentry = ConfigSubentry(
        data=MappingProxyType({"number": number, "keep_accents": False, **data}),
        subentry_type=RECIPIENT,
        title=name,
        unique_id=number,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry.subentry_id


def add_gate(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    *callers: str,
    name: str = "Garden",
    number: str = GATE_NUMBER,
    hang_up: bool = True,
) -> str:
    """Add a gate, and return the ID of the subentry."""
    subentry = ConfigSubentry(
        data=MappingProxyType({"number": number, "callers": [*callers], "hang_up": hang_up}),
        subentry_type=GATE,
        title=name,
        unique_id=number,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry.subentry_id


def entity_id_of(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str | None:
    """Return the ID of an entity, if registered; the key begins with the line if it has one."""
    unique_id = f"{entry.unique_id}_{key}"
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)


def get_state(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that has one."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


def state_of(hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str) -> str | None:
    """Return the state of an entity, or None if it has none."""
    state = hass.states.get(entity_id_of(hass, entry, platform, key) or "")
    return state.state if state else None


def device_of(hass: HomeAssistant, entry: MockConfigEntry, key: object = None) -> Any:
    """Return the device of an account, or that of one of its lines or subentries; None if gone."""
    identifier = f"{entry.unique_id}_{key}" if key else str(entry.unique_id)
    registry = dr.async_get(hass)
    return registry.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)
