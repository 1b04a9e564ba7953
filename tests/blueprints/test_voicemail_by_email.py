"""Voicemail that Odorik sends by e-mail, read by Home Assistant's IMAP integration."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest.mock import AsyncMock, Mock

from aioimaplib import Response  # type: ignore[import-untyped]
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_mock_service,
)

from scripts.demo import VOICEMAIL, voicemail_event

from .conftest import HOME, JAN, MINE, MY_NUMBER, STRANGER, Harness, Phone

MISSED_CALLS = "todo.odorik_1234567_missed_calls"
SAMPLE = VOICEMAIL.read_bytes()
SUBJECT = "Hlasova zprava 777123456 -> 910123456 delka 8s"


def mail(text: str | None = None, **headers: str) -> bytes:
    """Return the sample with other headers or another text."""
    message = message_from_bytes(SAMPLE, policy=policy.default)
    assert isinstance(message, EmailMessage)
    headers.setdefault("Message-ID", f"<{hash((text, *headers.values()))}@odorik.cz>")
    for name, value in headers.items():
        message.replace_header(name, value)
    if text is not None:
        part = message.get_body()
        assert isinstance(part, EmailMessage)
        part.set_content(text)
    return message.as_bytes()


@dataclass
class Voicemail:
    """A mailbox that Home Assistant reads, and a phone with the notifications."""

    harness: Harness
    phone: Phone
    client: AsyncMock = field(default_factory=AsyncMock)
    mails: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set the responses of the client, which the IMAP integration polls."""
        self.client.has_capability = Mock(return_value=False)
        self.client.has_pending_idle = Mock(return_value=False)
        self.client.protocol = Mock()
        self.client.search = self._search
        self.client.fetch = self._fetch

    async def _search(self, _criteria: str, charset: str) -> Response:
        numbers = " ".join(str(number) for number in range(1, len(self.mails) + 1))
        return Response("OK", [numbers.encode(charset), b"done"])

    async def _fetch(self, number: str, _parts: str) -> Response:
        return Response("OK", [b"FETCH", self.mails[int(number) - 1], b")", b"done"])

    async def add(self, **inputs: Any) -> None:
        """Add the automation."""
        phones = [self.phone.device_id]
        await self.harness.add(
            "voicemail_by_email", list=MISSED_CALLS, phones=phones, caller=MY_NUMBER, **inputs
        )

    async def deliver(self, content: bytes = SAMPLE) -> None:
        """Deliver an e-mail, and wait until Home Assistant has read it."""
        self.mails.append(content)
        await self.harness.tick(10)
        await self.harness.hass.async_block_till_done(wait_background_tasks=True)

    async def press(self, title: str) -> None:
        """Press a button of the only notification."""
        await self.phone.press(self.push, title)

    @property
    def push(self) -> dict[str, Any]:
        """The only notification."""
        (push,) = self.phone.shown
        return push

    @property
    def message(self) -> str:
        """The text of the only notification."""
        return str(self.push["message"])

    @property
    def buttons(self) -> list[str]:
        """The buttons of the only notification."""
        return [button["title"] for button in self.push["data"]["actions"]]

    @property
    def seen(self) -> list[str]:
        """The numbers of the e-mails that were marked as read."""
        return [call.args[0] for call in self.client.store.await_args_list]


