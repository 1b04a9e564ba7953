"""Figures in documents, copied from the reports of the benchmarks and the endurance tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re

ROOT = Path(__file__).parents[2]
BENCHED = ROOT / "docs/bench.md"
ENDURED = ROOT / "docs/endurance.md"
MARKED = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- /figures -->)", re.DOTALL)
ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)

README_FIGURES = (
    "from when a call starts to its event: median",
    "from when a call starts to its event, announced: 95th percentile",
    "from when a call ends to its event: median",
    "calls lost or reported twice in them",
    "the longest block of the event loop in all measurements",
)
GUARD_FIGURES = (
    "from when an expensive call starts to the guard's event: median",
    "from when an expensive call starts to the guard's event: 95th percentile",
    "from when an expensive call starts to its end: median",
    "from when an expensive call starts to its end: 95th percentile",
    "from when an expensive call starts to its end, with push: median",
    "from when an expensive call starts to its end, with push: 95th percentile",
    "from when the next expensive call starts to its end: median",
    "from when the next expensive call starts to its end: 95th percentile",
    "cost of the simulated fraud",
    "cost of the simulated fraud, with the guard",
)
QUOTED = {
    "README.md": README_FIGURES,
    "README.cs.md": README_FIGURES,
    "docs/guard.md": GUARD_FIGURES,
    "docs/cs/guard.md": GUARD_FIGURES,
}
"""The rows of the reports whose values a document contains, in the order of its own table."""


def rows(text: str) -> list[list[str]]:
    """Return the rows of all tables in a document, including the header rows."""
    return [[cell.strip() for cell in row.split("|")] for row in ROW.findall(text)]


def with_figures(name: str) -> str:
    """Return a document with the values that the reports contain now; its labels stay."""
    text = (ROOT / name).read_text("utf-8")
    (marked,) = MARKED.findall(text)
    _, _, *figures = rows(marked)
    reported = {
        cells[0]: cells[1]
        for report in (ENDURED, BENCHED)
        for cells in rows(report.read_text("utf-8"))
    }
    values = [reported[row] for row in QUOTED[name]]
    if re.search(r"\bcs\b", name):
        # Thousands are separated by a space, and decimals by a comma.
        czech = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})
        values = [value.translate(czech).replace("CZK", "Kč") for value in values]
    labels = [label for label, _ in figures]
    return text.replace(marked, table(("", ""), list(zip(labels, values, strict=True))))


def quote() -> None:
    """Update the figures between the markers in each document."""
    for name in QUOTED:
        (ROOT / name).write_text(with_figures(name), "utf-8")


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
