"""Test the sensors, including unusual responses of the operator."""

from collections.abc import Awaitable, Callable
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

type Answer = Callable[..., Awaitable[None]]

PATHS = {
    "active": "/active_calls.json",
    "balance": "/balance",
    "destinations": "/call_statistics/by_destination.json",
    "lines": "/lines.json",
    "missed": "/call_statistics/missed_calls.json",
    "totals": "/call_statistics.json",
}


@pytest.fixture
def answer(hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange) -> Answer:
    """Set up an account for which the operator returns these responses."""

    async def set_up_with(**answers: Any) -> None:
        for name, content in answers.items():
            body = content if isinstance(content, str) else json.dumps(content)
            exchange.fail("answer", path=f"GET {PATHS[name]}", body=body, times=0)
        assert await set_up(hass, entry)

    return set_up_with


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


async def test_destinations_are_ranked_by_their_total_price(answer: Answer, find: Find) -> None:
    """The operator lists a destination once for each price."""
    mobile, fixed = {"destination": "Česká rep. - mobil"}, {"destination": "ČR - <b>pevná</b>"}
    await answer(
        destinations=[
            {**mobile, "count": 10, "length": 1234, "price": 12.1344},
            {**fixed, "count": 54, "length": 2603, "price": "25.5958"},
            {**mobile, "count": 14, "length": 1696, "price": 16.6772},
        ]
    )
    top = find("top_destination_this_month")
    assert top.state == "Česká rep. - mobil"
    assert top.attributes["destinations"] == [
        {**mobile, "count": 24, "length": 2930, "price": 28.8116},
        {"destination": "ČR - pevná", "count": 54, "length": 2603, "price": 25.5958},
    ]


async def test_missed_calls_are_counted_by_number(answer: Answer, find: Find) -> None:
    """The operator may write a number in several ways."""
    await answer(
        missed=[
            {"destination_number": "00420533533533", "count": "2"},
            {"destination_number": "+420533533533", "count": 3},
            {"destination_number": "*300110", "count": 1},
            {"destination_number": "", "count": 4},
            {"destination_number": "Hidden number", "count": None},
            {"count": 7},
        ]
    )
    missed = find("missed_calls_today")
    assert missed.state == "10"
    counts = {"+420533533533": 5, "*300110": 1, "": 4, "Hidden number": 0}
    assert missed.attributes["numbers"] == counts


async def test_a_long_destination_is_shortened(answer: Answer, find: Find) -> None:
    """Home Assistant refuses states of more than 255 characters."""
    row = {"destination": "Zahraničí " * 60, "count": 1, "length": 60, "price": 5}
    await answer(destinations=[row])
    assert find("top_destination_this_month").state.startswith("Zahraničí")
    assert len(find("top_destination_this_month").state) <= 255


def totals(cost: str, incoming: str, outgoing: str) -> dict[str, str]:
    """Return the states of the sensors that show the totals of today."""
    counts = {"incoming_calls_today": incoming, "outgoing_calls_today": outgoing}
    return {"cost_today": cost, **counts, "balance": "500.0"}


NO_CALLS = {"active_calls": "0", "missed_calls_today": "0", "top_destination_this_month": "unknown"}


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
    answer: Answer,
    find: Find,
    caplog: pytest.LogCaptureFixture,
    answers: dict[str, Any],
    states: dict[str, str],
) -> None:
    """Readable values of an incomplete or empty response are shown, the others are unknown."""
    await answer(**answers)
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
