"""docs/events.md, in both languages: examples, events, fields, options and blueprints."""

from collections.abc import Callable, Mapping
from datetime import datetime
import re
from typing import Any
from urllib.parse import unquote

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_mock_service,
)

from custom_components.odorik.call_events import BUS_EVENTS, CALL_RETURNED, EVENT_SMS_RECEIVED
from custom_components.odorik.calls.gates import GateOutcome, RefusalReason
from custom_components.odorik.calls.spending import SpendingRule
from custom_components.odorik.const import DOMAIN
from custom_components.odorik.gates import EVENT_GATE
from custom_components.odorik.messages import EVENT_SMS_SENT
from custom_components.odorik.spending_guard import EVENT_SPENDING_GUARD, GuardEventType
from simulator.worlds import GATE_NUMBER
from tests.accounts import add_gate, set_up
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .examples import ROOT, chapters, pages, set_up_automations, texts, yaml_blocks

TOPICS = (
    *("events", "messages", "received", "guard", "gates"),
    *("triggers", "conditions", "logbook", "blueprints"),
)
"""The topics of the chapters, in their order."""
CHAPTERS = {
    language: dict(zip(TOPICS, chapters(page).values(), strict=True))
    for language, page in pages("events.md").items()
}

JAN, SLOVAK = "00420777123456", "00421905123456"
HOME, WORKSHOP = 300100, 300110
EVENTS = (*map(str, BUS_EVENTS.values()), CALL_RETURNED)

TYPES: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "time": lambda value: (
        isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    ),
    "null": lambda value: value is None,
    "true": lambda value: value is True,
    "false": lambda value: value is False,
}
CZECH = {"číslo": "number", "čas": "time", "nebo": "or", "žádná": "none"}
"""The words of the tables that differ from the English ones."""


def examples(language: str, topic: str) -> list[Any]:
    """Return the examples of a chapter."""
    return [parse_yaml(block) for block in yaml_blocks(CHAPTERS[language][topic])]


def table_rows(language: str, topic: str) -> list[list[str]]:
    """Return the rows of three cells whose first cell is a name in code, without backticks."""
    lines = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in CHAPTERS[language][topic].splitlines()
        if line.startswith("| `")
    ]
    return [cells for cells in lines if len(cells) == 3]


def options_of(key: str, language: str, topic: str) -> list[list[str]]:
    """Return the rows of the options of a trigger or condition; those of gates come last."""
    rows = table_rows(language, topic)
    starts = [index for index, (name, *_) in enumerate(rows) if name == "config_entry_id"]
    return rows[starts[-1] :] if key.startswith("gate_") else rows[: (*starts, len(rows))[1]]


def second_cells(language: str, topic: str) -> dict[str, str]:
    """Return the second cells of the table rows, in English, by the first cells."""
    words = CZECH if language == "cs" else {}
    return {
        name: " ".join(words.get(word, word) for word in cell.split())
        for name, cell, _ in table_rows(language, topic)
    }


def field_types(language: str, topic: str) -> dict[str, list[str]]:
    """Return the documented types of the fields of an event."""
    return {
        name: kinds.split(" or ")
        for name, kinds in second_cells(language, topic).items()
        if name not in EVENTS
    }


def assert_types(data: Mapping[str, Any], types: dict[str, list[str]]) -> None:
    """Check that data has fields of these types and no others."""
    assert sorted(data) == sorted(types)
    for name, value in data.items():
        assert any(TYPES[kind](value) for kind in types[name]), (name, value)


