"""A Home Assistant with automations from the blueprints, and phones that they notify."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
import re
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import slugify
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.odorik.const import DOMAIN
from simulator.world import World
from tests.accounts import add_gate, add_recipient
from tests.exchange import RunningExchange

ROOT = Path(__file__).parents[2]
FOLDER = Path("blueprints/automation") / DOMAIN

JAN, STRANGER = "00420777123456", "00420602555123"
MY_NUMBER, MINE = "+420 603 111 222", "00420603111222"
HOME, WORKSHOP = 300100, 300110

AUTOMATION_TASK = re.compile("coro=<(AutomationEntity|Script|_ScriptRun)")


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A configuration folder that contains the blueprints."""
    shutil.copytree(ROOT / FOLDER, Path(hass_tmp_config_dir) / FOLDER)
    return hass_tmp_config_dir


@dataclass
class Phone:
    """A phone with the Home Assistant app, and the notifications sent to it."""

    hass: HomeAssistant
    device_id: str
    pushed: list[ServiceCall]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The notifications that are on the screen."""
        shown: dict[str, dict[str, Any]] = {}
        for number, push in enumerate(self.pushed):
            tag = push.data.get("data", {}).get("tag", str(number))
            if push.data["message"] == "clear_notification":
                shown.pop(tag, None)
            else:
                shown[tag] = push.data
        return list(shown.values())

    async def press(self, push: dict[str, Any], title: str | None = None) -> None:
        """Press the button of a notification; the title is needed if it has several."""
        (button,) = [it for it in push["data"]["actions"] if title in {None, it["title"]}]
        data = {"action": button["action"], "tag": push["data"]["tag"]}
        self.hass.bus.async_fire("mobile_app_notification_action", data)
        await self.hass.async_block_till_done(wait_background_tasks=True)


@dataclass
class Harness:
    """Home Assistant, the simulated exchange, and the clock that both use."""

    hass: HomeAssistant
    exchange: RunningExchange
    freezer: FrozenDateTimeFactory

    @property
    def world(self) -> World:
        """The simulated telephone network."""
        return self.exchange.world

    async def add(self, name: str, *, aliases: tuple[str, ...] = ("ours",), **inputs: Any) -> None:
        """Create automations from a blueprint."""
        blueprint = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
        automations = [{"alias": alias, "use_blueprint": blueprint} for alias in aliases]
        assert await async_setup_component(self.hass, "automation", {"automation": automations})
        await self.hass.async_block_till_done()
        assert all(self.is_state(f"automation.{alias}", "on") for alias in aliases)

    async def add_phones(self, blueprint: str, *names: str, **inputs: Any) -> list[Phone]:
        """Create automations that notify phones, by default one."""
        phones = [self.add_phone(name) for name in names or ("Jana",)]
        await self.add(blueprint, phones=[phone.device_id for phone in phones], **inputs)
        return phones

    def add_phone(self, name: str) -> Phone:
        """Register a phone as the mobile app does: a device, and an action named after it."""
        entry = MockConfigEntry(domain="mobile_app", title=name)
        entry.add_to_hass(self.hass)
        registry = dr.async_get(self.hass)
        device = registry.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("mobile_app", name)}, name=name
        )
        # The name of the action does not change when the user renames the device.
        registry.async_update_device(device.id, name_by_user="Mobil v kuchyni")
        action = slugify(f"mobile_app_{name}")
        return Phone(self.hass, device.id, async_mock_service(self.hass, "notify", action))

    async def add_recipient(self, name: str, number: str) -> str:
        """Add a recipient of text messages, and return the ID of the notify entity."""
        (entry,) = self.hass.config_entries.async_entries(DOMAIN)
        add_recipient(self.hass, entry, name, f"+{number.removeprefix('00')}")
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return f"notify.{slugify(name)}_sms"

    async def add_gate(self, name: str, number: str, *callers: str) -> str:
        """Add a gate, and return the ID of its device."""
        (entry,) = self.hass.config_entries.async_entries(DOMAIN)
        add_gate(self.hass, entry, *callers, name=name, number=f"+{number.removeprefix('00')}")
        await self.hass.async_block_till_done(wait_background_tasks=True)
        devices = dr.async_entries_for_config_entry(dr.async_get(self.hass), entry.entry_id)
        (device,) = [it for it in devices if it.name == name]
        return device.id

    @property
    def callbacks(self) -> list[tuple[str, str]]:
        """The recipient and the caller of each callback that was ordered."""
        orders = self.exchange.requests("/callback")
        return [(order.params["recipient"], order.params["caller"]) for order in orders]

    async def set_state(self, entity_id: str, state: str) -> None:
        """Change the state of an entity and wait for the automations."""
        known = self.hass.states.get(entity_id)
        self.hass.states.async_set(entity_id, state, known.attributes if known else None)
        await self.tick(0)

    async def call(self, action: str, **data: Any) -> None:
        """Run an action of Home Assistant."""
        domain, name = action.split(".")
        await self.hass.services.async_call(domain, name, data, blocking=True)

    def is_state(self, entity_id: str, expected: str) -> bool:
        """Return whether an entity is in a state."""
        state = self.hass.states.get(entity_id)
        return state is not None and state.state == expected

    def sensor(self, key: str) -> str:
        """Return the entity ID of a sensor of the account."""
        unique_id = f"{self.exchange.username}_{key}"
        entity_id = er.async_get(self.hass).async_get_entity_id("sensor", DOMAIN, unique_id)
        assert entity_id
        return entity_id

    async def tick(self, seconds: float) -> None:
        """Move the clock and wait for everything that is due, except for automations in a delay."""
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        idle = 0
        while idle < 200:
            await asyncio.sleep(0)
            tasks = {*self.hass._tasks, *self.hass._background_tasks}
            is_busy = any(not AUTOMATION_TASK.search(repr(task)) for task in tasks)
            idle = 0 if is_busy else idle + 1

    async def set_up_before_startup(self, entry: MockConfigEntry) -> None:
        """Set up the account while Home Assistant has not started yet."""
        self.hass.set_state(CoreState.not_running)
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()

    async def restart_automation(self, entry: MockConfigEntry) -> None:
        """Turn the automation off and on again, and reload the account, as a restart does."""
        await self.call("automation.turn_off", entity_id="automation.ours")
        await self.hass.config_entries.async_reload(entry.entry_id)
        await self.call("automation.turn_on", entity_id="automation.ours")
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def start(self) -> None:
        """Start Home Assistant."""
        starting = asyncio.create_task(self.hass.async_start())
        while not starting.done():
            await self.tick(1)
        await self.tick(1)

    async def read_history(self) -> None:
        """Wait until the records of the latest calls have been read."""
        await self.tick(120)
        await self.tick(2)

    async def talk_to(self, number: str) -> None:
        """Reach the called person from another line."""
        self.world.dial(number, line=WORKSHOP, answer_after=5, end_after=20)
        await self.tick(25)
        await self.read_history()


@pytest.fixture
async def harness(
    hass: HomeAssistant, exchange: RunningExchange, freezer: FrozenDateTimeFactory
) -> AsyncGenerator[Harness]:
    """Add automations from the blueprints, and stop them in the end."""
    harness = Harness(hass, exchange, freezer)
    yield harness
    if hass.services.has_service("automation", "turn_off"):
        # A delay never ends while the clock is frozen.
        await harness.call("automation.turn_off", entity_id="all")
