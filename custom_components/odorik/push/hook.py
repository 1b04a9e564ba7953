"""The web hook: it answers at once and from memory, and believes nothing."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Protocol

from aiohttp import web
from aiohttp.hdrs import CONTENT_LENGTH, METH_GET, METH_POST, METH_PUT
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_PUSH, CONF_PUSH_ANSWER, DOMAIN
from .address import async_delete_cloudhook

METHODS: Final = (METH_GET, METH_POST, METH_PUT)
"""The operator uses GET. Home Assistant writes the address of a hook into the log when a method
comes that the hook does not take."""
MAX_BODY: Final = 65_536
"""Bytes. The operator sends none; what is longer is not even read."""
PURPOSE: Final = "hook"
"""The parameter that tells what a URL is for; the operator adds his own behind it."""
CALL: Final = "call"
INFO: Final = "info"
ANSWERS: Final = {
    "dial": "dial:*082\n",
    "hangup": "hangup\n",
    "comment": "# Home Assistant knows of the call.\n",
}
"""What the operator does with the branch that he sent here, by the user's choice: it rings on in
silence, it ends, or it is told nothing. None of them takes the call from the telephones."""
DEFAULT_ANSWER: Final = "dial"


class Receive(Protocol):
    """Handles a request; it says whether the request announces a call."""

    def __call__(self, *, is_for_call: bool) -> None:
        """Handle it."""


@callback
def async_prepare_hook(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Give an account the id of a hook while push is on, and take it away when it is not."""
    webhook_id = entry.data.get(CONF_WEBHOOK_ID)
    if entry.options.get(CONF_PUSH):
        if not webhook_id:
            fresh = {CONF_WEBHOOK_ID: webhook.async_generate_id()}
            hass.config_entries.async_update_entry(entry, data={**entry.data, **fresh})
    elif webhook_id:
        data = {name: value for name, value in entry.data.items() if name != CONF_WEBHOOK_ID}
        hass.config_entries.async_update_entry(entry, data=data)
        # Not the entry's own: it would end with a reload, and the address would stay for ever.
        hass.async_create_background_task(
            async_delete_cloudhook(hass, webhook_id), f"{entry.title} - cloudhook"
        )


@callback
def async_listen(hass: HomeAssistant, entry: ConfigEntry[Any], receive: Receive) -> None:
    """Answer the operator's requests, and call ``receive`` for each of them."""
    webhook_id = entry.data[CONF_WEBHOOK_ID]
    answer = answer_of(entry.options)

    async def handle(_hass: HomeAssistant, _webhook_id: str, request: web.Request) -> web.Response:
        # There is nothing to await, so a caller who hangs up cuts nothing short.
        if _is_too_long(request.headers):
            refusal = web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            refusal.force_close()
            return refusal
        # Where the URL has parameters already, a careless caller may add his after a second "?".
        purpose, _, _ = request.query.get(PURPOSE, "").partition("?")
        is_for_call = purpose == CALL
        receive(is_for_call=is_for_call)
        if is_for_call:
            return web.Response(text=answer, content_type="text/plain")
        return web.Response()

    webhook.async_register(hass, DOMAIN, entry.title, webhook_id, handle, allowed_methods=METHODS)
    entry.async_on_unload(partial(webhook.async_unregister, hass, webhook_id))


def answer_named(value: Any) -> str:
    """Name an answer, also one that is given in the operator's own words: ``dial:*082``."""
    return next((name for name, text in ANSWERS.items() if text.strip() == value), str(value))


def answer_of(options: Mapping[str, Any]) -> str:
    """Return what the operator is told to do with the branch of a call."""
    name = answer_named(options.get(CONF_PUSH_ANSWER, DEFAULT_ANSWER))
    return ANSWERS.get(name, ANSWERS[DEFAULT_ANSWER])


def _is_too_long(headers: Mapping[str, str]) -> bool:
    """Whether a body is announced that nobody has asked for."""
    length = headers.get(CONTENT_LENGTH, "")
    return length.isdecimal() and int(length[:20]) > MAX_BODY