@pytest.fixture
async def mailbox(
    harness: Harness,
    account: MockConfigEntry,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Voicemail:
    """A mailbox that Home Assistant reads, without an automation."""
    voicemail = Voicemail(harness, harness.add_phone("Jana"))
    for module in ("", ".coordinator", ".services"):
        connect = AsyncMock(return_value=voicemail.client)
        monkeypatch.setattr(f"homeassistant.components.imap{module}.connect_to_server", connect)
    data = {
        "server": "imap.example.net",
        "port": 993,
        "username": "doma@example.net",
        "password": "secret",
        "charset": "utf-8",
        "folder": "INBOX",
        "search": "UnSeen UnDeleted",
    }
    entry = MockConfigEntry(domain="imap", entry_id="mailbox", data=data)
    entry.add_to_hass(harness.hass)
    assert await harness.hass.config_entries.async_setup(entry.entry_id)
    await harness.hass.async_block_till_done()
    return voicemail


@pytest.fixture
async def voicemail(mailbox: Voicemail) -> Voicemail:
    """A phone that is notified of voicemail from a missed call of Jan."""
    await mailbox.add(mailbox="mailbox")
    mailbox.harness.world.miss(JAN, line=HOME)
    await mailbox.harness.read_history()
    assert mailbox.harness.is_state(MISSED_CALLS, "1")
    return mailbox


async def test_a_voicemail_is_shown_with_its_transcript(voicemail: Voicemail) -> None:
    """The notification has the name, the number, the length and all lines of the transcript."""
    await voicemail.deliver()
    assert voicemail.push["title"] == "Voicemail"
    assert voicemail.message == (
        "Jan Novák mobil · +420 777 123 456 · 8 s\n"
        "Ahoj, tady Jan. V pondělí nepřijedu,\n"
        "zavolej mi prosím zpátky."
    )
    assert voicemail.buttons == ["Call back", "Done"]
    assert voicemail.seen == ["1"]


async def test_the_demo_fires_the_same_event(voicemail: Voicemail, hass: HomeAssistant) -> None:
    """The demo has no mailbox, but its event is that of the IMAP integration for the sample."""
    events = async_capture_events(hass, "imap_content")
    await voicemail.deliver()
    (event,) = events
    expected = voicemail_event()
    del expected["entry_id"]
    assert {name: event.data[name] for name in expected} == expected


async def test_the_other_button_ticks_the_caller_off(voicemail: Voicemail) -> None:
    """The caller leaves the list of missed calls, and no call is ordered."""
    await voicemail.deliver()
    await voicemail.press("Done")
    assert voicemail.harness.is_state(MISSED_CALLS, "0")
    assert voicemail.phone.shown == []
    assert voicemail.harness.callbacks == []


async def test_a_failed_callback_is_reported(voicemail: Voicemail) -> None:
    """A callback that fails is not repeated, and the phone says that it failed."""
    await voicemail.deliver()
    voicemail.harness.exchange.fail("callback_failed", path="/callback")
    await voicemail.press("Call back")
    assert len(voicemail.harness.callbacks) == 1
    assert voicemail.message.startswith("The callback may not have been ordered.")


@pytest.mark.parametrize(
    ("text", "transcript"),
    [
        ("Prehrana zprava cislo 1-Hlasova schranka,voicemail v priloze.\n", "No transcript"),
        ("", "No transcript"),
        ("--- Přepis hlasové zprávy (google_v2) ---\n\nVíce informací o přepisu", "No transcript"),
        ("--- Přepis hlasové zprávy (google_v2) ---\n12345\n", "12345"),
        ("--- Přepis hlasové zprávy (google_v3) ---\r\n{{ 1 + 1 }}\r\n", "{{ 1 + 1 }}"),
        (
            "--- Přepis hlasové zprávy (google_v2) ---\nJe tu kurýr.\n\nv1: Je tu kuryr.\n",
            "Je tu kurýr.",
        ),
        (
            (
                "--- Přepis hlasové zprávy (google_v2) ---\nPrvní.\n\nDruhý.\n\n"
                "Více informací o přepisu nahrávky na text:\nhttps://example.net/\n"
            ),
            "První.\n\nDruhý.",
        ),
    ],
)
async def test_the_transcript_is_found(voicemail: Voicemail, text: str, transcript: str) -> None:
    """A transcript can be missing, or have several lines or only digits; it is never a template."""
    await voicemail.deliver(mail(text))
    heading, message = voicemail.message.split("\n", 1)
    assert heading == "Jan Novák mobil · +420 777 123 456 · 8 s"
    assert message == transcript


@pytest.mark.parametrize("caller", ["", "anonymous ", "skryté číslo "])
async def test_a_withheld_number_has_no_button_to_call_back(
    voicemail: Voicemail, caller: str
) -> None:
    """A withheld number can be ticked off, together with all other withheld numbers."""
    voicemail.harness.world.miss("", line=HOME)
    await voicemail.harness.read_history()
    await voicemail.deliver(mail(Subject=f"Hlasova zprava {caller}-> 910123456 delka 65s"))
    assert voicemail.message.startswith("Withheld number · 65 s\nAhoj")
    assert voicemail.buttons == ["Done"]
    await voicemail.press("Done")
    assert voicemail.harness.is_state(MISSED_CALLS, "1")


async def test_a_caller_who_is_not_in_the_history_cannot_be_called_back(
    voicemail: Voicemail, subtests: pytest.Subtests
) -> None:
    """There is no button: a forged e-mail could otherwise lead to an expensive number."""
    for written, shown in (
        ("602555123", "+420 602 555 123"),
        ("+421905123456", "+421905123456"),
        ("00421905123456", "+421905123456"),
        ("420602555123", "+420 602 555 123"),
        ("906123456", "+420 906 123 456"),
    ):
        with subtests.test(written=written):
            await voicemail.deliver(mail(Subject=f"Hlasova zprava {written} -> 910123456 delka 8s"))
            push = voicemail.phone.shown[-1]
            assert push["message"].startswith(f"{shown} · 8 s\n")
            assert [button["title"] for button in push["data"]["actions"]] == ["Done"]


async def test_a_stranger_who_called_can_be_called_back(voicemail: Voicemail) -> None:
    """A number in the history has a button, even without a name; it works once."""
    voicemail.harness.world.miss(STRANGER, line=HOME)
    await voicemail.harness.read_history()
    await voicemail.deliver(mail(Subject="Hlasova zprava 602555123 -> 910123456 delka 8s"))
    assert voicemail.message.startswith("+420 602 555 123 · 8 s\n")
    assert voicemail.buttons == ["Call back", "Done"]
    await voicemail.press("Call back")
    assert voicemail.harness.callbacks == [(STRANGER, MINE)]
    assert voicemail.phone.shown == []
    assert voicemail.harness.is_state(MISSED_CALLS, "2")


async def test_an_outage_hides_neither_the_number_nor_the_transcript(voicemail: Voicemail) -> None:
    """Without the history, there is no name and no button to call back."""
    voicemail.harness.exchange.fail("503", times=0)
    await voicemail.deliver()
    assert voicemail.message.startswith("+420 777 123 456 · 8 s\nAhoj")
    assert voicemail.buttons == ["Done"]


async def test_other_mails_are_ignored(voicemail: Voicemail, subtests: pytest.Subtests) -> None:
    """Only mails with the sender and the subject of voicemail are shown, or marked as read."""
    for headers in (
        {"From": "Odorik.cz <voicemail@example.net>"},
        {"From": "voicemail@odorik.cz <mallory@example.net>"},
        {"From": "voicemail@odorik.cz.example.net"},
        {"Subject": "SMS na pevnou linku"},
        {"Subject": f"Re: {SUBJECT}"},
        {"Subject": f"{SUBJECT}, prosím odpovězte"},
        {"Subject": "Hlasova zprava"},
    ):
        with subtests.test(**headers):
            await voicemail.deliver(mail(**headers))
            assert voicemail.phone.pushed == []
            assert voicemail.seen == []
    await voicemail.deliver()
    assert voicemail.seen == ["8"]


@pytest.mark.parametrize(("selected", "count"), [("", 1), ("another", 0)])
async def test_each_mail_of_the_selected_mailbox_is_shown_once(
    hass: HomeAssistant, mailbox: Voicemail, selected: str, count: int
) -> None:
    """Home Assistant reports the newest mail again after a new connection.

    Further actions have the text of the notification.
    """
    actions = async_mock_service(hass, "test", "show")
    show = {"action": "test.show", "data": {"text": "{{ message }}"}}
    await mailbox.add(mailbox=selected, mark_as_read=False, actions=[show])
    await mailbox.deliver()
    await mailbox.deliver()
    assert len(mailbox.phone.pushed) == count
    texts = [action.data["text"].split("\n")[0] for action in actions]
    assert texts == ["+420 777 123 456 · 8 s"] * count
    assert mailbox.seen == []
