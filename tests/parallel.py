"""How the tests share the machine: many at once, and those that measure it alone at the end."""

from collections.abc import Generator
import gc
from itertools import chain
import logging
import os
from typing import Any, Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

WORKERS: Final = 2 * (os.process_cpu_count() or 1) + 1
"""More than there are cores: most of them wait, for a clock or for another process."""
ALONE: Final = "alone"
"""The mark, and the group, of tests that need the machine for themselves."""
FIRST: Final = (
    "tests/browser",
    "tests/browser/test_card.py",
    "tests/chaos/test_storm.py",
    "tests/chaos/test_reloads.py",
    "tests/e2e/test_home.py",
    "tests/e2e/test_restarts.py",
    "tests/e2e/test_years.py",
    "tests/e2e/test_push.py",
    "tests/e2e/test_inbox.py",
    "tests/e2e/test_demo.py",
)
"""What takes longest, most of it waiting: everything else is done meanwhile.

A file that is named here shares nothing with its folder, which is then done beside it."""
SHARED: Final = {"package", "session"}
"""The scopes of fixtures that are made once for the tests of several files."""


class Scheduling(LoadGroupScheduling):
    """Hands out the tests file by file, and what runs alone when all else has ended.

    All workers but one end then; the last is given what runs alone once no other is there.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """Let a worker go; it may be what the last one has waited for."""
        crashed = super().remove_node(node)
        for other in self.nodes:
            self._reschedule(other)
        return crashed

    def _reschedule(self, node: WorkerController) -> None:
        others = [other for other in self.nodes if other is not node]
        if not self._is_alone_left() or not others or node.shutting_down:
            super()._reschedule(node)
        elif not all(other.shutting_down for other in others):
            node.shutdown()

    def _assign_work_unit(self, node: WorkerController) -> None:
        if ALONE in self.workqueue:
            self.workqueue.move_to_end(ALONE)
        if first := next((unit for unit in FIRST if unit in self.workqueue), None):
            self.workqueue.move_to_end(first, last=False)
        if not self._is_alone_left() or len(self.nodes) == 1:
            super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        # The tests of a file share what it makes once, unless they have been told to share more.
        return super()._split_scope(nodeid).split("::")[0]

    def _is_alone_left(self) -> bool:
        return list(self.workqueue) == [ALONE]


class Names:
    """Calls a test by its own name where the workers' reports come together.

    There it has that of its group behind it, by which it would not be found to be tried again.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave out the group."""
        name, is_grouped, group = report.nodeid.rpartition("@")
        if is_grouped and (group == ALONE or group.startswith("tests/")):
            report.nodeid = name


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark, and let what is tried again leave stored answers aside."""
    config.addinivalue_line("markers", f"{ALONE}: measures, and needs the machine for itself")
    if config.getoption("lf", default=False):
        # Those of the tests that passed before would make a failure of it.
        config.option.disable_unused_snapshots = True
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Names())


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have everything run in parallel, and what somebody has chosen at once, in this process.

    The tests that take their time write down what they measure: in peace, therefore.
    """
    chosen = config.args_source is pytest.Config.ArgsSource.ARGS
    options = ("keyword", "markexpr", "lf", "stepwise", "long")
    chosen |= any(config.getoption(option, default=None) for option in options)
    return 0 if chosen else WORKERS


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Keep to the groups."""
    return Scheduling(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests that share more than a file."""
    for item in items:
        if group := ALONE if item.get_closest_marker(ALONE) else shared(item):
            item.add_marker(pytest.mark.xdist_group(group))


def shared(item: pytest.Item) -> str:
    """Name the folder whose tests share a fixture that this one uses, if it is to share it."""
    if not isinstance(item, pytest.Function) or item.nodeid.split("::")[0] in FIRST:
        return ""
    fixtures = chain.from_iterable(item._fixtureinfo.name2fixturedefs.values())
    folders = {one.baseid for one in fixtures if one.scope in SHARED}
    return max((folder for folder in folders if folder.startswith("tests/")), default="")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure neither what earlier tests have left nor, with -v, the writing of a debug log.

    The collector takes its time whenever it likes: what it holds up is measured by the bench,
    in a real Home Assistant.
    """
    if not item.get_closest_marker(ALONE):
        return (yield)
    gc.collect()
    gc.disable()
    root = logging.getLogger()
    level = root.level
    root.setLevel(max(level, logging.INFO))
    try:
        return (yield)
    finally:
        gc.enable()
        root.setLevel(level)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, object, object]:
    """Write down what is no text, as half a surrogate: the worker that had logged it would end."""
    return _encodable((yield))


def _encodable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)(map(_encodable, value))
    return value
