"""The history that the card scrolls through: bounded, whatever lies behind it."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.exchange import RunningExchange

HOLD = 0.1
"""Seconds. The exchange writes its pages on the same loop here; what is ours alone is measured by
scripts/bench, and held to 20 ms."""


async def ask(
    client: MockHAClientWebSocket, entry: MockConfigEntry, **fields: Any
) -> dict[str, Any]:
    """Ask for a page, whatever the answer."""
    await client.send_json_auto_id(
        {"type": "odorik/history", "config_entry_id": entry.entry_id, **fields}
    )
    answer: dict[str, Any] = await client.receive_json()
    return answer


async def pages(client: MockHAClientWebSocket, entry: MockConfigEntry, most: int) -> list[Any]:
    """Scroll back through so many pages at most, and list the calls."""
    calls: list[Any] = []
    before: dict[str, Any] = {}
    for _ in range(most):
        page = (await ask(client, entry, limit=200, **before))["result"]
        calls += page["calls"]
        if page["before"] is None:
            break
        assert page["before"] != before.get("before")
        before = {"before": page["before"]}
    return calls


async def test_a_long_history_behind_a_quiet_year_is_found(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A page holds as many calls as were asked for, however long ago they were."""
    exchange.world.fill(20_000, days=900)
    exchange.world.advance(timedelta(days=492).total_seconds())
    # Its answer tells the time.
    await account.runtime_data.active.async_refresh()
    client = await hass_ws_client(hass)
    page = (await ask(client, account, limit=200))["result"]
    assert len(page["calls"]) >= 200
    assert page["before"]


async def test_what_is_cut_off_comes_with_the_next_page(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A page that reads no further than so many records must not lose those beyond."""
    exchange.world.fill(5_000, days=40)
    exchange.world.advance(timedelta(days=700).total_seconds())
    # Its answer tells the time.
    await account.runtime_data.active.async_refresh()
    client = await hass_ws_client(hass)
    ids = [call["call_id"] for call in await pages(client, account, most=60)]
    assert len(ids) == len(set(ids))
    records = exchange.world.account().records
    firsts = {row.id for row in records if row.redirection_parent_id is None and row.type != "sms"}
    assert set(ids) == firsts


async def test_very_many_calls_within_an_hour_are_all_shown(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The next page would begin where this one did, and the card would ask for ever."""
    exchange.world.fill(4_500, days=0.04)
    client = await hass_ws_client(hass)
    ids = [call["call_id"] for call in await pages(client, account, most=60)]
    assert len(ids) == len(set(ids))
    records = exchange.world.account().records
    firsts = {row.id for row in records if row.redirection_parent_id is None and row.type != "sms"}
    assert set(ids) == firsts


@pytest.mark.parametrize(
    "before",
    [
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1999-12-31T00:00:00+00:00",
    ],
)
async def test_a_moment_beyond_all_calls_is_answered_in_order(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
    before: str,
) -> None:
    """A user who may only read could fill the log with tracebacks."""
    await hass.config.async_set_time_zone("Europe/Prague")
    exchange.world.fill(20)
    hass_admin_user.groups = []
    hass_admin_user.mock_policy(
        {"entities": {"entity_ids": {"sensor.odorik_1234567_active_calls": {"read": True}}}}
    )
    client = await hass_ws_client(hass)
    answer = await ask(client, account, before=before)
    if answer["success"]:
        assert bool(answer["result"]["calls"]) is before.startswith("9999")
    else:
        assert answer["error"]["code"] == "invalid_format"
    assert "Traceback" not in caplog.text
    assert "OverflowError" not in caplog.text


@pytest.mark.parametrize("state", ["missing", "not_loaded", "forbidden"])
async def test_why_there_is_no_history_can_be_said_in_the_users_language(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
    state: str,
) -> None:
    """A Czech household would read English."""
    client = await hass_ws_client(hass)
    if state == "not_loaded":
        await hass.config_entries.async_unload(account.entry_id)
    elif state == "missing":
        await hass.config_entries.async_remove(account.entry_id)
    else:
        hass_admin_user.groups = []
        hass_admin_user.mock_policy({})
    error = (await ask(client, account))["error"]
    assert error["code"] == state
    assert error["translation_domain"] == "odorik"
    assert error["translation_key"] == f"account_{state}"
