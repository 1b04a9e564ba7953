"""Fixtures for the tests of calls."""

import pytest

from .call_fixtures import LogHarness


@pytest.fixture
def log() -> LogHarness:
    """Return a log whose history is empty, and whose first poll found no active calls."""
    log = LogHarness()
    log.poll(at=-1)
    return log


# Pure functions need no event loop, and leave nothing behind; each of these fixtures of the test
# plugin takes longer than most of the tests.


@pytest.fixture
def configure_event_loop() -> None:
    """Create no event loop."""


@pytest.fixture
def mock_zeroconf_resolver() -> None:
    """Create no event loop."""


@pytest.fixture
def verify_cleanup() -> None:
    """Do not look for tasks, timers and threads."""
