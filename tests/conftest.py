"""Fixtures for all tests."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.util import executor
from hypothesis import settings
from msgspec import convert
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.odorik.call_events import BUS_EVENTS, CALL_RETURNED

# Imported before Home Assistant starts: the test plugin brings a package of the same name, which
# would otherwise be found instead.
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.storage import StoredData
from simulator.world import World

from . import accounts
from .chaos.report import Report
from .exchange import RunningExchange, SlowHistory, running

# msgspec resolves the types at the first use. While a test freezes the clock, they would be those
# of the frozen one.
convert({"log": {"place": 0}}, StoredData)

# Other processes may slow an example down. The same examples each time: a change is not blamed for
# an older defect. With --long, they are random.
settings.register_profile("odorik", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None)
settings.load_profile("odorik")

NOON = "2026-11-23T11:00:00Z"
"""Noon in Prague. Tests that freeze the clock begin then, so that no midnight is near."""

type Find = Callable[..., State]
type Tick = Callable[..., Awaitable[None]]
type Miss = Callable[..., Awaitable[None]]
type AccountAction = Callable[..., Awaitable[None]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that enables slow tests."""
    parser.addoption("--long", action="store_true", help="run the slow tests, too")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of slow tests and their report, and prepare Home Assistant."""
    # The test plugin logs each statement of the recorder, which takes most of its time, and Home
    # Assistant logs each of the sixty entities that it registers in a test.
    for noisy in ("sqlalchemy.engine", "homeassistant.helpers.entity_registry"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # By default a thread has a fraction of a second to end. On a busy machine Home Assistant would
    # interrupt it, and the threads that it should have woken would stay.
    executor.EXECUTOR_SHUTDOWN_TIMEOUT = 100
    config.addinivalue_line("markers", "long: slow, runs only with --long")
    if config.getoption("--long"):
        settings.load_profile("long")
        config.pluginmanager.register(Report())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Freeze the clock at noon before other fixtures, and skip slow tests unless enabled."""
    for item in items:
        # Freezing moves the event loop's clock, which would make all timers due at once.
        if isinstance(item, pytest.Function) and "freezer" in item.fixturenames:
            item.fixturenames.remove("freezer")
            item.fixturenames.insert(0, "freezer")
            if not item.get_closest_marker("freeze_time"):
                item.add_marker(pytest.mark.freeze_time(NOON))
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="slow: --long"))


class EventLog:
    """The integration's events on the event bus, in their order."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.events: list[Event[dict[str, Any]]] = []
        for event_type in (*BUS_EVENTS.values(), CALL_RETURNED):
            hass.bus.async_listen(event_type, self._append)

    @callback
    def _append(self, event: Event[dict[str, Any]]) -> None:
        self.events.append(event)

    @property
    def kinds(self) -> list[str]:
        """The event types, without the domain."""
        return [str(event.event_type).removeprefix(f"{DOMAIN}_") for event in self.events]

    @property
    def ends(self) -> list[dict[str, Any]]:
        """The data of the events that report finished calls."""
        finished = {"call_ended", "missed_call"}
        return [
            event.data
            for event, kind in zip(self.events, self.kinds, strict=True)
            if kind in finished
        ]

    @property
    def ids(self) -> list[int]:
        """The IDs of the finished calls."""
        return [data["call_id"] for data in self.ends]


@pytest.fixture
def event_log(hass: HomeAssistant) -> EventLog:
    """The integration's events from now on."""
    return EventLog(hass)


@pytest.fixture
async def exchange(
    socket_enabled: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[RunningExchange]:
    """A simulated exchange with an empty history, where nothing happens by itself."""
    async with running() as served:
        monkeypatch.setenv(ENV_API_URL, served.url)
        yield served


@pytest.fixture
def world(exchange: RunningExchange) -> World:
    """The state of the simulated exchange."""
    return exchange.world


@pytest.fixture
def slow_history(
    exchange: RunningExchange, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SlowHistory]:
    """Responses with the history that can be held back."""
    slow_history = SlowHistory(exchange)
    monkeypatch.setattr("simulator.faults.hold", slow_history.wait)
    yield slow_history
    slow_history.release()


@pytest.fixture
def entry(exchange: RunningExchange, enable_custom_integrations: None) -> MockConfigEntry:  # noqa: ARG001
    """A config entry that has not been added to Home Assistant."""
    return accounts.make_entry(exchange.username, exchange.password)


@pytest.fixture
async def account(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A config entry that is loaded."""
    assert await accounts.set_up(hass, entry)
    return entry


@pytest.fixture
def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> AccountAction:
    """Set up the account with options, possibly again after it was unloaded."""

    async def set_up_entry(**options: Any) -> None:
        assert await accounts.set_up(hass, entry, **options)

    return set_up_entry


@pytest.fixture
def reload(hass: HomeAssistant, entry: MockConfigEntry) -> AccountAction:
    """Unload the account and set it up again."""

    async def reload_entry() -> None:
        assert await accounts.reload(hass, entry)

    return reload_entry


@pytest.fixture
def unload(hass: HomeAssistant, entry: MockConfigEntry) -> AccountAction:
    """Unload the account."""

    async def unload_entry() -> None:
        assert await hass.config_entries.async_unload(entry.entry_id)

    return unload_entry


@pytest.fixture
def find(hass: HomeAssistant, entry: MockConfigEntry) -> Find:
    """Return the state of a sensor by the key of its unique ID."""

    def state(key: str, line: int | None = None) -> State:
        owned = f"{line}_{key}" if line else key
        entity_id = accounts.entity_id_of(hass, entry, "sensor", owned)
        assert entity_id is not None, key
        return accounts.get_state(hass, entity_id)

    return state


@pytest.fixture
def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Tick:
    """Advance the clocks of Home Assistant and the exchange, in one or several steps."""

    async def advance(*steps: float) -> None:
        for seconds in steps:
            freezer.tick(seconds)
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)

    return advance


async def pass_time(tick: Tick, seconds: int, *, step: int = 10) -> None:
    """Advance the clocks in steps of some seconds."""
    for _ in range(seconds // step):
        await tick(step)


@pytest.fixture
def miss(world: World, tick: Tick) -> Miss:
    """Miss calls from some numbers, by default from Jan, and wait until each has been read."""

    async def miss_calls(*numbers: str, times: int = 1, **options: Any) -> None:
        for number in numbers or (accounts.JAN,):
            for _ in range(times):
                world.miss(number, **options)
                await tick(120)

    return miss_calls


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots of Home Assistant's states and registries."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def store_file(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """The file in which an account's position and inbox are stored."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A separate configuration folder for each Home Assistant."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the event loop's debug mode off; its stack traces take a third of the time."""
