"""Figures in the READMEs, copied from the reports of the benchmarks and the endurance tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re

ROOT = Path(__file__).parents[2]
BENCHED = ROOT / "docs/bench.md"
ENDURED = ROOT / "docs/endurance.md"
READMES = {"en": ROOT / "README.md", "cs": ROOT / "README.cs.md"}
MARKED = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- /figures -->)", re.DOTALL)
ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure in the READMEs.

    Attributes:
        report: The document that contains the figure.
        row: The first cell of its row; the first such row counts.
        labels: Its labels in the READMEs, by language.
    """

    report: Path
    row: str
    labels: Mapping[str, str]


FIGURES = (
    Figure(
        report=BENCHED,
        row="from when a call starts to its event: median",
        labels={
            "en": "From the first ring to its event, polling every 10 s: median",
            "cs": "Od začátku zvonění k události při dotazování každých 10 s: medián",
        },
    ),
    Figure(
        report=BENCHED,
        row="from when a call starts to its event, announced: 95 %",
        labels={
            "en": "The same with push, without Internet latency: 95th percentile",
            "cs": "Totéž s oznamováním, bez zpoždění internetu: 95. percentil",  # codespell:ignore
        },
    ),
    Figure(
        report=BENCHED,
        row="from when a call ends to its event: median",
        labels={
            "en": "From the end of a call, answered or missed, to its event: median",
            "cs": "Od konce hovoru, i zmeškaného, k události: medián",
        },
    ),
    Figure(
        report=ENDURED,
        row="calls lost or reported twice in them",
        labels={
            "en": "Calls lost or reported twice during network, exchange and password failures",
            "cs": "Hovory ztracené nebo ohlášené dvakrát při poruchách sítě, ústředny a hesla",
        },
    ),
    Figure(
        report=BENCHED,
        row="the longest hold of the event loop in all of this",
        labels={
            "en": "Longest time that the integration blocks Home Assistant",
            "cs": "Nejdelší zdržení Home Assistantu",
        },
    ),
)


def rows(text: str) -> list[list[str]]:
    """Return the rows of all tables in a document, including the header rows."""
    return [[cell.strip() for cell in row.split("|")] for row in ROW.findall(text)]


def figures(language: str) -> str:
    """Return the figures as a table, with the values that the reports contain now."""
    body = []
    for figure in FIGURES:
        report = figure.report.read_text("utf-8")
        value = next(cells[1] for cells in rows(report) if cells[0] == figure.row)
        # Czech uses a decimal comma.
        value = value.replace(".", ",") if language == "cs" else value
        body.append((figure.labels[language], value))
    return table(("", ""), body)


def quote() -> None:
    """Update the figures between the markers in each README."""
    for language, readme in READMES.items():
        text, found = MARKED.subn(figures(language), readme.read_text("utf-8"))
        assert found == 1, readme
        readme.write_text(text, "utf-8")


def circumstances(home_assistant: str) -> str:
    """Return the date, machine and versions of a measurement."""
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.process_cpu_count()} cores of "
        f"{platform.system()} {platform.machine()} with a load of {os.getloadavg()[0]:.0f}, "
        f"Python {platform.python_version()}, Home Assistant {home_assistant}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table whose first column is text and whose others are right-aligned."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
