"""The card is notified of calls, of its account and of permissions."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.odorik.const import CONF_CALLER
from simulator.world import World
from simulator.world.accounts import Contact
from tests.accounts import JAN, add_account, add_recipient, make_entry, set_up
from tests.conftest import AccountAction, Tick
from tests.exchange import RunningExchange

from .conftest import ACTIVE_CALLS, CardClient, Connect, restrict


async def test_a_call_is_shown_as_it_happens(
    account: MockConfigEntry, world: World, tick: Tick, card: CardClient
) -> None:
    """A subscription begins with the account, and follows a call until its record."""
    shown = await card.subscribe()
    assert shown["state"] == "loaded"
    assert shown["config_entry_id"] == account.entry_id
    assert shown["may_control"]
    assert shown["caller"] is None
    assert shown["recipients"] == []
    assert shown["figures"]["balance"] == "sensor.odorik_1234567_credit"
    assert shown["inbox"] == "todo.odorik_1234567_missed_calls"
    assert [line["name"] for line in shown["lines"]] == ["Domov", "Dílna", None]
    jan = {"number": "+420777123456", "name": "Jan Novák mobil", "formatted": "+420 777 123 456"}
    assert jan in shown["contacts"]
    # A contact that cannot be dialled is not suggested.
    assert not any(contact["number"].startswith("skype") for contact in shown["contacts"])
    assert (await card.event())["calls"] == []

    call = world.ring(JAN)
    await tick(10)
    event = await card.event()
    assert event["is_reachable"]
    assert [(one["name"], one["formatted"]) for one in event["calls"]] == [
        (jan["name"], jan["formatted"])
    ]
    world.end(call.id)
    await tick(3)
    assert (await card.event())["calls"] == []
    await tick(5)
    event = await card.event()
    assert event["recorded"]["status"] == "missed"
    assert event["recorded"]["number"] == "+420777123456"


async def test_an_unreachable_operator_is_shown(
    exchange: RunningExchange, tick: Tick, card: CardClient
) -> None:
    """An outdated list of calls does not look like an empty one."""
    await card.subscribe()
    assert (await card.event())["is_reachable"]
    exchange.fail("503", path="/active_calls", times=0)
    await tick(10)
    assert not (await card.event())["is_reachable"]


async def test_a_subscription_survives_a_reload_and_a_removal(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    tick: Tick,
    reload: AccountAction,
    card: CardClient,
) -> None:
    """An open card follows its account after an option has changed, and shows its removal."""
    await card.subscribe()
    await card.event()
    await reload()
    assert (await card.event())["account"]["state"] == "not_loaded"
    assert (await card.event())["account"]["state"] == "loaded"
    assert (await card.event())["calls"] == []
    world.ring(JAN)
    await tick(10)
    assert len((await card.event())["calls"]) == 1
    await hass.config_entries.async_remove(account.entry_id)
    assert (await card.event())["account"]["state"] == "not_loaded"
    assert (await card.event())["account"] == {"state": "missing"}


async def test_an_ended_subscription_leaves_no_listener(
    account: MockConfigEntry, card: CardClient
) -> None:
    """Visits to the dashboard do not accumulate listeners."""
    data = account.runtime_data
    before = len(data.active._listeners), len(data.account._listeners)
    await card.socket.send_json({"id": 7, "type": "odorik/subscribe"})
    for _ in range(3):
        await card.socket.receive_json()
    assert len(data.active._listeners) > before[0]
    await card.socket.send_json({"id": 8, "type": "unsubscribe_events", "subscription": 7})
    assert (await card.socket.receive_json())["success"]
    assert (len(data.active._listeners), len(data.account._listeners)) == before


async def test_a_disabled_account_does_not_hide_another(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange, card: CardClient
) -> None:
    """A card without a chosen account shows the first that is not disabled."""
    second = add_account(exchange)
    other = make_entry(second.user, second.password)
    assert await set_up(hass, other)
    await hass.config_entries.async_set_disabled_by(account.entry_id, ConfigEntryDisabler.USER)
    assert (await card.subscribe())["config_entry_id"] == other.entry_id


@pytest.mark.parametrize(
    ("policy", "state", "may_control"),
    [
        ({}, "forbidden", None),
        ({ACTIVE_CALLS: {"read": True}}, "loaded", False),
        ({ACTIVE_CALLS: {"read": True, "control": True}}, "loaded", True),
    ],
)
async def test_an_account_is_shown_to_users_who_may_read_it(
    card: CardClient,
    hass_admin_user: MockUser,
    *,
    policy: dict[str, Any],
    state: str,
    may_control: bool | None,
) -> None:
    """The permissions for the active calls decide about the calls."""
    restrict(hass_admin_user, **policy)
    shown = await card.subscribe()
    assert shown["state"] == state
    assert shown.get("may_control") is may_control
    # The figures are separate entities, which the policy does not include.
    assert not shown.get("figures")
    if state == "forbidden":
        assert shown == {"state": "forbidden"}


async def test_a_revoked_permission_ends_the_subscription(
    world: World, tick: Tick, card: CardClient, hass_admin_user: MockUser
) -> None:
    """An open card shows no call that comes after its user lost the permission."""
    await card.subscribe()
    await card.event()
    restrict(hass_admin_user)
    hass_admin_user.invalidate_cache()
    world.ring(JAN)
    await tick(10)
    assert await card.event() == {"account": {"state": "forbidden"}}


async def test_a_card_can_choose_its_account(account: MockConfigEntry, connect: Connect) -> None:
    """A card shows the account in its configuration, or that it is missing."""
    shown = await (await connect()).subscribe(config_entry_id=account.entry_id)
    assert shown["config_entry_id"] == account.entry_id
    shown = await (await connect()).subscribe(config_entry_id="another")
    assert shown == {"state": "missing"}


async def test_changes_of_entities_are_followed(hass: HomeAssistant, card: CardClient) -> None:
    """An open card is sent the new IDs of its entities, and the end of a disabled to-do list."""
    account = await card.subscribe()
    await card.event()
    registry = er.async_get(hass)
    registry.async_update_entity(account["figures"]["balance"], new_entity_id="sensor.renamed")
    assert (await card.next("account"))["figures"]["balance"] == "sensor.renamed"
    registry.async_update_entity(account["inbox"], new_entity_id="todo.renamed")
    assert (await card.next("account"))["inbox"] == "todo.renamed"
    registry.async_update_entity("todo.renamed", disabled_by=er.RegistryEntryDisabler.USER)
    assert (await card.next("account"))["inbox"] is None


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("+420603111222", {"name": None, "formatted": "+420 603 111 222"}),
        ("00420777123456", {"name": "Jan Novák mobil", "formatted": "+420 777 123 456"}),
        ("300100", {"name": "Domov", "formatted": "300100"}),
    ],
)
async def test_the_phone_that_rings_first_is_formatted(
    hass: HomeAssistant,
    account: MockConfigEntry,
    card: CardClient,
    caller: str,
    expected: dict[str, Any],
) -> None:
    """The card shows the number in the options formatted like all other numbers."""
    hass.config_entries.async_update_entry(account, options={CONF_CALLER: caller})
    await hass.async_block_till_done()
    shown = await card.subscribe()
    assert shown["caller"] == {"number": caller} | expected


async def waiting_callers(card: CardClient) -> dict[str | None, bool]:
    """Return whether the next waiting callers may be written to, by number."""
    waiting = await card.next("waiting")
    return {caller["number"]: caller["may_write"] for caller in waiting}


async def test_only_known_mobile_numbers_may_be_written_to(
    hass: HomeAssistant, account: MockConfigEntry, world: World, tick: Tick, card: CardClient
) -> None:
    """A caller with a mobile number is a contact or a recipient, or cannot be written to."""
    known = {
        "+420777123456": True,  # a contact
        "+420601222333": False,  # a stranger
        "+420224111222": False,  # a contact with a landline
        None: False,
    }
    world.account().contacts.append(Contact(shortcut=67, number="00420224111222", name="Office"))
    for number in known:
        world.miss((number or "").replace("+", "00"))
    await tick(3)
    await account.runtime_data.history.async_refresh()
    await account.runtime_data.account.async_refresh()
    await card.subscribe()
    assert await waiting_callers(card) == known

    add_recipient(hass, account, "Petr", "+420601222333")
    assert (await card.event())["account"]["recipients"] == [
        {"number": "+420601222333", "name": "Petr", "formatted": "+420 601 222 333"}
    ]
    assert await waiting_callers(card) == known | {"+420601222333": True}


async def test_a_user_who_may_only_read_may_not_write(
    account: MockConfigEntry, world: World, tick: Tick, card: CardClient, hass_admin_user: MockUser
) -> None:
    """Messages cost money, so they require the permission to control the account."""
    world.miss(JAN)
    await tick(3)
    await account.runtime_data.history.async_refresh()
    restrict(hass_admin_user, **{ACTIVE_CALLS: {"read": True}})
    await card.subscribe()
    assert await waiting_callers(card) == {"+420777123456": False}
