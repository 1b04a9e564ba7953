"""Exceptions of the client.

No message contains a URL, because request URLs contain the credentials.
"""

import re


class OdorikError(Exception):
    """Base class of all exceptions of the client."""


class OdorikConnectionError(OdorikError):
    """There was no usable response: no network, a timeout, a proxy's page or invalid JSON.

    The failure is temporary and never means that the login is wrong.
    """


class OdorikNotSentError(OdorikConnectionError):
    """There was no connection, so the operator has not received the request."""


class OdorikUnknownOutcomeError(OdorikConnectionError):
    """A request that costs money was sent, but its outcome is unknown.

    It must not be retried automatically.
    """


class OdorikApiError(OdorikError):
    """The API reported an error.

    Attributes:
        code: The operator's error code.
        detail: The text that followed the code.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class OdorikAuthError(OdorikApiError):
    """The login is wrong (``authentication_required``, ``authentication_failed``)."""


class OdorikUnauthorizedError(OdorikApiError):
    """The login is valid, but lacks the permission (``unauthorized``)."""


class OdorikCallbackFailedError(OdorikApiError):
    """The callback could not be passed to the exchange (``callback_failed``)."""


class OdorikMissingArgumentError(OdorikApiError):
    """Parameters are missing (``missing_argument``); ``detail`` lists them."""


class OdorikInvalidDelayFormatError(OdorikApiError):
    """The delay is malformed (``invalid_delay_format``)."""


class OdorikDelayedIntoPastError(OdorikApiError):
    """The requested time is in the past (``delayed_into_past``)."""


class OdorikInvalidLineError(OdorikApiError):
    """The line does not exist or is not available to the login (``invalid_line``)."""


class OdorikEmptyMessageError(OdorikApiError):
    """The message has no text (``empty_message``)."""


class OdorikForbiddenSenderError(OdorikApiError):
    """The login may not use the sender of the message (``forbidden_sender``)."""


class OdorikUnsupportedRecipientError(OdorikApiError):
    """The operator sends no messages to the number (``unsupported_recipient``)."""


class OdorikLowBalanceError(OdorikApiError):
    """The credit does not cover the message (``low_balance``)."""


class OdorikGatewayFailedError(OdorikApiError):
    """The message could not be passed to the gateway (``gateway_failed``)."""


_REFUSALS: dict[str, type[OdorikApiError]] = {
    "authentication_required": OdorikAuthError,
    "authentication_failed": OdorikAuthError,
    "unauthorized": OdorikUnauthorizedError,
    "callback_failed": OdorikCallbackFailedError,
    "missing_argument": OdorikMissingArgumentError,
    "invalid_delay_format": OdorikInvalidDelayFormatError,
    "delayed_into_past": OdorikDelayedIntoPastError,
    "invalid_line": OdorikInvalidLineError,
    "empty_message": OdorikEmptyMessageError,
    "forbidden_sender": OdorikForbiddenSenderError,
    "unsupported_recipient": OdorikUnsupportedRecipientError,
    "low_balance": OdorikLowBalanceError,
    "gateway_failed": OdorikGatewayFailedError,
}


_UNSAFE_CHARACTER = re.compile(r"[^\w.,:;()'-]")
"""Words with such a character are masked: some servers repeat the URL of the request."""


def refusal(text: str) -> OdorikApiError:
    """Return the exception for an error text, which is a code and optional details."""
    words = ["…" if _UNSAFE_CHARACTER.search(word) else word for word in text.strip()[:200].split()]
    code, *detail = words or ["error"]
    return _REFUSALS.get(code, OdorikApiError)(code, " ".join(detail))
