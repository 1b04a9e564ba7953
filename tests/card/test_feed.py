"""What the card is told, over the web socket that it uses."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.websocket_api import ERR_HOME_ASSISTANT_ERROR
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.conftest import Tick
from tests.exchange import RunningExchange

JAN = "00420777123456"
ACTIVE_CALLS = "sensor.odorik_1234567_active_calls"


async def _event(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return what the subscription tells next."""
    message = await client.receive_json()
    assert message["type"] == "event", message
    event: dict[str, Any] = message["event"]
    return event


async def _subscribe(client: MockHAClientWebSocket, **fields: Any) -> dict[str, Any]:
    """Subscribe and return the account that is shown first."""
    await client.send_json_auto_id({"type": "odorik/subscribe", **fields})
    assert (await client.receive_json())["success"]
    account: dict[str, Any] = (await _event(client))["account"]
    return account


async def _history(
    client: MockHAClientWebSocket, entry: MockConfigEntry, **fields: Any
) -> dict[str, Any]:
    """Return a page of the history."""
    await client.send_json_auto_id(
        {"type": "odorik/history", "config_entry_id": entry.entry_id, **fields}
    )
    answer = await client.receive_json()
    assert answer["success"], answer
    page: dict[str, Any] = answer["result"]
    return page


def _forbid(user: MockUser, **policy: Any) -> None:
    """Leave a user with nothing but what the policy says."""
    user.groups = []
    user.mock_policy({"entities": {"entity_ids": policy}} if policy else {})


async def test_a_call_is_reported_as_it_happens(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A tablet that learns of a call when it is over is of no use."""
    client = await hass_ws_client(hass)
    shown = await _subscribe(client)
    assert shown["state"] == "loaded"
    assert shown["config_entry_id"] == account.entry_id
    assert shown["may_control"]
    assert shown["caller"] is None
    assert shown["figures"]["balance"] == "sensor.odorik_1234567_credit"
    assert [line["name"] for line in shown["lines"]] == ["Domov", "Dílna", None]
    assert {
        "number": "+420777123456",
        "name": "Jan Novák mobil",
        "formatted": "+420 777 123 456",
    } in (shown["contacts"])
    # What no telephone can dial is no suggestion.
    assert not any(contact["number"].startswith("skype") for contact in shown["contacts"])
    assert (await _event(client))["calls"] == []

    call = exchange.world.ring(JAN)
    await tick(10)
    event = await _event(client)
    assert event["is_reachable"]
    assert [(one["name"], one["formatted"]) for one in event["calls"]] == [
        ("Jan Novák mobil", "+420 777 123 456")
    ]
    exchange.world.end(call.id)
    await tick(3)
    assert (await _event(client))["calls"] == []
    await tick(5)
    event = await _event(client)
    assert event["recorded"]["status"] == "missed"
    assert event["recorded"]["number"] == "+420777123456"


async def test_a_silent_operator_is_told(
    hass: HomeAssistant,
    account: MockConfigEntry,  # noqa: ARG001
    exchange: RunningExchange,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """An empty list that is only out of date must not look like silence."""
    client = await hass_ws_client(hass)
    await _subscribe(client)
    assert (await _event(client))["is_reachable"]
    exchange.fail("503", path="/active_calls", times=0)
    await tick(10)
    assert not (await _event(client))["is_reachable"]


async def test_a_reload_and_the_end_of_an_account_are_survived(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Changing an option must not leave every tablet in the house frozen."""
    client = await hass_ws_client(hass)
    await _subscribe(client)
    await _event(client)
    assert await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await _event(client))["account"]["state"] == "not_loaded"
    assert (await _event(client))["account"]["state"] == "loaded"
    assert (await _event(client))["calls"] == []
    exchange.world.ring(JAN)
    await tick(10)
    assert len((await _event(client))["calls"]) == 1
    await hass.config_entries.async_remove(account.entry_id)
    assert (await _event(client))["account"]["state"] == "not_loaded"
    assert (await _event(client))["account"] == {"state": "missing"}


