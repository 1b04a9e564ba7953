"""Writes down what a long run has shown: `scripts/test --long`."""

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

All of this is done to a real Home Assistant, with everything logged that can be. What it wrote and
showed was then searched for passwords and for addresses with a query; there was none.
"""
STORM: Final = "tests/chaos/test_storm.py"
KILLS: Final = "tests/e2e/test_restarts.py"
CLOCKS: Final = "tests/chaos/test_clocks.py"
DISK: Final = "tests/chaos/test_disk.py"
RELOADS: Final = "tests/chaos/test_reloads.py"
DAY: Final = "tests/chaos/test_busy_day.py"
SECTIONS: Final = {
    STORM: """\
## Faults

Each strikes an account of its own, or all of them in turn, while its telephone rings; four more
calls follow while it lasts, and four afterwards. The entities are unavailable meanwhile; the log
says once that the service went, and once that it came back. The seconds count from the end of the
fault.
""",
    KILLS: """\
## Kills

Home Assistant is killed, stopped, reloaded, and killed while it starts, as people go on
telephoning. A call that is reported again was told in the instant before a kill; both have the same
`call_id`.
""",
    CLOCKS: """\
## Clocks

Its clock, or that of the exchange, is set in the midst of a call. Every call is reported once, and
none as one from before the start.
""",
    DISK: """\
## A full disk

Nothing can be written while four calls come and go. All are told, and a repair says what is wrong.
Nothing is reported again when Home Assistant is killed afterwards.
""",
    RELOADS: """\
## Reloads

How much more there is of each in the process of Home Assistant after so many.
""",
    DAY: """\
## A busy day

An office telephones from midnight to midnight, with outages, reloads, callbacks and hang-ups in
between. In the end every event, and every figure of every entity, equals the books of the exchange.
""",
}
"""What was done, by the file that did it."""

type Row = dict[str, str]


class Report:
    """Collects what the tests of a long run record about themselves.

    They record a figure by its name, or a row of several, which its first one names.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        self._is_whole = True

    def pytest_deselected(self) -> None:
        """A part is not the whole."""
        self._is_whole = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down what a test has recorded; one that failed or was left out spoils it all."""
        file = report.nodeid.split("::")[0]
        if file not in SECTIONS:
            return
        self._is_whole &= report.passed
        for name, value in report.user_properties if report.when == "call" else ():
            figures = value if isinstance(value, Mapping) else {"": name, "measured": value}
            row = {key: _written(figure) for key, figure in figures.items()}
            self._rows[file][next(iter(row.values()))] = row

    def pytest_sessionfinish(self) -> None:
        """Write the page, and what the READMEs quote of it."""
        if not self._is_whole or self._rows.keys() != SECTIONS.keys():
            return
        when = circumstances(versions())
        short = table(("", "shown"), in_short(self._rows))
        parts = [HEAD.format(command=COMMAND, when=when), short]
        for file, text in SECTIONS.items():
            rows = list(self._rows[file].values())
            parts += [text, table(tuple(rows[0]), [tuple(row.values()) for row in rows])]
        ENDURED.write_text("\n".join(parts), "utf-8")
        quote()


def versions() -> str:
    """Tell which Home Assistant the processes are, and which the tests themselves run in."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    wanted = (str(need) for need in groups["hass"])
    (newest,) = (need.split("==")[1] for need in wanted if need.startswith("homeassistant=="))
    return f"{newest} (the busy day: {home_assistant})"


def in_short(rows: Mapping[str, Mapping[str, Row]]) -> list[tuple[str, str]]:
    """Pick the figures that stand for all of them."""
    faults = rows[STORM].values()
    slowest = max(faults, key=lambda row: float(row["all told"].removesuffix(" s")))
    *_, kills = rows[KILLS].values()
    *_, reloads = rows[RELOADS].values()
    day = rows[DAY]
    wrong = sum(int(row["lost"]) + int(row["reported twice"]) for row in faults)
    faulty = f"{len(faults)} faults of the wire, the exchange, its name, certificate and password"
    killed = f"{kills['calls']} calls while Home Assistant is killed {kills['kills']} times"
    return [
        (f"{faulty}: over, and all reported, after at most", slowest["all told"]),
        ("calls lost or reported twice in them", str(wrong)),
        (f"{killed}: lost", kills["lost"]),
        ("reported again, with the same `call_id`", kills["reported again"]),
        (f"listeners left behind by {reloads['reloads']} reloads", reloads["listeners"]),
        (
            f"a day of {day['calls']['measured']} calls: lost, reported twice, or a figure wrong",
            "0",
        ),
        ("what each adds to the database", day["database per call"]["measured"]),
    ]


def _written(figure: object) -> str:
    """Write a figure with its thousands apart."""
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
