"""Options of triggers and conditions that select calls."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .api import Direction

ATTR_DIRECTION: Final = "direction"
ATTR_LINE: Final = "line"

CALL_OPTIONS: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional(ATTR_LINE): cv.positive_int,
    vol.Optional(ATTR_DIRECTION): vol.In([direction.value for direction in Direction]),
}
"""The schema of the options; an option that is missing matches all calls."""


def drop_empty(options: Any) -> Any:
    """Return the options without those that were left empty in a form or blueprint."""
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        return options
    return {name: value for name, value in options.items() if value not in (None, "")}
