"""Test the spending guard: what it hangs up, reports and shows."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.calls.spending import DEFAULT_PREFIXES
from simulator.world import Contact, World

from .accounts import (
    add_account,
    entity_id_of,
    get_state,
    make_entry,
    reload as reload_account,
    set_up as set_up_account,
)
from .conftest import AccountAction, Tick
from .exchange import RunningExchange
from .forms import open_options, send_options

PREMIUM, OTHER_PREMIUM, DEAR = "00420900123456", "00420906123456", "00420777123456"
SWITCH, EVENT = "switch.odorik_1234567_spending_guard", "event.odorik_1234567_spending_guard"

type Events = list[Event[Any]]
type Allow = Callable[[str], Awaitable[dict[str, str]]]


@pytest.fixture
async def guarded(entry: MockConfigEntry, set_up: AccountAction) -> MockConfigEntry:
    """An account whose guard hangs up."""
    await set_up(spending_guard="hang_up")
    return entry


@pytest.fixture
def events(hass: HomeAssistant) -> Events:
    """The events of the guard."""
    return async_capture_events(hass, "odorik_spending_guard")


def outcomes(events: Events) -> list[str]:
    """Return the outcomes of events of the guard."""
    return [event.data["outcome"] for event in events]


def hang_ups(exchange: RunningExchange) -> int:
    """Return how often a call was hung up, successfully or not."""
    return [request.method for request in exchange.journal].count("DELETE")


async def switch(hass: HomeAssistant, action: str) -> None:
    """Turn the switch of the guard on or off."""
    await hass.services.async_call("switch", action, {"entity_id": SWITCH}, blocking=True)


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


def listed_calls(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the calls that the repair lists."""
    issue = issue_of(hass, entry)
    assert issue is not None
    return (issue.translation_placeholders or {})["calls"]


async def test_a_premium_rate_call_is_hung_up_while_it_rings(
    hass: HomeAssistant, guarded: MockConfigEntry, events: Events, world: World, tick: Tick
) -> None:
    """The event names the rule, the limit and the call; the repair lists the call."""
    call_id = dial(world, PREMIUM)
    await tick(10)
    assert world.active == {}
    (event,) = events
    expected = {
        "active_call_id": call_id,
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
    assert expected.items() <= event.data.items()
    shown = get_state(hass, EVENT).attributes
    assert (shown["event_type"], shown["rule"]) == ("hung_up", "prefix")
    issue = issue_of(hass, guarded)
    assert issue
    assert not issue.is_persistent
    # The repair may be read days later.
    assert listed_calls(hass, guarded) == (
        f"- **{dt_util.now():%Y-%m-%d %H:%M}** "
        "hung up the call to +420 900 123 456: forbidden prefix +420900"
    )


async def test_the_repair_lists_calls_in_markdown(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: AccountAction, world: World, tick: Tick
) -> None:
    """The name of a contact is shown as it is; the time is the operator's."""
    await hass.config.async_update(language="cs")
    world.advance(3600)
    world.account().contacts.append(Contact(99, PREMIUM, "1. *a* [x](javascript:alert(1))"))
    await set_up(spending_guard="hang_up")
    dial(world, PREMIUM)
    await tick(10)
    assert listed_calls(hass, entry) == (
        f"- **{dt_util.now() + timedelta(hours=1):%d.%m.%Y %H:%M}** zavěsil hovor: "
        r"1\. \*a\* \[x\]\(javascript\:alert\(1\)\) (+420 900 123 456)"
        " – zakázaná předvolba +420900"  # noqa: RUF001
    )


async def test_the_log_contains_no_number(
    set_up: AccountAction, world: World, tick: Tick, caplog: pytest.LogCaptureFixture
) -> None:
    """A forbidden prefix may be a whole number, too."""
    await set_up(guard_prefixes=["+420900123456"], spending_guard="hang_up")
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
SUMS = ("hour_cost", "day_cost")
LIMITS = ("price_per_minute", "call_cost", "call_minutes", "parallel_calls", *SUMS)
ALL_OFF = {f"guard_{limit}": 0 for limit in LIMITS}


@pytest.mark.parametrize("rule_of", RULES)
async def test_each_rule_ends_a_call(
    set_up: AccountAction, events: Events, world: World, tick: Tick, rule_of: Rule
) -> None:
    """A call is ended by the rule that it exceeds, and only then."""
    limit, seconds = rule_of
    await set_up(spending_guard="hang_up", **ALL_OFF | limit)
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
    assert third not in world.active
    assert set(world.active) == {first, second}


@pytest.mark.parametrize("is_reloaded", [False, True])
async def test_a_finished_call_counts_towards_the_hour(
    set_up: AccountAction, reload: AccountAction, world: World, tick: Tick, *, is_reloaded: bool
) -> None:
    """A record counts whether it was read at the start or later; after an hour it is forgotten."""
    await set_up(spending_guard="hang_up", **ALL_OFF | {"guard_hour_cost": 20})
    first = dial(world, DEAR, 9.0, answer=True)
    await tick(*[3] * 40)
    world.end(first)
    await tick(10, 3)
    if is_reloaded:
        await reload()
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
    set_up: AccountAction, world: World, tick: Tick, number: str
) -> None:
    """Emergency numbers, own lines and allowed numbers go on, however expensive they are."""
    await set_up(guard_allowed=["+420777999888"], spending_guard="hang_up")
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
    hass: HomeAssistant,
    entry: MockConfigEntry,
    set_up: AccountAction,
    reload: AccountAction,
    events: Events,
    world: World,
    tick: Tick,
) -> None:
    """A call is reported once for each rule that it violates, even if it outlasts a reload."""
    await set_up(spending_guard="warn", guard_call_minutes=1)
    call_id = dial(world, DEAR, 2.0, answer=True)
    await tick(10, *[3] * 40)
    await reload()
    await tick(10)
    assert call_id in world.active
    assert outcomes(events) == ["warned"]
    assert events[0].data["rule"] == "call_duration"
    assert issue_of(hass, entry)


