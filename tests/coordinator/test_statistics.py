"""Totals and the balance: their periods, and when and for whom they are requested."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.odorik.const import DOMAIN
from simulator.world import World
from tests.accounts import entity_id_of, make_entry, set_up as set_up_entry
from tests.conftest import NOON, AccountAction, Find, Tick
from tests.exchange import RunningExchange

TOTALS = "/call_statistics.json"
BY_DESTINATION = "/call_statistics/by_destination.json"
MISSED = "/call_statistics/missed_calls.json"
STATISTICS = ("/balance", TOTALS, BY_DESTINATION, MISSED)


@pytest.fixture
async def prague(hass: HomeAssistant) -> None:
    """Set the time zone of the Czech Republic."""
    await hass.config.async_set_time_zone("Europe/Prague")


def enable(hass: HomeAssistant, entry: MockConfigEntry, *keys: str, enabled: bool = True) -> None:
    """Enable or disable sensors by the keys of their unique IDs."""
    registry = er.async_get(hass)
    disabled_by = None if enabled else er.RegistryEntryDisabler.USER
    for key in keys:
        entity_id = entity_id_of(hass, entry, "sensor", key)
        assert entity_id is not None
        registry.async_update_entity(entity_id, disabled_by=disabled_by)


def requested(exchange: RunningExchange) -> Counter[str]:
    """Count the requests for statistics by path."""
    return Counter(entry.path for entry in exchange.journal if entry.path in STATISTICS)


def periods(exchange: RunningExchange) -> set[tuple[str, str]]:
    """Return the periods that totals were requested for."""
    return {(entry.params["from"], entry.params["to"]) for entry in exchange.requests(TOTALS)}


def lines(exchange: RunningExchange) -> list[str]:
    """Return the lines that something was requested for."""
    return [entry.params["line"] for entry in exchange.journal if "line" in entry.params]


@pytest.mark.parametrize(
    ("today", "month", "midnight", "next_midnight"),
    [
        pytest.param("07-14T22", "06-30T22", "07-15T22", "07-16T22", id="day"),
        pytest.param("11-29T23", "10-31T23", "11-30T23", "12-01T23", id="month"),
        pytest.param("03-27T23", "02-28T23", "03-28T23", "03-29T22", id="into the short day"),
        pytest.param("03-28T23", "02-28T23", "03-29T22", "03-30T22", id="out of the short day"),
        pytest.param("10-23T22", "09-30T22", "10-24T22", "10-25T23", id="into the long day"),
        pytest.param("10-24T22", "09-30T22", "10-25T23", "10-26T23", id="out of the long day"),
    ],
)
@pytest.mark.usefixtures("prague")
async def test_totals_are_reset_at_local_midnight(
    today: str,
    month: str,
    midnight: str,
    next_midnight: str,
    hass: HomeAssistant,
    set_up: AccountAction,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """Totals are of the local day and month, even when the clocks change.

    The value and its ``last_reset`` change in one write. Otherwise the recorder takes the fall to
    zero for money that came back.
    """
    is_new_month = midnight == "11-30T23"
    today, month, midnight, next_midnight = (
        f"2026-{hour}:00:00Z" for hour in (today, month, midnight, next_midnight)
    )
    before = datetime.fromisoformat(midnight) - timedelta(seconds=10)
    freezer.move_to(before - timedelta(hours=1))
    exchange.world.add_record(source_number="00420602555123", destination_number="00420910123456")
    freezer.move_to(before)
    await set_up()

    def shown(key: str) -> tuple[str, datetime]:
        state = find(key)
        return state.state, datetime.fromisoformat(state.attributes["last_reset"])

    assert periods(exchange) == {(today, midnight), (month, midnight)}
    assert shown("incoming_calls_today") == ("1", datetime.fromisoformat(today))
    assert shown("incoming_calls_this_month") == ("1", datetime.fromisoformat(month))
    assert "last_reset" not in find("balance").attributes

    exchange.journal.clear()
    writes: list[tuple[str, datetime]] = []
    stop = async_track_state_change_event(
        hass,
        find("incoming_calls_today").entity_id,
        callback(lambda _: writes.append(shown("incoming_calls_today"))),
    )
    await tick(10)
    stop()

    if is_new_month:
        month = midnight
    assert periods(exchange) == {(midnight, next_midnight), (month, next_midnight)}
    assert requested(exchange) == {"/balance": 1, TOTALS: 2, BY_DESTINATION: 1, MISSED: 1}
    assert writes == [("0", datetime.fromisoformat(midnight))]
    assert shown("incoming_calls_this_month") == (
        "0" if is_new_month else "1",
        datetime.fromisoformat(month),
    )


@pytest.mark.usefixtures("prague")
async def test_totals_follow_the_time_zone(
    hass: HomeAssistant,
    set_up: AccountAction,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """After a change of the time zone, totals are of its days at once and reset at its midnight."""
    freezer.move_to("2026-11-24T14:50:00Z")
    await set_up()
    await hass.config.async_update(time_zone="Asia/Tokyo")
    await tick(5)
    assert find("cost_today").attributes["last_reset"] == "2026-11-24T00:00:00+09:00"
    await tick(9 * 60 + 50)
    exchange.journal.clear()
    await tick(10)
    assert find("cost_today").attributes["last_reset"] == "2026-11-25T00:00:00+09:00"
    assert requested(exchange)["/balance"] == 1
    # Nothing happens at the old zone's midnight.
    freezer.move_to("2026-11-24T22:59:00Z")
    await tick(1)
    exchange.journal.clear()
    await tick(70)
    assert not requested(exchange)


@pytest.mark.usefixtures("freezer", "prague")
async def test_totals_are_read_again_when_the_clock_is_set_to_another_day(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    monkeypatch: pytest.MonkeyPatch,
    find: Find,
) -> None:
    """A device without a clock starts with an old time; timers do not notice the correction."""
    exchange.journal.clear()
    # The freezer would set the clock of the event loop, too.
    tomorrow = dt_util.now() + timedelta(days=1)
    monkeypatch.setattr(dt_util, "now", lambda: tomorrow)
    for _ in range(2):
        await account.runtime_data.active.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert find("cost_today").attributes["last_reset"] == "2026-11-24T00:00:00+01:00"
    assert requested(exchange)["/balance"] == 1


async def test_totals_of_a_line_are_requested_while_one_of_its_sensors_is_enabled(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """A line whose sensors are all disabled costs no requests."""
    assert lines(exchange) == []
    exchange.world.add_record(
        line=300110, source_number="00420602555123", destination_number="00420533111222", length=90
    )
    sensors = ("300110_incoming_calls_this_month", "300110_cost_this_month")
    enable(hass, account, *sensors)
    exchange.journal.clear()
    await tick(31)  # Home Assistant reloads the account after half a minute.
    assert find("incoming_calls_this_month", 300110).state == "1"
    assert lines(exchange) == ["300110"]

    enable(hass, account, *sensors, enabled=False)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    assert requested(exchange)
    assert lines(exchange) == []


@pytest.mark.usefixtures("account")
async def test_nothing_is_requested_for_disabled_sensors(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, exchange: RunningExchange, tick: Tick
) -> None:
    """Only what an enabled sensor shows is requested."""
    registry = er.async_get(hass)
    user = er.RegistryEntryDisabler.USER
    sensors = {
        row.unique_id.removeprefix(f"{entry.unique_id}_"): row.entity_id
        for row in er.async_entries_for_config_entry(registry, entry.entry_id)
        if row.domain == "sensor" and row.disabled_by is None
    }
    balance = sensors.pop("balance")
    for entity_id in sensors.values():
        registry.async_update_entity(entity_id, disabled_by=user)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    assert requested(exchange) == {"/balance": 1}

    registry.async_update_entity(balance, disabled_by=user)
    await tick(31)
    exchange.journal.clear()
    await tick(900)
    world.miss()
    await tick(120, 3)
    assert not requested(exchange)
    assert exchange.requests("/active_calls.json")


@pytest.mark.usefixtures("account")
async def test_totals_are_updated_within_seconds_of_a_call(
    world: World, tick: Tick, find: Find
) -> None:
    """The cost of a call and the balance after it are shown soon after its end."""
    world.dial("00420602555123", line=300110)
    await tick(10)
    world.answer()
    await tick(60)
    world.end()
    await tick(3, 3, 3)
    assert find("outgoing_calls_today").state == "1"
    assert float(find("outgoing_duration_today").state) == pytest.approx(1)
    assert float(find("cost_today").state) == pytest.approx(0.59)
    assert float(find("balance").state) == pytest.approx(499.41)
    assert find("top_destination_this_month").state == "Česká rep. - mobil"


@pytest.mark.freeze_time(NOON, tick=True)
async def test_a_call_that_ends_during_a_slow_refresh_is_counted_after_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    freezer: FrozenDateTimeFactory,
    tick: Tick,
    find: Find,
) -> None:
    """A refresh that is requested during another one follows it."""

    async def miss() -> None:
        """Make a missed call, and let the delay before the refresh pass."""
        exchange.world.miss()
        await account.runtime_data.history.async_refresh()
        freezer.tick(3)
        async_fire_time_changed(hass)

    exchange.journal.clear()
    exchange.fail("slow", path=MISSED, seconds=0.5)
    await miss()
    while not exchange.requests(MISSED):  # noqa: ASYNC110 - The journal has no event.
        await asyncio.sleep(0.01)
    # The totals have been requested before this, so they do not include the second call.
    await miss()
    assert len(exchange.requests(MISSED)) == 1
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find("incoming_calls_today").state == "2"
    await tick(3, 3)
    assert len(exchange.requests(MISSED)) == 2


async def test_an_account_is_set_up_although_all_statistics_fail(
    exchange: RunningExchange, set_up: AccountAction, tick: Tick, find: Find
) -> None:
    """Calls are watched while statistics are unavailable, and those are retried in two minutes."""
    for path in STATISTICS:
        exchange.fail("500", path=f"GET {path}", times=0)
    await set_up()
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
async def test_an_unusable_response_affects_only_its_own_sensors(
    path: str,
    unknown: str,
    known: str,
    fault: dict[str, str],
    set_up: AccountAction,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The other sensors have values, and neither a traceback nor the password is logged."""
    exchange.fail(**fault, path=f"GET {path}", times=0)
    await set_up()
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
async def test_a_failed_request_keeps_the_value_and_is_retried_soon(
    path: str,
    key: str,
    value: str,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A failure is retried every two minutes, and logged once when it begins and ends."""
    assert account.runtime_data.statistics.last_update_success
    exchange.fail("500", path=f"GET {path}", times=0)
    await tick(900)
    assert find(key).state == value
    assert caplog.text.count("cannot be read now") == 1
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
async def test_a_failed_total_is_not_kept_past_midnight(
    set_up: AccountAction,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A total of yesterday is not shown as that of today."""
    freezer.move_to("2026-07-15T21:50:00Z")
    await set_up()
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
async def test_a_login_has_no_sensors_for_what_it_may_not_read(
    denied: str,
    keys: set[str],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    set_up: AccountAction,
    exchange: RunningExchange,
    tick: Tick,
    find: Find,
) -> None:
    """Denied statistics have no sensors, and are not requested again."""
    exchange.world.denied[exchange.username] = {denied}
    await set_up()
    assert not any(entity_id_of(hass, entry, "sensor", key) for key in keys)
    assert find("active_calls").state == "0"
    exchange.journal.clear()
    await tick(900)
    assert f"/{denied}" not in "".join(requested(exchange)) or denied == "call_statistics"


@pytest.mark.parametrize("denied", [set[str](), {"balance"}])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_a_line_shows_the_balance_if_it_may_read_it(
    hass: HomeAssistant, exchange: RunningExchange, denied: set[str]
) -> None:
    """The login of a line has no sensor for a balance that it may not read."""
    exchange.world.denied["300110"] = denied
    assert await set_up_entry(
        hass, make_entry("300110", exchange.world.account().lines[300110].sip_password)
    )
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, "300110_balance")
    state: Any = entity_id and hass.states.get(entity_id)
    assert (state and state.state) == (None if denied else "500.0")
    assert len(exchange.requests("/balance")) == 1


async def test_a_revoked_permission_makes_the_value_unknown(
    account: MockConfigEntry, exchange: RunningExchange, tick: Tick, find: Find
) -> None:
    """An old balance does not stay on display."""
    exchange.world.denied[exchange.username] = {"balance"}
    await tick(900)
    assert find("balance").state == "unknown"
    assert find("cost_today").state == "0.0"
    assert account.runtime_data.statistics.last_update_success
