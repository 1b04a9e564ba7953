"""The web hook: what it answers, what follows from it, and that nothing else does."""

import asyncio
from contextlib import suppress
import gc
import logging
import sys
import tracemalloc
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import webhook
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.const import CONF_PUSH, CONF_PUSH_ANSWER, DOMAIN
from tests.conftest import Tick

from .conftest import Operator, SetUp

DOCUMENTED = "from=00420799799081&to=00420910123456&dtmf=60200&line=300100&sip_in_callid=a1"
MAX = 16 * 2**20


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "dial"}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "dial:*082"}, "dial:*082\n"),
        ({CONF_PUSH_ANSWER: "hangup"}, "hangup\n"),
        ({CONF_PUSH_ANSWER: "of another version"}, "dial:*082\n"),
    ],
)
async def test_the_operator_is_told_what_to_do_with_the_branch(
    set_up: SetUp, options: dict[str, Any], text: str
) -> None:
    """The telephones would fall silent, or the caller would hear something."""
    operator = await set_up(**options)
    for query in (f"hook=call&{DOCUMENTED}", f"hook=call?{DOCUMENTED}", "hook=call"):
        async with operator.client.get(f"{operator.path}?{query}") as answer:
            assert (answer.status, answer.content_type) == (200, "text/plain")
            assert await answer.text() == text


async def test_a_comment_only_holds_nothing_but_comments(set_up: SetUp) -> None:
    """Whatever else it held, the operator would do."""
    operator = await set_up(**{CONF_PUSH_ANSWER: "comment"})
    status, text = await operator.call_hook()
    assert status == 200
    assert text
    assert all(line.startswith("#") for line in text.splitlines())


@pytest.mark.usefixtures("freezer")
async def test_whatever_else_is_asked_the_answer_is_empty(
    operator: Operator, tick: Tick, subtests: pytest.Subtests
) -> None:
    """A slot that is called for information would be told to do something."""
    asked = ("hook=info", "hook=info&callid=1&status=ANSWER", "", "from=1", "hook=", "hook=%ff%00")
    for query in asked:
        # A second after the look that the row before has caused, another may be.
        await tick(1)
        before = operator.looks
        with subtests.test(query=query):
            assert await operator.call_hook(query) == (200, "")
            assert operator.looks == before + 1


async def test_post_works_like_get(operator: Operator) -> None:
    """Nobody knows for certain which the operator uses for information."""
    async with operator.client.post(f"{operator.path}?hook=call", data={"from": "1"}) as answer:
        assert (answer.status, await answer.text()) == (200, "dial:*082\n")
    async with operator.client.post(f"{operator.path}?hook=info", json={"status": 1}) as answer:
        assert (answer.status, await answer.text()) == (200, "")


