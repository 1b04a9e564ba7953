"""What is written about the integration keeps hassfest's rules for custom integrations.

Hassfest itself is no part of Home Assistant's package, and runs where a pull request is checked.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

from homeassistant.const import Platform
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
from homeassistant.util.yaml import load_yaml_dict
from packaging.requirements import Requirement
from packaging.version import Version
import probatio as vol
import pytest

INTEGRATION = Path(__file__).parent.parent / "custom_components/odorik"

type Tree = dict[str, Any]


def load(name: str) -> Tree:
    """Return a JSON or YAML file of the integration, whole."""
    path = INTEGRATION / name
    tree: Tree = (
        json.loads(path.read_text("utf-8")) if path.suffix == ".json" else load_yaml_dict(str(path))
    )
    return tree


# What may stand in a value.


def given(value: Any) -> Any:
    """Take anything but nothing."""
    if value is None:
        raise vol.Invalid("is empty")
    return value


def key(value: Any) -> str:
    """Take a key of a text: lower case, digits, and single hyphens or underscores between them."""
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", value):
        raise vol.Invalid("is no key")
    return str(value)


def constant(value: Any) -> str:
    """Take a text that nothing is filled in to."""
    text = cv.string_with_no_html(value)
    if text != text.strip():
        raise vol.Invalid("has spaces around it")
    if re.search(r"\w+://\w|\bwww\.\w", text):
        raise vol.Invalid("holds an address, which a placeholder has to bring")
    if "[%" in text:
        raise vol.Invalid("points at another text, which only core's are resolved")
    if any(name is not None for _, name, _, _ in Formatter().parse(text)):
        raise vol.Invalid("has a placeholder")
    return text


def text(value: Any) -> str:
    """Take a text, which may have placeholders."""
    if re.search(r"'{\w+}'", str(value)):
        raise vol.Invalid("has a placeholder in single quotes")
    names = [name for _, name, _, _ in Formatter().parse(str(value)) if name is not None]
    if not all(name.isidentifier() for name in names):
        raise vol.Invalid("has a placeholder without a name")
    constant(re.sub(r"{\w+}", "", str(value)).strip() if names else value)
    return str(value)


def icon(value: Any) -> str:
    """Take the name of an icon."""
    if not re.fullmatch(r"mdi:[a-z0-9-]+", str(value)):
        raise vol.Invalid("is no icon")
    return str(value)


def some(values: Any, keys: Callable[[Any], str] = key) -> Any:
    """Take any number of values by their keys."""
    return cv.schema_with_slug_keys(values, slug_validator=keys)


def optional(**values: Any) -> dict[vol.Marker, Any]:
    """Take values that may be left out, and no others."""
    return {vol.Optional(name): value for name, value in values.items()}


# What the files are made of.


def is_told_apart(fields: Tree) -> Tree:
    """Refuse a field that is there twice, in a section and outside or in two sections."""
    names = [
        inner for name, field in fields.items() for inner in ((field or {}).get("fields") or [name])
    ]
    if len(names) != len(set(names)):
        raise vol.Invalid("a field is there twice")
    return fields


_NAMED = optional(name=str, description=str)
_FIELD = optional(example=given, default=given, required=bool, selector=validate_selector)
_SECTION = {vol.Required("fields"): {str: {**_FIELD, **_NAMED}}, **optional(collapsed=bool)}
SERVICES = vol.Schema(
    {
        # No helpers: a key that begins with a dot is only for integrations of core.
        cv.slug: vol.Any(
            None,
            {
                **optional(target=vol.Any(None, TargetSelector.CONFIG_SCHEMA)),
                vol.Optional("fields"): vol.All(
                    {str: vol.Any({**_FIELD, **_NAMED}, {**_SECTION, **_NAMED})}, is_told_apart
                ),
                **_NAMED,
            },
        )
    }
)


def helper(name: Any) -> str:
    """Take a key under which triggers and conditions may keep what they share."""
    if not str(name).startswith("."):
        raise vol.Invalid("is no helper")
    return str(name)


AUTOMATED = vol.Schema(
    {
        vol.Remove(vol.All(str, helper)): object,
        cv.underscore_slug: vol.Any(
            None, optional(target=TargetSelector.CONFIG_SCHEMA, fields={str: _FIELD})
        ),
    }
)

_STATES = some(icon)
ICONS = vol.Schema(
    optional(
        entity=some(
            some(
                optional(
                    default=icon,
                    state=_STATES,
                    state_attributes=some(optional(default=icon, state=_STATES)),
                )
            ),
            cv.slug,
        ),
        services=some(optional(service=icon, sections=_STATES), cv.slug),
        triggers=some(optional(trigger=icon), cv.underscore_slug),
        conditions=some(optional(condition=icon), cv.underscore_slug),
    )
)


def explains_what_is_there(flow: Tree) -> Tree:
    """Refuse the explanation of a field that is not in its form."""
    for name, step in flow.get("step", {}).items():
        if extra := set(step.get("data_description", {})) - set(step.get("data", {})):
            raise vol.Invalid(f"{name} explains {extra}")
    return flow


_TEXTS = {str: text}
_FLOW = vol.All(
    {
        vol.Required("step"): {
            str: optional(
                title=text,
                description=text,
                data=_TEXTS,
                data_description=_TEXTS,
                menu_options=_TEXTS,
                submit=text,
            )
        },
        **optional(error=_TEXTS, abort=_TEXTS, progress=_TEXTS, create_entry=_TEXTS),
    },
    explains_what_is_there,
)
_CONSTANTS = some(constant)
_DESCRIBED = {vol.Required("name"): str, vol.Required("description"): text}
_DESCRIBED_WITH_FIELDS = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): some({**_DESCRIBED, **optional(example=text)}),
}
TEXTS = vol.Schema(
    optional(
        config=_FLOW,
        options=_FLOW,
        device=some(optional(name=text)),
        entity=some(
            some(
                optional(
                    name=text,
                    state=_CONSTANTS,
                    state_attributes=some(optional(name=constant, state=_CONSTANTS)),
                    unit_of_measurement=constant,
                )
            ),
            cv.slug,
        ),
        exceptions=some({vol.Required("message"): text}, cv.slug),
        # What a flow mends is described by the flow.
        issues={
            str: vol.All(
                cv.has_at_least_one_key("description", "fix_flow"),
                {
                    vol.Required("title"): text,
                    vol.Exclusive("description", "text"): text,
                    vol.Exclusive("fix_flow", "text"): _FLOW,
                },
            )
        },
        selector=some(optional(options=some(text)), cv.slug),
        services=some(
            {**_DESCRIBED_WITH_FIELDS, vol.Optional("sections"): some({vol.Required("name"): str})}
        ),
        triggers=some(_DESCRIBED_WITH_FIELDS, cv.underscore_slug),
        conditions=some(_DESCRIBED_WITH_FIELDS, cv.underscore_slug),
        system_health=optional(info=some(text)),
        common=some(text, cv.slug),
    )
)


def address(value: Any) -> str:
    """Take an address that is not one of Home Assistant's own documentation."""
    if not re.match(r"https://(?!www\.home-assistant\.io/integrations)", str(value)):
        raise vol.Invalid("is no address of ours")
    return str(value)


