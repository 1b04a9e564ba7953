"""Test the devices of accounts and lines."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import DOMAIN
from simulator.world import Line, World

from .accounts import (
    HOME,
    UNNAMED,
    WORKSHOP,
    add_account,
    device_of,
    entity_id_of,
    make_entry,
    reload,
    set_up,
    state_of,
)
from .conftest import Tick
from .exchange import RunningExchange

POLL = 15 * 60
STARTED = f"{DOMAIN}_call_started"


def devices(hass: HomeAssistant, entry: MockConfigEntry) -> set[str | None]:
    """Return the names of all devices of an account."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {device.name for device in found}


def sensor(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str | None:
    """Return the state of a binary sensor."""
    return state_of(hass, entry, "binary_sensor", key)


async def set_up_login(hass: HomeAssistant, username: str, password: str) -> MockConfigEntry:
    """Return the entry of a login that is set up."""
    entry = make_entry(username, password)
    assert await set_up(hass, entry)
    return entry


async def test_lines_are_linked_to_their_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The account and each line are service devices, and each line is reached via the account."""
    parent = device_of(hass, account)
    assert parent.entry_type is dr.DeviceEntryType.SERVICE
    assert parent.name == account.title
    assert devices(hass, account) == {account.title, "Domov", "Dílna", "Line 300120"}
    for line in (HOME, WORKSHOP, UNNAMED):
        child = device_of(hass, account, line)
        assert child.via_device_id == parent.id
        assert child.entry_type is dr.DeviceEntryType.SERVICE
        assert child.serial_number == str(line)


async def test_an_unnamed_line_is_named_in_the_users_language(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A line without a name is called by its number."""
    hass.config.language = "cs"
    await set_up(hass, entry)
    assert device_of(hass, entry, UNNAMED).name == "Linka 300120"


async def test_a_new_line_is_added_without_a_reload(
    hass: HomeAssistant, world: World, account: MockConfigEntry, tick: Tick
) -> None:
    """A new line gets a device with the same entities as the others, and shows its calls."""
    data = account.runtime_data
    world.account().lines[300130] = Line(300130, "Chata", "00420910300130")
    await tick(POLL)
    added = device_of(hass, account, 300130)
    assert added.via_device_id == device_of(hass, account).id
    old = er.async_entries_for_device(er.async_get(hass), device_of(hass, account, HOME).id)
    assert {
        (entity.domain, entity.translation_key)
        for entity in er.async_entries_for_device(er.async_get(hass), added.id)
    } == {(entity.domain, entity.translation_key) for entity in old if not entity.disabled_by}
    assert account.runtime_data is data
    world.ring(line=300130)
    await tick(10)
    assert sensor(hass, account, "300130_ringing") == "on"


@pytest.mark.parametrize("is_running", [True, False])
async def test_the_device_of_a_cancelled_line_is_removed(
    *, hass: HomeAssistant, world: World, account: MockConfigEntry, tick: Tick, is_running: bool
) -> None:
    """The device and its entities are removed, even if the line was cancelled during a shutdown."""
    if not is_running:
        assert await hass.config_entries.async_unload(account.entry_id)
    del world.account().lines[WORKSHOP]
    if is_running:
        await tick(POLL)
    else:
        assert await hass.config_entries.async_setup(account.entry_id)
    assert devices(hass, account) == {account.title, "Domov", "Line 300120"}
    entities = er.async_entries_for_config_entry(er.async_get(hass), account.entry_id)
    assert not [entity for entity in entities if "_300110_" in entity.unique_id]


async def test_a_line_that_returns_keeps_its_names_and_ids(
    hass: HomeAssistant, world: World, account: MockConfigEntry, tick: Tick
) -> None:
    """A line that was missing for a while has the user's names and entity IDs again."""
    entity_id = entity_id_of(hass, account, "binary_sensor", "300110_ringing")
    assert entity_id
    er.async_get(hass).async_update_entity(entity_id, new_entity_id="binary_sensor.workshop_rings")
    dr.async_get(hass).async_update_device(
        device_of(hass, account, WORKSHOP).id, name_by_user="Workshop"
    )
    line = world.account().lines.pop(WORKSHOP)
    await tick(POLL)
    assert device_of(hass, account, WORKSHOP) is None
    world.account().lines[WORKSHOP] = line
    await tick(POLL)
    assert device_of(hass, account, WORKSHOP).name_by_user == "Workshop"
    assert sensor(hass, account, "300110_ringing") == "off"
    assert hass.states.get("binary_sensor.workshop_rings")


MODES = ("500", "html", "cut_json", "reset", "unauthorized", "authentication_failed")
BODIES = ('{"maintenance": true}', "null", "[]")
FAULTS = [
    *({"mode": mode} for mode in MODES),
    *({"mode": "answer", "body": body} for body in BODIES),
]


@pytest.mark.parametrize("at", ["poll", "set-up"])
async def test_a_failed_request_removes_no_device(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    subtests: pytest.Subtests,
    caplog: pytest.LogCaptureFixture,
    at: str,
) -> None:
    """Devices, with the names and areas that the user gave them, outlast any bad response.

    The next good response adds no entity a second time.
    """
    before = devices(hass, account)

    async def read_lines() -> None:
        await (tick(POLL) if at == "poll" else reload(hass, account))

    for fault in FAULTS:
        exchange.journal.clear()
        exchange.fail(**fault, times=0, path="/lines.json")
        with subtests.test(**fault):
            await read_lines()
            assert exchange.requests("/lines.json")
            assert devices(hass, account) == before
        exchange.exchange.faults.clear()
        await read_lines()
        with subtests.test("afterwards", **fault):
            assert account.state is ConfigEntryState.LOADED
            assert devices(hass, account) == before
            assert sensor(hass, account, "300100_registered") == "on"
    assert "unique" not in caplog.text


@pytest.mark.parametrize(
    "row", ['{"id": "three", "name": "Dílna"}', '{"name": "Dílna"}', "7", "null", '"300110"']
)
async def test_an_unreadable_line_keeps_its_device(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick, row: str
) -> None:
    """Lines are removed only if the list was read completely and does not contain them."""
    before = devices(hass, account)
    body = f'[{{"id": 300100, "name": "Domov"}}, {row}]'
    exchange.fail("answer", body=body, path="/lines.json")
    await tick(POLL)
    assert devices(hass, account) == before
    exchange.fail("answer", body='[{"id": 300100, "name": "Domov"}]', path="/lines.json")
    await tick(POLL)
    assert len(devices(hass, account)) == 2


async def test_lines_remain_if_the_permission_is_lost(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """The registration becomes unknown; calls are still reported with their line."""
    assert sensor(hass, account, "300100_registered") == "on"
    exchange.world.denied[exchange.username] = {"lines"}
    await tick(POLL)
    assert sensor(hass, account, "300100_registered") == "unknown"
    started = async_capture_events(hass, STARTED)
    exchange.world.ring(line=HOME)
    await tick(10)
    assert started[0].data["line_name"] == "Domov"
    assert started[0].data["direction"] == "in"
    exchange.world.denied.clear()
    await tick(POLL)
    assert sensor(hass, account, "300100_registered") == "on"


async def test_only_devices_of_missing_lines_can_be_deleted(
    hass: HomeAssistant,
    world: World,
    account: MockConfigEntry,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A user can delete a line that the operator no longer lists, while the account is loaded.

    The devices remain when the last line is cancelled, as an empty list removes none.
    """
    assert await async_setup_component(hass, "config", {})

    async def delete(device_id: str) -> bool:
        client = await hass_ws_client(hass)
        await client.send_json_auto_id(
            {"type": "config/device_registry/remove", "device_id": device_id}
        )
        answer = await client.receive_json()
        assert answer["success"] or "rejected by integration" in answer["error"]["message"]
        return bool(answer["success"])

    assert not await delete(device_of(hass, account).id)
    assert not await delete(device_of(hass, account, WORKSHOP).id)
    world.account().lines.clear()
    await tick(POLL)
    assert await delete(device_of(hass, account, WORKSHOP).id)
    assert device_of(hass, account, WORKSHOP) is None
    assert not await delete(device_of(hass, account).id)
    await tick(POLL)
    assert device_of(hass, account, WORKSHOP) is None
    assert await hass.config_entries.async_unload(account.entry_id)
    assert not await delete(device_of(hass, account, HOME).id)


async def test_a_renamed_line_renames_its_device(
    hass: HomeAssistant, world: World, account: MockConfigEntry, tick: Tick
) -> None:
    """The new name is shown after the next poll, unless the user has chosen another one."""
    lines = world.account().lines
    lines[HOME].name, lines[WORKSHOP].name, lines[UNNAMED].name = "Kuchyně", "", "Mobil"
    dr.async_get(hass).async_update_device(
        device_of(hass, account, UNNAMED).id, name_by_user="Mine"
    )
    entities = set(hass.states.async_entity_ids())
    await tick(POLL)
    assert device_of(hass, account, HOME).name == "Kuchyně"
    assert device_of(hass, account, WORKSHOP).name == "Line 300110"
    assert device_of(hass, account, UNNAMED).name == "Mobil"
    assert device_of(hass, account, UNNAMED).name_by_user == "Mine"
    assert set(hass.states.async_entity_ids()) == entities
    state = hass.states.get("binary_sensor.domov_ringing")
    assert state
    assert state.attributes["friendly_name"].startswith("Kuchyně ")


@pytest.mark.parametrize("may_list", [True, False])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_login_of_a_line_shows_only_that_line(
    hass: HomeAssistant, world: World, tick: Tick, *, may_list: bool
) -> None:
    """A line's login has one line, even if it may not list lines, and does not see other calls."""
    if not may_list:
        world.denied["300100"] = {"lines", "public_numbers", "speed_dials"}
    password = world.account().lines[HOME].sip_password
    entry = await set_up_login(hass, "300100", password)
    assert devices(hass, entry) == {"Odorik 300100", "Domov" if may_list else "Line 300100"}
    started = async_capture_events(hass, STARTED)
    world.ring(line=WORKSHOP)
    world.ring(line=HOME)
    await tick(10)
    assert [event.data["line"] for event in started] == [HOME]
    assert started[0].data["device_id"] == device_of(hass, entry, HOME).id
    assert sensor(hass, entry, "300100_ringing") == "on"
    assert sensor(hass, entry, "300100_registered") == ("on" if may_list else "unknown")


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_a_registration_number_is_not_taken_for_a_line(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """An account without permission to list lines has none, or keeps those it had.

    A short registration number looks like the number of a line.
    """
    exchange.world.denied[exchange.username] = {"lines"}
    entry = await set_up_login(hass, exchange.username, exchange.password)
    assert devices(hass, entry) == {f"Odorik {exchange.username}"}
    account = add_account(exchange, "123456")
    entry = await set_up_login(hass, account.user, account.password)
    before = devices(hass, entry)
    exchange.world.denied[account.user] = {"lines"}
    assert await reload(hass, entry)
    assert devices(hass, entry) >= before
    exchange.world.denied.clear()
    assert await reload(hass, entry)
    assert devices(hass, entry) == before


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_two_accounts_with_the_same_line_numbers_are_kept_apart(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """Names, calls and removals of one account do not affect the other."""
    other = add_account(exchange)
    other.lines[HOME].name = "Ordinace"
    home = await set_up_login(hass, exchange.username, exchange.password)
    office = await set_up_login(hass, other.user, other.password)
    assert device_of(hass, home, HOME).name == "Domov"
    assert device_of(hass, office, HOME).name == "Ordinace"
    assert device_of(hass, office, HOME).via_device_id == device_of(hass, office).id

    started = async_capture_events(hass, STARTED)
    exchange.world.ring(account=other.user, line=HOME)
    await tick(10)
    assert [event.data["config_entry_id"] for event in started] == [office.entry_id]
    assert started[0].data["device_id"] == device_of(hass, office, HOME).id
    assert started[0].data["line_name"] == "Ordinace"
    for entry, state in ((home, "off"), (office, "on")):
        assert sensor(hass, entry, "ringing") == sensor(hass, entry, "300100_ringing") == state

    del other.lines[HOME]
    await tick(POLL)
    assert device_of(hass, office, HOME) is None
    assert device_of(hass, home, HOME)
    assert await hass.config_entries.async_remove(office.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert home.state is ConfigEntryState.LOADED
    assert devices(hass, home) == {home.title, "Domov", "Dílna", "Line 300120"}
