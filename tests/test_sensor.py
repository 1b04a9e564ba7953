"""Test the sensors, including unusual responses of the operator."""

from datetime import datetime
import json
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import DOMAIN
from simulator.world import Contact, World

from .accounts import HOME, STRANGER, device_of, entity_id_of, set_up, state_of
from .conftest import Find, Tick
from .exchange import RunningExchange

# At noon, so that no test runs across midnight.
pytestmark = pytest.mark.freeze_time("2026-11-23T11:00:00Z")

PATHS = {
    "active": "/active_calls.json",
    "balance": "/balance",
    "destinations": "/call_statistics/by_destination.json",
    "lines": "/lines.json",
    "missed": "/call_statistics/missed_calls.json",
    "totals": "/call_statistics.json",
}


async def set_up_with(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, answers: dict[str, Any]
) -> None:
    """Set up an account for which the operator returns these responses."""
    for name, answer in answers.items():
        body = answer if isinstance(answer, str) else json.dumps(answer)
        exchange.fail("answer", path=f"GET {PATHS[name]}", body=body, times=0)
    assert await set_up(hass, entry)


@pytest.mark.usefixtures("account")
async def test_the_last_calls_match_the_events(
    hass: HomeAssistant, world: World, tick: Tick, find: Find
) -> None:
    """The sensors have the data of the events; an outgoing call does not replace a missed one."""
    events = async_capture_events(hass, f"{DOMAIN}_missed_call")
    world.miss("Hidden number", ringing=12)
    await tick(130, 3)
    (missed,) = (event.data for event in events)
    for key in ("last_call", "last_missed_call"):
        state = find(key)
        assert datetime.fromisoformat(state.state) == datetime.fromisoformat(missed["started_at"])
        assert missed.items() <= state.attributes.items()
    assert missed["number"] is None
    assert missed["ringing_duration"] == 12

    world.dial(STRANGER, answer_after=5, end_after=60)
    await tick(*[10] * 8)
    assert find("last_call").attributes["direction"] == "out"
    assert find("last_missed_call").attributes["call_id"] == missed["call_id"]


DESTINATIONS = [
    {"destination": "Česká rep. - mobil", "count": 10, "length": 1234, "price": 12.1344},
    {"destination": "Česká rep. - <b>pevná</b>", "count": 54, "length": 2603, "price": "25.5958"},
    {"destination": "Česká rep. - mobil", "count": 14, "length": 1696, "price": 16.6772},
    {"destination": "Česko v síti", "count": 106, "length": 19028, "price": 0.0},
]
"""The operator lists a destination once for each price."""

MISSED = [
    {"destination_number": "00420533533533", "count": "2"},
    {"destination_number": "+420533533533", "count": 3},
    {"destination_number": "*300110", "count": 1},
    {"destination_number": "", "count": 4},
    {"destination_number": "Hidden number", "count": None},
    {"count": 7},
]
"""The operator may write a number in several ways."""


@pytest.mark.parametrize(
    ("answers", "key", "state", "attributes"),
    [
        (
            {"destinations": DESTINATIONS},
            "top_destination_this_month",
            "Česká rep. - mobil",
            {
                "destinations": [
                    dict(zip(("destination", "count", "length", "price"), row, strict=True))
                    for row in (
                        ("Česká rep. - mobil", 24, 2930, 28.8116),
                        ("Česká rep. - pevná", 54, 2603, 25.5958),
                        ("Česko v síti", 106, 19028, 0.0),
                    )
                ]
            },
        ),
        (
            {"missed": MISSED},
            "missed_calls_today",
            "10",
            {"numbers": {"+420533533533": 5, "*300110": 1, "": 4, "Hidden number": 0}},
        ),
    ],
    ids=["destinations", "missed calls"],
)
async def test_rows_of_the_same_subject_are_added_up(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    find: Find,
    answers: dict[str, Any],
    key: str,
    state: str,
    attributes: dict[str, Any],
) -> None:
    """Destinations are ranked by their total price, and missed calls counted by number."""
    await set_up_with(hass, entry, exchange, answers)
    assert find(key).state == state
    assert attributes.items() <= find(key).attributes.items()


async def test_a_long_destination_is_shortened(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, find: Find
) -> None:
    """Home Assistant refuses states of more than 255 characters."""
    row = {"destination": "Zahraničí " * 60, "count": 1, "length": 60, "price": 5}
    await set_up_with(hass, entry, exchange, {"destinations": [row]})
    assert find("top_destination_this_month").state.startswith("Zahraničí")
    assert len(find("top_destination_this_month").state) <= 255


