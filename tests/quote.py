"""Figures in the READMEs, put there from the pages of those who measured them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re

ROOT = Path(__file__).parent.parent
BENCHED = ROOT / "docs/bench.md"
ENDURED = ROOT / "docs/endurance.md"
READMES = {"en": ROOT / "README.md", "cs": ROOT / "README.cs.md"}
MARKED = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- /figures -->)", re.DOTALL)
ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure that a user decides by.

    Attributes:
        page: Where it stands.
        row: The name of its row there; of several the first counts.
        said: What it is called in each README.
    """

    page: Path
    row: str
    said: Mapping[str, str]


FIGURES = (
    Figure(
        page=BENCHED,
        row="from when a call starts to its event: median",
        said={
            "en": "From the first ring to its event, asked for every 10 s: median",
            "cs": "Od zazvonění k jeho události při dotazu každých 10 s: medián",
        },
    ),
    Figure(
        page=BENCHED,
        row="from when a call starts to its event, announced: 95 %",
        said={
            "en": "The same with push, without what the Internet takes: 95 %",
            "cs": "Totéž s oznamováním, bez zpoždění internetu: 95 %",
        },
    ),
    Figure(
        page=BENCHED,
        row="from when a call ends to its event: median",
        said={
            "en": "From the end of a call to its event, a missed one too: median",
            "cs": "Od konce hovoru, i zmeškaného, k jeho události: medián",
        },
    ),
    Figure(
        page=ENDURED,
        row="calls lost or reported twice in them",
        said={
            "en": "Calls lost or told twice while network, exchange and password fail",
            "cs": "Hovorů ztracených nebo hlášených dvakrát při poruchách sítě, ústředny a hesla",
        },
    ),
    Figure(
        page=BENCHED,
        row="the longest hold of the event loop in all of this",
        said={
            "en": "The longest that Home Assistant ever waits for it",
            "cs": "Nejdéle, co na ni Home Assistant kdy čeká",
        },
    ),
)


def rows(text: str) -> list[list[str]]:
    """Return the rows of all tables in a text, their heads included."""
    return [[cell.strip() for cell in row.split("|")] for row in ROW.findall(text)]


def figures(language: str) -> str:
    """Write the figures as a table, from the pages as they are now."""
    found = []
    for figure in FIGURES:
        value = next(row[1] for row in rows(figure.page.read_text("utf-8")) if row[0] == figure.row)
        # A Czech writes a decimal comma.
        found.append(
            (figure.said[language], value if language == "en" else value.replace(".", ","))
        )
    return table(("", ""), found)


def quote() -> None:
    """Put the figures between the marks of each README."""
    for language, readme in READMES.items():
        text, found = MARKED.subn(lambda _: figures(language), readme.read_text("utf-8"))  # noqa: B023
        assert found == 1, readme
        readme.write_text(text, "utf-8")


def circumstances(home_assistant: str) -> str:
    """Say when and where something was measured, and with which Home Assistant."""
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.process_cpu_count()} cores of "
        f"{platform.system()} {platform.machine()} with a load of {os.getloadavg()[0]:.0f}, "
        f"Python {platform.python_version()}, Home Assistant {home_assistant}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table as Markdown; what stands in the first column is text, the rest figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
