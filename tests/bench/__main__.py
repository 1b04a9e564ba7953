"""Run the measurements and write the table: `scripts/bench`."""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
import json
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path
import sys

from homeassistant.const import __version__ as home_assistant

from tests.documents.readme_figures import BENCHED, circumstances, quote, table

from .budgets import over_budget
from .home import BLOCK
from .measure import Row
from .measurements import MEASUREMENTS, measure_one

LONGEST = f"the {BLOCK} in all measurements"
COMMAND = "scripts/bench"
HEAD = """\
# Benchmarks

Written by `{command}`: {when}.

Each measurement runs in a process of its own, in which alternatives take turns; the value is the
median. A ratio is the value divided by
that of the reference, so a ratio below 1 is less. The exchange runs in a process of its own, except
for the delays of events, which result from polling and push. A block is the longest time for which
a single callback blocked the event loop, in processor time; it includes the garbage collection of
objects created meanwhile.
Years of calls are imported by the newest Home Assistant, in a process of its own, into SQLite; the
block is that of its whole event loop. The spending guard acts in such a process, too.

"""


def written(rows: list[Row]) -> str:
    """Format the rows as a table."""
    return table(
        ("", "value", "measured against", "ratio"),
        [
            (
                row.name,
                f"{row.value:{'.3g' if row.value < 100 else ',.0f'}} {row.unit}",
                row.against or "",
                "" if row.ratio is None else f"{row.ratio:.2f}",
            )
            for row in rows
        ],
    )


def report(rows: list[Row]) -> None:
    """Write the page, and the figures in the READMEs."""
    when = circumstances(home_assistant)
    BENCHED.write_text(HEAD.format(command=COMMAND, when=when) + written(rows), "utf-8")
    quote()


def measure(names: list[str]) -> list[Row]:
    """Run the measurements one after the other, and add the longest block of all.

    Each runs in a process of its own, whose garbage collection does not depend on the others.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
        rows = [row for found in processes.map(measure_one, names) for row in found]
    if blocks := [row for row in rows if row.name.endswith(BLOCK)]:
        rows.append(replace(max(blocks, key=attrgetter("value")), name=LONGEST))
    return rows


def main() -> None:
    """Run all measurements and write the page in docs, or run the selected ones."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure the performance in comparison with alternatives."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the rows to this file"
    )
    parser.add_argument("--check", action="store_true", help="fail above a budget; write no page")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    rows = measure(options.names or list(MEASUREMENTS))
    print(written(rows), end="")  # noqa: T201
    if options.json:
        text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
        options.json.write_text(text + "\n", "utf-8")
    if options.check:
        over = over_budget(rows)
        for row in over:
            print(f"over budget: {row}")  # noqa: T201
        sys.exit(bool(over))
    if not options.names:
        report(rows)


if __name__ == "__main__":
    main()
