"""Test what all entities share."""

import importlib

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik import PLATFORMS
from simulator.world import Contact, PublicNumber, World

from .accounts import HOME, JAN, entity_id_of
from .conftest import Tick
from .exchange import RunningExchange

PACKAGE = "custom_components.odorik"


async def update(hass: HomeAssistant, entity_id: str | None) -> None:
    """Update an entity, as a user can."""
    await hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entity_id}, blocking=True
    )


async def test_updating_an_entity_reads_lines_numbers_and_contacts(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    subtests: pytest.Subtests,
) -> None:
    """A user can update any entity to see a change at the operator without waiting for hours."""
    assert await async_setup_component(hass, "homeassistant", {})
    world = exchange.world.account()
    entities = er.async_entries_for_config_entry(er.async_get(hass), account.entry_id)
    enabled = [entity.entity_id for entity in entities if not entity.disabled]
    assert len(enabled) > 10
    for index, entity_id in enumerate(enabled):
        with subtests.test(entity_id=entity_id):
            number = f"004206040000{index:02}"
            world.contacts.append(Contact(100 + index, number, f"Contact {index}"))
            world.numbers.append(PublicNumber(f"004209100000{index:02}", "public", HOME))
            world.lines[HOME].name = f"Line {index}"
            await update(hass, entity_id)
            await tick(2)
            directory = account.runtime_data.account.data.directory
            assert directory.name_of(number) == f"Contact {index}"
            assert directory.line_name(HOME) == f"Line {index}"
            assert directory.is_own(f"004209100000{index:02}")
            await tick(60)


async def test_updates_read_the_account_once_a_minute(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Frequent updates are combined; a change is read at the latest when the minute is over."""
    assert await async_setup_component(hass, "homeassistant", {})
    entity_id = entity_id_of(hass, account, "sensor", "active_calls")
    exchange.journal.clear()
    for _ in range(30):
        await update(hass, entity_id)
        await tick(10)
    assert 4 <= len(exchange.requests("/speed_dials.json")) <= 7
    exchange.world.account().contacts.append(Contact(100, "00420604000000", "Last"))
    await update(hass, entity_id)
    await tick(62)
    assert account.runtime_data.account.data.directory.name_of("00420604000000") == "Last"


@pytest.mark.usefixtures("account")
async def test_a_renamed_entity_keeps_its_state(
    hass: HomeAssistant, world: World, tick: Tick
) -> None:
    """An event entity whose ID changes during a call shows the end of the call."""
    world.ring(JAN, line=HOME)
    await tick(10)
    er.async_get(hass).async_update_entity("event.domov_call", new_entity_id="event.kitchen")
    await hass.async_block_till_done()
    world.end()
    for seconds in (3, 2):
        await tick(seconds)
    state = hass.states.get("event.kitchen")
    assert state is not None
    assert state.attributes["event_type"] == "missed"
    assert hass.states.get("event.domov_call") is None


def test_entities_are_renamed_in_place() -> None:
    """Classes with a setup or removal hook also have the hook for a changed entity ID.

    Since 2026.11, Home Assistant removes and adds an entity to rename it unless its class, or one
    derived from it, has the third hook.
    """
    methods = {"async_prepare_to_add_to_hass", "async_added_to_hass", "async_will_remove_from_hass"}
    modules = [importlib.import_module(f"{PACKAGE}.{platform}") for platform in PLATFORMS]
    classes = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Entity)
        and kind.__module__ == module.__name__
    }
    assert len(classes) >= len(PLATFORMS)
    for kind in classes:
        ours = [base for base in kind.__mro__ if base.__module__.startswith(PACKAGE)]
        owners = [base for base in ours if "async_entity_id_changed" in vars(base)]
        for base in ours:
            if methods & vars(base).keys():
                assert any(issubclass(owner, base) for owner in owners), base
