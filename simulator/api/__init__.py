"""The operator's HTTP API.

Sources: the operator's documentation, and what public clients send and parse. Guesses are marked.
"""

from . import account, active_calls, callback, calls, messages, statistics
from .request import ApiError, ApiRequest, Endpoint, authenticate

__all__ = ["ENDPOINTS", "ApiError", "ApiRequest", "Endpoint", "authenticate"]

ENDPOINTS = (
    *account.ENDPOINTS,
    *callback.ENDPOINTS,
    *calls.ENDPOINTS,
    *active_calls.ENDPOINTS,
    *statistics.ENDPOINTS,
    *messages.ENDPOINTS,
)
