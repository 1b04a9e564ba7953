"""Questions about calls, asked of Home Assistant's own conversation agent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from homeassistant.components import conversation
from homeassistant.core import Context
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.accounts import add_account, make_entry, set_up

from .conftest import HOME, JAN, STRANGER, Harness

EVA = "00420602987654"
PRAGUE = ZoneInfo("Europe/Prague")
# A Wednesday.
NOW = "2026-11-25T15:00:00+01:00"

pytestmark = pytest.mark.freeze_time(NOW)


class Household:
    """A household that asks about its calls."""

    def __init__(self, harness: Harness, account: MockConfigEntry) -> None:
        self.harness = harness
        self.account = account

    async def ask(self, sentence: str, language: str = "cs") -> str:
        """Ask a question, and return what is said in response."""
        result = await conversation.async_converse(
            self.harness.hass, sentence, None, Context(), language=language
        )
        speech: str = result.response.speech["plain"]["speech"]
        return speech

    def add_call(self, when: str, number: str, **fields: object) -> None:
        """Add a call to the history at a local time: missed, unless it has a length."""
        is_outgoing = fields.pop("outgoing", False)
        ours = self.harness.world.account().lines[HOME].public_number
        source, destination = (ours, number) if is_outgoing else (number, ours)
        self.harness.world.add_record(
            date=datetime.fromisoformat(when).replace(tzinfo=PRAGUE),
            source_number=source,
            destination_number=destination,
            direction="out" if is_outgoing else "in",
            status="answered" if fields.get("length") else "missed",
            line=HOME,
            **fields,
        )

    async def refresh(self) -> None:
        """Read the history."""
        await self.account.runtime_data.history.async_refresh()
        await self.account.runtime_data.statistics.async_refresh()
        await self.harness.tick(0)


@pytest.fixture
async def household(harness: Harness, account: MockConfigEntry) -> Household:
    """A household with an automation for all of its accounts."""
    await harness.hass.config.async_set_time_zone("Europe/Prague")
    for component in ("homeassistant", "conversation"):
        assert await async_setup_component(harness.hass, component, {})
    await harness.add("ask_about_calls")
    return Household(harness, account)


