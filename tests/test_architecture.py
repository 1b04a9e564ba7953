"""The shape of the house: who may import whom, and what may not lie about in it."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
import json
import os
from pathlib import Path
import re
import subprocess
import sys
import tomllib

from homeassistant.const import __version__ as home_assistant
from packaging.requirements import Requirement
import pytest

from scripts.home import ROOT
from scripts.publisher import files

INTEGRATION = ROOT / "custom_components/odorik"
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

WINGS = {
    "const": "",
    "api": "",
    "calls": "api",
    "errors": "api const",
    "issues": "const",
    "device": "api const",
    "coordinator": "api calls const device errors issues",
    "push": "api calls const coordinator issues",
    "readings": "const",
    "runtime": "api const coordinator push readings",
    "permission": "const runtime",
    "entity": "api coordinator device runtime",
    "watch": "api const coordinator device issues runtime",
    "call_options": "api",
    "actions": "api calls const coordinator runtime watch",
    "push_sensor": "const coordinator entity push",
    "options_flow": "calls const push runtime",
    "words": "const",
    "services": "actions api const errors permission runtime",
    "card": "api calls const coordinator errors permission runtime",
    "platforms": (
        "api call_options calls const coordinator device entity errors options_flow push "
        "push_sensor runtime words"
    ),
    "__init__": "actions card const coordinator device entity issues push runtime services watch",
}
"""Each wing of the house with those below it that it may use; nothing leads back up."""

PLATFORMS = frozenset(
    {
        "binary_sensor",
        "button",
        "condition",
        "config_flow",
        "diagnostics",
        "event",
        "logbook",
        "repairs",
        "sensor",
        "system_health",
        "todo",
        "trigger",
    }
)
"""The files that Home Assistant itself looks for; none of them uses another."""

BELOW_RUNTIME = (
    *("api", "calls", "coordinator", "const", "device", "errors", "issues", "push", "readings"),
)

STRANGERS = {
    "custom_components": {"scripts", "simulator", "tests"},
    "simulator": {"custom_components", "homeassistant", "scripts", "tests"},
    "scripts": {"custom_components", "simulator", "tests"},
}
"""What a part must not know: sharing a model with the simulator would share every mistake."""


def imports(source: str, package: tuple[str, ...]) -> Iterator[str]:
    """Give the full names that a module of a package imports, also those that only types need."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def wing_of(name: str) -> str:
    """Tell the wing of a module, named below the integration."""
    first = name.split(".", maxsplit=1)[0]
    return "platforms" if first in PLATFORMS else first


def used(name: str, source: str) -> set[str]:
    """Name the modules of the integration that one of them imports, below the integration."""
    prefix = f"custom_components.{INTEGRATION.name}."
    *folders, _ = name.split(".")
    package = ("custom_components", INTEGRATION.name, *folders)
    known = {module for module, _ in modules()}
    found = set()
    for full in imports(source, package):
        below = full.removeprefix(prefix)
        if full == below:
            continue
        # What is imported may be a module, something in a module, or something of a package.
        parent = below.rpartition(".")[0]
        ways = (below, parent, f"{below}.__init__", f"{parent}.__init__")
        found.add(next((way for way in ways if way in known), below))
    return found


def forbidden(name: str, source: str) -> list[str]:
    """Tell which imports of a module lead where its wing has no arrow to."""
    wing = wing_of(name)
    return sorted(
        f"{name} imports {other}"
        for other in used(name, source)
        if not (wing_of(other) == wing != "platforms")
        and wing_of(other) not in WINGS.get(wing, "").split()
    )


def modules() -> Iterator[tuple[str, str]]:
    """Give each module of the integration, named below it, with its source."""
    for path in sorted(INTEGRATION.rglob("*.py")):
        name = ".".join(path.relative_to(INTEGRATION).with_suffix("").parts)
        yield name, path.read_text("utf-8")


def test_imports_follow_the_arrows() -> None:
    """Two wings that need each other cannot be understood, or mended, one at a time."""
    assert [problem for name, source in modules() for problem in forbidden(name, source)] == []


def test_every_module_has_a_wing() -> None:
    """A module outside the table would be bound by no arrow."""
    assert {wing_of(name) for name, _ in modules()} == WINGS.keys()
    assert {name for name, _ in modules()} > PLATFORMS


def test_no_two_modules_need_each_other() -> None:
    """Within a wing as well: a circle has no beginning at which to read it."""
    sorter = TopologicalSorter({name: used(name, source) for name, source in modules()})
    try:
        sorter.prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_the_table_of_the_wings_has_no_circle() -> None:
    """An arrow back would be allowed by mistake."""
    TopologicalSorter({wing: below.split() for wing, below in WINGS.items()}).prepare()


def test_nothing_below_the_runtime_reaches_through_it() -> None:
    """While a reading is still under way it may be gone, and the reading writes a traceback."""
    assert [
        name
        for name, source in modules()
        if wing_of(name) in BELOW_RUNTIME and "runtime_data" in source
    ] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("coordinator.history", "from ..entity import OdorikEntity"),
        ("coordinator.history", "from ..runtime import OdorikData"),
        ("api.models", "from ..const import DOMAIN"),
        ("api.models", "from .. import const"),
        ("calls.log", "from ..const import LOGGER"),
        ("sensor", "import custom_components.odorik.event"),
        ("const", "def later():\n    from . import sensor"),
        (
            "calls.log",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..card import feed",
        ),
    ],
)
def test_an_import_against_the_arrows_is_found(module: str, source: str) -> None:
    """A check that finds nothing would keep nothing."""
    assert forbidden(module, source)


