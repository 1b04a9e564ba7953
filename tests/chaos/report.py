"""Write docs/endurance.md from the results of `scripts/test --long`."""

from collections import defaultdict
from collections.abc import Mapping
import tomllib
from typing import Final

from homeassistant.const import __version__ as home_assistant
import pytest

from tests.documents.readme_figures import ENDURED, ROOT, circumstances, quote, table

COMMAND: Final = "scripts/test --long"
HEAD: Final = """\
# Endurance

Written by `{command}`: {when}.

All tests run a real Home Assistant with debug logging. Its files, its log and its API were then
searched for passwords and for URLs with a query; none were found.
"""
FAULTS: Final = "tests/chaos/test_faults.py"
KILLS: Final = "tests/e2e/test_restarts.py"
CLOCKS: Final = "tests/chaos/test_clocks.py"
DISK: Final = "tests/chaos/test_disk.py"
RELOADS: Final = "tests/chaos/test_reloads.py"
DAY: Final = "tests/chaos/test_busy_day.py"
SECTIONS: Final = {
    FAULTS: """\
## Faults

Each fault affects an account of its own, or all accounts in turn, during a call. Four more calls
follow during the fault, and four afterwards. Meanwhile the entities are unavailable. The log shows
the outage and the recovery once each. Seconds are counted from the end of the fault.
""",
    KILLS: """\
## Kills

Home Assistant is killed, stopped, reloaded, and killed during its start, while calls go on. A call
is reported again if it was first reported in the instant before a kill; the `call_id` is the same.
""",
    CLOCKS: """\
## Clocks

The clock of Home Assistant or of the exchange is changed during a call. Each call is reported once,
and none as older than the start of Home Assistant.
""",
    DISK: """\
## A full disk

Four calls are made while nothing can be written. All of them are reported, and a repair is raised.
None is reported again when Home Assistant is killed afterwards.
""",
    RELOADS: """\
## Reloads

Growth in the process of Home Assistant. Blocks are those that Python has allocated for all of it.
""",
    DAY: """\
## A busy day

An office makes and receives calls from midnight to midnight, with outages, reloads, callbacks and
hang-ups. In the end all events, and the states of all entities, match the records of the exchange.
""",
}
"""Introductions by test file."""

type Row = dict[str, str]


class Report:
    """A pytest plugin that collects the figures of a long run.

    A test records a single figure, or a row of figures whose first one is unique.
    """

    def __init__(self) -> None:
        self._rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        self._is_complete = True

    def pytest_deselected(self) -> None:
        """Write no report if tests are deselected."""
        self._is_complete = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the figures of a test; write no report if it has failed or was skipped."""
        file = report.nodeid.split("::")[0]
        if file not in SECTIONS:
            return
        self._is_complete &= report.passed
        for name, value in report.user_properties if report.when == "call" else ():
            figures = value if isinstance(value, Mapping) else {"": name, "measured": value}
            row = {key: _format(figure) for key, figure in figures.items()}
            self._rows[file][next(iter(row.values()))] = row

    def pytest_sessionfinish(self) -> None:
        """Write the report, and the figures that the READMEs quote from it."""
        if not self._is_complete or self._rows.keys() != SECTIONS.keys():
            return
        when = circumstances(versions())
        parts = [
            HEAD.format(command=COMMAND, when=when),
            table(("", "result"), summary(self._rows)),
        ]
        for file, text in SECTIONS.items():
            rows = list(self._rows[file].values())
            parts += [text, table(tuple(rows[0]), [tuple(row.values()) for row in rows])]
        ENDURED.write_text("\n".join(parts), "utf-8")
        quote()


def versions() -> str:
    """Return the versions of Home Assistant, in other processes and in that of the tests."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    requirements = (str(requirement) for requirement in groups["hass"])
    (newest,) = (it.split("==")[1] for it in requirements if it.startswith("homeassistant=="))
    return f"{newest} (the busy day: {home_assistant})"


def summary(rows: Mapping[str, Mapping[str, Row]]) -> list[tuple[str, str]]:
    """Return the main figures."""
    faults = rows[FAULTS].values()
    slowest = max(faults, key=lambda row: float(row["all reported"].removesuffix(" s")))
    *_, kills = rows[KILLS].values()
    *_, reloads = rows[RELOADS].values()
    day = rows[DAY]
    wrong = sum(int(row["lost"]) + int(row["reported twice"]) for row in faults)
    kinds = f"{len(faults)} faults of the network, exchange, host name, certificate and password"
    return [
        (f"{kinds}: recovered, and all calls reported, after at most", slowest["all reported"]),
        ("calls lost or reported twice in them", str(wrong)),
        (f"{kills['calls']} calls with {kills['kills']} kills: lost", kills["lost"]),
        ("reported again, with the same `call_id`", kills["reported again"]),
        (f"listeners left behind by {reloads['reloads']} reloads", reloads["listeners"]),
        (f"{day['calls']['measured']} calls in a day: lost, reported twice, or a wrong state", "0"),
        ("database size per call", day["database per call"]["measured"]),
    ]


def _format(figure: object) -> str:
    """Format a figure with thousands separators."""
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
