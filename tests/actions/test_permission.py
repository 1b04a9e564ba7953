"""Permission to call the actions."""

from collections.abc import Container
from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.odorik.const import DOMAIN

from .conftest import EVERY_ACTION, READING, Actions


@pytest.fixture(autouse=True)
def _allowed_path(hass: HomeAssistant) -> None:
    """Allow every user to export into the configuration folder."""
    hass.config.allowlist_external_dirs.add(hass.config.config_dir)


async def assert_permitted(
    act: Actions, subtests: pytest.Subtests, case: str, context: Context, permitted: Container[str]
) -> None:
    """Check which actions a user may call; the others are refused without a request."""
    for action, data in EVERY_ACTION.items():
        act.exchange.journal.clear()
        with subtests.test(case, action=action):
            if action in permitted:
                assert await act(action, context, **data)
            else:
                with pytest.raises(Unauthorized) as failure:
                    await act(action, context, **data)
                is_unknown = isinstance(failure.value, UnknownUser)
                assert is_unknown is (case == "deleted user")
                assert act.exchange.journal == []


async def test_groups_grant_permission(
    hass: HomeAssistant, hass_admin_user: MockUser, act: Actions, subtests: pytest.Subtests
) -> None:
    """Ordinary users and automations may call every action, read-only users may only read."""

    async def context_of(group: str) -> Context:
        found = await hass.auth.async_get_group(group)
        assert found
        return Context(user_id=MockUser(groups=[found]).add_to_hass(hass).id)

    for case, context, permitted in (
        ("automation", Context(), EVERY_ACTION),
        ("administrator", Context(user_id=hass_admin_user.id), EVERY_ACTION),
        ("user", await context_of(GROUP_ID_USER), EVERY_ACTION),
        ("read-only user", await context_of(GROUP_ID_READ_ONLY), READING),
        ("deleted user", Context(user_id="gone"), {}),
    ):
        await assert_permitted(act, subtests, case, context, permitted)


async def test_permission_for_the_active_calls_is_enough(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """Users need permission for the sensor of active calls, even if it is disabled.

    Without the sensor, they need permission for all entities.
    """
    registry = er.async_get(hass)
    unique_id = f"{act.entry.unique_id}_active_calls"
    entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
    assert entity_id
    user = MockUser().add_to_hass(hass)

    async def check(case: str, entities: Any, permitted: Container[str]) -> None:
        user.mock_policy({"entities": entities})
        await assert_permitted(act, subtests, case, Context(user_id=user.id), permitted)

    control = {"entity_ids": {entity_id: True}}
    await check("another entity", {"entity_ids": {"light.hall": True}}, ())
    await check("read", {"entity_ids": {entity_id: {"read": True}}}, READING)
    await check("control", control, EVERY_ACTION)
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await check("control, disabled", control, EVERY_ACTION)
    registry.async_remove(entity_id)
    await check("control, removed", control, ())
    await check("all entities", True, EVERY_ACTION)  # noqa: FBT003 - so Home Assistant writes it.
