"""The shape of the house: who may import whom, and what may not lie about in it."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
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

ROOT = Path(__file__).parent.parent
INTEGRATION = ROOT / "custom_components/odorik"
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"api"}),
    frozenset({"const", "phone_number"}),
    frozenset({"contacts", "directory", "errors"}),
    frozenset({"call_event", "callback_order"}),
    frozenset({"live_calls"}),
    frozenset({"call_log"}),
    frozenset({"coordinator", "place"}),
    frozenset({"action_schemas", "callback_limit", "export", "history", "permission"}),
    frozenset({"entity", "services", "websocket_api"}),
    frozenset({"binary_sensor", "button", "condition", "event", "sensor"}),
    frozenset({"trigger"}),
    frozenset({"diagnostics", "frontend", "issues", "logbook", "system_health"}),
    frozenset({"config_flow"}),
    frozenset({"__init__"}),
)
"""The integration's modules, from the bottom up: each may import those of the rows above it."""

STRANGERS = {
    "custom_components": {"scripts", "simulator", "tests"},
    "simulator": {"custom_components", "homeassistant", "scripts", "tests"},
    "scripts": {"custom_components", "simulator", "tests"},
}
"""What a part must not know: sharing a model with the simulator would share every mistake."""


def imports(source: str, package: tuple[str, ...]) -> Iterator[str]:
    """Give the full names that a module of a package imports, but those that only types need."""
    tree = ast.parse(source)
    for_types = {
        node
        for condition in ast.walk(tree)
        if isinstance(condition, ast.If) and ast.unparse(condition.test).endswith("TYPE_CHECKING")
        for statement in condition.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def upward(module: str, source: str) -> list[str]:
    """Tell which imports of one of the integration's modules do not go down a layer."""
    rank = {name: row for row, names in enumerate(LAYERS) for name in names}
    prefix = f"custom_components.{INTEGRATION.name}."
    package = ("custom_components", INTEGRATION.name, *(["api"] if module == "api" else []))
    found = {
        name.removeprefix(prefix).split(".")[0]
        for name in imports(source, package)
        if name.startswith(prefix)
    }
    inside = {"api"} if module == "api" else set()
    return sorted(
        f"{module} imports {name}"
        for name in found - inside
        if rank.get(name, -1) >= rank.get(module, -1)
    )


def modules() -> Iterator[tuple[str, str]]:
    """Give each module of the integration with its source; the client counts as one."""
    for path in sorted(INTEGRATION.rglob("*.py")):
        yield path.relative_to(INTEGRATION).parts[0].removesuffix(".py"), path.read_text("utf-8")


def test_imports_run_one_way() -> None:
    """Two modules that need each other cannot be understood, or mended, one at a time."""
    assert [problem for module, source in modules() for problem in upward(module, source)] == []


def test_every_module_has_a_place() -> None:
    """A module outside the table would be bound by no direction."""
    assert {module for module, _ in modules()} <= set().union(*LAYERS)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("coordinator", "from .entity import OdorikEntity"),
        ("api", "from ..const import DOMAIN"),
        ("api", "from .. import const"),
        ("sensor", "import custom_components.odorik.event"),
        ("const", "def later():\n    from . import sensor"),
    ],
)
def test_an_import_upwards_is_found(module: str, source: str) -> None:
    """A check that finds nothing would keep nothing."""
    assert upward(module, source)


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


def test_the_client_needs_no_home_assistant() -> None:
    """The client could not be tried, tested or used without a Home Assistant around it."""
    program = f"""
import sys
for name in ("homeassistant", "probatio", "voluptuous"):
    sys.modules[name] = None
sys.path.insert(0, {str(INTEGRATION)!r})
import api
assert api.OdorikClient
"""
    run = [sys.executable, "-I", "-c"]
    assert subprocess.run([*run, program], check=False).returncode == 0  # noqa: S603
    blocked = program.replace("import api", "import homeassistant")
    outcome = subprocess.run([*run, blocked], check=False, capture_output=True)  # noqa: S603
    assert b"ModuleNotFoundError" in outcome.stderr


@cache
def texts() -> dict[Path, str]:
    """Return the text of every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    found: dict[Path, str] = {}
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".xz", ".gz"}:
            found[path.relative_to(ROOT)] = path.read_text("utf-8", errors="replace")
    return found


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
