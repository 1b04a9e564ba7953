"""Whatever happens on the wire: nothing is lost or reported twice, and it heals by itself."""

import asyncio
import gc
import tracemalloc

from homeassistant.helpers import issue_registry as ir
import pytest

from .conftest import House
from .weather import BAD, HARMLESS, SLOW, instead

# Time jumps where a test says so and runs on in between, so that a time-out comes by itself.
pytestmark = pytest.mark.freeze_time(tick=True)

ACTIVE, HISTORY, QUARTER = 11, 121, 901
"""Seconds in which a clock certainly polls once: Home Assistant spreads its polls a little."""
PATIENCE = "custom_components.odorik.api.connection.TIMEOUT"
REFUSED = "a connection that is refused"


@pytest.mark.parametrize("weather", [REFUSED, *BAD])
async def test_bad_weather_costs_nothing_but_time(
    house: House, monkeypatch: pytest.MonkeyPatch, weather: str
) -> None:
    """A missed call during an outage would never be heard of, or would be reported twice."""
    call = house.exchange.world.ring("00420777123456", answer_after=60)
    # The first of these may have asked before it rang.
    await house.live(2, ACTIVE)
    assert [kind for kind, _ in house.told] == ["odorik_call_started"]

    with monkeypatch.context() as patience:
        if weather in SLOW:
            patience.setattr(PATIENCE, 0.2)
        if weather == REFUSED:
            await house.wire.cut()
        else:
            house.wire.weather = BAD[weather]()
        await house.live(2, ACTIVE)
        house.exchange.world.end(call.id)
        house.telephone()
        await house.live(2, HISTORY)
        assert not house.is_available()
        assert len(house.told) == 1
        assert [line.split()[0] for line in house.said] == ["ERROR"], house.said
        assert house.wire.spoilt or weather == REFUSED
        house.wire.weather = None
        await house.wire.cut()

    await house.wire.connect()
    await house.live(2, ACTIVE)
    assert house.is_available()
    await house.live(2, HISTORY)
    house.assert_each_call_was_reported_once()
    house.telephone()
    await house.live(2, HISTORY)
    house.assert_each_call_was_reported_once()
    assert [line.split()[0] for line in house.said] == ["ERROR", "INFO"], house.said
    house.assert_no_secret_was_logged()
    assert not house.hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("weather", HARMLESS)
async def test_what_means_nothing_changes_nothing(house: House, weather: str) -> None:
    """A header that nobody understands would stop the telephone."""
    house.wire.weather = HARMLESS[weather]
    house.telephone()
    await house.live(2, HISTORY)
    assert house.wire.spoilt
    assert house.is_available()
    house.assert_each_call_was_reported_once()
    assert house.said == []


async def test_a_redirect_is_not_followed(house: House) -> None:
    """Whoever redirects would be given the login."""
    elsewhere: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        elsewhere.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect"):
            house.wire.weather = instead(status, b"", Location=f"http://127.0.0.1:{port}/")
            await house.live(1, HISTORY)
            assert not house.is_available()
    assert house.wire.spoilt
    assert elsewhere == []


async def test_no_call_is_lost_while_the_login_is_wrong(house: House) -> None:
    """Who changes the password at the operator's would never hear of the calls until he is back.

    The form takes the old password, too, when that is good again.
    """
    for password in ("another one", "another one", house.exchange.password):
        house.exchange.world.account().password = f"not {password}"
        await house.live(2, ACTIVE)
        assert not house.is_available()
        house.telephone()
        await house.live(1, HISTORY)
        house.exchange.world.account().password = password
        flows = house.hass.config_entries.flow
        (form,) = flows.async_progress()
        await flows.async_configure(form["flow_id"], {"password": password})
        await house.hass.async_block_till_done(wait_background_tasks=True)
        await house.live(2, HISTORY)
        assert house.is_available()
        house.assert_each_call_was_reported_once()
    assert "another one" not in house.caplog.text
    house.assert_no_secret_was_logged()


async def test_a_password_that_is_right_again_needs_nobody(house: House) -> None:
    """Who changes the password and thinks better of it would hear of no call from then on."""
    flows = house.hass.config_entries.flow
    issues = ir.async_get(house.hass).issues
    house.exchange.world.account().password = "another one"
    await house.live(4, QUARTER)
    house.exchange.journal.clear()
    await house.live(4, QUARTER)
    # Each of the four clocks tries no oftener than that: the operator might shut a burglar out.
    assert 0 < len(house.exchange.journal) <= 16
    assert not house.is_available()
    assert len(flows.async_progress()) == len(issues) == 1
    house.telephone()

    house.exchange.world.account().password = house.exchange.password
    await house.live(2, QUARTER)
    assert house.is_available()
    assert not flows.async_progress()
    assert not issues
    house.assert_each_call_was_reported_once()
    house.telephone()
    await house.live(2, HISTORY)
    house.assert_each_call_was_reported_once()
    assert [line.split()[0] for line in house.said] == ["ERROR", "INFO"], house.said
    house.assert_no_secret_was_logged()


@pytest.mark.parametrize("weather", ["a gzip bomb", "200 MB"])
async def test_a_huge_answer_does_not_fill_the_memory(house: House, weather: str) -> None:
    """A box with one gigabyte would go down, and the heating with it."""
    house.wire.weather = BAD[weather]()
    gc.collect()
    tracemalloc.start()
    try:
        await house.account.runtime_data.active.async_refresh()
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert house.wire.spoilt
    assert not house.account.runtime_data.active.last_update_success
