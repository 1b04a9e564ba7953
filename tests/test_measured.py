"""What the documents claim has been measured, and is as good as it has to be."""

from pathlib import Path
import re

import pytest

from .bench.__main__ import LONGEST
from .bench.home import HOLD
from .bench.years import WORLDS
from .quote import BENCHED, ENDURED, FIGURES, MARKED, READMES, figures, rows

HOUSEHOLD, OFFICE = WORLDS.values()
LINES = 100
"""What somebody reads before deciding."""


@pytest.mark.parametrize(("language", "readme"), READMES.items(), ids=READMES)
def test_the_readme_quotes_what_was_measured(language: str, readme: Path) -> None:
    """A figure that somebody has typed, or has not typed again, is a lie in the end."""
    text = readme.read_text("utf-8")
    assert MARKED.findall(text) == [figures(language)]
    assert len(FIGURES) == 5
    assert text.count("\n") < LINES


def test_the_readmes_are_one() -> None:
    """The same chapters, commands and examples in both languages, and the same documents."""
    shapes = [
        [
            re.findall(r"^(#+) ", text, re.MULTILINE),
            len(re.findall(r"^(?:\d\.|-) ", text, re.MULTILINE)),
            re.findall(r"^scripts/\w+", text, re.MULTILINE),
            re.findall(r"trigger: .*|action: .*", text),
            [
                link.replace("docs/cs/", "docs/")
                for link in re.findall(r"\]\(([\w/.#-]+)\)", text)
                if "README" not in link
            ],
        ]
        for text in (readme.read_text("utf-8") for readme in READMES.values())
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("name", "against", "most"),
    [
        ("decode a page of 2,000 records", "orjson, nothing validated", 0.7),
        ("read 100,000 records over loopback", "a bare loop of aiohttp and orjson", 1.15),
    ],
)
def test_it_is_as_fast_as_promised(name: str, against: str, most: float) -> None:
    """Side by side with the best that there is."""
    (ratio,) = (
        float(row[3])
        for row in rows(BENCHED.read_text("utf-8"))
        if (row[0], row[2]) == (name, against)
    )
    assert ratio <= most


@pytest.mark.parametrize(
    ("name", "unit", "most"),
    [
        ("set up an account with 100 lines", "s", 2),
        (LONGEST, "ms", 20),
        ("from when a call starts to its event, announced: median", "s", 0.5),
        ("from when a call starts to its event, announced: 95 %", "s", 1),
        ("from when a call is missed to its event, announced: median", "s", 4),
        ("an idle hour while calls come announced", "requests", 130),
        ("the hook answers while 100 lines ring: longest", "ms", 20),
        ("catch up on 10,000 records: events lost or doubled", "events", 0),
        ("an idle poll: states written", "writes", 0),
        (f"write {HOUSEHOLD}", "s", 60),
        (f"write {OFFICE}", "s", 360),
        (f"write {OFFICE}: most memory above idle", "MiB", 40),
        (f"write {OFFICE}: {HOLD}", "ms", 20),
        (f"write {OFFICE}: the longest of these", "s", 2),
    ],
)
def test_it_costs_no_more_than_promised(name: str, unit: str, most: float) -> None:
    """A small box has other things to do."""
    (value,) = (row[1] for row in rows(BENCHED.read_text("utf-8")) if row[0] == name)
    number, found = value.split()
    assert found == unit
    assert float(number) <= most


def test_no_fault_costs_a_call() -> None:
    """Else everything else is in vain."""
    for section in ENDURED.read_text("utf-8").split("\n## ")[1:]:
        head, _, *body = rows(section)
        for column in {"lost", "reported twice"} & set(head):
            assert {row[head.index(column)] for row in body} == {"0"}
