"""Tests that no call is lost or reported twice when the network or the login fails."""

import asyncio
import gc
import tracemalloc

from homeassistant.helpers import issue_registry as ir
import pytest

from .conftest import FaultTestApp
from .network_faults import FAULTS, HARMLESS, TIMEOUTS, respond

# The clock jumps where a test says so and runs in between, so that requests time out.
pytestmark = pytest.mark.freeze_time(tick=True)

ACTIVE, HISTORY, STATISTICS = 11, 121, 901
"""Seconds after which a coordinator certainly polls: Home Assistant adds up to a second."""
CLIENT_TIMEOUT = "custom_components.odorik.api.connection.TIMEOUT"
REFUSED = "a refused connection"


@pytest.mark.parametrize("fault", [REFUSED, *FAULTS])
async def test_calls_are_reported_after_a_network_fault(
    app: FaultTestApp, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Calls during a fault are reported once after it, with one message each way in the log."""
    call = app.exchange.world.ring("00420777123456", answer_after=60)
    # The first poll may have begun before the call.
    await app.poll(2, ACTIVE)
    assert [kind for kind, _ in app.events] == ["odorik_call_started"]

    with monkeypatch.context() as patch:
        if fault in TIMEOUTS:
            patch.setattr(CLIENT_TIMEOUT, 0.2)
        if fault == REFUSED:
            await app.proxy.stop()
        else:
            app.proxy.fault = FAULTS[fault]()
        await app.poll(2, ACTIVE)
        app.exchange.world.end(call.id)
        app.make_calls()
        await app.poll(2, HISTORY)
        assert not app.is_available()
        assert len(app.events) == 1
        assert app.log_levels == ["ERROR"]
        assert app.proxy.injected or fault == REFUSED
        app.proxy.fault = None
        await app.proxy.stop()

    await app.proxy.start()
    await app.poll(2, ACTIVE)
    assert app.is_available()
    await app.poll(2, HISTORY)
    app.assert_each_call_was_reported_once()
    app.make_calls()
    await app.poll(2, HISTORY)
    app.assert_each_call_was_reported_once()
    assert app.log_levels == ["ERROR", "INFO"]
    app.assert_no_secret_was_logged()
    assert not app.hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("change", HARMLESS)
async def test_harmless_headers_have_no_effect(app: FaultTestApp, change: str) -> None:
    """Unexpected values of headers neither interrupt the service nor are logged."""
    app.proxy.fault = HARMLESS[change]()
    app.make_calls()
    await app.poll(2, HISTORY)
    assert app.proxy.injected
    assert app.is_available()
    app.assert_each_call_was_reported_once()
    assert app.log_levels == []


async def test_a_redirect_is_not_followed(app: FaultTestApp) -> None:
    """The client does not send the login to another server."""
    requests: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect"):
            app.proxy.fault = respond(status, b"", Location=f"http://127.0.0.1:{port}/")
            await app.poll(1, HISTORY)
            assert not app.is_available()
    assert app.proxy.injected
    assert requests == []


async def test_calls_are_reported_after_a_new_password_is_entered(app: FaultTestApp) -> None:
    """Calls while the login is refused are reported once reauthentication succeeds.

    The form also accepts the old password if that is valid again.
    """
    for password in ("another one", "another one", app.exchange.password):
        app.exchange.world.account().password = f"not {password}"
        await app.poll(2, ACTIVE)
        assert not app.is_available()
        app.make_calls()
        await app.poll(1, HISTORY)
        app.exchange.world.account().password = password
        flows = app.hass.config_entries.flow
        (form,) = flows.async_progress()
        await flows.async_configure(form["flow_id"], {"password": password})
        await app.hass.async_block_till_done(wait_background_tasks=True)
        await app.poll(2, HISTORY)
        assert app.is_available()
        app.assert_each_call_was_reported_once()
    assert "another one" not in app.caplog.text
    app.assert_no_secret_was_logged()


async def test_an_account_recovers_when_its_password_is_valid_again(app: FaultTestApp) -> None:
    """Without user action the account recovers, and its form and its issue are removed."""
    flows = app.hass.config_entries.flow
    issues = ir.async_get(app.hass).issues
    app.exchange.world.account().password = "another one"
    await app.poll(4, STATISTICS)
    app.exchange.journal.clear()
    await app.poll(4, STATISTICS)
    # Each of the four coordinators tries once per quarter of an hour, lest the operator block us.
    assert 0 < len(app.exchange.journal) <= 16
    assert not app.is_available()
    assert len(flows.async_progress()) == len(issues) == 1
    app.make_calls()

    app.exchange.world.account().password = app.exchange.password
    await app.poll(2, STATISTICS)
    assert app.is_available()
    assert not flows.async_progress()
    assert not issues
    app.assert_each_call_was_reported_once()
    app.make_calls()
    await app.poll(2, HISTORY)
    app.assert_each_call_was_reported_once()
    assert app.log_levels == ["ERROR", "INFO"]
    app.assert_no_secret_was_logged()


@pytest.mark.parametrize("fault", ["a gzip bomb", "200 MB"])
async def test_a_huge_response_is_not_read_into_memory(app: FaultTestApp, fault: str) -> None:
    """A response that is too large fails the poll before it fills the memory."""
    app.proxy.fault = FAULTS[fault]()
    gc.collect()
    tracemalloc.start()
    try:
        await app.account.runtime_data.active.async_refresh()
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert app.proxy.injected
    assert not app.account.runtime_data.active.last_update_success
