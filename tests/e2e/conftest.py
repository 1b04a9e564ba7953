"""Fixtures of the end-to-end tests."""

from collections.abc import AsyncGenerator
from pathlib import Path
import re

import pytest

from scripts.exchange import LOGIN, Exchange, exchange as run_exchange
from scripts.home import Home, free_port

from .blocking import DETECT_BLOCKING, blocking_calls
from .leaks import URL_WITH_QUERY


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[Exchange]:  # noqa: ARG001
    """An exchange without calls of its own."""
    async with run_exchange("--world", "quiet") as running:
        yield running


@pytest.fixture
async def home(
    request: pytest.FixtureRequest, exchange: Exchange, tmp_path: Path
) -> AsyncGenerator[Home]:
    """A Home Assistant with the `CONFIGURATION` of the test's module, and without an account.

    Its log must contain no error except the module's `EXPECTED_ERROR`, no secret and no blocking
    call.
    """
    async with Home(
        folder=tmp_path,
        port=free_port(),
        exchange=exchange.url,
        configuration=getattr(request.module, "CONFIGURATION", ""),
        prelude=DETECT_BLOCKING,
    ) as running:
        level = {"custom_components.odorik": "debug"}
        await running.post("services/logger/set_level", **level)
        yield running
    log = running.log + (tmp_path / "console.log").read_text("utf-8")
    assert LOGIN["password"] not in log
    assert URL_WITH_QUERY.findall(log) == []
    log = log.replace(getattr(request.module, "EXPECTED_ERROR", ""), "")
    assert re.findall(r".* ERROR .*|.*Attempting install.*", log) == []
    assert blocking_calls(tmp_path) == []


@pytest.fixture
async def entry_id(home: Home) -> str:
    """The ID of an account that was added to Home Assistant."""
    added = await home.add("odorik", **LOGIN)
    return str(added["result"]["entry_id"])
