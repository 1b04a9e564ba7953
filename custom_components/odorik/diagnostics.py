"""What a user may hand to strangers: shapes, counts and settings, each named here.

Nothing is put in whole and then crossed out: numbers, names, logins and the ids made of them
never come near.
"""

from dataclasses import fields
from importlib.metadata import version
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from .const import (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLBACK_LIMIT,
    CONF_CALLER,
    CONF_LOW_CREDIT,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    CONF_UNREGISTERED_LINES,
    DOMAIN,
)
from .coordinator.base import OdorikCoordinator
from .push.announcements import Announcements
from .runtime import OdorikConfigEntry, OdorikData

SETTINGS = (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLBACK_LIMIT,
    CONF_LOW_CREDIT,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    CONF_UNREGISTERED_LINES,
)
LIBRARIES = ("msgspec", "phonenumbers", "aiohttp")


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: OdorikConfigEntry
) -> dict[str, Any]:
    """Tell how an account is running."""
    integration = await async_get_integration(hass, DOMAIN)
    return {
        "versions": {
            "integration": str(integration.version),
            # Versions stand in files of the libraries.
            **await hass.async_add_executor_job(_library_versions),
        },
        "entry": {"state": entry.state.value, "version": f"{entry.version}.{entry.minor_version}"},
        "options": {
            **{name: entry.options[name] for name in SETTINGS if name in entry.options},
            "has_caller": bool(entry.options.get(CONF_CALLER)),
        },
        **(_running(entry.runtime_data) if entry.state is ConfigEntryState.LOADED else {}),
    }


def _library_versions() -> dict[str, str]:
    """Read which libraries are installed."""
    return {library: version(library) for library in LIBRARIES}


def _running(data: OdorikData) -> dict[str, Any]:
    """Tell what is polled and how much came of it."""
    account, history, years = data.account.data, data.history, data.place.kept.years
    return {
        "coordinators": {
            field.name: _coordinator(coordinator)
            for field in fields(data)
            if isinstance(coordinator := getattr(data, field.name), OdorikCoordinator)
        },
        "account": {
            "lines": len(account.lines),
            "named_lines": sum(line.name is not None for line in account.lines),
            "registered_telephones": [
                None if line.connected_devices is None else len(line.connected_devices)
                for line in account.lines
            ],
            "public_numbers": len(account.public_numbers),
            "contacts": len(account.speed_dials),
        },
        "active_calls": {
            "count": len(data.active.data),
            "ringing": sum(call.is_ringing for call in data.active.data),
        },
        "history": {
            "has_place": history.log.place is not None,
            "has_last_call": history.data.last_call is not None,
            "has_last_missed_call": history.data.last_missed_call is not None,
            "has_unrecorded_calls": history.log.has_unrecorded,
        },
        "inbox": {"shown": len(data.inbox.data), "waiting": len(data.inbox.waiting)},
        "statistics": {"queries": len(data.statistics.data)},
        "unreadable_records": dict(data.client.unreadable),
        "years": {"written_until": years and years.until},
        "push": data.push and _push(data.push.announcements),
    }


def _push(announcements: Announcements) -> dict[str, Any]:
    """Tell whether calls come announced; the address of the hook stays where it is."""
    proof = announcements.proof
    return {
        "announced": proof.announced,
        "unannounced": proof.unannounced,
        "is_proven": proof.is_proven,
        "is_missing": proof.is_missing,
        "is_listening": proof.is_listening,
        "last_received": announcements.received_at,
    }


def _coordinator(coordinator: OdorikCoordinator[Any]) -> dict[str, Any]:
    """Tell how a clock is running."""
    interval = coordinator.update_interval
    failure = coordinator.last_exception
    return {
        "last_update_success": coordinator.last_update_success,
        "last_success": coordinator.last_update_success_time,
        "interval": interval and interval.total_seconds(),
        "last_failure": failure and type(failure).__name__,
        "last_failure_key": getattr(failure, "translation_key", None),
        "not_permitted": len(coordinator.forbidden),
    }
