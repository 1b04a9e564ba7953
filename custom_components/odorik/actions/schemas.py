"""What the actions take: schemas that turn input into values and name the field that is wrong."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from ..api import CallStatus, Direction, ExportFormat

ATTR_ACTIVE_CALL_ID: Final = "active_call_id"
ATTR_ALL: Final = "all"
ATTR_AT: Final = "at"
ATTR_CALLER: Final = "caller"
ATTR_DELAY: Final = "delay"
ATTR_DIRECTION: Final = "direction"
ATTR_END: Final = "end"
ATTR_FORMAT: Final = "format"
ATTR_INCLUDE_SMS: Final = "include_sms"
ATTR_LIMIT: Final = "limit"
ATTR_LINE: Final = "line"
ATTR_MAX_LENGTH: Final = "max_length"
ATTR_MAX_PRICE: Final = "max_price"
ATTR_MIN_LENGTH: Final = "min_length"
ATTR_MIN_PRICE: Final = "min_price"
ATTR_NUMBER: Final = "number"
ATTR_PATH: Final = "path"
ATTR_RECIPIENT: Final = "recipient"
ATTR_SIMPLE: Final = "simple"
ATTR_SINCE_ID: Final = "since_id"
ATTR_SIP_IDS: Final = "sip_ids"
ATTR_START: Final = "start"
ATTR_STATUS: Final = "status"

DEFAULT_LIMIT: Final = 200
MAX_LIMIT: Final = 100_000
MAX_ID: Final = 2**63 - 1
MAX_LINE: Final = 10**9
MAX_MINUTES: Final = 366 * 24 * 60
"""A callback in more than a year is a mistake in a template."""
MAX_SECONDS: Final = 10**9
MAX_CZK: Final = 10**6

type Fields = dict[vol.Marker, Any]
type Check = Callable[[dict[str, Any]], dict[str, Any]]


def _decimal(value: Any) -> Decimal:
    """Take a number as a form (``5.0``) or a template (``5`` or ``"5"``) writes it."""
    if not isinstance(value, bool):
        try:
            number = Decimal(str(value))
        except InvalidOperation, ValueError:
            pass
        else:
            if number.is_finite():
                return number
    raise vol.Invalid("expected a number")


def _whole(lowest: int, highest: int) -> Callable[[Any], int]:
    """Take a whole number within bounds."""

    def validate(value: Any) -> int:
        number = _decimal(value)
        if not lowest <= number <= highest or number != int(number):
            raise vol.Invalid(f"expected a whole number from {lowest} to {highest}")
        return int(number)

    return validate


def _czk(value: Any) -> float:
    """Take a price."""
    number = _decimal(value)
    if not 0 <= number <= MAX_CZK:
        raise vol.Invalid(f"expected a price from 0 to {MAX_CZK}")
    return float(number)


def _moment(value: Any) -> datetime:
    """Take a moment; without an offset it is of Home Assistant's zone, a date is its beginning."""
    try:
        return dt_util.as_utc(cv.datetime(value.isoformat() if type(value) is date else value))
    except ValueError, OverflowError:
        raise vol.Invalid("expected a date and time") from None


def _one_of(*names: str, needed: bool = True) -> Check:
    """Take one of several fields: one and no more, or where none is needed one at most."""

    def check(data: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in names if name in data]
        if len(given) > 1:
            raise vol.Invalid(f"not together with '{given[0]}'", path=[given[1]])
        if needed and not given:
            raise vol.Invalid(f"one of these is needed: {', '.join(names)}", path=[names[0]])
        return data

    return check


def _in_order(*pairs: tuple[str, str]) -> Check:
    """Take pairs of fields of which the first must not be above the second."""

    def check(data: dict[str, Any]) -> dict[str, Any]:
        for low, high in pairs:
            if low in data and high in data and data[low] > data[high]:
                raise vol.Invalid(f"must not come before '{low}'", path=[high])
        return data

    return check


