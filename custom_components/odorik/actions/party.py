"""A party of a call as people write it: a number, or the name of a contact."""

from collections.abc import Callable

from homeassistant.exceptions import ServiceValidationError

from ..api import SpeedDial
from ..calls import contacts, numbers
from ..calls.directory import Directory
from ..const import DOMAIN


def party(
    text: str,
    directory: Directory,
    read: Callable[[str], str | None] = numbers.dialable,
) -> str:
    """Return a number, or that of the contact with a name, as the operator takes it.

    Args:
        text: A number or the name of a contact.
        directory: The contacts.
        read: Parses a number; None where the text is none.

    Raises:
        ServiceValidationError: It is neither, the name of several contacts, or the contact has
            no telephone number.
    """
    if number := read_number(text, directory, read):
        return number
    contact = find_contact(text, directory)
    if contact is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_number",
            translation_placeholders={"number": text},
        )
    if number := numbers.dialable(contact.number):
        return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="contact_without_number",
        translation_placeholders={"name": contact.name or text, "number": contact.number},
    )


def read_number(
    text: str,
    directory: Directory,
    read: Callable[[str], str | None] = numbers.dialable,
) -> str | None:
    """Return the number that a text is; None for anything else, and for a contact's name.

    A name such as ``24/7`` could be read as a short code. A whole public number, and digits
    alone, always mean the number.
    """
    number = read(text)
    is_plain = text.strip().lstrip("+*").isdecimal()
    if number is None or number.startswith("00") or is_plain:
        return number
    return None if contacts.is_name(text, directory.speed_dials) else number


def find_contact(text: str, directory: Directory) -> SpeedDial | None:
    """Return the contact whose name begins with the words of a text.

    Raises:
        ServiceValidationError: There are several.
    """
    found = contacts.named(text, directory.speed_dials)
    meant = {numbers.keys(contact.number) or contact.number: contact for contact in found}
    if len(meant) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="several_contacts",
            translation_placeholders={
                "name": text,
                "contacts": ", ".join(f"{it.name} ({it.number})" for it in meant.values()),
            },
        )
    return next(iter(meant.values()), None)
