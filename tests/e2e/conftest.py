"""Fixtures of the end-to-end tests."""

from collections.abc import AsyncGenerator

import pytest

from scripts.exchange import Exchange, exchange as run_exchange


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[Exchange]:  # noqa: ARG001
    """An exchange without calls of its own."""
    async with run_exchange("--world", "quiet") as running:
        yield running
