"""What selects calls, from an action's words into the client's."""

from typing import Any

from homeassistant.core import ServiceCall

from ..calls import numbers
from ..calls.directory import Directory
from ..runtime import OdorikConfigEntry
from .party import party
from .schemas import ATTR_END, ATTR_NUMBER, ATTR_START, SELECTING


def selection(
    entry: OdorikConfigEntry, call: ServiceCall, directory: Directory | None = None
) -> dict[str, Any]:
    """Select calls as the client takes it; a period without an end lasts until now.

    Args:
        entry: The account.
        call: The action.
        directory: Who is who, where calls may be selected by the number of a party.
    """
    # A switch that is off goes out as if it had not been touched.
    selected = {
        name: value
        for name in SELECTING
        if (value := call.data.get(name)) is not None and value is not False
    }
    if ATTR_START in selected:
        selected.setdefault(ATTR_END, entry.runtime_data.client.now())
    if directory is not None and (number := call.data.get(ATTR_NUMBER)) is not None:
        selected["phone_number_filter"] = party(number, directory, numbers.dialable_prefix)
    return selected
