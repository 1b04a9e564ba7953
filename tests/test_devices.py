"""The account and its lines as devices: they come, are renamed, and go, as the lines do."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.odorik.const import DOMAIN
from simulator.world import Contact, Line, PublicNumber
from simulator.worlds import quiet

from .conftest import Tick
from .exchange import RunningExchange

DAY = 24 * 3600
LINES = 15 * 60
HOME = 300100


def device(hass: HomeAssistant, entry: MockConfigEntry, line: int | None = None) -> Any:
    """Find the device of a line, or of the account; None where there is none."""
    name = f"{entry.unique_id}_{line}" if line else str(entry.unique_id)
    registry = dr.async_get(hass)
    return registry.async_get_device_by_identifier((DOMAIN, name), entry.entry_id)


def devices(hass: HomeAssistant, entry: MockConfigEntry) -> set[str | None]:
    """Name all devices of an account."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {one.name for one in found}


def state_of(hass: HomeAssistant, platform: str, unique_id: str) -> str | None:
    """Tell what an entity shows; None where there is none."""
    entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    state = hass.states.get(entity_id) if entity_id else None
    return state.state if state else None


async def set_up(hass: HomeAssistant, username: str, password: str) -> MockConfigEntry:
    """Set a login up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=f"Odorik {username}",
        unique_id=username,
        data={"username": username, "password": password},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def test_the_lines_lie_below_their_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The device page would show a heap of lines that belong to nobody."""
    above = device(hass, account)
    assert above.entry_type is dr.DeviceEntryType.SERVICE
    assert above.name == account.title
    assert devices(hass, account) == {account.title, "Domov", "Dílna", "Line 300120"}
    for line in (300100, 300110, 300120):
        below = device(hass, account, line)
        assert below.via_device_id == above.id
        assert below.entry_type is dr.DeviceEntryType.SERVICE
        assert below.serial_number == str(line)


