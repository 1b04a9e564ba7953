"""What all tests may ask for."""

from collections.abc import AsyncGenerator

import pytest

from .exchange import RunningExchange, running


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[RunningExchange]:  # noqa: ARG001
    """A simulated exchange with an empty history, where nothing happens by itself."""
    async with running() as served:
        yield served
