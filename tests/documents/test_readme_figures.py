"""The figures in the documents and the promises that the reports have to keep."""

import pytest

from tests.bench.__main__ import LONGEST
from tests.bench.home import BLOCK
from tests.bench.years import WORLDS

from .readme_figures import BENCHED, ENDURED, QUOTED, ROOT, rows, with_figures

READMES = ("README.md", "README.cs.md")
HOUSEHOLD, OFFICE = WORLDS.values()
MAX_LINES = 100


@pytest.mark.parametrize("name", QUOTED)
def test_the_figures_are_those_of_the_reports(name: str) -> None:
    """A document contains the current values of the benchmarks and the endurance tests."""
    assert (ROOT / name).read_text("utf-8") == with_figures(name)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_is_short(name: str) -> None:
    """Details are in the manual."""
    assert (ROOT / name).read_text("utf-8").count("\n") < MAX_LINES


@pytest.mark.parametrize(
    ("name", "unit", "limit"),
    [
        ("set up an account with 100 lines", "s", 2),
        (LONGEST, "ms", 20),
        ("from when a call starts to its event, announced: median", "s", 0.5),
        ("from when a call starts to its event, announced: 95th percentile", "s", 1),
        ("from when a call is missed to its event, announced: median", "s", 4),
        ("an idle hour with push", "requests", 130),
        ("the webhook's response while 100 lines ring: longest", "ms", 20),
        ("from when an expensive call starts to the guard's event: 95th percentile", "s", 10.5),
        ("from when an expensive call starts to its end, with push: 95th percentile", "s", 12),
        (f"import {HOUSEHOLD}", "s", 60),
        (f"import {OFFICE}", "s", 360),
        (f"import {OFFICE}: most memory above idle", "MiB", 40),
        (f"import {OFFICE}: {BLOCK}", "ms", 20),
        (f"import {OFFICE}: the longest of these", "s", 2),
    ],
)
def test_the_costs_are_as_low_as_promised(name: str, unit: str, limit: float) -> None:
    """The reported time, memory or number is within its limit."""
    (value,) = (row[1] for row in rows(BENCHED.read_text("utf-8")) if row[0] == name)
    number, found = value.split()
    assert found == unit
    assert float(number) <= limit


def test_the_guard_prevents_nine_tenths_of_the_loss() -> None:
    """At most a tenth of the loss without the guard is reported with it."""
    name = "cost of the simulated fraud, with the guard"
    (ratio,) = (row[3] for row in rows(BENCHED.read_text("utf-8")) if row[0] == name)
    assert float(ratio) <= 0.1


def test_no_fault_loses_a_call() -> None:
    """No section of the endurance report counts a call as lost or reported twice."""
    for section in ENDURED.read_text("utf-8").split("\n## ")[1:]:
        head, _, *body = rows(section)
        for column in {"lost", "reported twice"} & set(head):
            assert {row[head.index(column)] for row in body} == {"0"}
