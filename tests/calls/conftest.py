"""Fixtures for the tests of calls."""

import pytest

from .call_fixtures import LogHarness


@pytest.fixture
def log() -> LogHarness:
    """Return a log whose baseline is an empty history."""
    return LogHarness()


@pytest.fixture
def polled_log(log: LogHarness) -> LogHarness:
    """Return a log that reports active calls, because its first poll found none."""
    log.poll(at=-1)
    return log
