"""Hanging up."""

from typing import Any

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError

from ..api import ActiveCall
from ..calls import numbers
from ..calls.directory import Directory
from ..const import DOMAIN
from ..coordinator.active_calls import ActiveCallsCoordinator, Ended
from ..runtime import OdorikConfigEntry
from .party import find_contact, read_number
from .schemas import ATTR_ACTIVE_CALL_ID, ATTR_LINE, ATTR_NUMBER


async def hang_up(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """End the calls that are meant.

    Raises:
        HomeAssistantError: There is no such call, or some could not be ended.
        ServiceValidationError: The name is that of several contacts.
        OdorikError: Nothing could be asked, or the one call could not be ended.
    """
    active = entry.runtime_data.active
    number, line = call.data.get(ATTR_NUMBER), call.data.get(ATTR_LINE)
    call_id: int | None = call.data.get(ATTR_ACTIVE_CALL_ID)
    if call_id is not None:
        return {"hung_up": _the_one(call_id, await active.async_end([call_id]))}
    if number is not None:
        directory = entry.runtime_data.account.data.directory
        return {"hung_up": await _with_number(number, active, directory)}
    hung_up = await active.async_hang_up(lambda up: line is None or up.line == line)
    if line is not None and not hung_up:
        raise _nothing("no_call_on_line", line=line)
    return {"hung_up": hung_up}


async def _with_number(
    text: str, active: ActiveCallsCoordinator, directory: Directory
) -> list[int]:
    """End the calls with a number or a contact, on either side."""
    meant = set(numbers.keys(text))
    is_number = read_number(text, directory) is not None
    if not is_number and (contact := find_contact(text, directory)):
        # A contact may hold an address, which cannot be dialled but is compared all the same.
        is_number = True
        meant.update(numbers.keys(contact.number))

    def is_meant(up: ActiveCall) -> bool:
        return any(
            not meant.isdisjoint(numbers.keys(number))
            for number in (up.source_number, up.destination_number)
        )

    hung_up = await active.async_hang_up(is_meant)
    if not hung_up:
        raise _nothing("no_call_with_number" if is_number else "invalid_number", number=text)
    return hung_up


def _nothing(translation_key: str, **placeholders: object) -> HomeAssistantError:
    """Return the error that says that there was nothing to hang up."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=translation_key,
        translation_placeholders={name: str(value) for name, value in placeholders.items()},
    )


def _the_one(call_id: int, ended: Ended) -> list[int]:
    """Tell that one call was ended, which had to be there.

    Raises:
        HomeAssistantError: It had ended before.
        OdorikError: It is still up, and why.
    """
    if not ended.hung_up and not ended.failed:
        raise _nothing("call_has_ended", active_call_id=call_id)
    for err in ended.failed.values():
        raise err
    return ended.hung_up
