"""Whether it rings, somebody talks, and a telephone is registered."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import CONF_UNREGISTERED_LINES, DOMAIN
from custom_components.odorik.diagnostics import async_get_config_entry_diagnostics
from simulator.world import Device

from .conftest import Tick
from .exchange import RunningExchange

STRANGER = "00420602555123"

type Is = Callable[[str], str]


@pytest.fixture
def state(hass: HomeAssistant, account: MockConfigEntry) -> Is:
    """Tell the state of a binary sensor by the key that automations hold on to."""

    def tell(key: str) -> str:
        registry = er.async_get(hass)
        unique_id = f"{account.unique_id}_{key}"
        entity_id = registry.async_get_entity_id("binary_sensor", DOMAIN, unique_id)
        found = hass.states.get(entity_id or "")
        assert found is not None, key
        return found.state

    return tell


async def test_it_rings_until_somebody_answers(
    exchange: RunningExchange, tick: Tick, state: Is
) -> None:
    """The music would not stop, or would not go on again."""

    def seen(line: str) -> tuple[str, str]:
        return state(f"{line}ringing"), state(f"{line}call_in_progress")

    assert seen("") == seen("300110_") == ("off", "off")
    exchange.world.ring(STRANGER, line=300110)
    await tick(10)
    assert seen("") == seen("300110_") == ("on", "off")
    assert seen("300100_") == ("off", "off")

    exchange.world.answer()
    await tick(3)
    assert seen("") == seen("300110_") == ("off", "on")
    exchange.world.ring(STRANGER, line=300100)
    await tick(3)
    assert seen("") == ("on", "on")
    assert seen("300100_") == ("on", "off")

    for call in list(exchange.world.active):
        exchange.world.end(call)
    await tick(3)
    assert seen("") == seen("300100_") == seen("300110_") == ("off", "off")


async def test_a_telephone_that_loses_its_line_is_seen(
    exchange: RunningExchange, tick: Tick, state: Is
) -> None:
    """Nobody would notice for days that the telephone is dead."""
    assert state("300100_registered") == "on"
    assert state("300120_registered") == "off"

    lines = exchange.world.account().lines
    lines[300100].devices.clear()
    lines[300120].devices.append(Device())
    await tick(900)
    assert state("300100_registered") == "off"
    assert state("300120_registered") == "on"

    body = '[{"id": 300100, "name": "Domov"}]'
    exchange.fail("answer", path="GET /lines.json", body=body)
    await tick(900)
    assert state("300100_registered") == "unknown"


async def test_a_registration_that_is_over_is_none_wherever_it_is_shown(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    state: Is,
) -> None:
    """The operator may go on listing a telephone whose plug has been pulled."""
    hass.config_entries.async_update_entry(account, options={CONF_UNREGISTERED_LINES: True})
    await hass.config_entries.async_reload(account.entry_id)

    async def shown() -> tuple[str, int, list[int | None]]:
        issues = [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
        told = await async_get_config_entry_diagnostics(hass, account)
        return (
            state("300100_registered"),
            len(issues),
            told["account"]["registered_telephones"],
        )

    assert await shown() == ("on", 1, [1, 1, 0])
    (device,) = exchange.world.account().lines[300100].devices
    device.last = exchange.world.now()
    # No answer has come since, so there is nothing new to be shown.
    await tick(890)
    assert await shown() == ("on", 1, [1, 1, 0])
    await tick(10)
    assert await shown() == ("on", 1, [1, 1, 0])
    await tick(1000)
    assert await shown() == ("off", 2, [0, 1, 0])
    device.last = None
    await tick(900)
    assert await shown() == ("on", 1, [1, 1, 0])


async def test_a_failure_is_not_taken_for_silence(
    exchange: RunningExchange, tick: Tick, state: Is
) -> None:
    """That nobody calls would be shown while the operator cannot be reached."""
    exchange.fail("500", path="GET /active_calls.json", times=0)
    await tick(10)
    assert state("ringing") == state("300100_call_in_progress") == "unavailable"
    exchange.exchange.faults.clear()
    await tick(10)
    assert state("ringing") == "off"
