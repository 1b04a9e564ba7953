"""Steps that all actions have in common: the account, the failures and the response."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN

from .conftest import CONTROLLING, EVERY_ACTION, READING, Actions


async def test_a_wrong_login_starts_a_reauthentication(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """An action that fails with a wrong login asks the user for the new password."""
    flows = hass.config_entries.flow
    for action, data in EVERY_ACTION.items():
        act.reset()
        for flow in flows.async_progress():
            flows.async_abort(flow["flow_id"])
        act.exchange.fail("authentication_failed", times=0)
        with subtests.test(action=action):
            await act.fails("authentication_failed", action, **data)
            (flow,) = flows.async_progress_by_handler(DOMAIN)
            assert flow["context"]["source"] == "reauth"


@pytest.mark.parametrize(
    ("mode", "key"),
    [
        ("unauthorized", "unauthorized"),
        ("strange", "undocumented_refusal"),
        ("500", "cannot_connect"),
    ],
)
async def test_every_action_reports_why_it_failed(
    act: Actions, subtests: pytest.Subtests, mode: str, key: str
) -> None:
    """Failures of the operator have translated messages; that of an order may be unknown.

    A message that may have been delivered is not sent again: the user has to look.
    """
    for action, data in EVERY_ACTION.items():
        act.reset()
        act.world.ring()
        act.exchange.fail(mode, times=0)
        orders = {"callback": "outcome_unknown", "send_sms": "sms_outcome_unknown"}
        expected = orders.get(action, key) if mode == "500" else key
        with subtests.test(action=action):
            failure = await act.fails(expected, action, **data)
            if expected == "sms_outcome_unknown":
                assert "look at your messages at Odorik" in str(failure)
                assert len(act.exchange.requests("/sms")) == 1


async def test_the_account_has_to_be_unambiguous_and_loaded(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """An action never uses an account other than the one that was meant."""

    async def check(key: str, **fields: Any) -> None:
        for action, data in EVERY_ACTION.items():
            with subtests.test(key, action=action, **fields):
                failure = await act.rejects(key, action, **data, **fields)
                assert failure.translation_domain == "homeassistant"

    await check("service_config_entry_not_found", config_entry_id="none")
    other = MockConfigEntry(domain=DOMAIN, unique_id="2", data=act.entry.data)
    other.add_to_hass(hass)
    await check("service_found_multiple_config_entry_for_domain")
    await check("service_config_entry_not_loaded", config_entry_id=other.entry_id)
    for action, data in EVERY_ACTION.items():
        with subtests.test("loaded", action=action):
            assert await act(action, **data, config_entry_id=act.entry.entry_id)
    await hass.config_entries.async_unload(act.entry.entry_id)
    await check("service_config_entry_not_loaded", config_entry_id=act.entry.entry_id)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_actions_are_registered_before_any_account(hass: HomeAssistant) -> None:
    """Automations are valid while the account is not loaded yet."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services()[DOMAIN]) == {
        *EVERY_ACTION,
        "rebuild_statistics",
        "allow_number",
    }


async def test_only_reading_requires_a_response(hass: HomeAssistant, act: Actions) -> None:
    """Other actions can be called without requesting a response."""
    for action, data in CONTROLLING.items():
        assert await hass.services.async_call(DOMAIN, action, data, blocking=True) is None
    for action, data in READING.items():
        with pytest.raises(ServiceValidationError):
            await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert act.orders == 1
