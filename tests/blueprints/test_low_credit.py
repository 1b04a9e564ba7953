"""A warning when the credit is low."""

from homeassistant.core import ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from .conftest import Harness


async def warn_below_50(harness: Harness) -> list[ServiceCall]:
    """Add the automation, and return the warnings that it sends."""
    warnings = async_mock_service(harness.hass, "persistent_notification", "create")
    await harness.add("low_credit", credit=harness.sensor("balance"), threshold=50, margin=20)
    return warnings


@pytest.mark.usefixtures("account")
async def test_low_credit_warns_once_until_it_is_topped_up(harness: Harness) -> None:
    """Small changes around the threshold and outages do not repeat the warning."""
    warnings = await warn_below_50(harness)

    async def set_credit(amount: float) -> int:
        harness.world.account().credit = amount
        await harness.tick(900)
        return len(warnings)

    assert await set_credit(50) == 0
    assert await set_credit(49.5) == 1
    assert warnings[0].data["message"] == "Only 49.5 CZK is left. Zbývá jen 49.5 Kč."
    assert await set_credit(51) == 1
    assert await set_credit(48) == 1
    harness.exchange.fail("503", times=0)
    await harness.tick(900)
    harness.exchange.exchange.faults.clear()
    assert await set_credit(47) == 1
    assert await set_credit(250) == 1
    assert await set_credit(40) == 2


async def test_credit_that_is_low_at_startup_warns(
    harness: Harness, entry: MockConfigEntry
) -> None:
    """The credit may have fallen while Home Assistant was not running."""
    harness.world.account().credit = 30
    await harness.set_up_before_startup(entry)
    warnings = await warn_below_50(harness)
    await harness.start()
    assert len(warnings) == 1


@pytest.mark.usefixtures("account")
async def test_credit_that_stays_low_warns_at_most_once_a_day(harness: Harness) -> None:
    """Restarts and outages do not repeat the warning on the same day."""
    warnings = await warn_below_50(harness)
    harness.world.account().credit = 30
    await harness.tick(900)
    assert len(warnings) == 1
    for hours, count in ((1, 1), (24, 2)):
        # Like a restart, this ends the run that waits for the credit to rise.
        for action in ("turn_off", "turn_on"):
            await harness.call(f"automation.{action}", entity_id="automation.ours")
        harness.exchange.fail("503", times=0)
        await harness.tick(900)
        harness.exchange.exchange.faults.clear()
        await harness.tick(hours * 3600)
        assert len(warnings) == count
