"""Convert the fields of actions to parameters of the client."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError

from ..api import SpeedDial
from ..calls import contacts, numbers
from ..calls.directory import Directory
from ..const import DOMAIN
from ..runtime import OdorikConfigEntry
from .schemas import (
    ATTR_AT,
    ATTR_DELAY,
    ATTR_END,
    ATTR_NUMBER,
    ATTR_START,
    FILTER_FIELDS,
    MAX_MINUTES,
)

type NumberParser = Callable[[str], str | None]
"""Parses a number; returns None if the text is not a number."""


def build_filter(
    entry: OdorikConfigEntry, call: ServiceCall, directory: Directory | None = None
) -> dict[str, Any]:
    """Return the client's keyword arguments that select calls; a period ends now by default.

    Args:
        entry: The account.
        call: The action call.
        directory: The contacts, if calls can be selected by the name of a contact.
    """
    # False is the same as a switch that was not touched.
    selected = {
        name: value
        for name in FILTER_FIELDS
        if (value := call.data.get(name)) is not None and value is not False
    }
    if ATTR_START in selected:
        selected.setdefault(ATTR_END, entry.runtime_data.client.now())
    if directory is not None and (number := call.data.get(ATTR_NUMBER)) is not None:
        selected["phone_number_filter"] = resolve_number(
            number, directory, numbers.to_dialable_prefix
        )
    return selected


def parse_delay(call: ServiceCall, now: datetime) -> int | datetime | None:
    """Return the delay of an order in minutes, its time, or None if it has neither.

    Raises:
        ServiceValidationError: The time has passed, or is more than a year ahead.
    """
    at: datetime | None = call.data.get(ATTR_AT)
    if at is None:
        delay: int | None = call.data.get(ATTR_DELAY)
        return delay
    if at <= now:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_into_past")
    if at > now + timedelta(minutes=MAX_MINUTES):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="delayed_too_far")
    return at


def resolve_number(
    text: str, directory: Directory, parse: NumberParser = numbers.to_dialable
) -> str:
    """Return a number, or the number of the contact with a name, in the operator's format.

    Raises:
        ServiceValidationError: The text is neither a number nor a contact, several contacts match,
            or the contact has no phone number.
    """
    if number := parse_number(text, directory, parse):
        return number
    contact = find_contact(text, directory)
    if contact is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_number",
            translation_placeholders={"number": text},
        )
    if number := numbers.to_dialable(contact.number):
        return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="contact_without_number",
        translation_placeholders={"name": contact.name or text, "number": contact.number},
    )


def parse_number(
    text: str, directory: Directory, parse: NumberParser = numbers.to_dialable
) -> str | None:
    """Return the number in a text; None if there is none or it is the name of a contact.

    A name such as ``24/7`` could be parsed as a short code. A complete public number, and digits
    alone, are always a number.
    """
    number = parse(text)
    is_plain = text.strip().lstrip("+*").isdecimal()
    if number is None or number.startswith("00") or is_plain:
        return number
    return None if contacts.is_name(text, directory.speed_dials) else number


def find_contact(text: str, directory: Directory) -> SpeedDial | None:
    """Return the contact whose name begins with the words of a text.

    Raises:
        ServiceValidationError: Several contacts match.
    """
    found = contacts.find_contacts(text, directory.speed_dials)
    by_number = {numbers.match_key(contact.number) or contact.number: contact for contact in found}
    if len(by_number) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="several_contacts",
            translation_placeholders={
                "name": text,
                "contacts": ", ".join(f"{it.name} ({it.number})" for it in by_number.values()),
            },
        )
    return next(iter(by_number.values()), None)
