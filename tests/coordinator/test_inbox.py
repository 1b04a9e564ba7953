"""The inbox through the real client: who waits, whatever becomes of Home Assistant in between."""

from datetime import timedelta
import json
import logging
from pathlib import Path
from statistics import median
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.calls.inbox import How
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.inbox import InboxCoordinator
from custom_components.odorik.coordinator.reporter import BUS_EVENTS, CALL_RETURNED
from simulator.world import Account, Line, World
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import reload

JAN, EVA, MOBILE = "00420777123456", "00420602987654", "00420777000111"
OFFICE = "00420541200000"
HOME, WORKSHOP = 300100, 300110
LIST, WAITING_SENSOR = "todo.odorik_1234567_missed_calls", "sensor.odorik_1234567_callers_waiting"
MET = {JAN: "+420777123456", EVA: "+420602987654"}


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event[dict[str, Any]]]:
    """What was told on the bus, in its order."""
    events: list[Event[dict[str, Any]]] = []

    @callback
    def hear(event: Event[dict[str, Any]]) -> None:
        events.append(event)

    for kind in (*BUS_EVENTS.values(), CALL_RETURNED):
        hass.bus.async_listen(kind, hear)
    return events


def inbox_of(entry: MockConfigEntry) -> InboxCoordinator:
    """What is under test."""
    inbox: InboxCoordinator = entry.runtime_data.inbox
    return inbox


def waiting(entry: MockConfigEntry) -> list[str]:
    """Who waits, whoever called last first."""
    return [item.uid for item in inbox_of(entry).waiting]


def kinds(told: list[Event[dict[str, Any]]]) -> list[str]:
    """The names of what was told."""
    return [str(event.event_type) for event in told]


async def talk(
    world: World, tick: Tick, number: str, *, line: int = HOME, out: bool = False
) -> int:
    """Talk with somebody for half a minute, and let it be read."""
    call = world.dial(number, line=line) if out else world.ring(number, line=line)
    await tick(10)
    world.answer(call.id)
    await tick(3)
    await tick(30)
    world.end(call.id)
    await tick(3)
    await tick(2)
    return call.record_id or 0


async def miss(world: World, tick: Tick, number: str, line: int = HOME) -> None:
    """Miss a call, and let it be read."""
    world.miss(number, line=line)
    await tick(120)


def is_kept(store: Path, text: str) -> bool:
    """Whether something stands in what is stored of the inbox."""
    document = json.loads(store.read_text("utf-8"))
    return text in json.dumps(document["data"]["inbox"])


def as_version_0_1_0(store: Path) -> None:
    """Take the inbox out of what is stored."""
    document = json.loads(store.read_text("utf-8"))
    assert document["data"].pop("inbox")
    store.write_text(json.dumps(document), "utf-8")


def is_available(hass: HomeAssistant, entity_id: str) -> bool:
    """Whether an entity has a state that can be used."""
    state = hass.states.get(entity_id)
    assert state, entity_id
    return state.state != STATE_UNAVAILABLE


@pytest.mark.parametrize("out", [True, False])
async def test_a_caller_waits_until_somebody_has_talked_with_them(
    account: MockConfigEntry, world: World, tick: Tick, told: list[Event[Any]], *, out: bool
) -> None:
    """From another line, and by whoever takes their second try."""
    await miss(world, tick, JAN)
    await miss(world, tick, EVA)
    assert waiting(account) == [MET[EVA], MET[JAN]]
    record = await talk(world, tick, JAN, line=WORKSHOP, out=out)
    assert waiting(account) == [MET[EVA]]
    ended, returned = told[-2:]
    assert (ended.event_type, returned.event_type) == ("odorik_call_ended", CALL_RETURNED)
    assert returned.data == ended.data
    assert returned.data["call_id"] == record
    await talk(world, tick, JAN, out=out)
    assert kinds(told).count(CALL_RETURNED) == 1