async def test_who_leaves_is_told_nothing_more(
    hass: HomeAssistant, account: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Every visit to the dashboard would else leave something behind that runs for ever."""
    data = account.runtime_data
    before = len(data.active._listeners), len(data.account._listeners)
    client = await hass_ws_client(hass)
    await client.send_json({"id": 7, "type": "odorik/subscribe"})
    for _ in range(3):
        await client.receive_json()
    assert len(data.active._listeners) > before[0]
    await client.send_json({"id": 8, "type": "unsubscribe_events", "subscription": 7})
    assert (await client.receive_json())["success"]
    assert (len(data.active._listeners), len(data.account._listeners)) == before


@pytest.mark.parametrize(
    ("policy", "state", "may_control"),
    [
        ({}, "forbidden", None),
        ({ACTIVE_CALLS: {"read": True}}, "loaded", False),
        ({ACTIVE_CALLS: {"read": True, "control": True}}, "loaded", True),
    ],
)
async def test_an_account_is_shown_to_those_who_may_read_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    *,
    policy: dict[str, Any],
    state: str,
    may_control: bool | None,
) -> None:
    """A guest of the house should not read who telephones with whom."""
    _forbid(hass_admin_user, **policy)
    client = await hass_ws_client(hass)
    shown = await _subscribe(client)
    assert shown["state"] == state
    assert shown.get("may_control") is may_control
    # The figures are entities of their own, which nobody has allowed.
    assert not shown.get("figures")
    await client.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    while (answer := await client.receive_json())["type"] == "event":
        pass
    assert answer["success"] is (state == "loaded")
    if state == "forbidden":
        assert shown == {"state": "forbidden"}
        assert answer["error"]["code"] == "forbidden"


async def test_a_right_that_is_taken_away_is_gone_at_once(
    hass: HomeAssistant,
    account: MockConfigEntry,  # noqa: ARG001
    exchange: RunningExchange,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
    *,
    hass_admin_user: MockUser,
) -> None:
    """A page that was left open must not go on telling."""
    client = await hass_ws_client(hass)
    await _subscribe(client)
    await _event(client)
    _forbid(hass_admin_user)
    hass_admin_user.invalidate_cache()
    exchange.world.ring(JAN)
    await tick(10)
    assert await _event(client) == {"account": {"state": "forbidden"}}


async def test_an_account_can_be_named(
    hass: HomeAssistant, account: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """With two accounts each card shows its own."""
    client = await hass_ws_client(hass)
    shown = await _subscribe(client, config_entry_id=account.entry_id)
    assert shown["config_entry_id"] == account.entry_id
    client = await hass_ws_client(hass)
    assert await _subscribe(client, config_entry_id="another") == {"state": "missing"}


async def test_the_pages_hold_every_call_once(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A call that falls between two pages is a call that nobody finds."""
    exchange.world.fill(700, days=90)
    client = await hass_ws_client(hass)
    calls: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    while True:
        page = await _history(client, account, **before)
        calls += page["calls"]
        if page["before"] is None:
            break
        before = {"before": page["before"]}
    ids = [call["call_id"] for call in calls]
    assert len(ids) == len(set(ids))
    records = exchange.world.account().records
    firsts = {record.id for record in records if record.redirection_parent_id is None}
    assert set(ids) == firsts - {record.id for record in records if record.type == "sms"}
    moments = [call["started_at"] for call in calls]
    assert moments == sorted(moments, reverse=True)


async def test_a_busy_account_is_read_in_steps(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A name that is nowhere must not make the box read ten years at once."""
    exchange.world.fill(5000, days=60)
    client = await hass_ws_client(hass)
    exchange.journal.clear()
    page = await _history(client, account, search="nobody")
    assert page["calls"] == []
    assert page["before"] is not None
    assert len(exchange.requests("/calls.json")) <= 4


async def test_a_redirected_call_is_one_row(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Two rows for one call look as if somebody had called twice."""
    call = exchange.world.ring(JAN)
    leg = exchange.world.redirect(call.id, "00420777000111")
    exchange.world.answer(leg.id)
    exchange.world.advance(30)
    exchange.world.end(call.id)
    exchange.world.advance(10)
    client = await hass_ws_client(hass)
    (row,) = (await _history(client, account))["calls"]
    assert row["redirected_to"] == "+420 777 000 111"
    assert row["status"] == "answered"


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("", {"Jan Novák mobil", "Eva Dvořáková", None}),
        ("novak", {"Jan Novák mobil"}),
        ("MOBIL Jan", {"Jan Novák mobil"}),
        ("777 123", {"Jan Novák mobil"}),
        ("00420 777-123", {"Jan Novák mobil"}),
        ("+420602", {"Eva Dvořáková"}),
        ("dvorakova", {"Eva Dvořáková"}),
        ("nobody", set()),
    ],
)
async def test_calls_are_found_by_name_and_number(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    *,
    search: str,
    names: set[str | None],
) -> None:
    """Nobody types accents, and numbers are written in many ways."""
    exchange.world.miss(JAN)
    exchange.world.miss("00420602987654")
    exchange.world.miss("")
    client = await hass_ws_client(hass)
    page = await _history(client, account, search=search)
    assert {call["name"] for call in page["calls"]} == names


