"""Figures in documents, copied from the reports of the benchmarks and the endurance tests."""

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
GUARDS = {"en": ROOT / "docs/guard.md", "cs": ROOT / "docs/cs/guard.md"}
MARKED = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- /figures -->)", re.DOTALL)
ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure in the documents.

    Attributes:
        report: The report that contains the figure.
        row: The first cell of its row; the first such row counts.
        labels: Its labels in the documents, by language.
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
        row="the longest block of the event loop in all measurements",
        labels={
            "en": "Longest time that the integration blocks Home Assistant",
            "cs": "Nejdelší zdržení Home Assistantu",
        },
    ),
)


GUARD_FIGURES = (
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to the guard's event: median",
        labels={
            "en": "From the start of the first call to its event: median",
            "cs": "Od začátku prvního hovoru k události: medián",
        },
    ),
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to the guard's event: 95 %",
        labels={
            "en": "From the start of the first call to its event: 95th percentile",
            "cs": "Od začátku prvního hovoru k události: 95. percentil",  # codespell:ignore
        },
    ),
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to its end: median",
        labels={
            "en": "From the start of the first call to its end: median",
            "cs": "Od začátku prvního hovoru do jeho konce: medián",
        },
    ),
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to its end: 95 %",
        labels={
            "en": "From the start of the first call to its end: 95th percentile",
            "cs": "Od začátku prvního hovoru do jeho konce: 95. percentil",  # codespell:ignore
        },
    ),
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to its end, with push: median",
        labels={
            "en": "The same with push: median",
            "cs": "Totéž s oznamováním hovorů: medián",
        },
    ),
    Figure(
        report=BENCHED,
        row="from when an expensive call starts to its end, with push: 95 %",
        labels={
            "en": "The same with push: 95th percentile",
            "cs": "Totéž s oznamováním hovorů: 95. percentil",  # codespell:ignore
        },
    ),
    Figure(
        report=BENCHED,
        row="from when the next expensive call starts to its end: median",
        labels={
            "en": "From the start of the next call to its end: median",
            "cs": "Od začátku dalšího hovoru do jeho konce: medián",
        },
    ),
    Figure(
        report=BENCHED,
        row="from when the next expensive call starts to its end: 95 %",
        labels={
            "en": "From the start of the next call to its end: 95th percentile",
            "cs": "Od začátku dalšího hovoru do jeho konce: 95. percentil",  # codespell:ignore
        },
    ),
    Figure(
        report=BENCHED,
        row="cost of the simulated fraud",
        labels={
            "en": "Cost of the hour in the world *fraud* without the guard",
            "cs": "Útrata za hodinu ve světě *fraud* bez hlídače",
        },
    ),
    Figure(
        report=BENCHED,
        row="cost of the simulated fraud, with the guard",
        labels={
            "en": "The same with the guard in the mode *Hang up*",
            "cs": "Totéž s hlídačem v režimu *Zavěsí*",
        },
    ),
)
QUOTED = ((READMES, FIGURES), (GUARDS, GUARD_FIGURES))
"""The documents that contain figures."""


def rows(text: str) -> list[list[str]]:
    """Return the rows of all tables in a document, including the header rows."""
    return [[cell.strip() for cell in row.split("|")] for row in ROW.findall(text)]


def figures(language: str, selected: Sequence[Figure] = FIGURES) -> str:
    """Return figures as a table, with the values that the reports contain now."""
    body = []
    for figure in selected:
        report = figure.report.read_text("utf-8")
        value = next(cells[1] for cells in rows(report) if cells[0] == figure.row)
        if language == "cs":
            # Thousands are separated by a space, and decimals by a comma.
            value = value.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",").replace("CZK", "Kč")
        body.append((figure.labels[language], value))
    return table(("", ""), body)


def quote() -> None:
    """Update the figures between the markers in each document."""
    for documents, selected in QUOTED:
        for language, document in documents.items():
            quoted = figures(language, selected)
            text, found = MARKED.subn(quoted, document.read_text("utf-8"))
            assert found == 1, document
            document.write_text(text, "utf-8")


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