async def make_calls(exchange: RunningExchange, tick: Tick) -> None:
    """Answer a call, make one abroad, and miss one."""
    for call in (exchange.world.ring(JAN, line=HOME), exchange.world.dial(SLOVAK, line=WORKSHOP)):
        await tick(10)
        exchange.world.answer(call.id)
        await tick(3)
        await tick(30)
        exchange.world.end(call.id)
        await tick(3)
        await tick(2)
    await tick(120)
    exchange.world.miss(JAN, line=HOME)
    await tick(120)
    await tick(2)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("language", "missed", "cost"),
    [
        ("en", "Jan Novák mobil called", "1.3695 CZK"),
        ("cs", "Zmeškaný hovor: Jan Novák mobil", "1.3695 Kč"),
    ],
)
async def test_every_example_works(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
    language: str,
    missed: str,
    cost: str,
) -> None:
    """Each automation is valid, and calls its action for the calls that it is about."""
    notifications = async_mock_service(hass, "persistent_notification", "create")
    phone = async_mock_service(hass, "notify", "phone")
    lights = async_mock_service(hass, "light", "turn_on")
    players = async_mock_service(hass, "media_player", "media_pause")
    automations = [
        example
        for topic in ("events", "triggers", "conditions")
        for example in examples(language, topic)
    ]
    assert len(automations) == 6
    await set_up_automations(hass, *automations)
    await make_calls(exchange, tick)
    assert [call.data.get("message") for call in notifications] == [missed]
    assert sorted(call.data["message"] for call in phone) == [
        f"+421905123456: 0.6 min, {cost}",
        "Jan Novák mobil",
    ]
    assert len(lights) == 1
    assert len(players) == 1
    (order,) = exchange.requests("/callback")
    assert (order.params["recipient"], order.params["caller"]) == (JAN, "00420603111222")


@pytest.mark.usefixtures("account", "freezer")
@pytest.mark.parametrize("language", CHAPTERS)
async def test_the_event_of_a_message_has_its_documented_fields(
    hass: HomeAssistant, language: str
) -> None:
    """The automation runs, and the event has the documented fields with the documented types."""
    counter = async_mock_service(hass, "counter", "increment")
    await set_up_automations(hass, *examples(language, "messages"))
    events = async_capture_events(hass, EVENT_SMS_SENT)
    for data in ({"recipient": [JAN, SLOVAK]}, {"recipient": JAN, "delay": 5}):
        await hass.services.async_call(
            DOMAIN, "send_sms", {"message": "Prší", **data}, blocking=True
        )
    await hass.async_block_till_done()
    assert len(counter) == len(events) == 3
    for event in events:
        assert_types(event.data, field_types(language, "messages"))


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("language", CHAPTERS)
async def test_the_event_of_a_received_message_has_its_documented_fields(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, language: str
) -> None:
    """The automation runs, and the event has the documented fields with the documented types."""
    notifications = async_mock_service(hass, "persistent_notification", "create")
    await set_up_automations(hass, *examples(language, "received"))
    events = async_capture_events(hass, EVENT_SMS_RECEIVED)
    for sender in (JAN, SLOVAK, "Odorik.cz"):
        exchange.world.receive_sms(sender)
    await tick(120)
    for event, sender in zip(
        events, ("Jan Novák mobil", "+421905123456", "Odorik.cz"), strict=True
    ):
        assert_types(event.data, field_types(language, "received"))
        assert event.data["name"] or event.data["number"] == sender
    assert len(notifications) == 3
    assert "Jan Novák mobil" in notifications[0].data["message"]


