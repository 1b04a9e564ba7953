"""Measures, and writes the table: `scripts/bench`."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
import json
import logging
import os
from pathlib import Path
import platform

from homeassistant.const import __version__ as home_assistant

from . import decoding, home, reading, waits
from .measure import Row

REPORT = Path(__file__).parent.parent.parent / "docs/bench.md"
MEASUREMENTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "decode": decoding.rows,
    "read": reading.rows,
    "event": waits.rows,
    **home.MEASUREMENTS,
}
HEAD = """\
# Bench

Written by `scripts/bench`: {date:%d %B %Y}, {cores} cores of {system} with a load of {load:.0f},
Python {python}, Home Assistant {home_assistant}.

What is compared runs side by side, in turns, in one process; the value is the median. A ratio is
the value divided by that of what it is measured against: below 1 is less. The exchange is a process
of its own, except for the waits, which are those of the polling. A hold is the longest that any
single callback kept the event loop from everything else, in seconds of the processor.

"""


def table(rows: list[Row]) -> str:
    """Write the rows as Markdown."""
    lines = ["| | value | measured against | ratio |", "|---|---:|---|---:|"]
    for row in rows:
        value = f"{row.value:.3g}" if row.value < 100 else f"{row.value:.0f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.name} | {value} {row.unit} | {row.against or ''} | {ratio} |")
    return "\n".join(lines) + "\n"


def report(rows: list[Row]) -> str:
    """Write the page of the table, with the date and the machine."""
    return HEAD.format(
        date=datetime.now(UTC),
        cores=os.process_cpu_count(),
        load=os.getloadavg()[0],
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        home_assistant=home_assistant,
    ) + table(rows)


async def measure(names: list[str]) -> list[Row]:
    """Measure one after the other, and tell the longest of all holds."""
    rows = [row for name in names for row in await MEASUREMENTS[name]()]
    if holds := [row.value for row in rows if row.name.endswith(home.HOLD)]:
        rows.append(Row(name=f"the {home.HOLD} in all of this", value=max(holds), unit="ms"))
    return rows


def main() -> None:
    """Measure everything, or what is named; the page in docs is written when it was everything."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure how fast it is, side by side with others."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.ERROR)
    rows = asyncio.run(measure(options.names or list(MEASUREMENTS)))
    print(table(rows), end="")  # noqa: T201
    if options.json:
        text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
        options.json.write_text(text + "\n", "utf-8")
    if not options.names:
        REPORT.write_text(report(rows), "utf-8")


if __name__ == "__main__":
    main()
