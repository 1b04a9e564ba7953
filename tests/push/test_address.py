"""Where the operator reaches the hook, and what becomes of that when it moves."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.odorik.const import CONF_PUSH
from custom_components.odorik.push.address import Address, async_address
from tests.conftest import Tick

from .cloud import Cloud
from .conftest import Operator, SetUp

OURS = "https://home.example.org"


@pytest.fixture
def cloud(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A cloud that the user pays for."""
    return Cloud.installed(hass, monkeypatch)


async def note(operator: Operator) -> Address:
    """Show the address, as the options do."""
    address = await async_address(operator.hass, operator.entry)
    await operator.entry.runtime_data.push.moving.async_note(address)
    return address


async def reload(operator: Operator) -> None:
    """Set the account up anew."""
    await operator.hass.config_entries.async_reload(operator.entry.entry_id)
    await operator.settle()


async def test_the_own_address_is_told_without_a_cloud(
    hass: HomeAssistant, operator: Operator
) -> None:
    """The operator cannot call an address of the house's own network."""
    await hass.config.async_update(external_url=OURS, internal_url="http://192.168.1.2:8123")
    address = await note(operator)
    assert address.url == f"{OURS}{operator.path}"
    assert address.problem is None
    assert address.for_purpose("call") == f"{OURS}{operator.path}?hook=call"


async def test_an_address_that_the_operator_cannot_reach_says_so(
    hass: HomeAssistant, operator: Operator
) -> None:
    """Somebody would wait in vain, and not know why."""
    await hass.config.async_update(internal_url="http://192.168.1.2:8123")
    address = await async_address(hass, operator.entry)
    assert address.problem == "no_external_address"
    assert address.url == f"http://192.168.1.2:8123{operator.path}"


