"""The clocks of the house and of the exchange disagree; the telephone goes by the exchange's."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import DOMAIN, LOADED_AT, STARTED_AT
from tests.coordinator.test_history import Story

from .conftest import Tick
from .exchange import RunningExchange

JAN, EVA, MOBILE = "00420777123456", "00420602987654", "00420777000111"
WRONG = {
    "a month ahead": timedelta(days=30),
    "eight days ahead": timedelta(days=8),
    "an hour ahead": timedelta(hours=1),
    "an hour behind": timedelta(hours=-1),
    "eight days behind": timedelta(days=-8),
}
"""How far the clock of the house is wrong: a box without a battery wakes up in the past."""


@pytest.fixture
def story(hass: HomeAssistant) -> Story:
    """Everything that is told in a test."""
    return Story(hass)


@pytest.fixture(params=list(WRONG.values()), ids=list(WRONG), autouse=True)
def disagreement(
    request: pytest.FixtureRequest, exchange: RunningExchange, freezer: FrozenDateTimeFactory
) -> None:
    """Set the exchange's clock; which of the two is wrong makes no difference to anybody."""
    freezer.tick(0)
    exchange.world.advance(-request.param.total_seconds())


async def test_every_call_is_reported_as_one_of_today(
    exchange: RunningExchange, account: MockConfigEntry, tick: Tick, story: Story
) -> None:
    """A box that believes it is next month would pass each call over as one of long ago."""
    assert account.state.recoverable
    exchange.world.miss(JAN)
    exchange.world.ring(EVA, answer_after=3, end_after=8)
    for _ in range(15):
        await tick(10)
    assert sorted(story.ids) == [record.id for record in exchange.world.account().records]
    assert [data["replayed"] for data in story.ends] == [False, False]


async def test_calls_from_before_the_start_are_known_as_such(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    story: Story,
) -> None:
    """The loudspeaker would announce in the morning who called at night, or nobody ever."""
    assert await hass.config_entries.async_unload(account.entry_id)
    exchange.world.miss(JAN)
    await tick(60)
    del hass.data[STARTED_AT]
    hass.data[LOADED_AT] = monotonic()
    assert await hass.config_entries.async_setup(account.entry_id)
    await tick(10)
    exchange.world.miss(EVA)
    await tick(130)
    assert [data["replayed"] for data in story.ends] == [True, False]


async def test_a_callback_is_one_call(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    story: Story,
) -> None:
    """Its two legs would be taken for two calls, one of them to oneself."""
    assert account.state.recoverable
    order = {"caller": MOBILE, "recipient": JAN}
    await hass.services.async_call(DOMAIN, "callback", order, blocking=True)
    for _ in ("the caller", "the recipient"):
        await tick(6)
        exchange.world.answer()
    await tick(6)
    exchange.world.end()
    for _ in range(3):
        await tick(10)
    [told] = story.ends
    assert (told["direction"], told["number"]) == ("out", "+420777123456")
    assert len(exchange.world.account().records) == 2


async def test_what_is_read_until_now_holds_what_has_just_been(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The last call would be missing from the list until the clock here gets there."""
    assert account.state.recoverable
    exchange.world.miss(JAN)
    await tick(130)
    start = (exchange.world.now() - timedelta(hours=2)).isoformat()
    answer: Any = await hass.services.async_call(
        DOMAIN, "get_calls", {"start": start}, blocking=True, return_response=True
    )
    assert [call["source_number"] for call in answer["calls"]] == [JAN]
    card = await hass_ws_client(hass)
    await card.send_json_auto_id({"type": "odorik/history", "config_entry_id": account.entry_id})
    page = await card.receive_json()
    assert [call["number"] for call in page["result"]["calls"]] == ["+420777123456"]
    await card.send_json_auto_id({"type": "odorik/subscribe"})
    shown: dict[str, Any] = {}
    while "now" not in shown:
        shown = (await card.receive_json()).get("event") or {}
    assert abs(datetime.fromisoformat(shown["now"]) - exchange.world.now()) < timedelta(seconds=5)
