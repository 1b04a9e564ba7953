"""Texts and icons: those that the code uses exist, in each language, and there are no others.

CI runs hassfest, which checks their format.
"""

import ast
from collections.abc import Iterator, Mapping
import importlib
import re
from typing import Any, get_args

from homeassistant.const import Platform
import pytest

from custom_components.odorik.calls.hourly_totals import ACCOUNT_SERIES, SUMMED_METRICS, Series
from custom_components.odorik.card.account import STATE_ERRORS
from custom_components.odorik.hourly_limit import CALLBACKS, MESSAGE_PARTS
from custom_components.odorik.issues import FIXABLE, Issue
from custom_components.odorik.push.address import URL_PURPOSES, AddressError

from .texts import CZECH, DESCRIPTIONS, ENGLISH, INTEGRATION, leaves, load, pairs

PACKAGE = f"custom_components.{INTEGRATION.name}"
CODE = "\n".join(path.read_text("utf-8") for path in INTEGRATION.rglob("*.py"))
CALLS = [node for node in ast.walk(ast.parse(CODE)) if isinstance(node, ast.Call)]
STRINGS = set(re.findall(r'"(\w+)"', CODE))
TEXTS, ICONS = load(ENGLISH), load("icons.json")
PLATFORMS = [it for it in Platform if (INTEGRATION / f"{it}.py").exists()]
ADDRESS_ERRORS = set(get_args(AddressError.__value__))
LIMITS = {CALLBACKS.issue, MESSAGE_PARTS.issue}
"""The issues of ``HourlyLimit``, which are also the translation keys of its errors."""
PARTS = {
    *("config", "config_subentries", "options", "issues", "system_health"),
    *("step", "data", "data_description", "description", "sections", "menu_options", "progress"),
    *("abort", "create_entry", "default", "entry_type", "fix_flow", "initiate_flow"),
}
"""Keys that Home Assistant determines."""
HOME_ASSISTANT_REASONS = {"already_configured", "reauth_successful", "reconfigure_successful"}
"""Reasons to abort the config flow that Home Assistant determines."""


def source(module: str) -> str:
    """Return the source text of a module."""
    return (INTEGRATION / f"{module}.py").read_text("utf-8")


