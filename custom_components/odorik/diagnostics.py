"""Diagnostics: shapes, counts and settings, by an allow-list.

Numbers, names, logins and IDs derived from them are not included.
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
    CONF_SMS_LIMIT,
    CONF_SPENDING_GUARD,
    CONF_UNREGISTERED_LINES,
    DOMAIN,
)
from .coordinator.account import gates_of
from .coordinator.base import OdorikCoordinator
from .push.monitor import PushMonitor
from .recipients import recipients
from .runtime import OdorikConfigEntry, OdorikData

SETTINGS = (
    CONF_ACTIVE_INTERVAL,
    CONF_CALLBACK_LIMIT,
    CONF_LOW_CREDIT,
    CONF_PUSH,
    CONF_PUSH_ANSWER,
    CONF_PUSH_RELAXED,
    CONF_SMS_LIMIT,
    CONF_SPENDING_GUARD,
    CONF_UNREGISTERED_LINES,
)
LIBRARIES = ("msgspec", "phonenumbers", "aiohttp")


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: OdorikConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of an account."""
    integration = await async_get_integration(hass, DOMAIN)
    return {
        "versions": {
            "integration": str(integration.version),
            # Reads files.
            **await hass.async_add_executor_job(_library_versions),
        },
        "entry": {"state": entry.state.value, "version": f"{entry.version}.{entry.minor_version}"},
        "options": {
            **{name: entry.options[name] for name in SETTINGS if name in entry.options},
            "has_caller": bool(entry.options.get(CONF_CALLER)),
        },
        "recipients": [
            {"has_sender": it.sender is not None, "keep_accents": it.keep_accents}
            for it in recipients(entry)
        ],
        "gates": [
            {"callers": len(gate.callers), "hang_up": gate.hang_up} for gate in gates_of(entry)
        ],
        **(_running(entry.runtime_data) if entry.state is ConfigEntryState.LOADED else {}),
    }


def _library_versions() -> dict[str, str]:
    """Return the versions of the installed libraries."""
    return {library: version(library) for library in LIBRARIES}


def _running(data: OdorikData) -> dict[str, Any]:
    """Return the diagnostics of an account that is set up."""
    account, history, imported = data.account.data, data.history, data.store.data.statistics
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
            "has_place": history.log.position is not None,
            "has_last_call": history.data.last_call is not None,
            "has_last_missed_call": history.data.last_missed_call is not None,
            "has_unrecorded_calls": history.log.live.has_unrecorded,
        },
        "inbox": {"shown": len(data.inbox.data), "waiting": len(data.inbox.waiting)},
        "statistics": {"queries": len(data.statistics.data)},
        "unreadable_records": dict(data.client.unreadable),
        "years": {"written_until": imported and imported.imported_until},
        "push": data.push and _push(data.push.monitor),
    }


def _push(monitor: PushMonitor) -> dict[str, Any]:
    """Return the diagnostics of push, without the URL of the webhook."""
    health = monitor.health
    return {
        "announced": health.announced,
        "unannounced": health.unannounced,
        "is_proven": health.is_proven,
        "is_missing": health.is_failing,
        "is_listening": health.is_active,
        "last_received": monitor.received_at,
    }


def _coordinator(coordinator: OdorikCoordinator[Any]) -> dict[str, Any]:
    """Return the diagnostics of a coordinator."""
    interval = coordinator.update_interval
    failure = coordinator.last_exception
    return {
        "last_update_success": coordinator.last_update_success,
        "last_success": coordinator.last_update_success_time,
        "interval": interval and interval.total_seconds(),
        "last_failure": failure and type(failure).__name__,
        "last_failure_key": getattr(failure, "translation_key", None),
        "not_permitted": len(coordinator.unauthorized),
    }
