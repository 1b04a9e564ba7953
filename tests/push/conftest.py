"""An account whose operator sends pushes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.calls.push_health import PushHealth
from custom_components.odorik.const import CONF_PUSH, DOMAIN
from custom_components.odorik.push.address import WebhookAddress, async_get_address
from simulator.world import Push, World
from tests import accounts
from tests.exchange import RunningExchange

OURS = "https://home.example.org"
ELSEWHERE = "https://elsewhere.example.org"
INTERNAL = "http://192.168.1.2:8123"
STRANGER = "00420602555123"
HOME = "00420910123456"

MAX_ITERATIONS = 200_000
"""Iterations of the event loop to wait for a push, since all clocks may be frozen."""

type SetUp = Callable[..., Awaitable[Operator]]


@dataclass(frozen=True)
class Operator:
    """The operator of an account with push.

    Attributes:
        client: A client that reaches Home Assistant as the operator does.
    """

    hass: HomeAssistant
    exchange: RunningExchange
    entry: MockConfigEntry
    client: TestClient[Any, Any]

    @property
    def world(self) -> World:
        """The calls and numbers of the exchange."""
        return self.exchange.world

    @property
    def webhook_id(self) -> str:
        """The secret part of the address."""
        return str(self.entry.data["webhook_id"])

    @property
    def path(self) -> str:
        """The path of the webhook."""
        return f"/api/webhook/{self.webhook_id}"

    @property
    def health(self) -> PushHealth:
        """The health of push of the loaded account."""
        health: PushHealth = self.entry.runtime_data.push.monitor.health
        return health

    @property
    def polls(self) -> int:
        """The number of polls of the active calls."""
        return len(self.exchange.requests("/active_calls.json"))

    @property
    def interval(self) -> float:
        """Seconds between two polls."""
        interval = self.entry.runtime_data.active.update_interval
        assert interval
        return float(interval.total_seconds())

    @property
    def issues(self) -> set[str]:
        """The keys of the repairs."""
        issues = ir.async_get(self.hass).issues
        return {str(it.translation_key) for (domain, _), it in issues.items() if domain == DOMAIN}

    def sensor(self) -> Any:
        """Return the state of the sensor of the last push, or None."""
        entity_id = accounts.entity_id_of(self.hass, self.entry, "sensor", "push_last_received")
        return self.hass.states.get(entity_id) if entity_id else None

    async def settle(self) -> None:
        """Wait until nothing is running."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def reload(self, *, push: bool | None = None) -> None:
        """Reload the account, optionally after push was turned on or off."""
        if push is not None:
            self.hass.config_entries.async_update_entry(self.entry, options={CONF_PUSH: push})
        await accounts.reload(self.hass, self.entry)

    async def move(self, **urls: str | None) -> None:
        """Change the URLs of Home Assistant."""
        await self.hass.config.async_update(**urls)
        await self.settle()

    async def show_address(self) -> WebhookAddress:
        """Show the address to the user, as the options do."""
        address = await async_get_address(self.hass, self.entry)
        await self.entry.runtime_data.push.url_monitor.async_acknowledge(address)
        return address

    async def call_hook(self, query: str = "hook=call", **options: Any) -> tuple[int, str]:
        """Call the webhook, and return the status and the text of the response."""
        async with self.client.get(f"{self.path}?{query}", **options) as answer:
            result = answer.status, await answer.text()
        await self.settle()
        return result

    def announce(self, query: str = "hook=call", **settings: Any) -> None:
        """Enter the address at the exchange."""
        url = f"{self.client.make_url(self.path)}?{query}"
        self.world.save_push_url(url=url, **settings)

    def stop_announcing(self) -> None:
        """Delete the address at the exchange."""
        self.world.account().ringings.clear()

    async def pushed(self, count: int = 1) -> list[Push]:
        """Wait until the exchange has sent a number of pushes and they are handled."""
        for _ in range(MAX_ITERATIONS):
            done = [push for push in self.exchange.exchange.pushes if push.outcome]
            if len(done) >= count:
                break
            await asyncio.sleep(0)
        await self.settle()
        assert len(done) >= count
        return done


@pytest.fixture
def set_up(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
) -> SetUp:
    """Set an account up with push and further options."""

    async def make(**options: Any) -> Operator:
        assert await accounts.set_up(hass, entry, **{CONF_PUSH: True} | options)
        return Operator(hass, exchange, entry, await hass_client_no_auth())

    return make


@pytest.fixture
async def operator(set_up: SetUp) -> Operator:
    """An operator that has not sent a push yet."""
    return await set_up()
