"""The logbook as its page reads it: through the recorder and the web socket."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, translation
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import DOMAIN

from .conftest import Tick
from .exchange import RunningExchange

REFERENCE = (Path(__file__).parent.parent / "docs/events.md").read_text("utf-8")
RECIPES = re.findall(r"^```yaml\n(logbook:.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)
JAN = "00420777123456"
HOME, WORKSHOP, NAMELESS = 300100, 300110, 300120

type Rows = list[dict[str, Any]]
type Read = Callable[..., Awaitable[Rows]]


@pytest.fixture(autouse=True)
def recording(recorder_mock: None, enable_custom_integrations: None) -> None:
    """Record; the recorder has to be there before anything else of Home Assistant."""


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything is set up: what is due later is then due in its time."""


@pytest.fixture(params=["en"])
def language(request: pytest.FixtureRequest) -> str:
    """Home Assistant's language."""
    return str(request.param)


@pytest.fixture(params=[{}])
def configuration(request: pytest.FixtureRequest) -> Any:
    """What configuration.yaml says of the logbook."""
    return request.param


@pytest.fixture
async def read_all(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    language: str,
    configuration: Any,
    hass_ws_client: WebSocketGenerator,
) -> Read:
    """Set up an account and a logbook; return how to read the logbook."""
    hass.config.language = language
    translation.async_setup(hass)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    # The frontend itself is not there; the logbook only gives it a page to show.
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", {"logbook": configuration})
    await hass.async_block_till_done()

    async def rows(**what: Any) -> Rows:
        await async_wait_recording_done(hass)
        client = await hass_ws_client(hass)
        day = {
            "start_time": (dt_util.utcnow() - timedelta(days=1)).isoformat(),
            "end_time": (dt_util.utcnow() + timedelta(minutes=1)).isoformat(),
        }
        await client.send_json_auto_id({"type": "logbook/get_events", **day, **what})
        answer = await client.receive_json()
        assert answer["success"]
        found: Rows = answer["result"]
        return found

    return rows


@pytest.fixture
def read(read_all: Read) -> Read:
    """Set up an account and a logbook; return how to read what the logbook says of calls."""

    async def rows(**what: Any) -> Rows:
        # The states of the entities are in the logbook too, as Home Assistant shows any state.
        return [row for row in await read_all(**what) if "message" in row]

    return rows


def said(rows: Rows) -> list[str]:
    """Return what the lines say."""
    return [row["message"] for row in rows]


@pytest.mark.parametrize(
    ("language", "name", "texts"),
    [
        (
            "en",
            "Odorik 1234567 call",
            [
                "from Jan Novák mobil (+420 777 123 456) on Domov, 3 min 20 s",
                "from Jan Novák mobil (+420 777 123 456) on Domov was missed",
                "from +420 602 555 123 on Dílna was missed",
                "from a withheld number on 300120 was missed",
                "to Eva Dvořáková (+420 602 987 654) on Domov, 5 min 1 s",
                "to +49 30 901820 on Domov was not answered",
            ],
        ),
        (
            "cs",
            "Hovor (Odorik 1234567)",
            [
                "přijat: Jan Novák mobil (+420 777 123 456), linka Domov, 3 min 20 s",
                "zmeškán: Jan Novák mobil (+420 777 123 456), linka Domov",
                "zmeškán: +420 602 555 123, linka Dílna",
                "zmeškán: skryté číslo, linka 300120",
                "uskutečněn: Eva Dvořáková (+420 602 987 654), linka Domov, 5 min 1 s",
                "bez odpovědi: +49 30 901820, linka Domov",
            ],
        ),
        (
            "de",
            "Odorik 1234567 call",
            [
                "from Jan Novák mobil (+420 777 123 456) on Domov, 3 min 20 s",
                "from Jan Novák mobil (+420 777 123 456) on Domov was missed",
                "from +420 602 555 123 on Dílna was missed",
                "from a withheld number on 300120 was missed",
                "to Eva Dvořáková (+420 602 987 654) on Domov, 5 min 1 s",
                "to +49 30 901820 on Domov was not answered",
            ],
        ),
    ],
    indirect=["language"],
)
async def test_each_call_is_one_line_in_words(
    read: Read, exchange: RunningExchange, tick: Tick, name: str, texts: list[str]
) -> None:
    """The day would be told in codes, in the wrong language, or every call several times.

    Before a line comes the name of its entity, which is *Call* or *Hovor*.
    """
    world = exchange.world
    world.ring(JAN, line=HOME)
    await tick(10)
    world.answer()
    await tick(3)
    await tick(197)
    world.end()
    await settle(tick)
    world.miss(JAN, line=HOME)
    await settle(tick)
    world.miss("00420602555123", line=WORKSHOP)
    await settle(tick)
    world.miss("", line=NAMELESS)
    await settle(tick)
    world.dial("00420602987654", line=HOME)
    await tick(10)
    world.answer()
    await tick(301)
    world.end()
    await settle(tick)
    world.dial("004930901820", line=HOME)
    await tick(10)
    world.end()
    await settle(tick)
    rows = await read()
    assert said(rows) == texts
    assert {row["name"] for row in rows} == {name}
    assert [row["icon"] for row in rows] == [
        "mdi:phone-incoming",
        "mdi:phone-missed",
        "mdi:phone-missed",
        "mdi:phone-missed",
        "mdi:phone-outgoing",
        "mdi:phone-cancel",
    ]


