"""Fixtures for the tests of calls."""

import pytest

from .call_fixtures import LogHarness


@pytest.fixture
def log() -> LogHarness:
    """Return a log whose history is empty, and whose first poll found no active calls."""
    log = LogHarness()
    log.poll(at=-1)
    return log
