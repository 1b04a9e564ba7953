"""The action that sends text messages."""

import asyncio
from dataclasses import replace
from typing import Any, Final

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..api import SmsResult
from ..calls.directory import Directory
from ..calls.numbers import formatted
from ..calls.sms import SmsText
from ..const import CONF_KEEP_ACCENTS, CONF_SENDER, DOMAIN
from ..localize import error_text
from ..messages import SIGNAL_MESSAGE, prepare
from ..recipients import Recipient, public_number, recipients
from ..runtime import OdorikConfigEntry
from .parameters import parse_delay, resolve_number
from .schemas import ATTR_MESSAGE, ATTR_RECIPIENT

type Outcome = SmsResult | HomeAssistantError

NONE: Final = "–"  # noqa: RUF001 - an en dash.


async def send_sms(entry: OdorikConfigEntry, call: ServiceCall) -> dict[str, Any]:
    """Send a message to one or several recipients, each once.

    Raises:
        ServiceValidationError: A recipient, the message or the time is invalid. Nothing was sent.
        HomeAssistantError: The message was not sent to all recipients; the error names those who
            got it, and the reasons for the others.
    """
    data = entry.runtime_data
    delayed = parse_delay(call, data.client.now())
    addressed = _resolve_all(entry, call)
    message: str = call.data[ATTR_MESSAGE]
    # Only as needed: some texts can be sent with accents alone.
    prepared = {
        keep_accents: prepare(message, keep_accents=keep_accents)
        for keep_accents in {it.keep_accents for it in addressed}
    }
    texts = [prepared[it.keep_accents] for it in addressed]

    async def send(recipient: Recipient, text: SmsText) -> Outcome:
        try:
            result = await data.messages.async_send(
                recipient, text, delayed=delayed, context=call.context
            )
        except HomeAssistantError as err:
            return err
        if recipient.subentry_id:
            signal = SIGNAL_MESSAGE.format(entry.entry_id)
            async_dispatcher_send(call.hass, signal, recipient.subentry_id)
        return result

    outcomes = await asyncio.gather(*map(send, addressed, texts, strict=True))
    results = [outcome for outcome in outcomes if not isinstance(outcome, HomeAssistantError)]
    if len(results) < len(outcomes):
        raise await _failure(call, addressed, outcomes)
    return {
        "messages": [
            {
                "recipient": recipient.number,
                "name": recipient.name,
                "status": result.status.value,
                "parts": text.parts,
                "encoding": text.encoding.value,
                "balance": result.balance,
            }
            for recipient, text, result in zip(addressed, texts, results, strict=True)
        ],
        # Messages may be charged in any order; the lowest credit is the last one.
        "balance": min(
            (result.balance for result in results if result.balance is not None), default=None
        ),
    }


def _resolve_all(entry: OdorikConfigEntry, call: ServiceCall) -> list[Recipient]:
    """Return the recipients of a message, each number once."""
    changes = {
        name: value
        for name in (CONF_SENDER, CONF_KEEP_ACCENTS)
        # A blueprint passes on an input that was left empty.
        if (value := call.data.get(name)) not in (None, "")
    }
    known = recipients(entry)
    directory = entry.runtime_data.account.data.directory
    resolved = [_resolve(text, known, directory) for text in call.data[ATTR_RECIPIENT]]
    return [replace(it, **changes) for it in {it.number: it for it in resolved}.values()]


def _resolve(text: str, known: list[Recipient], directory: Directory) -> Recipient:
    """Return the recipient with a name or number, or the contact with a name.

    Raises:
        ServiceValidationError: There is none, or it has no public number.
    """
    name = text.strip().casefold()
    if by_name := [it for it in known if it.name and it.name.casefold() == name]:
        return by_name[0]
    number = public_number(resolve_number(text, directory))
    if number is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="sms_not_public",
            translation_placeholders={"recipient": text},
        )
    default = Recipient(number=number, name=directory.name_of(number))
    return next((it for it in known if it.number == number), default)


async def _failure(
    call: ServiceCall, addressed: list[Recipient], outcomes: list[Outcome]
) -> HomeAssistantError:
    """Return the error of a message that was not sent to all recipients."""
    sent: list[str] = []
    failed: list[tuple[str, HomeAssistantError]] = []
    for recipient, outcome in zip(addressed, outcomes, strict=True):
        name = recipient.name or formatted(recipient.number)
        if isinstance(outcome, HomeAssistantError):
            failed.append((name, outcome))
        else:
            sent.append(name)
    if len(outcomes) == 1:
        return failed[0][1]
    reasons = [f"{name}: {await error_text(call.hass, err)}" for name, err in failed]
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="sms_partly_sent",
        translation_placeholders={
            "sent": ", ".join(sent) or NONE,
            "failed": "; ".join(reasons),
        },
    )
