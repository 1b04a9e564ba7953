"""What can go wrong between this house and the operator.

No message holds an address: the credentials ride in the query of the operator's requests.
"""

import re


class OdorikError(Exception):
    """Base of everything the client raises."""


class OdorikConnectionError(OdorikError):
    """No usable answer: no network, a time-out, a proxy's page, broken JSON, a server's failure.

    It says "not now" and never "log in again".
    """


class OdorikNotSentError(OdorikConnectionError):
    """There was no connection, so the request has certainly not reached the operator."""


class OdorikUnknownOutcomeError(OdorikConnectionError):
    """A request that costs money went out, and what became of it is not known.

    Nothing may repeat it by itself.
    """


class OdorikApiError(OdorikError):
    """The operator answered with a refusal; ``code`` is its own word for it."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the operator's code, and what followed it in the answer."""
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class OdorikAuthError(OdorikApiError):
    """The login is wrong (``authentication_required``, ``authentication_failed``)."""


class OdorikUnauthorizedError(OdorikApiError):
    """The login is right, but it may not do this (``unauthorized``)."""


class OdorikCallbackFailedError(OdorikApiError):
    """The order could not be handed to the exchange (``callback_failed``)."""


class OdorikMissingArgumentError(OdorikApiError):
    """Parameters are missing (``missing_argument``); ``detail`` lists them."""


class OdorikInvalidDelayFormatError(OdorikApiError):
    """The delay could not be read (``invalid_delay_format``)."""


class OdorikDelayedIntoPastError(OdorikApiError):
    """The time of the delayed callback is over (``delayed_into_past``)."""


class OdorikInvalidLineError(OdorikApiError):
    """The line does not exist or is not the login's (``invalid_line``)."""


_REFUSALS: dict[str, type[OdorikApiError]] = {
    "authentication_required": OdorikAuthError,
    "authentication_failed": OdorikAuthError,
    "unauthorized": OdorikUnauthorizedError,
    "callback_failed": OdorikCallbackFailedError,
    "missing_argument": OdorikMissingArgumentError,
    "invalid_delay_format": OdorikInvalidDelayFormatError,
    "delayed_into_past": OdorikDelayedIntoPastError,
    "invalid_line": OdorikInvalidLineError,
}


_UNSAFE_CHARACTER = re.compile(r"[^\w.,:;()'-]")
"""What is no word: an address above all, which some servers repeat with all that is in it."""


def refusal(text: str) -> OdorikApiError:
    """Turn the operator's words (``code`` and what follows it) into their exception."""
    words = ["…" if _UNSAFE_CHARACTER.search(word) else word for word in text.strip()[:200].split()]
    code, *detail = words or ["error"]
    return _REFUSALS.get(code, OdorikApiError)(code, " ".join(detail))
