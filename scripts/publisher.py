"""Who publishes the project, and where: said in pyproject.toml, written everywhere by a command.

``scripts/publish-as OWNER/REPO`` writes it.
"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
import re
import subprocess
import sys
import tomllib

from scripts.home import ROOT

HOST = "github.com"
NAME = re.compile(r"(?P<owner>[A-Za-z\d](?:-?[A-Za-z\d])*)/(?P<repository>[\w.-]+)")


def published_as(root: Path = ROOT) -> str:
    """Tell the owner and the name of the repository, as in its address."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    address: str = project["urls"]["Repository"]
    return address.partition(f"//{HOST}/")[2]


def forms(name: str) -> tuple[str, ...]:
    """Give what stands for a repository: its address, also within a link, and its owner."""
    owner, repository = name.split("/")
    return (
        f"{HOST}/{owner}/{repository}",
        f"{HOST}%2F{owner}%2F{repository}",
        f'"codeowners": ["@{owner}"]',
    )


def files(root: Path = ROOT) -> Iterator[Path]:
    """Give every file that is, or is about to be, in the repository."""
    names = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],  # noqa: S607
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    yield from filter(Path.is_file, (root / name for name in names.split("\0") if name))


def texts(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Give the files of the project that hold text."""
    for path in files(root):
        try:
            yield path, path.read_bytes().decode()
        except UnicodeDecodeError:
            continue


def publish(name: str, root: Path = ROOT) -> list[Path]:
    """Write a new name wherever the old one stands, and tell in which files."""
    new, old = forms(name), forms(published_as(root))
    changed = []
    for path, text in texts(root):
        written = text
        for before, after in zip(old, new, strict=True):
            # What only begins like it is another repository. No name holds a backslash.
            written = re.sub(rf"{re.escape(before)}(?![\w-])", after, written)
        if written != text:
            path.write_bytes(written.encode())
            changed.append(path)
    return changed


def repository(text: str) -> str:
    """Read the name of a repository."""
    if not NAME.fullmatch(text):
        raise ArgumentTypeError(f"{text} is not OWNER/REPO")
    return text


def main() -> None:
    """Publish as somebody."""
    parser = ArgumentParser(prog="scripts/publish-as", description=__doc__)
    parser.add_argument("name", type=repository, metavar="OWNER/REPO")
    for path in publish(parser.parse_args().name):
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
