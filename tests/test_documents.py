"""What the documents lead to is there, and what they tell people to type exists."""

from collections.abc import Iterator
import json
import re
import subprocess
import tomllib
import unicodedata
from urllib.parse import unquote, urlsplit

from homeassistant.util.yaml import load_yaml_dict
import pytest

from scripts.demo import EXCHANGE_PORT
from scripts.home import ROOT

DOCUMENTS = {
    name: (ROOT / name).read_text("utf-8")
    for name in subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "*.md"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)|<(https?://[^>\s]+)>")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
COMMAND = re.compile(r"(?<![\w/])(?:scripts/|\.ci/)[\w-]+(?: +--[\w-]+)*")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS: str = PROJECT["urls"]["Repository"]
OTHERS = {
    "developers.home-assistant.io",
    "img.shields.io",
    "lit.dev",
    "my.home-assistant.io",
    "www.home-assistant.io",
    "www.odorik.cz",
}
"""Where the documents may lead outside, which nobody can look at here; so they are few."""
ELSEWHERE = {
    "actions/workflows/ci.yaml",
    "actions/workflows/ci.yaml/badge.svg",
    "issues",
    "issues/new/choose",
    "security/advisories/new",
}
"""Pages of the repository that are no files of it."""
OPTIONS = {
    "scripts/develop": ["--help"],
    "scripts/bench": ["--help"],
}
"""How each command is asked what it takes; pytest takes more than its own help says of --long."""


def prose(text: str) -> str:
    """Take out the examples in a document."""
    return FENCE.sub("", text)


def anchor(heading: str) -> str:
    """Give a heading's anchor as GitHub makes it."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().casefold()
    kept = (
        letter
        for letter in plain
        if letter in " -_" or unicodedata.category(letter)[0] in {"L", "N", "M"}
    )
    return "".join(kept).replace(" ", "-")


def anchors(text: str) -> set[str]:
    """Give the anchors of a document."""
    return {anchor(heading) for heading in HEADING.findall(prose(text))}


def links() -> Iterator[tuple[str, str]]:
    """Give every link with the document that it stands in."""
    for name, text in DOCUMENTS.items():
        for one, other in LINK.findall(prose(text)):
            yield name, one or other


def misled(name: str, link: str) -> str | None:
    """Tell what is wrong with a link of a document."""
    url = urlsplit(link)
    if url.scheme == "tel":
        return None
    if link.startswith(OURS):
        rest = link.removeprefix(OURS).strip("/")
        path = rest.removeprefix("blob/main/")
        is_there = rest in {"", *ELSEWHERE} or (path != rest and (ROOT / path).exists())
        return None if is_there else "is not in the repository"
    if url.scheme:
        return None if url.hostname in OTHERS else "leads to a host that nobody has named"
    target = (ROOT / name).parent / unquote(url.path) if url.path else ROOT / name
    if not target.exists():
        return "is not there"
    if url.fragment and url.fragment not in anchors(target.read_text("utf-8")):
        return "has no such heading"
    return None


def test_every_link_leads_somewhere() -> None:
    """A reader who is sent to nothing believes the rest no longer."""
    assert sum(1 for _ in links()) > 50
    assert [(name, link, wrong) for name, link in links() if (wrong := misled(name, link))] == []


@pytest.mark.parametrize(
    "link",
    ["nothing.md", "docs/card.md#nothing", "https://example.org", f"{OURS}/blob/main/nothing"],
)
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    """Else the test above shows nothing."""
    assert misled("README.md", link) is not None


@pytest.mark.parametrize(
    ("language", "name"), [("en", "docs/manual.md"), ("cs", "docs/cs/manual.md")]
)
def test_every_option_is_in_the_manual_by_its_name(language: str, name: str) -> None:
    """Who looks for what stands in the form would not find it under another name."""
    path = ROOT / f"custom_components/odorik/translations/{language}.json"
    form = json.loads(path.read_text("utf-8"))["options"]["step"]["init"]["data"]
    assert [label for label in form.values() if f"| {label} |" not in DOCUMENTS[name]] == []


def test_every_command_exists() -> None:
    """What a newcomer types first must not be refused."""
    typed = {command for text in DOCUMENTS.values() for command in COMMAND.findall(text)}
    assert len(typed) > 8
    told: dict[str, str] = {}
    for command in typed:
        script, *options = command.split()
        assert (ROOT / script).stat().st_mode & 0o100, command
        if script in OPTIONS and options and script not in told:
            told[script] = subprocess.run(  # noqa: S603
                ["bash", script, *OPTIONS[script]],  # noqa: S607
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        for option in options:
            if script in told:
                assert option in told[script], command


def is_there(diff: str) -> bool:
    """Whether an addition could be taken back: what it adds stands in the project."""
    done = subprocess.run(
        ["git", "apply", "--check", "--reverse", "-"],  # noqa: S607
        cwd=ROOT,
        check=False,
        input=diff,
        capture_output=True,
        text=True,
    )
    return done.returncode == 0


def test_the_examples_of_additions_are_the_code_of_today() -> None:
    """Those who copy what it once was are told so by the first test, and are annoyed."""
    diffs = [body for kind, body in FENCE.findall(DOCUMENTS["CONTRIBUTING.md"]) if kind == "diff"]
    assert len(diffs) == 3
    for diff in diffs:
        assert is_there(diff), diff
        assert not is_there(re.sub(r"^(\+ .*)$", r"\1 as it was", diff, flags=re.MULTILINE))


def test_a_machine_for_working_on_it_can_be_made() -> None:
    """It has what CI asks for, runs what is there, and shows the demo's ports."""
    made = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    recipe = (ROOT / ".devcontainer" / made["build"]["dockerfile"]).read_text("utf-8")
    asked = re.search(r"needed=\((.*)\)", (ROOT / ".ci/run").read_text("utf-8"))
    assert asked is not None
    assert set(asked[1].split()) <= set(recipe.split())
    for command in (made["postCreateCommand"], made["postAttachCommand"]):
        for script in COMMAND.findall(command):
            assert (ROOT / script.split()[0]).exists(), script
    assert made["forwardPorts"] == [8123, EXCHANGE_PORT]


def test_whoever_reports_something_is_asked_for_the_diagnostics() -> None:
    """And the form is one that GitHub shows."""
    forms = {}
    for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yaml"):
        form = forms[path.stem] = load_yaml_dict(str(path))
        assert {"name", "description", "body"} <= set(form)
        asked = [part for part in form["body"] if part["type"] != "markdown"]
        assert len({part["id"] for part in asked}) == len(asked)
        assert all(part["type"] in {"input", "textarea"} for part in asked)
        assert all(part["attributes"]["label"] for part in asked)
    required = {
        part["id"]
        for part in forms["problem"]["body"]
        if part.get("validations", {}).get("required")
    }
    assert {"diagnostics", "version"} <= required
    config = load_yaml_dict(str(ROOT / ".github/ISSUE_TEMPLATE/config.yml"))
    for link in config["contact_links"]:
        assert misled("README.md", link["url"]) is None, link