@pytest.mark.parametrize("part", STRANGERS)
def test_the_parts_do_not_know_each_other(part: str) -> None:
    """The simulator would agree with every misunderstanding that it shares."""
    known = {
        name.split(".")[0]
        for path in (ROOT / part).rglob("*.py")
        for name in imports(path.read_text("utf-8"), path.parent.relative_to(ROOT).parts)
    }
    assert known
    assert known & STRANGERS[part] == set()


def test_what_a_call_is_needs_no_home_assistant() -> None:
    """Neither could be tried, tested or used without a Home Assistant around it."""
    names = [name for name, _ in modules() if wing_of(name) in {"api", "calls"}]
    program = f"""
import importlib, sys, types
for name in ("homeassistant", "probatio", "voluptuous"):
    sys.modules[name] = None
house = sys.modules["house"] = types.ModuleType("house")
house.__path__ = [{str(INTEGRATION)!r}]
for name in {names}:
    importlib.import_module("house." + name.removesuffix(".__init__"))
"""
    run = [sys.executable, "-I", "-c"]
    assert len(names) > 10
    assert subprocess.run([*run, program], check=False).returncode == 0  # noqa: S603
    blocked = program + "import homeassistant"
    outcome = subprocess.run([*run, blocked], check=False, capture_output=True)  # noqa: S603
    assert b"ModuleNotFoundError" in outcome.stderr


@cache
def texts() -> dict[Path, str]:
    """Return the text of every file that is, or is about to be, in the repository."""
    return {
        path.relative_to(ROOT): path.read_text("utf-8", errors="replace")
        for path in files()
        if path.suffix not in {".png", ".xz", ".gz"}
    }


def holding(words: Iterable[str]) -> list[str]:
    """Tell which files hold one of the words."""
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    return [
        f"{path}: {match[0]}" for path, text in texts().items() if (match := pattern.search(text))
    ]


ASKED_FOR_HOSTS = (
    ("python3", "-m", "pip", "config", "list"),
    ("python3", "-c", "from pip._internal.models.index import PyPI as p; print(p.url, p.pypi_url)"),
    ("npm", "config", "get", "registry"),
    ("apt-get", "indextargets", "--format", "$(SITE)"),
)
"""The package clients of this machine, and how each says where it gets packages from."""


def package_hosts() -> set[str]:
    """Return the hosts that this machine gets packages from."""
    answers = [value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))]
    for command in ASKED_FOR_HOSTS:
        try:
            answers.append(subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL))  # noqa: S603
        except OSError, subprocess.CalledProcessError:
            continue
    return {
        host for text in answers for host in re.findall(r"https?://([\w-]+(?:\.[\w-]+)+)", text)
    }


def test_no_file_names_a_package_host() -> None:
    """A machine with a mirror of its own could not set the project up."""
    hosts = package_hosts()
    if not hosts:
        pytest.skip("no package client on this machine tells a host")
    assert holding(hosts) == []


def test_no_file_names_the_folder_it_was_written_in() -> None:
    """What works only there works for nobody else."""
    assert holding([f"{ROOT}/"]) == []


LOGIN_IN_ADDRESS = re.compile(
    r"https?://[^\s\"'`]*[?&](?:password|sip_password)=(?!…|\.\.\.|{)[^\s\"'`&]"
)


def test_no_file_holds_an_address_with_a_password() -> None:
    """Such an address is copied into a browser, a log and a bug report before anybody thinks."""
    assert LOGIN_IN_ADDRESS.search("GET http://127.0.0.1/lines.json?user=1&" + "password=x")
    assert [str(path) for path, text in texts().items() if LOGIN_IN_ADDRESS.search(text)] == []


def test_the_tests_run_on_versions_that_a_home_may_have() -> None:
    """The tests would run on other versions than a home does, or a home on any that there are.

    The manifest gives ranges, for another integration may need the same library.
    """
    allowed = {need.name: need.specifier for need in map(Requirement, MANIFEST["requirements"])}
    for pin in map(Requirement, PROJECT["dependency-groups"]["integration"]):
        (exact,) = pin.specifier
        assert exact.operator == "=="
        bounds = allowed.pop(pin.name)
        assert {bound.operator for bound in bounds} == {">=", "<"}
        assert exact.version in bounds
    assert allowed == {}


def test_the_version_is_one() -> None:
    """A release would call itself something else than its tag."""
    assert MANIFEST["version"] == PROJECT["project"]["version"]


def test_the_oldest_home_assistant_promised_is_the_one_tested() -> None:
    """HACS would install the integration where nobody has ever run it."""
    promised = json.loads((ROOT / "hacs.json").read_text("utf-8"))["homeassistant"]
    assert promised.split(".")[:2] == home_assistant.split(".")[:2]
