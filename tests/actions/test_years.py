"""Rebuilding the long-term statistics."""

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.odorik.const import DOMAIN
from tests.long_term import at_rest

from .conftest import Actions

REBUILD = "rebuild_statistics"


@pytest.mark.usefixtures("recorder_mock")
@pytest.mark.parametrize(
    ("group", "is_allowed"),
    [(GROUP_ID_ADMIN, True), (GROUP_ID_USER, False), (GROUP_ID_READ_ONLY, False)],
)
async def test_only_administrators_may_rebuild(
    hass: HomeAssistant, act: Actions, group: str, *, is_allowed: bool
) -> None:
    """Other users are refused, since the statistics belong to all users."""
    found = await hass.auth.async_get_group(group)
    assert found
    context = Context(user_id=MockUser(groups=[found]).add_to_hass(hass).id)
    if is_allowed:
        assert await act(REBUILD, context) == {"calls": 0, "from": None}
    else:
        with pytest.raises(Unauthorized):
            await act(REBUILD, context)


@pytest.mark.usefixtures("recorder_mock", "account")
async def test_the_response_is_optional(hass: HomeAssistant) -> None:
    """An automation can rebuild the statistics without requesting a response."""
    assert await hass.services.async_call(DOMAIN, REBUILD, blocking=True) is None


@pytest.mark.usefixtures("recorder_mock")
@pytest.mark.parametrize(
    ("mode", "key"),
    [
        ("unauthorized", "unauthorized"),
        ("authentication_failed", "authentication_failed"),
        ("503", "cannot_connect"),
    ],
)
async def test_a_failure_has_a_translated_message(act: Actions, mode: str, key: str) -> None:
    """A failure of the operator is reported like that of any other action."""
    await at_rest(act.entry)
    act.exchange.fail(mode, path="/calls.json")
    await act.fails(key, REBUILD)


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
