"""Test the sensors, including unusual responses of the operator."""

from datetime import datetime
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.odorik.const import DOMAIN
from simulator.world import Contact

from .accounts import HOME, STRANGER, WORKSHOP, set_up, state_of
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
async def test_an_active_call_is_shown_with_its_details(
    exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """The account and the line of a call count it, and list it with its caller."""
    exchange.world.ring("00420777123456", line=WORKSHOP)
    await tick(10)
    assert find("active_calls").state == "1"
    assert find("active_calls", WORKSHOP).state == "1"
    assert find("active_calls", HOME).state == "0"
    assert find("active_calls", HOME).attributes["calls"] == []
    (call,) = find("active_calls", WORKSHOP).attributes["calls"]
    assert call == find("active_calls").attributes["calls"][0]
    assert call["name"] == "Jan Novák mobil"
    assert call["number"] == "+420777123456"
    assert call["direction"] == "in"
    assert call["line_name"] == "Dílna"
    assert call["answered_at"] is None


@pytest.mark.usefixtures("account")
async def test_the_last_calls_match_the_events(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """The sensors have the data of the events; an outgoing call does not replace a missed one."""
    events = async_capture_events(hass, f"{DOMAIN}_missed_call")
    exchange.world.miss("Hidden number", ringing=12)
    await tick(130)
    await tick(3)
    (missed,) = (event.data for event in events)
    for key in ("last_call", "last_missed_call"):
        state = find(key)
        assert datetime.fromisoformat(state.state) == datetime.fromisoformat(missed["started_at"])
        assert missed.items() <= state.attributes.items()
    assert missed["number"] is None
    assert missed["ringing_duration"] == 12

    exchange.world.dial(STRANGER, answer_after=5, end_after=60)
    for _ in range(8):
        await tick(10)
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


TOTALS: list[tuple[Any, str, str, str]] = [
    (
        {
            "incoming": {"count": "3", "length": "90", "price": "0.0"},
            "outgoing": {"count": 2, "length": 60, "price": "56.9056"},
            "redirected": {"count": 0, "length": 0, "price": "16,5"},
        },
        "73.4056",
        "3",
        "2",
    ),
    ({"outgoing": {"count": 2, "length": 60, "price": 1.5}}, "1.5", "unknown", "2"),
    ({"incoming": {"count": 1, "length": 1, "price": 0}, "outgoing": None}, "0.0", "1", "unknown"),
    ({}, "unknown", "unknown", "unknown"),
    ([], "unknown", "unknown", "unknown"),
    (None, "unknown", "unknown", "unknown"),
    ("", "unknown", "unknown", "unknown"),
    ({"incoming": "many", "outgoing": []}, "unknown", "unknown", "unknown"),
]
"""Totals, and the cost and the numbers of incoming and outgoing calls that they give."""


EMPTY: list[tuple[Any, Any, Any]] = [
    ([], [], []),
    (None, None, None),
    ([{}], [{}], [{}]),
    ([None, 1, "x"], ["x"], [[]]),
]
"""Lists of active calls, missed calls and destinations without anything in them."""


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        *(
            ({"balance": answer}, {"balance": credit, "cost_today": "0.0"})
            for answer, credit in (
                ("-12.50", "-12.5"),
                (" 193,32\n", "193.32"),
                ("0", "0.0"),
                ("moc", "unknown"),
            )
        ),
        *(
            (
                {"totals": answer},
                {
                    "cost_today": cost,
                    "incoming_calls_today": incoming,
                    "outgoing_calls_today": outgoing,
                    "balance": "500.0",
                },
            )
            for answer, cost, incoming, outgoing in TOTALS
        ),
        *(
            (
                {"active": active, "missed": missed, "destinations": destinations},
                {
                    "active_calls": "0",
                    "missed_calls_today": "0",
                    "top_destination_this_month": "unknown",
                },
            )
            for active, missed, destinations in EMPTY
        ),
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


CALLERS: dict[str | None, str | None] = {
    "": None,
    "Hidden number": None,
    "Skryté číslo": None,
    None: None,
    "???": "???",
    "skype:tomas.prochazka": "skype:tomas.prochazka",
    "9" * 300: "9" * 300,
}
"""Callers in the operator's words, and the numbers that are shown."""


@pytest.mark.usefixtures("account")
async def test_a_caller_without_a_telephone_number_is_shown(
    *,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """Calls are shown for every kind of caller; a withheld number is None."""
    for call_id, (source, number) in enumerate(CALLERS.items(), 7):
        row = {
            "id": str(call_id),
            "source_number": source,
            "destination_number": "00420910123456",
            "start_date": "2026-11-23T11:00:00Z",
            "line": "300100",
        }
        exchange.fail("answer", path="GET /active_calls.json", body=json.dumps([row]), times=0)
        with subtests.test(source=source):
            await tick(10)
            (call,) = find("active_calls", HOME).attributes["calls"]
            assert call["number"] == number
            assert call["direction"] == "in"
            assert "Traceback" not in caplog.text
        exchange.exchange.faults.clear()
        await tick(10)
        assert find("active_calls", HOME).attributes["calls"] == []


async def test_names_are_shortened_and_without_markup(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """A line and a caller with a long name full of markup are shown like any other.

    Home Assistant cannot create an entity whose name is too long.
    """
    name = "<b>Domov</b> 🏠 &amp; <script>alert(1)</script> dílna " * 6
    exchange.world.account().lines[HOME].name = name
    exchange.world.account().contacts.append(Contact(9, STRANGER, name))
    assert await set_up(hass, entry)
    exchange.world.ring(STRANGER, line=HOME)
    await tick(10)
    (call,) = find("active_calls", HOME).attributes["calls"]
    assert call["name"].startswith("Domov 🏠 & alert(1) dílna")
    assert "<" not in call["name"]
    assert len(call["line_name"]) <= 100
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}_300100"), entry.entry_id
    )
    assert device
    assert device.name == call["line_name"]
    assert (device.name or "").startswith("Domov 🏠 & alert(1) dílna")
    assert state_of(hass, entry, "binary_sensor", "300100_ringing") == "on"


async def test_untidy_responses_are_read(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """Numbers as text, unordered rows, and missing or unknown fields do not change the figures."""
    exchange.world.dialect = "quirks"
    exchange.world.fill(50, days=0.3)
    assert await set_up(hass, entry)
    exchange.world.ring(STRANGER, line=HOME)
    await tick(10)
    books = exchange.world.totals()
    assert find("incoming_calls_this_month").state == str(books.incoming.count)
    assert float(find("balance").state) == books.credit
    assert find("active_calls").state == "1"


async def test_data_without_permission_has_no_entities(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Entities that could never have a state are not created, and their data is not requested."""
    exchange.world.denied[exchange.username] = {"active_calls", "calls"}
    assert await set_up(hass, entry)
    keys = {
        (row.domain, row.unique_id.removeprefix(f"{entry.unique_id}_"))
        for row in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    }
    assert keys >= {
        ("event", "call"),
        ("sensor", "balance"),
        ("binary_sensor", "300100_registered"),
    }
    assert keys.isdisjoint(
        {
            ("sensor", "active_calls"),
            ("sensor", "300100_active_calls"),
            ("sensor", "last_call"),
            ("sensor", "last_missed_call"),
            ("binary_sensor", "ringing"),
            ("binary_sensor", "300100_call_in_progress"),
            ("button", "hang_up_all"),
        }
    )
    exchange.journal.clear()
    for _ in range(12):
        await tick(10)
    assert not exchange.requests("/active_calls.json")
