"""Writing the long-term statistics anew."""

from typing import Any

from homeassistant.core import ServiceCall

from ..runtime import OdorikConfigEntry


async def rebuild_statistics(entry: OdorikConfigEntry, _call: ServiceCall) -> dict[str, Any]:
    """Read the whole history again, and answer when all of it is with the recorder."""
    imported = await entry.runtime_data.years.rebuild()
    return {
        "calls": imported.calls,
        "from": imported.first.isoformat() if imported.first else None,
    }
