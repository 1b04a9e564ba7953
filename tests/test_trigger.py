"""Test the triggers."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import trigger
from homeassistant.helpers.trigger import NotTriggeredInfo, async_validate_trigger_config
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.trigger import starts_with
from simulator.world import Account, Line, World

from .accounts import HOME, JAN, UNNAMED, WORKSHOP, make_entry, reload, set_up
from .conftest import Miss, Tick
from .exchange import RunningExchange

pytestmark = pytest.mark.usefixtures("freezer")

type Options = Mapping[str, Any]


async def start_automations(
    hass: HomeAssistant, *automations: Mapping[str, tuple[str, Options]]
) -> list[Event[Any]]:
    """Set up automations with these triggers by ID; return the list of those that fired."""
    config = [
        {
            "mode": "parallel",
            "max": 100,
            "triggers": [
                {"id": name, "trigger": f"{DOMAIN}.{kind}", "options": dict(options)}
                for name, (kind, options) in triggers.items()
            ],
            "actions": {"event": "fired", "event_data": {"trigger": "{{ trigger }}"}},
        }
        for triggers in automations
    ]
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    return async_capture_events(hass, "fired")


def ids(fired: list[Event[Any]]) -> list[str]:
    """Return the IDs of the triggers that fired."""
    return [event.data["trigger"]["id"] for event in fired]


async def test_each_event_has_a_trigger_with_its_data(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, miss: Miss
) -> None:
    """A trigger fires with its event, has the event's data, and continues its context."""
    events = {
        "call_started": "odorik_call_started",
        "call_answered": "odorik_call_answered",
        "call_ended": "odorik_call_ended",
        "call_missed": "odorik_missed_call",
    }
    fired = await start_automations(hass, {kind: (kind, {}) for kind in events})
    captured = [async_capture_events(hass, event) for event in events.values()]
    world.ring(JAN, line=HOME)
    await tick(10)
    world.answer()
    await tick(3)
    world.end()
    await tick(3, 2)
    await miss(line=HOME)
    assert ids(fired) == list(events)
    for event, (original,) in zip(fired, captured, strict=True):
        payload = event.data["trigger"]
        assert payload["platform"] == f"odorik.{payload['id']}"
        assert {name: payload[name] for name in original.data} == dict(original.data)
        assert event.context.parent_id == original.context.id
    assert fired[-1].data["trigger"]["config_entry_id"] == account.entry_id


OPTIONS: list[tuple[Options, bool]] = [
    ({"line": HOME}, True),
    ({"line": float(HOME)}, True),
    ({"line": str(HOME)}, True),
    ({"line": WORKSHOP}, False),
    ({"direction": "in"}, True),
    ({"direction": "out"}, False),
    ({"number": "777"}, True),
    ({"number": 777}, True),
    ({"number": 420777123456}, True),
    ({"number": "778"}, False),
    ({"number": "jan novak MOBIL"}, True),
    ({"number": "Jan Novák"}, False),
    ({"number": "Petr 2"}, False),
]
"""Options, and whether they match a call from Jan to the first line."""


@pytest.mark.usefixtures("account")
async def test_options_select_calls(
    hass: HomeAssistant, world: World, tick: Tick, subtests: pytest.Subtests
) -> None:
    """A trigger fires only for calls that match its options."""
    triggers: dict[str, Options] = {"any": {}} | {str(option): option for option, _ in OPTIONS}
    fired = await start_automations(
        hass, *({name: ("call_started", options)} for name, options in triggers.items())
    )
    world.ring(JAN, line=HOME)
    await tick(10)
    assert ids(fired).count("any") == 1
    for option, matches in OPTIONS:
        with subtests.test(option=option):
            assert ids(fired).count(str(option)) == int(matches)


@pytest.mark.usefixtures("account")
async def test_a_test_event_may_have_an_integer_as_number(hass: HomeAssistant) -> None:
    """In YAML, a number without quotation marks is an integer."""
    fired = await start_automations(
        hass, {start: ("call_missed", {"number": start}) for start in ("777", "602")}
    )
    hass.bus.async_fire("odorik_missed_call", {"number": 420777123456})
    await hass.async_block_till_done()
    assert ids(fired) == ["777"]


async def test_a_received_message_has_a_trigger(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick
) -> None:
    """It fires with the data of the event, for the messages that match its options."""
    triggers: dict[str, Options] = {
        "any": {},
        "account": {"config_entry_id": account.entry_id},
        "line": {"line": UNNAMED},
        "other line": {"line": HOME},
        "number": {"number": "777"},
        "name": {"number": "jan novak mobil"},
        "other number": {"number": "602"},
    }
    fired = await start_automations(
        hass, {name: ("sms_received", options) for name, options in triggers.items()}
    )
    events = async_capture_events(hass, "odorik_sms_received")
    world.receive_sms(JAN)
    await tick(120)
    assert ids(fired) == ["any", "account", "line", "number", "name"]
    (event,) = events
    payload = fired[0].data["trigger"]
    assert payload["description"] == "message received: +420777123456"
    assert {name: payload[name] for name in event.data} == dict(event.data)


