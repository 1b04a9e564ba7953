"""Input of the actions: schemas, forms and messages."""

from datetime import UTC
import re
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import translation
from homeassistant.helpers.service import async_get_all_descriptions
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.odorik.actions import schemas
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.services import ACTIONS

from .conftest import EVERY_ACTION, MINE, ORDER, START, Actions

INVALID_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("callback", {"caller": MINE}, "recipient"),
    ("callback", {**ORDER, "delay": 5, "at": "2036-01-01"}, "at"),
    ("callback", {**ORDER, "delay": 0}, "delay"),
    ("callback", {**ORDER, "delay": 1.5}, "delay"),
    ("callback", {**ORDER, "delay": True}, "delay"),
    ("callback", {**ORDER, "delay": float("inf")}, "delay"),
    ("callback", {**ORDER, "at": "soon"}, "at"),
    ("callback", {**ORDER, "at": "0001-01-01T00:00:00+14:00"}, "at"),
    ("callback", {**ORDER, "line": "Domov"}, "line"),
    ("callback", {**ORDER, "simple": "perhaps"}, "simple"),
    ("hangup", {}, "active_call_id"),
    ("hangup", {"all": True, "line": 300100}, "all"),
    ("hangup", {"all": False}, "all"),
    ("hangup", {"active_call_id": -1}, "active_call_id"),
    ("get_calls", {}, "start"),
    ("get_calls", {"start": "2026-01-01", "since_id": 1}, "since_id"),
    ("get_calls", {"end": "2026-01-01", "since_id": 1}, "end"),
    ("get_calls", {"start": "2026-01-02", "end": "2026-01-01"}, "end"),
    ("get_calls", {**START, "direction": "up"}, "direction"),
    ("get_calls", {**START, "direction": "unknown"}, "direction"),
    ("get_calls", {**START, "status": "unknown"}, "status"),
    ("get_calls", {**START, "limit": 0}, "limit"),
    ("get_calls", {**START, "limit": 100_001}, "limit"),
    ("get_calls", {**START, "min_price": -1}, "min_price"),
    ("get_calls", {**START, "min_price": "nan"}, "min_price"),
    ("get_calls", {**START, "min_length": 2, "max_length": 1}, "max_length"),
    ("get_calls", {**START, "anything": 1}, "anything"),
    ("get_statistics", {"end": "2026-01-01"}, "start"),
    ("get_statistics", {**START, "status": "missed"}, "status"),
    ("get_missed_calls", {**START, "line": 300100}, "line"),
    ("export_calls", START, "path"),
    ("export_calls", {**START, "path": "a.csv", "format": "xls"}, "format"),
    ("export_calls", {**START, "path": "a.csv", "limit": 5}, "limit"),
]


async def test_an_error_names_the_invalid_field_in_every_language(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """Invalid input is refused without a request, and the translated message names the field."""
    texts = await translation.async_get_translations(hass, "cs", "exceptions", {DOMAIN})
    for action, data, field in INVALID_INPUT:
        act.reset()
        with subtests.test(action=action, data=data):
            with pytest.raises(ServiceValidationError) as failure:
                await act(action, **data)
            error = failure.value
            assert error.translation_key
            czech = texts[f"component.{DOMAIN}.exceptions.{error.translation_key}.message"]
            for text in (str(error), czech.format(**error.translation_placeholders or {})):
                assert re.search(rf"\b{field}\b", text)
            assert act.exchange.journal == []


SCHEMAS = {name: schema for name, _, schema, _ in ACTIONS}
FIELDS = sorted(
    {value for name, value in vars(schemas).items() if name.startswith("ATTR_")} | {"other"}
)
VALUES: dict[str, Any] = dict.fromkeys(FIELDS, 1) | {
    "config_entry_id": "01ABC",
    "direction": "in",
    "format": "csv",
    "include_sms": True,
    "keep_accents": True,
    "simple": True,
    "sip_ids": True,
    "status": "missed",
}
"""A valid value for each field without an example."""
REPLACED = {"since_id": "start", "active_call_id": "all", "line": "all", "number": "all"}
"""The field that each field excludes."""


def is_valid(action: str, data: dict[str, Any]) -> bool:
    """Return whether the schema of an action accepts the data."""
    try:
        SCHEMAS[action](data)
    except ServiceValidationError:
        return False
    return True


@pytest.mark.usefixtures("act")
async def test_forms_and_schemas_have_the_same_fields(
    hass: HomeAssistant, subtests: pytest.Subtests
) -> None:
    """A schema accepts the fields of its form, with their examples, and no others."""
    forms = (await async_get_all_descriptions(hass))[DOMAIN]
    for action in SCHEMAS:
        form = forms[action]["fields"]
        sections = [field["fields"] for field in form.values() if "fields" in field]
        fields = {
            name: field
            for part in (form, *sections)
            for name, field in part.items()
            if "fields" not in field
        }
        valid = EVERY_ACTION[action]
        with subtests.test(action=action):
            for name in FIELDS:
                assert name in fields or not is_valid(action, {**valid, name: VALUES[name]}), name
            for name, field in fields.items():
                value = field.get("example", VALUES.get(name))
                value = field["selector"].get("constant", {"value": value})["value"]
                # The start is before the end of every example.
                data = {**valid, **({"start": "2020-01-01"} if "start" in fields else {})}
                data.pop(REPLACED.get(name, ""), None)
                assert is_valid(action, {**data, name: value}), name


FAILURES = {
    "call_has_ended",
    "delayed_into_past",
    "invalid_line",
    "invalid_number",
    "no_call_on_line",
    "no_call_with_number",
}
"""Failures to which valid input may lead."""
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(ZoneInfo("Europe/Prague"))),
    st.dates(),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        ["777123456", "Eva", "in", "csv", "1e999999", "9999-12-31T23:59:59-12:00", "*1", "a.csv"]
    ),
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_any_input_is_accepted_or_refused(act: Actions, data: st.DataObject) -> None:
    """Arbitrary input is refused before any request, or leads to well-formed requests."""
    action, valid = data.draw(st.sampled_from(list(EVERY_ACTION.items())))
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4))
    if data.draw(st.booleans()):
        fields = {**valid, **fields}
    act.set_options(callback_limit=1000)
    act.exchange.journal.clear()
    failure: HomeAssistantError | None = None
    try:
        await act(action, **fields)
    except HomeAssistantError as err:
        failure = err
    if isinstance(failure, ServiceValidationError):
        assert act.exchange.journal == []
    elif failure:
        assert failure.translation_key in FAILURES
    for request in act.exchange.requests("/callback"):
        for name in ("caller", "recipient"):
            assert re.fullmatch(r"\*?\d+", request.params[name], re.ASCII)