def name_of(call: ast.Call) -> str:
    """Return the name of the callee, without its object."""
    return ast.unparse(call.func).rpartition(".")[2]


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def strings(expression: ast.AST | None) -> set[str]:
    """Return the strings in an expression, such as both results of a condition."""
    nodes = ast.walk(expression) if expression else ()
    return {it.value for it in nodes if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def placeholders(texts: Any) -> set[str]:
    """Return the names of the placeholders in a text or a tree of texts."""
    return {name for _, text in leaves(texts) for name in re.findall(r"{(\w+)}", text)}


def test_czech_has_the_same_texts_as_english() -> None:
    """Both languages have the same keys and placeholders, and no text is empty."""
    english, czech = dict(leaves(TEXTS)), dict(leaves(load(CZECH)))
    assert all(english.values())
    assert all(czech.values())
    assert {path: placeholders(text) for path, text in czech.items()} == {
        path: placeholders(text) for path, text in english.items()
    }


def test_every_text_is_used() -> None:
    """A key is a string in the code, unless another test compares its section with the code."""
    compared = {"common", "entity", "selector", "services", "triggers", "conditions"}
    keys = {key for section in TEXTS.keys() - compared for key, _ in pairs(TEXTS[section])}
    assert keys - STRINGS - PARTS - HOME_ASSISTANT_REASONS == set()


def description_keys(value: Any) -> Iterator[str]:
    """Yield the translation keys of all entity descriptions in a table, however deeply nested."""
    # Home Assistant generates these classes, so isinstance does not recognise them.
    if type(value).__name__.endswith("Description"):
        yield value.translation_key or value.key
    elif isinstance(value, Mapping | tuple | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from description_keys(inner)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_entity_has_a_text_and_an_icon(platform: str) -> None:
    """A text may belong to an entity without a description, but an icon may not."""
    keys = set(description_keys(vars(importlib.import_module(f"{PACKAGE}.{platform}"))))
    texts = TEXTS["entity"].get(platform, {}).keys()
    assert keys - texts == set()
    assert texts - keys - STRINGS == set()
    assert ICONS["entity"].get(platform, {}).keys() == keys


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_action_trigger_and_condition_has_texts_and_an_icon(name: str) -> None:
    """Each field and each section of fields has a text."""
    kind, tree = name.removesuffix(".yaml"), load(name)
    assert tree.keys() == TEXTS[kind].keys() == ICONS[kind].keys()
    assert kind != "services" or tree.keys() <= STRINGS
    for key, entry in tree.items():
        fields = dict((entry or {}).get("fields") or {})
        sections = {it for it, field in fields.items() if "fields" in field}
        for section in sections:
            fields |= fields.pop(section)["fields"]
        assert TEXTS[kind][key].get("fields", {}).keys() == fields.keys(), key
        assert TEXTS[kind][key].get("sections", {}).keys() == sections, key


def test_every_option_of_a_selector_has_a_text() -> None:
    """The options in the descriptions have texts, and so do those in forms."""
    texts = {key: set(selector["options"]) for key, selector in TEXTS["selector"].items()}
    described = {
        value["translation_key"]: set(value["options"])
        for name in DESCRIPTIONS
        for key, value in pairs(load(name))
        if key == "select" and "translation_key" in value
    }
    in_forms = {
        key
        for call in CALLS
        if name_of(call).endswith("SelectorConfig")
        for key in strings(argument(call, "translation_key"))
    }
    assert texts.keys() == described.keys() | in_forms
    assert described.items() <= texts.items()
    assert set().union(*texts.values()) <= STRINGS


@pytest.mark.parametrize(
    ("path", "module", "others"),
    [
        ("config", "config_flow", HOME_ASSISTANT_REASONS),
        ("options", "options_flow", ADDRESS_ERRORS),
        ("config_subentries.recipient", "recipient_flow", set()),
        ("config_subentries.gate", "gate_flow", set()),
    ],
)
def test_every_form_has_its_texts(path: str, module: str, others: set[str]) -> None:
    """The steps, fields, errors and reasons to abort are those of the code.

    The other errors and reasons come from Home Assistant or from another module.
    """
    texts, code = TEXTS, source(module)
    for key in path.split("."):
        texts = texts[key]
    steps = re.findall(r'(?:\bstep_id=|self\._\w+\()"(\w+)"', code)
    assert texts["step"].keys() == set(steps)
    outcomes = re.findall(
        r'errors\[[^]]+\](?:, \S+)? = "\w+"|return (?:\[\], )?"\w+"|AbortFlow\("\w+"|reason="\w+"',
        code,
    )
    keys = {outcome.split('"')[-2] for outcome in outcomes}
    assert texts["error"].keys() | texts["abort"].keys() == keys | others
    fields: set[str] = set()
    for form in texts["step"].values():
        for part in (form, *form.get("sections", {}).values()):
            labels = part.get("data", {}).keys()
            assert labels == part.get("data_description", {}).keys()
            fields |= labels | part.get("sections", {}).keys()
    constants = re.findall(r"vol\.(?:Required|Optional)\((?:vol\.Secret\()?(\w+)", code)
    names = vars(importlib.import_module(f"{PACKAGE}.{module}"))
    assert fields == {names[constant] for constant in constants}


def test_every_error_and_device_has_a_text() -> None:
    """The keys are arguments, or in tables by class or by state."""
    keys = {*re.findall(r'(?:Error|Invalid): "(\w+)"', CODE), *STATE_ERRORS.values(), *LIMITS}
    for call in CALLS:
        if not name_of(call).endswith(("Description", "SelectorConfig")):
            keys |= strings(argument(call, "translation_key"))
            keys |= strings(argument(call, "outcome_unknown"))
    assert keys - TEXTS["exceptions"].keys() - TEXTS["device"].keys() == set()


def test_the_placeholders_of_errors_and_devices_have_values() -> None:
    """A text contains no placeholder that the code does not fill in."""
    texts = TEXTS["exceptions"] | TEXTS["device"]
    for call in CALLS:
        values = argument(call, "translation_placeholders")
        if values is None or isinstance(values, ast.Dict):
            # The field is added where the error is translated.
            given = {"field"} if name_of(call) == "InvalidField" else set()
            given |= {name for key in (values.keys if values else ()) for name in strings(key)}
            for key in strings(argument(call, "translation_key")) & texts.keys():
                assert placeholders(texts[key]) <= given, key


def test_every_issue_has_its_texts() -> None:
    """The texts of an issue contain only placeholders with a value; a fix flow has its reasons."""
    given: dict[Issue, set[str]] = {}
    for call in CALLS:
        if name_of(call) == "raise_issue":
            name = ast.unparse(call.args[2]).removeprefix("Issue.")
            keywords = {keyword.arg or "" for keyword in call.keywords}
            for issue in LIMITS if name == "self._issue" else {Issue[name]}:
                given[issue] = {"account", *keywords, *URL_PURPOSES}
    assert TEXTS["issues"].keys() == given.keys() == set(Issue)
    reasons = set(re.findall(r'reason="(\w+)"', source("repairs")))
    for issue, texts in TEXTS["issues"].items():
        assert placeholders(texts) <= given[issue]
        assert ("fix_flow" in texts) is (issue in FIXABLE)
        if "address" in texts.get("fix_flow", {}).get("step", ()):
            assert texts["fix_flow"]["abort"].keys() == reasons
            assert texts["fix_flow"]["error"].keys() == ADDRESS_ERRORS


def test_every_text_of_the_backend_is_used() -> None:
    """Texts that the backend formats exist, and a prefix says which module uses them."""
    modules = {
        "logbook": "logbook",
        "inbox": "todo",
        "llm": "llm",
        "gate": "gate_flow",
        "number": "localize",
    }
    localized = {
        f"{prefix}_{key}"
        for prefix, module in modules.items()
        for argument in re.findall(r"localize\(([^,)]*)", source(module))
        for key in re.findall(r'"(\w+)"', argument)
    }
    series = {f"statistics_{it.key}" for it in (*ACCOUNT_SERIES, *map(Series, SUMMED_METRICS))}
    chosen = {f"{prefix}_{text}" for prefix in (*modules, "guard") for text in STRINGS}
    assert localized | series <= TEXTS["common"].keys() <= localized | series | chosen


def test_system_health_has_its_texts() -> None:
    """Each item of the information has a text."""
    items = re.findall(r'^ +"(\w+)": ', source("system_health"), re.MULTILINE)
    assert TEXTS["system_health"]["info"].keys() == set(items)


COUNTED = re.compile(r"{(?:count|days|limit)} \w")


@pytest.mark.parametrize("name", [ENGLISH, CZECH])
def test_no_text_needs_a_plural(name: str) -> None:
    """No number is followed by a noun: Home Assistant's translations have no plural forms."""
    assert COUNTED.search("{limit} callbacks")
    assert [path for path, text in leaves(load(name)) if COUNTED.search(text)] == []


def test_czech_terms_are_consistent() -> None:
    """The options are called *možnosti*, and other terms have one translation each."""
    wrong = re.compile(r"nastavení integrace|z nastavení\b|na {account}|vydává|nevyhoví")
    assert [path for path, text in leaves(load(CZECH)) if wrong.search(text)] == []
