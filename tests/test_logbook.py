"""Test the logbook, as read by its page through the recorder and the WebSocket API."""

# ruff: noqa: RUF001 - Czech texts contain en dashes.

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, translation
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator.worlds import GATE_NUMBER

from .accounts import EVA, HOME, JAN, STRANGER, UNNAMED, WORKSHOP, add_gate, entity_id_of, set_up
from .conftest import Tick
from .exchange import RunningExchange

REFERENCE = (Path(__file__).parent.parent / "docs/events.md").read_text("utf-8")
RECIPES = re.findall(r"^```yaml\n(logbook:.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)

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


async def settle(tick: Tick) -> None:
    """Wait until the record of a call has been read."""
    for seconds in (3, 2, 120, 2):
        await tick(seconds)


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
    read: Read, exchange: RunningExchange, tick: Tick, name: str, texts: list[str]
) -> None:
    """A row describes a finished call in the user's language, with English as the fallback."""
    world = exchange.world
    world.ring(JAN, line=HOME)
    await tick(10)
    world.answer()
    await tick(3)
    await tick(197)
    world.end()
    await settle(tick)
    for number, line in ((JAN, HOME), (STRANGER, WORKSHOP), ("", UNNAMED)):
        world.miss(number, line=line)
        await settle(tick)
    world.dial(EVA, line=HOME)
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


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                ("Garden", "opened for Jan Novák mobil (+420 777 123 456)"),
                ("Odorik 1234567 call", "from Jan Novák mobil (+420 777 123 456) rang at Garden"),
                ("Garden", "did not open for +420 602 555 123: not an allowed caller"),
                ("Garden", "did not open for a withheld number"),
                (
                    "Garden",
                    "did not open for Eva Dvořáková (+420 602 987 654): guest access has ended",
                ),
            ],
        ),
        (
            "cs",
            [
                ("Garden", "– otevřeno, volající: Jan Novák mobil (+420 777 123 456)"),
                (
                    "Hovor (Odorik 1234567)",
                    "na číslo brány Garden: Jan Novák mobil (+420 777 123 456)",
                ),
                ("Garden", "– neotevřeno, volající bez oprávnění: +420 602 555 123"),
                ("Garden", "– neotevřeno, volající: skryté číslo"),
                ("Garden", "– neotevřeno, host už nemá přístup: Eva Dvořáková (+420 602 987 654)"),
            ],
        ),
    ],
    indirect=["language"],
)
async def test_each_ring_at_a_gate_has_a_row(
    *,
    hass: HomeAssistant,
    read: Read,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    texts: list[tuple[str, str]],
) -> None:
    """The gate's device has the row of each ring; the call has its own row as well."""
    gate = add_gate(hass, entry, "777 123 456", "602 987 654 until 2020-01-01")
    await hass.async_block_till_done()
    exchange.world.ring(JAN, GATE_NUMBER)
    await tick(10)
    await settle(tick)
    for caller in (STRANGER, "", EVA):
        exchange.world.ring(caller, GATE_NUMBER)
        await tick(10)
    rows = await read()
    assert [(row["name"], row["message"]) for row in rows if "message" in row] == texts
    assert [row["icon"] for row in rows if row.get("name") == "Garden" and "icon" in row] == [
        "mdi:gate-open",
        *["mdi:gate-alert"] * 3,
    ]
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("odorik", f"1234567_{gate}"), entry.entry_id
    )
    assert device is not None
    assert len([row for row in await read(device_ids=[device.id]) if "message" in row]) == 4


async def test_a_call_belongs_to_its_line(
    hass: HomeAssistant, read: Read, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """A call is found by the device of its line.

    It belongs to the account if the line's entity is disabled, and can still be read when the
    account is removed.
    """
    registry = er.async_get(hass)
    home, workshop, account = (
        entity_id_of(hass, entry, "event", key) for key in ("300100_call", "300110_call", "call")
    )
    exchange.world.miss(JAN, line=HOME)
    await settle(tick)
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


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                "from +420 602 555 123 on Domov was missed (2026-11-20 at 04:15)",
                "from +420 602 555 123 rang at Garden (2026-11-20 at 04:15)",
            ],
        ),
        (
            "cs",
            [
                "zmeškán: +420 602 555 123, linka Domov (20. 11. 2026 v 04:15)",
                "na číslo brány Garden: +420 602 555 123 (20. 11. 2026 v 04:15)",
            ],
        ),
    ],
    indirect=["language"],
)
async def test_a_replayed_call_shows_its_time(
    hass: HomeAssistant, read: Read, texts: list[str]
) -> None:
    """A call during a shutdown is reported later, so its row contains the time of the call."""
    await hass.config.async_set_time_zone("Europe/Prague")
    call = {
        "number": "+420602555123",
        "line_name": "Domov",
        "started_at": "2026-11-20T03:15:00+00:00",
        "replayed": True,
    }
    hass.bus.async_fire("odorik_missed_call", call)
    hass.bus.async_fire("odorik_call_ended", {**call, "gate": "Garden"})
    assert messages(await read()) == texts


