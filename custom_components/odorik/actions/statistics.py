"""Actions that read the operator's statistics, and rebuild the long-term statistics."""

from typing import Any

from homeassistant.core import ServiceCall
from msgspec import to_builtins

from ..runtime import OdorikConfigEntry
from .parameters import build_filter


async def get_statistics(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Return the statistics of a period by direction."""
    sums = await entry.runtime_data.client.call_statistics(**build_filter(entry, call))
    response: dict[str, Any] = to_builtins(sums)
    return response


async def get_statistics_by_destination(
    entry: OdorikConfigEntry, call: ServiceCall
) -> dict[str, Any]:
    """Return the statistics of a period by destination."""
    rows = await entry.runtime_data.client.statistics_by_destination(**build_filter(entry, call))
    return {"destinations": to_builtins(rows)}


async def get_missed_calls(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Return the number of missed calls in a period by called number."""
    rows = await entry.runtime_data.client.missed_calls(**build_filter(entry, call))
    return {"missed_calls": to_builtins(rows)}


async def rebuild_statistics(entry: OdorikConfigEntry, _call: ServiceCall) -> dict[str, Any]:
    """Import the whole history into the long-term statistics again, and wait for the end."""
    result = await entry.runtime_data.statistics_scheduler.async_rebuild()
    return {
        "calls": result.calls,
        "from": result.first.isoformat() if result.first else None,
    }
