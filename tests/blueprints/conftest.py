"""Fixtures that make automations of the blueprints and receive what they send."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
import re
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
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
from tests.conftest import Tick
from tests.exchange import RunningExchange

ROOT = Path(__file__).parents[2]
FOLDER = Path("blueprints/automation") / DOMAIN

JAN, STRANGER = "00420777123456", "00420602555123"
MY_NUMBER = "+420 603 111 222"
HOME, WORKSHOP = 300100, 300110

AUTOMATION_TASK = re.compile("coro=<(AutomationEntity|Script)")

type AddAutomation = Callable[..., Awaitable[None]]
type AddPhone = Callable[[str], Phone]
type FindSensor = Callable[[str], str]


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the clock before anything is set up, so that timers only run when it is moved."""


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A configuration folder that contains the blueprints."""
    shutil.copytree(ROOT / FOLDER, Path(hass_tmp_config_dir) / FOLDER)
    return hass_tmp_config_dir


@pytest.fixture
def world(exchange: RunningExchange) -> World:
    """The simulated telephone network."""
    return exchange.world


@pytest.fixture
async def add_automation(hass: HomeAssistant) -> AsyncGenerator[AddAutomation]:
    """Create automations from blueprints."""

    async def add(name: str, *, aliases: tuple[str, ...] = ("ours",), **inputs: Any) -> None:
        blueprint = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
        automations = [{"alias": alias, "use_blueprint": blueprint} for alias in aliases]
        assert await async_setup_component(hass, "automation", {"automation": automations})
        await hass.async_block_till_done()
        assert all(is_state(hass, f"automation.{alias}", "on") for alias in aliases)

    yield add
    if hass.services.has_service("automation", "turn_off"):
        # A delay never ends while the clock is frozen, so running automations have to be stopped.
        await hass.services.async_call(
            "automation", "turn_off", {"entity_id": "all"}, blocking=True
        )


@pytest.fixture
def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Tick:
    """Move the clock and wait for everything that is due, except for automations in a delay."""

    async def move(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        idle = 0
        while idle < 200:
            await asyncio.sleep(0)
            tasks = {*hass._tasks, *hass._background_tasks}
            is_busy = any(not AUTOMATION_TASK.search(repr(task)) for task in tasks)
            idle = 0 if is_busy else idle + 1

    return move


@pytest.fixture
def find_sensor(hass: HomeAssistant, exchange: RunningExchange) -> FindSensor:
    """Return the entity ID of a sensor of the account."""

    def find(key: str) -> str:
        unique_id = f"{exchange.username}_{key}"
        entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
        assert entity_id
        return entity_id

    return find


def is_state(hass: HomeAssistant, entity_id: str, expected: str) -> bool:
    """Return whether an entity is in a state."""
    state = hass.states.get(entity_id)
    return state is not None and state.state == expected


async def start(hass: HomeAssistant, tick: Tick) -> None:
    """Start Home Assistant after everything has been set up."""
    starting = asyncio.create_task(hass.async_start())
    while not starting.done():
        await tick(1)
    await tick(1)


async def read_history(tick: Tick) -> None:
    """Wait until the records of the latest calls have been read."""
    await tick(120)
    await tick(2)


async def talk_to(world: World, tick: Tick, number: str) -> None:
    """Reach somebody in a call from another line."""
    world.dial(number, line=WORKSHOP, answer_after=5, end_after=20)
    await tick(25)
    await read_history(tick)


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


@pytest.fixture
def add_phone(hass: HomeAssistant) -> AddPhone:
    """Register a phone as the mobile app does: a device, and an action named after it."""

    def add(name: str) -> Phone:
        entry = MockConfigEntry(domain="mobile_app", title=name)
        entry.add_to_hass(hass)
        registry = dr.async_get(hass)
        device = registry.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("mobile_app", name)}, name=name
        )
        # The name of the action does not change when the user renames the device.
        registry.async_update_device(device.id, name_by_user="Mobil v kuchyni")
        action = slugify(f"mobile_app_{name}")
        return Phone(hass, device.id, async_mock_service(hass, "notify", action))

    return add
