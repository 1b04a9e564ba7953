"""Test gates: their forms, what opens them, and where their rings are not shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Event, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.calls.event import CallEvent, CallEventType
from custom_components.odorik.calls.gates import GateOutcome, GateRing
from custom_components.odorik.diagnostics import async_get_config_entry_diagnostics
from custom_components.odorik.gates import MAX_RINGS_STORED
from simulator.world import World
from simulator.worlds import GATE_NUMBER, HOME_NUMBER

from .accounts import (
    EVA,
    HOME,
    JAN,
    STRANGER,
    UNNAMED,
    WORKSHOP,
    add_gate,
    device_of,
    entity_id_of,
    get_state,
    reload,
    set_up,
    state_of,
)
from .conftest import AccountAction, EventLog, Find, Tick
from .exchange import RunningExchange
from .forms import open_subentry, send_subentry, suggested_in

GUEST, CONTACT = "00420603111222", "Eva Dvořáková"
FORM = {"name": "Garden", "number": "910 246 810", "callers": ["777 123 456"], "hang_up": True}

type Rings = list[Event[Any]]
type AddGate = Callable[..., str]


async def send(hass: HomeAssistant, form: Any, **values: Any) -> Any:
    """Submit the form of a gate; return the result."""
    return await send_subentry(hass, form, FORM | values)


@pytest.fixture
def rings(hass: HomeAssistant) -> Rings:
    """The events of gates."""
    return async_capture_events(hass, "odorik_gate")


@pytest.fixture
def add(hass: HomeAssistant, account: MockConfigEntry) -> AddGate:
    """Add a gate with these callers to the account."""
    return partial(add_gate, hass, account)


@pytest.fixture
async def gate(hass: HomeAssistant, add: AddGate) -> str:
    """A gate for Jan, the contact Eva and a guest of 2020; the ID of its subentry."""
    subentry_id = add("777 123 456", CONTACT, f"{GUEST} until 2020-01-01")
    await hass.async_block_till_done()
    return subentry_id


def outcomes(rings: Rings) -> list[tuple[str, str | None]]:
    """Return the outcomes and reasons of events of gates."""
    return [(event.data["outcome"], event.data["reason"]) for event in rings]


async def test_a_ring_opens_a_gate_that_was_added_by_the_form(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    rings: Rings,
    event_log: EventLog,
) -> None:
    """The gate opens once, and the call is hung up; it is not a missed call."""
    data = account.runtime_data
    form = await open_subentry(hass, account, "gate")
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {})
    result = await send(hass, form, guest="603 111 222", guest_until="2099-12-31")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.runtime_data is data
    [subentry] = account.subentries.values()
    assert (subentry.title, subentry.unique_id) == ("Garden", "+420910246810")
    assert subentry.data == {
        "number": "+420910246810",
        "callers": ["+420 777 123 456", "+420 603 111 222 until 2099-12-31"],
        "hang_up": True,
    }
    await tick(10)
    call = world.ring(JAN, GATE_NUMBER)
    await tick(10)
    assert world.active == {}
    [event] = rings
    expected = {
        "gate": "Garden",
        "outcome": "opened",
        "reason": None,
        "active_call_id": call.id,
        "number": "+420777123456",
        "name": "Jan Novák mobil",
        "own_number": "+420910246810",
        "line": UNNAMED,
        "config_entry_id": account.entry_id,
        "device_id": device_of(hass, account, subentry.subentry_id).id,
    }
    assert expected.items() <= event.data.items()
    assert get_state(hass, "event.garden").attributes["event_type"] == "opened"
    await tick(3, 3)
    assert event_log.kinds == ["call_started", "call_ended"]
    assert {it.data["gate"] for it in event_log.events} == {"Garden"}
    assert state_of(hass, account, "sensor", "callers_waiting") == "0"
    assert state_of(hass, account, "sensor", "last_missed_call") == "unknown"
    assert state_of(hass, account, "sensor", "missed_calls_today") == "0"
    await tick(10, 60, 60)
    assert len(rings) == 1


@pytest.mark.parametrize(
    ("caller", "reason"),
    [(STRANGER, "unknown_caller"), (GUEST, "expired"), ("", "withheld")],
)
@pytest.mark.usefixtures("gate")
async def test_a_call_that_is_refused_rings_on(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    rings: Rings,
    caller: str,
    reason: str,
) -> None:
    """It is reported to the household, but strangers notice nothing, and it is not missed."""
    world.ring(caller, GATE_NUMBER)
    await tick(10, 3)
    assert outcomes(rings) == [("refused", reason)]
    shown = get_state(hass, "event.garden").attributes
    assert (shown["event_type"], shown["reason"]) == ("refused", reason)
    assert world.active
    world.end()
    await tick(3, 3)
    assert state_of(hass, account, "sensor", "callers_waiting") == "0"


async def test_calls_to_other_numbers_are_missed(
    hass: HomeAssistant,
    gate: str,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    rings: Rings,
    event_log: EventLog,
) -> None:
    """Calls to other numbers are missed calls, as are those to a gate that has been deleted."""
    world.miss(JAN)
    await tick(120)
    assert event_log.kinds == ["missed_call"]
    assert event_log.ends[0]["gate"] is None
    hass.config_entries.async_remove_subentry(account, gate)
    await hass.async_block_till_done()
    world.ring(EVA, GATE_NUMBER)
    await tick(10)
    world.end()
    await tick(3, 3)
    assert rings == []
    assert event_log.kinds[1:] == ["call_started", "missed_call"]
    assert entity_id_of(hass, account, "event", f"{gate}_gate") is None


@pytest.mark.usefixtures("gate")
async def test_a_ring_between_two_polls_opens_nothing(
    world: World, tick: Tick, rings: Rings, event_log: EventLog
) -> None:
    """Only the list of active calls opens a gate, never the history."""
    world.ring(JAN, GATE_NUMBER)
    world.end()
    await tick(120)
    assert event_log.kinds == ["call_ended"]
    assert rings == []


async def test_a_call_that_rings_the_line_of_a_gate_opens_nothing(
    hass: HomeAssistant, account: MockConfigEntry, add: AddGate, rings: Rings
) -> None:
    """The call is one to another number, which rings several lines."""
    add("777 123 456", number=str(WORKSHOP))
    [gate] = account.runtime_data.account.data.directory.gates
    call = CallEvent(type=CallEventType.STARTED, active_call_id=7, number=f"+{JAN[2:]}", gate=gate)
    for is_of_branch in (True, False):
        assert rings == []
        account.runtime_data.dispatcher.async_dispatch(replace(call, is_of_branch=is_of_branch))
        await hass.async_block_till_done()
    assert outcomes(rings) == [("opened", None)]


async def test_a_telephone_of_the_household_opens_a_gate(
    add: AddGate, world: World, tick: Tick, rings: Rings
) -> None:
    """Outgoing calls from one of the account's own numbers, and internal calls, are rings too."""
    add(HOME_NUMBER)
    world.dial(GATE_NUMBER, line=HOME)
    await tick(10)
    assert outcomes(rings) == [("opened", None)]
    add(str(HOME), name="Shed", number=str(WORKSHOP))
    world.ring(f"*{HOME}", f"*{WORKSHOP}", line=WORKSHOP)
    await tick(10)
    assert [event.data["gate"] for event in rings] == ["Garden", "Shed"]
    assert outcomes(rings)[1] == ("opened", None)


