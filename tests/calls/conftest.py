"""Fixtures for the tests of calls."""

import pytest

from custom_components.odorik.calls.log import CallLog

from .call_fixtures import make_log, watch


@pytest.fixture
def log() -> CallLog:
    """Return a log whose baseline is an empty history."""
    return make_log()


@pytest.fixture
def polled_log(log: CallLog) -> CallLog:
    """Return a log that reports active calls, because its first poll found none."""
    watch(log, at=-1)
    return log