async def test_a_callback_that_reached_them_counts_and_one_that_did_not_does_not(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """That one's own telephone was picked up is no talk."""
    await miss(world, tick, JAN)
    for has_reached in (False, True):
        order = {"recipient": JAN, "caller": MOBILE, "line": HOME}
        await hass.services.async_call(DOMAIN, "callback", order, blocking=True)
        await tick(5)
        mine = next(iter(world.active.values()))
        world.answer(mine.id)
        await tick(5)
        theirs = next(call for call in world.active.values() if call is not mine)
        if has_reached:
            world.answer(theirs.id)
            await tick(20)
        while world.active:
            world.end(next(iter(world.active)))
        await tick(3)
        await tick(10)
        await tick(120)
        assert waiting(account) == ([] if has_reached else [MET[JAN]])


async def test_a_redirected_call_that_was_taken_elsewhere_completes_it(
    account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The mobile was picked up: they have been talked with."""
    await miss(world, tick, JAN)
    call = world.ring(JAN, line=HOME)
    await tick(10)
    leg = world.redirect(call.id, MOBILE)
    await tick(3)
    world.answer(leg.id)
    await tick(30)
    world.end(call.id)
    await tick(3)
    await tick(120)
    assert waiting(account) == []


async def test_the_entities_show_it_before_the_automations_hear_of_it(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A condition on who waits would look at the minute before."""
    seen: dict[str, str] = {}

    @callback
    def look(event: Event[Any]) -> None:
        state = hass.states.get("sensor.odorik_1234567_callers_waiting")
        seen[str(event.event_type)] = state.state if state else ""

    for kind in (*BUS_EVENTS.values(), CALL_RETURNED):
        hass.bus.async_listen(kind, look)
    await miss(world, tick, JAN)
    await talk(world, tick, JAN)
    assert account.runtime_data.inbox.waiting == []
    assert seen["odorik_missed_call"] == "1"
    assert seen["odorik_call_ended"] == seen[CALL_RETURNED] == "0"


async def test_it_begins_with_those_of_the_last_week_and_tells_nobody(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    told: list[Event[Any]],
) -> None:
    """An empty list on the first day would hide the one who waits since yesterday."""
    for days, number in ((8, "00420111222333"), (6, JAN), (5, EVA)):
        world.miss(number).date -= timedelta(days=days)
    world.dial(EVA, answer_after=5, end_after=15)
    await tick(20)
    world.run_due()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert waiting(entry) == [MET[JAN]]
    await tick(120)
    assert kinds(told) == []


async def test_an_update_fills_it_and_goes_on_telling(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    store: Path,
    told: list[Event[Any]],
) -> None:
    """The file of the last version has no inbox; a call of the night is told all the same."""
    await miss(world, tick, JAN)
    await miss(world, tick, EVA)
    assert await hass.config_entries.async_unload(account.entry_id)
    as_version_0_1_0(store)
    told.clear()
    world.dial(JAN, answer_after=5, end_after=15)
    await tick(20)
    assert await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert waiting(account) == [MET[EVA], MET[JAN]], "as it was left"
    await tick(1)
    assert waiting(account) == [MET[EVA]]
    assert kinds(told) == ["odorik_call_ended", CALL_RETURNED]


async def test_what_was_done_outlives_a_reload(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, store: Path
) -> None:
    """What was ticked off would be back, and what was dismissed."""
    third = "00420733555111"
    for number in (JAN, EVA, third, ""):
        await miss(world, tick, number)
    await inbox_of(account).async_act([MET[JAN]], How.TICKED)
    await inbox_of(account).async_act(["+420733555111"], How.DELETED)
    before = inbox_of(account).data
    await reload(hass, account)
    assert inbox_of(account).data == before
    assert waiting(account) == ["withheld", MET[EVA]]
    await miss(world, tick, third)
    await reload(hass, account)
    assert waiting(account) == ["+420733555111", "withheld", MET[EVA]]
    assert is_kept(store, MET[JAN])
    assert not is_kept(store, "Eva"), "names are looked up, and not stored"


async def test_calls_of_an_outage_are_taken_in_together(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, told: list[Event[Any]]
) -> None:
    """Of hundreds that are told at once each is in the list, or out of it again."""
    assert await hass.config_entries.async_unload(account.entry_id)
    for number in range(40):
        world.miss(f"004206020000{number:02}", line=HOME)
    for number in range(30):
        world.dial(f"004206020000{number:02}", answer_after=1, end_after=5)
    await tick(10)
    assert await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await tick(1)
    assert len(waiting(account)) == 10
    assert kinds(told).count(CALL_RETURNED) == 30


async def test_a_login_without_history_has_an_inbox_too(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Its calls are told by the active calls alone."""
    exchange.world.denied[exchange.username] = {"calls"}
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for number in (JAN, EVA):
        call = exchange.world.ring(number, line=HOME)
        await tick(10)
        exchange.world.end(call.id)
        await tick(10)
    await talk(exchange.world, tick, JAN)
    assert waiting(entry) == [MET[EVA]]
    await reload(hass, entry)
    assert waiting(entry) == [MET[EVA]]


async def test_an_update_on_request_leaves_every_entity_available(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Every entity can be updated on request, and those of the inbox show what is new then.

    Otherwise they are unavailable, and ticking a caller off does nothing.
    """
    await miss(world, tick, EVA)
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, account.entry_id):
        registry.async_update_entity(entity.entity_id, disabled_by=None)
    await reload(hass, account)
    entities = {
        entity.entity_id for entity in er.async_entries_for_config_entry(registry, account.entry_id)
    }
    before = {entity_id for entity_id in entities if is_available(hass, entity_id)}
    assert {LIST, WAITING_SENSOR} <= before
    world.miss(JAN, line=HOME)
    assert await async_setup_component(hass, "homeassistant", {})
    for entity_id in (LIST, WAITING_SENSOR, *sorted(entities)):
        update = {"entity_id": entity_id}
        await hass.services.async_call("homeassistant", "update_entity", update, blocking=True)
        await tick(2)
        if entity_id == LIST:
            assert waiting(account) == [MET[JAN], MET[EVA]]
    assert {entity_id for entity_id in entities if is_available(hass, entity_id)} == before
    tick_off = {"entity_id": LIST, "item": MET[JAN], "status": "completed"}
    await hass.services.async_call("todo", "update_item", tick_off, blocking=True)
    assert waiting(account) == [MET[EVA]]


async def test_two_accounts_have_each_their_own(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A call in the office would complete the one at home."""
    office = Account("7654321", "secret", lines={400100: Line(400100, "Kancelář", OFFICE)})
    world.accounts[office.user] = office
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Odorik 7654321",
        unique_id=office.user,
        data={"username": office.user, "password": office.password},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await miss(world, tick, JAN)
    world.miss(JAN, account="7654321")
    await tick(120)
    assert waiting(account) == waiting(other) == [MET[JAN]]
    await talk(world, tick, JAN)
    assert waiting(account) == []
    assert waiting(other) == [MET[JAN]]


async def test_who_was_seen_to_is_gone_after_a_day(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """By itself, though nobody calls."""
    await miss(world, tick, JAN)
    await inbox_of(account).async_act([MET[JAN]], How.TICKED)
    await tick(23 * 3600)
    assert [item.uid for item in inbox_of(account).data] == [MET[JAN]]
    await tick(2 * 3600)
    assert inbox_of(account).data == ()
    assert hass.states.get("todo.odorik_1234567_missed_calls").state == "0"  # type: ignore[union-attr]


async def test_who_was_reached_is_gone_within_four_seconds(
    account: MockConfigEntry, world: World, tick: Tick, freezer: FrozenDateTimeFactory
) -> None:
    """Somebody else in the house is just about to call them, too."""
    world.legs.record_delay = 0.5
    waits = []
    for number in range(20):
        await miss(world, tick, JAN)
        assert waiting(account) == [MET[JAN]]
        # Every call falls elsewhere between two looks.
        await tick(7 + number * 0.37 % 10)
        call = world.dial(JAN, line=HOME)
        await tick(10)
        world.answer(call.id)
        await tick(3)
        await tick(3 + number * 0.61 % 3)
        world.end(call.id)
        began = freezer()
        while waiting(account):
            await tick(0.25)
        waits.append((freezer() - began).total_seconds())
    logging.getLogger(__name__).info("at most %.2f s, mostly %.2f s", max(waits), median(waits))
    assert median(waits) <= 4
    assert max(waits) <= 8