@pytest.mark.parametrize(
    ("until", "outcome"),
    [("2026-06-30", ("refused", "expired")), ("2026-07-01", ("opened", None))],
)
async def test_a_guest_may_open_until_midnight_at_the_gate(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    rings: Rings,
    monkeypatch: pytest.MonkeyPatch,
    until: str,
    outcome: tuple[str, str | None],
) -> None:
    """The day is that of the operator's clock in Home Assistant's time zone."""
    await hass.config.async_set_time_zone("Europe/Prague")
    add_gate(hass, account, f"{GUEST} until {until}")
    now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(account.runtime_data.client, "now", lambda: now)
    world.ring(GUEST, GATE_NUMBER)
    await tick(10)
    assert outcomes(rings) == [outcome]


async def test_the_newest_decisions_are_stored(
    account: MockConfigEntry, gate: str, world: World, tick: Tick
) -> None:
    """Older ones are forgotten."""
    store = account.runtime_data.store
    old = [
        GateRing(gate=gate, active_call_id=number, at=dt_util.utcnow(), outcome=GateOutcome.REFUSED)
        for number in range(-MAX_RINGS_STORED, 0)
    ]
    await store.async_save(gate_rings=old)
    call = world.ring(STRANGER, GATE_NUMBER)
    await tick(10)
    rings = store.data.gate_rings
    assert [it.active_call_id for it in rings] == [*range(1 - MAX_RINGS_STORED, 0), call.id]


