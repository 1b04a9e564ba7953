"""The script that CI runs, and the workflows."""

import os
from pathlib import Path
import shutil
import subprocess
import tomllib
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github/workflows"
SCRIPTS = ("check", "browsers", "test")
GIT = ("git", "-c", "user.name=ci", "-c", "user.email=ci@example.org")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(  # noqa: S603 - Commands of this module.
        command,
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose scripts print where they run, and fail if a file says so."""
    root = tmp_path / "checkout"
    (root / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", root / ".ci/run")
    (root / "scripts").mkdir()
    for name in ("setup", *SCRIPTS):
        script = root / "scripts" / name
        script.write_text(
            "#!/bin/bash\n"
            'cd "$(dirname "$0")/.."\n'
            f'echo "{name} in $PWD: $(git log --format=%s)"\n'
            "touch .cache/uv/downloaded made\n"
            'read -r line && echo "standard input: $line"\n'
            f"[[ ! -e fail-{name} ]] || exit 7\n"
            f'echo "{name}: 3 passed"\n'
        )
        script.chmod(0o755)
    (root / ".gitignore").write_text("/.cache/\n")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "first")):
        assert run(*GIT, *command, cwd=root).returncode == 0
    return root


def run_ci(checkout: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run CI, and return its result and its folder for temporary files."""
    temporary = checkout.parent / "temporary"
    temporary.mkdir()
    # With this dpkg, all packages seem to be installed.
    tools = checkout.parent / "tools"
    tools.mkdir()
    (tools / "dpkg").symlink_to(shutil.which("true") or "")
    path = f"{tools}:{os.environ['PATH']}"
    result = run(checkout / ".ci/run", cwd=checkout.parent, PATH=path, TMPDIR=str(temporary))
    return result, temporary


def test_ci_runs_in_a_clone_whose_path_contains_a_space(checkout: Path) -> None:
    """CI checks a clone of the commit, so uncommitted files and folder names do not matter."""
    (checkout / "uncommitted").touch()
    result, temporary = run_ci(checkout)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    started = {line.split()[0]: line for line in lines if " in " in line}
    for name in SCRIPTS:
        assert started[name].startswith(f"{name} in {temporary}/")
        assert started[name].endswith("/a home/odorik: first")
    assert {f"{name}: 3 passed" for name in SCRIPTS} < {*lines}
    assert [line.split()[0] for line in lines[-2:]] == ["test", "test:"]
    assert list(temporary.iterdir()) == []
    assert (checkout / ".cache/uv/downloaded").exists()
    assert not (checkout / "made").exists()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_failing_script_fails_ci(checkout: Path, name: str) -> None:
    """CI returns the exit code of the script, and removes the clone nevertheless."""
    (checkout / f"fail-{name}").touch()
    run(*GIT, "add", "--all", cwd=checkout)
    run(*GIT, "commit", "--quiet", "-m", "second", cwd=checkout)
    result, temporary = run_ci(checkout)
    assert result.returncode == 7
    assert ("test in" in result.stdout) is (name == "test")
    assert list(temporary.iterdir()) == []


def workflow(name: str) -> dict[str, Any]:
    """Load a workflow; YAML 1.1 reads the key ``on`` as a boolean."""
    return {str(key): value for key, value in load_yaml_dict(str(WORKFLOWS / name)).items()}


@pytest.mark.parametrize(
    ("version", "is_prerelease"),
    [("0.3.0", False), ("10.0.1", False), ("0.3.0b1", True), ("1.0.0rc2", True)],
)
def test_a_version_with_a_letter_is_a_prerelease(
    tmp_path: Path, version: str, *, is_prerelease: bool
) -> None:
    """HACS offers a pre-release only to users who have asked for betas."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    (tools / "gh").chmod(0o755)
    (step,) = [
        step
        for step in workflow("release.yaml")["jobs"]["release"]["steps"]
        if "gh release" in step.get("run", "")
    ]
    result = run(
        *("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]),
        cwd=tmp_path,
        PATH=f"{tools}:{os.environ['PATH']}",
        GITHUB_REF_NAME=version,
    )
    assert result.returncode == 0, result.stderr
    arguments = result.stdout.splitlines()
    assert arguments[:3] == ["release", "create", version]
    assert ("--prerelease" in arguments) is is_prerelease
    assert "" not in arguments


def test_a_release_waits_for_ci() -> None:
    """A version whose tests fail is not released."""
    jobs = workflow("release.yaml")["jobs"]
    needed = jobs["release"]["needs"]
    assert jobs[needed]["uses"] == "./.github/workflows/ci.yaml"
    ci = (WORKFLOWS / "ci.yaml").read_text("utf-8")
    assert "\n  workflow_call:\n" in ci


def test_a_push_does_not_cancel_the_weekly_tests() -> None:
    """Runs of different events are in different concurrency groups."""
    assert "github.event_name" in workflow("ci.yaml")["concurrency"]["group"]


def test_package_lists_are_updated_before_an_installation() -> None:
    """The package lists of a runner's image are outdated."""
    for job in workflow("ci.yaml")["jobs"].values():
        for step in job.get("steps", ()):
            before, install, _ = step.get("run", "").partition("apt-get install")
            assert not install or "apt-get update" in before


def test_publishing_pushes_the_commit_before_its_tag() -> None:
    """The documented command pushes the branch as well as the tag."""
    text = (ROOT / "docs/publishing.md").read_text("utf-8")
    (command,) = [line for line in text.splitlines() if "git tag" in line]
    assert "git push origin main" in command


def test_every_folder_is_tested_by_default_or_runs_processes() -> None:
    """A new folder of tests is not forgotten in pyproject.toml."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = set(pyproject["tool"]["pytest"]["ini_options"]["testpaths"])
    folders = {f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py")}
    assert folders - listed == {"tests/browser", "tests/chaos", "tests/e2e"}
    assert listed - folders == {"tests/test_*.py"}