@pytest.mark.usefixtures("guarded")
async def test_a_failed_hang_up_is_tried_again_and_reported_once(
    exchange: RunningExchange, events: Events, tick: Tick, reload: AccountAction
) -> None:
    """Each poll tries again while the call lasts; the success is then reported, too."""
    call_id = dial(exchange.world, PREMIUM)
    exchange.fail("500", path="DELETE", times=0)
    await tick(10, *[2] * 5)
    await reload()
    await tick(10, 2)
    assert outcomes(events) == ["failed"]
    assert hang_ups(exchange) > 2
    exchange.exchange.faults.clear()
    await tick(2, 2, 2)
    assert call_id not in exchange.world.active
    assert outcomes(events) == ["failed", "hung_up"]


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
    await tick(10, 10, 10)
    assert hang_ups(exchange) == 0
    assert caplog.text.count("cannot see the active calls") == 1
    assert issue_of(hass, guarded) is None
    exchange.exchange.faults.clear()
    await tick(10)
    assert exchange.world.active == {}


@pytest.mark.usefixtures("guarded")
async def test_the_switch_pauses_the_guard_over_restarts(
    hass: HomeAssistant, world: World, tick: Tick, reload: AccountAction
) -> None:
    """A paused guard touches nothing; resumed, it judges the calls that are active."""
    await switch(hass, "turn_off")
    await reload()
    assert get_state(hass, SWITCH).state == "off"
    call_id = dial(world, PREMIUM)
    await tick(10, 2, 2)
    assert call_id in world.active
    await switch(hass, "turn_on")
    await tick(2, 2)
    assert call_id not in world.active


