"""Sums and the credit: of which period, when they are asked for, and for whom."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.odorik.const import DOMAIN
from tests.conftest import Find, Tick
from tests.exchange import RunningExchange

TOTALS = "/call_statistics.json"
BY_DESTINATION = "/call_statistics/by_destination.json"
MISSED = "/call_statistics/missed_calls.json"
NOON = "2026-11-23T11:00:00Z"
"""Far from any midnight, at which the sums of a day begin anew."""
SUMS = ("/balance", TOTALS, BY_DESTINATION, MISSED)


@pytest.fixture
async def prague(hass: HomeAssistant) -> None:
    """Home Assistant in the Czech Republic."""
    await hass.config.async_set_time_zone("Europe/Prague")


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an account up."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def asked(exchange: RunningExchange) -> Counter[str]:
    """Count the questions about sums."""
    return Counter(entry.path for entry in exchange.journal if entry.path in SUMS)


def periods(exchange: RunningExchange) -> set[tuple[str, str]]:
    """List the periods that totals were asked for."""
    return {(entry.params["from"], entry.params["to"]) for entry in exchange.requests(TOTALS)}


def enable(hass: HomeAssistant, entry: MockConfigEntry, key: str, *, enabled: bool = True) -> None:
    """Enable or disable a sensor, as its owner does in Home Assistant."""
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id("sensor", DOMAIN, f"{entry.unique_id}_{key}")
    assert entity_id is not None
    registry.async_update_entity(
        entity_id, disabled_by=None if enabled else er.RegistryEntryDisabler.USER
    )


@pytest.mark.parametrize(
    ("before", "today", "this_month", "end", "next_today", "next_this_month", "next_end"),
    [
        pytest.param(
            datetime(2026, 7, 15, 21, 59, 50, tzinfo=UTC),
            "2026-07-14T22:00:00Z",
            "2026-06-30T22:00:00Z",
            "2026-07-15T22:00:00Z",
            "2026-07-15T22:00:00Z",
            "2026-06-30T22:00:00Z",
            "2026-07-16T22:00:00Z",
            id="day",
        ),
        pytest.param(
            datetime(2026, 11, 30, 22, 59, 50, tzinfo=UTC),
            "2026-11-29T23:00:00Z",
            "2026-10-31T23:00:00Z",
            "2026-11-30T23:00:00Z",
            "2026-11-30T23:00:00Z",
            "2026-11-30T23:00:00Z",
            "2026-12-01T23:00:00Z",
            id="month",
        ),
        pytest.param(
            datetime(2026, 3, 28, 22, 59, 50, tzinfo=UTC),
            "2026-03-27T23:00:00Z",
            "2026-02-28T23:00:00Z",
            "2026-03-28T23:00:00Z",
            "2026-03-28T23:00:00Z",
            "2026-02-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            id="into the short day",
        ),
        pytest.param(
            datetime(2026, 3, 29, 21, 59, 50, tzinfo=UTC),
            "2026-03-28T23:00:00Z",
            "2026-02-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            "2026-03-29T22:00:00Z",
            "2026-02-28T23:00:00Z",
            "2026-03-30T22:00:00Z",
            id="out of the short day",
        ),
        pytest.param(
            datetime(2026, 10, 24, 21, 59, 50, tzinfo=UTC),
            "2026-10-23T22:00:00Z",
            "2026-09-30T22:00:00Z",
            "2026-10-24T22:00:00Z",
            "2026-10-24T22:00:00Z",
            "2026-09-30T22:00:00Z",
            "2026-10-25T23:00:00Z",
            id="into the long day",
        ),
        pytest.param(
            datetime(2026, 10, 25, 22, 59, 50, tzinfo=UTC),
            "2026-10-24T22:00:00Z",
            "2026-09-30T22:00:00Z",
            "2026-10-25T23:00:00Z",
            "2026-10-25T23:00:00Z",
            "2026-09-30T22:00:00Z",
            "2026-10-26T23:00:00Z",
            id="out of the long day",
        ),
    ],
)
@pytest.mark.usefixtures("prague")
async def test_a_period_turns_at_midnight_here(
    *,
    before: datetime,
    today: str,
    this_month: str,
    end: str,
    next_today: str,
    next_this_month: str,
    next_end: str,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """Yesterday's calls would count as today's for an hour or two, twice a year for another one.

    Long-term statistics would take the fall to zero for money that came back, unless the value
    and its ``last_reset`` change in one write.
    """
    freezer.move_to(before - timedelta(hours=1))
    exchange.world.add_record(source_number="00420602555123", destination_number="00420910123456")
    freezer.move_to(before)
    await set_up(hass, entry)

    def shown(key: str) -> tuple[str, datetime]:
        state = find(key)
        return state.state, datetime.fromisoformat(state.attributes["last_reset"])

    assert periods(exchange) == {(today, end), (this_month, end)}
    assert shown("incoming_calls_today") == ("1", datetime.fromisoformat(today))
    assert shown("incoming_calls_this_month") == ("1", datetime.fromisoformat(this_month))
    assert "last_reset" not in find("balance").attributes

    exchange.journal.clear()
    writes: list[tuple[str, datetime]] = []
    watched = find("incoming_calls_today").entity_id
    stop = async_track_state_change_event(
        hass, watched, callback(lambda _: writes.append(shown("incoming_calls_today")))
    )
    await tick(10)
    stop()

    is_new_month = next_this_month != this_month
    assert periods(exchange) == {(next_today, next_end), (next_this_month, next_end)}
    assert asked(exchange) == {"/balance": 1, TOTALS: 2, BY_DESTINATION: 1, MISSED: 1}
    assert writes == [("0", datetime.fromisoformat(next_today))]
    assert shown("incoming_calls_this_month") == (
        "0" if is_new_month else "1",
        datetime.fromisoformat(next_this_month),
    )


@pytest.mark.usefixtures("prague")
async def test_sums_follow_the_time_zone(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """Sums are of the days of the new time zone at once, and turn at its midnight.

    They would be of the old zone's day until the next reading, and the new day would begin late.
    """
    freezer.move_to("2026-11-24T14:50:00Z")
    await set_up(hass, entry)
    await hass.config.async_update(time_zone="Asia/Tokyo")
    await tick(5)
    assert find("cost_today").attributes["last_reset"] == "2026-11-24T00:00:00+09:00"
    await tick(9 * 60 + 50)
    exchange.journal.clear()
    await tick(10)
    assert find("cost_today").attributes["last_reset"] == "2026-11-25T00:00:00+09:00"
    assert asked(exchange)["/balance"] == 1
    # Nothing is left of the old zone's midnight.
    freezer.move_to("2026-11-24T22:59:00Z")
    await tick(1)
    exchange.journal.clear()
    await tick(70)
    assert not asked(exchange)


@pytest.mark.usefixtures("account")
async def test_a_lines_sums_are_asked_for_while_one_of_them_is_enabled(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
) -> None:
    """A hundred lines would be a hundred questions every quarter of an hour, for nobody."""
    assert not [request for request in exchange.journal if "line" in request.params]
    exchange.world.add_record(
        line=300110, source_number="00420602555123", destination_number="00420533111222", length=90
    )

    for key in ("300110_incoming_calls_this_month", "300110_cost_this_month"):
        enable(hass, entry, key)
    exchange.journal.clear()
    await tick(31)  # Home Assistant waits half a minute before it loads the account anew.

    assert find("incoming_calls_this_month", 300110).state == "1"
    lines = [request.params["line"] for request in exchange.journal if "line" in request.params]
    assert lines == ["300110"]

    for key in ("300110_incoming_calls_this_month", "300110_cost_this_month"):
        enable(hass, entry, key, enabled=False)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    assert asked(exchange)
    assert not [request for request in exchange.journal if "line" in request.params]


@pytest.mark.usefixtures("account")
async def test_nothing_is_asked_for_what_nobody_shows(
    hass: HomeAssistant, entry: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """Disabling an entity would not spare the operator anything."""
    for row in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        key = row.unique_id.removeprefix(f"{entry.unique_id}_")
        if row.domain == "sensor" and row.disabled_by is None and key != "balance":
            enable(hass, entry, key, enabled=False)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    assert asked(exchange) == {"/balance": 1}

    enable(hass, entry, "balance", enabled=False)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    exchange.world.miss()
    await tick(120)
    await tick(3)
    assert not asked(exchange)
    assert len(exchange.requests("/active_calls.json")) > 0


@pytest.mark.freeze_time(NOON)
@pytest.mark.usefixtures("account")
async def test_the_sums_follow_a_call_within_seconds(
    exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """Somebody hangs up, looks at the wall, and sees what it cost before this call."""
    exchange.world.dial("00420602555123", line=300110)
    await tick(10)
    exchange.world.answer()
    await tick(60)
    exchange.world.end()
    for _ in range(3):
        await tick(3)
    assert find("outgoing_calls_today").state == "1"
    assert float(find("outgoing_duration_today").state) == pytest.approx(1)
    assert float(find("cost_today").state) == pytest.approx(0.59)
    assert float(find("balance").state) == pytest.approx(499.41)
    assert find("top_destination_this_month").state == "Česká rep. - mobil"


async def test_clocks_that_meet_ask_one_after_the_other(
    account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """A slow operator would be asked the same thing again while it is still thinking."""
    statistics = account.runtime_data.statistics
    exchange.journal.clear()
    exchange.fail("slow", path="/balance", seconds=0.5)
    async with asyncio.timeout(5), asyncio.TaskGroup() as clocks:
        for _ in range(2):
            clocks.create_task(statistics.async_refresh())
        while not exchange.journal:  # noqa: ASYNC110 - It is a journal.
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert asked(exchange) == {"/balance": 1}
    assert asked(exchange) == {"/balance": 2, TOTALS: 4, BY_DESTINATION: 2, MISSED: 2}


@pytest.mark.freeze_time(NOON, tick=True)
async def test_a_call_that_ends_during_a_slow_reading_is_read_after_it(
    *,
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """On an evening when the operator is slow, the wall would show a quarter of an hour ago."""

    async def miss() -> None:
        """Miss a call, and let the moment come at which the sums are to be read for it."""
        exchange.world.miss()
        await account.runtime_data.history.async_refresh()
        freezer.tick(3)
        async_fire_time_changed(hass)

    exchange.journal.clear()
    exchange.fail("slow", path=MISSED, seconds=0.5)
    await miss()
    while not exchange.requests(MISSED):  # noqa: ASYNC110 - It is a journal.
        await asyncio.sleep(0.01)
    # The totals are asked for before that, so they know nothing of what happens from now on.
    await miss()
    assert len(exchange.requests(MISSED)) == 1
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find("incoming_calls_today").state == "2"
    await tick(3)
    await tick(3)
    assert len(exchange.requests(MISSED)) == 2


async def test_a_failure_at_the_start_costs_the_figures_and_for_two_minutes_only(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
) -> None:
    """Nobody would see who calls, because the operator's sums were out of order at the start."""
    for path in SUMS:
        exchange.fail("500", path=f"GET {path}", times=0)
    await set_up(hass, entry)
    assert find("balance").state == "unavailable"
    assert find("active_calls").state == "0"

    exchange.exchange.faults.clear()
    await tick(120)
    assert find("balance").state == "500.0"
    assert find("cost_today").state == "0.0"


