"""Test the recipients of text messages: their forms, devices and notify entities."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from .accounts import device_of, get_state, reload
from .conftest import Tick
from .exchange import RunningExchange
from .forms import open_subentry, send_subentry, suggested_in

PETR = {"name": "Petr", "number": "777 123 456", "keep_accents": False}
EVA = {"name": "Eva", "number": "+420 602 987 654", "keep_accents": True, "sender": "5517"}


async def add(hass: HomeAssistant, entry: MockConfigEntry, values: dict[str, Any]) -> str:
    """Add a recipient by the form; return the ID of the subentry."""
    result = await send_subentry(hass, await open_subentry(hass, entry, "recipient"), values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return list(entry.subentries)[-1]


def entity_of(hass: HomeAssistant, subentry_id: str) -> str | None:
    """Return the notify entity of a recipient."""
    unique_id = f"1234567_{subentry_id}_sms"
    return er.async_get(hass).async_get_entity_id("notify", "odorik", unique_id)


async def notify(hass: HomeAssistant, *entity_ids: str, **data: Any) -> None:
    """Send a message through notify entities."""
    target = {"entity_id": list(entity_ids)}
    await hass.services.async_call(
        "notify", "send_message", {"message": "Prší", **data}, target=target, blocking=True
    )


async def test_a_recipient_is_added_without_a_reload(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The form creates a device below the account's and a notify entity."""
    data = account.runtime_data
    subentry_id = await add(hass, account, PETR)
    assert account.runtime_data is data
    subentry = account.subentries[subentry_id]
    assert (subentry.title, subentry.unique_id) == ("Petr", "+420777123456")
    assert subentry.data == {"number": "+420777123456", "keep_accents": False}
    entity_id = entity_of(hass, subentry_id)
    assert entity_id == "notify.petr_sms"
    assert get_state(hass, entity_id).name == "Petr SMS"
    device = device_of(hass, account, subentry_id)
    known = er.async_get(hass).entities[entity_id]
    assert known.config_subentry_id == device.config_subentry_id == subentry_id
    assert known.device_id == device.id
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.via_device_id == device_of(hass, account).id
    await notify(hass, entity_id)
    assert exchange.messages == [("00420777123456", "Prsi")]


async def test_the_form_offers_the_allowed_senders(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """Those of Czech networks come first; without a response, there are no others."""

    async def senders() -> list[str]:
        form = await open_subentry(hass, account, "recipient")
        config: dict[str, Any] = form["data_schema"].schema["sender"].config
        assert config["custom_value"]
        options: list[str] = config["options"]
        return options

    czech = ["Odorik.cz", "smsinfo", "5517"]
    assert await senders() == [*czech, "00420799300120"]
    exchange.fail("500", path="allowed_sender")
    assert await senders() == czech
    await hass.config_entries.async_unload(account.entry_id)
    assert await senders() == czech


INVALID: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"number": "*100"}, {"number": "not_public"}),
    ({"number": "300110"}, {"number": "not_public"}),
    ({"number": "112"}, {"number": "not_public"}),
    ({"number": "Petr"}, {"number": "not_public"}),
    ({"name": " "}, {"name": "name_missing"}),
    ({"name": "EVA"}, {"name": "name_taken"}),
    ({"name": "eva", "number": ""}, {"name": "name_taken", "number": "not_public"}),
]


@pytest.mark.parametrize(("change", "errors"), INVALID)
async def test_an_invalid_form_can_be_corrected(
    hass: HomeAssistant, account: MockConfigEntry, change: dict[str, Any], errors: dict[str, str]
) -> None:
    """The form names the wrong fields and keeps what was entered."""
    await add(hass, account, EVA)
    form = await open_subentry(hass, account, "recipient")
    form = await send_subentry(hass, form, PETR | change)
    assert form["errors"] == errors
    assert suggested_in(form) == PETR | change
    assert (await send_subentry(hass, form, PETR))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_number_is_not_added_twice(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """Spaces and the country code make no difference, even when a recipient is changed."""
    await add(hass, account, PETR)
    eva = await add(hass, account, EVA)
    same = {**PETR, "name": "Other", "number": "+420 777123456"}
    for subentry_id in (None, eva):
        form = await open_subentry(hass, account, "recipient", subentry_id)
        result = await send_subentry(hass, form, same)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_a_changed_recipient_keeps_its_entity(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The new name, number, sender and accents apply at once, without a reload."""
    data = account.runtime_data
    subentry_id = await add(hass, account, PETR)
    entity_id = entity_of(hass, subentry_id)
    assert entity_id
    form = await open_subentry(hass, account, "recipient", subentry_id)
    assert suggested_in(form) == {**PETR, "number": "+420 777 123 456"}
    result = await send_subentry(hass, form, EVA)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert account.runtime_data is data
    assert account.subentries[subentry_id].unique_id == "+420602987654"
    assert entity_of(hass, subentry_id) == entity_id
    assert device_of(hass, account, subentry_id).name == "Eva"
    await notify(hass, entity_id)
    assert exchange.messages == [("00420602987654", "Prší")]
    assert exchange.requests("/sms")[0].params["sender"] == "5517"


async def test_a_deleted_recipient_leaves_nothing_behind(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The device and the entity are deleted, and the number can be added again."""
    subentry_id = await add(hass, account, PETR)
    hass.config_entries.async_remove_subentry(account, subentry_id)
    await hass.async_block_till_done()
    assert entity_of(hass, subentry_id) is None
    assert device_of(hass, account, subentry_id) is None
    assert hass.states.get("notify.petr_sms") is None
    again = await add(hass, account, PETR)
    assert entity_of(hass, again) == "notify.petr_sms"


async def test_recipients_survive_a_reload_and_a_change_of_the_lines(
    hass: HomeAssistant, account: MockConfigEntry, tick: Tick, exchange: RunningExchange
) -> None:
    """Devices of lines that no longer exist are removed, those of recipients are not."""
    subentry_id = await add(hass, account, PETR)
    del exchange.world.account().lines[300110]
    await tick(1000)
    assert await reload(hass, account)
    assert entity_of(hass, subentry_id) == "notify.petr_sms"
    assert hass.states.get("notify.petr_sms")
    await notify(hass, "notify.petr_sms")
    assert len(exchange.messages) == 1


async def test_the_title_is_part_of_the_message(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The state is the time of the message, and the event has the context of the action."""
    await add(hass, account, PETR)
    events = async_capture_events(hass, "odorik_sms_sent")
    context = Context()
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.petr_sms", "title": "Alarm", "message": "Někdo je u dveří"},
        blocking=True,
        context=context,
    )
    assert exchange.messages == [("00420777123456", "Alarm: Nekdo je u dveri")]
    assert [event.context for event in events] == [context]
    assert get_state(hass, "notify.petr_sms").state != "unknown"


async def test_a_failed_message_is_reported(
    hass: HomeAssistant, account: MockConfigEntry, exchange: RunningExchange
) -> None:
    """The state stays, and the message is neither repeated nor cut."""
    await add(hass, account, PETR)
    exchange.fail("low_balance", path="POST /sms")
    with pytest.raises(HomeAssistantError, match="credit is too low"):
        await notify(hass, "notify.petr_sms")
    with pytest.raises(ServiceValidationError, match="too long"):
        await notify(hass, "notify.petr_sms", title="x", message="a" * 764)
    assert len(exchange.messages) == 1
    assert get_state(hass, "notify.petr_sms").state == "unknown"
