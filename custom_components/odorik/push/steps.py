"""What a person is shown who gives the operator the address, in the options and in a repair.

It stands in the text and not in a field: not every browser lets a field be copied that cannot be
changed.
"""

from typing import Final

from .address import Address
from .hook import CALL, INFO

URLS: Final = {"call_url": CALL, "info_url": INFO}
"""What is filled in to the texts, and what the operator calls each URL for."""
NONE: Final = "–"  # noqa: RUF001 - a dash for none.


def address_words(address: Address) -> dict[str, str]:
    """Give the texts both forms of the address."""
    return {name: address.for_purpose(purpose) or NONE for name, purpose in URLS.items()}


def address_errors(address: Address) -> dict[str, str]:
    """Say why the operator may not reach it."""
    return {"base": address.problem} if address.problem else {}
