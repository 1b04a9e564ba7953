"""Schemas of the actions. They convert the input and raise an error that names the invalid field.

Home Assistant shows schema errors in English only, and does not return them over REST. Service
validation errors are translated, so the schemas raise these.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from ..api import CallStatus, Direction, ExportFormat
from ..const import CONF_KEEP_ACCENTS, CONF_SENDER, DOMAIN

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
ATTR_MESSAGE: Final = "message"
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

RANGES: Final = (
    (ATTR_START, ATTR_END),
    (ATTR_MIN_LENGTH, ATTR_MAX_LENGTH),
    (ATTR_MIN_PRICE, ATTR_MAX_PRICE),
)
"""Fields with the two ends of a range."""

DEFAULT_LIMIT: Final = 200
MAX_LIMIT: Final = 100_000
MAX_ID: Final = 2**63 - 1
MAX_LINE: Final = 10**9
MAX_MINUTES: Final = 366 * 24 * 60
"""One year; more is probably a mistake in a template."""
MAX_RECIPIENTS: Final = 100
MAX_SECONDS: Final = 10**9
MAX_CZK: Final = 10**6

type Fields = dict[vol.Marker, Any]
type Check = Callable[[dict[str, Any]], dict[str, Any]]


class InvalidField(vol.Invalid):
    """An invalid field; the text of the translation key may contain the ``field``."""

    def __init__(
        self,
        *path: str,
        translation_key: str,
        translation_placeholders: Mapping[str, object] | None = None,
    ) -> None:
        """Initialize; without a path, the error is about the field that is being validated."""
        super().__init__(
            translation_key,
            list(path),
            translation_key=translation_key,
            placeholders=dict(translation_placeholders or {}),
        )


FIELD_ERRORS: Final[dict[type[vol.Invalid], str]] = {
    vol.RequiredFieldInvalid: "field_missing",
    vol.ExtraKeysInvalid: "field_unknown",
    vol.Invalid: "field_invalid",
}
"""Translation keys of other errors, by class."""


def _translated(schema: vol.Schema | vol.All[Any]) -> vol.All[dict[str, Any]]:
    """Return a schema that raises translated errors."""

    def validate(data: dict[str, Any]) -> dict[str, Any]:
        try:
            validated: dict[str, Any] = schema(data)
        except vol.Invalid as err:
            error = err.errors[0] if isinstance(err, vol.MultipleInvalid) else err
        else:
            return validated
        key = next(key for kind, key in FIELD_ERRORS.items() if isinstance(error, kind))
        placeholders = {"field": error.path[0] if error.path else "–"}  # noqa: RUF001 - an en dash.
        if isinstance(error, InvalidField):
            key = error.msg
            placeholders |= error.placeholders
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={name: str(value) for name, value in placeholders.items()},
        )

    return vol.All(validate)


def _decimal(value: Any) -> Decimal | None:
    """Parse a number from a form (``5.0``) or a template (``5`` or ``"5"``)."""
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation, ValueError:
        return None
    return number if number.is_finite() else None


def _whole(lowest: int, highest: int) -> Callable[[Any], int]:
    """Return a validator of whole numbers within bounds."""

    def validate(value: Any) -> int:
        number = _decimal(value)
        if number is None or not lowest <= number <= highest or number != int(number):
            raise InvalidField(
                translation_key="field_whole_number",
                translation_placeholders={"lowest": lowest, "highest": highest},
            )
        return int(number)

    return validate


def _czk(value: Any) -> float:
    """Validate a price."""
    number = _decimal(value)
    if number is None or not 0 <= number <= MAX_CZK:
        raise InvalidField(
            translation_key="field_price", translation_placeholders={"highest": MAX_CZK}
        )
    return float(number)


def _choice[E: StrEnum](*choices: E) -> Callable[[Any], E]:
    """Return a validator of one of several values."""

    def validate(value: Any) -> E:
        for choice in choices:
            if value == choice:
                return choice
        raise InvalidField(
            translation_key="field_choice",
            translation_placeholders={"choices": ", ".join(choices)},
        )

    return validate


def _moment(value: Any) -> datetime:
    """Validate a time, by default in Home Assistant's time zone; a date means its midnight."""
    try:
        return dt_util.as_utc(cv.datetime(value.isoformat() if type(value) is date else value))
    except vol.Invalid, ValueError, OverflowError:
        raise InvalidField(translation_key="field_time") from None


def _one_of(*names: str, required: bool = True) -> Check:
    """Return a check that exactly one of several fields is given, or at most one."""

    def check(data: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in names if name in data]
        if len(given) > 1:
            raise InvalidField(
                given[1],
                translation_key="field_besides",
                translation_placeholders={"other": given[0]},
            )
        if required and not given:
            raise InvalidField(
                names[0],
                translation_key="field_needed",
                translation_placeholders={"fields": ", ".join(names)},
            )
        return data

    return check


