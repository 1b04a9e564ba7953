"""The options by which triggers and conditions say which calls are meant."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .api import Direction

ATTR_DIRECTION: Final = "direction"
ATTR_LINE: Final = "line"

WHICH: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional(ATTR_LINE): cv.positive_int,
    vol.Optional(ATTR_DIRECTION): vol.In([direction.value for direction in Direction]),
}
"""The options that say which calls are meant; what is left out may be anything."""


def given(options: Any) -> Any:
    """Leave out what is empty: forms and blueprints hand on a field that nobody filled in."""
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        return options
    return {name: value for name, value in options.items() if value not in (None, "")}
