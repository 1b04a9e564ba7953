"""Home Assistant does one thing at a time: nothing of ours may take its time."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.world import Line

from .bench.measure import held
from .exchange import RunningExchange


@pytest.mark.alone
async def test_an_account_with_a_hundred_lines_lets_others_have_their_turn(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """All the lights would wait for the telephones of an office at each start."""
    exchange.world.account().lines |= {
        number: Line(number, f"Line {number}") for number in range(500_000, 500_100)
    }
    entry.add_to_hass(hass)
    with held() as loop:
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.states.async_all()) > 500
    assert loop.longest < loop.total / 6
