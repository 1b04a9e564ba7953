"""The limit of callbacks guards money, so it forgets nothing."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN
from tests.conftest import Tick
from tests.exchange import RunningExchange

MINE = "00420777000111"


async def order(hass: HomeAssistant) -> None:
    """Order a callback."""
    await hass.services.async_call(
        DOMAIN, "callback", {"recipient": "777123456", "caller": MINE}, blocking=True
    )


def orders(exchange: RunningExchange) -> int:
    """Count the orders that have reached the exchange's books."""
    return len(exchange.world.account().callbacks)


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Find the repair."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{entry.entry_id}_callback_limit")


@pytest.mark.parametrize("permissions", [set(), {"calls"}], ids=["all", "no history"])
async def test_a_reload_forgets_no_callback(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    tick: Tick,
    permissions: set[str],
) -> None:
    """A loop that changes an option, or a restart, would begin to count anew, on the credit."""
    exchange.world.denied[exchange.username] = permissions
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"callback_limit": 3})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(3):
        await order(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    with pytest.raises(HomeAssistantError) as failure:
        await order(hass)
    assert failure.value.translation_key == "callback_limit"
    assert orders(exchange) == 3
    await tick(3601)
    await order(hass)
    assert orders(exchange) == 4


async def test_a_clock_that_is_set_makes_no_room(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A box that is told the time would find that it has ordered nothing within its last hour."""
    hass.config_entries.async_update_entry(account, options={"callback_limit": 1})
    await order(hass)
    freezer.tick(2 * 86400)
    exchange.world.advance(-2 * 86400)
    await tick(10)
    with pytest.raises(HomeAssistantError):
        await order(hass)
    assert orders(exchange) == 1


async def test_the_repair_stays_over_a_reload_while_it_is_true(
    hass: HomeAssistant, account: MockConfigEntry, tick: Tick
) -> None:
    """It would vanish while no callback can be ordered, and stay when one can."""
    hass.config_entries.async_update_entry(account, options={"callback_limit": 1})
    await order(hass)
    await tick(1800)
    with pytest.raises(HomeAssistantError):
        await order(hass)
    raised = issue(hass, account)
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass, account) == raised
    await tick(1700)
    assert issue(hass, account)
    await tick(110)
    assert issue(hass, account) is None
    await order(hass)


async def test_a_loop_that_is_refused_leaves_no_timer_for_each_time(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """An automation that goes round in circles all night would fill the memory all the same."""
    hass.config_entries.async_update_entry(account, options={"callback_limit": 1})
    await order(hass)

    def ends() -> int:
        return len(account._on_unload or ())

    before = ends()
    for _ in range(20):
        with pytest.raises(HomeAssistantError):
            await order(hass)
    assert issue(hass, account)
    assert ends() <= before + 1


@pytest.mark.usefixtures("exchange")
async def test_a_raised_limit_takes_the_repair_back(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """It would say what is no longer true."""
    hass.config_entries.async_update_entry(account, options={"callback_limit": 1})
    await order(hass)
    with pytest.raises(HomeAssistantError):
        await order(hass)
    assert issue(hass, account)
    changes: dict[str, Any] = {"callback_limit": 2}
    hass.config_entries.async_update_entry(account, options=changes)
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass, account) is None
    await order(hass)
