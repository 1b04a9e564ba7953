"""Test setup, unload and removal of an account, and outages of the operator."""

import gc
import logging
from typing import Any
from weakref import ref

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .accounts import reload, set_up, state_of
from .conftest import AccountAction, Tick
from .exchange import RunningExchange

PACKAGE = "custom_components.odorik"
POLLS = {
    "/lines.json": 15 * 60,
    "/active_calls.json": 10,
    "/calls.json": 120,
    "/call_statistics.json": 15 * 60,
}
"""The polled paths and their intervals in seconds, in the order of ``coordinators``."""
SERVER_ERRORS = ["html", "400", "401", "403", "404", "500", "503", "reset", "bad_json"]
"""Failures that say nothing about the login."""


@pytest.fixture(autouse=True)
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the timeout of a request."""
    monkeypatch.setattr(f"{PACKAGE}.api.connection.REQUEST_TIMEOUT", 0.5)


def reauths(hass: HomeAssistant) -> list[Any]:
    """Return the open forms that ask for a password."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """Return the levels and messages in the integration's log, without debugging."""
    return [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.name.startswith(PACKAGE)
        and record.levelno >= logging.INFO
        and record.module != "config_entries"
    ]


def coordinators(entry: MockConfigEntry) -> dict[str, DataUpdateCoordinator[Any]]:
    """Return the coordinators of an account by the path that they poll."""
    data = entry.runtime_data
    polling = (data.account, data.active, data.history, data.statistics)
    return dict(zip(POLLS, polling, strict=True))


async def active_polls_a_minute(exchange: RunningExchange, tick: Tick) -> int:
    """Return how often the active calls are polled in a minute."""
    exchange.journal.clear()
    await tick(*[10] * 6)
    return len(exchange.requests("/active_calls.json"))


