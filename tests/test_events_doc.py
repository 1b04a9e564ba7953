"""The reference of events, triggers and conditions: every example runs, and everything is said."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
import re
from typing import Any
from urllib.parse import unquote

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events, async_mock_service

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.coordinator.reporter import BUS_EVENTS, CALL_RETURNED

from .conftest import Tick
from .exchange import RunningExchange

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs/events.md").read_text("utf-8")
CHAPTERS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", REFERENCE, re.DOTALL | re.MULTILINE))

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


def examples(chapter: str) -> list[Any]:
    """Return the examples of a chapter."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", CHAPTERS[chapter], re.DOTALL | re.MULTILINE)
    return [parse_yaml(block) for block in blocks]


def rows(chapter: str, columns: int) -> list[list[str]]:
    """Return the rows of the tables with so many columns whose first cell is a name in code."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in CHAPTERS[chapter].splitlines()
        if line.startswith("| `")
    ]
    return [cells for cells in lines if len(cells) == columns]


def name(cell: str) -> str:
    """Return the name in a cell."""
    return cell.strip("`")


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


async def telephone(exchange: RunningExchange, tick: Tick) -> None:
    """Take a call, make one abroad, and miss one."""
    for call in (
        exchange.world.ring(JAN, line=HOME),
        exchange.world.dial(SLOVAK, line=WORKSHOP),
    ):
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
async def test_every_example_does_what_it_is_there_for(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The first thing that somebody copies must not fail, nor do nothing."""
    done: dict[str, list[ServiceCall]] = {
        f"{domain}.{action}": async_mock_service(hass, domain, action)
        for domain, action in (
            ("persistent_notification", "create"),
            ("notify", "phone"),
            ("light", "turn_on"),
            ("media_player", "media_pause"),
        )
    }
    automations = [
        {"alias": f"example {place}", "mode": "parallel", **example}
        for place, example in enumerate(
            [*examples("Events"), *examples("Triggers"), *examples("Conditions")]
        )
    ]
    assert len(automations) == 6
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()
    states = [hass.states.get(f"automation.example_{place}") for place in range(len(automations))]
    assert [state and state.state for state in states] == ["on"] * len(automations)
    await telephone(exchange, tick)
    assert [call.data.get("message") for call in done["persistent_notification.create"]] == [
        "Jan Novák mobil called"
    ]
    assert sorted(call.data["message"] for call in done["notify.phone"]) == [
        "+421905123456: 0.6 min, 1.3695 CZK",
        "Jan Novák mobil",
    ]
    assert len(done["light.turn_on"]) == 1
    assert len(done["media_player.media_pause"]) == 1
    (order,) = exchange.requests("/callback")
    assert (order.params["recipient"], order.params["caller"]) == (JAN, "00420603111222")


@pytest.mark.usefixtures("account")
async def test_every_field_is_there_and_is_what_is_said_of_it(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """A template for a field that is not there, or is something else, fails in the night."""
    fields = {name(cell): kinds.split(" or ") for cell, kinds, _ in rows("Events", 3)}
    told = [async_capture_events(hass, event) for event in EVENTS]
    fields = {field: kinds for field, kinds in fields.items() if field not in EVENTS}
    await telephone(exchange, tick)
    call = exchange.world.dial(JAN, line=WORKSHOP)
    await tick(10)
    exchange.world.answer(call.id)
    await tick(3)
    exchange.world.end(call.id)
    await tick(3)
    await tick(2)
    assert [len(events) for events in told] == [3, 3, 3, 1, 1]
    for events in told:
        for event in events:
            assert sorted(event.data) == sorted(fields)
            for field, value in event.data.items():
                assert any(TYPES[kind](value) for kind in fields[field]), (field, value)


def test_the_events_are_those_of_the_bus() -> None:
    """An automation would wait for an event that has another name."""
    table = [
        (name(bus), name(entity)) for bus, entity, _ in rows("Events", 3) if name(bus) in EVENTS
    ]
    shown = [(event, str(kind)) for kind, event in BUS_EVENTS.items()]
    assert table == [*shown, (CALL_RETURNED, "none")]


@pytest.mark.parametrize(
    ("chapter", "file"), [("Triggers", "triggers.yaml"), ("Conditions", "conditions.yaml")]
)
def test_every_option_is_said(chapter: str, file: str) -> None:
    """Nobody uses what nobody is told of."""
    described = load_yaml_dict(str(ROOT / "custom_components" / DOMAIN / file))
    for key, entry in described.items():
        if not key.startswith("."):
            assert f"`{DOMAIN}.{key}`" in CHAPTERS[chapter]
            assert [name(cell) for cell, *_ in rows(chapter, 3)] == list(entry["fields"])


def test_every_blueprint_is_listed_with_its_links() -> None:
    """A link would lead nowhere or to another one, or a blueprint be known to nobody."""
    links = re.findall(r"\]\(\.\./(\S+)\) .*\?blueprint_url=(\S+)\)", CHAPTERS["Blueprints"])
    sources = {
        str(path.relative_to(ROOT)): re.findall(r"source_url: (\S+)", path.read_text("utf-8"))
        for path in (ROOT / "blueprints/automation" / DOMAIN).iterdir()
    }
    assert {file: [unquote(address)] for file, address in links} == sources
