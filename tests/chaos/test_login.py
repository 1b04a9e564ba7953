"""Tests that no call is lost while the operator refuses the login."""

import logging

from homeassistant.helpers import issue_registry as ir
import pytest

from .conftest import FaultTestApp, make_calls

# The clock jumps where a test says so and runs in between, so that requests time out.
pytestmark = pytest.mark.freeze_time(tick=True)

ACTIVE, HISTORY, STATISTICS = 11, 121, 901
"""Seconds after which a coordinator certainly polls: Home Assistant adds up to a second."""


async def test_calls_are_reported_after_a_password_is_entered(app: FaultTestApp) -> None:
    """Calls while the login is refused are reported once reauthentication succeeds.

    The form also accepts the old password if that is valid again.
    """
    for password in ("another one", "another one", app.exchange.password):
        app.exchange.world.account().password = f"not {password}"
        await app.poll(2, ACTIVE)
        assert not app.is_available()
        make_calls(app.exchange.world)
        await app.poll(1, HISTORY)
        app.exchange.world.account().password = password
        flows = app.hass.config_entries.flow
        (form,) = flows.async_progress()
        await flows.async_configure(form["flow_id"], {"password": password})
        await app.hass.async_block_till_done(wait_background_tasks=True)
        await app.poll(2, HISTORY)
        assert app.is_available()
        app.assert_each_call_was_reported_once()
    assert "another one" not in app.caplog.text
    app.assert_no_secret_was_logged()


async def test_an_account_recovers_when_its_password_is_valid_again(app: FaultTestApp) -> None:
    """Without user action the account recovers, and its form and its issue are removed."""
    flows = app.hass.config_entries.flow
    issues = ir.async_get(app.hass).issues
    app.exchange.world.account().password = "another one"
    await app.poll(4, STATISTICS)
    app.exchange.journal.clear()
    await app.poll(4, STATISTICS)
    # Each of the four coordinators tries once per quarter of an hour, lest the operator block us.
    assert 0 < len(app.exchange.journal) <= 16
    assert not app.is_available()
    assert len(flows.async_progress()) == len(issues) == 1
    make_calls(app.exchange.world)

    app.exchange.world.account().password = app.exchange.password
    await app.poll(2, STATISTICS)
    assert app.is_available()
    assert not flows.async_progress()
    assert not issues
    app.assert_each_call_was_reported_once()
    make_calls(app.exchange.world)
    await app.poll(2, HISTORY)
    app.assert_each_call_was_reported_once()
    levels = [
        record.levelname
        for record in app.caplog.records
        if record.name.startswith("custom_components.odorik") and record.levelno >= logging.INFO
    ]
    assert levels == ["ERROR", "INFO"]
    app.assert_no_secret_was_logged()
