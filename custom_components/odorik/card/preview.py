"""WebSocket command that shows how a text message will be sent."""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import config_validation as cv
import probatio as vol

from ..calls import numbers, sms
from ..const import DOMAIN
from ..localize import error_text
from ..messages import prepare
from ..permission import has_permission
from ..recipients import recipients
from .account import find, send_state_error

type Message = dict[str, Any]


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/preview_sms",
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required("number"): cv.string,
        vol.Required("message"): cv.string,
        vol.Optional("language"): cv.language,
    }
)
@websocket_api.async_response
async def websocket_preview_sms(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message
) -> None:
    """Send the text, length, encoding and parts of a message, or the error in the given language.

    No request is sent to the operator. Only users who may control the account may use the command.
    """
    state, entry = find(hass, connection.user, msg[ATTR_CONFIG_ENTRY_ID])
    if entry is None or state != "loaded":
        send_state_error(connection, msg["id"], state)
        return
    if not has_permission(hass, connection.user, entry, POLICY_CONTROL):
        raise Unauthorized(config_entry_id=entry.entry_id, permission=POLICY_CONTROL)
    keep_accents = any(
        it.keep_accents and numbers.is_same_number(it.number, msg["number"])
        for it in recipients(entry)
    )
    preview: Message = {
        "text": msg["message"],
        "length": None,
        "max_length": sms.MAX_LENGTH,
        "encoding": None,
        "parts": 0,
        "error": None,
    }
    try:
        # An empty message is not an error while it is being written.
        text = (
            prepare(msg["message"], keep_accents=keep_accents)
            if msg["message"].strip()
            else sms.prepare("")
        )
    except ServiceValidationError as err:
        preview["error"] = await error_text(hass, err, msg.get("language"))
    else:
        preview |= {
            "text": text.text,
            "length": text.length,
            "encoding": text.encoding,
            "parts": text.parts,
        }
    connection.send_result(msg["id"], preview)
