"""Tests run at once, and what measures has the machine for itself."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
import json
from pathlib import Path
import subprocess
import sys

import pytest

from scripts.home import environment

from .parallel import FIRST
from .quote import ROOT

SUITE = {
    "conftest.py": """
import json, logging, os, time
import pytest

# As the test plugin does with -v.
logging.getLogger().setLevel(logging.DEBUG)

@pytest.fixture(autouse=True)
def witness(request):
    began = time.monotonic()
    time.sleep(0.05)
    yield
    with open("witnessed.jsonl", "a") as paper:
        seen = (request.node.originalname, os.getpid(), began, time.monotonic())
        paper.write(json.dumps(seen) + "\\n")
""",
    "house/conftest.py": """
import pytest

@pytest.fixture(scope="package")
def house():
    pass
""",
    **{
        f"house/test_{room}.py": """
import pytest

@pytest.mark.parametrize("number", range(3))
def test_in_the_house(house, number): pass

@pytest.mark.alone
def test_alone_in_the_house(house): pass
"""
        for room in ("kitchen", "hall")
    },
    **{
        f"test_{number}.py": """
import logging
import pytest

@pytest.mark.alone
def test_alone():
    assert not logging.getLogger().isEnabledFor(logging.DEBUG)
    logging.warning("No text: %s", "\\ud800")

@pytest.mark.parametrize("number", range(4))
def test_whatever(number):
    assert logging.getLogger().isEnabledFor(logging.DEBUG)
"""
        for number in range(4)
    },
}
"""Files of tests that write down when, and in which process, each of them ran."""


@dataclass(frozen=True)
class Ran:
    """A test that ran: which, in which process, and when by the clock that nobody sets."""

    name: str
    process: int
    began: float
    ended: float


type Run = Callable[..., list[Ran]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a small suite as scripts/test does, with the arguments."""
    for name, text in SUITE.items():
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def run_it(*arguments: str) -> list[Ran]:
        options = ("-c", "/dev/null", "--rootdir=.", "-p", "xdist", "-p", "tests.parallel")
        as_scripts_test = ("--numprocesses=auto", "--dist=loadgroup")
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", *options, *as_scripts_test, *arguments],
            cwd=tmp_path,
            env=environment(
                PYTHONPATH=str(ROOT), PYTHON_CPU_COUNT="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
            ),
            check=True,
            timeout=60,
        )
        lines = (tmp_path / "witnessed.jsonl").read_text("utf-8").splitlines()
        return sorted((Ran(*json.loads(line)) for line in lines), key=lambda one: one.began)

    return run_it


def processes(ran: list[Ran], name: str) -> int:
    """Count the processes in which tests of a name ran."""
    return len({one.process for one in ran if one.name == name})


@pytest.mark.parametrize(
    ("arguments", "tests"),
    [([], 28), (["-n3", "-k", "house"], 8), (["-n2", "-m", "alone"], 6)],
    ids=["all", "more workers than work", "nothing but those"],
)
def test_what_measures_runs_alone_and_last(run: Run, arguments: list[str], tests: int) -> None:
    """A neighbour's work would be taken for ours, and every bound would have to be slack."""
    ran = run(*arguments)
    assert len(ran) == tests
    alone = [one for one in ran if one.name.startswith("test_alone")]
    others = ran[: -len(alone)]
    last = sorted(others, key=lambda one: one.ended)[-1:]
    for one, next_one in pairwise([*last, *alone]):
        assert one.ended < next_one.began
    # What is shared is made once: else each worker would start a Home Assistant and a browser.
    assert processes(ran, "test_in_the_house") <= 1
    assert processes(ran, "test_whatever") > 1 or arguments


@pytest.mark.parametrize("arguments", [["-k", "not alone"], ["tests/"]], ids=["words", "a path"])
def test_what_is_chosen_runs_at_once(run: Run, arguments: list[str]) -> None:
    """Who looks for one fault would wait for all the workers to get ready."""
    assert processes(run(*arguments), "test_whatever") == 1


def test_what_fails_is_remembered_by_its_own_name(run: Run, tmp_path: Path) -> None:
    """By that of its group it would not be found again, and whoever tries again would see green."""
    sad = "import pytest\n\n@pytest.mark.alone\ndef test_sad():\n    assert False\n"
    sad += "\ndef test_sad_too():\n    assert False\n"
    (tmp_path / "tests/test_sad.py").write_text(sad, "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        run()
    failed = tmp_path / ".pytest_cache/v/cache/lastfailed"
    assert json.loads(failed.read_text("utf-8")) == {
        "tests/test_sad.py::test_sad": True,
        "tests/test_sad.py::test_sad_too": True,
    }


def test_what_is_tried_again_may_leave_pictures_unused(run: Run, tmp_path: Path) -> None:
    """It passed, and the whole was red: the tests beside it had compared with the other ones."""
    test = tmp_path / "tests/test_pictures.py"
    pictures = "def test_one(snapshot):\n    assert 1 == snapshot\n"
    pictures += "\ndef test_two(snapshot):\n    assert {} == snapshot\n"
    test.write_text(pictures.format(2), "utf-8")
    run("-p", "syrupy", "--snapshot-update", "tests/test_pictures.py")
    # Of another length: Python takes what it has compiled from a file of the same second and size.
    test.write_text(pictures.format(33), "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        run("-p", "syrupy")
    test.write_text(pictures.format(2), "utf-8")
    assert run("-p", "syrupy", "--last-failed")[-1].name == "test_two"


def test_what_takes_longest_is_there() -> None:
    """A file that was renamed would begin last, and everybody would wait for it."""
    assert [name for name in FIRST if not (ROOT / name).exists()] == []
