"""Where an export may be written to, and by whom."""

from pathlib import Path

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.odorik.const import DOMAIN
from tests.exchange import RunningExchange


@pytest.fixture
def allowed(hass: HomeAssistant) -> Path:
    """A folder inside the configuration that Home Assistant allows."""
    folder = Path(hass.config.path("exports"))
    folder.mkdir()
    hass.config.allowlist_external_dirs.add(str(folder))
    return folder


async def export(hass: HomeAssistant, path: str, user: MockUser | None) -> None:
    """Export as a user, or as an automation."""
    await hass.services.async_call(
        DOMAIN,
        "export_calls",
        {"start": "2000-01-01", "format": "json", "path": path},
        blocking=True,
        context=Context(user_id=user.id if user else None),
    )


def a_user(hass: HomeAssistant) -> MockUser:
    """Somebody of the household, who may control everything but is no administrator."""
    user = MockUser(is_owner=False).add_to_hass(hass)
    user.mock_policy({"entities": True})
    return user


@pytest.mark.usefixtures("account", "allowed")
@pytest.mark.parametrize(
    "path",
    [
        "zigbee2mqtt/coordinator_backup.json",
        "notes.txt",
        "exports/../notes.txt",
        "{config}/notes.txt",
    ],
)
async def test_who_is_no_administrator_overwrites_no_file_of_the_configuration(
    hass: HomeAssistant, exchange: RunningExchange, path: str
) -> None:
    """A child's login could have destroyed the backup of the whole Zigbee network."""
    exchange.world.fill(3)
    config = Path(hass.config.config_dir)
    target = (config / path.format(config=config)).resolve()
    target.parent.mkdir(exist_ok=True)
    target.write_text("precious", "utf-8")
    with pytest.raises(ServiceValidationError) as refusal:
        await export(hass, path.format(config=config), a_user(hass))
    assert refusal.value.translation_key == "path_not_allowed_for_users"
    assert target.read_text("utf-8") == "precious"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("path", ["exports/calls.json", "{allowed}/calls.json"])
async def test_who_is_no_administrator_may_write_where_home_assistant_allows(
    hass: HomeAssistant, exchange: RunningExchange, allowed: Path, path: str
) -> None:
    """The allow-list says what is meant for everybody."""
    exchange.world.fill(3)
    await export(hass, path.format(allowed=allowed), a_user(hass))
    assert (allowed / "calls.json").exists()


@pytest.mark.parametrize("who", ["administrator", "automation"])
async def test_administrators_and_automations_keep_the_relative_form(
    *,
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    hass_admin_user: MockUser,
    who: str,
) -> None:
    """Automations of today would stop writing their monthly file."""
    assert account.title
    exchange.world.fill(3)
    target = Path(hass.config.path("odorik/calls.json"))
    await export(hass, "odorik/calls.json", hass_admin_user if who == "administrator" else None)
    assert await hass.async_add_executor_job(target.exists)