async def test_past_calls_have_the_outcome_of_their_own_ring(
    account: MockConfigEntry, gate: str
) -> None:
    """IDs of active calls can restart."""
    data, now = account.runtime_data, dt_util.utcnow()
    days_ago = {0: GateOutcome.OPENED, 2: GateOutcome.REFUSED, 4: None}
    rings = [
        GateRing(gate=gate, active_call_id=7, at=now - timedelta(days=days), outcome=outcome)
        for days, outcome in days_ago.items()
        if outcome
    ]
    await data.store.async_save(gate_rings=rings[::-1])
    for days, outcome in days_ago.items():
        began = now - timedelta(days=days)
        call = {"gate": "Garden", "active_call_id": 7, "started_at": began.isoformat()}
        assert data.gates.outcome_of(call) is outcome
    assert data.gates.outcome_of({**call, "gate": None}) is None


async def test_a_call_that_is_not_hung_up_rings_on(add: AddGate, world: World, tick: Tick) -> None:
    """The call is not hung up if the option is off."""
    add("777 123 456", hang_up=False)
    world.ring(JAN, GATE_NUMBER)
    await tick(10, 3)
    assert len(world.active) == 1


@pytest.mark.parametrize("failure", ["500", "unauthorized", "authentication_failed"])
async def test_a_failed_hang_up_is_logged(
    add: AddGate,
    exchange: RunningExchange,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
    rings: Rings,
    failure: str,
) -> None:
    """A warning is logged. The gate has already been opened, and is not opened again."""
    add("777 123 456")
    exchange.world.ring(JAN, GATE_NUMBER)
    exchange.fail(failure, path="DELETE", times=0)
    await tick(10, 3, 3)
    assert outcomes(rings) == [("opened", None)]
    assert caplog.text.count("a call at the gate Garden was not hung up") == 1


@pytest.mark.usefixtures("gate")
async def test_a_ring_from_before_a_restart_opens_nothing(
    world: World, tick: Tick, rings: Rings, reload: AccountAction
) -> None:
    """A ring opens nothing after a restart, whether or not it was seen before."""
    world.ring(EVA, GATE_NUMBER)
    await reload()
    await tick(3, 10)
    assert rings == []
    world.end()
    await tick(10)
    world.ring(JAN, GATE_NUMBER)
    await tick(10)
    assert outcomes(rings) == [("opened", None)]
    await reload()
    world.ring(EVA, GATE_NUMBER)
    await tick(3)
    # The gate was opened a few seconds ago.
    assert len(rings) == 1
    world.end()
    await tick(3, 10)
    world.ring(EVA, GATE_NUMBER)
    await tick(10)
    assert len(rings) == 2


async def test_a_change_of_the_form_takes_effect_at_once(
    hass: HomeAssistant, account: MockConfigEntry, gate: str, world: World, tick: Tick, rings: Rings
) -> None:
    """The form shows the callers, and the entity and the account stay as they are."""
    data = account.runtime_data
    form = await open_subentry(hass, account, "gate", gate)
    callers = suggested_in(form)["callers"]
    assert callers == ["777 123 456", CONTACT, f"{GUEST} until 2020-01-01"]
    selector = form["data_schema"].schema["callers"]
    labels = {it["label"] for it in selector.config["options"]}
    assert "+420 603 111 222 until 2020-01-01" in labels
    result = await send(hass, form, name="Brána", callers=[CONTACT], number="300120")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert account.runtime_data is data
    world.ring(JAN, GATE_NUMBER)
    await tick(10)
    assert outcomes(rings) == [("refused", "unknown_caller")]
    assert rings[0].data["gate"] == device_of(hass, account, gate).name == "Brána"
    assert get_state(hass, "event.garden").attributes["event_type"] == "refused"


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"name": " "}, {"name": "name_missing"}),
        ({"name": "garden"}, {"name": "gate_name_taken"}),
        ({"number": "777 123 456"}, {"number": "not_own"}),
        ({"number": "brána"}, {"number": "not_own"}),
        ({"callers": []}, {"callers": "callers_missing"}),
        ({"callers": ["Nikdo"]}, {"callers": "caller_unknown"}),
        ({"callers": ["+420 910 119 999"]}, {"callers": "caller_shared"}),
        ({"callers": ["777123456 until 2026-02-30"]}, {"callers": "invalid_date"}),
        ({"guest": "603111222"}, {"guest_until": "until_missing"}),
        ({"guest_until": "2026-12-24"}, {"guest": "guest_missing"}),
        ({"guest": "Nikdo", "guest_until": "2026-12-24"}, {"guest": "caller_unknown"}),
    ],
)
async def test_a_form_can_be_corrected(
    hass: HomeAssistant, account: MockConfigEntry, values: dict[str, Any], errors: dict[str, str]
) -> None:
    """Each error is shown at its field with a text in both languages."""
    add_gate(hass, account, "777 123 456", number="00420533111222")
    form = await open_subentry(hass, account, "gate")
    form = await send(hass, form, **{"name": "Shed", **values})
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, errors)
    for language in ("en", "cs"):
        texts = await async_get_translations(hass, language, "config_subentries", ["odorik"])
        for key in errors.values():
            text = texts[f"component.odorik.config_subentries.gate.error.{key}"]
            assert text.format(**form["description_placeholders"])
    result = await send(hass, form, name="Shed")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("gate")