@pytest.mark.parametrize(
    ("number", "start", "matches"),
    [
        ("+420777123456", "777123456", True),
        ("+420777123456", "0042077712345", True),
        ("+420777123456", "420777", True),
        ("+4930901820", "+49", True),
        ("+4930901820", "0049", True),
        ("+4930901820", "0049 30 901820", True),
        ("+4930901820", "+49 (0)30 901820", True),
        ("+4930901820", "+49 (0)30", True),
        ("+4930901820", "tel:+49-30-901820;ext=1", True),
        ("+420777123456", "0777 123 456", True),
        ("*300100", "3001", True),
        ("300100", "*300100", True),
        ("*100", "100", True),
        ("112", "112", True),
        (None, "777", False),
        ("+420777123456", "77712345678", False),
        ("+420777123456", "+777", False),
        ("+4930901820", "49309", False),
        ("+4930901820", "30901820", False),
        ("+421777123456", "777123456", False),
        ("+421777123456", "+420 777 123 456", False),
        ("+421777123456", "777", False),
        ("*100", "1000", False),
    ],
)
def test_a_number_matches_its_beginning(number: str | None, start: str, *, matches: bool) -> None:
    """The beginning of a number may be written in any common way."""
    assert starts_with(number, start) is matches


async def test_triggers_survive_reloads(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, miss: Miss
) -> None:
    """An automation that starts during an outage works afterwards, and after a reload."""
    exchange.fail("503", times=0)
    assert not await set_up(hass, entry)
    fired = await start_automations(
        hass,
        {"all": ("call_missed", {}), "mine": ("call_missed", {"config_entry_id": entry.entry_id})},
    )
    exchange.exchange.faults.clear()
    for _ in range(2):
        assert await reload(hass, entry)
        fired.clear()
        await miss()
        assert sorted(ids(fired)) == ["all", "mine"]


async def test_triggers_tell_accounts_apart(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, miss: Miss
) -> None:
    """A trigger can be limited to an account, which may be set up after the automation."""
    office = Account("7654321", "office", lines={400100: Line(400100, "Office", "00420541200000")})
    exchange.world.accounts[office.user] = office
    other = make_entry(office.user, office.password)
    fired = await start_automations(
        hass,
        {
            "all": ("call_missed", {}),
            "home": ("call_missed", {"config_entry_id": account.entry_id}),
            "office": ("call_missed", {"config_entry_id": other.entry_id}),
        },
    )
    assert await set_up(hass, other)
    for user, name in ((office.user, "office"), (exchange.username, "home")):
        fired.clear()
        await miss(account=user)
        assert sorted(ids(fired)) == sorted(["all", name])


@pytest.mark.usefixtures("account")
async def test_a_trigger_for_a_removed_account_is_logged(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """The log explains why the automation never runs."""
    await start_automations(hass, {"gone": ("call_missed", {"config_entry_id": "01GONE"})})
    assert "has a trigger for calls of the account 01GONE, which does not exist" in caplog.text


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("call_missed", {"line": "kitchen"}),
        ("call_missed", {"direction": "up"}),
        ("call_missed", {"number": "–"}),  # noqa: RUF001
        ("call_missed", {"numbers": "777"}),
        ("call_missed", {"config_entry_id": ["a"]}),
        ("call_missed", []),
        # Only received messages are reported, so the option would be misleading.
        ("sms_received", {"direction": "in"}),
    ],
)
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_invalid_options_are_refused(hass: HomeAssistant, kind: str, options: Any) -> None:
    """A mistake in an automation is reported when it is loaded."""
    config = [{"platform": f"odorik.{kind}", "options": options}]
    with pytest.raises(vol.Invalid):
        await async_validate_trigger_config(hass, config)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_empty_options_are_ignored(hass: HomeAssistant) -> None:
    """Blueprints pass on all their fields, including those that the user left empty."""
    empty = {"config_entry_id": "", "line": None, "direction": "", "number": ""}
    for options in ({"options": empty}, {"options": None}, {}):
        config = [{"platform": "odorik.call_missed", **options}]
        (valid,) = await async_validate_trigger_config(hass, config)
        assert valid["options"] == {}


@pytest.mark.usefixtures("account")
async def test_the_trace_explains_why_a_trigger_did_not_fire(
    hass: HomeAssistant, world: World, tick: Tick
) -> None:
    """The trace shows the option that did not match, until the trigger is detached."""
    reasons: list[NotTriggeredInfo] = []
    config = [{"platform": "odorik.call_started", "options": {"line": WORKSHOP}}]
    detach = await trigger.async_initialize_triggers(
        hass,
        await async_validate_trigger_config(hass, config),
        lambda *_: pytest.fail("it fired"),
        "test",
        "test",
        lambda *_, **__: None,
        did_not_trigger=lambda _variables, info, _context=None: reasons.append(info),
    )
    world.ring(JAN, line=HOME)
    await tick(10)
    assert reasons == [NotTriggeredInfo("other_line", {"line": HOME})]
    assert detach
    detach()
    world.ring(JAN, line=HOME)
    await tick(10)
    assert len(reasons) == 1


@pytest.mark.usefixtures("account")
async def test_the_editor_offers_the_triggers(hass: HomeAssistant) -> None:
    """Each trigger is described with its fields."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await trigger.async_get_all_descriptions(hass)
    ours = {name: text for name, text in descriptions.items() if name.startswith("odorik.")}
    kinds = ["call_answered", "call_ended", "call_missed", "call_started"]
    kinds += ["gate_opened", "gate_refused", "sms_received"]
    assert sorted(ours) == [f"odorik.{kind}" for kind in kinds]
    of_all = {"config_entry_id": "config_entry", "number": "text"}
    of_kind = {
        "call": {"line": "number", "direction": "select"},
        "sms": {"line": "number"},
        "gate": {"gate": "device"},
    }
    for kind in kinds:
        fields = (ours[f"odorik.{kind}"] or {})["fields"].items()
        selectors = {field: next(iter(given["selector"])) for field, given in fields}
        assert selectors == of_all | of_kind[kind.split("_")[0]]
