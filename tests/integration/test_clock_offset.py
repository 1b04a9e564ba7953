"""Test calls while the clocks of Home Assistant and of the operator differ.

Which of the two is wrong makes no difference. A device without a battery may start in the past.
"""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import LOADED_AT, STARTED_AT
from tests.accounts import EVA, JAN
from tests.conftest import EventLog, Tick
from tests.exchange import RunningExchange

from .conftest import act

OFFSETS = {
    "a month ahead": timedelta(days=30),
    "eight days ahead": timedelta(days=8),
    "an hour ahead": timedelta(hours=1),
    "an hour behind": timedelta(hours=-1),
    "eight days behind": timedelta(days=-8),
}


@pytest.fixture(params=list(OFFSETS.values()), ids=list(OFFSETS), autouse=True)
def offset(
    request: pytest.FixtureRequest, exchange: RunningExchange, freezer: FrozenDateTimeFactory
) -> None:
    """Set the clock of the exchange."""
    freezer.tick(0)
    exchange.world.advance(-request.param.total_seconds())


@pytest.mark.usefixtures("account")
async def test_calls_are_reported_as_current(
    exchange: RunningExchange, tick: Tick, event_log: EventLog
) -> None:
    """No call is taken for an old one."""
    exchange.world.miss(JAN)
    exchange.world.ring(EVA, answer_after=3, end_after=8)
    for _ in range(15):
        await tick(10)
    records = exchange.world.account().records
    assert sorted(event_log.ids) == [record.id for record in records]
    assert [data["replayed"] for data in event_log.ends] == [False, False]


async def test_calls_before_the_start_are_reported_as_replayed(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    event_log: EventLog,
) -> None:
    """Only calls that took place before Home Assistant started are marked as replayed."""
    assert await hass.config_entries.async_unload(account.entry_id)
    exchange.world.miss(JAN)
    await tick(60)
    del hass.data[STARTED_AT]
    hass.data[LOADED_AT] = monotonic()
    assert await hass.config_entries.async_setup(account.entry_id)
    await tick(10)
    exchange.world.miss(EVA)
    await tick(130)
    assert [data["replayed"] for data in event_log.ends] == [True, False]


@pytest.mark.usefixtures("account")
async def test_a_callback_is_one_call(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, event_log: EventLog
) -> None:
    """The two legs of a callback are joined."""
    await act(hass, "callback", caller="00420777000111", recipient=JAN)
    for _ in ("the caller", "the recipient"):
        await tick(6)
        exchange.world.answer()
    await tick(6)
    exchange.world.end()
    for _ in range(3):
        await tick(10)
    [call] = event_log.ends
    assert (call["direction"], call["number"]) == ("out", "+420777123456")
    assert len(exchange.world.account().records) == 2


async def test_a_period_until_now_includes_the_last_call(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Actions and the card end a period now, and count time, by the operator's clock."""
    exchange.world.miss(JAN)
    await tick(130)
    start = (exchange.world.now() - timedelta(hours=2)).isoformat()
    calls = (await act(hass, "get_calls", start=start))["calls"]
    assert [call["source_number"] for call in calls] == [JAN]
    card = await hass_ws_client(hass)
    await card.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    page = await card.receive_json()
    assert [call["number"] for call in page["result"]["calls"]] == ["+420777123456"]
    await card.send_json_auto_id({"type": "odorik/subscribe"})
    shown: dict[str, Any] = {}
    while "now" not in shown:
        shown = (await card.receive_json()).get("event") or {}
    assert abs(datetime.fromisoformat(shown["now"]) - exchange.world.now()) < timedelta(seconds=5)
