"""Test the diagnostics."""

from collections.abc import Awaitable, Callable
import json
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .accounts import EVA, JAN
from .conftest import AccountAction, Tick
from .exchange import RunningExchange

pytestmark = pytest.mark.usefixtures("freezer")


type Download = Callable[[], Awaitable[Any]]


@pytest.fixture
def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> Download:
    """Download the diagnostics, with what Home Assistant adds to them."""

    async def get() -> Any:
        assert await async_setup_component(hass, "diagnostics", {})
        await hass.async_block_till_done(wait_background_tasks=True)
        client = await hass_client()
        answer = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
        assert answer.status == 200
        return await answer.json()

    return get


@pytest.mark.usefixtures("account")
async def test_the_diagnostics_show_the_state_of_the_account(
    exchange: RunningExchange, tick: Tick, download: Download
) -> None:
    """They contain versions, options, counts, and each coordinator with its last failure.

    Records that could not be read are counted by list.
    """
    exchange.world.miss(EVA)
    exchange.fail("cut_record", path="/calls.json")
    await tick(120)
    exchange.world.ring()
    await tick(10)
    exchange.fail("503", path="/calls.json", times=0)
    await tick(120)
    data = (await download())["data"]
    assert set(data["versions"]) == {"integration", "aiohttp", "msgspec", "phonenumbers"}
    assert data["entry"] == {"state": "loaded", "version": "1.1"}
    assert data["options"] == {"has_caller": False}
    assert data["account"] == {
        "lines": 3,
        "named_lines": 2,
        "registered_telephones": [1, 1, 0],
        "public_numbers": 5,
        "contacts": 7,
    }
    assert set(data["coordinators"]) == {"account", "active", "history", "statistics"}
    assert data["coordinators"]["active"]["last_update_success"] is True
    assert data["coordinators"]["active"]["interval"] == 2  # A call rings.
    assert data["coordinators"]["active"]["last_failure"] is None
    failing = data["coordinators"]["history"]
    assert failing["last_update_success"] is False
    assert failing["last_failure"] == "UpdateFailed"
    assert failing["last_failure_key"] == "cannot_connect"
    assert data["history"]["has_place"] is True
    assert data["statistics"]["queries"] > 0
    assert data["years"] == {"written_until": None}
    assert data["unreadable_records"] == {"calls.json": 1}


async def test_the_diagnostics_contain_no_personal_data(
    entry: MockConfigEntry,
    exchange: RunningExchange,
    set_up: AccountAction,
    tick: Tick,
    download: Download,
) -> None:
    """The data and the issues contain no number, name, address or password.

    This includes the texts of failures.
    """
    options = {"low_credit": 10_000, "unregistered_lines": True, "spending_guard": "warn"}
    await set_up(**options, caller="+420777123456", guard_prefixes=["+420900123456"])
    exchange.world.miss(EVA)
    exchange.world.dial("00420900123456")
    exchange.world.ring(JAN)
    await tick(120)
    exchange.fail("503", times=0)
    await tick(15 * 60)
    file = await download()
    assert file["data"]["options"] == options | {"has_caller": True}
    assert len(file["issues"]) == 3
    household = exchange.world.account()
    secrets = [
        exchange.password,
        exchange.username,
        entry.title,
        "127.0.0.1",
        *(str(line.id) for line in household.lines.values()),
        *(line.name for line in household.lines.values() if line.name),
        *(line.sip_password for line in household.lines.values()),
        *(number.number for number in household.numbers),
        *("Novák", "Dvořáková", "777123456", "602987654", "900123456", "@"),
    ]
    for part in (json.dumps(file["data"], ensure_ascii=False), json.dumps(file["issues"])):
        for secret in secrets:
            assert secret not in part
    # No other number is as long as that of a telephone or a line.
    without_times = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "", json.dumps(file["data"]))
    assert not re.search(r"\d{6,}", without_times)


async def test_an_account_that_is_not_loaded_has_diagnostics(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, download: Download
) -> None:
    """The diagnostics can be downloaded during an outage, without data of the coordinators."""
    exchange.fail("503", times=0)
    assert await hass.config_entries.async_reload(account.entry_id) is False
    data = (await download())["data"]
    assert data["entry"]["state"] == "setup_retry"
    assert "coordinators" not in data