async def test_the_address_in_the_cloud_is_told_to_who_pays_for_it(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """It works without a router that lets anybody in."""
    await hass.config.async_update(external_url=OURS)
    address = await note(operator)
    assert address.url == "https://hooks.nabu.casa/secret-1"
    assert (await async_address(hass, operator.entry)) == address
    assert cloud.made == 1
    cloud.is_paid = False
    assert (await async_address(hass, operator.entry)).url.startswith(OURS)


async def test_a_cloud_that_is_not_connected_yet_is_waited_for(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """At the start it never is, and the own address would be told for the one in the cloud."""
    await hass.config.async_update(external_url=OURS)
    await note(operator)
    cloud.connect(is_connected=False)
    await operator.settle()
    assert await async_address(hass, operator.entry) == Address(problem="cloud_not_connected")
    await reload(operator)
    assert operator.issues == set()
    cloud.connect()
    await operator.settle()
    assert operator.issues == set()
    assert cloud.made == 1


async def test_an_address_in_the_cloud_that_was_deleted_is_told(
    cloud: Cloud, operator: Operator
) -> None:
    """The operator would go on calling an address that leads nowhere."""
    await note(operator)
    cloud.forget(operator.entry.data["webhook_id"])
    assert operator.issues == {"push_address_changed"}
    await reload(operator)
    assert operator.issues == {"push_address_changed"}
    await note(operator)
    assert operator.issues == set()
    await reload(operator)
    assert operator.issues == set()


async def test_an_own_address_stays_valid_when_the_cloud_arrives(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, operator: Operator
) -> None:
    """It still answers, so nothing is reported, and no address in the cloud is created for it."""
    await hass.config.async_update(external_url=OURS)
    await note(operator)
    cloud = Cloud.installed(hass, monkeypatch)
    await reload(operator)
    cloud.connect()
    await hass.config.async_update(location_name="Elsewhere")
    # Another integration gets an address in the cloud.
    await cloud.async_get_or_create_cloudhook(hass, "another")
    await operator.settle()
    assert operator.issues == set()
    assert set(cloud.hooks) == {"another"}
    # The own address is compared whether the cloud is connected or not.
    cloud.connect(is_connected=False)
    await hass.config.async_update(external_url="https://elsewhere.example.org")
    await operator.settle()
    assert operator.issues == {"push_address_changed"}
    assert set(cloud.hooks) == {"another"}


async def test_an_address_in_the_cloud_stays_valid_beside_a_new_own_one(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """It still answers, whatever becomes of the own address and of other addresses there."""
    await note(operator)
    await hass.config.async_update(external_url=OURS)
    await cloud.async_get_or_create_cloudhook(hass, "another")
    cloud.forget("another")
    await operator.settle()
    assert operator.issues == set()


async def test_a_comparison_creates_no_address(cloud: Cloud, operator: Operator) -> None:
    """An address that was deleted in the cloud is not replaced before the user asks for it."""
    await note(operator)
    cloud.forget(operator.entry.data["webhook_id"])
    await reload(operator)
    cloud.connect()
    await operator.settle()
    assert operator.issues == {"push_address_changed"}
    assert cloud.hooks == {}


async def test_calls_count_under_an_own_address_while_the_cloud_is_away(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """Pushes do not come through the cloud then, so it is no reason to poll more often."""
    await hass.config.async_update(external_url=OURS)
    cloud.is_paid = False
    await note(operator)
    cloud.is_paid = True
    cloud.connect(is_connected=False)
    assert operator.announcements.proof.is_listening
    cloud.connect()
    await note(operator)
    cloud.connect(is_connected=False)
    assert not operator.announcements.proof.is_listening


async def test_a_changed_address_is_told_until_it_is_shown_or_is_as_before(
    hass: HomeAssistant, operator: Operator
) -> None:
    """Who moves to another domain would wonder for weeks why rings are seen so late."""
    await hass.config.async_update(external_url=OURS)
    await note(operator)
    assert operator.issues == set()
    await hass.config.async_update(external_url="https://elsewhere.example.org")
    await operator.settle()
    assert operator.issues == {"push_address_changed"}
    issue = ir.async_get(hass).issues["odorik", f"{operator.entry.entry_id}_push_address_changed"]
    shown = str(issue)
    assert issue.is_fixable
    assert "example.org" not in shown
    assert operator.entry.data["webhook_id"] not in shown
    await reload(operator)
    assert operator.issues == {"push_address_changed"}
    await hass.config.async_update(external_url=OURS)
    await operator.settle()
    assert operator.issues == set()
    await hass.config.async_update(external_url="https://elsewhere.example.org")
    await operator.settle()
    await note(operator)
    assert operator.issues == set()


async def test_an_address_that_nobody_was_shown_may_change(
    hass: HomeAssistant, operator: Operator
) -> None:
    """There would be a repair about something that nobody has done yet."""
    await hass.config.async_update(external_url=OURS)
    await hass.config.async_update(external_url="https://elsewhere.example.org")
    await operator.settle()
    assert operator.issues == set()


async def test_a_subscription_that_ends_is_told(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """The address in the cloud is gone with it."""
    await hass.config.async_update(external_url=OURS)
    await note(operator)
    cloud.is_paid = False
    await reload(operator)
    assert operator.issues == {"push_address_changed"}


async def test_turning_push_off_or_removing_it_deletes_the_address_in_the_cloud(
    hass: HomeAssistant, cloud: Cloud, operator: Operator
) -> None:
    """It would be shown on the page of the cloud for ever, and lead nowhere."""
    await note(operator)
    hass.config_entries.async_update_entry(operator.entry, options={CONF_PUSH: False})
    await reload(operator)
    assert cloud.hooks == {}
    assert cloud.listeners == 0
    hass.config_entries.async_update_entry(operator.entry, options={CONF_PUSH: True})
    await reload(operator)
    await note(operator)
    assert len(cloud.hooks) == 1
    await hass.config_entries.async_remove(operator.entry.entry_id)
    assert cloud.hooks == {}
    assert cloud.listeners == 0


@pytest.mark.parametrize("is_connected", [True, False])
async def test_an_address_that_cannot_be_deleted_stands_in_nobodys_way(
    hass: HomeAssistant, cloud: Cloud, operator: Operator, *, is_connected: bool
) -> None:
    """Removing the account would fail because of a hook that was never made."""
    cloud.is_connected = is_connected
    assert await hass.config_entries.async_remove(operator.entry.entry_id)


async def test_what_was_announced_while_the_cloud_was_away_proves_nothing(
    cloud: Cloud, operator: Operator, tick: Tick
) -> None:
    """After a night without the cloud there would be a repair; but the looks must not be rare."""
    operator.announce()
    operator.exchange.world.ring("00420602555123", "00420910123456")
    await operator.pushed()
    operator.exchange.world.end()
    for _ in range(10):
        await tick(1)
    assert operator.interval == 60
    cloud.connect(is_connected=False)
    assert operator.interval == 10
    operator.exchange.world.account().ringings.clear()
    for _ in range(3):
        operator.exchange.world.ring("00420602555123", "00420910123456")
        await tick(11)
        operator.exchange.world.end()
        operator.exchange.world.miss("00420602555123", "00420910123456")
        await tick(11)
    assert operator.interval == 10
    cloud.connect()
    await operator.settle()
    await tick(120)
    assert operator.announcements.proof.unannounced == 0
    assert operator.interval == 60


async def test_without_a_subscription_the_cloud_is_not_listened_to(
    hass: HomeAssistant, cloud: Cloud, set_up: SetUp
) -> None:
    """Whoever only has an account there has no address there."""
    cloud.is_paid = False
    operator = await set_up()
    await hass.config.async_update(external_url=OURS)
    assert (await note(operator)).url.startswith(OURS)
    assert cloud.made == 0
