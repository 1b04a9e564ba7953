"""The action that writes the years anew: who may, and where there is nothing to write to."""

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.odorik.const import DOMAIN
from tests.exchange import RunningExchange
from tests.long_term import at_rest


@pytest.mark.usefixtures("recorder_mock", "account")
@pytest.mark.parametrize(
    ("group", "may"), [(GROUP_ID_ADMIN, True), (GROUP_ID_USER, False), (GROUP_ID_READ_ONLY, False)]
)
async def test_only_administrators_may(hass: HomeAssistant, group: str, *, may: bool) -> None:
    """The database is everybody's, and so are its graphs."""
    found = await hass.auth.async_get_group(group)
    assert found
    context = Context(user_id=MockUser(groups=[found]).add_to_hass(hass).id)

    async def ask() -> object:
        return await hass.services.async_call(
            DOMAIN, "rebuild_statistics", context=context, blocking=True, return_response=True
        )

    if may:
        assert await ask() == {"calls": 0, "from": None}
    else:
        with pytest.raises(Unauthorized):
            await ask()


@pytest.mark.usefixtures("recorder_mock", "account")
async def test_an_answer_is_given_only_where_it_is_asked_for(hass: HomeAssistant) -> None:
    """An automation that runs it at night wants none."""
    assert await hass.services.async_call(DOMAIN, "rebuild_statistics", blocking=True) is None


@pytest.mark.usefixtures("recorder_mock")
@pytest.mark.parametrize(
    ("refusal", "key"),
    [
        ("unauthorized", "unauthorized"),
        ("authentication_failed", "authentication_failed"),
        ("503", "cannot_connect"),
    ],
)
async def test_a_refusal_is_said_in_the_words_of_the_house(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    refusal: str,
    key: str,
) -> None:
    """The user would read of an unknown error."""
    await at_rest(account)
    exchange.fail(refusal, path="/calls.json")
    with pytest.raises(HomeAssistantError) as failure:
        await hass.services.async_call(DOMAIN, "rebuild_statistics", blocking=True)
    assert failure.value.translation_key == key


async def test_without_a_recorder_there_are_no_years(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
) -> None:
    """Whoever has turned the recorder off has a telephone all the same."""
    exchange.world.miss("00420777123456")
    await account.runtime_data.history.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not [one for one in exchange.requests("/calls.json") if "page_size" in one.params]
    with pytest.raises(HomeAssistantError) as failure:
        await hass.services.async_call(DOMAIN, "rebuild_statistics", blocking=True)
    assert failure.value.translation_key == "no_recorder"
    assert await hass.config_entries.async_remove(account.entry_id)