async def test_no_other_method_does_harm(
    operator: Operator, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    """Home Assistant logs the address of a hook that is called with a method it does not take."""
    caplog.set_level(logging.INFO)
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        caplog.clear()
        with subtests.test(method=method):
            async with operator.client.request(method, operator.path) as answer:
                assert answer.status < 500
            await operator.settle()
            logged = [it.getMessage() for it in caplog.records if it.name != "aiohttp.access"]
            assert operator.entry.data["webhook_id"] not in str(logged)


async def test_the_cloud_gets_the_same_answers(
    hass: HomeAssistant, set_up: SetUp, hass_ws_client: Any
) -> None:
    """What comes through the cloud is no request of a server, and has less to be asked for."""
    assert await async_setup_component(hass, "websocket_api", {})
    operator = await set_up()
    client = await hass_ws_client(hass)
    before = operator.looks
    await client.send_json_auto_id(
        {
            "type": "webhook/handle",
            "webhook_id": operator.entry.data["webhook_id"],
            "method": "GET",
            "query": f"hook=call&{DOCUMENTED}",
        }
    )
    result = (await client.receive_json())["result"]
    assert (result["status"], result["body"]) == (200, "dial:*082\n")
    assert result["headers"]["Content-Type"] == "text/plain"
    await operator.settle()
    assert operator.looks == before + 1


async def test_a_caller_who_hangs_up_cuts_nothing_short(
    operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    """Home Assistant cancels what it does for a caller who has gone."""
    before = operator.looks
    operator.exchange.fail("slow", seconds=0.2, path="/active_calls.json")
    url = operator.client.make_url(f"{operator.path}?hook=call")
    assert url.host
    assert url.port
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET {url.raw_path_qs} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await writer.drain()
    writer.transport.abort()
    for _ in range(1000):
        await asyncio.sleep(0.001)
        if operator.looks > before:
            break
    await operator.settle()
    assert operator.looks == before + 1
    assert operator.entry.runtime_data.active.last_update_success
    said = [it for it in caplog.records if it.levelno >= logging.WARNING]
    # Debugging says of a slow machine that it is slow.
    assert not [it for it in said if not it.msg.startswith("Executing ")]


async def test_a_ring_that_is_announced_is_told_at_once(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """Half of the time that a call rings would be over before anybody is told."""
    started = async_capture_events(hass, "odorik_call_started")
    operator = await set_up()
    operator.announce()
    call = operator.exchange.world.ring("00420777123456")
    (push,) = await operator.pushed()
    assert [event.data["active_call_id"] for event in started] == [call.id]
    assert (push.status, push.outcome) == (200, "rings silently")
    assert call.answered is None
    assert operator.announcements.proof.is_proven
    operator.exchange.world.end()
    await tick(3)
    await tick(3)
    assert operator.interval == 60


@pytest.mark.usefixtures("freezer")
async def test_many_pushes_cause_one_look_a_second(operator: Operator, tick: Tick) -> None:
    """Who has the address could make the operator bar the account."""
    before = operator.looks
    for _ in range(50):
        await operator.call_hook()
    assert operator.looks == before + 1
    await tick(1)
    assert operator.looks == before + 2
    await tick(1)
    assert operator.looks == before + 2


async def test_a_push_during_a_look_causes_exactly_one_more(
    operator: Operator, freezer: FrozenDateTimeFactory
) -> None:
    """It may tell of the call that the look under way has just missed."""
    active = operator.entry.runtime_data.active
    ask, under_way, go_on = active.client.active_calls, asyncio.Event(), asyncio.Event()
    most, running = 0, 0

    async def slowly() -> Any:
        nonlocal most, running
        running += 1
        most = max(most, running)
        under_way.set()
        await go_on.wait()
        try:
            return await ask()
        finally:
            running -= 1

    before = operator.looks
    active.client.active_calls = slowly
    async with operator.client.get(operator.path):
        await under_way.wait()
    freezer.tick(2)
    for _ in range(5):
        async with operator.client.get(operator.path):
            pass
    go_on.set()
    await operator.settle()
    assert operator.looks == before + 2
    assert most == 1


@pytest.mark.usefixtures("freezer")
async def test_a_poll_that_a_push_has_scheduled_ends_with_the_account(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """Unloading the account cancels the poll that waits for the second after the last one."""
    before = operator.looks
    for _ in range(2):
        await operator.call_hook()
    assert operator.looks == before + 1
    assert await hass.config_entries.async_unload(operator.entry.entry_id)
    for _ in range(3):
        await tick(1)
    assert operator.looks == before + 1


async def test_a_push_does_not_wait_for_the_operator(operator: Operator) -> None:
    """The operator waits for the answer before it does anything with the branch."""
    operator.exchange.fail("timeout", times=0)
    async with asyncio.timeout(1):
        async with operator.client.get(f"{operator.path}?hook=call") as answer:
            assert answer.status == 200
    operator.exchange.exchange.faults.clear()
    operator.exchange.exchange.closing.set()


async def test_a_refused_password_is_not_tried_more_often(operator: Operator, tick: Tick) -> None:
    """Who tries a wrong password every second looks like a burglar, and is barred."""
    operator.exchange.world.account().password = "changed"
    await tick(11)
    before = operator.looks
    for _ in range(20):
        await operator.call_hook()
        await tick(1)
    assert operator.looks == before


async def test_what_the_list_does_not_show_yet_is_looked_for_a_little_longer(
    hass: HomeAssistant, set_up: SetUp, tick: Tick
) -> None:
    """An operator may push before its list of calls is written; the next look is a minute off."""
    started = async_capture_events(hass, "odorik_call_started")
    operator = await set_up(active_interval=300)
    await operator.call_hook()
    operator.exchange.world.ring("00420777123456")
    await tick(4)
    assert len(started) == 1


async def test_ten_thousand_requests_change_nothing(
    hass: HomeAssistant, operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    """Who has the address could fill the log, the database or the memory of the house."""
    caplog.set_level(logging.INFO, logger=f"custom_components.{DOMAIN}")
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    before, issues, began = operator.looks, operator.issues, hass.loop.time()
    webhook_id = operator.entry.data["webhook_id"]

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
    assert operator.looks - before <= seconds + 2
    assert {event.data["entity_id"] for event in changes} <= {operator.sensor().entity_id}
    assert len(changes) <= seconds / 10 + 2
    assert operator.issues == issues
    assert not operator.announcements.proof.is_proven
    ours = (f"custom_components.{DOMAIN}", "homeassistant.components.webhook")
    assert not [it for it in caplog.records if it.name.startswith(ours)]


async def test_a_body_that_nobody_asked_for_is_not_read(operator: Operator) -> None:
    """Sixteen megabytes a request would be kept in the memory while they are read."""
    tracemalloc.start()
    try:
        first = tracemalloc.get_traced_memory()[0]
        url = operator.client.make_url(operator.path)
        assert url.host
        assert url.port
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = f"POST {url.raw_path} HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX}\r\n\r\n"
        writer.write(head.encode())
        with suppress(ConnectionError):
            for _ in range(16):
                writer.write(bytes(2**20))
                await asyncio.wait_for(writer.drain(), 1)
        peak = tracemalloc.get_traced_memory()[1] - first
        status = (await asyncio.wait_for(reader.readline(), 5)).split()[1]
        writer.transport.abort()
    finally:
        tracemalloc.stop()
    assert status == b"413"
    assert peak < 8 * 2**20
    assert await operator.call_hook() == (200, "dial:*082\n")


async def test_the_hook_is_there_as_long_as_push_is_on(
    hass: HomeAssistant, operator: Operator
) -> None:
    """An address that still answers after push was turned off is a door that nobody watches."""
    webhook_id = operator.entry.data["webhook_id"]
    path, before = operator.path, operator.looks
    assert len(webhook_id) == 64
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.entry.data["webhook_id"] == webhook_id
    assert await operator.call_hook() == (200, "dial:*082\n")
    assert operator.looks > before

    hass.config_entries.async_update_entry(operator.entry, options={CONF_PUSH: False})
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    before = operator.looks
    assert "webhook_id" not in operator.entry.data
    assert operator.sensor() is None
    async with operator.client.get(f"{path}?hook=call") as answer:
        assert (answer.status, await answer.text()) == (200, "")
    await operator.settle()
    assert operator.looks == before


async def test_without_push_there_is_no_hook(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Nobody has asked for an address that can be called from the Internet."""
    assert account.runtime_data.push is None
    assert "webhook_id" not in account.data
    assert not hass.data.get(webhook.DOMAIN)


async def test_the_sensor_tells_of_the_last_push(
    hass: HomeAssistant, operator: Operator, tick: Tick
) -> None:
    """Who has set it up could not see whether it works."""
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
    await hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()
    assert operator.sensor().state == second.state


async def test_the_address_is_nowhere_to_be_read(
    hass: HomeAssistant,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The address is the only secret of a hook, and diagnostics are put into forums."""
    assert await async_setup_component(hass, "diagnostics", {})
    operator = await set_up()
    caplog.set_level(logging.DEBUG, logger=f"custom_components.{DOMAIN}")
    webhook_id = operator.entry.data["webhook_id"]
    operator.announce()
    operator.exchange.world.ring()
    await operator.pushed()
    told = await get_diagnostics_for_config_entry(hass, hass_client, operator.entry)
    assert cast("Any", told)["push"]["is_proven"] is True
    assert webhook_id not in str(told)
    assert webhook_id not in str([state.as_dict() for state in hass.states.async_all()])
    ours = [it for it in caplog.records if it.name.startswith("custom_components")]
    assert ours
    assert webhook_id not in str([it.getMessage() for it in ours])
