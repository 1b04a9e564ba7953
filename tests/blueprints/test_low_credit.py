"""A warning when the credit is low."""

from collections.abc import Awaitable, Callable

from homeassistant.core import CoreState, HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from simulator.world import World
from tests.conftest import Tick
from tests.exchange import RunningExchange

from .conftest import AddAutomation, FindSensor, start

type Warn = Callable[[], Awaitable[list[ServiceCall]]]


@pytest.fixture
def warn_below_50(
    hass: HomeAssistant, add_automation: AddAutomation, find_sensor: FindSensor
) -> Warn:
    """Add the automation, and return its warnings."""

    async def add() -> list[ServiceCall]:
        warnings = async_mock_service(hass, "persistent_notification", "create")
        credit = find_sensor("balance")
        await add_automation("low_credit", credit=credit, threshold=50, margin=20)
        return warnings

    return add


@pytest.mark.usefixtures("account")
async def test_low_credit_warns_once_until_it_is_topped_up(
    exchange: RunningExchange, warn_below_50: Warn, tick: Tick
) -> None:
    """Neither small changes around the threshold nor an outage repeat the warning."""
    warnings = await warn_below_50()

    async def set_credit(amount: float) -> int:
        exchange.world.account().credit = amount
        await tick(900)
        return len(warnings)

    assert await set_credit(50) == 0
    assert await set_credit(49.5) == 1
    assert warnings[0].data["message"] == "Only 49.5 CZK are left. Zbývá jen 49.5 Kč."
    assert await set_credit(51) == 1
    assert await set_credit(48) == 1
    exchange.fail("503", times=0)
    await tick(900)
    exchange.exchange.faults.clear()
    assert await set_credit(47) == 1
    assert await set_credit(250) == 1
    assert await set_credit(40) == 2


async def test_credit_that_is_low_at_startup_warns(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, warn_below_50: Warn, tick: Tick
) -> None:
    """The credit may have fallen while Home Assistant was not running."""
    hass.set_state(CoreState.not_running)
    world.account().credit = 30
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    warnings = await warn_below_50()
    await start(hass, tick)
    assert len(warnings) == 1


@pytest.mark.usefixtures("account")
async def test_credit_that_stays_low_warns_at_most_once_a_day(
    hass: HomeAssistant, exchange: RunningExchange, warn_below_50: Warn, tick: Tick
) -> None:
    """Neither a restart nor an outage repeats the warning on the same day."""
    warnings = await warn_below_50()
    exchange.world.account().credit = 30
    await tick(900)
    assert len(warnings) == 1
    for hours, count in ((1, 1), (24, 2)):
        # Like a restart, this ends the run that waits for the credit to rise.
        for action in ("turn_off", "turn_on"):
            await hass.services.async_call(
                "automation", action, {"entity_id": "automation.ours"}, blocking=True
            )
        exchange.fail("503", times=0)
        await tick(900)
        exchange.exchange.faults.clear()
        await tick(hours * 3600)
        assert len(warnings) == count
