"""The preview of a message: what will be sent, and errors in the user's language."""

from typing import Any

from homeassistant.components.websocket_api import ERR_UNAUTHORIZED
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from tests.accounts import add_recipient
from tests.exchange import RunningExchange

from .conftest import ACTIVE_CALLS, CardClient, restrict


@pytest.mark.parametrize(
    ("message", "text", "length", "parts"),
    [
        ("", "", 0, 0),
        (" \n", "", 0, 0),
        ("Přijdu v pět.\r\nJana", "Prijdu v pet.\nJana", 18, 1),
        ("á" * 161, "a" * 161, 161, 2),
    ],
)
async def test_a_message_is_shown_as_it_will_be_sent(
    exchange: RunningExchange, card: CardClient, message: str, text: str, length: int, parts: int
) -> None:
    """The text has no accents, and its parts are counted without asking the operator."""
    exchange.journal.clear()
    response = await card.preview(message)
    assert response["result"] == {
        "text": text,
        "length": length,
        "max_length": 765,
        "encoding": "gsm7",
        "parts": parts,
        "error": None,
    }
    assert exchange.requests("/sms") == []


async def test_a_recipient_can_keep_accents(
    hass: HomeAssistant, account: MockConfigEntry, card: CardClient
) -> None:
    """The option of a recipient does not affect others."""
    add_recipient(hass, account, "Petr", "+420777123456", keep_accents=True)
    for number, text, encoding in (
        ("00420777123456", "kůň", "ucs2"),
        ("+420602987654", "kun", "gsm7"),
    ):
        preview = (await card.preview("kůň", number=number))["result"]
        assert (preview["text"], preview["encoding"]) == (text, encoding)


@pytest.mark.parametrize(
    ("message", "language", "error"),
    [
        ("Ahoj 🐎", "cs", "Tyto znaky nelze odeslat: 🐎."),
        ("Hello 🐎", "en", "These characters cannot be sent: 🐎."),
        ("a" * 766, "cs", "Zpráva je příliš dlouhá: zabere 766 znaků, nejvýše jich může být 765."),
        (
            "a" * 766,
            "de",
            "The message is too long: it counts as 766 characters, and at most 765 are allowed.",
        ),
    ],
)
async def test_an_error_is_in_the_language_of_the_user(
    card: CardClient, message: str, language: str, error: str
) -> None:
    """Users read errors in their own language, which may not be that of Home Assistant."""
    response = await card.preview(message, language=language)
    preview = response["result"]
    assert preview["error"].startswith(error)
    assert (preview["text"], preview["parts"]) == (message, 0)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({}, "forbidden"),
        ({ACTIVE_CALLS: {"read": True}}, ERR_UNAUTHORIZED),
        ({ACTIVE_CALLS: {"read": True, "control": True}}, None),
    ],
)
async def test_a_preview_requires_the_permission_to_control_the_account(
    card: CardClient, hass_admin_user: MockUser, policy: dict[str, Any], code: str | None
) -> None:
    """The preview is for users who may send the message."""
    restrict(hass_admin_user, **policy)
    response = await card.preview("Ahoj")
    assert response.get("error", {}).get("code") == code
