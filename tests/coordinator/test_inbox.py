"""The inbox: which callers wait, through the real client and across restarts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.call_events import BUS_EVENTS, CALL_RETURNED
from custom_components.odorik.calls.inbox import Resolution
from custom_components.odorik.coordinator.inbox import InboxCoordinator
from simulator.world import World
from tests.accounts import EVA, HOME, JAN, WORKSHOP, add_account, make_entry, set_up as set_up_entry
from tests.conftest import AccountAction, EventLog, Miss, Tick
from tests.exchange import RunningExchange

THIRD = "00420733555111"
LIST, WAITING_SENSOR = "todo.odorik_1234567_missed_calls", "sensor.odorik_1234567_callers_waiting"
UIDS = {number: f"+{number[2:]}" for number in (JAN, EVA, THIRD)}

type Talk = Callable[..., Awaitable[int]]


@pytest.fixture
def talk(world: World, tick: Tick) -> Talk:
    """Talk for half a minute, wait for the record and return its ID."""

    async def talk_with(number: str, *, line: int = HOME, out: bool = False) -> int:
        call = world.dial(number, line=line) if out else world.ring(number, line=line)
        await tick(10)
        world.answer(call.id)
        await tick(3, 30)
        world.end(call.id)
        await tick(3, 2)
        return call.record_id or 0

    return talk_with


def inbox_of(entry: MockConfigEntry) -> InboxCoordinator:
    """Return the inbox of an account."""
    inbox: InboxCoordinator = entry.runtime_data.inbox
    return inbox


def waiting(entry: MockConfigEntry) -> list[str]:
    """Return the IDs of the waiting callers, the latest first."""
    return [item.uid for item in inbox_of(entry).waiting]


@pytest.mark.parametrize("out", [True, False])
async def test_a_caller_waits_until_an_answered_call(
    account: MockConfigEntry, miss: Miss, talk: Talk, event_log: EventLog, *, out: bool
) -> None:
    """A call in either direction, on any line, completes a caller and is reported as returned."""
    await miss(JAN, EVA)
    assert waiting(account) == [UIDS[EVA], UIDS[JAN]]
    record = await talk(JAN, line=WORKSHOP, out=out)
    assert waiting(account) == [UIDS[EVA]]
    assert event_log.kinds[-2:] == ["call_ended", "call_returned"]
    ended, returned = event_log.events[-2:]
    assert returned.data == ended.data
    assert returned.data["call_id"] == record
    await talk(JAN, out=out)
    assert event_log.kinds.count("call_returned") == 1


async def test_the_entities_change_before_the_event(
    hass: HomeAssistant, account: MockConfigEntry, miss: Miss, talk: Talk
) -> None:
    """A condition on the number of waiting callers sees the state after the call."""
    seen: dict[str, str] = {}

    @callback
    def look(event: Event[Any]) -> None:
        state = hass.states.get(WAITING_SENSOR)
        seen[str(event.event_type)] = state.state if state else ""

    for kind in (*BUS_EVENTS.values(), CALL_RETURNED):
        hass.bus.async_listen(kind, look)
    await miss(JAN)
    await talk(JAN)
    assert waiting(account) == []
    assert seen["odorik_missed_call"] == "1"
    assert seen["odorik_call_ended"] == seen[CALL_RETURNED] == "0"


async def test_a_new_inbox_is_filled_with_the_callers_of_the_last_week(
    entry: MockConfigEntry, set_up: AccountAction, world: World, tick: Tick, event_log: EventLog
) -> None:
    """Callers without a later answered call wait; no event is fired."""
    for days, number in ((8, "00420111222333"), (6, JAN), (5, EVA)):
        world.miss(number).date -= timedelta(days=days)
    world.dial(EVA, answer_after=5, end_after=15)
    await tick(20)
    world.run_due()
    await set_up()
    assert waiting(entry) == [UIDS[JAN]]
    await tick(120)
    assert event_log.kinds == []


async def test_an_update_from_version_0_1_0_reports_the_calls_meanwhile(
    account: MockConfigEntry,
    set_up: AccountAction,
    unload: AccountAction,
    world: World,
    tick: Tick,
    miss: Miss,
    store_file: Path,
    event_log: EventLog,
    messages: list[Event[dict[str, Any]]],
) -> None:
    """The inbox, which the file lacks, is filled. Only later messages are reported."""
    await miss(JAN, EVA)
    await unload()
    document = json.loads(store_file.read_text("utf-8"))  # noqa: ASYNC240 - A small file.
    assert document["data"].pop("inbox")
    assert document["data"].pop("received_messages")
    store_file.write_text(json.dumps(document), "utf-8")  # noqa: ASYNC240 - A small file.
    event_log.events.clear()
    world.dial(JAN, answer_after=5, end_after=15)
    world.receive_sms(JAN)
    await tick(20)
    await set_up()
    assert waiting(account) == [UIDS[EVA], UIDS[JAN]], "as it was before the update"
    await tick(1)
    assert waiting(account) == [UIDS[EVA]]
    assert event_log.kinds == ["call_ended", "call_returned"]
    new = world.receive_sms(JAN)
    await tick(120)
    assert [event.data["sms_id"] for event in messages] == [new.id]


async def test_a_missed_call_counts_once_when_the_history_becomes_readable(
    world: World, entry: MockConfigEntry, set_up: AccountAction, tick: Tick
) -> None:
    """Before, the call was derived from the active calls; its record has another ID."""
    world.denied[world.account().user] = {"calls"}
    await set_up()
    world.ring(JAN)
    await tick(10)
    world.end()
    await tick(10, 10)
    world.denied.clear()
    await tick(900, 120)
    [item] = inbox_of(entry).waiting
    assert len(item.calls) == 1


async def test_completed_and_deleted_callers_stay_so_after_a_reload(
    account: MockConfigEntry, reload: AccountAction, miss: Miss, store_file: Path
) -> None:
    """A completed or deleted caller returns only with a new missed call; names are not stored."""
    await miss(JAN, EVA, THIRD, "")
    await inbox_of(account).async_resolve([UIDS[JAN]], Resolution.TICKED)
    await inbox_of(account).async_resolve([UIDS[THIRD]], Resolution.DELETED)
    before = inbox_of(account).data
    await reload()
    assert inbox_of(account).data == before
    assert waiting(account) == ["withheld", UIDS[EVA]]
    await miss(THIRD)
    await reload()
    assert waiting(account) == [UIDS[THIRD], "withheld", UIDS[EVA]]
    inbox = json.loads(store_file.read_text("utf-8"))["data"]["inbox"]  # noqa: ASYNC240 - A small file.
    assert UIDS[JAN] in str(inbox)
    assert "Eva" not in str(inbox)


async def test_updating_any_entity_on_request_keeps_all_available(
    hass: HomeAssistant,
    account: MockConfigEntry,
    reload: AccountAction,
    world: World,
    tick: Tick,
    miss: Miss,
) -> None:
    """Every entity can be updated on request, and those of the inbox then show new calls."""
    await miss(EVA)
    registry = er.async_get(hass)
    entries = er.async_entries_for_config_entry(registry, account.entry_id)
    for entry in entries:
        registry.async_update_entity(entry.entity_id, disabled_by=None)
    await reload()
    entities = sorted(entry.entity_id for entry in entries)

    def available() -> set[str]:
        states = {entity_id: hass.states.get(entity_id) for entity_id in entities}
        return {key for key, state in states.items() if state and state.state != STATE_UNAVAILABLE}

    assert all(hass.states.get(entity_id) for entity_id in entities)
    before = available()
    assert {LIST, WAITING_SENSOR} <= before
    world.miss(JAN, line=HOME)
    assert await async_setup_component(hass, "homeassistant", {})
    for entity_id in (LIST, WAITING_SENSOR, *entities):
        update = {"entity_id": entity_id}
        await hass.services.async_call("homeassistant", "update_entity", update, blocking=True)
        await tick(2)
        if entity_id == LIST:
            assert waiting(account) == [UIDS[JAN], UIDS[EVA]]
    assert available() == before
    complete = {"entity_id": LIST, "item": UIDS[JAN], "status": "completed"}
    await hass.services.async_call("todo", "update_item", complete, blocking=True)
    assert waiting(account) == [UIDS[EVA]]


async def test_each_account_has_its_own_calls_and_inbox(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    miss: Miss,
    talk: Talk,
    event_log: EventLog,
) -> None:
    """A call of one account does not complete the same caller in another account's inbox."""
    office = add_account(exchange)
    other = make_entry(office.user, office.password)
    assert await set_up_entry(hass, other)
    await miss(JAN)
    exchange.world.miss(JAN, account=office.user)
    await tick(120)
    assert [data["config_entry_id"] for data in event_log.ends] == [
        account.entry_id,
        other.entry_id,
    ]
    assert waiting(account) == waiting(other) == [UIDS[JAN]]
    await talk(JAN)
    assert waiting(account) == []
    assert waiting(other) == [UIDS[JAN]]


@pytest.mark.parametrize("denied", [set(), {"calls"}], ids=["history", "no history"])
async def test_a_completed_caller_is_removed_after_a_day(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    set_up: AccountAction,
    tick: Tick,
    denied: set[str],
) -> None:
    """A completed caller disappears after a day, even without any new call or a history."""
    exchange.world.denied[exchange.username] = denied
    await set_up()
    exchange.world.ring(JAN)
    await tick(10)
    exchange.world.end()
    await tick(3, 2)
    await inbox_of(entry).async_resolve([UIDS[JAN]], Resolution.TICKED)
    await tick(23 * 3600)
    assert [item.uid for item in inbox_of(entry).data] == [UIDS[JAN]]
    await tick(2 * 3600)
    assert inbox_of(entry).data == ()
    assert hass.states.is_state(LIST, "0")
