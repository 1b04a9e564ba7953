"""Links, commands, code and forms that the documents refer to."""

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

from .examples import texts, yaml_blocks


def run(*command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in the repository."""
    return subprocess.run(  # noqa: S603 - Commands of this module and of the documents.
        command, cwd=ROOT, check=False, input=stdin, capture_output=True, text=True
    )


DOCUMENTS = {
    name: (ROOT / name).read_text("utf-8")
    for name in run("git", "-c", "safe.directory=*", "ls-files", "*.md").stdout.splitlines()
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)|<(https?://[^>\s]+)>")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
COMMAND = re.compile(r"(?<![\w/])(?:scripts/|\.ci/)[\w-]+(?: +--[\w-]+)*")
TRANSLATED = ["actions.md", "events.md", "gate.md", "guard.md", "messages.md"]
"""Documents with a Czech version that is complete."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY: str = PROJECT["urls"]["Repository"]
# Links to other hosts cannot be checked here, so each host is listed.
HOSTS = {
    "ctu.gov.cz",
    "developers.home-assistant.io",
    "img.shields.io",
    "lit.dev",
    "my.home-assistant.io",
    "smartmania.cz",
    "www.home-assistant.io",
    "www.lupa.cz",
    "www.odorik.cz",
}
PAGES = {
    "actions/workflows/ci.yaml",
    "actions/workflows/ci.yaml/badge.svg",
    "issues",
    "issues/new/choose",
    "security/advisories/new",
}
"""Pages of the repository on GitHub that are not files."""
COMMANDS_WITH_HELP = {"scripts/develop", "scripts/bench"}


def prose(text: str) -> str:
    """Return a document without its code blocks."""
    return FENCE.sub("", text)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().casefold()
    kept = (
        letter
        for letter in plain
        if letter in " -_" or unicodedata.category(letter)[0] in {"L", "N", "M"}
    )
    return "".join(kept).replace(" ", "-")


def links() -> Iterator[tuple[str, str]]:
    """Yield the name of a document and a link in it, for all links."""
    for name, text in DOCUMENTS.items():
        for inline, autolink in LINK.findall(prose(text)):
            yield name, inline or autolink


def link_problem(name: str, link: str) -> str | None:
    """Return what is wrong with a link in a document, if anything."""
    url = urlsplit(link)
    if url.scheme == "tel":
        return None
    if link.startswith(REPOSITORY):
        page = link.removeprefix(REPOSITORY).strip("/")
        path = page.removeprefix("blob/main/")
        exists = page in {"", *PAGES} or (path != page and (ROOT / path).exists())
        return None if exists else "is not in the repository"
    if url.scheme:
        return None if url.hostname in HOSTS else "leads to an unknown host"
    target = (ROOT / name).parent / unquote(url.path) if url.path else ROOT / name
    if not target.exists():
        return "does not exist"
    headings = HEADING.findall(prose(target.read_text("utf-8"))) if url.fragment else ()
    if url.fragment and url.fragment not in map(anchor, headings):
        return "has no such heading"
    return None


def test_every_link_has_a_target() -> None:
    """Files, headings and pages that documents link to exist."""
    assert sum(1 for _ in links()) > 50
    problems = [(*it, problem) for it in links() if (problem := link_problem(*it))]
    assert problems == []


@pytest.mark.parametrize(
    "link",
    [
        "nothing.md",
        "docs/card.md#nothing",
        "https://example.org",
        f"{REPOSITORY}/blob/main/nothing",
    ],
)
def test_a_broken_link_is_found(link: str) -> None:
    """The check above detects each kind of broken link."""
    assert link_problem("README.md", link) is not None


def test_czech_documents_link_to_czech_documents() -> None:
    """No Czech document links to an English one that is completely translated."""
    english = {(ROOT / "docs" / name).resolve() for name in TRANSLATED}
    targets = {
        (name, link): (ROOT / name).parent / urlsplit(link).path
        for name, link in links()
        if re.search(r"[/.]cs[/.]", name)
    }
    assert len(targets) > 50
    assert [it for it, target in targets.items() if target.resolve() in english] == []


@pytest.mark.parametrize(
    ("english", "czech"),
    [
        ("README.md", "README.cs.md"),
        *((f"docs/{name}", f"docs/cs/{name}") for name in TRANSLATED),
    ],
)
def test_both_languages_have_the_same_structure(english: str, czech: str) -> None:
    """Headings, lists, tables, commands, links to other pages and steps of examples are the same.

    All names in code that the English document mentions are in the Czech one.
    """

    def structure(text: str) -> list[object]:
        links = re.findall(r"\]\(([\w/.-]+)", text.replace("docs/cs/", "docs/"))
        return [
            re.findall(r"^(#+) ", text, re.MULTILINE),
            len(re.findall(r"^(?:\d\.|-) ", prose(text), re.MULTILINE)),
            [row.count("|") for row in re.findall(r"^\|.*$", text, re.MULTILINE)],
            re.findall(r"^scripts/\w+", text, re.MULTILINE),
            [link.replace("../", "") for link in links if "README" not in link],
            [re.findall(r"(?:trigger|condition|action): [\w.]+", it) for it in yaml_blocks(text)],
        ]

    texts = DOCUMENTS[english], DOCUMENTS[czech]
    in_english, in_czech = map(structure, texts)
    assert in_english == in_czech
    names, czech_names = (set(re.findall(r"`([^`]+)`", prose(text))) for text in texts)
    assert names - czech_names == set()


@pytest.mark.parametrize(
    ("language", "name"), [("en", "docs/manual.md"), ("cs", "docs/cs/manual.md")]
)
def test_every_option_is_in_the_manual(language: str, name: str) -> None:
    """The manual calls each option by the name that the form shows."""
    form = texts(language)["options"]["step"]["init"]["data"]
    assert [label for label in form.values() if f"| {label} |" not in DOCUMENTS[name]] == []


def test_every_command_exists() -> None:
    """Scripts in the documents are executable and know the options given to them."""
    commands = {command for text in DOCUMENTS.values() for command in COMMAND.findall(text)}
    assert len(commands) > 8
    for command in commands:
        script, *options = command.split()
        assert (ROOT / script).stat().st_mode & 0o100, command
        if options and script in COMMANDS_WITH_HELP:
            usage = run("bash", script, "--help")
            assert usage.returncode == 0
            assert [option for option in options if option not in usage.stdout] == [], command


def is_applied(diff: str) -> bool:
    """Return whether the project contains what a diff adds, so that it could be reverted."""
    return run("git", "apply", "--check", "--reverse", "-", stdin=diff).returncode == 0


def test_the_diffs_in_the_contributing_guide_are_up_to_date() -> None:
    """The examples of additions are parts of the current code, and a changed one is detected."""
    diffs = [body for kind, body in FENCE.findall(DOCUMENTS["CONTRIBUTING.md"]) if kind == "diff"]
    assert len(diffs) == 3
    for diff in diffs:
        assert is_applied(diff), diff
        assert not is_applied(re.sub(r"^(\+ .*)$", r"\1 changed", diff, flags=re.MULTILINE))


def test_the_devcontainer_fits_the_project() -> None:
    """It installs the packages that CI needs, runs scripts that exist, and forwards the ports."""
    config = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    dockerfile = (ROOT / ".devcontainer" / config["build"]["dockerfile"]).read_text("utf-8")
    needed = re.search(r"needed=\((.*)\)", (ROOT / ".ci/run").read_text("utf-8"))
    assert needed is not None
    assert set(needed[1].split()) <= set(dockerfile.split())
    for command in (config["postCreateCommand"], config["postAttachCommand"]):
        for script in COMMAND.findall(command):
            assert (ROOT / script.split()[0]).exists(), script
    assert config["forwardPorts"] == [8123, EXCHANGE_PORT]


def test_the_issue_forms_are_valid() -> None:
    """GitHub accepts the forms; the one for problems requires the diagnostics and the version."""
    folder = ROOT / ".github/ISSUE_TEMPLATE"
    forms = {path.stem: load_yaml_dict(str(path)) for path in folder.glob("*.yaml")}
    for form in forms.values():
        assert {"name", "description", "body"} <= set(form)
        fields = [part for part in form["body"] if part["type"] != "markdown"]
        assert len({part["id"] for part in fields}) == len(fields)
        assert all(part["type"] in {"input", "textarea"} for part in fields)
        assert all(part["attributes"]["label"] for part in fields)
    required = {
        part["id"]
        for part in forms["problem"]["body"]
        if part.get("validations", {}).get("required")
    }
    assert {"diagnostics", "version"} <= required
    config = load_yaml_dict(str(folder / "config.yml"))
    for link in config["contact_links"]:
        assert link_problem("README.md", link["url"]) is None, link
