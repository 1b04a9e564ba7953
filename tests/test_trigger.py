"""The triggers, in automations of a real Home Assistant that telephones through the exchange."""

from collections.abc import Mapping
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import trigger as trigger_helper
from homeassistant.helpers.trigger import NotTriggeredInfo, async_validate_trigger_config
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.trigger import begins
from simulator.world import Account, Line

from .conftest import Tick
from .exchange import RunningExchange

JAN = "00420777123456"
HOME, WORKSHOP = 300100, 300110

type Options = Mapping[str, Any]


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


async def wait_for(hass: HomeAssistant, **triggers: tuple[str, Options]) -> list[Event[Any]]:
    """Set up an automation with these triggers by id; each that fires gives an event."""
    return await listen(hass, automation(**triggers))


def automation(**triggers: tuple[str, Options]) -> dict[str, Any]:
    """Write an automation with these triggers by id."""
    return {
        "mode": "parallel",
        "max": 100,
        "triggers": [
            {"id": name, "trigger": f"{DOMAIN}.{kind}", "options": dict(options)}
            for name, (kind, options) in triggers.items()
        ],
        "actions": {"event": "heard", "event_data": {"trigger": "{{ trigger }}"}},
    }


async def listen(hass: HomeAssistant, *automations: dict[str, Any]) -> list[Event[Any]]:
    """Set automations up; each trigger that fires gives an event."""
    assert await async_setup_component(hass, "automation", {"automation": list(automations)})
    await hass.async_block_till_done()
    return async_capture_events(hass, "heard")


def ids(heard: list[Event[Any]]) -> list[str]:
    """Name the triggers that fired."""
    return [event.data["trigger"]["id"] for event in heard]


