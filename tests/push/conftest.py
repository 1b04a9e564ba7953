"""A house whose operator pushes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import CONF_PUSH, DOMAIN
from custom_components.odorik.push.announcements import Announcements
from simulator.world import Push
from tests.exchange import RunningExchange

STEPS = 200_000
"""Of the event loop, while all clocks may stand still."""

type SetUp = Callable[..., Awaitable[Operator]]


@dataclass(frozen=True)
class Operator:
    """The operator as the house knows it.

    Attributes:
        client: Reaches Home Assistant as the operator does.
    """

    hass: HomeAssistant
    exchange: RunningExchange
    entry: MockConfigEntry
    client: TestClient[Any, Any]

    @property
    def path(self) -> str:
        """Where the hook is."""
        return f"/api/webhook/{self.entry.data['webhook_id']}"

    @property
    def announcements(self) -> Announcements:
        """The pushes of the running account."""
        push = self.entry.runtime_data.push
        assert push
        announcements: Announcements = push.announcements
        return announcements

    @property
    def looks(self) -> int:
        """How often the active calls were looked at."""
        return len(self.exchange.requests("/active_calls.json"))

    @property
    def interval(self) -> float:
        """Seconds from one look to the next."""
        interval = self.entry.runtime_data.active.update_interval
        assert interval
        return float(interval.total_seconds())

    @property
    def issues(self) -> set[str]:
        """What is shown among the repairs."""
        issues = ir.async_get(self.hass).issues
        return {str(it.translation_key) for (domain, _), it in issues.items() if domain == DOMAIN}

    def sensor(self) -> Any:
        """Return the state of the sensor that shows the last push; None where there is none."""
        registry = er.async_get(self.hass)
        unique_id = f"{self.entry.unique_id}_push_last_received"
        entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
        return self.hass.states.get(entity_id) if entity_id else None

    async def settle(self) -> None:
        """Let everything happen that is under way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def call_hook(self, query: str = "hook=call", **options: Any) -> tuple[int, str]:
        """Call the hook, and return the status and the text that it answers."""
        async with self.client.get(f"{self.path}?{query}", **options) as answer:
            said = answer.status, await answer.text()
        await self.settle()
        return said

    def announce(self, query: str = "hook=call", **wishes: Any) -> None:
        """Give the exchange the address."""
        url = f"{self.client.make_url(self.path)}?{query}"
        self.exchange.world.save_push_url(url=url, **wishes)

    async def pushed(self, many: int = 1) -> list[Push]:
        """Wait until the exchange has pushed so often, and everything has come of it."""
        for _ in range(STEPS):
            done = [push for push in self.exchange.exchange.pushes if push.outcome]
            if len(done) >= many:
                break
            await asyncio.sleep(0)
        await self.settle()
        assert len(done) >= many
        return done


@pytest.fixture
def set_up(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
) -> SetUp:
    """Set an account up with push and other options."""

    async def make(**options: Any) -> Operator:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, options={CONF_PUSH: True} | options)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        return Operator(hass, exchange, entry, await hass_client_no_auth())

    return make


@pytest.fixture
async def operator(set_up: SetUp) -> Operator:
    """An operator that may push, and has not yet."""
    return await set_up()
