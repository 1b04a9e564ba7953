"""Sums of a period, as the operator gives them."""

from typing import Any

from homeassistant.core import ServiceCall
from msgspec import to_builtins

from ..runtime import OdorikConfigEntry
from .selection import selection


async def get_statistics(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Sum up a period by direction."""
    sums = await entry.runtime_data.client.call_statistics(**selection(entry, call))
    answer: dict[str, Any] = to_builtins(sums)
    return answer


async def get_statistics_by_destination(
    entry: OdorikConfigEntry, call: ServiceCall
) -> dict[str, Any]:
    """Sum up a period by destination."""
    rows = await entry.runtime_data.client.statistics_by_destination(**selection(entry, call))
    return {"destinations": to_builtins(rows)}


async def get_missed_calls(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Count the missed calls of a period by the number that was called."""
    rows = await entry.runtime_data.client.missed_calls(**selection(entry, call))
    return {"missed_calls": to_builtins(rows)}
