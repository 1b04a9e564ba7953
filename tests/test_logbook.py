"""Test the logbook, as read by its page through the recorder and the WebSocket API."""

# ruff: noqa: RUF001 - Czech texts contain en dashes.

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

from simulator.world import World

from .accounts import EVA, HOME, JAN, STRANGER, UNNAMED, WORKSHOP, entity_id_of, set_up
from .conftest import Tick

REFERENCE = (Path(__file__).parent.parent / "docs/events.md").read_text("utf-8")
RECIPES = re.findall(r"^```yaml\n(logbook:.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)

SETTLED = (3, 2, 120, 2)
"""Seconds to pass until the record of a call has been read."""

type Rows = list[dict[str, Any]]
type Read = Callable[..., Awaitable[Rows]]


@pytest.fixture(autouse=True)
def recording(
    recorder_mock: None, enable_custom_integrations: None, freezer: FrozenDateTimeFactory
) -> None:
    """Start the recorder before anything else, and stop the clock."""


@pytest.fixture(params=["en"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of Home Assistant."""
    return str(request.param)


@pytest.fixture(params=[{}])
def configuration(request: pytest.FixtureRequest) -> Any:
    """The logbook's part of configuration.yaml."""
    return request.param


@pytest.fixture
async def read_all(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    language: str,
    configuration: Any,
    hass_ws_client: WebSocketGenerator,
) -> Read:
    """Set up an account and the logbook; return a function that reads the logbook."""
    hass.config.language = language
    translation.async_setup(hass)
    assert await set_up(hass, entry)
    # The logbook only registers a panel with the frontend, which is not needed here.
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", {"logbook": configuration})
    await hass.async_block_till_done()

    async def rows(**filters: Any) -> Rows:
        await async_wait_recording_done(hass)
        client = await hass_ws_client(hass)
        period = {
            "start_time": (dt_util.utcnow() - timedelta(days=1)).isoformat(),
            "end_time": (dt_util.utcnow() + timedelta(minutes=1)).isoformat(),
        }
        await client.send_json_auto_id({"type": "logbook/get_events", **period, **filters})
        answer = await client.receive_json()
        assert answer["success"]
        found: Rows = answer["result"]
        return found

    return rows


@pytest.fixture
def read(read_all: Read) -> Read:
    """Set up an account and the logbook; return a function that reads the calls in it."""

    async def rows(**filters: Any) -> Rows:
        # Rows without a message are changes of states.
        return [row for row in await read_all(**filters) if "message" in row]

    return rows


def messages(rows: Rows) -> list[str]:
    """Return the texts of the rows."""
    return [row["message"] for row in rows]


async def talk(world: World, tick: Tick, seconds: int) -> None:
    """Answer the call that rings, end it after some seconds, and wait for its record."""
    world.answer()
    await tick(3, seconds - 3)
    world.end()
    await tick(*SETTLED)


ENGLISH = [
    "from Jan Novák mobil (+420 777 123 456) on Domov, 3 min 20 s",
    "from Jan Novák mobil (+420 777 123 456) on Domov was missed",
    "from +420 602 555 123 on Dílna was missed",
    "from a withheld number on 300120 was missed",
    "to Eva Dvořáková (+420 602 987 654) on Domov, 5 min 1 s",
    "to +49 30 901820 on Domov was not answered",
]
CZECH = [
    "přijat: Jan Novák mobil (+420 777 123 456), linka Domov, 3 min 20 s",
    "zmeškán: Jan Novák mobil (+420 777 123 456), linka Domov",
    "zmeškán: +420 602 555 123, linka Dílna",
    "zmeškán: skryté číslo, linka 300120",
    "uskutečněn: Eva Dvořáková (+420 602 987 654), linka Domov, 5 min 1 s",
    "bez odpovědi: +49 30 901820, linka Domov",
]


@pytest.mark.parametrize(
    ("language", "name", "texts"),
    [
        ("en", "Odorik 1234567 call", ENGLISH),
        ("cs", "Hovor (Odorik 1234567)", CZECH),
        ("de", "Odorik 1234567 call", ENGLISH),
    ],
    indirect=["language"],
)
async def test_each_call_has_one_row(
    read: Read, world: World, tick: Tick, name: str, texts: list[str]
) -> None:
    """A row describes a finished call in the user's language, with English as the fallback."""
    world.ring(JAN, line=HOME)
    await tick(10)
    await talk(world, tick, 200)
    for number, line in ((JAN, HOME), (STRANGER, WORKSHOP), ("", UNNAMED)):
        world.miss(number, line=line)
        await tick(*SETTLED)
    world.dial(EVA, line=HOME)
    await tick(10)
    await talk(world, tick, 301)
    world.dial("004930901820", line=HOME)
    await tick(10)
    world.end()
    await tick(*SETTLED)
    rows = await read()
    assert messages(rows) == texts
    assert {row["name"] for row in rows} == {name}
    assert [row["icon"] for row in rows] == [
        "mdi:phone-incoming",
        "mdi:phone-missed",
        "mdi:phone-missed",
        "mdi:phone-missed",
        "mdi:phone-outgoing",
        "mdi:phone-cancel",
    ]


async def test_a_call_belongs_to_its_line(
    hass: HomeAssistant, read: Read, entry: MockConfigEntry, world: World, tick: Tick
) -> None:
    """A call is found by the device of its line.

    It belongs to the account if the line's entity is disabled, and can still be read when the
    account is removed.
    """
    registry = er.async_get(hass)
    home, workshop, account = (
        entity_id_of(hass, entry, "event", key) for key in ("300100_call", "300110_call", "call")
    )
    world.miss(JAN, line=HOME)
    await tick(*SETTLED)
    (row,) = await read()
    assert row["entity_id"] == home
    device_ids = [registry.entities[name].device_id for name in (home, workshop) if name]
    assert len(await read(device_ids=device_ids[:1])) == 1
    assert await read(device_ids=device_ids[1:]) == []
    registry.async_update_entity(str(home), disabled_by=er.RegistryEntryDisabler.USER)
    (row,) = await read()
    assert row["entity_id"] == account
    await hass.config_entries.async_remove(entry.entry_id)
    (row,) = await read()
    assert (row["name"], "entity_id" in row) == ("Odorik call", False)


OF_JAN = {"number": "+420777123456", "name": "Jan Novák mobil"}
OF_STRANGER = {"number": "+420602555123", "line_name": "Domov"}
LATE = {"replayed": True, "started_at": "2026-11-09T03:15:00+00:00"}
LATE_MESSAGE = {"replayed": True, "received_at": "2026-11-09T03:15:00+00:00"}
INTEGER = {"number": 420602555123}
DESCRIBED: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "missed_call",
        OF_STRANGER | LATE,
        "Odorik call from +420 602 555 123 on Domov was missed (2026-11-09 at 04:15)",
        "Hovor (Odorik) zmeškán: +420 602 555 123, linka Domov (09.11.2026 04:15)",
    ),
    (
        "call_ended",
        OF_STRANGER | LATE | {"gate": "Garden"},
        "Odorik call from +420 602 555 123 rang at Garden (2026-11-09 at 04:15)",
        "Hovor (Odorik) na číslo brány Garden: +420 602 555 123 (09.11.2026 04:15)",
    ),
    (
        "sms_received",
        OF_STRANGER | LATE_MESSAGE,
        "SMS received from +420 602 555 123 (2026-11-09 at 04:15)",
        "Přijatá SMS – odesílatel: +420 602 555 123 (09.11.2026 04:15)",
    ),
    (
        "sms_received",
        OF_JAN,
        "SMS received from Jan Novák mobil (+420 777 123 456)",
        "Přijatá SMS – odesílatel: Jan Novák mobil (+420 777 123 456)",
    ),
    (
        "gate",
        OF_JAN | {"gate": "Garden", "outcome": "opened", "reason": None},
        "Garden opened for Jan Novák mobil (+420 777 123 456)",
        "Garden – otevřeno, volající: Jan Novák mobil (+420 777 123 456)",
    ),
    (
        "gate",
        OF_STRANGER | {"gate": "Garden", "outcome": "refused", "reason": "unknown_caller"},
        "Garden did not open for +420 602 555 123: not an allowed caller",
        "Garden – neotevřeno, volající bez oprávnění: +420 602 555 123",
    ),
    (
        "gate",
        {"gate": "Garden", "outcome": "refused", "reason": "withheld"},
        "Garden did not open for a withheld number",
        "Garden – neotevřeno, volající: skryté číslo",
    ),
    (
        "gate",
        OF_JAN | {"gate": "Garden", "outcome": "refused", "reason": "expired"},
        "Garden did not open for Jan Novák mobil (+420 777 123 456): guest access has ended",
        "Garden – neotevřeno, host už nemá přístup: Jan Novák mobil (+420 777 123 456)",
    ),
    # Users may fire events that have only some of the data.
    (
        "missed_call",
        {"number": "+420602555123", "replayed": True},
        "Odorik call from +420 602 555 123 was missed",
        "Hovor (Odorik) zmeškán: +420 602 555 123",
    ),
    (
        "call_ended",
        {"duration": 3660},
        "Odorik call with a withheld number, 1 h 1 min",
        "Hovor (Odorik) proběhl: skryté číslo, 1 h 1 min",
    ),
    (
        "sms_received",
        {},
        "SMS received from a withheld number",
        "Přijatá SMS – odesílatel: skryté číslo",
    ),
    (
        "gate",
        {},
        "Odorik did not open for a withheld number: not an allowed caller",
        "Odorik – neotevřeno, volající bez oprávnění: skryté číslo",
    ),
    # In YAML, a number without quotation marks is an integer.
    (
        "missed_call",
        INTEGER,
        "Odorik call from 420602555123 was missed",
        "Hovor (Odorik) zmeškán: 420602555123",
    ),
    ("sms_sent", INTEGER, "SMS to 420602555123 sent", "SMS (420602555123) odeslána"),
    (
        "spending_guard",
        INTEGER,
        "Spending guard warned of the call to 420602555123: forbidden prefix ",
        "Hlídač útraty upozornil na hovor: 420602555123 – zakázaná předvolba ",
    ),
    (
        "spending_guard",
        INTEGER | {"outcome": "hung_up", "rule": "day_cost", "limit": 200, "value": 210.5},
        "Spending guard hung up the call to 420602555123: 210.5 CZK today, limit 200",
        "Hlídač útraty zavěsil hovor: 420602555123 – dnes už 210,5 Kč, limit 200",
    ),
]
"""Events and their rows in English and Czech."""


async def test_each_event_is_described_in_the_current_language(
    hass: HomeAssistant, read: Read, tick: Tick, caplog: pytest.LogCaptureFixture
) -> None:
    """The rows are in the new language without a restart.

    A call or message during a shutdown is reported later, so its row contains its time.
    """
    await hass.config.async_set_time_zone("Europe/Prague")
    for event_type, data, *_ in DESCRIBED:
        await tick(1)
        hass.bus.async_fire(f"odorik_{event_type}", data)
    *_, english, czech = zip(*DESCRIBED, strict=True)
    for language, texts in (("en", english), ("cs", czech)):
        await hass.config.async_update(language=language)
        await hass.async_block_till_done()
        rows = await read()
        assert tuple(f"{row['name']} {row['message']}" for row in rows) == texts
    assert [row["icon"] for row in rows[1:6]] == [
        "mdi:gate",
        "mdi:message-text",
        "mdi:message-text",
        "mdi:gate-open",
        "mdi:gate-alert",
    ]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("language", "configuration", "count"),
    [
        ("en", {}, 17),
        *(
            (language, parse_yaml(recipe)["logbook"], 1)  # type: ignore[index,call-overload]
            for language, recipe in zip(["en", "cs"], RECIPES, strict=True)
        ),
    ],
    indirect=["language", "configuration"],
)
async def test_the_documented_filter_leaves_one_row_per_call(
    hass: HomeAssistant, read_all: Read, world: World, tick: Tick, count: int
) -> None:
    """The documented configuration hides the changes of states, which remain in the recorder.

    An integration cannot hide them itself.
    """
    world.ring(JAN, line=HOME)
    await tick(10)
    await talk(world, tick, 200)
    rows = await read_all()
    calls = [row for row in rows if "message" in row]
    assert (len(rows), len(calls)) == (count, 1)
    states = [state for state in hass.states.async_all("event") if state.state != "unknown"]
    assert len(states) == 2
