"""The texts: each that the code asks for is there, in every language, and no other."""

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
import importlib
from itertools import chain
import json
from pathlib import Path
import re
from types import ModuleType
from typing import Any

from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict
import probatio
import pytest

from custom_components.odorik.calls.hours import OF_ACCOUNT, SUMMED, Series
from custom_components.odorik.card.account import UNSEEN
from custom_components.odorik.issues import FIXABLE, Issue
from custom_components.odorik.push.steps import URLS

INTEGRATION = Path(__file__).parents[2] / "custom_components/odorik"
PACKAGE = f"custom_components.{INTEGRATION.name}"
SOURCES = {path: ast.parse(path.read_text("utf-8")) for path in INTEGRATION.rglob("*.py")}
WORDS = {
    node.value
    for tree in SOURCES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
"""Every string in the code."""

type Tree = dict[str, Any]


def load(name: str) -> Tree:
    """Return a JSON or YAML file of the integration; empty if there is none."""
    path = INTEGRATION / name
    if not path.exists():
        return {}
    tree: Tree = (
        json.loads(path.read_text("utf-8")) if path.suffix == ".json" else load_yaml_dict(str(path))
    )
    return {key: value for key, value in tree.items() if not key.startswith(".")}


def all_texts() -> dict[str, Tree]:
    """Return everything that is written for people or about the actions, by the file's name."""
    names = [
        *(f"translations/{path.name}" for path in (INTEGRATION / "translations").iterdir()),
        *("icons.json", "services.yaml", "triggers.yaml", "conditions.yaml"),
    ]
    return {name: load(name) for name in names}


ENGLISH = "translations/en.json"


# What the code asks for.


@cache
def calls() -> list[tuple[str, ast.Call, dict[str, ast.expr]]]:
    """Return every call in the code with the name of what is called and its keyword arguments."""
    return [
        (
            ast.unparse(node.func).rsplit(".", 1)[-1],
            node,
            {word.arg: word.value for word in node.keywords if word.arg},
        )
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def strings(expression: ast.expr | None) -> set[str]:
    """Return the strings that an expression can be, as far as it says so itself."""
    match expression:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return strings(one) | strings(other)
    return set()


def said(keyword: str, callee: str) -> set[str]:
    """Return the strings given as a keyword argument to calls whose name fits a pattern."""
    return {
        text
        for name, _, keywords in calls()
        if re.fullmatch(callee, name)
        for text in strings(keywords.get(keyword))
    }


SAID_BY = {"raise_issue": "issues", "DeviceInfo": "device", "ChildDeviceInfo": "device"}
"""Where the texts are that are named in a call; those of all others are of exceptions."""

NO_EXCEPTION = rf"{'|'.join(SAID_BY)}|\w*Description|\w*SelectorConfig"


def exceptions() -> set[str]:
    """Return the keys of what actions and polls say when they fail."""
    return (
        said("translation_key", rf"(?!{NO_EXCEPTION})\w+")
        | {
            text
            for module in modules()
            for table in vars(module).values()
            if isinstance(table, dict) and table
            if all(isinstance(kind, type) and issubclass(kind, Exception) for kind in table)
            for text in table.values()
        }
        | set(UNSEEN.values())
    )


def modules() -> Iterator[ModuleType]:
    """Give every module of the code."""
    for path in SOURCES:
        parts = path.relative_to(INTEGRATION).with_suffix("").parts
        yield importlib.import_module(".".join((PACKAGE, *parts)).removesuffix(".__init__"))


FLOWS = ("config_flow", "options_flow")
"""The files of the flows."""


def flows() -> dict[str, list[ast.ClassDef]]:
    """Return the classes of the flows by where their texts are."""
    found: dict[str, list[ast.ClassDef]] = {"config": [], "options": []}
    trees = [ast.walk(SOURCES[INTEGRATION / f"{name}.py"]) for name in FLOWS]
    for node in chain.from_iterable(trees):
        if isinstance(node, ast.ClassDef):
            base = ast.unparse(node.bases[0]) if node.bases else ""
            if base.startswith("ConfigFlow"):
                found["config"].append(node)
            elif base.startswith("OptionsFlow"):
                found["options"].append(node)
    return found


def steps(kind: str) -> set[str]:
    """Return the steps of a flow that show a form, which are those that say their own name."""
    return {
        step
        for flow in flows()[kind]
        for node in flow.body
        if isinstance(node, ast.AsyncFunctionDef)
        if (step := node.name.removeprefix("async_step_")) != node.name
        if any(step in strings(inner) for inner in ast.walk(flow) if isinstance(inner, ast.expr))
    }


def form_errors(kind: str) -> set[str]:
    """Return the errors of a flow's forms: put beside a field, or returned by what checks them."""
    found: set[str] = set()
    for flow in flows()[kind]:
        for node in ast.walk(flow):
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
"""Why Home Assistant ends a flow by itself, by what was called; 2026.10 has no texts for it."""


def aborts() -> set[str]:
    """Return why the configuration flow ends without an entry; it leaves all that to others."""
    return set().union(*(ABORTS.get(name, set()) for name, _, _ in calls()))


def repair_problems(english: Tree) -> set[str]:
    """Say what is wrong with the texts of the repairs that a flow leads through."""
    found: set[str] = set()
    for issue, texts in english.get("issues", {}).items():
        fixed = texts.get("fix_flow", {})
        if bool(fixed) is not (issue in FIXABLE):
            found.add(f"issues: {issue} has not the texts of its kind")
        for step, form in fixed.get("step", {}).items():
            lacking = placeholders(form["description"]) - {"account", *URLS}
            found |= {f"{issue}.{step} lacks {{{name}}}" for name in lacking}
        if fixed:
            reasons = said("reason", "async_abort")
            found |= differences(f"{issue}.abort", set(fixed.get("abort", {})), reasons)
    return found


def fields() -> set[str]:
    """Return the fields of the schemas of all forms."""
    tables = [vars(importlib.import_module(f"{PACKAGE}.{name}")).values() for name in FLOWS]
    schemas = [it for it in chain.from_iterable(tables) if isinstance(it, probatio.Schema)]
    return {str(field) for schema in schemas for field in schema.schema}


def entities() -> dict[str, set[str]]:
    """Return the keys of the entities by platform, out of the tables of descriptions."""
    return {
        platform: {
            key
            for path in INTEGRATION.glob(f"*{platform}.py")
            if path.stem in {platform, f"push_{platform}"}
            for key in descriptions(vars(importlib.import_module(f"{PACKAGE}.{path.stem}")))
        }
        for platform in Platform
        if (INTEGRATION / f"{platform}.py").exists()
    }


def descriptions(value: Any) -> Iterator[str]:
    """Give the translation keys of all entity descriptions in a table, or a table of tables."""
    # Home Assistant makes the classes of descriptions so that isinstance does not know them.
    if type(value).__name__.endswith("Description"):
        yield value.translation_key or value.key
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from descriptions(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from descriptions(inner)


def said_here() -> set[str]:
    """Return the keys of what no frontend translates: what the logbook and the inbox say."""
    prefixes = {INTEGRATION / "logbook.py": "logbook", INTEGRATION / "todo.py": "inbox"}
    return {
        f"{prefixes[path]}_{text}"
        for path in prefixes
        for node in ast.walk(SOURCES.get(path, ast.Module()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
        for text in strings(node.args[0])
    }


def health() -> set[str]:
    """Return the keys of what the system's health shows, out of what is returned."""
    tree = SOURCES.get(INTEGRATION / "system_health.py", ast.Module())
    answers = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return {
        text
        for answer in answers
        if isinstance(answer, ast.Dict)
        for key in answer.keys
        for text in strings(key)
    }


def selectors(tree: Any) -> Iterator[tuple[str, set[str]]]:
    """Give the selectors with texts in what describes actions, triggers and conditions."""
    if isinstance(tree, dict):
        if isinstance(key := tree.get("translation_key"), str):
            options = tree.get("options", [])
            yield key, {o["value"] if isinstance(o, dict) else str(o) for o in options}
        for value in tree.values():
            yield from selectors(value)


# What the files say.


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of a file with its path."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, str(tree)


def placeholders(text: str) -> set[str]:
    """Return what is filled in to a text."""
    return set(re.findall(r"{(\w+)}", text))


def names(tree: Tree, path: str) -> set[str]:
    """Return the keys of a file below a path."""
    for key in path.split("."):
        tree = tree.get(key, {})
    return set(tree)


def described(tree: Tree) -> set[str]:
    """Return the fields and sections of an action, trigger or condition."""
    found: set[str] = set()
    for name, field in (tree.get("fields") or {}).items():
        inner = (field or {}).get("fields")
        found |= (
            {f"sections.{name}", *(f"fields.{key}" for key in inner)}
            if inner
            else {f"fields.{name}"}
        )
    return found


def differences(what: str, has: set[str], needs: set[str], *, used: set[str] = WORDS) -> set[str]:
    """Say what is missing, and what is there though nothing in `used` asks for it."""
    return {f"{what}: {key} is missing" for key in needs - has} | {
        f"{what}: {key} is not used" for key in has - needs - used
    }


NOTHING: set[str] = set()


def problems(texts: dict[str, Tree]) -> set[str]:
    """Say everything that is wrong with the texts."""
    english, icons = texts[ENGLISH], texts["icons.json"]
    found: set[str] = set()
    for name, other in texts.items():
        if name.startswith("translations/"):
            theirs, ours = dict(leaves(other)), dict(leaves(english))
            found |= differences(name, set(theirs), set(ours), used=NOTHING)
            found |= {
                f"{name}: {path} has other placeholders"
                for path in theirs.keys() & ours.keys()
                if placeholders(theirs[path]) != placeholders(ours[path])
            }
            found |= {f"{name}: {path} is empty" for path, text in theirs.items() if not text}
    for what, needs in (
        ("config.step", steps("config")),
        ("config.error", form_errors("config")),
        ("config.abort", aborts()),
        ("options.step", steps("options")),
        ("options.error", form_errors("options")),
        ("exceptions", exceptions()),
        ("issues", set(map(str, Issue))),
        ("system_health.info", health()),
        ("device", said("translation_key", "DeviceInfo|ChildDeviceInfo")),
    ):
        found |= differences(what, names(english, what), needs)
    found |= differences(
        "common",
        names(english, "common"),
        said_here()
        | {f"statistics_{series.key}" for series in (*OF_ACCOUNT, *map(Series, SUMMED))},
        used={f"{where}_{word}" for where in ("logbook", "inbox") for word in WORDS},
    )
    found |= form_problems(english) | repair_problems(english)
    for platform, keys in entities().items():
        found |= differences(f"entity.{platform}", names(english, f"entity.{platform}"), keys)
        found |= differences(
            f"icons: entity.{platform}", names(icons, f"entity.{platform}"), keys, used=NOTHING
        )
    for kind in ("services", "triggers", "conditions"):
        found |= description_problems(kind, texts[f"{kind}.yaml"], english, icons)
    return found | selector_problems(texts) | unfilled(english)


def form_problems(english: Tree) -> set[str]:
    """Say what is wrong with the fields of the forms."""
    found: set[str] = set()
    shown: set[str] = set()
    for kind in ("config", "options"):
        for step, form in english.get(kind, {}).get("step", {}).items():
            for part in (form, *form.get("sections", {}).values()):
                data, help_texts = set(part.get("data", {})), set(part.get("data_description", {}))
                found |= differences(
                    f"{kind}.{step}.data_description", help_texts, data, used=NOTHING
                )
                shown |= data
    return found | differences("fields of forms", shown, fields())


def description_problems(kind: str, tree: Tree, english: Tree, icons: Tree) -> set[str]:
    """Say what is wrong with the texts and icons of the actions, triggers or conditions."""
    found = differences(kind, names(english, kind), set(tree), used=NOTHING)
    found |= differences(f"icons: {kind}", names(icons, kind), set(tree), used=NOTHING)
    if kind == "services":
        found |= {f"{kind}: {name} is not in the code" for name in set(tree) - WORDS}
    for name, entry in tree.items():
        text = english.get(kind, {}).get(name, {})
        has = {f"{part}.{key}" for part in ("fields", "sections") for key in text.get(part, {})}
        found |= differences(f"{kind}.{name}", has, described(entry or {}), used=NOTHING)
    return found


def selector_problems(texts: dict[str, Tree]) -> set[str]:
    """Say what is wrong with the texts of choices."""
    asked: dict[str, set[str]] = {
        key: set() for key in said("translation_key", r"\w*SelectorConfig")
    }
    for kind in ("services", "triggers", "conditions"):
        for key, options in selectors(texts[f"{kind}.yaml"]):
            asked.setdefault(key, set()).update(options)
    has = texts[ENGLISH].get("selector", {})
    found = differences("selector", set(has), set(asked), used=NOTHING)
    for key in asked.keys() & has.keys():
        found |= differences(f"selector.{key}", set(has[key].get("options", {})), asked[key])
    return found


def unfilled_issues(english: Tree) -> set[str]:
    """Say the same of issues, which take what is filled in as words of their own."""
    found: set[str] = set()
    raised = [it for it in calls() if it[0] == "raise_issue"]
    assert {ast.unparse(node.args[2]) for _, node, _ in raised} == {
        f"Issue.{it.name}" for it in Issue
    }
    for _, node, keywords in raised:
        key = Issue[ast.unparse(node.args[2]).rpartition(".")[2]]
        for _, text in leaves(english.get("issues", {}).get(key, {})):
            lacking = placeholders(text) - keywords.keys() - {"account", *URLS}
            found |= {f"issues: {key} lacks {{{name}}}" for name in lacking}
    return found


FILLED_BY = {"Unfit": {"field"}}
"""What is filled in wherever something of a name is called."""


def unfilled(english: Tree) -> set[str]:
    """Say which texts want something filled in that the code does not give."""
    found = unfilled_issues(english)
    for name, _, keywords in calls():
        given = keywords.get("translation_placeholders")
        if given is not None and not isinstance(given, ast.Dict):
            continue
        part = SAID_BY.get(name, "exceptions")
        filled = {text for key in (given.keys if given else []) for text in strings(key)}
        filled |= FILLED_BY.get(name, NOTHING)
        for key in strings(keywords.get("translation_key")):
            for _, text in leaves(english.get(part, {}).get(key, {})):
                found |= {f"{part}: {key} lacks {{{n}}}" for n in placeholders(text) - filled}
    return found


# The tests.


def test_the_texts_are_whole() -> None:
    """Somebody would read a bare key, nothing, or English in the middle of Czech."""
    found = problems(all_texts())
    assert not found, "\n".join(sorted(found))


def first(tree: Tree, path: str) -> Tree:
    """Return the tree at a path, of which `*` takes the first key."""
    for key in path.split("."):
        tree = tree[next(iter(tree)) if key == "*" else key]
    return tree


CZECH = "translations/cs.json"


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
def test_a_broken_text_is_found(
    name: str, path: str, change: Callable[[Tree], object], problem: str
) -> None:
    """A check that finds nothing would keep nothing."""
    texts = deepcopy(all_texts())
    before = problems(texts)
    change(first(texts[name], path) if path else texts[name])
    assert any(problem in found for found in problems(texts) - before)


COUNTED = re.compile(r"{(?:count|days|limit)} \w")
"""A number that is filled in, with what it counts behind it."""


@pytest.mark.parametrize("name", [ENGLISH, CZECH])
def test_what_is_counted_fits_every_number(name: str) -> None:
    """Home Assistant has no plurals: "1 callbacks" and "3 zpětných volání" would stand there."""
    assert COUNTED.search("{limit} callbacks")
    assert [path for path, text in leaves(load(name)) if COUNTED.search(text)] == []


def test_czech_calls_a_thing_by_one_name() -> None:
    """Who is sent to the settings looks for them where there are none: they are the options."""
    wrong = re.compile(r"nastavení integrace|z nastavení\b|na {account}|vydává|nevyhoví")
    assert [path for path, text in leaves(load(CZECH)) if wrong.search(text)] == []
