"""What all tests may ask for."""

from collections.abc import AsyncGenerator, Awaitable, Callable
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from hypothesis import settings
from msgspec import convert
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

# Imported before Home Assistant starts: the test plugin brings a package of the same name, which
# would otherwise be found instead.
from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.coordinator.place import Kept

from .chaos.report import Report
from .exchange import RunningExchange, running

# What is stored is described by its types, which are looked up at the first use; once a test has
# stopped the clock, they would be those of the stopped one.
convert({"log": {"place": 0}}, Kept)

# An example has no time limit but those that its test states: a neighbour may hold it up.
settings.register_profile("odorik", deadline=None)
settings.load_profile("odorik")

type Find = Callable[..., State]
type Tick = Callable[[float], Awaitable[None]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let tests that take their time be asked for."""
    parser.addoption("--long", action="store_true", help="run the tests that take their time, too")


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of a test that takes its time, and have what these show written down."""
    # The test plugin has each statement of the recorder's logged, which takes most of its time,
    # and Home Assistant each entity that it registers, sixty in a test.
    for noisy in ("sqlalchemy.engine", "homeassistant.helpers.entity_registry"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    config.addinivalue_line("markers", "long: takes its time, and runs with --long only")
    if config.getoption("--long"):
        config.pluginmanager.register(Report())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that take their time to those who ask for them."""
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="takes its time: --long"))


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
def entry(exchange: RunningExchange, enable_custom_integrations: None) -> MockConfigEntry:  # noqa: ARG001
    """An account of the exchange that has been added to nothing yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"Odorik {exchange.username}",
        unique_id=exchange.username,
        data={"username": exchange.username, "password": exchange.password},
    )


@pytest.fixture
async def account(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """An account that is set up and running."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@pytest.fixture
def find(hass: HomeAssistant, entry: MockConfigEntry) -> Find:
    """Find the state of a sensor by the key of its unique ID."""

    def state(key: str, line: int | None = None) -> State:
        owner = f"{entry.unique_id}_{line}" if line else entry.unique_id
        entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{owner}_{key}")
        assert entity_id is not None, key
        found = hass.states.get(entity_id)
        assert found is not None, entity_id
        return found

    return state


@pytest.fixture
def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Tick:
    """Let seconds pass here and at the exchange, and everything that is due happen."""

    async def let_pass(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return let_pass


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that know Home Assistant's states and registries."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each Home Assistant a configuration folder of its own."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the debug mode of the event loop off; its stacks take a third of the time."""
