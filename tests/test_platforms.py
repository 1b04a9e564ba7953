"""Test all entities of an account against a snapshot."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.odorik import PLATFORMS

from .accounts import EVA, HOME, JAN, WORKSHOP, set_up
from .conftest import Tick
from .exchange import RunningExchange

RANDOM = ("config_entry_id", "config_subentry_id", "device_id", "id")
UNRELATED = (
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
"""Attributes that the user sets, or that say nothing about an entity."""


@pytest.fixture
async def busy_account(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> MockConfigEntry:
    """An account with a missed call, an outgoing one, and one that is ringing."""
    await hass.config.async_set_time_zone("Europe/Prague")
    assert await set_up(hass, entry)
    world = exchange.world
    world.ring("", line=WORKSHOP, end_after=15)
    for _ in range(3):
        await tick(10)
    world.dial(EVA, line=WORKSHOP, answer_after=5, end_after=95)
    for _ in range(12):
        await tick(10)
    world.ring(JAN, line=HOME)
    await tick(10)
    return entry


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_entities_match_the_snapshot(
    platform: str, hass: HomeAssistant, busy_account: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """IDs, names, categories, states and attributes do not change with an update."""
    entries = [
        entry
        for entry in er.async_entries_for_config_entry(er.async_get(hass), busy_account.entry_id)
        if entry.domain == platform
    ]
    for entry in sorted(entries, key=lambda entry: entry.entity_id):
        assert {"registry": entry, "state": hass.states.get(entry.entity_id)} == snapshot(
            name=entry.unique_id, exclude=props(*RANDOM, *UNRELATED)
        )
