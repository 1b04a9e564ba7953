"""Who publishes the project stands in one place, and everywhere else the same."""

from pathlib import Path
import re
import shutil
import subprocess

import pytest

from scripts.home import ROOT
from scripts.publisher import HOST, forms, publish, published_as, texts

MENTION = re.compile(rf"{re.escape(HOST)}(?:/|%2F)([\w-]+)(?:/|%2F)([\w-]+)")
STRANGERS = {"home-assistant", "hacs"}
"""Owners of other repositories that the documents speak of."""


def mentioned(root: Path) -> dict[str, set[Path]]:
    """Find every repository that the files speak of, and where."""
    found: dict[str, set[Path]] = {}
    for path, text in texts(root):
        for owner, repository in MENTION.findall(text):
            if owner not in STRANGERS:
                found.setdefault(f"{owner}/{repository}", set()).add(path)
    return found


def test_it_is_published_under_one_name() -> None:
    """A link that was forgotten leads to somebody else."""
    mentions = mentioned(ROOT)
    assert set(mentions) == {published_as()}
    manifest = (ROOT / "custom_components/odorik/manifest.json").read_text("utf-8")
    assert forms(published_as())[2] in manifest


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the project, in which anything may be written."""
    root = tmp_path / "project"
    for path, _ in texts():
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    subprocess.run(["git", "init", "--quiet", root], check=True)  # noqa: S603, S607
    return root


def test_a_publisher_writes_the_name_once(copy: Path) -> None:
    """Also in the card, which is built, and in the links that import a blueprint."""
    before = mentioned(copy)[published_as()]
    other = f"{published_as()}-too"
    (copy / "other.md").write_text(f"https://{HOST}/{other}")
    changed = publish("some-body/tele_phone", copy)
    assert set(changed) == before
    assert published_as(copy) == "some-body/tele_phone"
    assert set(mentioned(copy)) == {"some-body/tele_phone", other}
    assert '"@some-body"' in (copy / "custom_components/odorik/manifest.json").read_text("utf-8")
    assert publish("some-body/tele_phone", copy) == []


@pytest.mark.parametrize("name", ["nobody", "a/b/c", "-/x", "a b/c", "a/"])
def test_only_a_repository_is_a_name(name: str) -> None:
    """Anything else would be written into every link."""
    run = subprocess.run(  # noqa: S603
        ["bash", "scripts/publish-as", "--", name],  # noqa: S607
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2, run.stderr
    assert "is not OWNER/REPO" in run.stderr
