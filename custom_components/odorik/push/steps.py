"""What a person is shown who gives the operator the address, in the options and in a repair."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
import probatio as vol

from .address import Address
from .hook import CALL, INFO

URLS: Final = {"call_url": CALL, "info_url": INFO}
"""The fields to copy from, and what the operator calls each URL for."""
TO_COPY: Final = TextSelector(TextSelectorConfig(read_only=True))


def address_fields(address: Address) -> dict[Any, Any]:
    """Show both forms of the address, to be copied."""
    return {
        vol.Optional(name, default=address.for_purpose(purpose)): TO_COPY
        for name, purpose in URLS.items()
    }


def address_errors(address: Address) -> Mapping[str, str]:
    """Say why the operator may not reach it."""
    return {"base": address.problem} if address.problem else {}
