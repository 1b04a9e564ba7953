"""Sending text messages."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.odorik.device import find_account
from custom_components.odorik.localize import error_text
from tests.accounts import add_recipient
from tests.conftest import Find

from .conftest import Actions, parameters

PETR, EVA = "+420777123456", "+420602987654"
MESSAGE: dict[str, Any] = {"recipient": PETR, "message": "Prší"}
SENT = {"recipient": "00420777123456", "message": "Prsi"}

SENT_MESSAGES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({"recipient": "777 123 456"}, {}),
    ({"recipient": "jan novak"}, {}),
    ({"recipient": ["Jan Novák"]}, {}),
    ({"recipient": 420777123456}, {}),
    ({"recipient": "+49 30 901820"}, {"recipient": "004930901820"}),
    ({"sender": "5517"}, {"sender": "5517"}),
    ({"sender": ""}, {}),
    ({"delay": 5}, {"delayed": "5"}),
    ({"at": "2036-07-16 10:12:14"}, {"delayed": "2036-07-16T08:12:14Z"}),
    ({"keep_accents": True}, {"message": "Prší"}),
    ({"keep_accents": False}, {}),
    ({"keep_accents": True, "message": "Привет 🔥"}, {"message": "Привет 🔥"}),
    ({"message": "+ & = € „x“"}, {"message": '+ & = € "x"'}),
]


async def test_a_message_is_sent_as_documented(
    act: Actions, freezer: FrozenDateTimeFactory, subtests: pytest.Subtests
) -> None:
    """Each field of the action reaches the operator in the documented form, once."""
    freezer.move_to("2035-07-17T00:00:00Z")
    await act.hass.config.async_set_time_zone("Europe/Prague")
    for fields, sent in SENT_MESSAGES:
        act.reset()
        with subtests.test(fields=fields):
            response = await act("send_sms", **{**MESSAGE, **fields})
            (message,) = response["messages"]
            assert message["status"] == ("enqueued" if "delayed" in sent else "sent")
            (request,) = act.exchange.requests("/sms")
            assert request.method == "POST"
            assert parameters(request) == {**SENT, **sent}


async def test_the_response_describes_each_message(act: Actions, find: Find) -> None:
    """It has the credit after the messages, and the encoding and parts of each.

    The sensor shows this credit without another request.
    """
    act.exchange.journal.clear()
    add_recipient(act.hass, act.entry, "Petr", PETR, keep_accents=True)
    before = act.world.account().credit
    response = await act("send_sms", recipient=["Petr", EVA, PETR], message="á" * 100)
    petr, eva = response["messages"]
    after = round(act.world.account().credit, 2)
    assert response["balance"] == float(find("balance").state) == after < before
    assert act.exchange.requests("/balance") == []
    assert min(petr.pop("balance"), eva.pop("balance")) == after
    assert petr == {
        "recipient": PETR,
        "name": "Petr",
        "status": "sent",
        "parts": 2,
        "encoding": "ucs2",
    }
    assert (eva["recipient"], eva["parts"], eva["encoding"]) == (EVA, 1, "gsm7")
    assert len(act.exchange.requests("/sms")) == 2


async def test_a_recipient_has_its_own_sender_and_accents(act: Actions) -> None:
    """Both apply to the name and the number of the recipient; the action may override them."""
    add_recipient(act.hass, act.entry, "Petr", PETR, sender="5517", keep_accents=True)
    for recipient in ("petr", "777123456"):
        await act("send_sms", recipient=recipient, message="Prší")
    await act("send_sms", recipient="Petr", message="Prší", sender="smsinfo", keep_accents=False)
    sent = [parameters(request) for request in act.exchange.requests("/sms")]
    own = {**SENT, "message": "Prší", "sender": "5517"}
    assert sent == [own, own, {**SENT, "sender": "smsinfo"}]


INVALID: list[tuple[dict[str, Any], str]] = [
    ({"recipient": "absent"}, "invalid_number"),
    ({"recipient": ["Jan Novák", "absent"]}, "invalid_number"),
    ({"recipient": []}, "field_invalid"),
    ({"recipient": "*100"}, "sms_not_public"),
    ({"recipient": "300110"}, "sms_not_public"),
    ({"recipient": "112"}, "sms_not_public"),
    ({"recipient": "Ústředna"}, "sms_not_public"),
    ({"recipient": "Tomáš Procházka"}, "contact_without_number"),
    ({"message": ""}, "empty_message"),
    ({"message": " \n"}, "empty_message"),
    ({"message": "\u200b"}, "empty_message"),
    ({"message": "a" * 766}, "sms_too_long"),
    ({"message": "Привет"}, "sms_unsupported_characters"),
    ({"delay": 5, "at": "2036-07-16 10:12:14"}, "field_besides"),
    ({"at": "2006-07-16 10:12:14"}, "delayed_into_past"),
    ({"at": "2106-07-16 10:12:14"}, "delayed_too_far"),
]


async def test_invalid_input_is_refused_before_anything_is_sent(
    act: Actions, subtests: pytest.Subtests
) -> None:
    """The error names what is wrong, and no recipient gets the message."""
    for fields, key in INVALID:
        with subtests.test(fields=fields):
            await act.rejects(key, "send_sms", **{**MESSAGE, **fields})
    failure = await act.rejects(
        "sms_unsupported_characters", "send_sms", **MESSAGE | {"message": "я😀"}
    )
    assert ": я😀." in str(failure)


REFUSALS = [
    "missing_argument",
    "empty_message",
    "forbidden_sender",
    "unsupported_recipient",
    "low_balance",
    "gateway_failed",
    "invalid_delay_format",
    "delayed_into_past",
    "unauthorized",
]


@pytest.mark.parametrize("language", ["en", "cs"])
async def test_each_refusal_has_its_own_text(act: Actions, language: str) -> None:
    """A refusal is reported once, in words, and the message is not sent again."""
    await act.hass.config.async_update(language=language)
    await act.hass.async_block_till_done()
    texts = set()
    for code in REFUSALS:
        act.reset()
        act.exchange.fail(f"{code} recipient", path="POST /sms")
        failure = await act.fails(code, "send_sms", **MESSAGE)
        texts.add(await error_text(act.hass, failure))
        assert len(act.exchange.requests("/sms")) == 1
    assert len(texts) == len(REFUSALS)
    assert (await error_text(act.hass, failure) == str(failure)) is (language == "en")


async def test_an_error_names_who_got_the_message_and_who_did_not(act: Actions) -> None:
    """Each recipient is tried once, even if others fail."""
    add_recipient(act.hass, act.entry, "Petr", PETR)
    act.set_options(sms_limit=2)
    failure = await act.fails(
        "sms_partly_sent", "send_sms", recipient=["Petr", EVA, "603 111 222"], message="Prší"
    )
    assert failure.translation_placeholders
    assert failure.translation_placeholders["sent"] == "Petr, Eva Dvořáková"
    assert failure.translation_placeholders["failed"].startswith("+420 603 111 222: The message")
    assert len(act.exchange.requests("/sms")) == 2
    act.set_options(sms_limit=100)
    act.exchange.fail("gateway_failed", path="POST /sms", times=0)
    await act.hass.config.async_update(language="cs")
    await act.hass.async_block_till_done()
    failure = await act.fails("sms_partly_sent", "send_sms", recipient=["Petr", EVA], message="x")
    assert failure.translation_placeholders
    assert failure.translation_placeholders["failed"].count("brána Odoriku selhala") == 2
    assert failure.translation_placeholders["sent"] == "–"  # noqa: RUF001 - an en dash.


async def test_a_sent_message_is_an_event_and_recorded_by_the_entity(
    hass: HomeAssistant, act: Actions
) -> None:
    """The event has the recipient's device, but not the text of the message."""
    events = async_capture_events(hass, "odorik_sms_sent")
    subentry_id = add_recipient(act.hass, act.entry, "Petr", PETR)
    await hass.async_block_till_done()
    entity_id = er.async_get(hass).async_get_entity_id(
        "notify", "odorik", f"1234567_{subentry_id}_sms"
    )
    assert entity_id
    before = hass.states.get(entity_id)
    context = Context()
    await act("send_sms", context=context, recipient=["Petr", EVA], message="Prší")
    petr, eva = (event.data for event in events)
    assert events[0].context is context
    assert petr.pop("device_id") == er.async_get(hass).entities[entity_id].device_id
    account = find_account(hass, act.entry)
    assert account
    assert eva["device_id"] == account.id
    assert petr == {
        "config_entry_id": act.entry.entry_id,
        "number": PETR,
        "name": "Petr",
        "status": "sent",
        "parts": 1,
        "encoding": "gsm7",
    }
    assert hass.states.get(entity_id) != before
