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


async def context_of(hass: HomeAssistant, group: str) -> Context:
    """Return the context of a new user in a group."""
    found = await hass.auth.async_get_group(group)
    assert found
    return Context(user_id=MockUser(groups=[found]).add_to_hass(hass).id)


async def test_administrators_users_and_automations_may_call_every_action(
    hass: HomeAssistant, hass_admin_user: MockUser, act: Actions, subtests: pytest.Subtests
) -> None:
    """Ordinary users and automations need no further permission."""
    admin, user = Context(user_id=hass_admin_user.id), await context_of(hass, GROUP_ID_USER)
    for action, data in EVERY_ACTION.items():
        for name, context in (("automation", Context()), ("admin", admin), ("user", user)):
            with subtests.test(action=action, name=name):
                assert await act(action, context, **data)


async def test_read_only_users_may_only_read(
    hass: HomeAssistant, act: Actions, subtests: pytest.Subtests
) -> None:
    """A read-only user can neither order, hang up nor export."""
    context = await context_of(hass, GROUP_ID_READ_ONLY)
    for action, data in EVERY_ACTION.items():
        act.reset()
        with subtests.test(action=action):
            if action in READING:
                assert await act(action, context, **data)
            else:
                with pytest.raises(Unauthorized):
                    await act(action, context, **data)
                assert act.exchange.journal == []


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
    context = Context(user_id=user.id)

    async def check(case: str, entities: Any, allowed: Container[str]) -> None:
        user.mock_policy({"entities": entities})
        for action, data in EVERY_ACTION.items():
            with subtests.test(case, action=action):
                if action in allowed:
                    assert await act(action, context, **data)
                else:
                    with pytest.raises(Unauthorized):
                        await act(action, context, **data)

    control = {"entity_ids": {entity_id: True}}
    await check("another entity", {"entity_ids": {"light.hall": True}}, ())
    await check("read", {"entity_ids": {entity_id: {"read": True}}}, READING)
    await check("control", control, EVERY_ACTION)
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await check("control, disabled", control, EVERY_ACTION)
    registry.async_remove(entity_id)
    await check("control, removed", control, ())
    await check("all entities", True, EVERY_ACTION)  # noqa: FBT003 - so Home Assistant writes it.


async def test_a_deleted_user_may_not_call_any_action(
    act: Actions, subtests: pytest.Subtests
) -> None:
    """A script that a deleted user has started is refused."""
    for action, data in EVERY_ACTION.items():
        with subtests.test(action=action), pytest.raises(UnknownUser):
            await act(action, Context(user_id="gone"), **data)