async def test_calls_are_filtered_by_kind(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Whom did I miss? is the question that the list is opened for."""
    exchange.world.fill(200, days=10)
    client = await hass_ws_client(hass)
    found = {
        show: (await _history(client, account, show=show, limit=200))["calls"]
        for show in ("all", "missed", "incoming", "outgoing")
    }
    assert len(found["all"]) == len(found["incoming"]) + len(found["outgoing"])
    assert found["missed"]
    assert {call["status"] for call in found["missed"]} == {"missed"}
    assert all(call["direction"] != "out" for call in found["missed"] + found["incoming"])
    assert {call["direction"] for call in found["outgoing"]} == {"out"}


async def test_a_failure_is_said_in_words_that_can_be_translated(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A Czech household is told in Czech, and never shown the address with the password."""
    client = await hass_ws_client(hass)
    exchange.fail("503", path="/calls.json", times=0)
    await client.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    answer = await client.receive_json()
    assert answer["error"]["code"] == ERR_HOME_ASSISTANT_ERROR
    assert answer["error"]["translation_key"] == "cannot_connect"
    assert exchange.password not in str(answer) + caplog.text


@pytest.mark.parametrize(
    ("entity_id", "shown_as"),
    [
        ("sensor.odorik_1234567_credit", lambda account: account["figures"]["balance"]),
        ("todo.odorik_1234567_missed_calls", lambda account: account["inbox"]),
    ],
    ids=["figure", "inbox"],
)
async def test_a_renamed_entity_is_followed(
    hass: HomeAssistant,
    account: MockConfigEntry,  # noqa: ARG001
    hass_ws_client: WebSocketGenerator,
    *,
    entity_id: str,
    shown_as: Callable[[dict[str, Any]], str],
) -> None:
    """An open card is sent the new ID of an entity that it shows or acts on."""
    registry = er.async_get(hass)
    client = await hass_ws_client(hass)
    assert shown_as(await _subscribe(client)) == entity_id
    await _event(client)
    new = f"{entity_id.partition('.')[0]}.renamed"
    registry.async_update_entity(entity_id, new_entity_id=new)
    assert shown_as((await _event(client))["account"]) == new


async def test_a_disabled_inbox_is_no_longer_offered(
    hass: HomeAssistant,
    account: MockConfigEntry,  # noqa: ARG001
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Disabling the to-do list removes the tick from an open card, where it would do nothing."""
    client = await hass_ws_client(hass)
    inbox = (await _subscribe(client))["inbox"]
    await _event(client)
    er.async_get(hass).async_update_entity(inbox, disabled_by=er.RegistryEntryDisabler.USER)
    assert (await _event(client))["account"]["inbox"] is None