async def test_each_event_has_its_trigger_and_hands_on_its_data(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """An automation that heard of another moment, or without the number, would be of no use."""
    kinds = ("call_started", "call_answered", "call_ended", "call_missed")
    heard = await wait_for(hass, **{kind: (kind, {}) for kind in kinds})
    told = [
        async_capture_events(hass, name)
        for name in (
            "odorik_call_started",
            "odorik_call_answered",
            "odorik_call_ended",
            "odorik_missed_call",
        )
    ]
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    exchange.world.answer()
    await tick(3)
    exchange.world.end()
    await tick(3)
    await tick(2)
    exchange.world.miss(JAN, line=HOME)
    await tick(120)
    await tick(2)
    assert ids(heard) == ["call_started", "call_answered", "call_ended", "call_missed"]
    for event, (original,) in zip(heard, told, strict=True):
        payload = event.data["trigger"]
        assert payload["platform"] == f"odorik.{payload['id']}"
        assert {name: payload[name] for name in original.data} == dict(original.data)
        assert event.context.parent_id == original.context.id
    assert heard[-1].data["trigger"]["config_entry_id"] == account.entry_id


OPTIONS: list[tuple[Options, bool]] = [
    ({"line": HOME}, True),
    ({"line": float(HOME)}, True),
    ({"line": str(HOME)}, True),
    ({"line": WORKSHOP}, False),
    ({"direction": "in"}, True),
    ({"direction": "out"}, False),
    ({"direction": "redirected"}, False),
    ({"number": "777"}, True),
    ({"number": 777}, True),
    ({"number": "+420777"}, True),
    ({"number": "00420 777"}, True),
    ({"number": "777 123 456"}, True),
    ({"number": "+420 777 123 456"}, True),
    ({"number": 420777123456}, True),
    ({"number": "778"}, False),
    ({"number": "123456"}, False),
    ({"number": "+421"}, False),
    ({"number": "jan novak MOBIL"}, True),
    ({"number": "Jan Novák"}, False),
    ({"number": "Petr 2"}, False),
]


@pytest.mark.usefixtures("account")
async def test_an_option_lets_through_what_it_says(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, subtests: pytest.Subtests
) -> None:
    """The light of the workshop would flash for the kitchen's calls, or for nobody's."""
    triggers: dict[str, Options] = {"any": {}} | {str(option): option for option, _ in OPTIONS}
    each = [automation(**{name: ("call_started", given)}) for name, given in triggers.items()]
    heard = await listen(hass, *each)
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert ids(heard).count("any") == 1
    for option, is_heard in OPTIONS:
        with subtests.test(option=option):
            assert ids(heard).count(str(option)) == int(is_heard)


@pytest.mark.parametrize(
    ("number", "start"),
    [
        ("+420777123456", "777123456"),
        ("+420777123456", "0042077712345"),
        ("+420777123456", "420777"),
        ("+4930901820", "+49"),
        ("+4930901820", "0049"),
        ("+4930901820", "0049 30 901820"),
        ("+4930901820", "+49 (0)30 901820"),
        ("+4930901820", "+49 (0)30"),
        ("+4930901820", "tel:+49-30-901820;ext=1"),
        ("+420777123456", "0777 123 456"),
        ("*300100", "3001"),
        ("300100", "*300100"),
        ("*100", "100"),
        ("112", "112"),
    ],
)
def test_a_number_is_known_by_its_beginning(number: str, start: str) -> None:
    """People write numbers in all these ways, and each has to work."""
    assert begins(number, start)


@pytest.mark.parametrize(
    ("number", "start"),
    [
        (None, "777"),
        ("+420777123456", "77712345678"),
        ("+420777123456", "+777"),
        ("+4930901820", "49309"),
        ("+4930901820", "30901820"),
        ("+421777123456", "777123456"),
        ("+421777123456", "+420 777 123 456"),
        ("+421777123456", "777"),
        ("*100", "1000"),
    ],
)
def test_a_number_is_not_taken_for_another(number: str | None, start: str) -> None:
    """The alarm for one caller would go off for others, or for those who withhold theirs."""
    assert not begins(number, start)


@pytest.mark.usefixtures("account")
async def test_a_withheld_number_is_heard_only_where_no_number_is_asked_for(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
) -> None:
    """Who hides the number is nobody that an automation has named."""
    heard = await wait_for(
        hass, any=("call_started", {}), public=("call_started", {"number": "00"})
    )
    exchange.world.ring("", line=HOME)
    await tick(10)
    assert ids(heard) == ["any"]
    assert heard[0].data["trigger"]["number"] is None


async def test_a_trigger_outlives_its_account(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """After a reload, or with the operator away at the start, the automation would be dead."""
    exchange.fail("503", times=0)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    heard = await wait_for(
        hass,
        all=("call_missed", {}),
        mine=("call_missed", {"config_entry_id": entry.entry_id}),
    )
    exchange.exchange.faults.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    exchange.world.miss(JAN)
    await tick(120)
    await tick(2)
    assert sorted(ids(heard)) == ["all", "mine"]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    heard.clear()
    exchange.world.miss(JAN)
    await tick(120)
    await tick(2)
    assert sorted(ids(heard)) == ["all", "mine"]


async def test_accounts_do_not_mix_and_new_ones_are_heard(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """The office's calls would ring through the flat, or a new account would be silent."""
    office = Account("7654321", "office", lines={400100: Line(400100, "Office", "00420541200000")})
    exchange.world.accounts[office.user] = office
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Odorik 7654321",
        unique_id=office.user,
        data={"username": office.user, "password": office.password},
    )
    heard = await wait_for(
        hass,
        all=("call_missed", {}),
        home=("call_missed", {"config_entry_id": account.entry_id}),
        office=("call_missed", {"config_entry_id": other.entry_id}),
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    exchange.world.miss(JAN, account=office.user)
    await tick(120)
    await tick(2)
    assert sorted(ids(heard)) == ["all", "office"]
    heard.clear()
    exchange.world.miss(JAN, account=exchange.username)
    await tick(120)
    await tick(2)
    assert sorted(ids(heard)) == ["all", "home"]


@pytest.mark.usefixtures("account")
async def test_an_account_that_is_gone_is_said(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The automation would wait for ever, and nobody would know why."""
    await wait_for(hass, gone=("call_missed", {"config_entry_id": "01GONE"}))
    assert "waits for calls of account 01GONE, which is gone" in caplog.text


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_what_nobody_can_mean_is_refused(
    hass: HomeAssistant, subtests: pytest.Subtests
) -> None:
    """A slip in an automation would silence it without a word."""
    senseless: list[Any] = [
        {"line": "kitchen"},
        {"direction": "up"},
        {"number": "–"},  # noqa: RUF001
        {"numbers": "777"},
        {"config_entry_id": ["a"]},
        [],
    ]
    for options in senseless:
        config = [{"platform": "odorik.call_missed", "options": options}]
        with subtests.test(options=options), pytest.raises(vol.Invalid):
            await async_validate_trigger_config(hass, config)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_what_is_left_empty_is_left_out(
    hass: HomeAssistant,
) -> None:
    """A blueprint hands on every field, also those that nobody filled in."""
    empty = {"config_entry_id": "", "line": None, "direction": "", "number": ""}
    for options in ({"options": empty}, {"options": None}, {}):
        config = [{"platform": "odorik.call_missed", **options}]
        (valid,) = await async_validate_trigger_config(hass, config)
        assert valid["options"] == {}


@pytest.mark.usefixtures("account")
async def test_the_trace_says_why_a_call_did_not_count(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
) -> None:
    """Somebody would look for hours why the automation did nothing."""
    reasons: list[NotTriggeredInfo] = []
    config = [{"platform": "odorik.call_started", "options": {"line": WORKSHOP}}]
    detach = await trigger_helper.async_initialize_triggers(
        hass,
        await async_validate_trigger_config(hass, config),
        lambda *_: pytest.fail("it fired"),
        "test",
        "test",
        lambda *_, **__: None,
        did_not_trigger=lambda _variables, info, _context=None: reasons.append(info),
    )
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert reasons == [NotTriggeredInfo("other_line", {"line": HOME})]
    assert detach
    detach()
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    assert len(reasons) == 1


@pytest.mark.usefixtures("account")
async def test_the_editor_offers_the_triggers_with_their_fields(
    hass: HomeAssistant,
) -> None:
    """In the editor there would be nothing to choose."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await trigger_helper.async_get_all_descriptions(hass)
    ours = {name: text for name, text in descriptions.items() if name.startswith("odorik.")}
    assert sorted(ours) == [
        "odorik.call_answered",
        "odorik.call_ended",
        "odorik.call_missed",
        "odorik.call_started",
    ]
    for description in ours.values():
        assert description
        assert {name: list(field["selector"]) for name, field in description["fields"].items()} == {
            "config_entry_id": ["config_entry"],
            "line": ["number"],
            "direction": ["select"],
            "number": ["text"],
        }
