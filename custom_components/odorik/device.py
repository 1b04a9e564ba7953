"""Devices: the account, its lines, recipients of messages, and gates."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType, DeviceInfo

from .api import Line
from .const import DOMAIN, GATE

PORTAL: Final = "https://www.odorik.cz/ucet"
GATE_MODEL: Final = "Gate"
MANUFACTURER: Final = "Odorik.cz"


def account_identifier(entry: ConfigEntry[Any]) -> tuple[str, str]:
    """Return the identifier of an account's device."""
    return (DOMAIN, str(entry.unique_id))


def part_identifier(entry: ConfigEntry[Any], part: int | str) -> tuple[str, str]:
    """Return the identifier of the device of a line, or of a subentry by its ID.

    Other accounts may have the same line.
    """
    return (DOMAIN, f"{entry.unique_id}_{part}")


def identifiers(entry: ConfigEntry[Any], lines: Iterable[Line]) -> set[tuple[str, str]]:
    """Return the identifiers of the devices of an account and its lines."""
    return {account_identifier(entry), *(part_identifier(entry, line.id) for line in lines)}


def find_account(hass: HomeAssistant, entry: ConfigEntry[Any]) -> DeviceEntry | None:
    """Return the device of an account."""
    return _find(hass, entry, account_identifier(entry))


def find_line(hass: HomeAssistant, entry: ConfigEntry[Any], line: int | str) -> DeviceEntry | None:
    """Return the device of a line."""
    return _find(hass, entry, part_identifier(entry, line))


def find_subentry(
    hass: HomeAssistant, entry: ConfigEntry[Any], subentry_id: str
) -> DeviceEntry | None:
    """Return the device of a subentry: a recipient of messages or a gate."""
    return _find(hass, entry, part_identifier(entry, subentry_id))


def device_id(hass: HomeAssistant, entry: ConfigEntry[Any], part: int | str | None) -> str | None:
    """Return the ID of the device of a line or subentry, or of the account if there is none."""
    device = None if part is None else _find(hass, entry, part_identifier(entry, part))
    device = device or find_account(hass, entry)
    return device.id if device else None


def _find(
    hass: HomeAssistant, entry: ConfigEntry[Any], identifier: tuple[str, str]
) -> DeviceEntry | None:
    return dr.async_get(hass).async_get_device_by_identifier(identifier, entry.entry_id)


def account_device(entry: ConfigEntry[Any]) -> DeviceInfo:
    """Return the device info of an account."""
    return DeviceInfo(
        identifiers={account_identifier(entry)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=entry.title,
        configuration_url=PORTAL,
    )


def line_device(hass: HomeAssistant, entry: ConfigEntry[Any], line: Line) -> DeviceInfo:
    """Return the device info of a line, which is connected via the account's device."""
    return DeviceInfo(
        identifiers={part_identifier(entry, line.id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=line.name,
        translation_key=None if line.name else "line",
        translation_placeholders={"number": str(line.id)},
        serial_number=str(line.id),
        configuration_url=PORTAL,
        via_device_id=_account_device_id(hass, entry),
    )


def subentry_device(
    hass: HomeAssistant, entry: ConfigEntry[Any], subentry: ConfigSubentry
) -> DeviceInfo:
    """Return the device info of a subentry, which is connected via the account's device."""
    return DeviceInfo(
        identifiers={part_identifier(entry, subentry.subentry_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        # The selector of gates filters by it.
        model_id=GATE_MODEL if subentry.subentry_type == GATE else None,
        name=subentry.title,
        via_device_id=_account_device_id(hass, entry),
    )


def _account_device_id(hass: HomeAssistant, entry: ConfigEntry[Any]) -> str:
    """Return the ID of an account's device, which is created if necessary."""
    # Called for each entity; a look-up is much faster than an update.
    account = find_account(hass, entry) or dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **account_device(entry)
    )
    return account.id