async def test_two_gates_cannot_have_one_number(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The form ends, since the other gate can be changed instead."""
    result = await send(hass, await open_subentry(hass, account, "gate"), name="Shed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"number": None, "callers": None},
        {"number": 420910246810, "callers": [777123456, None, {}], "hang_up": True},
        {"number": "+420910246810", "callers": "777 123 456", "hang_up": True},
    ],
)
async def test_damaged_data_affect_the_gate_only(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    rings: Rings,
    data: dict[str, Any],
) -> None:
    """The account is set up, and the form can correct the gate."""
    entry.add_to_hass(hass)
    gate = ConfigSubentry(
        data=MappingProxyType(data), subentry_type="gate", title="Garden", unique_id=None
    )
    hass.config_entries.async_add_subentry(entry, gate)
    assert await set_up(hass, entry)
    assert await async_get_config_entry_diagnostics(hass, entry)
    form = await open_subentry(hass, entry, "gate", gate.subentry_id)
    assert form["type"] is FlowResultType.FORM
    result = await send(hass, form)
    assert result["reason"] == "reconfigure_successful"
    world.ring(JAN, GATE_NUMBER)
    await tick(10)
    assert outcomes(rings) == [("opened", None)]


async def test_a_gate_needs_active_calls(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The form ends if the account is not loaded, or if its login may not read active calls."""
    assert await hass.config_entries.async_unload(account.entry_id)
    result = await open_subentry(hass, account, "gate")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")
    exchange.fail("unauthorized", path="/active_calls.json", times=0)
    assert await set_up(hass, account)
    result = await open_subentry(hass, account, "gate")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_active_calls")


async def test_push_does_not_slow_the_polls_of_a_gate(
    hass: HomeAssistant, account: MockConfigEntry, tick: Tick
) -> None:
    """The interval stays short while there is a gate.

    Otherwise, a push that fails would keep the gate closed for a minute.
    """
    active = account.runtime_data.active
    active.async_set_relaxed(is_relaxed=True)
    await tick(10, 10)
    assert active.update_interval.total_seconds() == 60
    gate = add_gate(hass, account, "777 123 456")
    await tick(1)
    assert active.update_interval.total_seconds() == 10
    await reload(hass, account)
    active = account.runtime_data.active
    active.async_set_relaxed(is_relaxed=True)
    await tick(10, 10)
    assert active.update_interval.total_seconds() == 10
    hass.config_entries.async_remove_subentry(account, gate)
    await tick(1, 10)
    assert active.update_interval.total_seconds() == 60


@pytest.mark.parametrize(
    ("options", "outcome", "fires"),
    [
        ({}, "opened", True),
        ({}, "refused", False),
        ({"gate": "Garden"}, "opened", True),
        ({"gate": "Shed"}, "opened", False),
        ({"gate": "{device}"}, "opened", True),
        ({"number": "777"}, "opened", True),
        ({"number": "Jan Novák mobil"}, "opened", True),
        ({"number": "602"}, "opened", False),
    ],
)
async def test_the_triggers_select_rings(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    gate: str,
    world: World,
    tick: Tick,
    options: dict[str, str],
    outcome: str,
    fires: bool,
) -> None:
    """A trigger can be limited to a gate, by its device or name, and to callers."""
    device = device_of(hass, account, gate)
    options = {name: value.format(device=device.id) for name, value in options.items()}
    found = async_capture_events(hass, "found")
    automation = {
        "triggers": {"trigger": f"odorik.gate_{outcome}", "options": options},
        "actions": {
            "event": "found",
            "event_data": {"gate": "{{ trigger.gate }}", "name": "{{ trigger.name }}"},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    world.ring(JAN, GATE_NUMBER)
    await tick(10)
    assert [event.data for event in found] == [
        {"gate": "Garden", "name": "Jan Novák mobil"}
    ] * fires


@pytest.mark.usefixtures("gate")
async def test_missed_calls_today_leaves_rings_out(
    account: MockConfigEntry, world: World, find: Find, tick: Tick
) -> None:
    """Rings are not counted, although the operator counts them as missed calls."""
    world.miss(JAN)
    world.ring(STRANGER, GATE_NUMBER)
    await tick(10)
    world.end()
    await account.runtime_data.statistics.async_refresh()
    today = find("missed_calls_today")
    assert (today.state, today.attributes["numbers"]) == ("1", {"+420910123456": 1})
