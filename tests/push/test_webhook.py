"""Webhook: responses, the polls that follow, and robustness against strangers."""

import asyncio
import gc
import logging
import sys
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import webhook
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.const import CONF_PUSH_ANSWER, DOMAIN
from simulator.worlds import GATE_NUMBER
from tests.accounts import JAN, add_gate
from tests.conftest import Tick

from .conftest import Operator, SetUp

DOCUMENTED = "from=00420799799081&to=00420910123456&dtmf=60200&line=300100&sip_in_callid=a1"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "dial"}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "dial:*082"}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "hangup"}, "hangup\n"),
        ({CONF_PUSH_ANSWER: "comment"}, "# Home Assistant knows of the call.\n"),
        ({CONF_PUSH_ANSWER: "of another version"}, "dial:*082\n"),
    ],
)
async def test_the_answer_follows_the_option(
    set_up: SetUp, options: dict[str, Any], text: str
) -> None:
    """The announcement of a call is answered with the command of the chosen option.

    A comment starts with "#", since the operator would execute any other line.
    """
    operator = await set_up(**options)
    for query in (f"hook=call&{DOCUMENTED}", f"hook=call?{DOCUMENTED}", "hook=call"):
        async with operator.client.get(f"{operator.path}?{query}") as answer:
            assert (answer.status, answer.content_type) == (200, "text/plain")
            assert await answer.text() == text


async def test_a_gate_opens_when_its_ring_is_announced(hass: HomeAssistant, set_up: SetUp) -> None:
    """The gate opens before the next poll is due, and only once; the caller is hung up."""
    operator = await set_up()
    rings = async_capture_events(hass, "odorik_gate")
    add_gate(hass, operator.entry, "777 123 456")
    operator.announce()
    operator.world.ring(JAN, GATE_NUMBER)
    await operator.pushed()
    assert [event.data["outcome"] for event in rings] == ["opened"]
    assert operator.world.active == {}
    # A webhook says nothing about who is calling.
    await operator.call_hook("hook=call&from=00420777123456&to=00420910246810")
    assert len(rings) == 1


@pytest.mark.usefixtures("freezer")
async def test_any_other_request_has_an_empty_answer(
    operator: Operator, tick: Tick, subtests: pytest.Subtests
) -> None:
    """Only the announcement of a call is answered with a command; every request polls."""
    asked = ("hook=info", "hook=info&callid=1&status=ANSWER", "", "from=1", "hook=", "hook=%ff%00")
    for query in asked:
        # Polls are at least a second apart.
        await tick(1)
        before = operator.polls
        with subtests.test(query=query):
            assert await operator.call_hook(query) == (200, "")
            assert operator.polls == before + 1


async def test_post_is_accepted(operator: Operator) -> None:
    """POST works like GET, since the method of pushes for information is not documented."""
    async with operator.client.post(f"{operator.path}?hook=call", data={"from": "1"}) as answer:
        assert (answer.status, await answer.text()) == (200, "dial:*082\n")
    async with operator.client.post(f"{operator.path}?hook=info", json={"status": 1}) as answer:
        assert (answer.status, await answer.text()) == (200, "")


