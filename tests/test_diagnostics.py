"""What a user may hand to strangers."""

import json
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.const import (
    CONF_CALLER,
    CONF_LOW_CREDIT,
    CONF_UNREGISTERED_LINES,
)

from .conftest import Tick
from .exchange import RunningExchange

NUMBER = re.compile(r"\d{6,}")


async def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> str:
    """Download the whole file, with what Home Assistant itself puts around."""
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.async_block_till_done(wait_background_tasks=True)
    client = await hass_client()
    answer = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
    assert answer.status == 200
    return await answer.text()


async def test_the_file_tells_how_the_account_runs(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
) -> None:
    """A bug report would need five questions back and forth."""
    exchange.world.ring()
    await tick(10)
    exchange.fail("503", path="/calls.json", times=0)
    await tick(120)
    assert await async_setup_component(hass, "diagnostics", {})
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, account)
    assert set(told["versions"]) == {"integration", "aiohttp", "msgspec", "phonenumbers"}
    assert told["entry"] == {"state": "loaded", "version": "1.1"}
    assert told["options"] == {"has_caller": False}
    assert told["account"] == {
        "lines": 3,
        "named_lines": 2,
        "registered_telephones": [1, 1, 0],
        "public_numbers": 4,
        "contacts": 7,
    }
    assert set(told["coordinators"]) == {"account", "active", "history", "statistics"}
    assert told["coordinators"]["active"]["last_update_success"] is True
    assert told["coordinators"]["active"]["interval"] == 2  # A call rings.
    assert told["coordinators"]["active"]["last_failure"] is None
    failing = told["coordinators"]["history"]
    assert failing["last_update_success"] is False
    assert failing["last_failure"] == "UpdateFailed"
    assert failing["last_failure_key"] == "cannot_connect"
    assert told["history"]["has_place"] is True
    assert told["statistics"]["queries"] > 0
    assert told["years"] == {"written_until": None}
    assert told["unreadable_records"] == {}


async def test_the_file_counts_the_records_that_cannot_be_read(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
) -> None:
    """Records that are skipped are counted for each list, and nothing of them is shown."""
    exchange.world.miss("00420602987654")
    exchange.fail("cut_record", path="/calls.json")
    await tick(120)
    told = json.loads(await download(hass, hass_client, account))["data"]
    assert told["unreadable_records"] == {"calls.json": 1}


async def test_the_file_holds_nothing_of_anybody(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
) -> None:
    """Numbers, names and passwords of a household would stand in a public bug report."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry,
        options={
            CONF_CALLER: "+420777123456",
            CONF_LOW_CREDIT: 10_000,
            CONF_UNREGISTERED_LINES: True,
        },
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    exchange.world.miss("00420602987654")
    exchange.world.ring("00420777123456")
    await tick(120)
    # Something fails as well, with whatever its text may hold.
    exchange.fail("503", times=0)
    await tick(15 * 60)
    file = await download(hass, hass_client, entry)
    told = json.loads(file)
    assert told["data"]["options"] == {
        CONF_LOW_CREDIT: 10_000,
        CONF_UNREGISTERED_LINES: True,
        "has_caller": True,
    }
    # Home Assistant adds the issues; that there are some is the point here.
    assert len(told["issues"]) == 2
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
        *("Novák", "Dvořáková", "777123456", "602987654", "@"),
    ]
    for part in (json.dumps(told["data"], ensure_ascii=False), json.dumps(told["issues"])):
        for secret in secrets:
            assert secret not in part
    # Whatever else it might be: there is no number as long as a telephone number or a line's.
    times = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "", json.dumps(told["data"]))
    assert not NUMBER.findall(times.replace("10000", ""))


@pytest.mark.usefixtures("tick")
async def test_an_account_that_is_not_running_has_a_file_too(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    exchange: RunningExchange,
    account: MockConfigEntry,
) -> None:
    """Just when it does not work, the download would fail."""
    exchange.fail("503", times=0)
    assert await hass.config_entries.async_reload(account.entry_id) is False
    told = json.loads(await download(hass, hass_client, account))["data"]
    assert told["entry"]["state"] == "setup_retry"
    assert "coordinators" not in told