async def test_a_line_without_a_name_is_called_by_its_number_in_the_users_language(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A Czech home would read English, or a bare number."""
    hass.config.language = "cs"
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert device(hass, entry, 300120).name == "Linka 300120"


async def test_a_new_line_is_there_without_a_reload(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """A line bought today would be missing until the next restart."""
    first = account.runtime_data
    exchange.world.account().lines[300130] = Line(300130, "Chata", "00420910300130")
    await tick(LINES)
    added = device(hass, account, 300130)
    assert added.via_device_id == device(hass, account).id
    old = er.async_entries_for_device(er.async_get(hass), device(hass, account, 300100).id)
    assert {
        (entity.domain, entity.translation_key)
        for entity in er.async_entries_for_device(er.async_get(hass), added.id)
    } == {(entity.domain, entity.translation_key) for entity in old if not entity.disabled_by}
    assert account.runtime_data is first
    # It is a line like the others: what happens on it is shown.
    exchange.world.ring(line=300130)
    await tick(10)
    assert state_of(hass, "binary_sensor", f"{account.unique_id}_300130_ringing") == "on"


async def test_a_line_that_is_gone_takes_its_device_along(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """Lines that were cancelled years ago would stay on every page."""
    del exchange.world.account().lines[300110]
    await tick(LINES)
    assert devices(hass, account) == {account.title, "Domov", "Line 300120"}
    entities = er.async_entries_for_config_entry(er.async_get(hass), account.entry_id)
    assert not [entity for entity in entities if "_300110_" in entity.unique_id]


async def test_a_line_that_went_while_home_assistant_was_off_is_gone_after_it(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry
) -> None:
    """The device would wait for a change that has already been."""
    assert await hass.config_entries.async_unload(account.entry_id)
    del exchange.world.account().lines[300110]
    assert await hass.config_entries.async_setup(account.entry_id)
    assert devices(hass, account) == {account.title, "Domov", "Line 300120"}


async def test_a_line_that_comes_back_has_its_names_and_ids_again(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """One blunder of the operator's would cost automations and the user's own names."""
    entities = er.async_get(hass)
    unique_id = f"{account.unique_id}_300110_ringing"
    entity_id = entities.async_get_entity_id("binary_sensor", DOMAIN, unique_id)
    assert entity_id
    entities.async_update_entity(entity_id, new_entity_id="binary_sensor.workshop_rings")
    dr.async_get(hass).async_update_device(
        device(hass, account, 300110).id, name_by_user="Workshop"
    )
    line = exchange.world.account().lines.pop(300110)
    await tick(LINES)
    assert device(hass, account, 300110) is None
    exchange.world.account().lines[300110] = line
    await tick(LINES)
    assert device(hass, account, 300110).name_by_user == "Workshop"
    assert state_of(hass, "binary_sensor", unique_id) == "off"
    assert hass.states.get("binary_sensor.workshop_rings")


FAULTS: dict[str, dict[str, str]] = {
    "500": {"mode": "500"},
    "html": {"mode": "html"},
    "cut_json": {"mode": "cut_json"},
    "reset": {"mode": "reset"},
    "unauthorized": {"mode": "unauthorized"},
    "authentication_failed": {"mode": "authentication_failed"},
    "strange": {"mode": "answer", "body": '{"maintenance": true}'},
    "null": {"mode": "answer", "body": "null"},
}


@pytest.mark.parametrize("at", ["poll", "set-up"])
async def test_no_device_goes_without_a_proper_answer(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    subtests: pytest.Subtests,
    at: str,
) -> None:
    """One bad answer would delete every line, with the names and areas that the user gave them."""
    before = devices(hass, account)

    async def reload() -> None:
        await hass.config_entries.async_reload(account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    for name, fault in FAULTS.items():
        exchange.journal.clear()
        exchange.fail(**fault, times=0, path="/lines.json")
        with subtests.test(name):
            await (tick(LINES) if at == "poll" else reload())
            assert exchange.requests("/lines.json")
            assert devices(hass, account) == before
        exchange.exchange.faults.clear()
        await reload()
        with subtests.test(f"{name}, and then a proper one"):
            assert account.state is ConfigEntryState.LOADED
            assert devices(hass, account) == before


async def test_an_empty_list_deletes_nothing_and_what_follows_it_adds_nothing_twice(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The dashboard of the household would be empty, or its log full, after one odd answer."""
    before = devices(hass, account)
    exchange.fail("answer", body="[]", path="/lines.json")
    await tick(LINES)
    assert devices(hass, account) == before
    await tick(LINES)
    assert devices(hass, account) == before
    assert state_of(hass, "binary_sensor", f"{account.unique_id}_300100_registered") == "on"
    assert "unique" not in caplog.text


async def test_a_line_that_cannot_be_read_keeps_its_device(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    subtests: pytest.Subtests,
) -> None:
    """One broken row deleted a line, with the name, the room and the history that it had."""
    before = devices(hass, account)
    broken = ('{"id": "three", "name": "Dílna"}', '{"name": "Dílna"}', "7", "null", '"300110"')
    for row in broken:
        exchange.exchange.faults.clear()
        await tick(LINES)
        assert devices(hass, account) == before
        body = f'[{{"id": 300100, "name": "Domov"}}, {row}]'
        exchange.fail("answer", body=body, path="/lines.json")
        with subtests.test(row):
            await tick(LINES)
            assert devices(hass, account) == before
            # An answer that was read whole, and no longer names the line, says that it is gone.
            exchange.fail("answer", body='[{"id": 300100, "name": "Domov"}]', path="/lines.json")
            await tick(LINES)
            assert len(devices(hass, account)) == 2


async def test_a_lost_permission_leaves_the_lines_and_hides_what_is_not_known(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """The lines would vanish, or show a registration of last month as if it were of now."""
    registered = f"{account.unique_id}_300100_registered"
    assert state_of(hass, "binary_sensor", registered) == "on"
    exchange.world.denied[exchange.username] = {"lines"}
    await tick(LINES)
    assert state_of(hass, "binary_sensor", registered) == "unknown"
    # Calls are told with their line and direction all the same.
    started = async_capture_events(hass, f"{DOMAIN}_call_started")
    exchange.world.ring(line=300100)
    await tick(10)
    assert started[0].data["line_name"] == "Domov"
    assert started[0].data["direction"] == "in"
    exchange.world.denied.clear()
    await tick(LINES)
    assert state_of(hass, "binary_sensor", registered) == "on"


async def remove_by_hand(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, device_id: str
) -> bool:
    """Press the button on the device page."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "config/device_registry/remove", "device_id": device_id}
    )
    answer = await client.receive_json()
    assert answer["success"] or "rejected by integration" in answer["error"]["message"]
    return bool(answer["success"])


async def test_only_the_device_of_a_line_that_is_gone_can_be_deleted_by_hand(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    tick: Tick,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A line would disappear by a slip of the finger, or a dead one could never be got rid of."""
    assert not await remove_by_hand(hass, hass_ws_client, device(hass, account).id)
    assert not await remove_by_hand(hass, hass_ws_client, device(hass, account, 300110).id)
    # The account's last lines are cancelled: an empty list deletes nothing by itself.
    exchange.world.account().lines.clear()
    await tick(LINES)
    gone = device(hass, account, 300110)
    assert gone
    assert await remove_by_hand(hass, hass_ws_client, gone.id)
    assert device(hass, account, 300110) is None
    assert not await remove_by_hand(hass, hass_ws_client, device(hass, account).id)
    await tick(LINES)
    assert device(hass, account, 300110) is None
    # Who is not there cannot say which lines are.
    assert await hass.config_entries.async_unload(account.entry_id)
    left = device(hass, account, 300100)
    assert not await remove_by_hand(hass, hass_ws_client, left.id)


async def test_a_renamed_line_renames_its_device_unless_the_user_has(
    hass: HomeAssistant, exchange: RunningExchange, account: MockConfigEntry, tick: Tick
) -> None:
    """A new name would show after a restart only, or overwrite the user's own."""
    exchange.world.account().lines[300100].name = "Kuchyně"
    exchange.world.account().lines[300110].name = ""
    exchange.world.account().lines[300120].name = "Mobil"
    dr.async_get(hass).async_update_device(device(hass, account, 300120).id, name_by_user="Mine")
    entities = set(hass.states.async_entity_ids())
    await tick(LINES)
    assert device(hass, account, 300100).name == "Kuchyně"
    assert device(hass, account, 300110).name == "Line 300110"
    assert device(hass, account, 300120).name == "Mobil"
    assert device(hass, account, 300120).name_by_user == "Mine"
    assert set(hass.states.async_entity_ids()) == entities
    state = hass.states.get("binary_sensor.domov_ringing")
    assert state
    assert state.attributes["friendly_name"].startswith("Kuchyně ")


async def test_a_name_full_of_markup_and_emoji_makes_a_device_like_any_other(
    hass: HomeAssistant, exchange: RunningExchange, entry: MockConfigEntry
) -> None:
    """One fanciful name would keep the whole account from being set up."""
    line = exchange.world.account().lines[300100]
    line.name = "<b>Domov</b> <script>alert(1)</script> ☎️ &amp; " + "x" * 300
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    name = device(hass, entry, 300100).name
    assert name.startswith("Domov alert(1) ☎️ & xxx")
    assert len(name) <= 100
    assert state_of(hass, "binary_sensor", f"{entry.unique_id}_300100_ringing") == "off"


@pytest.mark.parametrize("may_list", [True, False])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_login_of_a_line_sees_its_one_line(
    hass: HomeAssistant,
    exchange: RunningExchange,
    tick: Tick,
    *,
    may_list: bool,
) -> None:
    """Somebody in an office would see nothing, or the calls of the colleagues."""
    if not may_list:
        exchange.world.denied["300100"] = {"lines", "public_numbers", "speed_dials"}
    entry = await set_up(hass, "300100", exchange.world.account().lines[300100].sip_password)
    name = "Domov" if may_list else "Line 300100"
    assert devices(hass, entry) == {"Odorik 300100", name}
    started = async_capture_events(hass, f"{DOMAIN}_call_started")
    exchange.world.ring(line=300110)
    exchange.world.ring(line=300100)
    await tick(10)
    assert [event.data["line"] for event in started] == [300100]
    assert started[0].data["device_id"] == device(hass, entry, 300100).id
    assert state_of(hass, "binary_sensor", "300100_300100_ringing") == "on"
    assert state_of(hass, "binary_sensor", "300100_300100_registered") == (
        "on" if may_list else "unknown"
    )


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_an_account_that_may_not_list_its_lines_is_no_line_itself(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """The registration number would turn up as a telephone line."""
    exchange.world.denied[exchange.username] = {"lines"}
    entry = await set_up(hass, exchange.username, exchange.password)
    assert devices(hass, entry) == {f"Odorik {exchange.username}"}


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_a_short_registration_number_costs_no_lines(
    hass: HomeAssistant, exchange: RunningExchange
) -> None:
    """It looks like a line's, and a lost permission would leave that one and delete all others."""
    account = quiet("123456", "another-password").account()
    exchange.world.accounts[account.user] = account
    entry = await set_up(hass, account.user, account.password)
    before = devices(hass, entry)
    exchange.world.denied[account.user] = {"lines"}
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert devices(hass, entry) >= before
    exchange.world.denied.clear()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert devices(hass, entry) == before


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_two_accounts_with_the_same_line_numbers_do_not_mix(
    hass: HomeAssistant, exchange: RunningExchange, tick: Tick
) -> None:
    """The office would ring at home, and one account's end would take the other's lines."""
    other = quiet("7654321", "another-password").account()
    other.lines[300100].name = "Ordinace"
    exchange.world.accounts[other.user] = other
    home = await set_up(hass, exchange.username, exchange.password)
    office = await set_up(hass, other.user, other.password)
    assert device(hass, home, 300100).name == "Domov"
    assert device(hass, office, 300100).name == "Ordinace"
    assert device(hass, office, 300100).via_device_id == device(hass, office).id

    started = async_capture_events(hass, f"{DOMAIN}_call_started")
    exchange.world.ring(account=other.user, line=300100)
    await tick(10)
    assert [event.data["config_entry_id"] for event in started] == [office.entry_id]
    assert started[0].data["device_id"] == device(hass, office, 300100).id
    assert started[0].data["line_name"] == "Ordinace"
    for entry, state in ((home, "off"), (office, "on")):
        assert state_of(hass, "binary_sensor", f"{entry.unique_id}_ringing") == state
        assert state_of(hass, "binary_sensor", f"{entry.unique_id}_300100_ringing") == state

    del other.lines[300100]
    await tick(LINES)
    assert device(hass, office, 300100) is None
    assert device(hass, home, 300100)
    assert await hass.config_entries.async_remove(office.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert home.state is ConfigEntryState.LOADED
    assert devices(hass, home) == {home.title, "Domov", "Dílna", "Line 300120"}


async def test_an_update_on_request_reads_lines_numbers_and_contacts(
    hass: HomeAssistant,
    account: MockConfigEntry,
    exchange: RunningExchange,
    tick: Tick,
    subtests: pytest.Subtests,
) -> None:
    """Each entity brings what was changed at the operator when a user updates it.

    Otherwise a new contact has no name for hours, and nothing can be done about it.
    """
    assert await async_setup_component(hass, "homeassistant", {})
    world = exchange.world.account()
    entities = er.async_entries_for_config_entry(er.async_get(hass), account.entry_id)
    enabled = [entity.entity_id for entity in entities if not entity.disabled]
    assert len(enabled) > 10
    for at, entity_id in enumerate(enabled):
        with subtests.test(entity_id=entity_id):
            number = f"004206040000{at:02}"
            world.contacts.append(Contact(100 + at, number, f"Contact {at}"))
            world.numbers.append(PublicNumber(f"004209100000{at:02}", "public", HOME))
            world.lines[HOME].name = f"Line {at}"
            update = {"entity_id": entity_id}
            await hass.services.async_call("homeassistant", "update_entity", update, blocking=True)
            await tick(2)
            data = account.runtime_data.account.data
            assert data.directory.name_of(number) == f"Contact {at}"
            assert data.directory.line_name(HOME) == f"Line {at}"
            assert data.directory.is_own(f"004209100000{at:02}")
            await tick(60)


async def test_updates_on_request_read_the_account_once_a_minute(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, tick: Tick
) -> None:
    """An automation that updates an entity all the time does not have the contacts read as often.

    What changed meanwhile is read when the minute is over.
    """
    assert await async_setup_component(hass, "homeassistant", {})
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{exchange.username}_active_calls"
    )
    exchange.journal.clear()
    for _ in range(30):
        update = {"entity_id": entity_id}
        await hass.services.async_call("homeassistant", "update_entity", update, blocking=True)
        await tick(10)
    assert 4 <= len(exchange.requests("/speed_dials.json")) <= 7
    exchange.world.account().contacts.append(Contact(100, "00420604000000", "Last"))
    await hass.services.async_call("homeassistant", "update_entity", update, blocking=True)
    await tick(62)
    assert account.runtime_data.account.data.directory.name_of("00420604000000") == "Last"
