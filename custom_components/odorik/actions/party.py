"""A party of a call as people write it: a number, or the name of a contact."""

from homeassistant.exceptions import ServiceValidationError

from ..calls import contacts, numbers
from ..calls.directory import Directory
from ..const import DOMAIN


def party(text: str, directory: Directory) -> str:
    """Turn a number, or the name of a contact, into a number as the operator takes it.

    Raises:
        ServiceValidationError: It is neither, or the name of several contacts.
    """
    if number := numbers.dialable(text):
        return number
    meant = {contact.number: contact for contact in contacts.named(text, directory.speed_dials)}
    if len(meant) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="several_contacts",
            translation_placeholders={
                "name": text,
                "contacts": ", ".join(f"{it.name} ({it.number})" for it in meant.values()),
            },
        )
    for contact_number in meant:
        if number := numbers.dialable(contact_number):
            return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="invalid_number",
        translation_placeholders={"number": text},
    )
