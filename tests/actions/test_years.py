"""Rebuilding the long-term statistics."""

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.odorik.const import DOMAIN

from .conftest import Actions

REBUILD = "rebuild_statistics"


@pytest.mark.usefixtures("recorder_mock")
async def test_only_administrators_and_automations_may_rebuild(
    hass: HomeAssistant, act: Actions, hass_admin_user: MockUser
) -> None:
    """Other users are refused, since the statistics belong to all users."""
    assert await act(REBUILD, Context(user_id=hass_admin_user.id)) == {"calls": 0, "from": None}
    assert await hass.services.async_call(DOMAIN, REBUILD, blocking=True) is None
    user = MockUser(is_owner=False).add_to_hass(hass)
    user.mock_policy({"entities": True})
    with pytest.raises(Unauthorized):
        await act(REBUILD, Context(user_id=user.id))


async def test_without_a_recorder_there_are_no_statistics(
    hass: HomeAssistant, act: Actions
) -> None:
    """Without the recorder no history is imported, and the action says why it fails."""
    act.world.miss("00420777123456")
    await act.entry.runtime_data.history.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not [it for it in act.exchange.requests("/calls.json") if "page_size" in it.params]
    await act.fails("no_recorder", REBUILD)
    assert await hass.config_entries.async_remove(act.entry.entry_id)