@pytest.mark.usefixtures("account")
async def test_every_field_has_its_documented_type(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The events have the documented fields and no others, with values of the documented types."""
    captured = [async_capture_events(hass, event) for event in EVENTS]
    await make_calls(exchange, tick)
    call = exchange.world.dial(JAN, line=WORKSHOP)
    await tick(10)
    exchange.world.answer(call.id)
    await tick(3)
    exchange.world.end(call.id)
    await tick(3)
    await tick(2)
    assert [len(events) for events in captured] == [3, 3, 3, 1, 1]
    for language in CHAPTERS:
        types = field_types(language, "events")
        for event in (event for events in captured for event in events):
            assert_types(event.data, types)


@pytest.mark.parametrize("language", CHAPTERS)
async def test_the_event_of_the_spending_guard_has_its_documented_fields(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    language: str,
) -> None:
    """The automation runs, and the event has the documented fields with the documented types."""
    lights = async_mock_service(hass, "light", "turn_on")
    await set_up_automations(hass, *examples(language, "guard"))
    assert await set_up(hass, entry, spending_guard="hang_up")
    events = async_capture_events(hass, EVENT_SPENDING_GUARD)
    exchange.world.dial("00420906123456", line=HOME)
    exchange.world.dial(SLOVAK, line=WORKSHOP).price_per_minute = 99.0
    await tick(10)
    assert len(lights) == len(events) == 2
    rows = table_rows(language, "guard")
    assert [list(SpendingRule), list(GuardEventType)] == [
        re.findall(r"\w+", text) for name, _, text in rows if name in {"rule", "outcome"}
    ]
    types = field_types(language, "events") | field_types(language, "guard")
    for event in events:
        assert_types(event.data, types)


@pytest.mark.parametrize("language", CHAPTERS)
async def test_the_event_of_a_gate_has_its_documented_fields(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    language: str,
) -> None:
    """The automation runs, and the event has the documented fields with the documented types."""
    lights = async_mock_service(hass, "light", "turn_on")
    await set_up_automations(hass, *examples(language, "gates"))
    add_gate(hass, account, JAN)
    await hass.async_block_till_done(wait_background_tasks=True)
    events = async_capture_events(hass, EVENT_GATE)
    for source in (JAN, SLOVAK, ""):
        exchange.world.ring(source, GATE_NUMBER)
    await tick(10)
    assert (len(lights), len(events)) == (2, 3)
    assert [list(GateOutcome), list(RefusalReason)] == [
        re.findall(r"`(\w+)`", f"`{text}`") for _, _, text in table_rows(language, "gates")
    ]
    types = field_types(language, "events") | field_types(language, "gates")
    for event in events:
        assert_types(event.data, types)


@pytest.mark.parametrize("language", CHAPTERS)
def test_every_event_is_in_the_reference(language: str) -> None:
    """The table has the names of the events on the bus and of the event entity."""
    cells = second_cells(language, "events").items()
    table = [(bus, entity) for bus, entity in cells if bus in EVENTS]
    events = [(event, str(kind)) for kind, event in BUS_EVENTS.items()]
    assert table == [*events, (CALL_RETURNED, "none")]


@pytest.mark.parametrize("language", CHAPTERS)
@pytest.mark.parametrize("topic", ["triggers", "conditions"])
def test_every_option_is_in_the_reference(language: str, topic: str) -> None:
    """Each trigger and condition is documented with all of its options."""
    path = ROOT / "custom_components" / DOMAIN / f"{topic}.yaml"
    for key, entry in load_yaml_dict(str(path)).items():
        if not key.startswith("."):
            assert f"`{DOMAIN}.{key}`" in CHAPTERS[language][topic]
            options = [name for name, *_ in options_of(key, language, topic)]
            if key == "sms_received":
                options.remove("direction")
            assert options == list(entry["fields"])


@pytest.mark.parametrize("topic", ["triggers", "conditions"])
def test_the_czech_page_uses_the_names_of_the_editor(topic: str) -> None:
    """Triggers, conditions and options are called what the editor calls them in Czech."""
    for key, names in texts("cs")[topic].items():
        options = {name: label.strip("*") for name, label, _ in options_of(key, "cs", topic)}
        assert f"`{DOMAIN}.{key}` (*{names['name']}*)" in CHAPTERS["cs"][topic]
        labels = {field: it["name"] for field, it in names["fields"].items()}
        if key == "sms_received":
            labels["direction"] = options["direction"]
        assert options == labels


def test_both_pages_have_the_same_filters_of_the_logbook() -> None:
    """The filters are those of the English page, which the tests of the logbook use."""
    english, czech = (yaml_blocks(CHAPTERS[language]["logbook"]) for language in ("en", "cs"))
    assert len(english) == 2
    assert sorted(czech) == sorted(english)


@pytest.mark.parametrize("language", CHAPTERS)
def test_every_blueprint_is_listed_with_its_links(language: str) -> None:
    """Each blueprint has a link to its file and one that imports it."""
    links = re.findall(
        r"\]\((?:\.\./)+(\S+)\) .*\?blueprint_url=(\S+)\)", CHAPTERS[language]["blueprints"]
    )
    sources = {
        str(path.relative_to(ROOT)): re.findall(r"source_url: (\S+)", path.read_text("utf-8"))
        for path in (ROOT / "blueprints/automation" / DOMAIN).iterdir()
    }
    assert {file: [unquote(address)] for file, address in links} == sources