def requirement(value: Any) -> str:
    """Take a requirement without spaces."""
    if " " in value or not Requirement(value).specifier:
        raise vol.Invalid("says no version")
    return str(value)


def version(value: Any) -> str:
    """Take a version."""
    return str(Version(value))


MANIFEST = vol.Schema(
    {
        vol.Required("domain"): INTEGRATION.name,
        vol.Required("name"): str,
        vol.Required("codeowners"): [vol.Match(r"@\w")],
        vol.Required("documentation"): address,
        vol.Required("iot_class"): vol.In({"cloud_polling", "cloud_push"}),
        vol.Required("version"): version,
        **optional(
            after_dependencies=[str],
            config_flow=bool,
            dependencies=[str],
            integration_type=vol.In({"hub", "service"}),
            issue_tracker=address,
            loggers=[str],
            requirements=[requirement],
        ),
    }
)

RULES = {
    "manifest.json": MANIFEST,
    "services.yaml": SERVICES,
    "triggers.yaml": AUTOMATED,
    "conditions.yaml": AUTOMATED,
    "icons.json": ICONS,
    "translations/en.json": TEXTS,
    # Hassfest reads English only. A Czech text is shown by the same Home Assistant.
    "translations/cs.json": TEXTS,
}


def problems(name: str, tree: Tree) -> list[str]:
    """Say where a file breaks a rule."""
    try:
        RULES[name](tree)
    except vol.MultipleInvalid as err:
        return [str(error) for error in err.errors]
    if name == "manifest.json" and list(tree) != ["domain", "name", *sorted(list(tree)[2:])]:
        return ["the keys are not in order"]
    return []


@pytest.mark.parametrize("name", RULES)
def test_a_file_keeps_the_rules(name: str) -> None:
    """HACS and the check of a pull request would refuse the integration."""
    assert problems(name, load(name)) == []


