"""Test the system health page."""

from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from custom_components.odorik.const import DOMAIN, ENV_API_URL
from custom_components.odorik.runtime import api_url

from .conftest import Tick
from .exchange import RunningExchange


async def system_health(hass: HomeAssistant) -> dict[str, object]:
    """Return the information on the page, once the server has been checked."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    return info | {"can_reach_server": await info["can_reach_server"]}


async def test_a_loaded_account_is_shown_with_its_last_update(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """The server is checked without a login. During an outage, no account is connected."""
    await tick(10)
    last = account.runtime_data.active.last_update_success_time
    assert isinstance(last, datetime)
    shown = {"can_reach_server": "ok", "logins": 1, "logins_connected": 1, "last_success": last}
    assert await system_health(hass) == shown
    assert exchange.journal[-1].login == exchange.username
    assert "user" not in api_url()
    exchange.fail("503", times=0)
    await tick(120)
    assert (await system_health(hass)).items() >= {
        "logins_connected": 0,
        "last_success": last,
    }.items()


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_an_account_that_is_not_loaded_is_counted(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page works while neither an account nor the server is available."""
    assert await hass.config_entries.async_unload(account.entry_id)
    monkeypatch.setenv(ENV_API_URL, "http://127.0.0.1:9/api/v1")
    assert await system_health(hass) == {
        "can_reach_server": {"type": "failed", "error": "unreachable"},
        "logins": 1,
        "logins_connected": 0,
        "last_success": "–",  # noqa: RUF001
    }