def _check_ranges(data: dict[str, Any]) -> dict[str, Any]:
    """Check that no range is reversed."""
    for low, high in RANGES:
        if low in data and high in data and data[low] > data[high]:
            raise InvalidField(
                high, translation_key="field_range", translation_placeholders={"low": low}
            )
    return data


_ACCOUNT: Final[Fields] = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_LINE: Final[Fields] = {vol.Optional(ATTR_LINE): _whole(1, MAX_LINE)}
_END: Final[Fields] = {vol.Optional(ATTR_END): _moment}
_PERIOD: Final[Fields] = {vol.Required(ATTR_START): _moment, **_END}
_FILTER: Final[Fields] = {
    **_LINE,
    vol.Optional(ATTR_DIRECTION): _choice(Direction.IN, Direction.OUT, Direction.REDIRECTED),
    vol.Optional(ATTR_MIN_LENGTH): _whole(0, MAX_SECONDS),
    vol.Optional(ATTR_MAX_LENGTH): _whole(0, MAX_SECONDS),
    vol.Optional(ATTR_MIN_PRICE): _czk,
    vol.Optional(ATTR_MAX_PRICE): _czk,
}
_DELAY: Final[Fields] = {
    vol.Optional(ATTR_DELAY): _whole(1, MAX_MINUTES),
    vol.Optional(ATTR_AT): _moment,
}
_HISTORY: Final[Fields] = {
    **_ACCOUNT,
    vol.Optional(ATTR_START): _moment,
    **_END,
    vol.Optional(ATTR_SINCE_ID): _whole(0, MAX_ID),
    **_FILTER,
    vol.Optional(ATTR_STATUS): _choice(CallStatus.ANSWERED, CallStatus.MISSED),
    vol.Optional(ATTR_NUMBER): cv.string,
    vol.Optional(ATTR_INCLUDE_SMS): cv.boolean,
    vol.Optional(ATTR_SIP_IDS): cv.boolean,
}
FILTER_FIELDS: Final = tuple(
    str(field) for field in _HISTORY if field not in {ATTR_CONFIG_ENTRY_ID, ATTR_NUMBER}
)
"""The fields that select calls, under the names of the client's parameters."""


def _history(fields: Fields) -> vol.All[dict[str, Any]]:
    """Return a schema that selects calls by a period or by ``since_id``."""
    return _translated(
        vol.All(
            _one_of(ATTR_START, ATTR_SINCE_ID),
            _one_of(ATTR_SINCE_ID, ATTR_END, required=False),
            vol.Schema({**_HISTORY, **fields}),
            _check_ranges,
        )
    )


CALLBACK: Final = _translated(
    vol.All(
        _one_of(ATTR_DELAY, ATTR_AT, required=False),
        vol.Schema(
            {
                **_ACCOUNT,
                vol.Required(ATTR_RECIPIENT): cv.string,
                vol.Optional(ATTR_CALLER): cv.string,
                **_DELAY,
                **_LINE,
                vol.Optional(ATTR_SIMPLE): cv.boolean,
            }
        ),
    )
)
SEND_SMS: Final = _translated(
    vol.All(
        _one_of(ATTR_DELAY, ATTR_AT, required=False),
        vol.Schema(
            {
                **_ACCOUNT,
                vol.Required(ATTR_RECIPIENT): vol.All(
                    cv.ensure_list, [cv.string], vol.Length(min=1, max=MAX_RECIPIENTS)
                ),
                vol.Required(ATTR_MESSAGE): cv.string,
                vol.Optional(CONF_SENDER): cv.string,
                **_DELAY,
                vol.Optional(CONF_KEEP_ACCENTS): cv.boolean,
            }
        ),
    )
)
HANGUP: Final = _translated(
    vol.All(
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
)
GET_CALLS: Final = _history({vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): _whole(1, MAX_LIMIT)})
GET_STATISTICS: Final = _translated(
    vol.All(vol.Schema({**_ACCOUNT, **_PERIOD, **_FILTER}), _check_ranges)
)
GET_MISSED_CALLS: Final = _translated(vol.All(vol.Schema({**_ACCOUNT, **_PERIOD}), _check_ranges))
EXPORT_CALLS: Final = _history(
    {
        vol.Optional(ATTR_FORMAT, default=ExportFormat.CSV): _choice(*ExportFormat),
        vol.Required(ATTR_PATH): cv.string,
    }
)
REBUILD_STATISTICS: Final = _translated(vol.Schema(_ACCOUNT))
ALLOW_NUMBER: Final = _translated(
    vol.Schema(
        {
            **_ACCOUNT,
            vol.Required(ATTR_NUMBER): vol.All(cv.string, str.strip, vol.Length(min=1)),
        }
    )
)
