"""The recipients of text messages: config subentries of an account."""

from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .calls import numbers
from .const import CONF_KEEP_ACCENTS, CONF_NUMBER, CONF_SENDER

RECIPIENT: Final = "recipient"
"""The type of the subentries."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A person to whom messages are sent.

    Attributes:
        subentry_id: ID of the subentry; None for a number that is not one.
        number: The canonical number, ``+…``.
        name: The name to show, if it is known.
        sender: The sender that the recipient sees; None for the operator's default.
        keep_accents: True if accents are sent, which makes messages shorter.
    """

    number: str
    name: str | None = None
    subentry_id: str | None = None
    sender: str | None = None
    keep_accents: bool = False

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Return the recipient of a subentry."""
        return cls(
            subentry_id=subentry.subentry_id,
            name=subentry.title,
            number=subentry.data[CONF_NUMBER],
            sender=subentry.data.get(CONF_SENDER),
            keep_accents=subentry.data.get(CONF_KEEP_ACCENTS, False),
        )


def recipients(entry: ConfigEntry[Any]) -> list[Recipient]:
    """Return the recipients of an account."""
    return [
        Recipient.from_subentry(subentry) for subentry in entry.get_subentries_of_type(RECIPIENT)
    ]


def public_number(text: str) -> str | None:
    """Return the canonical form of a public number, ``+…``; None for all other texts.

    Short codes, special codes and lines cannot receive messages.
    """
    dialable = numbers.to_dialable(text)
    number = numbers.normalize(dialable) if dialable else None
    return number if number and number.startswith("+") else None