@pytest.mark.parametrize(
    ("language", "name", "texts"),
    [
        (
            "en",
            "SMS received",
            [
                "from Jan Novák mobil (+420 777 123 456)",
                "from +420 602 555 123 (2026-11-20 at 04:15)",
                "from a withheld number",
            ],
        ),
        (
            "cs",
            "Přijatá SMS",
            [
                "od: Jan Novák mobil (+420 777 123 456)",
                "od: +420 602 555 123 (20. 11. 2026 v 04:15)",
                "od: skryté číslo",
            ],
        ),
    ],
    indirect=["language"],
)
async def test_a_received_message_has_a_row(
    *,
    hass: HomeAssistant,
    read: Read,
    exchange: RunningExchange,
    tick: Tick,
    name: str,
    texts: list[str],
) -> None:
    """The row has the sender; a message received during a shutdown also has its time."""
    await hass.config.async_set_time_zone("Europe/Prague")
    exchange.world.receive_sms(JAN)
    await settle(tick)
    late = {"received_at": "2026-11-20T03:15:00+00:00", "replayed": True}
    hass.bus.async_fire("odorik_sms_received", {"number": "+420602555123", **late})
    hass.bus.async_fire("odorik_sms_received", {})
    rows = await read()
    assert messages(rows) == texts
    assert {(row["name"], row["icon"]) for row in rows} == {(name, "mdi:message-text")}


async def test_an_incomplete_event_is_described(
    hass: HomeAssistant, read: Read, caplog: pytest.LogCaptureFixture
) -> None:
    """An event that a user fires, with only some of the data, causes no error."""
    hass.bus.async_fire("odorik_missed_call", {"number": "+420602555123", "replayed": True})
    hass.bus.async_fire("odorik_call_ended", {"duration": 3660})
    hass.bus.async_fire("odorik_gate", {})
    assert messages(await read()) == [
        "from +420 602 555 123 was missed",
        "with a withheld number, 1 h 1 min",
        "did not open for a withheld number: not an allowed caller",
    ]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("event_type", "data", "message"),
    [
        ("odorik_missed_call", {}, "from 420602555123 was missed"),
        ("odorik_sms_sent", {}, "sent"),
        ("odorik_spending_guard", {}, "warned of the call to 420602555123: forbidden prefix "),
        (
            "odorik_spending_guard",
            {"outcome": "hung_up", "rule": "day_cost", "limit": 200, "value": 210.5},
            "hung up the call to 420602555123: 210.5 CZK today, limit 200",
        ),
    ],
)
async def test_a_number_may_be_an_integer(
    *, hass: HomeAssistant, read: Read, event_type: str, data: dict[str, Any], message: str
) -> None:
    """In YAML, a number without quotation marks is one."""
    hass.bus.async_fire(event_type, {"number": 420602555123, **data})
    assert messages(await read()) == [message]


async def test_the_language_can_change(hass: HomeAssistant, read: Read) -> None:
    """The rows are in the new language without a restart."""
    hass.bus.async_fire("odorik_missed_call", {"number": "+420602555123"})
    assert messages(await read()) == ["from +420 602 555 123 was missed"]
    await hass.config.async_update(language="cs")
    await hass.async_block_till_done()
    assert messages(await read()) == ["zmeškán: +420 602 555 123"]


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
    hass: HomeAssistant, read_all: Read, exchange: RunningExchange, tick: Tick, count: int
) -> None:
    """The documented configuration hides the changes of states, which remain in the recorder.

    An integration cannot hide them itself.
    """
    exchange.world.ring(JAN, line=HOME)
    await tick(10)
    exchange.world.answer()
    await tick(3)
    await tick(197)
    exchange.world.end()
    await settle(tick)
    rows = await read_all()
    calls = [row for row in rows if "message" in row]
    assert (len(rows), len(calls)) == (count, 1)
    states = [state for state in hass.states.async_all("event") if state.state != "unknown"]
    assert len(states) == 2
