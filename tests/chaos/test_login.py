"""Tests of an account whose login the operator refuses for a while."""

import logging

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from tests.conftest import NOON, EventLog, Tick
from tests.e2e.event_log import FINISHED
from tests.e2e.leaks import URL_WITH_QUERY
from tests.exchange import RunningExchange

from .calls import expected_events, make_calls

HISTORY, STATISTICS = 121, 901
"""Seconds after which a coordinator certainly polls: Home Assistant adds up to a second."""


@pytest.mark.usefixtures("account")
@pytest.mark.freeze_time(NOON, tick=True)
async def test_an_account_recovers_when_its_password_is_valid_again(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
    event_log: EventLog,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without user action the account recovers, and its form and its issue are removed.

    Calls in the meantime are reported once.
    """
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    flows, issues = hass.config_entries.flow, ir.async_get(hass).issues
    world, password = exchange.world, exchange.password

    async def poll(times: int, interval: float) -> None:
        for _ in range(times):
            await tick(interval)

    def is_available() -> bool:
        state = hass.states.get(f"binary_sensor.odorik_{exchange.username}_ringing")
        return state is not None and state.state in {"on", "off"}

    def assert_each_call_was_reported_once() -> None:
        reported = [event for event in event_log.events if event.event_type in FINISHED]
        calls = sorted((event.data["call_id"], event.event_type) for event in reported)
        assert calls == sorted(expected_events(world).items())

    world.account().password = "another one"
    await poll(4, STATISTICS)
    exchange.journal.clear()
    await poll(4, STATISTICS)
    # Each of the four coordinators tries once per quarter of an hour, lest the operator block us.
    assert 0 < len(exchange.journal) <= 16
    assert not is_available()
    assert len(flows.async_progress()) == len(issues) == 1
    make_calls(world)

    world.account().password = password
    await poll(2, STATISTICS)
    assert is_available()
    # The request to sign in again stays until the user answers it.
    assert len(flows.async_progress()) == len(issues) == 1
    assert_each_call_was_reported_once()
    make_calls(world)
    await poll(2, HISTORY)
    assert_each_call_was_reported_once()
    levels = [
        record.levelname
        for record in caplog.records
        if record.name.startswith("custom_components.odorik") and record.levelno >= logging.INFO
    ]
    assert levels == ["ERROR"] * 4 + ["INFO"] * 4, "once per coordinator"
    for secret in (password, *(line.sip_password for line in world.account().lines.values())):
        assert secret not in caplog.text
    assert not URL_WITH_QUERY.search(caplog.text)
