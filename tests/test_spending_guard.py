"""Test the spending guard: what it hangs up, reports and shows."""

from datetime import timedelta
import logging
from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    mock_restore_cache,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.calls.spending import DEFAULT_PREFIXES
from simulator.world import World

from .accounts import add_account, entity_id_of, make_entry, reload, set_up
from .conftest import Tick
from .exchange import RunningExchange

PREMIUM, DEAR, CHEAP = "00420900123456", "00420777123456", "00420541246810"
SWITCH, EVENT = "switch.odorik_1234567_spending_guard", "event.odorik_1234567_spending_guard"


@pytest.fixture
async def guarded(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """An account whose guard hangs up."""
    assert await set_up(hass, entry, spending_guard="hang_up")
    return entry


def dial(world: World, number: str, price: float | None = None, *, answer: bool = False) -> int:
    """Make an outgoing call of a line, and return its ID."""
    call = world.dial(number, line=300100)
    if price is not None:
        call.price_per_minute = price
    if answer:
        world.answer(call.id)
    return call.id


def issue_of(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the repair of the guard."""
    return ir.async_get(hass).async_get_issue("odorik", f"{entry.entry_id}_spending_guard")


async def test_a_premium_rate_call_is_hung_up_while_it_rings(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The event names the rule, the limit and the call; the repair lists the call."""
    events = async_capture_events(hass, "odorik_spending_guard")
    call_id = dial(world, PREMIUM)
    await tick(10)
    assert world.active == {}
    (event,) = events
    assert event.data["active_call_id"] == call_id
    expected = {
        "rule": "prefix",
        "limit": "+420900",
        "value": "+420900123456",
        "outcome": "hung_up",
        "number": "+420900123456",
        "destination": "+420900123456",
        "direction": "out",
        "line": 300100,
        "config_entry_id": guarded.entry_id,
    }
    assert {key: event.data[key] for key in expected} == expected
    state = hass.states.get(EVENT)
    assert state
    assert state.attributes["event_type"] == "hung_up"
    assert state.attributes["rule"] == "prefix"
    issue = issue_of(hass, guarded)
    assert issue
    assert not issue.is_persistent
    assert issue.translation_placeholders
    # The repair may be read days later.
    assert issue.translation_placeholders["calls"] == (
        f"- {dt_util.now():%Y-%m-%d %H:%M} "
        "hung up the call to +420 900 123 456: forbidden prefix +420900"
    )


async def test_the_log_contains_no_number(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A forbidden prefix may be a whole number, too."""
    options = {"guard_prefixes": ["+420900123456"], "spending_guard": "hang_up"}
    assert await set_up(hass, entry, **options)
    dial(world, PREMIUM)
    await tick(10)
    logged = [record.getMessage() for record in caplog.records if "spending guard of" in record.msg]
    assert len(logged) == 1
    assert "900123456" not in logged[0]


type Rule = tuple[dict[str, float], int]

RULES: list[Rule] = [
    ({"guard_price_per_minute": 5}, 0),
    ({"guard_call_cost": 8}, 80),
    ({"guard_call_minutes": 1}, 60),
    ({"guard_hour_cost": 8}, 80),
    ({"guard_day_cost": 8}, 80),
]
"""An option, and the seconds after which a call at 6 CZK a minute exceeds it."""
ALL_OFF = dict.fromkeys(
    (
        "guard_price_per_minute",
        "guard_call_cost",
        "guard_call_minutes",
        "guard_parallel_calls",
        "guard_hour_cost",
        "guard_day_cost",
    ),
    0,
)


@pytest.mark.parametrize("rule_of", RULES)
async def test_each_rule_ends_a_call(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick, rule_of: Rule
) -> None:
    """A call is ended by the rule that it exceeds, and only then."""
    limit, seconds = rule_of
    assert await set_up(hass, entry, spending_guard="hang_up", **ALL_OFF | limit)
    events = async_capture_events(hass, "odorik_spending_guard")
    dial(world, DEAR, 6.0, answer=True)
    if seconds:
        await tick(10, *[3] * ((seconds - 16) // 3))
        assert events == []
        assert world.active
    await tick(10, 3, 3, 3)
    (name,) = limit
    rule = {"guard_call_minutes": "call_duration"}.get(name, name.removeprefix("guard_"))
    assert [event.data["rule"] for event in events] == [rule]
    assert world.active == {}


@pytest.mark.usefixtures("guarded")
async def test_the_third_expensive_call_at_once_is_ended(world: World, tick: Tick) -> None:
    """The first two go on."""
    first, second, third = (dial(world, f"0042077712345{n}", 4.0, answer=True) for n in range(3))
    await tick(10)
    assert set(world.active) == {first, second}
    assert third not in world.active


@pytest.mark.parametrize("is_reloaded", [False, True])
async def test_a_finished_call_counts_towards_the_hour(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick, *, is_reloaded: bool
) -> None:
    """A record counts whether it was read at the start or later; after an hour it is forgotten."""
    assert await set_up(hass, entry, spending_guard="hang_up", **ALL_OFF | {"guard_hour_cost": 20})
    first = dial(world, DEAR, 9.0, answer=True)
    await tick(*[3] * 40)
    world.end(first)
    await tick(10, 3)
    if is_reloaded:
        assert await reload(hass, entry)
    second = dial(world, DEAR, 9.0, answer=True)
    await tick(10)
    assert second in world.active
    await tick(*[3] * 5)
    assert second not in world.active
    await tick(3700)
    third = dial(world, DEAR, 9.0, answer=True)
    await tick(10, *[3] * 5)
    assert third in world.active


@pytest.mark.parametrize("number", ["112", "00420150", "300110", "*300110", "00420777999888"])
async def test_exempt_calls_are_never_touched(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick, number: str
) -> None:
    """Emergency numbers, own lines and allowed numbers go on, however expensive they are."""
    options = {"guard_allowed": ["+420777999888"], "spending_guard": "hang_up"}
    assert await set_up(hass, entry, **options)
    call_id = dial(world, number, 99.0, answer=True)
    await tick(10, *[3] * 30)
    assert call_id in world.active


@pytest.mark.usefixtures("guarded")
async def test_incoming_calls_are_never_touched(world: World, tick: Tick) -> None:
    """A caller from a premium-rate number is not hung up."""
    call = world.ring(PREMIUM)
    world.answer(call.id)
    await tick(10, 3, 3)
    assert call.id in world.active


async def test_a_warning_hangs_nothing_up(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A call is reported once for each rule that it violates."""
    assert await set_up(hass, entry, spending_guard="warn", guard_call_minutes=1)
    events = async_capture_events(hass, "odorik_spending_guard")
    call_id = dial(world, DEAR, 2.0, answer=True)
    await tick(10, *[3] * 40)
    assert call_id in world.active
    assert [(event.data["outcome"], event.data["rule"]) for event in events] == [
        ("warned", "call_duration")
    ]
    assert issue_of(hass, entry)


@pytest.mark.usefixtures("guarded")
async def test_a_failed_hang_up_is_tried_again_and_reported_once(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """Each poll tries again while the call lasts; the success is then reported, too."""
    events = async_capture_events(hass, "odorik_spending_guard")
    call_id = dial(exchange.world, PREMIUM)
    exchange.fail("500", path="DELETE", times=0)
    await tick(10, *[2] * 5)
    assert [event.data["outcome"] for event in events] == ["failed"]
    tries = [it for it in exchange.journal if it.method == "DELETE"]
    assert len(tries) > 2
    exchange.exchange.faults.clear()
    await tick(2, 2, 2)
    assert call_id not in exchange.world.active
    assert [event.data["outcome"] for event in events] == ["failed", "hung_up"]


async def test_nothing_is_hung_up_while_the_operator_is_unreachable(
    hass: HomeAssistant,
    guarded: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a list of active calls the guard does nothing, and logs this once."""
    dial(exchange.world, PREMIUM)
    exchange.fail("500", path="GET /active_calls.json", times=0)
    with caplog.at_level(logging.WARNING):
        await tick(10, 10, 10)
    assert [it for it in exchange.journal if it.method == "DELETE"] == []
    assert caplog.text.count("cannot see the active calls") == 1
    assert issue_of(hass, guarded) is None
    exchange.exchange.faults.clear()
    await tick(10)
    assert exchange.world.active == {}


async def test_the_switch_pauses_the_guard_over_restarts(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A paused guard touches nothing; resumed, it judges the calls that are active."""
    active = guarded.runtime_data.active
    await hass.services.async_call("switch", "turn_off", {"entity_id": SWITCH}, blocking=True)
    assert await reload(hass, guarded)
    state = hass.states.get(SWITCH)
    assert state
    assert state.state == "off"
    call_id = dial(world, PREMIUM)
    await tick(10, 2, 2)
    assert call_id in world.active
    await hass.services.async_call("switch", "turn_on", {"entity_id": SWITCH}, blocking=True)
    await tick(2, 2)
    assert call_id not in world.active
    assert active is not guarded.runtime_data.active


async def test_the_switch_is_restored_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Home Assistant stores the state of the switch."""
    mock_restore_cache(hass, [State(SWITCH, "off")])
    assert await set_up(hass, entry, spending_guard="warn")
    state = hass.states.get(SWITCH)
    assert state
    assert state.state == "off"
    assert entry.runtime_data.guard.is_paused


async def test_a_guard_that_is_off_leaves_nothing_behind(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The entities and the repair are removed when the guard is turned off."""
    dial(world, PREMIUM)
    await tick(10)
    assert issue_of(hass, guarded)
    hass.config_entries.async_update_entry(guarded, options={"spending_guard": "off"})
    assert await reload(hass, guarded)
    registry = er.async_get(hass)
    assert registry.async_get(SWITCH) is None
    assert registry.async_get(EVENT) is None
    assert issue_of(hass, guarded) is None
    assert entity_id_of(hass, guarded, "event", "call")
    dial(world, PREMIUM)
    await tick(10)
    assert world.active


async def test_the_guard_polls_every_ten_seconds(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Push and the options do not make it slower, unless it is paused."""
    assert await set_up(hass, entry, spending_guard="hang_up", active_interval=300)
    active = entry.runtime_data.active
    active.async_set_relaxed(is_relaxed=True)
    await tick(10)
    assert active.update_interval == timedelta(seconds=10)
    await hass.services.async_call("switch", "turn_off", {"entity_id": SWITCH}, blocking=True)
    await tick(10)
    assert active.update_interval == timedelta(seconds=300)
    await hass.services.async_call("switch", "turn_on", {"entity_id": SWITCH}, blocking=True)
    await tick(1, 10)
    dial(world, PREMIUM)
    await tick(10, 2)
    assert world.active == {}
    # The next call of a thief is seen sooner.
    assert active.update_interval == timedelta(seconds=3)
    await tick(*[3] * 210)
    assert active.update_interval == timedelta(seconds=10)


@pytest.mark.usefixtures("guarded")
async def test_two_accounts_do_not_touch_each_other(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The guard of one account ignores the calls of another one."""
    account = add_account(exchange)
    other = make_entry(account.user, account.password)
    assert await set_up(hass, other)
    call = exchange.world.dial(PREMIUM, account=account.user)
    await tick(10, 3)
    assert call.id in exchange.world.active


async def test_the_repair_allows_a_number(
    hass: HomeAssistant,
    guarded: MockConfigEntry,
    world: World,
    tick: Tick,
    hass_client: ClientSessionGenerator,
) -> None:
    """The number is added to the allowed ones, and the account is not reloaded."""
    assert await async_setup_component(hass, "repairs", {})
    dial(world, PREMIUM)
    dial(world, "00420906123456")
    await tick(10)
    data = guarded.runtime_data
    client = await hass_client()
    issue_id = f"{guarded.entry_id}_spending_guard"
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": "odorik", "issue_id": issue_id}
    )
    form = await response.json()
    assert form["step_id"] == "allow"
    assert form["description_placeholders"]["calls"].count("hung up") == 2
    options = form["data_schema"][0]["selector"]["select"]["options"]
    assert {"value": "+420900123456", "label": "+420 900 123 456"} in options
    response = await client.post(
        f"/api/repairs/issues/fix/{form['flow_id']}", json={"allowed": ["+420900123456"]}
    )
    assert (await response.json())["type"] == "create_entry"
    assert guarded.options["guard_allowed"] == ["+420900123456"]
    assert guarded.runtime_data is data
    assert issue_of(hass, guarded) is None
    call_id = dial(world, PREMIUM)
    await tick(10, 3)
    assert call_id in world.active


async def test_an_ignored_repair_is_shown_again_for_another_call(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Ignoring earlier calls does not hide a fraud."""
    dial(world, PREMIUM)
    await tick(10)
    ir.async_ignore_issue(hass, "odorik", f"{guarded.entry_id}_spending_guard", ignore=True)
    dial(world, PREMIUM)
    await tick(10)
    issue = issue_of(hass, guarded)
    assert issue
    assert issue.dismissed_version is None
    assert issue.translation_placeholders
    assert issue.translation_placeholders["calls"].count("hung up") == 2


async def test_the_repair_keeps_its_calls_over_a_reload(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Later calls are added to the earlier ones, until the guard is turned off."""
    dial(world, PREMIUM)
    await tick(10)
    ir.async_delete_issue(hass, "odorik", f"{guarded.entry_id}_spending_guard")
    assert await reload(hass, guarded)
    assert issue_of(hass, guarded)
    dial(world, "00420906123456")
    await tick(10)
    issue = issue_of(hass, guarded)
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["calls"].count("hung up") == 2
    for guard in ("off", "hang_up"):
        hass.config_entries.async_update_entry(guarded, options={"spending_guard": guard})
        assert await reload(hass, guarded)
    assert issue_of(hass, guarded) is None


async def test_a_hang_up_during_a_reload_is_reported(
    hass: HomeAssistant, guarded: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The call is gone afterwards, so the guard does not see it again."""
    events = async_capture_events(hass, "odorik_spending_guard")
    dial(exchange.world, PREMIUM)
    exchange.fail("slow", path="DELETE", seconds=0.5, after=True)
    await guarded.runtime_data.active.async_refresh()
    assert await reload(hass, guarded)
    assert [event.data["outcome"] for event in events] == ["hung_up"]
    assert issue_of(hass, guarded)


async def offered_numbers(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> list[str]:
    """Allow all numbers that the repair offers, and return them."""
    assert await async_setup_component(hass, "repairs", {})
    client, path = await hass_client(), "/api/repairs/issues/fix"
    issue = {"handler": "odorik", "issue_id": f"{entry.entry_id}_spending_guard"}
    form = await (await client.post(path, json=issue)).json()
    options = form["data_schema"][0]["selector"]["select"]["options"]
    offered = [option["value"] for option in options]
    await client.post(f"{path}/{form['flow_id']}", json={"allowed": offered})
    return offered


@pytest.mark.parametrize(
    ("number", "offered"), [("1188", "+4201188"), ("*09900123456", "+420900123456")]
)
async def test_the_repair_allows_numbers_in_the_form_of_the_options(
    hass: HomeAssistant,
    guarded: MockConfigEntry,
    world: World,
    tick: Tick,
    hass_client: ClientSessionGenerator,
    *,
    number: str,
    offered: str,
) -> None:
    """Short numbers and numbers with a routing code are recognized when they are called again."""
    dial(world, number, 45.0)
    await tick(10)
    assert world.active == {}
    assert await offered_numbers(hass, guarded, hass_client) == [offered]
    call_id = dial(world, number, 45.0)
    await tick(10, 3)
    assert call_id in world.active


async def test_the_repair_allows_the_destination_of_a_forwarded_call(
    hass: HomeAssistant,
    guarded: MockConfigEntry,
    world: World,
    tick: Tick,
    hass_client: ClientSessionGenerator,
) -> None:
    """The other party of such a call is its caller, whose number is not charged."""
    world.redirect(world.ring("00420602555123").id, PREMIUM)
    await tick(10)
    issue = issue_of(hass, guarded)
    assert issue
    assert issue.translation_placeholders
    assert "hung up the call to +420 900 123 456:" in issue.translation_placeholders["calls"]
    assert await offered_numbers(hass, guarded, hass_client) == ["+420900123456"]
    leg = world.redirect(world.ring("00420602555123").id, PREMIUM)
    await tick(10, 3)
    assert leg.id in world.active


@pytest.mark.usefixtures("guarded")
async def test_the_action_allows_a_number(hass: HomeAssistant, world: World, tick: Tick) -> None:
    """It takes effect at the next poll."""
    for number in ("900 123 456", "+420 900123456"):
        response = await hass.services.async_call(
            "odorik", "allow_number", {"number": number}, blocking=True, return_response=True
        )
        assert response == {"allowed": ["+420900123456"]}
    call_id = dial(world, PREMIUM)
    await tick(10, 3)
    assert call_id in world.active


async def submit_options(
    hass: HomeAssistant, entry: MockConfigEntry, **values: Any
) -> dict[str, Any]:
    """Submit the options form, and return the result."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    schema = form["data_schema"]
    assert schema
    # Required fields have defaults.
    defaults = {key: value for key, value in schema({}).items() if key != "guard"}
    result = await hass.config_entries.options.async_configure(form["flow_id"], defaults | values)
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(result)


async def suggested_limits(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the values with which the section of the guard is filled in."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    schema = form["data_schema"]
    assert schema
    fields = schema.schema["guard"].schema.schema
    return {str(key): key.description["suggested_value"] for key in fields}


async def test_the_options_of_the_guard_are_a_section_of_the_form(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Numbers are normalized; a wrong one is named, and the form can be corrected."""
    section = await suggested_limits(hass, account)
    assert section == {
        "guard_prefixes": list(DEFAULT_PREFIXES),
        "guard_price_per_minute": 10,
        "guard_call_cost": 50,
        "guard_call_minutes": 120,
        "guard_parallel_calls": 2,
        "guard_hour_cost": 50,
        "guard_day_cost": 200,
        "guard_allowed": [],
    }
    section |= {"guard_prefixes": ["900 1", "+881"], "guard_allowed": ["x1"], "guard_call_cost": 0}
    del section["guard_hour_cost"]
    result = await submit_options(hass, account, spending_guard="warn", guard=section)
    assert result["errors"] == {"base": "invalid_prefix"}
    assert result["description_placeholders"] == {"text": "x1"}
    section |= {"guard_allowed": ["777 123 456"]}
    result = await submit_options(hass, account, spending_guard="warn", guard=section)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.options["guard_prefixes"] == ["+4209001", "+881"]
    assert account.options["guard_allowed"] == ["+420777123456"]
    # An empty field turns its rule off.
    assert (account.options["guard_call_cost"], account.options["guard_hour_cost"]) == (0, 0)
    assert hass.states.get(SWITCH)
    # A client that does not know the section does not change its options.
    before = account.options
    await submit_options(hass, account, spending_guard="hang_up")
    assert account.options == before | {"spending_guard": "hang_up"}


async def test_a_guard_that_is_turned_on_again_is_not_paused(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A pause ends when the guard is turned off in the options."""
    await hass.services.async_call("switch", "turn_off", {"entity_id": SWITCH}, blocking=True)
    for mode in ("off", "hang_up"):
        hass.config_entries.async_update_entry(guarded, options={"spending_guard": mode})
        assert await reload(hass, guarded)
    state = hass.states.get(SWITCH)
    assert state
    assert state.state == "on"
    dial(world, PREMIUM)
    await tick(10)
    assert world.active == {}


@pytest.mark.usefixtures("guarded")
async def test_a_hang_up_without_effect_is_tried_again(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The operator accepts it, but the call is still listed ten seconds later."""
    events = async_capture_events(hass, "odorik_spending_guard")
    call_id = dial(exchange.world, PREMIUM)
    exchange.fail("answer", path="DELETE", body="{}", times=1)
    await tick(10, 2, 2, 2)
    assert call_id in exchange.world.active
    assert len([it for it in exchange.journal if it.method == "DELETE"]) == 1
    await tick(2, 2, 2)
    assert call_id not in exchange.world.active
    assert [event.data["outcome"] for event in events] == ["hung_up"]


async def test_a_warning_is_not_repeated_after_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A call that goes on is reported once."""
    assert await set_up(hass, entry, spending_guard="warn")
    events = async_capture_events(hass, "odorik_spending_guard")
    dial(world, PREMIUM)
    await tick(10)
    assert await reload(hass, entry)
    await tick(10)
    assert len(events) == 1


async def test_a_login_without_active_calls_has_no_guard(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says so, and there is no switch."""
    exchange.world.denied[exchange.username] = {"active_calls"}
    assert await set_up(hass, entry, spending_guard="warn")
    assert "has no effect" in caplog.text
    assert hass.states.get(SWITCH) is None
