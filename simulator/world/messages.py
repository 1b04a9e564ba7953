"""Text messages that are sent through the exchange."""

from dataclasses import dataclass
from datetime import datetime

from .accounts import Message
from .clock import Clock
from .ledger import Ledger
from .numbers import SMS_PRICE, SMSINFO

MAX_CHARACTERS = 765
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")


def count_parts(text: str) -> int:
    """Return the number of messages that a text takes, in GSM-7 or UCS-2."""
    is_gsm7 = set(text) <= GSM7 | GSM7_EXTENSION
    single, joined = (160, 153) if is_gsm7 else (70, 67)
    parts = [0]
    for character in text:
        is_double = character in GSM7_EXTENSION if is_gsm7 else character > "\uffff"
        if parts[-1] + is_double >= joined:
            parts.append(0)
        parts[-1] += 1 + is_double
    return 1 if sum(parts) <= single else len(parts)


def price(text: str) -> float:
    """Return the price of a text in CZK; that every part is billed is a guess."""
    return round(SMS_PRICE * count_parts(text[:MAX_CHARACTERS]), 4)


@dataclass(slots=True, eq=False)
class Messages:
    """Sends text messages."""

    clock: Clock
    ledger: Ledger

    def send(
        self,
        recipient: str,
        text: str,
        *,
        sender: str = SMSINFO,
        account: str | None = None,
        line: int | None = None,
        due: datetime | None = None,
    ) -> None:
        """Send a message, now or when due.

        The text is cut. Czech networks do not show a number as the sender. It is a guess that a
        delayed message is dropped if the credit does not cover it by then.
        """
        owner = self.ledger.account(account)
        text = text[:MAX_CHARACTERS]
        parts = count_parts(text)
        is_replaced = sender.startswith("00") and recipient.startswith("00420")
        shown = SMSINFO if is_replaced else sender

        def deliver() -> None:
            if owner.credit < price(text):
                return
            record = self.ledger.add_sms(recipient, account=account, line=line, parts=parts)
            message = Message(owner.user, recipient, shown, text, parts, record.date)
            owner.messages.append(message)

        if due is None:
            deliver()
        else:
            self.clock.at(due, deliver)