@pytest.mark.parametrize(
    ("path", "unknown", "known"),
    [
        ("/balance", "balance", "cost_today"),
        (TOTALS, "cost_today", "balance"),
        (BY_DESTINATION, "top_destination_this_month", "balance"),
        (MISSED, "missed_calls_today", "balance"),
    ],
)
@pytest.mark.parametrize(
    "fault", [{"mode": "html"}, {"mode": "something_new"}, {"mode": "answer", "body": "[{"}]
)
async def test_an_answer_that_cannot_be_used_costs_only_itself(
    *,
    path: str,
    unknown: str,
    known: str,
    fault: dict[str, str],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The credit would be missing because the list of destinations is broken."""
    exchange.fail(**fault, path=f"GET {path}", times=0)
    await set_up(hass, entry)
    assert find(unknown).state == "unknown"
    assert find(known).state not in {"unknown", "unavailable"}
    assert "Traceback" not in caplog.text
    assert exchange.password not in caplog.text

    exchange.exchange.faults.clear()
    await tick(900)
    assert find(known).state not in {"unknown", "unavailable"}
    assert find("balance").state == "500.0"


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("/balance", "balance", "500.0"),
        (TOTALS, "cost_today", "0.0"),
        (MISSED, "missed_calls_today", "0"),
    ],
)
async def test_one_failed_figure_keeps_its_last_value_and_is_asked_for_again_soon(
    *,
    path: str,
    key: str,
    value: str,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One hiccup of one figure left the dashboard without it for a quarter of an hour."""
    assert account.runtime_data.statistics.last_update_success
    exchange.fail("500", path=f"GET {path}", times=0)
    await tick(900)
    assert find(key).state == value
    warnings = [record for record in caplog.records if "cannot be read now" in record.message]
    assert len(warnings) == 1
    exchange.journal.clear()
    await tick(120)
    assert exchange.requests(path)
    assert find(key).state == value
    exchange.exchange.faults.clear()
    await tick(120)
    assert caplog.text.count("cannot be read now") == 1
    assert caplog.text.count("can be read again") == 1
    exchange.journal.clear()
    await tick(120)
    assert not exchange.requests(path)


@pytest.mark.usefixtures("prague")
async def test_a_failed_figure_of_yesterday_is_not_shown_today(
    *,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The missed calls of yesterday would stand there as those of today."""
    freezer.move_to(datetime(2026, 7, 15, 21, 50, tzinfo=UTC))
    await set_up(hass, entry)
    assert find("missed_calls_today").state == "0"
    exchange.fail("500", path=f"GET {MISSED}", times=0)
    await tick(5 * 60)
    assert find("missed_calls_today").state == "0"
    await tick(5 * 60)
    assert find("missed_calls_today").state == "unknown"
    assert find("balance").state == "500.0"


@pytest.mark.parametrize(
    ("denied", "keys"),
    [
        ("balance", {"balance"}),
        ("missed_calls", {"missed_calls_today"}),
        ("by_destination", {"top_destination_this_month"}),
        ("call_statistics", {"cost_today", "cost_this_month", "incoming_calls_today"}),
    ],
)
async def test_what_the_login_may_not_read_is_left_out(
    *,
    denied: str,
    keys: set[str],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
) -> None:
    """A device page full of sensors that never know anything."""
    exchange.world.denied[exchange.username] = {denied}
    await set_up(hass, entry)
    registry = er.async_get(hass)
    for key in keys:
        unique_id = f"{entry.unique_id}_{key}"
        assert registry.async_get_entity_id("sensor", DOMAIN, unique_id) is None
    assert find("active_calls").state == "0"
    exchange.journal.clear()
    await tick(900)
    assert f"/{denied}" not in "".join(asked(exchange)) or denied == "call_statistics"


@pytest.mark.parametrize("may", [True, False])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_a_lines_login_shows_the_credit_where_it_gets_it(
    hass: HomeAssistant, exchange: RunningExchange, *, may: bool
) -> None:
    """A line that may not read the credit has no sensor for it."""
    if not may:
        exchange.world.denied["300110"] = {"balance"}
    line = {"username": "300110", "password": exchange.world.account().lines[300110].sip_password}
    await set_up(hass, MockConfigEntry(domain=DOMAIN, unique_id="300110", data=line))
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, "300110_balance")
    state = hass.states.get(entity_id) if entity_id else None
    assert (state.state if state else None) == ("500.0" if may else None)
    assert len(exchange.requests("/balance")) == 1


async def test_a_permission_that_is_taken_away_makes_the_value_unknown(
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
) -> None:
    """An old credit would stand there for months."""
    exchange.world.denied[exchange.username] = {"balance"}
    await tick(900)
    assert find("balance").state == "unknown"
    assert find("cost_today").state == "0.0"
    assert account.runtime_data.statistics.last_update_success


async def test_a_wrong_password_is_the_users_to_mend(
    account: MockConfigEntry,
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
) -> None:
    """The figures would be missing without anybody being asked to log in."""
    exchange.fail("authentication_failed", path="/balance")
    await tick(900)
    assert len(list(account.async_get_active_flows(hass, {"reauth"}))) == 1
