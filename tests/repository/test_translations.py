"""Texts and icons: everything that the code uses exists, in each language, and nothing else."""

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
import importlib
from itertools import chain
import re
from types import ModuleType
from typing import Any

from homeassistant.const import Platform
import probatio
import pytest

from custom_components.odorik.calls.hourly_totals import ACCOUNT_SERIES, SUMMED_METRICS, Series
from custom_components.odorik.card.account import STATE_ERRORS
from custom_components.odorik.hourly_limit import CALLBACKS, MESSAGE_PARTS
from custom_components.odorik.issues import FIXABLE, Issue
from custom_components.odorik.push.address import URL_PURPOSES

from .texts import CZECH, DESCRIPTIONS, ENGLISH, INTEGRATION, Tree, leaves, load

PACKAGE = f"custom_components.{INTEGRATION.name}"
SOURCES = {path: ast.parse(path.read_text("utf-8")) for path in INTEGRATION.rglob("*.py")}
STRINGS = {
    node.value
    for tree in SOURCES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
"""Every string in the code."""


def all_texts() -> dict[str, Tree]:
    """Return the files that contain or describe texts, by name."""
    languages = (f"translations/{path.name}" for path in (INTEGRATION / "translations").iterdir())
    return {name: load(name) for name in (*languages, "icons.json", *DESCRIPTIONS)}


# Keys that the code uses.


@cache
def calls(module: str = "*.py") -> list[tuple[str, ast.Call, dict[str, ast.expr]]]:
    """Return every call in the code, with the name of the callee and the keyword arguments."""
    return [
        (
            ast.unparse(node.func).rsplit(".", 1)[-1],
            node,
            {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg},
        )
        for path, tree in SOURCES.items()
        if path.match(module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def strings(expression: ast.expr | None) -> set[str]:
    """Return the strings that an expression can evaluate to, if it is a literal or a choice."""
    match expression:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return strings(body) | strings(orelse)
    return set()


def keyword_strings(keyword: str, callee: str, module: str = "*.py") -> set[str]:
    """Return the strings passed as a keyword argument to callees whose name matches a pattern."""
    return {
        text
        for name, _, keywords in calls(module)
        if re.fullmatch(callee, name)
        for text in strings(keywords.get(keyword))
    }


SECTIONS = {"raise_issue": "issues", "DeviceInfo": "device", "ChildDeviceInfo": "device"}
"""The section of a translation key by callee; the keys of all others are exceptions."""
NOT_EXCEPTIONS = rf"{'|'.join(SECTIONS)}|\w*Description|\w*SelectorConfig"


def modules() -> Iterator[ModuleType]:
    """Yield every module of the integration."""
    for path in SOURCES:
        parts = path.relative_to(INTEGRATION).with_suffix("").parts
        yield importlib.import_module(".".join((PACKAGE, *parts)).removesuffix(".__init__"))


@cache
def exceptions() -> set[str]:
    """Return the translation keys of exceptions, including those in tables of exception classes."""
    in_tables = {
        text
        for module in modules()
        for table in vars(module).values()
        if isinstance(table, dict) and table
        if all(isinstance(kind, type) and issubclass(kind, Exception) for kind in table)
        for text in table.values()
    }
    raised = keyword_strings("translation_key", rf"(?!{NOT_EXCEPTIONS})\w+")
    by_default = {
        text
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.arguments)
        for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        if argument.arg == "outcome_unknown"
        for text in strings(default)
    }
    passed = keyword_strings("outcome_unknown", "action_failed") | by_default
    return raised | passed | in_tables | set(STATE_ERRORS.values()) | set(map(str, LIMITS))


LIMITS = (CALLBACKS.issue, MESSAGE_PARTS.issue)
"""The issues of ``HourlyLimit``, which are also the translation keys of its errors."""
FLOW_MODULES = ("config_flow", "options_flow", "recipient_flow")
FLOWS = {
    "config": "ConfigFlow",
    "options": "OptionsFlow",
    "config_subentries.recipient": "ConfigSubentryFlow",
}
"""The base class of each kind of flow, by the path of its texts."""


def flows(kind: str) -> list[ast.ClassDef]:
    """Return the classes of a kind of flow."""
    base = FLOWS[kind]
    nodes = chain.from_iterable(ast.walk(SOURCES[INTEGRATION / f"{it}.py"]) for it in FLOW_MODULES)
    return [
        node
        for node in nodes
        if isinstance(node, ast.ClassDef)
        if node.bases and ast.unparse(node.bases[0]).startswith(base)
    ]


@cache
def steps(kind: str) -> set[str]:
    """Return the steps of a flow that show a form, which are those that pass their own name on."""
    return {
        step
        for flow in flows(kind)
        for node in flow.body
        if isinstance(node, ast.AsyncFunctionDef)
        if (step := node.name.removeprefix("async_step_")) != node.name
        if any(step in strings(inner) for inner in ast.walk(flow) if isinstance(inner, ast.expr))
    }


def form_errors(kind: str) -> set[str]:
    """Return the errors of a flow's forms: assigned to a field, or returned by a validator."""
    found: set[str] = set()
    for node in chain.from_iterable(map(ast.walk, flows(kind))):
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id="errors"))], value=value):
                found |= strings(value)
            case ast.Dict(keys=[ast.Constant(value="base")], values=[value]):
                found |= strings(value)
            case ast.Return(value=ast.Tuple(elts=values)):
                found |= {text for value in values for text in strings(value)}
    return found


