"""Send text messages: once, within the hourly limit."""

from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.signal_type import SignalTypeFormat

from .api import OdorikClient, OdorikError, SmsResult
from .calls import sms
from .const import DOMAIN
from .coordinator.statistics import StatisticsCoordinator
from .device import device_id
from .errors import action_failed
from .hourly_limit import HourlyLimit
from .recipients import Recipient
from .storage import OdorikStore

EVENT_SMS_SENT: Final = f"{DOMAIN}_sms_sent"
SIGNAL_MESSAGE: Final[SignalTypeFormat[str]] = SignalTypeFormat(f"{DOMAIN}_message_{{}}")
"""Sent when the action of an account has sent a message, with the ID of the recipient."""
CHARACTERS_SHOWN: Final = 20
"""Unsupported characters that an error lists."""


def prepare(message: str, *, keep_accents: bool) -> sms.SmsText:
    """Return a message as it is sent.

    Raises:
        ServiceValidationError: The message is empty or too long, or has characters that cannot be
            sent.
    """
    placeholders: dict[str, str] = {}
    try:
        prepared = sms.prepare(message, keep_accents=keep_accents)
        if prepared.text.strip():
            return prepared
        key = "empty_message"
    except sms.UnsupportedCharactersError as err:
        key = "sms_unsupported_characters"
        shown = err.characters[:CHARACTERS_SHOWN]
        placeholders = {"characters": shown if shown == err.characters else f"{shown}…"}
    except sms.MessageTooLongError as err:
        key = "sms_too_long"
        placeholders = {"length": str(err.length), "max_length": str(sms.MAX_LENGTH)}
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


class MessageSender:
    """Sends the messages of one account."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: OdorikClient,
        *,
        store: OdorikStore,
        limit: HourlyLimit,
        statistics: StatisticsCoordinator,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._client = client
        self._store = store
        self._limit = limit
        self._statistics = statistics

    async def async_send(
        self,
        recipient: Recipient,
        message: sms.SmsText,
        *,
        delayed: int | datetime | None = None,
        context: Context | None = None,
    ) -> SmsResult:
        """Send a message. It costs money, so the request is sent once and never retried.

        Args:
            recipient: The recipient, with the sender to be shown.
            message: The message, from ``prepare``.
            delayed: A delay in minutes, or a time.
            context: The context of the event ``odorik_sms_sent``.

        Raises:
            HomeAssistantError: The hourly limit is reached, the operator refused the message or
                cannot be reached, or it is unknown whether the message was sent.
        """
        counted = self._limit.async_count(message.parts)
        # Before the request: the limit has to hold after a restart, too.
        await self._store.async_save(**counted)
        try:
            result = await self._client.send_sms(
                f"00{recipient.number[1:]}",
                message.text,
                sender=recipient.sender,
                delayed=delayed,
            )
        except OdorikError as err:
            failure = action_failed(
                self._hass, self._entry, err, outcome_unknown="sms_outcome_unknown"
            )
            raise failure from None
        if result.balance is not None:
            self._statistics.async_set_balance(result.balance)
        self._hass.bus.async_fire(
            EVENT_SMS_SENT,
            {
                "config_entry_id": self._entry.entry_id,
                "device_id": device_id(self._hass, self._entry, recipient.subentry_id),
                "number": recipient.number,
                "name": recipient.name,
                "status": result.status.value,
                "parts": message.parts,
                "encoding": message.encoding.value,
            },
            context=context,
        )
        return result