async def settle(tick: Tick) -> None:
    """Wait until the record of a call has been read."""
    await tick(3)
    await tick(2)
    await tick(120)
    await tick(2)


async def test_a_line_is_found_with_its_line_and_with_the_whole_house(
    hass: HomeAssistant, read: Read, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """The page of a line would not say who called it; that of another would."""
    registry = er.async_get(hass)
    home, workshop, account = (
        registry.async_get_entity_id("event", DOMAIN, f"{owner}_call")
        for owner in (f"{exchange.username}_{HOME}", f"{exchange.username}_{WORKSHOP}", "1234567")
    )
    exchange.world.miss(JAN, line=HOME)
    await settle(tick)
    (row,) = await read()
    assert row["entity_id"] == home
    device_ids = [registry.entities[name].device_id for name in (home, workshop) if name]
    assert len(await read(device_ids=device_ids[:1])) == 1
    assert await read(device_ids=device_ids[1:]) == []
    # Where the owner has switched the line's event off, the line goes to the account's.
    registry.async_update_entity(str(home), disabled_by=er.RegistryEntryDisabler.USER)
    (row,) = await read()
    assert row["entity_id"] == account
    # What was told of an account that is gone can still be read.
    await hass.config_entries.async_remove(entry.entry_id)
    (row,) = await read()
    assert (row["name"], "entity_id" in row) == ("Odorik call", False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "from +420 602 555 123 on Domov was missed (2026-11-20 at 04:15)"),
        ("cs", "zmeškán: +420 602 555 123, linka Domov (20. 11. 2026 v 04:15)"),
    ],
    indirect=["language"],
)
async def test_a_call_while_nobody_was_there_says_when_it_was(
    hass: HomeAssistant, read: Read, text: str
) -> None:
    """A call of the night would seem to be one of the morning, when Home Assistant came back."""
    await hass.config.async_set_time_zone("Europe/Prague")
    call = {
        "number": "+420602555123",
        "line_name": "Domov",
        "started_at": "2026-11-20T03:15:00+00:00",
        "replayed": True,
    }
    hass.bus.async_fire("odorik_missed_call", call)
    assert said(await read()) == [text]


async def test_an_event_of_somebody_elses_making_breaks_nothing(
    hass: HomeAssistant, read: Read, caplog: pytest.LogCaptureFixture
) -> None:
    """A test event from the developer tools would leave a hole and a trace in the log."""
    hass.bus.async_fire("odorik_missed_call", {"number": "+420602555123", "replayed": True})
    hass.bus.async_fire("odorik_call_ended", {"duration": 3660})
    assert said(await read()) == [
        "from +420 602 555 123 was missed",
        "with a withheld number, 1 h 1 min",
    ]
    assert "Traceback" not in caplog.text


async def test_the_language_can_change(hass: HomeAssistant, read: Read) -> None:
    """After the switch to Czech the logbook would go on in English, or be silent."""
    hass.bus.async_fire("odorik_missed_call", {"number": "+420602555123"})
    assert said(await read()) == ["from +420 602 555 123 was missed"]
    await hass.config.async_update(language="cs")
    await hass.async_block_till_done()
    assert said(await read()) == ["zmeškán: +420 602 555 123"]


@pytest.mark.parametrize(
    ("language", "configuration", "lines"),
    [
        ("en", {}, 17),
        *(
            (language, parse_yaml(recipe)["logbook"], 1)  # type: ignore[index,call-overload]
            for language, recipe in zip(["en", "cs"], RECIPES, strict=True)
        ),
    ],
    indirect=["language", "configuration"],
)
async def test_one_call_can_be_one_line(
    hass: HomeAssistant, read_all: Read, exchange: RunningExchange, tick: Tick, lines: int
) -> None:
    """Among sixteen changes of entities nobody finds who has called.

    They are Home Assistant's lines and not ours: it lets no integration leave one out. What the
    reference says of it has to work, in the language that the entities were named in.
    """
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    exchange.world.answer()
    await tick(3)
    await tick(197)
    exchange.world.end()
    await settle(tick)
    rows = await read_all()
    told = [row for row in rows if "message" in row]
    assert (len(rows), len(told)) == (lines, 1)
    # What the logbook does not show is there all the same.
    calls = [state for state in hass.states.async_all("event") if state.state != "unknown"]
    assert len(calls) == 2