async def test_an_unloaded_account_leaves_nothing_running(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Unloading ends all timers, tasks and listeners, even while a record is being looked for.

    Each of them would keep its coordinator in memory.
    """
    call = exchange.world.ring()
    await tick(10)
    exchange.world.end(call.id)
    await tick(3)
    account.runtime_data.history.async_refresh_soon()
    references = [ref(coordinator) for coordinator in coordinators(account).values()]
    assert await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    gc.collect()
    assert [reference() for reference in references] == [None] * len(POLLS)
    assert not hasattr(account, "runtime_data")
    requests, listeners = len(exchange.journal), dict(hass.bus.async_listeners())
    await tick(3600)
    assert len(exchange.journal) == requests

    for _ in range(3):
        assert await set_up(hass, account)
        assert await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.bus.async_listeners() == listeners


@pytest.mark.parametrize(
    ("path", "attempts"), [("/lines.json", 1), ("/active_calls.json", 1), ("/calls.json", 2)]
)
async def test_a_set_up_that_fails_is_retried(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    path: str,
    attempts: int,
) -> None:
    """A setup that fails at any request leaves nothing running; only Home Assistant retries.

    The history is requested again at once without messages.
    """
    exchange.fail("503", path=path, times=3 * attempts)
    await set_up(hass, entry)
    for _ in range(2):
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.reason
        await tick(30)
    await tick(60)
    assert entry.state is ConfigEntryState.LOADED
    assert await active_polls_a_minute(exchange, tick) == 6


@pytest.mark.parametrize("path", ["/public_numbers.json", "/speed_dials.json"])
async def test_numbers_and_contacts_are_optional(
    exchange: RunningExchange,
    entry: MockConfigEntry,
    set_up: AccountAction,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    """The account is set up without them, and requests them again until it has them."""
    exchange.fail("500", path=path, times=2)
    await set_up()
    await tick(15 * 60, 15 * 60)
    data = entry.runtime_data.account.data
    assert data.public_numbers
    assert data.speed_dials
    levels = [level for level, text in logged(caplog) if "can" in text]
    assert levels == [logging.WARNING, logging.INFO]
    exchange.journal.clear()
    await tick(15 * 60)
    assert not exchange.requests(path)


async def test_contacts_remain_known_if_they_cannot_be_read_again(
    exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Callers keep their names during a failure."""
    exchange.fail("500", path="/speed_dials.json", times=0)
    await tick(6 * 3600 + 60)
    assert exchange.requests("/speed_dials.json")
    assert account.runtime_data.account.data.directory.name_of("+420777123456") == "Jan Novák mobil"


@pytest.mark.parametrize("path", ["/lines.json", "/public_numbers.json", "/speed_dials.json"])
@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
async def test_a_refused_login_at_set_up_starts_reauthentication(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, path: str, code: str
) -> None:
    """The setup is not retried with a password that no longer works."""
    exchange.fail(code, path=path)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert len(reauths(hass)) == 1


@pytest.mark.parametrize("path", POLLS)
@pytest.mark.parametrize("code", ["authentication_failed", "authentication_required"])
async def test_a_refused_login_of_a_poll_starts_reauthentication_once(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    path: str,
    code: str,
) -> None:
    """There is one form, however many coordinators fail."""
    exchange.fail(code, times=0, path=path)
    await tick(POLLS[path])
    assert len(reauths(hass)) == 1
    exchange.fail(code, times=0)
    await tick(3600)
    assert len(reauths(hass)) == 1
    assert account.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("fault", [*SERVER_ERRORS, "timeout", "undocumented_code"])
async def test_another_failure_at_set_up_is_retried_without_reauthentication(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry, fault: str
) -> None:
    """The reason that is shown contains neither the password nor the query of the request."""
    exchange.fail(fault, times=0)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert reauths(hass) == []
    assert exchange.password not in str(entry.reason)
    assert "user=" not in str(entry.reason)


@pytest.mark.parametrize("fault", [*SERVER_ERRORS, "undocumented_code", "unauthorized"])
async def test_another_failure_of_a_poll_starts_no_reauthentication(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick, fault: str
) -> None:
    """Polling goes on and recovers without the user."""
    exchange.fail(fault, times=0)
    await tick(15 * 60)
    assert reauths(hass) == []
    exchange.exchange.faults.clear()
    await tick(15 * 60)
    assert reauths(hass) == []
    assert all(reader.last_update_success for reader in coordinators(account).values())


@pytest.mark.parametrize(
    ("fault", "path", "failing"),
    [
        ("503", "", 4),
        ("cut_json", "/lines.json", 1),
        ("500", "/active_calls.json", 1),
        ("cut_json", "/calls.json", 1),
    ],
)
async def test_an_outage_is_logged_once_per_coordinator(
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    path: str,
    failing: int,
) -> None:
    """The outage and its end are logged once; one failing path stops no other."""
    caplog.clear()
    exchange.fail(fault, times=0, path=path)
    await tick(*[60] * 40)
    successes = [reader.last_update_success for reader in coordinators(account).values()]
    assert successes.count(False) == failing
    assert [level for level, _ in logged(caplog)] == [logging.ERROR] * failing
    if fault.isdigit():
        assert fault in logged(caplog)[0][1]

    exchange.exchange.faults.clear()
    await tick(*[60] * 40)
    assert all(reader.last_update_success for reader in coordinators(account).values())
    levels = [level for level, _ in logged(caplog)]
    assert levels == [logging.ERROR] * failing + [logging.INFO] * failing


@pytest.mark.parametrize("order", [list(POLLS), list(reversed(POLLS))])
async def test_entities_follow_their_own_coordinator(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, order: list[str]
) -> None:
    """Entities are unavailable during an outage, in any order of failing and recovering polls."""

    def shown() -> list[str | None]:
        keys = ("300100_registered", "300100_ringing")
        return [state_of(hass, account, "binary_sensor", key) for key in keys]

    for path in order:
        exchange.fail("503", times=0, path=path)
        if path == "/call_statistics.json":
            # The statistics fail only if all their requests do.
            exchange.fail("503", times=0, path="/call_statistics/")
            exchange.fail("503", times=0, path="/balance")
        await coordinators(account)[path].async_refresh()
    await hass.async_block_till_done()
    assert shown() == ["unavailable", "unavailable"]
    exchange.exchange.faults.clear()
    for path in order:
        await coordinators(account)[path].async_refresh()
    await hass.async_block_till_done()
    assert shown() == ["on", "off"]


async def test_an_outage_at_set_up_is_logged_by_home_assistant_only(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Retries of the setup are not logged twice, and a later outage is still logged."""
    exchange.fail("503", times=0)
    await set_up(hass, entry)
    await tick(30, 60)
    assert logged(caplog) == []
    exchange.exchange.faults.clear()
    await tick(120)
    assert entry.state is ConfigEntryState.LOADED
    caplog.clear()
    exchange.fail("503", times=0)
    await tick(120)
    assert {level for level, _ in logged(caplog)} == {logging.ERROR}


async def test_the_log_contains_no_passwords_and_no_queries(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A debug log that includes all kinds of failures can be posted in public."""
    caplog.set_level(logging.DEBUG)
    sip_passwords = [line.sip_password for line in exchange.world.account().lines.values()]
    for fault in (*SERVER_ERRORS, "authentication_failed"):
        exchange.fail(fault, times=2)
    await set_up(hass, entry)
    await tick(*[300] * 20)
    exchange.exchange.faults.clear()
    await reload(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    for fault in (*SERVER_ERRORS, "authentication_failed"):
        exchange.fail(fault, times=4)
        await tick(900)
    assert "503" in caplog.text
    for secret in (exchange.password, *sip_passwords, "user=", "password=", "user_agent="):
        assert secret not in caplog.text


async def test_missing_permissions_are_logged_once_and_for_debugging_only(
    exchange: RunningExchange, set_up: AccountAction, tick: Tick, caplog: pytest.LogCaptureFixture
) -> None:
    """An account with few permissions is set up, and does not fill the log."""
    caplog.set_level(logging.DEBUG, logger=PACKAGE)
    denied = {"public_numbers", "speed_dials", "calls", "balance"}
    exchange.world.denied[exchange.username] = denied
    await set_up()
    await tick(*[15 * 60] * 10)
    assert [text for level, text in logged(caplog) if level > logging.INFO] == []
    lines = [record for record in caplog.records if "may not read" in record.getMessage()]
    assert len(lines) == len(denied)
    assert {record.levelno for record in lines} == {logging.DEBUG}
