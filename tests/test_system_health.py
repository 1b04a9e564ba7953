"""What the system information page tells."""

from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from custom_components.odorik.const import DOMAIN
from custom_components.odorik.runtime import api_url

from .conftest import Tick
from .exchange import RunningExchange


async def told(hass: HomeAssistant) -> dict[str, object]:
    """Read the page, with what it finds out by itself."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    return info | {"can_reach_server": await info["can_reach_server"]}


async def test_a_running_account_is_reported_with_its_last_answer(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """A user asking for help could not say whether anything works."""
    assert account.title
    await tick(10)
    info = await told(hass)
    last = info.pop("last_success")
    assert isinstance(last, datetime)
    assert last == account.runtime_data.active.last_update_success_time
    assert info == {"can_reach_server": "ok", "logins": 1, "logins_connected": 1}
    # The look at the server says nothing of who looks.
    assert exchange.username not in api_url()
    assert exchange.journal[-1].login == exchange.username
    assert "user" not in api_url()


async def test_an_outage_shows_and_so_does_when_it_last_worked(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """The page would say that all is well while nothing is."""
    await tick(10)
    worked = account.runtime_data.active.last_update_success_time
    exchange.fail("503", times=0)
    await tick(120)
    info = await told(hass)
    assert info["logins"] == 1
    assert info["logins_connected"] == 0
    assert info["last_success"] == worked


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_without_an_account_running_nothing_is_made_up(
    hass: HomeAssistant,
    account: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page would fail just when the network is down and somebody needs it."""
    assert await hass.config_entries.async_unload(account.entry_id)
    monkeypatch.setenv("ODORIK_API_URL", "http://127.0.0.1:9/api/v1")
    assert await told(hass) == {
        "can_reach_server": {"type": "failed", "error": "unreachable"},
        "logins": 1,
        "logins_connected": 0,
        "last_success": "–",  # noqa: RUF001
    }
