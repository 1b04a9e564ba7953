"""All endpoints; each module has those of one subject."""

from . import account, active_calls, callback, calls, messages, statistics

ENDPOINTS = (
    *account.ENDPOINTS,
    *callback.ENDPOINTS,
    *calls.ENDPOINTS,
    *active_calls.ENDPOINTS,
    *statistics.ENDPOINTS,
    *messages.ENDPOINTS,
)