async def test_other_methods_do_not_log_the_address(
    operator: Operator, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    """No method leads to a log line with the address, as a refused one does in Home Assistant."""
    caplog.set_level(logging.INFO)
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        caplog.clear()
        with subtests.test(method=method):
            async with operator.client.request(method, operator.path) as answer:
                assert answer.status < 500
            await operator.settle()
            logged = [it.getMessage() for it in caplog.records if it.name != "aiohttp.access"]
            assert operator.webhook_id not in str(logged)


async def test_an_announced_call_is_reported_immediately(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """The event is fired, and the call rings on, without waiting for a poll."""
    started = async_capture_events(hass, "odorik_call_started")
    operator = await set_up()
    operator.announce()
    call = operator.world.ring("00420777123456")
    (push,) = await operator.pushed()
    assert [event.data["active_call_id"] for event in started] == [call.id]
    assert (push.status, push.outcome) == (200, "rings silently")
    assert call.answered is None
    assert operator.health.is_proven
    operator.world.end()
    await tick(3)
    await tick(3)
    assert operator.interval == 60


@pytest.mark.usefixtures("freezer")
async def test_pushes_poll_at_most_once_a_second(operator: Operator, tick: Tick) -> None:
    """Many pushes lead to one poll at once and one more after a second."""
    before = operator.polls
    for _ in range(50):
        await operator.call_hook()
    assert operator.polls == before + 1
    await tick(1)
    assert operator.polls == before + 2
    await tick(1)
    assert operator.polls == before + 2


async def test_a_push_during_a_poll_causes_exactly_one_more(
    operator: Operator, freezer: FrozenDateTimeFactory
) -> None:
    """Pushes during a poll lead to one more poll, which does not overlap with it."""
    active = operator.entry.runtime_data.active
    read, begun, released = active.client.active_calls, asyncio.Event(), asyncio.Event()
    polls = 0

    async def slowly() -> Any:
        nonlocal polls
        polls += 1
        begun.set()
        await released.wait()
        return await read()

    active.client.active_calls = slowly
    async with operator.client.get(operator.path):
        await begun.wait()
    freezer.tick(2)
    for _ in range(5):
        async with operator.client.get(operator.path):
            pass
    assert polls == 1
    released.set()
    await operator.settle()
    assert polls == 2


async def test_the_answer_does_not_wait_for_the_poll(operator: Operator) -> None:
    """A push is answered although the operator does not respond to the poll."""
    operator.exchange.fail("timeout", times=0)
    async with asyncio.timeout(1):
        async with operator.client.get(f"{operator.path}?hook=call") as answer:
            assert answer.status == 200
    operator.exchange.exchange.faults.clear()
    operator.exchange.exchange.closing.set()


async def test_a_push_does_not_repeat_a_wrong_login(operator: Operator, tick: Tick) -> None:
    """After a wrong login, pushes do not lead to further attempts."""
    operator.world.account().password = "changed"
    await tick(11)
    before = operator.polls
    for _ in range(20):
        await operator.call_hook()
        await tick(1)
    assert operator.polls == before


async def test_a_call_that_is_not_listed_yet_is_polled_again(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """A call that is listed only after its push is reported within seconds."""
    started = async_capture_events(hass, "odorik_call_started")
    operator = await set_up(active_interval=300)
    await operator.call_hook()
    operator.world.ring("00420777123456")
    await tick(4)
    assert len(started) == 1


async def test_many_requests_cost_neither_memory_nor_log(
    hass: HomeAssistant, operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    """10,000 requests leave no objects, log lines, repairs or frequent state changes.

    They come through the cloud, so they have fewer attributes than others.
    """
    caplog.set_level(logging.INFO, logger=f"custom_components.{DOMAIN}")
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    before, issues, began = operator.polls, operator.issues, hass.loop.time()
    webhook_id = operator.webhook_id

    async def call_often(times: int) -> int:
        for number in range(times):
            query = f"hook=call&from={number}&sip_in_callid={number}&x={'y' * 200}"
            request = MockRequest(b"", "cloud", query_string=query)
            answer = await webhook.async_handle_webhook(hass, webhook_id, cast("Any", request))
            assert answer.text == "dial:*082\n"
            if number % 100 == 0:
                await asyncio.sleep(0.005)
        await operator.settle()
        gc.collect()
        return sys.getallocatedblocks()

    first = await call_often(1_000)
    assert await call_often(9_000) - first < 9_000
    await operator.settle()
    seconds = hass.loop.time() - began
    assert operator.polls - before <= seconds + 2
    assert {event.data["entity_id"] for event in changes} <= {operator.sensor().entity_id}
    assert len(changes) <= seconds / 10 + 2
    assert operator.issues == issues
    assert not operator.health.is_proven
    ours = (f"custom_components.{DOMAIN}", "homeassistant.components.webhook")
    assert not [it for it in caplog.records if it.name.startswith(ours)]


async def test_a_long_body_is_refused_unread(operator: Operator) -> None:
    """A body of many megabytes is refused before it arrives."""
    url = operator.client.make_url(operator.path)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {url.raw_path} HTTP/1.1\r\nHost: x\r\nContent-Length: {16 * 2**20}"
    writer.write(f"{head}\r\n\r\n".encode())
    status = (await asyncio.wait_for(reader.readline(), 5)).split()[1]
    writer.transport.abort()
    assert status == b"413"
    assert await operator.call_hook() == (200, "dial:*082\n")


async def test_the_webhook_exists_as_long_as_push_is_on(operator: Operator) -> None:
    """The address survives a reload, and stops answering when push is turned off."""
    webhook_id = operator.webhook_id
    path, before = operator.path, operator.polls
    assert len(webhook_id) == 64
    await operator.reload()
    assert operator.webhook_id == webhook_id
    assert await operator.call_hook() == (200, "dial:*082\n")
    assert operator.polls > before

    await operator.reload(push=False)
    before = operator.polls
    assert operator.entry.runtime_data.push is None
    assert "webhook_id" not in operator.entry.data
    assert not operator.hass.data[webhook.DOMAIN]
    assert operator.sensor() is None
    async with operator.client.get(f"{path}?hook=call") as answer:
        assert (answer.status, await answer.text()) == (200, "")
    await operator.settle()
    assert operator.polls == before


async def test_the_sensor_shows_the_last_push(operator: Operator, tick: Tick) -> None:
    """The state is the time of the last push, updated every ten seconds at most."""
    assert operator.sensor().state == "unknown"
    await operator.call_hook()
    first = operator.sensor().state
    assert first not in {"unknown", "unavailable"}
    await tick(2)
    await operator.call_hook()
    assert operator.sensor().state == first
    await tick(10)
    second = operator.sensor()
    assert second.state > first
    assert second.attributes["announced"] == second.attributes["unannounced"] == 0
    assert second.attributes["proven"] is False
    await operator.reload()
    assert operator.sensor().state == second.state


async def test_the_address_is_not_disclosed(
    hass: HomeAssistant,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Diagnostics, states and logs do not contain the secret address."""
    assert await async_setup_component(hass, "diagnostics", {})
    operator = await set_up()
    caplog.set_level(logging.DEBUG, logger=f"custom_components.{DOMAIN}")
    webhook_id = operator.webhook_id
    operator.announce()
    operator.world.ring()
    await operator.pushed()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, operator.entry)
    assert cast("Any", diagnostics)["push"]["is_proven"] is True
    assert webhook_id not in str(diagnostics)
    assert webhook_id not in str([state.as_dict() for state in hass.states.async_all()])
    ours = [it for it in caplog.records if it.name.startswith("custom_components")]
    assert ours
    assert webhook_id not in str([it.getMessage() for it in ours])