def totals(cost: str, incoming: str, outgoing: str) -> dict[str, str]:
    """Return the states of the sensors that show the totals of today."""
    counts = {"incoming_calls_today": incoming, "outgoing_calls_today": outgoing}
    return {"cost_today": cost, **counts, "balance": "500.0"}


NO_CALLS = {
    "active_calls": "0",
    "missed_calls_today": "0",
    "top_destination_this_month": "unknown",
}


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ({"balance": "-12.50"}, {"balance": "-12.5", "cost_today": "0.0"}),
        ({"balance": " 193,32\n"}, {"balance": "193.32", "cost_today": "0.0"}),
        ({"balance": "moc"}, {"balance": "unknown", "cost_today": "0.0"}),
        (
            {
                "totals": {
                    "incoming": {"count": "3", "length": "90", "price": "0.0"},
                    "outgoing": {"count": 2, "length": 60, "price": "56.9056"},
                    "redirected": {"count": 0, "length": 0, "price": "16,5"},
                }
            },
            totals("73.4056", "3", "2"),
        ),
        (
            {"totals": {"incoming": None, "outgoing": {"count": 2, "length": 60, "price": 1.5}}},
            totals("1.5", "unknown", "2"),
        ),
        ({"totals": {}}, totals("unknown", "unknown", "unknown")),
        ({"totals": ""}, totals("unknown", "unknown", "unknown")),
        ({"totals": {"incoming": "many", "outgoing": []}}, totals(*["unknown"] * 3)),
        ({"active": None, "missed": None, "destinations": None}, NO_CALLS),
        ({"active": [{}], "missed": [{}], "destinations": [{}]}, NO_CALLS),
        ({"active": [None, 1, "x"], "missed": ["x"], "destinations": [[]]}, NO_CALLS),
        # An account with a single line may get an object instead of a list.
        ({"lines": {"id": HOME, "name": "Domov"}}, {"300100_active_calls": "0"}),
    ],
)
async def test_an_unusual_answer_affects_only_its_own_sensors(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    find: Find,
    caplog: pytest.LogCaptureFixture,
    answers: dict[str, Any],
    states: dict[str, str],
) -> None:
    """Readable values of an incomplete or empty response are shown, the others are unknown."""
    await set_up_with(hass, entry, exchange, answers)
    assert {key: find(key).state for key in states} == states
    assert "Traceback" not in caplog.text


async def test_names_are_shortened_and_without_markup(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, tick: Tick, find: Find
) -> None:
    """A line and a caller with a long name full of markup are shown like any other.

    Home Assistant cannot create an entity whose name is too long.
    """
    name = "<b>Domov</b> 🏠 &amp; <script>alert(1)</script> dílna " * 6
    world.account().lines[HOME].name = name
    world.account().contacts.append(Contact(9, STRANGER, name))
    assert await set_up(hass, entry)
    world.ring(STRANGER, line=HOME)
    await tick(10)
    (call,) = find("active_calls", HOME).attributes["calls"]
    assert call["name"].startswith("Domov 🏠 & alert(1) dílna")
    assert "<" not in call["name"]
    assert len(call["line_name"]) <= 100
    assert call["line_name"].startswith("Domov 🏠 & alert(1) dílna")
    assert device_of(hass, entry, HOME).name == call["line_name"]
    assert state_of(hass, entry, "binary_sensor", "300100_ringing") == "on"


async def test_data_without_permission_has_no_entities(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Entities that could never have a state are not created, and their data is not requested."""
    exchange.world.denied[exchange.username] = {"active_calls", "calls"}
    assert await set_up(hass, entry)
    for domain, key, is_created in (
        ("event", "call", True),
        ("sensor", "balance", True),
        ("binary_sensor", "300100_registered", True),
        ("sensor", "active_calls", False),
        ("sensor", "300100_active_calls", False),
        ("sensor", "last_call", False),
        ("sensor", "last_missed_call", False),
        ("binary_sensor", "ringing", False),
        ("binary_sensor", "300100_call_in_progress", False),
        ("button", "hang_up_all", False),
    ):
        assert bool(entity_id_of(hass, entry, domain, key)) is is_created, key
    exchange.journal.clear()
    await tick(*[10] * 12)
    assert not exchange.requests("/active_calls.json")