ABORTS = {
    "_abort_if_unique_id_configured": {"already_configured"},
    "_abort_if_unique_id_mismatch": {"unique_id_mismatch"},
    "async_update_reload_and_abort": {"reauth_successful", "reconfigure_successful"},
}
"""The reasons with which Home Assistant aborts a flow, by the method that does it."""


def aborts() -> set[str]:
    """Return the reasons with which the config flow is aborted."""
    return set().union(*(ABORTS.get(name, set()) for name, _, _ in calls()))


def form_fields() -> set[str]:
    """Return the fields of the schemas of all forms."""
    tables = [vars(importlib.import_module(f"{PACKAGE}.{name}")).values() for name in FLOW_MODULES]
    schemas = [it for it in chain.from_iterable(tables) if isinstance(it, probatio.Schema)]
    return {str(field) for schema in schemas for field in schema.schema}


@cache
def entities() -> dict[str, set[str]]:
    """Return the translation keys of the entities by platform."""
    return {
        platform: set(description_keys(vars(importlib.import_module(f"{PACKAGE}.{platform}"))))
        for platform in Platform
        if (INTEGRATION / f"{platform}.py").exists()
    }


def description_keys(value: Any) -> Iterator[str]:
    """Yield the translation keys of all entity descriptions in a table, however deeply nested."""
    # Home Assistant generates these classes, so isinstance does not recognise them.
    if type(value).__name__.endswith("Description"):
        yield value.translation_key or value.key
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from description_keys(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from description_keys(inner)


def backend_texts() -> set[str]:
    """Return the keys of texts that the backend formats: the logbook and the inbox."""
    return {
        f"{prefix}_{text}"
        for module, prefix in (("logbook", "logbook"), ("todo", "inbox"))
        for node in ast.walk(SOURCES[INTEGRATION / f"{module}.py"])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "localize"
        for text in strings(node.args[0])
    }


def health_items() -> set[str]:
    """Return the keys that the system health platform returns."""
    tree = SOURCES[INTEGRATION / "system_health.py"]
    results = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    found = [key for result in results if isinstance(result, ast.Dict) for key in result.keys]
    return {text for key in found for text in strings(key)}


def selectors(tree: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield the translation key and the options of each translated selector."""
    if isinstance(tree, dict):
        if isinstance(key := tree.get("translation_key"), str):
            options = tree.get("options", [])
            yield key, {it["value"] if isinstance(it, dict) else str(it) for it in options}
        for value in tree.values():
            yield from selectors(value)


# Contents of the files.


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return set(re.findall(r"{(\w+)}", text))


def keys_at(tree: Tree, path: str) -> set[str]:
    """Return the keys of a tree below a path."""
    for key in path.split("."):
        tree = tree.get(key, {})
    return set(tree)


def described_fields(entry: Tree) -> set[str]:
    """Return the fields and sections of an action, trigger or condition."""
    found: set[str] = set()
    for name, field in (entry.get("fields") or {}).items():
        if inner := (field or {}).get("fields"):
            found |= {f"sections.{name}", *(f"fields.{key}" for key in inner)}
        else:
            found.add(f"fields.{name}")
    return found


def differences(where: str, has: set[str], needs: set[str], *, strict: bool = False) -> set[str]:
    """Return what is missing, and what is not needed.

    Unless the comparison is strict, a key that is any string of the code may be needed.
    """
    extra = has - needs - (set() if strict else STRINGS)
    return {f"{where}: {key} is missing" for key in needs - has} | {
        f"{where}: {key} is not used" for key in extra
    }


def problems(texts: dict[str, Tree]) -> set[str]:
    """Return everything that is wrong with the texts and icons."""
    english, icons = texts[ENGLISH], texts["icons.json"]
    found: set[str] = set()
    for name, language in texts.items():
        if name.startswith("translations/"):
            found |= language_problems(name, english, language)
    for section, needs in (
        ("config.step", steps("config")),
        ("config.error", form_errors("config")),
        ("config.abort", aborts()),
        ("options.step", steps("options")),
        ("options.error", form_errors("options")),
        ("config_subentries.recipient.step", steps("config_subentries.recipient")),
        ("config_subentries.recipient.error", form_errors("config_subentries.recipient")),
        (
            "config_subentries.recipient.abort",
            keyword_strings("reason", "async_abort", "recipient_flow.py"),
        ),
        ("exceptions", exceptions()),
        ("issues", set(map(str, Issue))),
        ("system_health.info", health_items()),
        ("device", keyword_strings("translation_key", "DeviceInfo|ChildDeviceInfo")),
    ):
        found |= differences(section, keys_at(english, section), needs)
    series = {f"statistics_{it.key}" for it in (*ACCOUNT_SERIES, *map(Series, SUMMED_METRICS))}
    needs = backend_texts() | series
    needs |= keys_at(english, "common") & {
        f"{prefix}_{text}"
        for prefix in ("logbook", "inbox", "gate", "guard", "llm")
        for text in STRINGS
    }
    found |= differences("common", keys_at(english, "common"), needs, strict=True)
    for platform, keys in entities().items():
        section = f"entity.{platform}"
        found |= differences(section, keys_at(english, section), keys)
        found |= differences(f"icons: {section}", keys_at(icons, section), keys, strict=True)
    for name in DESCRIPTIONS:
        kind = name.removesuffix(".yaml")
        found |= description_problems(kind, texts[name], english, icons)
    return (
        found
        | form_problems(english)
        | repair_problems(english)
        | selector_problems(texts)
        | placeholder_problems(english)
    )


def language_problems(name: str, english: Tree, language: Tree) -> set[str]:
    """Return where a language has empty texts, or other keys or placeholders than English."""
    ours, theirs = dict(leaves(english)), dict(leaves(language))
    found = differences(name, set(theirs), set(ours), strict=True)
    found |= {
        f"{name}: {path} has other placeholders"
        for path in theirs.keys() & ours.keys()
        if placeholders(theirs[path]) != placeholders(ours[path])
    }
    return found | {f"{name}: {path} is empty" for path, text in theirs.items() if not text}


def form_problems(english: Tree) -> set[str]:
    """Return what is wrong with the fields of the forms."""
    found: set[str] = set()
    shown: set[str] = set()
    for kind in FLOWS:
        for step, form in subtree(english, kind)["step"].items():
            for part in (form, *form.get("sections", {}).values()):
                fields, described = set(part.get("data", {})), set(part.get("data_description", {}))
                where = f"{kind}.{step}.data_description"
                found |= differences(where, described, fields, strict=True)
                shown |= fields
    return found | differences("fields of forms", shown, form_fields())


FIX_PLACEHOLDERS = {"address": {"account", *URL_PURPOSES}, "allow": {"account", "calls"}}
"""The placeholders of the steps of the fix flows."""


def repair_problems(english: Tree) -> set[str]:
    """Return what is wrong with the texts of the repair flows."""
    found: set[str] = set()
    for issue, texts in english["issues"].items():
        flow = texts.get("fix_flow", {})
        if bool(flow) is not (issue in FIXABLE):
            found.add(f"issues: {issue} has not the texts of its kind")
        for step, form in flow.get("step", {}).items():
            missing = placeholders(form["description"]) - FIX_PLACEHOLDERS[step]
            found |= {f"{issue}.{step} lacks {{{name}}}" for name in missing}
        if "address" in flow.get("step", {}):
            reasons = keyword_strings("reason", "async_abort", "repairs.py")
            found |= differences(f"{issue}.abort", set(flow.get("abort", {})), reasons)
    return found


def description_problems(kind: str, tree: Tree, english: Tree, icons: Tree) -> set[str]:
    """Return what is wrong with the texts and icons of the actions, triggers or conditions."""
    found = differences(kind, keys_at(english, kind), set(tree), strict=True)
    found |= differences(f"icons: {kind}", keys_at(icons, kind), set(tree), strict=True)
    if kind == "services":
        found |= {f"{kind}: {name} is not in the code" for name in set(tree) - STRINGS}
    for name, entry in tree.items():
        text = english[kind].get(name, {})
        has = {f"{part}.{key}" for part in ("fields", "sections") for key in text.get(part, {})}
        found |= differences(f"{kind}.{name}", has, described_fields(entry or {}), strict=True)
    return found


def selector_problems(texts: dict[str, Tree]) -> set[str]:
    """Return what is wrong with the texts of the options of selectors."""
    needs: dict[str, set[str]] = {
        key: set() for key in keyword_strings("translation_key", r"\w*SelectorConfig")
    }
    for key, options in chain.from_iterable(selectors(texts[name]) for name in DESCRIPTIONS):
        needs.setdefault(key, set()).update(options)
    has = texts[ENGLISH]["selector"]
    found = differences("selector", set(has), set(needs), strict=True)
    for key in needs.keys() & has.keys():
        found |= differences(f"selector.{key}", set(has[key].get("options", {})), needs[key])
    return found


IMPLIED_PLACEHOLDERS = {"InvalidField": {"field"}}
"""Placeholders that a callee adds by itself."""


def placeholder_problems(english: Tree) -> set[str]:
    """Return the placeholders of texts that the code gives no value for."""
    found: set[str] = set()
    issues: set[Issue] = set()
    for name, node, keywords in calls():
        if name == "raise_issue":
            member = ast.unparse(node.args[2]).removeprefix("Issue.")
            raised = set(LIMITS) if member == "self._issue" else {Issue[member]}
            issues |= raised
            keys, section = set(map(str, raised)), "issues"
            given = {*keywords, "account", *URL_PURPOSES}
        else:
            values = keywords.get("translation_placeholders")
            if values is not None and not isinstance(values, ast.Dict):
                continue
            keys = strings(keywords.get("translation_key"))
            section = SECTIONS.get(name, "exceptions")
            given = {text for key in (values.keys if values else []) for text in strings(key)}
            given |= IMPLIED_PLACEHOLDERS.get(name, set())
        for key in keys:
            for _, text in leaves(english[section].get(key, {})):
                found |= {f"{section}: {key} lacks {{{it}}}" for it in placeholders(text) - given}
    assert issues == set(Issue)
    return found


# The tests.


def test_the_texts_are_complete() -> None:
    """No text or icon is missing, unused, empty or without a value for a placeholder."""
    found = problems(all_texts())
    assert not found, "\n".join(sorted(found))


def subtree(tree: Tree, path: str) -> Tree:
    """Return the tree at a path, in which ``*`` matches the first key."""
    for key in path.split("."):
        tree = tree[next(iter(tree)) if key == "*" else key]
    return tree


@pytest.mark.parametrize(
    ("name", "path", "change", "problem"),
    [
        (CZECH, "entity.sensor", dict.popitem, "is missing"),
        (CZECH, "entity.sensor", lambda tree: tree.update(x={"name": "x"}), "is not used"),
        (CZECH, "config.step.user", lambda tree: tree.update(title="{x}"), "other placeholders"),
        (CZECH, "config.step.user", lambda tree: tree.update(title=""), "is empty"),
        (ENGLISH, "entity.sensor", dict.popitem, "entity.sensor: "),
        (ENGLISH, "config.step", dict.popitem, "config.step: "),
        (ENGLISH, "config.step.user.data", dict.popitem, "data_description: "),
        (ENGLISH, "config.error", dict.popitem, "config.error: "),
        (ENGLISH, "config.abort", dict.popitem, "config.abort: "),
        (ENGLISH, "options.step.init.data", dict.popitem, "fields of forms: "),
        (ENGLISH, "exceptions", dict.popitem, "exceptions: "),
        (ENGLISH, "exceptions", lambda tree: tree.update(zz={"message": "x"}), "exceptions: zz"),
        (ENGLISH, "exceptions.invalid_number", lambda tree: tree.update(message="{zz}"), "lacks"),
        (ENGLISH, "issues", dict.popitem, "issues: "),
        (ENGLISH, "issues.push_missing", lambda tree: tree.pop("fix_flow"), "not the texts"),
        (
            ENGLISH,
            "issues.push_missing.fix_flow.step.address",
            lambda tree: tree.update(description="{zz}"),
            "push_missing.address",
        ),
        (ENGLISH, "issues.push_missing.fix_flow.abort", dict.popitem, "push_missing.abort"),
        (ENGLISH, "issues.*", lambda tree: tree.update(title="{zz}"), "lacks"),
        (ENGLISH, "common", lambda tree: tree.pop("logbook_withheld"), "common: "),
        (ENGLISH, "common", lambda tree: tree.pop("inbox_withheld"), "common: "),
        (ENGLISH, "common", lambda tree: tree.update(zz="x"), "common: zz is not used"),
        (ENGLISH, "system_health.info", dict.popitem, "system_health.info: "),
        (ENGLISH, "selector.*.options", dict.popitem, "selector."),
        (ENGLISH, "triggers", dict.popitem, "triggers: "),
        (ENGLISH, "conditions.*.fields", dict.popitem, "conditions."),
        (ENGLISH, "services", dict.popitem, "services: "),
        (ENGLISH, "services.*.fields", dict.popitem, "services."),
        (ENGLISH, "services", lambda tree: tree.update(zz={}), "services: zz is not used"),
        ("services.yaml", "*.fields", lambda tree: tree.update(zz={}), "fields.zz is missing"),
        ("services.yaml", "", lambda tree: tree.update(zz={}), "services: zz is not in the code"),
        ("icons.json", "entity.sensor", dict.popitem, "icons: entity.sensor: "),
        ("icons.json", "services", dict.popitem, "icons: services: "),
    ],
)
def test_a_problem_is_found(
    name: str, path: str, change: Callable[[Tree], object], problem: str
) -> None:
    """The checks above detect each kind of problem."""
    texts = deepcopy(all_texts())
    change(subtree(texts[name], path) if path else texts[name])
    assert any(problem in found for found in problems(texts))


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
