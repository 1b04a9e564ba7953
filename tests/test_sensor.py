"""What the sensors show, above all when the operator answers oddly."""

from datetime import UTC, datetime
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from simulator.world import Contact

from .conftest import Find, Tick
from .exchange import RunningExchange

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
STRANGER = "00420602555123"


@pytest.fixture
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Let no midnight fall into a test."""
    freezer.move_to(NOON)


async def set_up(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, **answers: Any
) -> None:
    """Set an account up while the operator gives some answers of its own."""
    for name, answer in answers.items():
        body = answer if isinstance(answer, str) else json.dumps(answer)
        exchange.fail("answer", path=f"GET {PATHS[name]}", body=body, times=0)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


PATHS = {
    "active": "/active_calls.json",
    "balance": "/balance",
    "destinations": "/call_statistics/by_destination.json",
    "lines": "/lines.json",
    "missed": "/call_statistics/missed_calls.json",
    "totals": "/call_statistics.json",
}


@pytest.mark.usefixtures("noon", "account")
async def test_a_call_is_shown_with_whom_and_where(
    exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """The wall tablet would show that it rings, and not who it is."""
    exchange.world.ring("00420777123456", line=300110)
    await tick(10)
    assert find("active_calls").state == "1"
    assert find("active_calls", 300110).state == "1"
    assert find("active_calls", 300100).state == "0"
    assert find("active_calls", 300100).attributes["calls"] == []
    (call,) = find("active_calls", 300110).attributes["calls"]
    assert call == find("active_calls").attributes["calls"][0]
    assert call["name"] == "Jan Novák mobil"
    assert call["number"] == "+420777123456"
    assert call["direction"] == "in"
    assert call["line_name"] == "Dílna"
    assert call["answered_at"] is None


@pytest.mark.usefixtures("noon", "account")
async def test_the_last_calls_are_those_of_the_events(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """A missed call would be shown without the number to call back."""
    told: list[dict[str, Any]] = []
    hass.bus.async_listen(f"{DOMAIN}_missed_call", lambda event: told.append(dict(event.data)))
    exchange.world.miss("Hidden number", ringing=12)
    await tick(130)
    await tick(3)
    (missed,) = told
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


@pytest.mark.usefixtures("noon")
async def test_the_dearest_destination_is_the_sum_of_its_rows(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, find: Find
) -> None:
    """The operator lists a destination once for each price, so another one would seem dearer."""
    rows = [
        ("Česká rep. - mobil", 10, 1234, 12.1344),
        ("Česká rep. - <b>pevná</b>", 54, 2603, "25.5958"),
        ("Česká rep. - mobil", 14, 1696, 16.6772),
        ("Česko v síti", 106, 19028, 0.0),
    ]
    await set_up(
        hass,
        entry,
        exchange,
        destinations=[
            dict(zip(("destination", "count", "length", "price"), row, strict=True)) for row in rows
        ],
    )
    state = find("top_destination_this_month")
    assert state.state == "Česká rep. - mobil"
    assert state.attributes["destinations"] == [
        {"destination": "Česká rep. - mobil", "count": 24, "length": 2930, "price": 28.8116},
        {"destination": "Česká rep. - pevná", "count": 54, "length": 2603, "price": 25.5958},
        {"destination": "Česko v síti", "count": 106, "length": 19028, "price": 0.0},
    ]


@pytest.mark.usefixtures("noon")
async def test_a_destination_that_is_no_state_does_no_harm(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, find: Find
) -> None:
    """Home Assistant refuses a state of more than 255 characters with an error in the log."""
    await set_up(
        hass,
        entry,
        exchange,
        destinations=[{"destination": "Zahraničí " * 60, "count": 1, "length": 60, "price": 5}],
    )
    assert find("top_destination_this_month").state.startswith("Zahraničí")
    assert len(find("top_destination_this_month").state) <= 255


@pytest.mark.usefixtures("noon")
async def test_missed_calls_are_counted_by_the_number_that_was_called(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, find: Find
) -> None:
    """Two writings of one number would hide one of the counts."""
    await set_up(
        hass,
        entry,
        exchange,
        missed=[
            {"destination_number": "00420533533533", "count": "2"},
            {"destination_number": "+420533533533", "count": 3},
            {"destination_number": "*300110", "count": 1},
            {"destination_number": "", "count": 4},
            {"destination_number": "Hidden number", "count": None},
            {"count": 7},
        ],
    )
    assert find("missed_calls_today").state == "10"
    assert find("missed_calls_today").attributes["numbers"] == {
        "+420533533533": 5,
        "*300110": 1,
        "": 4,
        "Hidden number": 0,
    }


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("answer", "credit"),
    [("-12.50", "-12.5"), (" 193,32\n", "193.32"), ("0", "0.0"), ("moc", "unknown")],
)
async def test_the_credit_may_be_anything(
    *,
    answer: str,
    credit: str,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    find: Find,
) -> None:
    """An account in debt would take all other figures down with it."""
    await set_up(hass, entry, exchange, balance=answer)
    assert find("balance").state == credit
    assert find("cost_today").state == "0.0"


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("answer", "cost", "incoming", "outgoing"),
    [
        # Prices and counts as text.
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
        # One direction is missing, another one is null.
        ({"outgoing": {"count": 2, "length": 60, "price": 1.5}}, "1.5", "unknown", "2"),
        (
            {"incoming": {"count": 1, "length": 1, "price": 0}, "outgoing": None},
            "0.0",
            "1",
            "unknown",
        ),
        # Nothing at all, in several ways.
        ({}, "unknown", "unknown", "unknown"),
        ([], "unknown", "unknown", "unknown"),
        (None, "unknown", "unknown", "unknown"),
        ("", "unknown", "unknown", "unknown"),
        ({"incoming": "many", "outgoing": []}, "unknown", "unknown", "unknown"),
    ],
)
async def test_totals_may_be_incomplete(
    *,
    answer: Any,
    cost: str,
    incoming: str,
    outgoing: str,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An answer without redirected calls would leave the dashboard without any figure."""
    await set_up(hass, entry, exchange, totals=answer)
    assert find("cost_today").state == cost
    assert find("incoming_calls_today").state == incoming
    assert find("outgoing_calls_today").state == outgoing
    assert find("balance").state == "500.0"
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    "answers",
    [
        {"active": [], "missed": [], "destinations": []},
        {"active": None, "missed": None, "destinations": None},
        {"active": [{}], "missed": [{}], "destinations": [{}]},
        {"active": [None, 1, "x"], "missed": ["x"], "destinations": [[]]},
    ],
)
async def test_an_empty_answer_is_no_failure(
    *,
    answers: dict[str, Any],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A quiet month would look like a broken account."""
    await set_up(hass, entry, exchange, **answers)
    assert find("active_calls").state == "0"
    assert find("missed_calls_today").state == "0"
    assert find("top_destination_this_month").state == "unknown"
    assert "Traceback" not in caplog.text


CALLERS: list[tuple[str | None, str | None]] = [
    ("", None),
    ("Hidden number", None),
    ("Skryté číslo", None),
    (None, None),
    ("???", "???"),
    ("skype:tomas.prochazka", "skype:tomas.prochazka"),
    ("9" * 300, "9" * 300),
]


@pytest.mark.usefixtures("noon", "account")
async def test_a_caller_need_not_have_a_number(
    *,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """The telephone would ring, and the dashboard would say nothing."""
    for call_id, (source, shown) in enumerate(CALLERS, 7):
        exchange.exchange.faults.clear()
        await tick(10)
        assert find("active_calls", 300100).attributes["calls"] == []
        caplog.clear()
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
            (call,) = find("active_calls", 300100).attributes["calls"]
            assert call["number"] == shown
            assert call["direction"] == "in"
            assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("noon")
async def test_a_name_may_be_long_and_full_of_markup(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """Home Assistant cannot make an entity of a name that is too long."""
    name = "<b>Domov</b> 🏠 &amp; <script>alert(1)</script> dílna " * 6
    exchange.world.account().lines[300100].name = name
    exchange.world.account().contacts.append(Contact(9, STRANGER, name))
    await set_up(hass, entry, exchange)
    exchange.world.ring(STRANGER, line=300100)
    await tick(10)
    (call,) = find("active_calls", 300100).attributes["calls"]
    assert call["name"].startswith("Domov 🏠 & alert(1) dílna")
    assert "<" not in call["name"]
    assert len(call["line_name"]) <= 100
    (device,) = [
        device
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if (DOMAIN, f"{entry.unique_id}_300100") in device.identifiers
    ]
    assert device.name == call["line_name"]


@pytest.mark.usefixtures("noon")
async def test_one_line_may_come_as_an_object(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, find: Find
) -> None:
    """A household with a single line would see none."""
    await set_up(hass, entry, exchange, lines={"id": 300100, "name": "Domov"})
    assert find("active_calls", 300100).state == "0"


@pytest.mark.usefixtures("noon")
async def test_an_untidy_exchange_is_read_all_the_same(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """Numbers as text, rows in no order, fields left out and fields that nobody knows."""
    exchange.world.dialect = "quirks"
    exchange.world.fill(50, days=0.3)
    await set_up(hass, entry, exchange)
    exchange.world.ring(STRANGER, line=300100)
    await tick(10)
    books = exchange.world.totals()
    assert find("incoming_calls_this_month").state == str(books.incoming.count)
    assert float(find("balance").state) == books.credit
    assert find("active_calls").state == "1"


@pytest.mark.usefixtures("noon")
async def test_what_the_login_may_not_read_is_left_out(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """A device page full of sensors that never know anything."""
    exchange.world.denied[exchange.username] = {"active_calls", "calls"}
    await set_up(hass, entry, exchange)
    keys = {
        (row.domain, row.unique_id.removeprefix(f"{entry.unique_id}_"))
        for row in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    }
    assert ("event", "call") in keys
    assert ("sensor", "balance") in keys
    assert ("binary_sensor", "300100_registered") in keys
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
