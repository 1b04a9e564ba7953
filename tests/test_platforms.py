"""Everything that an account shows, as users and their automations hold on to it."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.odorik import PLATFORMS

from .conftest import Tick
from .exchange import RunningExchange

DRAWN_BY_LOT = ("config_entry_id", "config_subentry_id", "device_id", "id")
OF_THE_USER = (
    "aliases",
    "area_id",
    "hidden_by",
    "icon",
    "labels",
    "last_changed",
    "last_updated",
    "original_icon",
    "previous_unique_id",
    "suggested_object_id",
    "supported_features",
)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
async def busy(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
) -> MockConfigEntry:
    """An account that has missed a call and made one, and whose telephone rings now."""
    await hass.config.async_set_time_zone("Europe/Prague")
    freezer.move_to(NOON)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    world = exchange.world
    world.ring("", line=300110, end_after=15)
    for _ in range(3):
        await tick(10)
    world.dial("00420602987654", line=300110, answer_after=5, end_after=95)
    for _ in range(12):
        await tick(10)
    world.ring("00420777123456", line=300100)
    await tick(10)
    return entry


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_every_entity_is_as_promised(
    platform: str, hass: HomeAssistant, busy: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """A dashboard would show "entity not found" after an update."""
    registry = er.async_get(hass)
    entries = [
        entry
        for entry in er.async_entries_for_config_entry(registry, busy.entry_id)
        if entry.domain == platform
    ]
    for entry in sorted(entries, key=lambda entry: entry.entity_id):
        assert {
            "registry": entry,
            "state": hass.states.get(entry.entity_id),
        } == snapshot(
            name=entry.unique_id,
            exclude=props(*DRAWN_BY_LOT, *OF_THE_USER),
        )