_in_order_all: Final = _in_order(
    (ATTR_START, ATTR_END),
    (ATTR_MIN_LENGTH, ATTR_MAX_LENGTH),
    (ATTR_MIN_PRICE, ATTR_MAX_PRICE),
)

_ACCOUNT: Final[Fields] = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_LINE: Final[Fields] = {vol.Optional(ATTR_LINE): _whole(1, MAX_LINE)}
_END: Final[Fields] = {vol.Optional(ATTR_END): _moment}
_PERIOD: Final[Fields] = {vol.Required(ATTR_START): _moment, **_END}
_FILTER: Final[Fields] = {
    **_LINE,
    vol.Optional(ATTR_DIRECTION): vol.All(
        vol.In([Direction.IN, Direction.OUT, Direction.REDIRECTED]), vol.Coerce(Direction)
    ),
    vol.Optional(ATTR_MIN_LENGTH): _whole(0, MAX_SECONDS),
    vol.Optional(ATTR_MAX_LENGTH): _whole(0, MAX_SECONDS),
    vol.Optional(ATTR_MIN_PRICE): _czk,
    vol.Optional(ATTR_MAX_PRICE): _czk,
}
_HISTORY: Final[Fields] = {
    **_ACCOUNT,
    vol.Optional(ATTR_START): _moment,
    **_END,
    vol.Optional(ATTR_SINCE_ID): _whole(0, MAX_ID),
    **_FILTER,
    vol.Optional(ATTR_STATUS): vol.All(
        vol.In([CallStatus.ANSWERED, CallStatus.MISSED]), vol.Coerce(CallStatus)
    ),
    vol.Optional(ATTR_NUMBER): cv.string,
    vol.Optional(ATTR_INCLUDE_SMS): cv.boolean,
    vol.Optional(ATTR_SIP_IDS): cv.boolean,
}
SELECTING: Final = tuple(
    str(field) for field in _HISTORY if field not in {ATTR_CONFIG_ENTRY_ID, ATTR_NUMBER}
)
"""The fields that select calls and are called the same by the client."""


def _history(fields: Fields) -> vol.All[dict[str, Any]]:
    """Select from the history: by a period, or by what came after a record."""
    return vol.All(
        _one_of(ATTR_START, ATTR_SINCE_ID),
        _one_of(ATTR_SINCE_ID, ATTR_END, needed=False),
        vol.Schema({**_HISTORY, **fields}),
        _in_order_all,
    )


CALLBACK: Final = vol.All(
    _one_of(ATTR_DELAY, ATTR_AT, needed=False),
    vol.Schema(
        {
            **_ACCOUNT,
            vol.Required(ATTR_RECIPIENT): cv.string,
            vol.Optional(ATTR_CALLER): cv.string,
            vol.Optional(ATTR_DELAY): _whole(1, MAX_MINUTES),
            vol.Optional(ATTR_AT): _moment,
            **_LINE,
            vol.Optional(ATTR_SIMPLE): cv.boolean,
        }
    ),
)
HANGUP: Final = vol.All(
    _one_of(ATTR_ACTIVE_CALL_ID, ATTR_NUMBER, ATTR_LINE, ATTR_ALL),
    vol.Schema(
        {
            **_ACCOUNT,
            vol.Optional(ATTR_ACTIVE_CALL_ID): _whole(1, MAX_ID),
            vol.Optional(ATTR_NUMBER): cv.string,
            **_LINE,
            vol.Optional(ATTR_ALL): vol.All(cv.boolean, vol.IsTrue()),
        }
    ),
)
GET_CALLS: Final = _history({vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): _whole(1, MAX_LIMIT)})
GET_STATISTICS: Final = vol.All(vol.Schema({**_ACCOUNT, **_PERIOD, **_FILTER}), _in_order_all)
GET_MISSED_CALLS: Final = vol.All(vol.Schema({**_ACCOUNT, **_PERIOD}), _in_order_all)
EXPORT_CALLS: Final = _history(
    {
        vol.Optional(ATTR_FORMAT, default=ExportFormat.CSV): vol.Coerce(ExportFormat),
        vol.Required(ATTR_PATH): cv.string,
    }
)
