"""Address of the webhook, and repairs when it changes."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.odorik.push.address import WebhookAddress, async_get_address

from .cloud import Cloud
from .conftest import ELSEWHERE, OURS, Operator, SetUp


@pytest.fixture
def cloud(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A cloud with a subscription."""
    return Cloud.installed(hass, monkeypatch)


async def test_subscribers_get_an_address_in_the_cloud(cloud: Cloud, set_up: SetUp) -> None:
    """The address in the cloud is created once, and used as long as the user subscribes.

    The end of the subscription raises a repair until the user has been shown the own address.
    """
    cloud.is_paid = False
    operator = await set_up()
    await operator.move(external_url=OURS)
    assert (await operator.show_address()).url.startswith(OURS)
    assert cloud.made == 0
    cloud.is_paid = True
    address = await operator.show_address()
    assert address.url == "https://hooks.nabu.casa/secret-1"
    assert await async_get_address(operator.hass, operator.entry) == address
    assert cloud.made == 1
    cloud.is_paid = False
    await operator.reload()
    assert operator.issues == {"push_address_changed"}
    assert (await operator.show_address()).url.startswith(OURS)
    assert operator.issues == set()


async def test_a_disconnected_cloud_is_not_a_changed_address(
    cloud: Cloud, operator: Operator
) -> None:
    """While the cloud connects, no other address is shown and no repair is raised."""
    await operator.move(external_url=OURS)
    await operator.show_address()
    cloud.connect(is_connected=False)
    await operator.settle()
    expected = WebhookAddress(error="cloud_not_connected")
    assert await async_get_address(operator.hass, operator.entry) == expected
    await operator.reload()
    assert operator.issues == set()
    cloud.connect()
    await operator.settle()
    assert operator.issues == set()
    assert cloud.made == 1


async def test_a_deleted_address_raises_a_repair_until_a_new_one_is_shown(
    cloud: Cloud, operator: Operator
) -> None:
    """A deleted address is not replaced before the user asks for the new one."""
    await operator.show_address()
    cloud.forget(operator.webhook_id)
    assert operator.issues == {"push_address_changed"}
    await operator.reload()
    cloud.connect()
    await operator.settle()
    assert operator.issues == {"push_address_changed"}
    assert cloud.hooks == {}
    await operator.show_address()
    assert operator.issues == set()
    await operator.reload()
    assert operator.issues == set()


async def test_an_own_address_stays_valid_when_the_cloud_arrives(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, operator: Operator
) -> None:
    """It still answers, so nothing is reported, and no address in the cloud is created for it."""
    await operator.move(external_url=OURS)
    await operator.show_address()
    cloud = Cloud.installed(hass, monkeypatch)
    await operator.reload()
    cloud.connect()
    await hass.config.async_update(location_name="Elsewhere")
    # Another integration gets an address in the cloud.
    await cloud.async_get_or_create_cloudhook(hass, "another")
    await operator.settle()
    assert operator.issues == set()
    assert set(cloud.hooks) == {"another"}
    # The own address is compared whether the cloud is connected or not.
    cloud.connect(is_connected=False)
    await operator.move(external_url=ELSEWHERE)
    assert operator.issues == {"push_address_changed"}
    assert set(cloud.hooks) == {"another"}


async def test_pushes_to_an_own_address_do_not_need_the_cloud(
    cloud: Cloud, operator: Operator
) -> None:
    """While the cloud is disconnected, calls are ignored only if pushes come through it."""
    await operator.move(external_url=OURS)
    cloud.is_paid = False
    await operator.show_address()
    cloud.is_paid = True
    cloud.connect(is_connected=False)
    assert operator.health.is_active
    cloud.connect()
    await operator.show_address()
    cloud.connect(is_connected=False)
    assert not operator.health.is_active


async def test_a_changed_address_raises_a_repair_until_it_is_shown_or_restored(
    operator: Operator,
) -> None:
    """The repair survives a reload, and contains no address."""
    await operator.move(external_url=OURS)
    await operator.show_address()
    assert operator.issues == set()
    await operator.move(external_url=ELSEWHERE)
    assert operator.issues == {"push_address_changed"}
    issue_id = f"{operator.entry.entry_id}_push_address_changed"
    issue = ir.async_get(operator.hass).issues["odorik", issue_id]
    assert issue.is_fixable
    assert "example.org" not in str(issue)
    assert operator.webhook_id not in str(issue)
    await operator.reload()
    assert operator.issues == {"push_address_changed"}
    await operator.move(external_url=OURS)
    assert operator.issues == set()
    await operator.move(external_url=ELSEWHERE)
    await operator.show_address()
    assert operator.issues == set()


async def test_turning_push_off_or_removing_the_account_deletes_the_address_in_the_cloud(
    cloud: Cloud, operator: Operator
) -> None:
    """No address and no listener is left in the cloud."""
    await operator.show_address()
    await operator.reload(push=False)
    assert cloud.hooks == {}
    assert cloud.listeners == 0
    await operator.reload(push=True)
    await operator.show_address()
    assert len(cloud.hooks) == 1
    await operator.hass.config_entries.async_remove(operator.entry.entry_id)
    assert cloud.hooks == {}
    assert cloud.listeners == 0


@pytest.mark.parametrize("is_connected", [True, False])
async def test_an_address_that_cannot_be_deleted_does_not_prevent_a_removal(
    cloud: Cloud, operator: Operator, *, is_connected: bool
) -> None:
    """The account is removed if there is no address in the cloud, or no connection."""
    cloud.is_connected = is_connected
    assert await operator.hass.config_entries.async_remove(operator.entry.entry_id)