@pytest.mark.parametrize(
    ("name", "path", "change"),
    [
        ("manifest.json", "", lambda it: it.pop("version")),
        ("manifest.json", "", lambda it: it.update(version="one")),
        ("manifest.json", "", lambda it: it.update(domain="other")),
        ("manifest.json", "", lambda it: it.update(documentation="http://example.org")),
        ("manifest.json", "", lambda it: it.update(zz=1)),
        ("manifest.json", "", lambda it: it.update(name=it.pop("name"))),
        ("manifest.json", "", lambda it: it.update(requirements=["msgspec >=1"])),
        ("services.yaml", "", lambda it: it.update({".shared": {"fields": {}}})),
        ("services.yaml", "", lambda it: it.update(Callback={})),
        ("services.yaml", "callback.fields", lambda it: it.update(x={"selector": {"zz": {}}})),
        ("services.yaml", "callback.fields.at", lambda it: it.update(zz=1)),
        ("services.yaml", "callback.fields.at", lambda it: it.update(example=None)),
        ("services.yaml", "get_calls.fields", lambda it: it.update(line={})),
        ("services.yaml", "get_calls.fields.filters", lambda it: it.update(zz=1)),
        ("triggers.yaml", "call_missed.fields", lambda it: it.update(x={"zz": 1})),
        ("triggers.yaml", "", lambda it: it.update({"call-missed": None})),
        ("conditions.yaml", "is_ringing", lambda it: it.update(zz={})),
        ("icons.json", "entity.event.call", lambda it: it.update(default="phone")),
        ("icons.json", "services.callback", lambda it: it.update(icon="mdi:phone")),
        ("icons.json", "", lambda it: it.update(zz={})),
        ("translations/en.json", "", lambda it: it.update(title_of={})),
        ("translations/en.json", "config.error", lambda it: it.update(x="<b>no</b>")),
        ("translations/en.json", "config.error", lambda it: it.update(x="https://odorik.cz")),
        ("translations/en.json", "config.error", lambda it: it.update(x="not '{this}'")),
        ("translations/en.json", "config.error", lambda it: it.update(x="nor {} this")),
        ("translations/en.json", "config.error", lambda it: it.update(x="nor this ")),
        ("translations/en.json", "config.step.user.data", dict.popitem),
        ("translations/en.json", "exceptions", lambda it: it.update(x={"text": "x"})),
        ("translations/en.json", "issues.low_credit", lambda it: it.pop("description")),
        ("translations/en.json", "issues.push_missing", lambda it: it.update(description="x")),
        (
            "translations/en.json",
            "options.step.push_silent.menu_options",
            lambda it: it.update(x="<b>no</b>"),
        ),
        ("translations/en.json", "services.callback", lambda it: it.pop("description")),
        ("translations/en.json", "triggers.call_missed.fields.line", dict.popitem),
        ("translations/cs.json", "selector.direction.options", lambda it: it.update(A="x")),
    ],
)
def test_a_broken_rule_is_found(name: str, path: str, change: Callable[[Tree], object]) -> None:
    """A check that finds nothing would keep nothing."""
    tree = deepcopy(load(name))
    part = tree
    for step in filter(None, path.split(".")):
        part = part[step]
    change(part)
    assert problems(name, tree)


FREE = {
    *{str(platform) for platform in Platform},
    *("automation", "device_automation", "frontend", "homeassistant", "panel_custom"),
    *("persistent_notification", "system_health", "webhook", "websocket_api"),
}
"""The components that anybody may import without saying so in the manifest."""


def imported(source: str) -> Iterator[str]:
    """Give the components of Home Assistant that a module imports."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("homeassistant.components."):
                yield name.split(".")[2]


def undeclared(manifest: Tree, sources: dict[str, str]) -> set[str]:
    """Say which components are imported although nothing makes sure that they are there."""
    declared = {*manifest["dependencies"], *manifest["after_dependencies"]}
    # A module that is named as a component is called by it.
    known = FREE | declared | {name.split("/")[0].removesuffix(".py") for name in sources}
    return {name for source in sources.values() for name in imported(source)} - known


def sources() -> dict[str, str]:
    """Return the modules of the integration by their paths below it."""
    return {
        str(path.relative_to(INTEGRATION)): path.read_text("utf-8")
        for path in INTEGRATION.rglob("*.py")
    }


def test_what_is_imported_is_depended_upon() -> None:
    """In a home without that component nothing of ours would start."""
    manifest = load("manifest.json")
    assert undeclared(manifest, sources()) == set()
    stranger = "from homeassistant.components import history"
    assert undeclared(manifest, sources() | {"sensor.py": stranger}) == {"history"}
    assert "http" in undeclared(manifest | {"dependencies": []}, sources())


def test_what_the_code_registers_is_described() -> None:
    """Actions, triggers and conditions would have no form to fill in."""
    code = sources()
    assert load("manifest.json")["config_flow"] is ("config_flow.py" in code)
    everything = "\n".join(code.values())
    for registered, name in (
        ("services.async_register", "services.yaml"),
        ("async_get_triggers", "triggers.yaml"),
        ("async_get_conditions", "conditions.yaml"),
    ):
        assert (registered in everything) is (INTEGRATION / name).is_file(), name
    # Only then may there be a function for what stands under our name in configuration.yaml.
    assert "def async_setup(" in code["__init__.py"]
    assert "CONFIG_SCHEMA" in code["__init__.py"]