async def test_a_pause_does_not_end_when_the_switch_is_disabled(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The stored state counts, not the entity."""
    await switch(hass, "turn_off")
    er.async_get(hass).async_update_entity(SWITCH, disabled_by=er.RegistryEntryDisabler.USER)
    assert await reload_account(hass, guarded)
    call_id = dial(world, PREMIUM)
    await tick(10, 2)
    assert call_id in world.active


async def set_mode(hass: HomeAssistant, entry: MockConfigEntry, mode: str) -> None:
    """Choose what the guard does, and reload the account."""
    hass.config_entries.async_update_entry(entry, options={"spending_guard": mode})
    assert await reload_account(hass, entry)


async def test_a_guard_that_is_off_leaves_nothing_behind(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """The entities and the repair are removed when the guard is turned off."""
    dial(world, PREMIUM)
    await tick(10)
    assert issue_of(hass, guarded)
    await set_mode(hass, guarded, "off")
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
    assert await set_up_account(hass, entry, spending_guard="hang_up", active_interval=300)
    active = entry.runtime_data.active
    active.async_set_relaxed(is_relaxed=True)
    await tick(10)
    assert active.update_interval == timedelta(seconds=10)
    await switch(hass, "turn_off")
    await tick(10)
    assert active.update_interval == timedelta(seconds=300)
    await switch(hass, "turn_on")
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
    assert await set_up_account(hass, other)
    call = exchange.world.dial(PREMIUM, account=account.user)
    await tick(10, 3)
    assert call.id in exchange.world.active


@pytest.fixture
def allow(
    hass: HomeAssistant, guarded: MockConfigEntry, hass_client: ClientSessionGenerator
) -> Allow:
    """Allow a number in the repair; return the numbers that it offers with their labels."""

    async def answer(number: str) -> dict[str, str]:
        assert await async_setup_component(hass, "repairs", {})
        client, path = await hass_client(), "/api/repairs/issues/fix"
        issue = {"handler": "odorik", "issue_id": f"{guarded.entry_id}_spending_guard"}
        form = await (await client.post(path, json=issue)).json()
        assert form["step_id"] == "allow"
        assert form["description_placeholders"]["calls"] == listed_calls(hass, guarded)
        options = form["data_schema"][0]["selector"]["select"]["options"]
        response = await client.post(f"{path}/{form['flow_id']}", json={"allowed": [number]})
        assert (await response.json())["type"] == "create_entry"
        assert issue_of(hass, guarded) is None
        return {option["value"]: option["label"] for option in options}

    return answer


@pytest.mark.parametrize(
    ("number", "value", "label"),
    [
        (PREMIUM, "+420900123456", "+420 900 123 456"),
        ("1188", "+4201188", "+420 1188"),
        ("*09900123456", "+420900123456", "+420 900 123 456"),
    ],
)
async def test_the_repair_allows_a_number(
    guarded: MockConfigEntry,
    world: World,
    tick: Tick,
    allow: Allow,
    number: str,
    value: str,
    label: str,
) -> None:
    """The number is added to the allowed ones, and the account is not reloaded.

    Short numbers and numbers with a routing code are recognized when they are called again.
    """
    data = guarded.runtime_data
    dial(world, number, 45.0)
    dial(world, OTHER_PREMIUM)
    await tick(10)
    assert world.active == {}
    assert await allow(value) == {value: label, "+420906123456": "+420 906 123 456"}
    assert guarded.options["guard_allowed"] == [value]
    assert guarded.runtime_data is data
    call_id = dial(world, number, 45.0)
    await tick(10, 3)
    assert call_id in world.active


async def test_the_repair_is_not_closed_before_it_has_shown_all_calls(
    hass: HomeAssistant,
    guarded: MockConfigEntry,
    world: World,
    tick: Tick,
    hass_client: ClientSessionGenerator,
) -> None:
    """A call that is hung up while the form is open is shown in the form."""
    dial(world, PREMIUM)
    await tick(10)
    assert await async_setup_component(hass, "repairs", {})
    client, path = await hass_client(), "/api/repairs/issues/fix"
    issue = {"handler": "odorik", "issue_id": f"{guarded.entry_id}_spending_guard"}
    form = await (await client.post(path, json=issue)).json()
    dial(world, OTHER_PREMIUM)
    await tick(10)
    path = f"{path}/{form['flow_id']}"
    again = await (await client.post(path, json={"allowed": ["+420900123456"]})).json()
    assert again["description_placeholders"]["calls"] == listed_calls(hass, guarded)
    assert again["data_schema"][0]["selector"]["select"]["options"] == [
        {"value": "+420906123456", "label": "+420 906 123 456"}
    ]
    assert guarded.options["guard_allowed"] == ["+420900123456"]
    closed = await (await client.post(path, json={"allowed": []})).json()
    assert closed["type"] == "create_entry"
    assert issue_of(hass, guarded) is None


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
    assert listed_calls(hass, guarded).count("hung up") == 2


async def test_the_repair_keeps_its_calls_over_a_reload(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick
) -> None:
    """Later calls are added to the earlier ones, until the guard is turned off."""
    dial(world, PREMIUM)
    await tick(10)
    ir.async_delete_issue(hass, "odorik", f"{guarded.entry_id}_spending_guard")
    assert await reload_account(hass, guarded)
    assert listed_calls(hass, guarded).count("hung up") == 1
    dial(world, OTHER_PREMIUM)
    await tick(10)
    assert listed_calls(hass, guarded).count("hung up") == 2
    for mode in ("off", "hang_up"):
        await set_mode(hass, guarded, mode)
    assert issue_of(hass, guarded) is None


async def test_a_hang_up_during_a_reload_is_reported(
    hass: HomeAssistant, guarded: MockConfigEntry, exchange: RunningExchange, events: Events
) -> None:
    """The call is gone afterwards, so the guard does not see it again."""
    dial(exchange.world, PREMIUM)
    exchange.fail("slow", path="DELETE", seconds=0.5, after=True)
    await guarded.runtime_data.active.async_refresh()
    assert await reload_account(hass, guarded)
    assert outcomes(events) == ["hung_up"]
    assert get_state(hass, EVENT).attributes["event_type"] == "hung_up"
    # The repair itself does not survive a restart.
    ir.async_delete_issue(hass, "odorik", f"{guarded.entry_id}_spending_guard")
    assert await reload_account(hass, guarded)
    assert issue_of(hass, guarded)


async def test_the_repair_allows_the_destination_of_a_forwarded_call(
    hass: HomeAssistant, guarded: MockConfigEntry, world: World, tick: Tick, allow: Allow
) -> None:
    """The other party of such a call is its caller, whose number is not charged."""
    world.redirect(world.ring("00420602555123").id, PREMIUM)
    await tick(10)
    assert "hung up the call to +420 900 123 456:" in listed_calls(hass, guarded)
    assert list(await allow("+420900123456")) == ["+420900123456"]
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
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call("odorik", "allow_number", {"number": " "}, blocking=True)
    call_id = dial(world, PREMIUM)
    await tick(10, 3)
    assert call_id in world.active


async def submit_options(hass: HomeAssistant, entry: MockConfigEntry, **values: Any) -> Any:
    """Submit the options form, and return the result."""
    form = await open_options(hass, entry)
    # Required fields have defaults.
    defaults = {key: value for key, value in form["data_schema"]({}).items() if key != "guard"}
    return await send_options(hass, form, defaults | values)


async def test_the_options_of_the_guard_are_a_section_of_the_form(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Numbers are normalized; a wrong one is named, and the form can be corrected."""
    schema = (await open_options(hass, account))["data_schema"].schema
    fields = schema["guard"].schema.schema
    section = {str(key): key.description["suggested_value"] for key in fields}
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
    await switch(hass, "turn_off")
    for mode in ("off", "hang_up"):
        await set_mode(hass, guarded, mode)
    assert get_state(hass, SWITCH).state == "on"
    dial(world, PREMIUM)
    await tick(10)
    assert world.active == {}


async def test_the_guard_of_an_account_that_is_added_again_is_not_paused(
    hass: HomeAssistant, guarded: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The pause is deleted with the data of the account."""
    await switch(hass, "turn_off")
    await hass.config_entries.async_remove(guarded.entry_id)
    again = make_entry(exchange.username, exchange.password, options={"spending_guard": "hang_up"})
    assert await set_up_account(hass, again)
    assert get_state(hass, SWITCH).state == "on"


@pytest.mark.usefixtures("guarded")
async def test_a_hang_up_without_effect_is_tried_again(
    exchange: RunningExchange, events: Events, tick: Tick
) -> None:
    """The operator accepts it, but the call is still listed ten seconds later."""
    call_id = dial(exchange.world, PREMIUM)
    exchange.fail("answer", path="DELETE", body="{}", times=1)
    await tick(10, 2, 2, 2)
    assert call_id in exchange.world.active
    assert hang_ups(exchange) == 1
    await tick(2, 2, 2)
    assert call_id not in exchange.world.active
    assert outcomes(events) == ["hung_up"]


async def test_a_login_without_active_calls_has_no_guard(
    hass: HomeAssistant,
    set_up: AccountAction,
    exchange: RunningExchange,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says so, and there is no switch."""
    exchange.world.denied[exchange.username] = {"active_calls"}
    await set_up(spending_guard="warn")
    assert "has no effect" in caplog.text
    assert hass.states.get(SWITCH) is None
