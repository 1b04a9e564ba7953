"""Hanging up."""

from typing import Any

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError

from ..api import ActiveCall
from ..calls import numbers
from ..const import DOMAIN
from ..coordinator.active_calls import Ended
from ..runtime import OdorikConfigEntry
from .party import party
from .schemas import ATTR_ACTIVE_CALL_ID, ATTR_LINE, ATTR_NUMBER


async def hang_up(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """End the calls that are meant."""
    active = entry.runtime_data.active
    number, line = call.data.get(ATTR_NUMBER), call.data.get(ATTR_LINE)
    call_id: int | None = call.data.get(ATTR_ACTIVE_CALL_ID)
    if call_id is not None:
        return {"hung_up": _the_one(call_id, await active.async_end([call_id]))}
    if number is not None and not any(char.isdecimal() for char in number):
        number = party(number, entry.runtime_data.account.data.directory)

    def is_meant(active: ActiveCall) -> bool:
        if number is not None:
            parties = (active.source_number, active.destination_number)
            return any(numbers.same(number, party) for party in parties)
        return line is None or active.line == line

    return {"hung_up": await active.async_hang_up(is_meant)}


def _the_one(call_id: int, ended: Ended) -> list[int]:
    """Tell that one call was ended, which had to be there.

    Raises:
        HomeAssistantError: It had ended before.
        OdorikError: It is still up, and why.
    """
    if not ended.hung_up and not ended.failed:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="call_has_ended",
            translation_placeholders={"active_call_id": str(call_id)},
        )
    for err in ended.failed.values():
        raise err
    return ended.hung_up
